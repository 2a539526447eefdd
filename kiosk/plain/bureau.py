"""Line mode for officers: queue, one case, decision, roster, registration (O01 to O04)."""

from enum import StrEnum

from core.domain.application import Claim
from core.domain.ids import SchoolId
from core.domain.name import code_points, decode_name
from core.domain.school import Stage
from core.domain.subject import subjects_of
from kiosk.plain.display import display_option
from kiosk.plain.faults import faults_said
from kiosk.plain.machine import seal_lines, trouble_lines
from kiosk.plain.names import name_prompt
from kiosk.plain.points import POINTS, SPOTS, points_prompt
from kiosk.plain.prompt import Option, Prompt, Situation, View, say
from kiosk.plain.sent import form_options, school_name, wish_names
from kiosk.session.bureau import (
    RETURN_REASONS,
    TITLES,
    CasePage,
    QueueFilter,
    QueuePage,
    RegisterPage,
    Registration,
    RosterPage,
    Row,
    SignedPage,
)
from kiosk.session.form import differs
from kiosk.session.gesture import Ended, NameOpened, WentBack, WentOn
from kiosk.session.officer import visible
from kiosk.session.paperwork import (
    CaseOpened,
    DecisionSigned,
    LeftCardsSeen,
    PledgeTicked,
    QueueFiltered,
    QueueOpened,
    ReasonToggled,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    RemarkTyped,
    RosterOpened,
    VerdictChosen,
)
from kiosk.session.person import Secret
from kiosk.session.printing import case_forms
from kiosk.session.state import OfficerSignedIn
from kiosk.text.doubts import case_barred_words, case_doubts
from kiosk.text.keyless import keyless, without_keys
from kiosk.text.points import decision_reasons
from kiosk.text.rejections import (
    case_rejected,
    case_state,
    roster_rejected,
    roster_state,
)


class Spot(StrEnum):
    """Where on a case or a registration line mode stands."""

    REASONS = "reasons"
    REMARK = "remark"
    SIGN = "sign"
    NAME = "name"
    TITLE = "title"
    SCHOOL = "school"
    STAGE = "stage"
    SUBJECT = "subject"


def officer_prompt(now: Situation, scene: OfficerSignedIn) -> Prompt:
    """What is said on an officer's page."""
    match scene.page:
        case QueuePage() as page:
            return _queue(now, scene, page)
        case CasePage() as page:
            return _case(now, page)
        case SignedPage() as page:
            return _signed(now, page)
        case RosterPage() as page:
            return _roster(now, page)
        case RegisterPage() as page:
            return _register(now, page)


def officer_state(now: Situation, scene: OfficerSignedIn) -> tuple[str, ...]:
    """What just happened; said before every page."""
    texts = now.texts
    toast = () if scene.toast is None else without_keys((texts.toast(scene.toast),))
    said = toast if scene.alarm is None else (*toast, texts.alarm(scene.alarm))
    return (*said, *trouble_lines(now))


def _queue(now: Situation, scene: OfficerSignedIn, page: QueuePage) -> Prompt:
    texts = now.texts
    if page.rows is None:
        return Prompt(
            lines=(texts.loading,), options=(Option(now.plain.refresh, say(QueueOpened)),)
        )
    rows = visible(page)
    cards = now.session.station.left_cards
    left = [texts.left_card(each.left, each.taken, restarted=each.restarted) for each in cards]
    lines = [*left, texts.certificate(scene.officer.state), texts.to_do(len(rows))]
    if not rows:
        lines.append(texts.queue_empty)
    if page.own:
        lines.append(now.plain.own_cases)
    lines += seal_lines(now)
    counts = {each: len(visible(QueuePage(rows=page.rows, filter=each))) for each in QueueFilter}
    filters = (
        Option(
            texts.queue_filter_count(number, each, counts[each]), say(QueueFiltered, filter=each)
        )
        for number, each in enumerate(QueueFilter, start=1)
        if each is not page.filter
    )
    options = (
        *((Option(texts.left_card_seen, say(LeftCardsSeen)),) if cards else ()),
        *(Option(_row(now, each), say(CaseOpened, app=each.app)) for each in rows),
        *filters,
        Option(now.plain.refresh, say(QueueOpened)),
        Option(texts.roster_title, say(RosterOpened)),
        Option(texts.register_title, say(RegisterOpened)),
        display_option(now),
    )
    return Prompt(lines=tuple(lines), options=options, back=Option(now.plain.end, say(Ended)))


def _row(now: Situation, row: Row) -> str:
    texts = now.texts
    again = texts.queue_reopened if row.reopened else ""
    name = texts.case_name(row.number, row.name, texts.stage(row.stage), row.version)
    return f"{name} {case_state(row, texts)}{again}"


def _case(now: Situation, page: CasePage) -> Prompt:
    match now.view.name:
        case spot if spot in SPOTS:
            return points_prompt(now, page)
        case Spot.REASONS:
            return _reasons(now, page)
        case Spot.REMARK:
            return Prompt(
                question=now.plain.value(now.texts.case_remark, ""),
                typed=lambda text: say(RemarkTyped, text=text),
            )
        case Spot.SIGN:
            return Prompt(
                lines=(now.texts.pledge,),
                question=f"{now.texts.sign_password}{now.plain.typed_hidden}",
                typed=lambda text: say(DecisionSigned, password=Secret.from_text(text)),
                secret=True,
                back=Option("", View()),
            )
        case _:
            return _case_menu(now, page)


def _case_menu(now: Situation, page: CasePage) -> Prompt:
    texts, case, form = now.texts, page.case, page.form
    claim, value = case.claim, now.plain.value
    barred = case_barred_words(case.barred, now.session.at, texts)
    verdicts = {
        "approved": texts.verdict_approve,
        "returned": texts.verdict_return,
        "ineligible": texts.verdict_ineligible,
    }
    lines = (
        _row(now, case.row),
        value(texts.label_number, claim.national_id),
        *_name_lines(now, claim),
        value(texts.label_phone1, claim.phone1),
        value(texts.label_email, claim.email),
        value(texts.label_years, texts.serves_years(claim.service_years)),
        value(texts.label_school, school_name(now, SchoolId(claim.school))),
        value(texts.label_indigenous, texts.applies if claim.indigenous else texts.applies_not),
        value(texts.label_area, texts.area_words[claim.area_limit == "restricted"]),
        *wish_names(now, tuple(SchoolId(each) for each in case.wishes.schools)),
        *((barred,) if barred else ()),
        *case_rejected(case.row, texts),
        *case_doubts(claim, case.check, texts),
        *(() if case.decision is None else decision_reasons(case.decision, texts)),
        *faults_said(now, page.faults),
        *((texts.fault("password_wrong"),) if page.password_wrong else ()),
    )
    options = (
        Option(texts.case_points, View(POINTS)),
        *(
            Option(f"{_mark(now, form.verdict == code)} {label}", say(VerdictChosen, verdict=code))
            for code, label in verdicts.items()
        ),
        Option(texts.case_reasons, View(Spot.REASONS)),
        Option(value(texts.case_remark, form.remark), View(Spot.REMARK)),
        _pledge(now, "originals", texts.pledge_originals, on=form.originals),
        _pledge(now, "clean", texts.pledge_clean, on=form.clean),
        *((_pledge(now, "name", texts.pledge_name, on=form.name),) if differs(claim) else ()),
        Option(now.plain.decide, View(Spot.SIGN)),
        *form_options(now, case_forms(case, now.session.station)),
    )
    return Prompt(lines=lines, options=options, back=_back(now))


def _name_lines(now: Situation, claim: Claim) -> tuple[str, ...]:
    """Both names, where the claim's is not the card's, and the characters by number."""
    if not differs(claim):
        return ()
    texts, value = now.texts, now.plain.value
    card, _ = decode_name(claim.card_name_raw)
    numbered = (
        f"{character} {number}" for character, number in code_points(claim.teacher_name, card)
    )
    return (
        texts.case_name_waiting,
        value(texts.label_name, claim.teacher_name),
        value(texts.label_card_name, card),
        value(texts.label_new_characters, texts.list_comma.join(numbered)),
    )


def _pledge(now: Situation, place: str, label: str, *, on: bool) -> Option:
    return Option(f"{_mark(now, on)} {label}", say(PledgeTicked, place=place, ticked=not on))


def _reasons(now: Situation, page: CasePage) -> Prompt:
    options = tuple(
        Option(
            f"{_mark(now, code in page.form.reasons)} {now.texts.reason(code)}",
            say(ReasonToggled, View(Spot.REASONS), reason=code),
        )
        for code in RETURN_REASONS
    )
    return Prompt(
        lines=(now.texts.case_reasons,), options=options, back=Option(now.plain.back, View())
    )


def _signed(now: Situation, page: SignedPage) -> Prompt:
    texts = now.texts
    lines = (
        texts.signed_title,
        texts.verdict(page.verdict),
        now.plain.value(texts.label_signature, page.check_code),
        texts.signed_explained,
    )
    following = texts.back_to_queue if page.next is None else texts.next_case
    return Prompt(lines=lines, options=(Option(following, say(WentOn)),), back=_back(now))


def _roster(now: Situation, page: RosterPage) -> Prompt:
    texts = now.texts
    if page.rows is None:
        return Prompt(lines=(texts.loading,), back=_back(now))
    rows = (
        f"{each.name} {each.national_id.masked} {texts.title(each.title)} "
        f"{roster_state(each, texts)}"
        for each in page.rows
    )
    said = tuple(rows) or (keyless(texts.roster_empty),)
    lines = (texts.roster_title, texts.roster_count(len(page.rows)), *said)
    return Prompt(lines=(*lines, *roster_rejected(page.rows, texts)), back=_back(now))


def _register(now: Situation, page: RegisterPage) -> Prompt:
    texts, form = now.texts, page.form
    if form is None:
        lines = [texts.register_title]
        if page.done is not None:
            lines.append(keyless(texts.registered(page.done)))
        if page.trouble is not None:
            lines.append(texts.fault(page.trouble))
        lines += [texts.register_card_now, texts.register_card_why, texts.register_trainee]
        return Prompt(lines=tuple(lines), options=now.card_options(), back=_back(now))
    if page.naming is not None:
        return name_prompt(now, page.naming)
    if now.view.name:
        return _register_field(now, form)
    value, school = now.plain.value, form.school
    fields = (
        (Spot.NAME, texts.label_name, form.name),
        (Spot.TITLE, texts.label_title, "" if form.title is None else texts.title(form.title)),
        (Spot.SCHOOL, texts.label_school_short, "" if school is None else school_name(now, school)),
        (Spot.STAGE, texts.label_stage, "" if form.stage is None else texts.stage(form.stage)),
        (Spot.SUBJECT, texts.place("subject"), _subject_name(now, form)),
    )
    person = form.person
    lines = [
        texts.register_title,
        value(texts.label_number, person.national_id.masked),
        value(texts.label_birth, texts.hidden_birth(person.birth.year)),
        *((texts.register_known,) if form.known else ()),
        *((keyless(texts.register_fix_name),) if person.name_damaged else ()),
        *faults_said(now, page.faults),
    ]
    options = (
        *(
            Option(value(label, text or texts.not_chosen), View(spot))
            for spot, label, text in fields
        ),
        *((Option(texts.names_title, say(NameOpened)),) if person.name_damaged else ()),
        Option(texts.register_save, say(RegisterConfirmed)),
    )
    return Prompt(lines=tuple(lines), options=options, back=_back(now))


def _register_field(now: Situation, form: Registration) -> Prompt:
    texts, spot = now.texts, now.view.name
    if spot == Spot.NAME:
        return Prompt(
            question=now.plain.value(texts.label_name, ""),
            typed=lambda text: say(RegisterAnswered, place="name", value=text),
        )
    choices: tuple[tuple[str, str], ...]
    match spot:
        case Spot.TITLE:
            choices = tuple((code, texts.title(code)) for code in TITLES)
        case Spot.STAGE:
            choices = tuple((stage.value, texts.stage(stage)) for stage in Stage)
        case Spot.SCHOOL:
            choices = tuple((each, school_name(now, each)) for each in now.session.station.schools)
        case _:
            choices = _subject_choices(now, form)
    options = tuple(
        Option(label, say(RegisterAnswered, place=spot, value=code)) for code, label in choices
    )
    return Prompt(options=options, back=Option(now.plain.back, View()))


def _subject_choices(now: Situation, form: Registration) -> tuple[tuple[str, str], ...]:
    reference = now.session.station.reference
    if reference is None or form.stage is None:
        return ()
    return tuple((each.code, each.name) for each in subjects_of(form.stage, reference.subjects))


def _subject_name(now: Situation, form: Registration) -> str:
    return dict(_subject_choices(now, form)).get(form.subject or "", "")


def _mark(now: Situation, on: bool) -> str:  # noqa: FBT001 - the tick itself
    return now.plain.untick if on else now.plain.tick


def _back(now: Situation) -> Option:
    return Option(now.plain.back, say(WentBack))
