"""What a teacher does about how she is reached: the mail code, and LINE."""

from dataclasses import dataclass

from kiosk.session.device import Happening
from kiosk.session.person import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOpened(Happening):
    """F6 on K10, F7 on K11: how the teacher is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAsked(Happening):
    """寄驗證碼 to the address of the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTyped(Happening):
    """The six digits from the letter."""

    code: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAsked(Happening):
    """A QR for the teacher's own telephone, please."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUnlinkAsked(Happening):
    """No more notices by LINE."""
