"""Identifiers: the number on a person's card; opaque names of schools, machines, records."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NewType, Self

SchoolId = NewType("SchoolId", str)
"""MOE code: opaque text, leading zeros kept (``013601``, ``07C301``, ``213644-A``)."""
CountyCode = NewType("CountyCode", str)
"""Two digits, MOE numbering; merged cities are known by the code of `County.code` only."""
SubjectCode = NewType("SubjectCode", str)
"""Slug of `core/rules/tables/subjects.toml`, such as ``general``."""
DeviceId = NewType("DeviceId", bytes)
"""16 bytes."""
EventHash = NewType("EventHash", bytes)
"""32 bytes."""
ApplicationId = NewType("ApplicationId", bytes)
"""16 bytes."""
TeacherId = NewType("TeacherId", bytes)
"""16 bytes: a pseudonym, never derived from the national number without a key."""
KeyId = NewType("KeyId", bytes)
"""16 bytes."""

# Order of the letters in which the household registration offices were numbered: A=10 … O=35.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_LETTER_CODES = {letter: 10 + index for index, letter in enumerate(_LETTERS)}
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_LENGTH = 10


class IdKind(StrEnum):
    """Which register issued the number."""

    NATIONAL = "national"
    RESIDENT = "resident"
    RESIDENT_OLD = "resident_old"


_KINDS = {
    **dict.fromkeys("12", IdKind.NATIONAL),
    **dict.fromkeys("89", IdKind.RESIDENT),
    **dict.fromkeys("ABCD", IdKind.RESIDENT_OLD),
}
_MALE = frozenset("18AC")


@dataclass(frozen=True, slots=True)
class NationalId:
    """A 身分證字號 or 統一證號 whose checksum holds. Prints only its first letter in a ``repr``.

    New resident numbers (``8`` ``9``) exist since 2021-01-02; old ones (``A`` to ``D``) stay valid
    until 2031-01-01.
    """

    text: str

    def __post_init__(self) -> None:
        fault = _fault(self.text)
        if fault is not None:
            raise ValueError(fault)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Accept what people type: full width, lower case, spaces anywhere.

        Raises:
            ValueError: ``id_length``, ``id_letter``, ``id_kind``, ``id_digits`` or ``id_checksum``.
        """
        return cls("".join(unicodedata.normalize("NFKC", text).split()).upper())

    @property
    def kind(self) -> IdKind:
        """National, resident, or resident in the form issued before 2021."""
        return _KINDS[self.text[1]]

    @property
    def sex(self) -> Literal["M", "F"]:
        """What the second character says; the card's own field wins where they differ."""
        return "M" if self.text[1] in _MALE else "F"

    @property
    def masked(self) -> str:
        """Three characters at each end, such as ``A12****789``."""
        return f"{self.text[:3]}****{self.text[-3:]}"

    def __repr__(self) -> str:
        return f"NationalId({self.text[0]}*********)"


def generate_national_id(letter: str, sex_digit: str, seven_digits: str) -> NationalId:
    """These nine characters and the check digit that belongs to them, for invented people.

    ``sex_digit`` is the second character: 1 2 national, 8 9 resident, A B C D old resident.

    Raises:
        ValueError: As `NationalId.from_text`.
    """
    front = f"{letter}{sex_digit}{seven_digits}"
    fault = _fault(f"{front}0")
    if fault not in {None, "id_checksum"}:
        raise ValueError(fault)
    return NationalId(f"{front}{-_weighted_sum(f'{front}0') % 10}")


def _fault(text: str) -> str | None:
    if len(text) != _LENGTH:
        return "id_length"
    if text[0] not in _LETTER_CODES:
        return "id_letter"
    if text[1] not in _KINDS:
        return "id_kind"
    # isdecimal alone would let other scripts' digits through.
    if not (text[2:].isascii() and text[2:].isdecimal()):
        return "id_digits"
    return None if _weighted_sum(text) % 10 == 0 else "id_checksum"


def _weighted_sum(text: str) -> int:
    first = _LETTER_CODES[text[0]]
    # An old resident number's second letter counts as the last digit of its code.
    second = int(text[1]) if text[1].isdecimal() else _LETTER_CODES[text[1]] % 10
    digits = (first // 10, first % 10, second, *(int(character) for character in text[2:]))
    return sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True))
