"""What every part of the daemon works with."""

from dataclasses import dataclass
from typing import Protocol

from core.sealing import SigningKey
from syncd.client import Client
from syncd.store.database import Store
from syncd.store.moment import Moment


class Clock(Protocol):
    """Reads this machine's clocks."""

    def __call__(self) -> Moment:
        """Now."""


class Log(Protocol):
    """Takes past-tense events with fields (structlog's bound logger)."""

    def info(self, event: str, **fields: object) -> object:
        """What happened as it should."""

    def warning(self, event: str, **fields: object) -> object:
        """What somebody may want to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Store, line, log key and clock of one machine.

    ``older`` are log keys it had before: a server restored from before the change asks for uploads
    that begin under them.
    """

    store: Store
    client: Client
    key: SigningKey
    clock: Clock
    older: tuple[SigningKey, ...] = ()

    def key_at(self, seq: int) -> SigningKey:
        """The key that signs a batch from entry ``seq`` on; the newest if that one is gone."""
        public = self.store.ledger.key_at(seq)
        return next((each for each in self.older if each.public == public), self.key)


class ChoreError(Exception):
    """What came is thrown away; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code only: hostile bytes never reach a log line."""
        super().__init__(code)
        self.code = code
