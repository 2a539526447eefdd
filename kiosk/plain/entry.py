"""Line mode before anyone is signed in, and while a session is covered (K01, K02, K08, K09)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.school import Stage
from core.rules.scheme import find_scheme
from kiosk.plain.display import display_option
from kiosk.plain.lobby import incident_prompt, lobby_lines, report_option, schools_prompt
from kiosk.plain.machine import seal_lines, trouble_lines
from kiosk.plain.names import name_prompt
from kiosk.plain.prompt import Card, Collect, Option, Prompt, Say, Situation, View, say
from kiosk.session.gesture import (
    Ended,
    EnrolmentTyped,
    EnteredOnce,
    NameOpened,
    OfficersCalled,
    PasswordChosen,
    PasswordForgotten,
    PasswordTyped,
    PracticeAsked,
    RevealAsked,
    SchoolsAsked,
    StageChosen,
    Touched,
    WentBack,
    WentOn,
)
from kiosk.session.person import Lock, Secret
from kiosk.session.printing import paper_word
from kiosk.session.season import deadline
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardOut,
    CardWantedBack,
    ChoosingPassword,
    Covered,
    Entry,
    Idle,
    Incident,
    OfficerCardWanted,
    OfficerEnrolling,
    PrivacyNotice,
    Reading,
    Searching,
    SignedIn,
    TakeCard,
    Trouble,
    TroubleCode,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.session.station import Service
from kiosk.text.keyless import keyless

Make = Callable[[tuple[Secret, ...]], Say]
ONCE = "once"
"""The view of a new password that offers to do without."""
COUNTED_S = 10
"""Seconds are said in tens: 30, 20, 10 (UX K08)."""


def entry_prompt(now: Situation, scene: Entry) -> Prompt:  # noqa: C901, PLR0911, PLR0912 - a table
    """What is said while nobody is signed in."""
    texts = now.texts
    lines: tuple[str, ...]
    match scene:
        case Idle():
            return _idle(now, scene)
        case Reading():
            return Prompt(lines=(texts.reading(0),))
        case Trouble():
            title, found, remedy = texts.trouble(scene.code)
            detail = texts.trouble_detail(scene.code, scene.detail)
            contact = texts.ask(now.session.station.contact)
            scheme = find_scheme(scene.detail, now.session.station.schemes)
            if scene.code is TroubleCode.WRONG_SCHEME and scheme is not None:
                example = texts.scheme_example if scheme.example else ""
                remedy = f"{remedy}{texts.scheme_is(scheme.name, scheme.address)}{example}"
            lines = (title, f"{found}{detail}", remedy, now.plain.value(texts.whom_to_ask, contact))
            return Prompt(lines=lines, options=(*_card_out(now), report_option(now)))
        case TakeCard():
            lines = (texts.take_card, texts.take_card_why, texts.idle_notice(scene.notice))
            return Prompt(lines=lines, options=_card_out(now))
        case WitnessWanted():
            title = texts.reset_title if scene.reset else texts.first_use_title
            lines = (title, *texts.witness_steps, texts.witness_card_now, *_fault(now, scene.fault))
            return Prompt(lines=lines, options=now.card_options(), back=_back(now))
        case WitnessPassword():
            lines = (
                texts.witness_of(scene.person.masked_name),
                texts.officer_is(scene.officer.person.name),
                *_lock(now, scene.lock, scene.fault),
            )
            return _password(now, lines, texts.witness_password_now)
        case Searching():
            return schools_prompt(now, scene)
        case Incident():
            return incident_prompt(now, scene)
        case WitnessConfirming():
            lines = (texts.witness_of(scene.person.name), texts.witness_confirm)
            go_on = Option(texts.witness_confirmed_button, say(WentOn))
            return Prompt(lines=lines, options=(go_on,), back=_back(now))
        case CardWantedBack():
            lines = (texts.card_back_now, *_fault(now, scene.fault))
            return Prompt(lines=lines, options=now.card_options(), back=_back(now))
        case PrivacyNotice():
            lines = (texts.privacy_title, texts.privacy_intro, *texts.privacy_points)
            go_on = Option(texts.privacy_agree, say(WentOn))
            return Prompt(lines=lines, options=(go_on,), back=_back(now))
        case ChoosingPassword():
            return _choosing(now, scene)
        case AskingPassword():
            return _asking(now, scene)
        case OfficerCardWanted():
            lines = (texts.officer_title, texts.officer_card_now, *_fault(now, scene.fault))
            return Prompt(lines=lines, options=now.card_options(), back=_back(now))
        case OfficerEnrolling():
            return _enrolling(now, scene)
        case AskingOfficerPassword():
            name = texts.officer_is(scene.officer.person.name)
            lines = (name, *_lock(now, scene.lock, scene.fault))
            return _password(now, lines, texts.label_password)


def covered_prompt(now: Situation, scene: Covered) -> Prompt:
    """K08: any line goes on."""
    saved = scene.held.saved if isinstance(scene.held, SignedIn) else None
    left = _tens(scene.ends - now.session.at)
    lines = (now.texts.idle_question, now.texts.covered(saved), now.texts.covered_left(left))
    goes_on: Say = say(Touched)
    return Prompt(
        lines=lines,
        options=(
            Option(now.texts.still_here, goes_on),
            Option(now.texts.end_now, say(Ended)),
        ),
        typed=lambda _: goes_on,
        question=now.texts.any_key,
    )


def card_out_prompt(now: Situation, scene: CardOut) -> Prompt:
    """K09."""
    saved = scene.held.saved if isinstance(scene.held, SignedIn) else None
    left = _tens(scene.ends - now.session.at)
    lines = (
        now.texts.card_is_out,
        now.texts.cleared(saved),
        now.texts.back_within(left),
        now.texts.card_back_leave,
        *_paper(now, scene),
    )
    return Prompt(lines=lines, options=now.card_options())


def _paper(now: Situation, scene: CardOut) -> tuple[str, ...]:
    """What becomes of the forms she chose."""
    word = paper_word(scene.held)
    return () if word is None else (now.texts.toast(word),)


def _idle(now: Situation, scene: Idle) -> Prompt:
    texts, reader = now.texts, now.session.reader
    lines = [texts.idle_notice(scene.notice)] if scene.notice else []
    lines += [texts.system_name, texts.insert_card.replace(" ", "")]
    if reader.service in {Service.MISSING, Service.FAILED}:
        lines += texts.service_down
        if reader.repair is not None:
            lines.append(texts.mending(reader.repair))
    elif reader.device in {Service.MISSING, Service.FAILED}:
        lines += texts.reader_down
    lines += trouble_lines(now)
    lines.append(texts.link(now.session.station.link))
    end = deadline(now.session.station.calendar)
    lines.append(texts.no_calendar if end is None else texts.deadline(end))
    lines += seal_lines(now)
    officers = Option(now.plain.officers, say(OfficersCalled))
    practice = (
        (Option(texts.practice_start, say(PracticeAsked)),) if now.session.station.ground else ()
    )
    about = lobby_lines(now)
    lines += about
    schools = (
        (Option(texts.schools_title, say(SchoolsAsked)),) if now.session.station.reference else ()
    )
    options = (
        *now.card_options(),
        officers,
        *practice,
        *schools,
        report_option(now),
        display_option(now),
    )
    return Prompt(lines=tuple(lines), options=options, passing=about[-1:])


def _asking(now: Situation, scene: AskingPassword) -> Prompt:
    texts, value = now.texts, now.plain.value
    if scene.naming is not None:
        return name_prompt(now, scene.naming)
    revealed = now.session.revealed_until is not None
    number = scene.person.national_id
    damaged = scene.person.name_damaged
    lines = (
        texts.identity_title,
        value(texts.label_name, scene.named or scene.person.name),
        value(texts.label_number, number.text if revealed else number.masked),
        value(texts.label_birth, texts.hidden_birth(scene.person.birth.year)),
        value(texts.label_stage, texts.stage(scene.asked)),
        *((keyless(texts.name_incomplete),) if damaged else ()),
        *_lock(now, scene.lock, scene.fault),
    )
    if now.view.name != "password":
        others = tuple(
            Option(value(texts.label_stage, texts.stage(stage)), say(StageChosen, stage=stage))
            for stage in Stage
            if stage is not scene.asked
        )
        options = (
            Option(texts.sign_in, View("password")),
            Option(now.plain.reveal, say(RevealAsked)),
            *others,
            display_option(now),
            *((Option(texts.names_title, say(NameOpened)),) if damaged else ()),
            Option(texts.forgotten_link, say(PasswordForgotten)),
        )
        return Prompt(lines=lines, options=options, back=_back(now))
    return _password(now, lines, texts.label_password)


def _choosing(now: Situation, scene: ChoosingPassword) -> Prompt:
    """A password of her own; an empty line offers to go in without one, this once (U-031)."""
    texts = now.texts
    fault = _fault(now, scene.fault)
    if now.view.name == ONCE:
        options = (
            Option(texts.enter_once, say(EnteredOnce)),
            Option(texts.set_password, View()),
        )
        return Prompt(lines=(texts.enter_once_why, *fault), options=options, back=_back(now))
    lines = (
        texts.choose_password_title,
        texts.choose_password_rule,
        now.plain.or_without,
        *fault,
    )
    labels = (texts.label_password, texts.label_password_again)
    return replace(_several(now, lines, labels, _choose), back=Option("", View(ONCE)))


def _enrolling(now: Situation, scene: OfficerEnrolling) -> Prompt:
    texts = now.texts
    lines = (
        texts.officer_enrol_title,
        texts.officer_is(scene.person.name),
        texts.officer_enrol_intro,
        *((texts.officer_has_password,) if scene.has_password else ()),
        *_lock(now, scene.lock, scene.fault),
    )
    again = () if scene.has_password else (texts.label_password_again,)
    labels = (texts.label_code, texts.label_password, *again)
    return _several(now, lines, labels, _enrol)


def _password(now: Situation, lines: tuple[str, ...], question: str) -> Prompt:
    return Prompt(
        lines=lines,
        question=f"{question}{now.plain.typed_hidden}",
        typed=lambda text: say(PasswordTyped, password=Secret.from_text(text)),
        secret=True,
        back=_back(now) if now.view == View() else Option("", View()),
    )


def _several(now: Situation, lines: tuple[str, ...], labels: tuple[str, ...], make: Make) -> Prompt:
    """Secrets one after the other; the last one makes the event."""
    asked = len(now.collected)

    def typed(text: str) -> Collect | Say:
        secret = Secret.from_text(text)
        if asked + 1 < len(labels):
            return Collect(secret)
        return make((*now.collected, secret))

    return Prompt(
        lines=lines,
        question=f"{labels[asked]}{now.plain.typed_hidden}",
        typed=typed,
        secret=True,
        back=_back(now),
    )


def _choose(secrets: tuple[Secret, ...]) -> Say:
    return say(PasswordChosen, password=secrets[0], again=secrets[1])


def _enrol(secrets: tuple[Secret, ...]) -> Say:
    code, password, *again = secrets
    return say(EnrolmentTyped, code=code, password=password, again=again[0] if again else password)


def _fault(now: Situation, fault: str | None) -> tuple[str, ...]:
    return () if fault is None else (now.texts.fault(fault),)


def _lock(now: Situation, lock: Lock, fault: str | None) -> tuple[str, ...]:
    if lock.until_ms is not None:
        left = datetime.fromtimestamp(lock.until_ms / 1000, now.session.at.tzinfo) - now.session.at
        return (now.texts.password_locked(timedelta(seconds=_tens(left))),)
    if fault == "password_wrong":
        return (now.texts.password_wrong(lock.tries_left),)
    return _fault(now, fault)


def _tens(left: timedelta) -> int:
    """Seconds, rounded up to tens, so that a countdown is not said every second."""
    return -(-max(0, int(left.total_seconds())) // COUNTED_S) * COUNTED_S


def _back(now: Situation) -> Option:
    return Option(now.plain.back, say(WentBack))


def _card_out(now: Situation) -> tuple[Option, ...]:
    return (Option(now.plain.take_card_out, Card()),) if now.cards else ()
