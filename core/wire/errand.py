"""What a machine asks the centre to do for a teacher beside the log (DESIGN D18).

An errand is no fact about an application, so it is not in the log: it is asked under the machine's
key over a fresh beacon, repeated as often as needed under one id, and leaves nothing behind but
what it was for. The machine thinks up code and token itself: the answer holds no secret, and a code
can be checked without a line.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core.wire.event import Bytes8, Bytes16, Natural, Positive

ERRAND_BYTES = 4096
TOKEN_LETTERS = 16
SETTINGS_BYTES = 512
Address = Annotated[str, Meta(max_length=254)]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Token = Annotated[str, Meta(pattern=r"^[a-z2-7]{16}\Z")]
Settings = Annotated[bytes, Meta(min_length=1, max_length=SETTINGS_BYTES)]
"""How a person wants kiosks to look; only kiosks read them."""


class Task(StrEnum):
    """What can be asked for."""

    MAIL_CODE = "mail_code"
    MAIL_PROVED = "mail_proved"
    LINE_LINK = "line_link"
    LINE_UNLINK = "line_unlink"
    DISPLAY = "display"


class Progress(StrEnum):
    """How far an errand is; only the first two may still change."""

    QUEUED = "queued"
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"

    @property
    def final(self) -> bool:
        """Whether asking again is of no use."""
        return self in {Progress.DONE, Progress.REFUSED}


NEEDS: Mapping[Task, frozenset[str]] = MappingProxyType(
    {
        Task.MAIL_CODE: frozenset({"address", "code"}),
        Task.MAIL_PROVED: frozenset({"address"}),
        Task.LINE_LINK: frozenset({"token"}),
        Task.LINE_UNLINK: frozenset(),
        Task.DISPLAY: frozenset({"display"}),
    }
)
"""What each carries."""


class Errand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signed by the machine. ``address`` and ``code`` belong to a mail code, ``token`` to a link.

    ``mail_proved`` says that the code that went to ``address`` was typed here. ``display`` are the
    settings to be kept with her, and left out of every other errand.

    ``id`` stays the same however often it is asked; ``beacon`` is one seen lately.
    """

    dev: Bytes16
    inc: Positive
    seq: Natural
    beacon: Bytes8
    id: Bytes16
    teacher: Bytes16
    task: Task
    address: Address | None
    code: Code | None
    token: Token | None
    display: Settings | UnsetType = UNSET

    @property
    def whole(self) -> bool:
        """Whether it carries exactly what its task needs."""
        told = (("address", self.address), ("code", self.code), ("token", self.token))
        has = {name for name, value in told if value is not None}
        if self.display is not UNSET:
            has.add("display")
        return has == NEEDS[self.task]


class ErrandAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an errand stands. ``detail`` is the code of a refusal; ``url`` what a QR code shows.

    ``channels`` are those the centre sends by: ``mail``, ``line``.
    """

    id: Bytes16
    progress: Progress
    detail: Annotated[str, Meta(max_length=64)]
    url: Annotated[str, Meta(max_length=500)]
    channels: Annotated[tuple[Annotated[str, Meta(max_length=16)], ...], Meta(max_length=8)]
