"""Who could complain of a placement: people passed over by somebody of lower priority.

That somebody may be right to be there all the same: in a ring she gives a seat for the one she
takes, and 原民調 is not for everybody. So complaints are counted by the phase of the other's move.
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.deciding.market import Market
from matcher.files.placement import Placement
from matcher.files.problem import Position, Problem, TeacherId


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaints:
    """What people of a placement could say.

    Attributes:
        pairs: (she, other): she prefers the position the other moved to and has priority there.
        teachers: How many different ones could say so.
        by_phase: The pairs by the phase of the other's move, in the order of the placement.
        wanted_empty: Teachers who prefer a position where a seat stands empty at the end.
    """

    pairs: int
    teachers: int
    by_phase: Mapping[str, int]
    wanted_empty: int

    def document(self) -> dict[str, object]:
        """The complaints as JSON."""
        return {
            "pairs": self.pairs,
            "teachers": self.teachers,
            "by_phase": dict(self.by_phase),
            "wanted_empty": self.wanted_empty,
        }


class Field:
    """One placement laid over the numbered market.

    ``entrants``: by position somebody moved to, the standings of those who did, best first.
    """

    def __init__(self, market: Market, problem: Problem, placement: Placement) -> None:
        self._market = market
        self._number = {teacher.id: n for n, teacher in enumerate(market.teachers)}
        self._position = {position: n for n, position in enumerate(market.positions)}
        self._empty = Counter({self._position[v.position]: v.count for v in problem.vacancies})
        self._order = dict.fromkeys(component.phase for component in placement.components)
        self._got: dict[int, int] = {}
        found: dict[int, list[tuple[int, str]]] = {}
        for component in placement.components:
            for move in component.moves:
                number = self._number[move.teacher]
                position = self._position[move.destination]
                self._got[number] = position
                self._empty[position] -= 1
                self._empty[market.home[number]] += 1
                standing = market.standing_at(number, position)
                found.setdefault(position, []).append((standing, component.phase))
        self._phases = {position: sorted(entered) for position, entered in found.items()}
        self.entrants: Mapping[int, Sequence[int]] = {
            position: array("l", (standing for standing, _ in entered))
            for position, entered in self._phases.items()
        }

    def is_empty(self, position: Position) -> bool:
        """Whether a seat stands empty there at the end."""
        return self._empty[self._position[position]] > 0

    def people_at(self, teacher: TeacherId, position: Position) -> tuple[int, int]:
        """How many moved there, and how many of them with lower priority than hers."""
        wanted = self._position[position]
        entrants = self.entrants.get(wanted, ())
        mine = self._market.standing_at(self._number[teacher], wanted)
        return len(entrants), len(entrants) - bisect_right(entrants, mine)

    def complaints(self) -> Complaints:
        """Everybody's, counted; one pass over all wishes that came before what was got."""
        by_phase, teachers, wanting = Counter[str](), 0, 0
        for number in range(len(self._market.teachers)):
            envied = 0
            wants = False
            for position in self._preferred(number):
                wants = wants or self._empty[position] > 0
                entered = self._phases.get(position)
                if entered:
                    mine = self._market.standing_at(number, position)
                    lower = entered[bisect_right(self.entrants[position], mine) :]
                    by_phase.update(phase for _, phase in lower)
                    envied += len(lower)
            teachers += envied > 0
            wanting += wants
        return Complaints(
            pairs=by_phase.total(),
            teachers=teachers,
            by_phase={name: by_phase[name] for name in self._order if name in by_phase},
            wanted_empty=wanting,
        )

    def _preferred(self, number: int) -> Iterator[int]:
        """Her options she likes better than what she has got, in her order."""
        got = self._got.get(number)
        for position in self._market.options[number]:
            if position == got:
                return
            yield position
