"""F8 罕用字更正 wherever a name is shown: on K02, in 基本資料, at registration.

Each of them opens and closes it its own way; what happens in between is the same.
"""

from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from core.domain.name import UNSHOWABLE, fits_card
from core.season.merge import Review
from kiosk.session.answer import CharactersFound, DeskFailed
from kiosk.session.bureau import RegisterPage
from kiosk.session.effect import FindCharacters
from kiosk.session.form import name_of
from kiosk.session.gesture import CharacterChosen, CharacterErased, ReadingTyped, RosterNameTaken
from kiosk.session.page import NamePage
from kiosk.session.rare_name import (
    NameEntry,
    chosen,
    complete,
    erased,
    listed,
    taken,
    typed,
)
from kiosk.session.state import (
    AskingPassword,
    CardOut,
    Covered,
    OfficerSignedIn,
    Scene,
    Session,
    SignedIn,
)
from kiosk.session.turn import Step, next_ticket, show, stay

Gesture = ReadingTyped | CharacterChosen | CharacterErased | RosterNameTaken
GESTURES = (ReadingTyped, CharacterChosen, CharacterErased, RosterNameTaken)


class NameStanding(StrEnum):
    """How far a teacher's name is settled."""

    CARD = "card"
    ROSTER = "roster"
    DIFFERENT = "different"
    OPEN = "open"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


def standing(scene: SignedIn) -> NameStanding:
    """What to say beside the name.

    ``OPEN``: a character is still missing. ``PROPOSED``: 待人事確認. ``CONFIRMED``: an officer has
    approved the version with this name. ``DIFFERENT``: the school's name is not the card's.
    """
    person, name = scene.person, name_of(scene.person, scene.draft.answers)
    if UNSHOWABLE in name:
        return NameStanding.OPEN
    if name == person.card_name:
        return NameStanding.CARD
    if name == person.name:
        fits = fits_card(name, person.card_name_raw)
        return NameStanding.ROSTER if fits else NameStanding.DIFFERENT
    version = scene.record.current
    seen = version is not None and version.claim is not None and version.claim.teacher_name == name
    confirmed = seen and scene.record.review is Review.APPROVED
    return NameStanding.CONFIRMED if confirmed else NameStanding.PROPOSED


def entry_in(scene: Scene) -> NameEntry | None:
    """The name under correction, shown or held behind a cover."""
    match scene:
        case Covered(held=held) | CardOut(held=held):
            return entry_in(held)
        case SignedIn(page=NamePage(entry=entry)):
            return entry
        case OfficerSignedIn(page=RegisterPage(naming=entry)):
            return entry
        case AskingPassword(naming=entry):
            return entry
        case _:
            return None


def with_entry(scene: Scene, entry: NameEntry) -> Scene:
    """The scene with this entry in place of the one `entry_in` gave."""
    match scene:
        case Covered(held=held) | CardOut(held=held):
            inside = with_entry(held, entry)
            return replace(scene, held=inside)  # type: ignore[arg-type]  # of the same class
        case SignedIn():
            return replace(scene, page=NamePage(entry))
        case OfficerSignedIn(page=RegisterPage() as page):
            return replace(scene, page=replace(page, naming=entry))
        case AskingPassword():
            return replace(scene, naming=entry)
        case _:
            return scene


def turned(session: Session, scene: Scene, event: Gesture) -> Step:
    """A key, a choice, one step back, the school's name."""
    entry = entry_in(scene)
    if entry is None:
        return stay(session)
    match event:
        case ReadingTyped(keys=keys):
            return _typed(session, scene, typed(entry, keys))
        case CharacterChosen(character=character):
            return show(session, with_entry(scene, chosen(entry, character)))
        case CharacterErased():
            return show(session, with_entry(scene, erased(entry)))
        case RosterNameTaken():
            return show(session, with_entry(scene, taken(entry)))
        case _ as never:
            assert_never(never)


def answered(session: Session, answer: CharactersFound | DeskFailed) -> Step | None:
    """The characters of the syllable that was asked for; None when nobody asked this."""
    entry = entry_in(session.scene)
    if entry is None or entry.waiting != answer.ticket:
        return None
    if isinstance(answer, DeskFailed):
        after = replace(entry, keys="", waiting=None, fault=answer.code)
    else:
        after = listed(entry, answer.characters)
    return show(session, with_entry(session.scene, after))


def _typed(session: Session, scene: Scene, entry: NameEntry) -> Step:
    if entry.place is None or not complete(entry.keys):
        return show(session, with_entry(scene, entry))
    session, ticket = next_ticket(session)
    asking = with_entry(scene, replace(entry, waiting=ticket))
    return show(session, asking, FindCharacters(ticket=ticket, keys=entry.keys))
