"""版本紀錄 (U-008): every version sent, and any two of them, or one and the draft, compared."""

from dataclasses import dataclass, replace

from core.domain.ids import EventHash
from kiosk.session.difference import Difference, difference
from kiosk.session.draft import Answers
from kiosk.session.form import answers_of
from kiosk.session.gesture import BaseChosen, VersionsOpened
from kiosk.session.page import VersionsPage
from kiosk.session.record import Version
from kiosk.session.state import Session, SignedIn
from kiosk.session.turn import Step, stay
from kiosk.session.work import turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What turned ``before`` into ``after``."""

    before: Answers
    after: Answers
    change: Difference


def looked(session: Session, scene: SignedIn, event: VersionsOpened | BaseChosen) -> Step:
    """Opening the list, and choosing what its rows are compared with."""
    match scene.page, event:
        case VersionsPage(), VersionsOpened():
            return stay(session)
        case _, VersionsOpened():
            current = scene.record.current
            base = None if current is None or not current.complete else current.hash
            return turn(session, scene, VersionsPage(behind=scene.page, base=base))
        case VersionsPage() as page, BaseChosen(version=wanted) if known(scene, wanted):
            return turn(session, scene, replace(page, base=wanted))
        case _:
            return stay(session)


def known(scene: SignedIn, version: EventHash | None) -> bool:
    """Whether this is a version of hers, or the draft."""
    return version is None or version_of(scene, version) is not None


def version_of(scene: SignedIn, wanted: bytes | None) -> Version | None:
    """The version with this hash."""
    return next((each for each in scene.record.versions if each.hash == wanted), None)


def answers_in(scene: SignedIn, version: EventHash | None) -> Answers | None:
    """The answers of a version, or of the draft; None when its content is on another machine."""
    if version is None:
        return scene.draft.answers
    found = version_of(scene, version)
    if found is None or found.claim is None or found.wishes is None:
        return None
    return answers_of(found.claim, found.wishes)


def compared(
    scene: SignedIn, before: EventHash | None, after: EventHash | None
) -> Comparison | None:
    """From one to the other; None when the content of either is on another machine."""
    first, second = answers_in(scene, before), answers_in(scene, after)
    if first is None or second is None:
        return None
    return Comparison(before=first, after=second, change=difference(first, second))
