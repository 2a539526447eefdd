"""What the glass needs of a desk; `kiosk.desk.desk` is the real one."""

from collections.abc import Iterable
from typing import Protocol

from kiosk.session.effect import Effect
from kiosk.session.event import Event
from kiosk.session.state import Session
from kiosk.session.trail import Trace


class Desk(Protocol):
    """Performs effects; blocking, used by one thread."""

    def begin(self) -> Session:
        """The session of a machine just switched on."""

    def perform(self, effect: Effect) -> tuple[Event, ...]:
        """Do it; the events it leads to."""

    def news(self) -> tuple[Event, ...]:
        """What happened without anybody asking."""

    def note(self, traces: Iterable[Trace]) -> None:
        """Write audit lines."""
