"""Line mode after sending: receipt, status, versions, conflict, 撤回, result (K07, K11)."""

from collections.abc import Iterable, Iterator

from core.domain.ids import SchoolId
from core.domain.points import Points
from kiosk.plain.machine import track_line
from kiosk.plain.prompt import PAGE, Option, Prompt, Situation, View, say
from kiosk.session.conflict import pair_of, shown_heads
from kiosk.session.contact import MailState, mail_state, masked_address
from kiosk.session.contacting import address_of
from kiosk.session.gesture import (
    ConflictOpened,
    Ended,
    FormChosen,
    HeadChosen,
    HeadTurned,
    VersionRestored,
    VersionsOpened,
    WentBack,
    WentOn,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.page import ConflictPage, StatusPage, WithdrawPage
from kiosk.session.paper import Form
from kiosk.session.person import Secret
from kiosk.session.printing import printable
from kiosk.session.progress import StageState, audit, progress
from kiosk.session.reach import ContactOpened
from kiosk.session.record import Delivery, Record, Version
from kiosk.session.season import Window, deadline, officers_deadline, publication, window_at
from kiosk.session.state import SignedIn
from kiosk.session.tasks import may_withdraw
from kiosk.text.answers import answer_words
from kiosk.text.points import kinds_of_points, line_reasons
from kiosk.text.rejections import review_rejected
from kiosk.text.status import (
    applied_rows,
    grounds,
    point_rows,
    points_heading,
    stage_note,
    stage_word,
)

POINTS = View("points")


def receipt_prompt(now: Situation, scene: SignedIn, version: Version) -> Prompt:
    """K07; a QR code cannot be spoken, the numbers can."""
    texts, address = now.texts, address_of(scene)
    state = mail_state(scene.contact, address, now.session.at)
    proved = state is MailState.PROVED
    mailed = texts.receipt_mailed(masked_address(address)) if proved else texts.receipt_unmailed
    calendar = now.session.station.calendar
    kind = texts.server_receipt if version.server_receipt else texts.device_receipt
    if version.withdrawn:
        heading = texts.withdrawn_heading(version.delivery)
        after: tuple[str, ...] = (texts.withdrawn_box(deadline(calendar), over=False),)
    else:
        heading = texts.receipt_heading(version.delivery)
        after = (
            texts.next_review(officers_deadline(calendar)),
            texts.next_result(publication(calendar)),
            *(() if version.rejection else texts.may_change),
        )
    practice = now.session.station.practice
    lines = (
        *((texts.practice_receipt,) if practice else ()),
        heading,
        kind,
        *version_lines(now, version),
        *after,
        texts.counting_rule,
        *(() if practice else (mailed,)),
    )
    mark = now.plain.value(texts.contact_title, texts.mail_mark(state))
    options = (
        Option(texts.status_title, say(WentOn)),
        *(() if proved or practice else (Option(mark, say(ContactOpened)),)),
        *print_options(now, scene.record),
        Option(now.plain.end_and_card, say(Ended)),
    )
    return Prompt(lines=lines, options=options, back=_back(now))


def print_options(now: Situation, record: Record) -> tuple[Option, ...]:
    """One choice for each form there is something to print on."""
    return form_options(now, printable(record, now.session.station))


def form_options(now: Situation, forms: tuple[Form, ...]) -> tuple[Option, ...]:
    """One choice for each of these."""
    texts = now.texts
    return tuple(
        Option(f"{texts.print_title}{texts.colon}{texts.form(form)}", say(FormChosen, form=form))
        for form in forms
    )


def status_prompt(now: Situation, scene: SignedIn, page: StatusPage) -> Prompt:
    """K11: what counts, how far it has come, how it ended; 積分算法 behind one choice."""
    texts, record = now.texts, scene.record
    if now.view == POINTS:
        kinds = kinds_of_points(record, now.session.station, texts)
        said = tuple(each for kind in kinds for each in (kind.title, *kind.sentences))
        return Prompt(lines=(texts.reckoning_title, *said), back=Option(now.plain.back, PAGE))
    end = deadline(now.session.station.calendar)
    lines: list[str] = [texts.status_title]
    if end is not None:
        passed = window_at(now.session.station, now.session.at) is Window.AFTER
        lines.append(texts.closed_at_long(end) if passed else texts.open_until(end))
    over = window_at(now.session.station, now.session.at) is Window.AFTER
    if record.in_conflict:
        lines += (texts.conflict_word, texts.conflict_closed if over else texts.conflict_intro)
    elif record.withdrawn and record.current is not None:
        lines.append(texts.withdrawn_box(end, over=over))
        lines += version_lines(now, record.current)
    elif record.current is None:
        lines.append(texts.no_versions)
    else:
        lines += version_lines(now, record.current)
    lines += _result(now, record)
    if record.versions:
        lines += (*_stations(now, record), *_points(now, record), *_applied(now, record))
    if page.version is not None:
        lines += version_lines(now, page.version)
    takes_back = may_withdraw(scene, now.session.station, now.session.at)
    options = (
        *((Option(texts.conflict_heading, say(ConflictOpened)),) if record.in_conflict else ()),
        *(
            Option(
                f"{texts.restore}{texts.colon}{texts.label_version} {each.version} "
                f"{each.check_code}",
                say(VersionRestored, version=each.hash),
            )
            for each in record.versions
            if each.claim is not None
        ),
        *((Option(texts.reckoning_title, POINTS),) if record.versions else ()),
        *print_options(now, record),
        *((Option(texts.history_title, say(VersionsOpened)),) if record.versions else ()),
        Option(texts.contact_title, say(ContactOpened)),
        *((Option(texts.withdraw_title, say(WithdrawAsked)),) if takes_back else ()),
    )
    return Prompt(lines=tuple(lines), options=options, back=_back(now))


def conflict_prompt(now: Situation, scene: SignedIn, page: ConflictPage) -> Prompt:
    """Both versions, what differs, and the four ways to go on."""
    texts, plain = now.texts, now.plain
    sides = shown_heads(scene.record, page)
    pair = pair_of(*sides)
    open_ = window_at(now.session.station, now.session.at).editable
    lines = [texts.conflict_heading, texts.conflict_intro if open_ else texts.conflict_closed]
    count = len(scene.record.heads)
    if count > len(sides):
        right = scene.record.heads.index(sides[1]) + 1
        lines.append(texts.conflict_pair(1, right, count))
    names = (texts.left_word, texts.right_word)
    for name, version, answers in zip(names, sides, (pair.left, pair.right), strict=True):
        elsewhere = version.delivery is Delivery.ELSEWHERE
        where = texts.sent_elsewhere if elsewhere else texts.sent_here
        when = "" if version.submitted is None else texts.sent_at(version.submitted)
        lines.append(f"{name} {texts.version_name(version.version)} {when} {where}")
        if answers is None:
            lines.append(texts.side_withdrawn if version.withdrawn else texts.side_missing)
            continue
        for place in pair.fields:
            value = answer_words(place, answers, scene.post, now.session.station.reference, texts)
            lines.append(plain.value(texts.place(place), value))
        lines += wish_names(now, answers.wishes)
    options = [
        Option(label, say(HeadChosen, version=sides[side].hash, edit=edit))
        for label, side, edit in (
            (texts.take_left, 0, False),
            (texts.take_right, 1, False),
            (texts.edit_left, 0, True),
            (texts.edit_right, 1, True),
        )
    ]
    if count > len(sides):
        options.append(Option(plain.other_version, say(HeadTurned)))
    return Prompt(lines=tuple(lines), options=tuple(options), back=_back(now))


def withdraw_prompt(now: Situation, page: WithdrawPage) -> Prompt:
    """撤回申請: 1 is no, as the focus of its page would be."""
    texts = now.texts
    if page.password_wanted:
        wrong = (texts.fault("password_wrong"),) if page.password_wrong else ()
        return Prompt(
            lines=wrong,
            question=f"{again_word(now)}{now.plain.typed_hidden}",
            typed=lambda text: say(WithdrawConfirmed, password=Secret.from_text(text)),
            secret=True,
            back=_back(now),
        )
    meaning = texts.withdraw_meaning(deadline(now.session.station.calendar))
    faults = tuple(texts.refusal(each.code) for each in page.faults)
    options = (
        Option(texts.withdraw_not, say(WentBack)),
        Option(texts.withdraw_button, say(WithdrawConfirmed)),
    )
    return Prompt(lines=(texts.withdraw_title, *meaning, *faults), options=options, back=_back(now))


def again_word(now: Situation) -> str:
    """Whose password is wanted before something is sent: hers, or the witness's."""
    scene, texts = now.session.scene, now.texts
    witnessed = isinstance(scene, SignedIn) and scene.witness is not None
    return texts.witness_again if witnessed else texts.password_again


def version_lines(now: Situation, version: Version) -> tuple[str, ...]:
    """Number, check code, time, where it stands."""
    texts, value = now.texts, now.plain.value
    wishes = () if version.wishes is None else version.wishes.schools
    return (
        value(texts.label_receipt, version.number or texts.content_elsewhere),
        value(texts.label_check_code, version.check_code),
        value(texts.label_version, str(version.version)),
        *(
            ()
            if version.submitted is None
            else (value(texts.label_sent_at, texts.sent_at(version.submitted)),)
        ),
        track_line(now, version),
        *((texts.rejected("version", version.rejection),) if version.rejection else ()),
        *wish_names(now, tuple(SchoolId(each) for each in wishes)),
    )


def wish_names(now: Situation, wishes: Iterable[SchoolId]) -> tuple[str, ...]:
    """One line per wish."""
    return tuple(
        now.plain.at_rank(rank, school_name(now, each)) for rank, each in enumerate(wishes, start=1)
    )


def school_name(now: Situation, school: SchoolId) -> str:
    """The name on the lists, or the code of a school that left them."""
    reference = now.session.station.reference
    found = None if reference is None else reference.schools.get(school)
    return school if found is None else found.name


def _stations(now: Situation, record: Record) -> Iterator[str]:
    """審核狀態, then every station with its time and how it stands."""
    texts, value = now.texts, now.plain.value
    yield value(texts.label_audit, texts.audit(audit(record)))
    for stage in progress(record, now.session.station.calendar, now.session.at):
        when = "" if stage.at is None else texts.stage_time(stage.at, planned=stage.planned)
        words = (when, stage_word(stage, record, texts), stage_note(stage, texts))
        yield value(texts.step_name(stage.name), " ".join(each for each in words if each))
        if stage.state is StageState.REFUSED:
            yield grounds(stage, record, texts)
        yield from review_rejected(stage, record, texts)


def _points(now: Situation, record: Record) -> Iterator[str]:
    texts = now.texts
    yield points_heading(record, texts)
    for label, hundredths in point_rows(record, now.session.station, texts):
        yield now.plain.value(label.strip(), str(Points(hundredths)))
    yield from line_reasons(record, now.session.station, texts)


def _applied(now: Situation, record: Record) -> Iterator[str]:
    """申請資料; the wishes stand with their version."""
    rows = applied_rows(record, now.session.station, now.texts)
    if rows:
        yield now.texts.applied_title
    for label, value in rows:
        yield now.plain.value(label, value)


def _result(now: Situation, record: Record) -> tuple[str, ...]:
    texts, result = now.texts, record.result
    if result is None:
        return ()
    if not result.moved:
        return (texts.stayed_title, *result.explanation, texts.official_rule)
    return (
        texts.moved_title,
        now.plain.value(texts.result_school, school_name(now, SchoolId(result.school))),
        texts.result_wish(result.wish, result.phase),
        texts.effective_rule,
        *result.explanation,
        texts.official_rule,
    )


def _back(now: Situation) -> Option:
    return Option(now.plain.back, say(WentBack))
