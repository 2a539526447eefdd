"""Sets of small numbers as single large integers: thousands are joined or cut in one operation."""

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from itertools import compress
from operator import or_

_FEW = 24  # measured: from here on it is quicker to spell the whole set out
_SHORT = 64  # measured: so many numbers are joined one by one before spelling them all is quicker
_TRUTH = bytes.maketrans(b"01", b"\0\1")


def as_set(numbers: Collection[int], alone: Sequence[int]) -> int:
    """The numbers as a set. ``alone``: by number, the set of it alone, as far as numbers go."""
    if len(numbers) < _SHORT:
        return reduce(or_, map(alone.__getitem__, numbers), 0)
    spelt = bytearray(b"0") * len(alone)
    for number in numbers:
        spelt[-1 - number] = 49  # "1"
    return int(spelt, 2)


def members(group: int) -> Iterator[int]:
    """The numbers in a set, smallest first; nothing past the one asked for is looked at."""
    while group:
        lowest = group & -group
        yield lowest.bit_length() - 1
        group ^= lowest


def listed(group: int) -> Iterator[int]:
    """The same for who wants them all."""
    if group.bit_count() <= _FEW:
        return members(group)
    spelt = bin(group)[:1:-1].encode().translate(_TRUTH)
    return compress(range(len(spelt)), spelt)


def turned(rows: list[int], width: int) -> list[int]:
    """The columns of a square of bits: bit ``i`` of row ``k`` is bit ``k`` of column ``i``."""
    columns: list[int] = []
    for first in range(0, width, _BAND):
        size = min(_BAND, width - first)
        mask = (1 << size) - 1
        spelt = "".join(f"{row >> first & mask:0{size}b}" for row in reversed(rows))
        columns += (int(spelt[size - 1 - n :: size] or "0", 2) for n in range(size))
    return columns


_BAND = 512  # columns turned at a time, so that the spelling of a large square stays small
