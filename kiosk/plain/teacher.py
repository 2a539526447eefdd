"""Line mode for a signed-in teacher: tasks, notices, 基本資料, 應聘資料, check, receipt, status."""

from core.domain.subject import find_subject, subjects_of
from kiosk.plain.contact import contact_prompt
from kiosk.plain.display import display_option
from kiosk.plain.faults import faults_said
from kiosk.plain.machine import trouble_lines
from kiosk.plain.names import name_prompt
from kiosk.plain.news import news_lines
from kiosk.plain.prompt import Option, Prompt, Say, Situation, View, say
from kiosk.plain.self_check import self_check_prompt
from kiosk.plain.sent import (
    again_word,
    conflict_prompt,
    receipt_prompt,
    status_prompt,
    wish_names,
    withdraw_prompt,
)
from kiosk.plain.versions import versions_prompt
from kiosk.plain.wishes import counties_prompt, doubt_prompt, steps_prompt, wishes_prompt
from kiosk.session.contact import mail_state, masked_address
from kiosk.session.contacting import address_of
from kiosk.session.correction import standing
from kiosk.session.form import name_of, phone_as_sent, read_email, read_phone
from kiosk.session.gesture import (
    AreaLimitAnswered,
    Declared,
    Ended,
    IndigenousAnswered,
    LanguageAnswered,
    MoreTimeAsked,
    NameOpened,
    ServiceYearsAnswered,
    SubjectAnswered,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    Undone,
    WentBack,
    WentOn,
    WithdrawAsked,
)
from kiosk.session.listing import preview
from kiosk.session.page import (
    NOTICES,
    BasicsPage,
    CheckPage,
    ConflictPage,
    ContactPage,
    CountiesPage,
    Interruption,
    NamePage,
    NoticesPage,
    PostsPage,
    Question,
    ReceiptPage,
    SelfCheckPage,
    StatusPage,
    StepsPage,
    Task,
    TasksPage,
    VersionsPage,
    WishesPage,
    WithdrawPage,
)
from kiosk.session.person import Secret
from kiosk.session.reach import ContactOpened
from kiosk.session.season import Window, deadline, window_at
from kiosk.session.self_checking import SelfCheckOpened
from kiosk.session.state import SignedIn
from kiosk.session.tasks import may_withdraw, task_lines
from kiosk.text.doubts import doubt_sentences, finding_words
from kiosk.text.keyless import keyless, without_keys


def teacher_prompt(now: Situation, scene: SignedIn) -> Prompt:  # noqa: C901, PLR0911, PLR0912 - a table
    """What is said on a teacher's page."""
    match scene.page:
        case TasksPage() as page:
            return _tasks(now, scene, page)
        case NoticesPage(index=index):
            return _notice(now, index)
        case BasicsPage() as page:
            return _basics(now, scene, page)
        case NamePage(entry=entry):
            return name_prompt(now, entry)
        case PostsPage() as page:
            return _question(now, scene, page)
        case CountiesPage() as page:
            return counties_prompt(now, scene, page)
        case WishesPage() as page:
            return wishes_prompt(now, scene, page)
        case CheckPage() as page:
            return _check(now, scene, page)
        case ConflictPage() as page:
            return conflict_prompt(now, scene, page)
        case WithdrawPage() as page:
            return withdraw_prompt(now, page)
        case ReceiptPage(version=version):
            return receipt_prompt(now, scene, version)
        case StatusPage() as page:
            return status_prompt(now, scene, page)
        case ContactPage() as page:
            return contact_prompt(now, scene, page)
        case SelfCheckPage():
            return self_check_prompt(now, scene)
        case StepsPage():
            return steps_prompt(now, scene)
        case VersionsPage() as page:
            return versions_prompt(now, scene, page)
        case Interruption() as page:
            return doubt_prompt(now, scene, page)


def state_lines(now: Situation, scene: SignedIn) -> tuple[str, ...]:
    """What just happened and how the draft stands; said before every page."""
    texts = now.texts
    lines = list(without_keys((texts.toast(scene.toast),))) if scene.toast is not None else []
    if scene.alarm is not None:
        lines.append(texts.alarm(scene.alarm))
    return tuple(lines)


def _tasks(now: Situation, scene: SignedIn, page: TasksPage) -> Prompt:
    texts = now.texts
    lines = [texts.recovered] if scene.recovered else []
    if page.resumed is not None:
        lines.append(now.plain.resumed(texts.task(page.resumed)))
    station, at = now.session.station, now.session.at
    over = window_at(station, at) is Window.AFTER
    if scene.record.in_conflict:
        lines.append(texts.conflict_closed if over else texts.conflict_box)
    if scene.record.withdrawn:
        lines.append(texts.withdrawn_box(deadline(station.calendar), over=over))
    lines += trouble_lines(now) or news_lines(now, scene)
    ends = deadline(station.calendar)
    until = () if ends is None else (texts.deadline(ends),)
    rows = task_lines(scene, now.session.station, now.session.at)
    options = tuple(
        Option(
            now.plain.value(texts.task(row.task), texts.task_state(row.state)),
            say(TaskOpened, task=row.task),
        )
        for row in rows
    )
    takes_back = may_withdraw(scene, station, at)
    more = (
        *((Option(texts.withdraw_title, say(WithdrawAsked)),) if takes_back else ()),
        Option(now.plain.undo, say(Undone)),
        Option(now.plain.more_time, say(MoreTimeAsked)),
        display_option(now),
    )
    return Prompt(
        lines=(*lines, *until, texts.your_application),
        options=(*options, *more),
        back=Option(now.plain.end, say(Ended)),
    )


def _notice(now: Situation, index: int) -> Prompt:
    texts = now.texts
    last = index + 1 == NOTICES
    go_on = Option(texts.notices_agree if last else texts.go_on, say(WentOn))
    title = (texts.notices_title,) if index == 0 else ()
    lines = (*title, texts.notice_number(index + 1, NOTICES), texts.notice(index))
    return Prompt(lines=lines, options=(go_on,), back=back(now))


def _basics(now: Situation, scene: SignedIn, page: BasicsPage) -> Prompt:
    texts, value, answers = now.texts, now.plain.value, scene.draft.answers
    fields = {
        "phone1": (texts.label_phone1, answers.phone1, texts.phone_hint),
        "phone2": (texts.label_phone2, answers.phone2, texts.phone_hint),
        "email": (texts.label_email, answers.email, texts.email_hint),
    }
    if now.view.name in fields:
        label, _, hint = fields[now.view.name]
        place = now.view.name
        return Prompt(
            lines=(hint,),
            question=value(label, ""),
            typed=lambda text: say(TextTyped, place=place, text=text),
        )
    person, name = scene.person, name_of(scene.person, answers)
    stands = keyless(texts.name_standing(standing(scene).value))
    lines = (
        texts.basics_title,
        *faults_said(now, page.faults),
        f"{value(texts.label_name, name)} {stands}".rstrip(),
        value(texts.label_number, person.national_id.masked),
        value(texts.label_birth, texts.hidden_birth(person.birth.year)),
    )
    options = tuple(
        Option(value(label, _read(now, place, text)), View(place))
        for place, (label, text, _) in fields.items()
    )
    correct = (Option(texts.names_title, say(NameOpened)),) if person.name_damaged else ()
    state = mail_state(scene.contact, address_of(scene), now.session.at)
    more = (
        Option(texts.go_on, say(WentOn)),
        Option(value(texts.contact_title, texts.mail_mark(state)), say(ContactOpened)),
    )
    return Prompt(lines=lines, options=(*options, *correct, *more), back=back(now))


def _read(now: Situation, place: str, text: str) -> str:
    """What was typed, and how it was understood where that is written otherwise (UX 4.6)."""
    read = (read_email if place == "email" else read_phone)(text)
    if read is None or read == text.strip():
        return text or now.texts.not_given
    return f"{text} {now.texts.understood(read)}"


def _question(now: Situation, scene: SignedIn, page: PostsPage) -> Prompt:
    texts, answers = now.texts, scene.draft.answers
    lines = [
        texts.question_of(page.question),
        texts.question(page.question),
        texts.question_explained(page.question),
        *faults_said(now, page.faults),
    ]
    options: tuple[Option, ...] = ()
    match page.question:
        case Question.INDIGENOUS:
            lines.append(_consequence(now, scene))
            options = (
                _choice(now, texts.yes_apply, IndigenousAnswered, answers.indigenous, is_=True),
                _choice(now, texts.no_apply, IndigenousAnswered, answers.indigenous, is_=False),
                _toggle(now, texts.language_question, LanguageAnswered, on=answers.language),
            )
        case Question.AREA_LIMIT:
            options = (
                _choice(
                    now, texts.area_general, AreaLimitAnswered, answers.area_limit, is_="general"
                ),
                _choice(
                    now,
                    texts.area_restricted,
                    AreaLimitAnswered,
                    answers.area_limit,
                    is_="restricted",
                ),
            )
        case Question.SERVICE_YEARS if now.view.name == "years":
            return Prompt(
                lines=tuple(lines), question=now.plain.value(texts.label_years, ""), typed=_years
            )
        case Question.SERVICE_YEARS:
            years = answers.service_years
            shown = texts.none if years is None else texts.serves_years(years)
            options = (
                Option(now.plain.value(texts.label_years, shown), View("years")),
                Option(texts.self_check_title, say(SelfCheckOpened)),
            )
            check = scene.draft.check
            lines += (finding_words(check, years, texts)[0], *doubt_sentences(check, years, texts))
        case Question.POST:
            lines += (*_post(now, scene), texts.own_subject_too)
        case Question.SUBJECTS:
            if now.view.name == "subject":
                return _subjects(now, scene, int(now.view.detail))
            chosen = (
                (2, answers.subject2, texts.label_subject2),
                (3, answers.subject3, texts.label_subject3),
            )
            options = tuple(
                Option(
                    now.plain.value(label, _subject(now, scene, code)),
                    View("subject", str(slot)),
                )
                for slot, code, label in chosen
            )
    return Prompt(
        lines=tuple(each for each in lines if each),
        options=(*options, Option(texts.go_on, say(WentOn))),
        back=back(now),
    )


def _consequence(now: Situation, scene: SignedIn) -> str:
    """What 是 would mean for this very list."""
    texts, reference = now.texts, now.session.station.reference
    if reference is None:
        return ""
    found = preview(reference, scene.post, scene.draft.answers)
    if not found.indigenous:
        return texts.yes_no_school
    drops = texts.yes_drops(texts.ranks(found.ordinary)) if found.ordinary else texts.yes_all()
    return f"{texts.yes_outcome}{texts.yes_uses(texts.ranks(found.indigenous))}{drops}"


def _years(text: str) -> Say | None:
    plain = text.strip()
    if not plain.isdecimal() or len(plain) > 3:  # noqa: PLR2004 - nobody serves a thousand years
        return None
    return say(ServiceYearsAnswered, answer=int(plain))


def _post(now: Situation, scene: SignedIn) -> tuple[str, ...]:
    reference = now.session.station.reference
    school = None if reference is None else reference.schools.get(scene.post.school)
    return (
        now.plain.value(
            now.texts.label_school, scene.post.school if school is None else school.name
        ),
        now.plain.value(now.texts.label_own_subject, _subject(now, scene, scene.post.subject)),
    )


def _subjects(now: Situation, scene: SignedIn, slot: int) -> Prompt:
    reference = now.session.station.reference
    offered = () if reference is None else subjects_of(scene.post.stage, reference.subjects)
    options = (
        Option(now.texts.none, say(SubjectAnswered, slot=slot, subject="")),
        *(
            Option(each.name, say(SubjectAnswered, slot=slot, subject=each.code))
            for each in offered
            if each.code != scene.post.subject
        ),
    )
    return Prompt(options=options, back=Option(now.plain.back, View()))


def _subject(now: Situation, scene: SignedIn, code: str | None) -> str:
    reference = now.session.station.reference
    if not code or reference is None:
        return now.texts.none
    found = find_subject(scene.post.stage, code, reference.subjects)
    return code if found is None else found.name


def _check(now: Situation, scene: SignedIn, page: CheckPage) -> Prompt:
    texts, value, answers = now.texts, now.plain.value, scene.draft.answers
    if page.password_wanted and not page.faults:
        wrong = (texts.fault("password_wrong"),) if page.password_wrong else ()
        return Prompt(
            lines=wrong,
            question=f"{again_word(now)}{now.plain.typed_hidden}",
            typed=lambda text: say(SubmitAsked, password=Secret.from_text(text)),
            secret=True,
            back=back(now),
        )
    indigenous = texts.applies if answers.indigenous else texts.applies_not
    record = scene.record
    replaced = tuple(each.version for each in record.heads)
    address = address_of(scene)
    state = mail_state(scene.contact, address, now.session.at)
    doubt, doubtful = finding_words(scene.draft.check, answers.service_years, texts)
    lines = (
        texts.check_intro,
        *((texts.settles(replaced),) if record.in_conflict else ()),
        *((texts.revives,) if record.withdrawn else ()),
        value(texts.label_phone1, phone_as_sent(answers.phone1)),
        value(texts.label_phone2, phone_as_sent(answers.phone2) or texts.not_given),
        value(texts.label_email, f"{masked_address(address)} {texts.mail_mark(state)}"),
        value(texts.label_indigenous, indigenous),
        value(texts.label_area, texts.area_words[answers.area_limit == "restricted"]),
        value(texts.label_years, texts.serves_years(answers.service_years or 0)),
        *wish_names(now, answers.wishes),
        *((doubt,) if doubtful else ()),
        *(faults_said(now, page.faults) if page.asked else ()),
    )
    mark = now.plain.untick if page.ticked else now.plain.tick
    options = (
        Option(f"{mark} {texts.declare}", say(Declared, ticked=not page.ticked)),
        Option(texts.submit, say(SubmitAsked)),
        *(
            Option(f"{texts.change} {texts.task(task)}", say(TaskOpened, task=task))
            for task in (Task.BASICS, Task.POSTS, Task.WISHES)
        ),
    )
    return Prompt(lines=lines, options=options, back=back(now))


def back(now: Situation) -> Option:
    """One step back."""
    return Option(now.plain.back, say(WentBack))


def _choice(now: Situation, label: str, kind: type, value: object, *, is_: object) -> Option:
    mark = now.plain.untick if value == is_ and value is not None else now.plain.tick
    return Option(f"{mark} {label}", say(kind, answer=is_))


def _toggle(now: Situation, label: str, kind: type, *, on: bool) -> Option:
    mark = now.plain.untick if on else now.plain.tick
    return Option(f"{mark} {label}", say(kind, answer=not on))
