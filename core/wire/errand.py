"""What a machine asks the centre to do for a teacher beside the log (DESIGN D18).

An errand is no fact about an application, so it is not in the log: it is asked under the machine's
key over a fresh beacon, repeated as often as needed under one id, and leaves nothing behind but
what it was for. The machine thinks up code and token itself: the answer holds no secret, and a code
can be checked without a line.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from core.wire.event import Bytes8, Bytes16, Natural, Positive

ERRAND_BYTES = 4096
TOKEN_LETTERS = 16
Address = Annotated[str, Meta(max_length=254)]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
Token = Annotated[str, Meta(pattern=r"^[a-z2-7]{16}\Z")]


class Task(StrEnum):
    """What can be asked for."""

    MAIL_CODE = "mail_code"
    MAIL_PROVED = "mail_proved"
    LINE_LINK = "line_link"
    LINE_UNLINK = "line_unlink"


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


class Errand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signed by the machine. ``address`` and ``code`` belong to a mail code, ``token`` to a link.

    ``mail_proved`` says that the code that went to ``address`` was typed here.

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

    @property
    def whole(self) -> bool:
        """Whether it carries exactly what its task needs."""
        has = (self.address is not None, self.code is not None, self.token is not None)
        match self.task:
            case Task.MAIL_CODE:
                return has == (True, True, False)
            case Task.MAIL_PROVED:
                return has == (True, False, False)
            case Task.LINE_LINK:
                return has == (False, False, True)
            case _:
                return has == (False, False, False)


class ErrandAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an errand stands. ``detail`` is the code of a refusal; ``url`` what a QR code shows.

    ``channels`` are those the centre sends by: ``mail``, ``line``.
    """

    id: Bytes16
    progress: Progress
    detail: Annotated[str, Meta(max_length=64)]
    url: Annotated[str, Meta(max_length=500)]
    channels: Annotated[tuple[Annotated[str, Meta(max_length=16)], ...], Meta(max_length=8)]
