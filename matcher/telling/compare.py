"""Several placements of one problem side by side: how many moved, how far down, who differs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.files.placement import Move, Placement
from matcher.files.problem import CountyCode, Problem, TeacherId

FORMAT = "jiepin-comparison/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One placement in numbers.

    Attributes:
        moved: Movers by phase, in the order of the rule file.
        ranks: Movers by the rank of the wish they got, ascending.
        mean_rank: Hundredths; None if nobody moved.
        flows: Movers by (county left, county entered), by code.
    """

    name: str
    placement: str
    moved: Mapping[str, int]
    ranks: Mapping[int, int]
    mean_rank: int | None
    flows: Mapping[tuple[CountyCode, CountyCode], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A teacher to whom it matters.

    ``wishes``: the rank she gets in each placement, None for no move; ``better``: the names of the
    placements that give her the best of these.
    """

    teacher: TeacherId
    wishes: tuple[int | None, ...]
    better: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Placements of one problem, side by side."""

    problem: str
    accounts: tuple[Account, ...]
    differences: tuple[Difference, ...]

    def document(self) -> dict[str, object]:
        """The comparison as JSON."""
        return {
            "format": FORMAT,
            "problem": self.problem,
            "placements": [
                {
                    "name": account.name,
                    "placement": account.placement,
                    "moved": dict(account.moved),
                    "total": sum(account.moved.values()),
                    "ranks": {str(rank): count for rank, count in account.ranks.items()},
                    "mean_rank_hundredths": account.mean_rank,
                    "flows": [
                        {"from": left, "to": entered, "moved": count}
                        for (left, entered), count in account.flows.items()
                    ],
                }
                for account in self.accounts
            ],
            "differences": [
                {
                    "teacher": difference.teacher,
                    "wishes": list(difference.wishes),
                    "better": list(difference.better),
                }
                for difference in self.differences
            ],
        }


def compare(problem: Problem, placements: Mapping[str, Placement]) -> Comparison:
    """The placements, by name, in numbers. Whether they are right, `matcher.checking` says."""
    moves = {
        name: {move.teacher: move for move in placement.moves()}
        for name, placement in placements.items()
    }
    return Comparison(
        problem=problem.identity(),
        accounts=tuple(_account(problem, name, p) for name, p in placements.items()),
        differences=tuple(
            difference
            for teacher in sorted(t.id for t in problem.teachers)
            if (difference := _difference(teacher, moves)) is not None
        ),
    )


def _account(problem: Problem, name: str, placement: Placement) -> Account:
    county = {school.id: school.county for school in problem.schools}
    moves = list(placement.moves())
    ranks = Counter(move.wish for move in moves)
    by_phase = Counter({phase.name: 0 for phase in problem.rules.phases})
    for component in placement.components:
        by_phase[component.phase] += len(component.moves)
    flows = Counter((county[m.origin.school], county[m.destination.school]) for m in moves)
    return Account(
        name=name,
        placement=placement.identity(),
        moved=dict(by_phase),
        ranks=dict(sorted(ranks.items())),
        mean_rank=100 * sum(move.wish for move in moves) // len(moves) if moves else None,
        flows=dict(sorted(flows.items())),
    )


def _difference(
    teacher: TeacherId, moves: Mapping[str, Mapping[TeacherId, Move]]
) -> Difference | None:
    got = [_got(placement.get(teacher)) for placement in moves.values()]
    if len(set(got)) == 1:
        return None
    best = min(rank for rank in got if rank is not None)
    return Difference(
        teacher=teacher,
        wishes=tuple(None if rank is None else rank[0] for rank in got),
        better=tuple(name for name, rank in zip(moves, got, strict=True) if rank == best),
    )


def _got(move: Move | None) -> tuple[int, int] | None:
    return None if move is None else (move.wish, move.subject_rank)
