"""The best choice of columns, by one goal after another, with a bound that needs no belief.

Prices of rows come from the solver as fractions; they are rounded up to millionths, and what
still costs less than it is worth is repaired, so that no choice at all can be worth more than
the sum of all prices. A column that costs more than it is worth by more than the gap can be in no
best choice and is dropped. So few are left that the rest is quickly searched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matcher.whatif.columns import Column, Row, capacity, uses
from matcher.whatif.diving import dive
from matcher.whatif.highs import Program, choose, relax
from matcher.whatif.setting import Setting

SCALE = 1_000_000
_NO_SHARE = 1e-3
_MIXING, _MIXED_OF = 2_654_435_761, 1 << 32  # so that equals are not tried in runs of one kind
_TRIED_PER_ROW = 3  # how many of the likeliest columns are tried first
SEARCHED_AT_MOST = 1_500  # columns; of more, a good choice is taken and the gap stated
Goal = Callable[[Column], int]
"""What a column is worth, a whole number from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What was reached for one goal. ``value == bound``: nothing better is possible.

    ``proved``: the bound that ``prices`` prove by themselves, without any search; by row, in
    millionths of one unit of worth.
    """

    value: int
    bound: int
    proved: int
    prices: dict[Row, int]


class Search:
    """Columns that can still be in a best choice."""

    def __init__(
        self,
        setting: Setting,
        columns: Sequence[Column],
        longest: int,
        searched_at_most: int = SEARCHED_AT_MOST,
    ) -> None:
        self._searched_at_most = searched_at_most
        self.columns = list(columns)
        self.chosen: list[Column] = []
        self._rows: dict[Row, int] = {}
        self._uses = {
            column: [(self._rows.setdefault(row, len(self._rows)), amount) for row, amount in used]
            for column in columns
            for used in (list(uses(setting, column, longest)),)
        }
        self._room = [capacity(setting, row) for row in self._rows]
        self._kept: list[tuple[Goal, int]] = []

    def pursue(self, goal: Goal) -> Stage:
        """Reach as much of the goal as the goals before it allow, and drop what cannot help.

        Raises:
            SolverMissingError: The extra ``what-if`` is not installed.
        """
        room = [*self._room, *(-value for _, value in self._kept)]
        program = Program(
            worth=[goal(column) for column in self.columns],
            entries=[self._entries(column) for column in self.columns],
            room=room,
        )
        relaxed = relax(program)
        priced, surplus = sound_prices(program, relaxed.prices)
        limit = sum(price * most for price, most in zip(priced, room, strict=True))
        proved = bound = limit // SCALE
        value = sum(map(goal, self.chosen))
        if value < bound:
            hopeful = sorted(
                range(len(surplus)),
                key=lambda n: (relaxed.shares[n] < _NO_SHARE, surplus[n], n * _MIXING % _MIXED_OF),
            )
            self._try(program, hopeful[: _TRIED_PER_ROW * len(room)])
            value = sum(map(goal, self.chosen))
        if value < bound:
            better = limit - (value + 1) * SCALE
            helpful = [n for n, more in enumerate(surplus) if more <= better]
            if len(helpful) <= self._searched_at_most and self._try(program, helpful):
                value = bound = sum(map(goal, self.chosen))
        self._kept.append((goal, value))
        self.columns = [
            column
            for column, more in zip(self.columns, surplus, strict=True)
            if more <= limit - value * SCALE
        ]
        rows = {number: row for row, number in self._rows.items()}
        named = {rows[n]: price for n, price in enumerate(priced) if price and n in rows}
        return Stage(value=value, bound=bound, proved=proved, prices=named)

    def _entries(self, column: Column) -> list[tuple[int, int]]:
        first = len(self._room)
        kept = ((first + number, -goal(column)) for number, (goal, _) in enumerate(self._kept))
        return [*self._uses[column], *(entry for entry in kept if entry[1])]

    def _try(self, program: Program, numbers: Sequence[int]) -> bool:
        """Choose among these columns and those already chosen; whether nothing better is there."""
        place = {column: number for number, column in enumerate(self.columns)}
        mine = {place[column] for column in self.chosen}
        among = sorted({*numbers, *mine})
        part = Program(
            worth=[program.worth[number] for number in among],
            entries=[program.entries[number] for number in among],
            room=program.room,
        )
        if len(among) > self._searched_at_most:
            found = dive(part, self._searched_at_most // 4)
        else:
            found = choose(part, [place for place, number in enumerate(among) if number in mine])
        now = sum(program.worth[number] for number in mine)
        if sum(part.worth[place] for place in found.columns) > now:
            self.chosen = [self.columns[among[place]] for place in found.columns]
        return found.is_best


def sound_prices(program: Program, hints: Sequence[float]) -> tuple[list[int], list[int]]:
    """Prices in millionths at which no column is worth more than it costs, and the rest of each.

    ``hints``: what a unit of each row may be worth. Where that is too little, the price of a
    column's first row is raised: a person, whom every column that has her takes whole.
    """
    priced = [int(price * SCALE + 0.5) for price in hints]

    def surplus(number: int) -> int:
        cost = sum(priced[row] * amount for row, amount in program.entries[number])
        return cost - program.worth[number] * SCALE

    for number in range(len(program.worth)):
        missing = -surplus(number)
        if missing > 0:
            priced[program.entries[number][0][0]] += missing
    return priced, [surplus(number) for number in range(len(program.worth))]
