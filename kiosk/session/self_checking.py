"""資格檢核: the page on which a teacher holds her service against the regulation."""

from dataclasses import dataclass, replace

from kiosk.session.device import Happening
from kiosk.session.page import CheckPage, PostsPage, SelfCheckPage
from kiosk.session.self_check import Place, answered
from kiosk.session.state import Session, SignedIn
from kiosk.session.turn import Step, stay
from kiosk.session.work import keep, turn


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckOpened(Happening):
    """F6 at the question about service, or before sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckAnswered(Happening):
    """One answer of 資格檢核; None takes a number back."""

    place: Place
    answer: int | str | bool | None


GESTURES = (SelfCheckOpened, SelfCheckAnswered)


def checked(session: Session, scene: SignedIn, event: SelfCheckOpened | SelfCheckAnswered) -> Step:
    """Open it, or keep an answer with the draft; it is no step that is taken back."""
    page = scene.page
    match event:
        case SelfCheckOpened() if isinstance(page, PostsPage | CheckPage):
            return turn(session, scene, SelfCheckPage(behind=page))
        case SelfCheckAnswered(place=place, answer=answer) if isinstance(page, SelfCheckPage):
            check = answered(scene.draft.check, place, answer)
            return keep(session, scene, replace(scene.draft, check=check, closed=False))
        case _:
            return stay(session)
