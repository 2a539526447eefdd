"""封箱碼: the head of a log in twenty letters that can be read over a telephone (DESIGN D14).

Four groups of five, ``8F3KA-29QDC-…``: in each, four letters carry the first 80 bits of the head
and the fifth is a check over its group, so that a mistake is found in the group that has it.
It refuses to know which machine the head belongs to.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from core.wire.receipt import CROCKFORD

GROUPS = 4
GROUP_LETTERS = 5
HEAD_BYTES = 10  # 16 letters of 5 bits
LETTER_BITS = 5
REDUCTION = 0b100101  # x⁵ + x² + 1, primitive over GF(2)
MISTAKEN = str.maketrans("OIL", "011")
BETWEEN = frozenset({"Pd", "Pc", "Zs", "Zl", "Zp", "Cc"})  # hyphens, blanks, ends of line
DOTS = frozenset(".,、")
TEXT_AT_MOST = 200


class Mishap(StrEnum):
    """What is wrong with a code that somebody read out or typed."""

    LENGTH = "length"
    LETTER = "letter"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misheard:
    """A code that is none; ``groups`` are the ones to ask for again, counted from 1."""

    mishap: Mishap
    groups: tuple[int, ...]


def seal_code(head: bytes) -> str:
    """The 封箱碼 of a head: 20 letters in four groups, 23 characters with the hyphens.

    ``head`` is the 32-byte hash of the last entry; its first 10 bytes are enough.
    """
    number = int.from_bytes(head[:HEAD_BYTES], "big")
    carried = GROUP_LETTERS - 1
    values = [
        number >> shift & 31
        for shift in range((GROUPS * carried - 1) * LETTER_BITS, -1, -LETTER_BITS)
    ]
    groups = []
    for place in range(GROUPS):
        group = values[place * carried : (place + 1) * carried]
        groups.append("".join(CROCKFORD[each] for each in [*group, _check(place, group)]))
    return "-".join(groups)


def decode_seal_code(text: str) -> bytes | Misheard:
    """The first 10 bytes of the head, from a code as people write it.

    Small letters, full-width letters, blanks and hyphens anywhere, O for 0, I and L for 1 are
    taken. A code that fails names the groups to ask for again.
    """
    cleaned = unicodedata.normalize("NFKC", text[:TEXT_AT_MOST]).upper().translate(MISTAKEN)
    parts = "".join(" " if _parts_groups(letter) else letter for letter in cleaned).split()
    letters = "".join(parts)
    if len(letters) != GROUPS * GROUP_LETTERS:
        return Misheard(mishap=Mishap.LENGTH, groups=_short_groups(parts))
    groups = [letters[i : i + GROUP_LETTERS] for i in range(0, len(letters), GROUP_LETTERS)]
    strange = tuple(
        place + 1
        for place, group in enumerate(groups)
        if any(each not in CROCKFORD for each in group)
    )
    if strange:
        return Misheard(mishap=Mishap.LETTER, groups=strange)
    number = 0
    wrong: list[int] = []
    for place, group in enumerate(groups):
        *values, check = (CROCKFORD.index(each) for each in group)
        if _check(place, values) != check:
            wrong.append(place + 1)
        for each in values:
            number = number << LETTER_BITS | each
    if wrong:
        return Misheard(mishap=Mishap.CHECK, groups=tuple(wrong))
    return number.to_bytes(HEAD_BYTES, "big")


def _parts_groups(letter: str) -> bool:
    return letter in DOTS or unicodedata.category(letter) in BETWEEN


def _short_groups(parts: list[str]) -> tuple[int, ...]:
    """The groups of the wrong length; none when the text is not in four groups."""
    if len(parts) != GROUPS:
        return ()
    return tuple(place + 1 for place, part in enumerate(parts) if len(part) != GROUP_LETTERS)


def _check(place: int, values: list[int]) -> int:
    """The letter that makes the weighted sum over GF(32) come to the number of the group.

    Every letter has its own weight and the check weight one, so that one wrong letter or two
    exchanged ones always show; the number of the group, so that exchanged groups do.
    """
    total = place + 1
    for value in values:
        total = _double(total ^ value)
    return total


def _double(value: int) -> int:
    """Times x in GF(32)."""
    value <<= 1
    return value ^ REDUCTION if value > 31 else value  # noqa: PLR2004 - five bits
