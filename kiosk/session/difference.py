"""What changed between a sent version and the answers now (F4 on K06 and K11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.ids import SchoolId
from kiosk.session.draft import Answers

FIELDS = (
    "teacher_name",
    "phone1",
    "phone2",
    "email",
    "indigenous",
    "language",
    "area_limit",
    "service_years",
    "subject2",
    "subject3",
    "county_a",
    "county_b",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A wish at another rank; ranks count from 1."""

    school: SchoolId
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``added`` in the order of the new list, ``removed`` in that of the old one.

    ``moved`` are the fewest wishes that explain the new order: pushing one school to the front
    moves one wish, not all. ``fields`` names the other answers that differ.
    """

    added: tuple[SchoolId, ...]
    removed: tuple[SchoolId, ...]
    moved: tuple[Move, ...]
    fields: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many changes, for 「有 1 處修改」."""
        return len(self.added) + len(self.removed) + len(self.moved) + len(self.fields)


def difference(before: Answers, after: Answers) -> Difference:
    """From ``before`` (a version) to ``after`` (the draft)."""
    old, new = set(before.wishes), set(after.wishes)
    kept_before = [each for each in before.wishes if each in new]
    kept_after = [each for each in after.wishes if each in old]
    place = {each: index for index, each in enumerate(kept_before)}
    still = _longest_rising([place[each] for each in kept_after])
    ranks_before = {each: rank for rank, each in enumerate(before.wishes, start=1)}
    ranks_after = {each: rank for rank, each in enumerate(after.wishes, start=1)}
    return Difference(
        added=tuple(each for each in after.wishes if each not in old),
        removed=tuple(each for each in before.wishes if each not in new),
        moved=tuple(
            Move(school=each, before=ranks_before[each], after=ranks_after[each])
            for each in kept_after
            if place[each] not in still
        ),
        fields=tuple(
            each for each in FIELDS if (getattr(before, each) or "") != (getattr(after, each) or "")
        ),
    )


def _longest_rising(values: Sequence[int]) -> set[int]:
    """One longest rising subsequence (patience sorting); the values are distinct."""
    piles: list[int] = []
    previous: dict[int, int | None] = {}
    for value in values:
        low, high = 0, len(piles)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if piles[middle] < value else (low, middle)
        previous[value] = piles[low - 1] if low else None
        piles[low:] = [value, *piles[low + 1 :]] if low < len(piles) else [value]
    found: set[int] = set()
    step = piles[-1] if piles else None
    while step is not None:
        found.add(step)
        step = previous[step]
    return found
