"""A robot's hands.

Cards in and out, keys pressed, through the same session and desk as a person.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from core.card.dialogue import run
from core.card.nhi import read_profile
from core.domain.refusal import Refusal
from kiosk.adapters.reader_port import CardGone, CardSeen, report_of
from kiosk.adapters.virtual_reader import VirtualCard
from kiosk.desk.conversation import Conversation
from kiosk.reports import Reports
from kiosk.session.device import Ticked
from kiosk.session.event import Event
from kiosk.session.gesture import Ended, Touched
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    Idle,
    OfficerSignedIn,
    Scene,
    SignedIn,
    Trouble,
)
from kiosk.session.station import SlotEmpty

S = TypeVar("S")
AGAIN = frozenset({"locked"})
"""Failures of the store that pass: the daemon had it. A person would press the key again."""
TRIES = 50
PAUSE_S = 0.2


class RobotError(Exception):
    """Something is not as the script expects; the message holds codes, never a name."""


class RefusedError(RobotError):
    """A rule refuses what the script asks for."""


class WaitedError(RobotError):
    """What the script waits for did not come in time."""


class Hands:
    """Does one thing at a time and looks at what the kiosk shows then."""

    def __init__(
        self,
        talk: Conversation,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        """``sleep`` is called with seconds."""
        self._talk, self._now, self._sleep = talk, now, sleep
        self._reports = Reports()

    @property
    def scene(self) -> Scene:
        """What the kiosk shows."""
        return self._talk.session.scene

    @property
    def talk(self) -> Conversation:
        """The session and its desk."""
        return self._talk

    def press(self, kind: Callable[..., Event], **values: object) -> Scene:
        """One event, again while the store is held by another process."""
        for _ in range(TRIES):
            scene = self._talk.tell(kind(at=self._now(), **values)).scene
            if _failure(scene) not in AGAIN:
                return scene
            self._sleep(PAUSE_S)
        raise RobotError("the store stays locked")

    def insert(self, card: VirtualCard) -> Scene:
        """Put a card in; the chip answers the reader's commands."""
        self._talk.tell(self._reports.event_of(CardSeen(), self._now()))
        for _ in range(TRIES):
            report = report_of(run(read_profile(), card.answer), card.atr)
            scene = self._talk.tell(self._reports.event_of(report, self._now())).scene
            if _failure(scene) not in AGAIN:
                return scene
            self._sleep(PAUSE_S)
        raise RobotError("the store stays locked")

    def remove(self) -> Scene:
        """Take the card out."""
        return self._talk.tell(self._reports.event_of(CardGone(), self._now())).scene

    def swap(self, card: VirtualCard) -> Scene:
        """Another card in place of the one in the slot."""
        if not isinstance(self._talk.session.reader.slot, SlotEmpty):
            self.remove()
        return self.insert(card)

    def leave(self) -> None:
        """F10 and the card out: the next person finds the idle screen."""
        if not isinstance(self.scene, Idle):
            self.press(Ended)
        self.remove()

    def wait_for(self, what: str, done: Callable[[], bool], timeout_s: float) -> None:
        """Look again and again until it is so.

        Raises:
            WaitedError: It was not, in time.
        """
        for _ in range(max(1, int(timeout_s / PAUSE_S))):
            self._talk.catch_up()
            self.press(Ticked)
            if done():
                return
            self.press(Touched)
            self._sleep(PAUSE_S)
        raise WaitedError(f"{what} did not come in {timeout_s:.0f} s")

    def must(self, kind: type[S], doing: str) -> S:
        """What the kiosk shows, if it is what is expected here.

        Raises:
            RobotError: It is not; with the code of what it shows instead.
        """
        if not isinstance(self.scene, kind):
            raise RobotError(f"{doing}: {type(self.scene).__name__} {_failure(self.scene) or ''}")
        return self.scene


def codes_of(faults: Iterable[Refusal]) -> str:
    """Places and codes, for a message."""
    return ", ".join(f"{each.place} {each.code}" for each in faults)


def _failure(scene: Scene) -> str | None:
    """The code of what went wrong, wherever a scene keeps it."""
    match scene:
        case SignedIn(alarm=alarm) | OfficerSignedIn(alarm=alarm):
            return alarm
        case Trouble(code=code, detail=detail):
            return detail or code
        case AskingPassword(lock=lock) | AskingOfficerPassword(lock=lock) if lock.until_ms:
            return "password_locked"
        case _:
            return getattr(scene, "fault", None)
