"""What the desk works with: store, key, clock, chance. Everything is handed in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from core.domain.reading import NO_READINGS, Readings
from core.rules.scale import Scale
from core.rules.scheme import Scheme
from core.sealing import KdfCost, SigningKey
from kiosk.adapters.composer_port import Composer
from kiosk.adapters.lettering import Lettering
from kiosk.adapters.mechanic import Mechanic
from kiosk.desk.press import Press
from kiosk.session.display import AS_BUILT, Display
from kiosk.session.ground import Ground
from syncd.store.database import Store
from syncd.store.fault import (
    KeyChanged,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreLocked,
    WritingStopped,
)
from syncd.store.identity import Identity
from syncd.store.moment import Moment, read_moment


class Clock(Protocol):
    """The machine's clocks, and how far the server's is ahead of them."""

    def moment(self) -> Moment:
        """Wall and boot clock as they are: what entries claim."""

    def now(self) -> datetime:
        """Aware UTC, corrected by the server: what screens show and deadlines are held against."""

    def correct(self, offset_ms: int) -> None:
        """The server's clock is this far ahead of the wall clock."""


class MachineClock:
    """The clocks of this machine."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def moment(self) -> Moment:
        """Wall and boot clock."""
        return read_moment()

    def now(self) -> datetime:
        """The corrected time."""
        wall = datetime.fromtimestamp(read_moment().wall_ms / 1000, UTC)
        return wall + self._offset

    def correct(self, offset_ms: int) -> None:
        """Use this correction from now on."""
        self._offset = timedelta(milliseconds=offset_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """``random_bytes(n)`` gives n bytes nobody can guess; ``cost`` is that of new passwords.

    ``scales`` are the year's points scales. ``software`` names this program in signing requests.
    ``press`` None: nothing can be printed here. ``display`` is how the machine looks by itself;
    ``schemes`` are for those at the wrong machine. ``lettering`` None: the size of its letters
    cannot be changed. ``ground`` None: nothing to practise on. ``composer`` None: no 注音 input.
    ``mechanic`` None: the card service cannot be restarted from here.
    """

    store: Store
    log_key: SigningKey = field(repr=False)
    clock: Clock
    random_bytes: Callable[[int], bytes]
    cost: KdfCost
    scales: tuple[Scale, ...] = ()
    contact: str = ""
    site: str = ""
    organiser: str = ""
    software: str = "jiepin"
    press: Press | None = None
    display: Display = AS_BUILT
    lettering: Lettering | None = None
    ground: Ground | None = None
    schemes: tuple[Scheme, ...] = ()
    mechanic: Mechanic | None = None
    readings: Readings = NO_READINGS
    composer: Composer | None = None

    def saved_at(self) -> Moment:
        """When a draft is kept: the corrected time, so that a wall clock set right ages nothing."""
        corrected_ms = int(self.clock.now().timestamp() * 1000)
        return replace(self.clock.moment(), wall_ms=corrected_ms)

    def identity(self) -> Identity:
        """Who this machine is.

        Raises:
            NotEnrolledError: Nobody yet.
        """
        identity = self.store.identity.read()
        if identity is None:
            raise NotEnrolledError
        return identity


class DeskError(Exception):
    """The desk cannot do what was asked; the code says why and nothing has changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotEnrolledError(DeskError):
    """The machine has no identity: nobody can be identified, nothing sent."""

    def __init__(self) -> None:
        super().__init__("not_enrolled")


def code_of(error: StoreError) -> str:
    """The word a session knows a failure of the store by."""
    match error:
        case StoreFull():
            return "full"
        case StoreLocked():
            return "locked"
        case StoreDamaged():
            return "damaged"
        case WritingStopped() | KeyChanged():
            return "stopped"
        case _:
            return "store"
