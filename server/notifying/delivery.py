"""What became of one try to send one message. No network in here."""

from dataclasses import dataclass

from server.notifying.text import Message, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message on its way to ``target``: a mail address, or a LINE user id."""

    id: bytes
    topic: Topic
    target: str
    message: Message
    t_ms: int

    def __repr__(self) -> str:
        """Nothing of whom it goes to."""
        return f"Parcel({self.topic})"


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side will never take it; the code says why."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """Not now. ``everything``: no other message would go through either.

    ``after_ms``: how long the other side asked to wait.
    """

    code: str
    everything: bool
    after_ms: int | None = None


Outcome = Sent | Refused | PutOff
