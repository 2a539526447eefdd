"""What a teacher does about how she is reached: the mail code, and LINE."""

from dataclasses import dataclass

from kiosk.session.device import Happening
from kiosk.session.person import Secret


class ContactOpened(Happening):
    """F6 on K10, F7 on K11: how the teacher is reached."""

    __slots__ = ()


class CodeAsked(Happening):
    """寄驗證碼 to the address of the draft."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTyped(Happening):
    """The six digits from the letter."""

    code: Secret


class LineAsked(Happening):
    """A QR for the teacher's own telephone, please."""

    __slots__ = ()


class LineUnlinkAsked(Happening):
    """No more notices by LINE."""

    __slots__ = ()
