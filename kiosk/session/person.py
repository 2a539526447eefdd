"""Who stands at the kiosk, as read from card and roster.

Nothing here prints a name, a number or a password.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self

from core.domain.ids import NationalId, SchoolId, SubjectCode, TeacherId
from core.domain.name import masked_name
from core.domain.roc import TAIPEI
from core.domain.school import Stage


@dataclass(frozen=True, slots=True)
class Secret:
    """What was typed into a password or code box, on its one way to the desk.

    It lives in an event and in an effect, never in a state; its ``repr`` shows nothing.
    """

    typed: bytes = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The bytes of what was typed.

        Full-width letters count as the plain ones (an input method was on).
        """
        return cls(unicodedata.normalize("NFKC", text).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A card holder. ``name`` is the roster's where the school registered one, else the card's.

    ``card_name`` is what the card says, ``□`` for each character it cannot; ``card_name_raw`` its
    20 bytes. ``teacher`` is the pseudonym of this season, ``card`` the keyed hash of the card's
    content.
    """

    teacher: TeacherId = field(repr=False)
    national_id: NationalId
    name: str = field(repr=False)
    card_name: str = field(repr=False)
    card_name_raw: bytes = field(repr=False)
    name_damaged: bool
    birth: date = field(repr=False)
    sex: Literal["M", "F"] = field(repr=False)
    card: bytes = field(default=b"", repr=False)

    @property
    def masked_name(self) -> str:
        """As headers and queues show it: ``林○明``, ``Lee ○``."""
        return masked_name(self.name)


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody on the control list (管制名單): by which clause, and the first day she is not.

    Without ``until`` the county says when. It refuses nothing here: the county decides.
    """

    clause: str
    until: date | None

    def holds_at(self, moment: datetime) -> bool:
        """Whether she is on it still."""
        return self.until is None or moment.astimezone(TAIPEI).date() < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where the roster says the teacher works: the fixed part of 應聘資料.

    ``barred`` is what the centre said of her last.
    """

    school: SchoolId
    subject: SubjectCode
    stage: Stage
    title: str
    barred: Barred | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """How many tries a password has left, and until when it rests.

    ``until_ms`` is wall time, None when it does not.
    """

    tries_left: int
    until_ms: int | None = None
