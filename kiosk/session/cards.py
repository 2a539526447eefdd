"""What a card does to a session: put in, read, looked up, failed, taken out (UX 4.7)."""

from dataclasses import replace

from kiosk.session import printing
from kiosk.session.answer import CardKnown, CardUseless, DeskFailed
from kiosk.session.bureau import CertificateState, RegisterPage, Registration
from kiosk.session.device import CardFailed, CardInserted, CardRead, CardRemoved
from kiosk.session.effect import Identify, Sound, Tone
from kiosk.session.left_card import taken
from kiosk.session.looks import met, neutral
from kiosk.session.person import Person
from kiosk.session.silence import card_out, close, resume
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardOut,
    CardWantedBack,
    ChoosingPassword,
    Covered,
    Idle,
    Incident,
    OfficerCardWanted,
    OfficerEnrolling,
    OfficerSignedIn,
    PrivacyNotice,
    Reading,
    Searching,
    Session,
    SignedIn,
    TakeCard,
    Trouble,
    TroubleCode,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.session.station import Slot, SlotEmpty, SlotFaulty, SlotHolds, SlotReading
from kiosk.session.turn import Step, Working, next_ticket, show, stay

LOBBY = (Idle, Trouble, Searching, Incident, TakeCard)
"""Where a card begins something new."""
NOT_OFFICER = "not_officer"
SAME_PERSON = "same_person"
OTHER_CARD = "other_card"
NOT_GRANTED = "not_granted"


def inserted(session: Session, event: CardInserted) -> Step:
    """Something is in the slot.

    The idle screen turns to reading; a screen that waits for a card keeps waiting.
    """
    session = _slot(session, SlotReading(event.at))
    if isinstance(session.scene, LOBBY):
        return show(session, Reading(event.at))
    return stay(session)


def read(session: Session, event: CardRead) -> Step:
    """A profile: whose is it?"""
    session, ticket = next_ticket(session)
    session = replace(_slot(session, SlotReading(event.at)), lookup=ticket)
    if isinstance(session.scene, LOBBY):
        session = replace(session, scene=Reading(event.at))
    return Step(session, (Identify(ticket=ticket, profile=event.profile),))


def failed(session: Session, event: CardFailed) -> Step:
    """A card that cannot be read."""
    session = replace(_slot(session, SlotFaulty(event.code)), lookup=None)
    return _useless(session, event.code, event.detail)


def useless(session: Session, answer: CardUseless) -> Step:
    """A card that was read and cannot be used."""
    if answer.ticket != session.lookup:
        return stay(session)
    session = replace(_slot(session, SlotFaulty(answer.code)), lookup=None)
    return _useless(session, answer.code, answer.detail)


def lookup_failed(session: Session, answer: DeskFailed) -> Step:
    """The store could not be asked whose card it is."""
    session = replace(_slot(session, SlotFaulty(TroubleCode.STORE)), lookup=None)
    return _useless(session, TroubleCode.STORE, answer.code)


def _useless(  # noqa: PLR0911 - a table
    session: Session, code: TroubleCode, detail: str
) -> Step:
    error = Sound(Tone.ERROR)
    match session.scene:
        case WitnessWanted() | CardWantedBack() | OfficerCardWanted() as scene:
            return show(session, replace(scene, fault=code), error)
        case OfficerSignedIn(page=RegisterPage() as page) as scene:
            page = replace(page, form=None, trouble=code)
            return show(session, replace(scene, page=page, silent_since=session.at), error)
        case (SignedIn() | OfficerSignedIn()) as held:
            # Its own card was here a moment ago: what is in the slot now is not it.
            return card_out(session, held)
        case Covered(held=held):
            return card_out(session, held)
        case CardOut():
            return Step(session, (error,))
        case WitnessPassword() | WitnessConfirming() as scene:
            return show(session, _witness_again(scene, session, code), error)
        case _:
            return show(session, Trouble(code, detail), error)


def removed(session: Session, event: CardRemoved) -> Step:
    """The slot is empty: nothing personal stays on the screen."""
    return taken(_removed(session, event))


def _removed(session: Session, event: CardRemoved) -> Step:  # noqa: PLR0911 - a table
    session = replace(_slot(session, SlotEmpty()), lookup=None)
    match session.scene:
        case OfficerSignedIn(page=RegisterPage()):
            return stay(session)
        case SignedIn() as held:
            return _with_paper(session, held)
        case OfficerSignedIn() as held:
            return card_out(session, held)
        case Covered(held=held):
            return card_out(session, held)
        case WitnessPassword() | WitnessConfirming() as scene:
            return show(session, _witness_again(scene, session, None))
        case WitnessWanted() | CardWantedBack() | OfficerCardWanted() as scene:
            return show(session, replace(scene, since=event.at))
        case CardOut() | Idle():
            return stay(session)
        case TakeCard() as scene:
            return printing.taken(session, scene)
        case _:
            return show(session, Idle())


def _with_paper(session: Session, held: SignedIn) -> Step:
    """Nothing personal on the screen, and the paper she asked for."""
    printed, waiting = printing.released(session, held)
    out = card_out(printed.session, waiting)
    return Step(out.session, (*out.effects, *printed.effects))


def known(session: Session, card: CardKnown) -> Step:  # noqa: PLR0911 - a table
    """The person behind the card, where a card was waited for or not."""
    if card.ticket != session.lookup:
        return stay(session)
    session = replace(_slot(session, SlotHolds(card.person.teacher)), lookup=None)
    match session.scene:
        case WitnessWanted() as scene:
            return _witness(session, scene, card)
        case CardWantedBack() as scene:
            return _back(session, scene, card)
        case OfficerCardWanted():
            return _officer(met(session, card.display), card)
        case OfficerSignedIn(page=RegisterPage()) as scene:
            return _to_register(session, scene, card)
        case (SignedIn() | OfficerSignedIn()) as held:
            return _during_session(session, held, card)
        case Covered(held=held) | CardOut(held=held):
            return _during_session(session, held, card)
        case _:
            return _welcome(session, card)


def _during_session(session: Session, held: Working, card: CardKnown) -> Step:
    """The same card goes on where it was; another person's closes the session at once (UX 4.7)."""
    if _holder(held).teacher == card.person.teacher:
        out = isinstance(session.scene, CardOut)
        return resume(session, held) if out else stay(session)
    closed = close(session, held)
    welcomed = _welcome(neutral(closed.session), card)
    return Step(welcomed.session, (*closed.effects, *welcomed.effects))


def _welcome(session: Session, card: CardKnown) -> Step:
    session = met(session, card.display)
    read_tone = Sound(Tone.READ)
    if card.wrong_scheme:
        title = "" if card.post is None else card.post.title
        return show(session, Trouble(TroubleCode.WRONG_SCHEME, title), Sound(Tone.ERROR))
    if card.post is None and card.officer is not None:
        return _officer(session, card)
    if card.post is None:
        return show(session, Trouble(TroubleCode.UNREGISTERED), Sound(Tone.ERROR))
    if card.has_password:
        scene = AskingPassword(
            person=card.person,
            post=card.post,
            since=session.at,
            asked=card.post.stage,
            lock=card.lock,
        )
        return show(session, scene, read_tone)
    if not session.station.has_officer:
        return show(session, Trouble(TroubleCode.FIRST_USE_IMPOSSIBLE), Sound(Tone.ERROR))
    wanted = WitnessWanted(person=card.person, post=card.post, since=session.at, reset=False)
    return show(session, wanted, read_tone)


def _officer(session: Session, card: CardKnown) -> Step:
    if card.officer is None:
        enrolling = OfficerEnrolling(
            person=card.person, since=session.at, has_password=card.has_password, lock=card.lock
        )
        return show(session, enrolling, Sound(Tone.READ))
    asking = AskingOfficerPassword(officer=card.officer, since=session.at, lock=card.lock)
    return show(session, asking, Sound(Tone.READ))


def _witness(session: Session, scene: WitnessWanted, card: CardKnown) -> Step:
    fault = _witness_fault(scene.person, card)
    if fault is not None or card.officer is None:
        refused = replace(scene, fault=fault, since=session.at)
        return show(session, refused, Sound(Tone.ERROR))
    asking = WitnessPassword(
        person=scene.person,
        post=scene.post,
        since=session.at,
        reset=scene.reset,
        officer=card.officer,
        lock=card.lock,
    )
    return show(session, asking, Sound(Tone.READ))


def _witness_fault(person: Person, card: CardKnown) -> str | None:
    """Only an officer the county has certified may witness, and nobody her own first use."""
    if card.person.teacher == person.teacher:
        return SAME_PERSON
    if card.officer is None:
        return NOT_OFFICER
    return None if card.officer.state is CertificateState.GRANTED else NOT_GRANTED


def _witness_again(
    scene: WitnessPassword | WitnessConfirming, session: Session, fault: str | None
) -> WitnessWanted:
    return WitnessWanted(
        person=scene.person, post=scene.post, since=session.at, reset=scene.reset, fault=fault
    )


def _back(session: Session, scene: CardWantedBack, card: CardKnown) -> Step:
    if card.person.teacher != scene.person.teacher:
        other = replace(scene, fault=OTHER_CARD, since=session.at)
        return show(session, other, Sound(Tone.ERROR))
    kind = ChoosingPassword if scene.reset else PrivacyNotice
    after = kind(
        person=scene.person,
        post=scene.post,
        since=session.at,
        reset=scene.reset,
        witness=scene.witness,
    )
    return show(session, after, Sound(Tone.READ))


def _to_register(session: Session, scene: OfficerSignedIn, card: CardKnown) -> Step:
    if card.person.teacher == scene.officer.person.teacher:
        return show(session, replace(scene, page=RegisterPage(), silent_since=session.at))
    post, school = card.post, session.station.school
    form = Registration(
        person=card.person,
        name=card.person.name,
        birth=card.person.birth,
        title=None if post is None else post.title,
        school=post.school if post else school.id if school else None,
        stage=post.stage if post else school.stage if school else None,
        subject=None if post is None else post.subject,
        known=post is not None,
    )
    page = RegisterPage(form=form)
    return show(session, replace(scene, page=page, silent_since=session.at), Sound(Tone.READ))


def _holder(held: SignedIn | OfficerSignedIn) -> Person:
    return held.person if isinstance(held, SignedIn) else held.officer.person


def _slot(session: Session, slot: Slot) -> Session:
    return replace(session, reader=replace(session.reader, slot=slot))
