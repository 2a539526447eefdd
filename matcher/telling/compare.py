"""Several placements side by side: how many moved, how far down, from where to where, who differs.

Only codes and numbers; the sentences are in `matcher.telling.comparing_text`. Whether a placement
is right, `matcher.checking` says; here every one that moves people of the problem to places they
listed can be told, whatever rules or mechanism it came from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.deciding.market import Market, market_of
from matcher.files.placement import Move, Placement
from matcher.files.problem import CountyCode, Position, Problem, TeacherId
from matcher.telling.complaints import Complaints, Field

FORMAT = "jiepin-comparison/1"


class Why(StrEnum):
    """What stood at the better place, in the placement that did not give it to her."""

    NO_SEAT = "no_seat"
    SEAT_EMPTY = "seat_empty"
    HIGHER_PRIORITY = "higher_priority"
    LOWER_PRIORITY = "lower_priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Teachers a county lost to and gained from elsewhere; moves inside it are ``within``."""

    left: int
    entered: int
    within: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """Who got into a position: how many, and the hundredths of the lowest and the highest."""

    position: Position
    moved: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One placement in numbers.

    Attributes:
        same_problem: Whether it was made from this very problem file, or from another with the
            same people (other rules, other vacancies).
        moved: Movers by phase, in the order of the rule file.
        sizes: Components by kind and number of people, ascending.
        ranks: Movers by the rank of the wish they got, ascending.
        mean_rank: Hundredths, rounded down; None if nobody moved.
        median_rank: Hundredths; None if nobody moved.
        flows: Movers by (county left, county entered), by code.
        counties: By code, every county somebody left or entered.
        cutoffs: By school and subject.
    """

    name: str
    placement: str
    mechanism: str
    same_problem: bool
    moved: Mapping[str, int]
    sizes: Mapping[tuple[str, int], int]
    ranks: Mapping[int, int]
    mean_rank: int | None
    median_rank: int | None
    flows: Mapping[tuple[CountyCode, CountyCode], int]
    counties: Mapping[CountyCode, Balance]
    cutoffs: tuple[Cutoff, ...]
    complaints: Complaints

    @property
    def label(self) -> str:
        """The name without folders and endings, where there is little room."""
        return self.name.rpartition("/")[2].removesuffix(".zst").removesuffix(".json")

    @property
    def total(self) -> int:
        """How many move."""
        return sum(self.moved.values())

    def document(self) -> dict[str, object]:
        """The account as JSON."""
        return {
            "name": self.name,
            "placement": self.placement,
            "mechanism": self.mechanism,
            "same_problem": self.same_problem,
            "moved": dict(self.moved),
            "total": self.total,
            "sizes": [
                {"kind": kind, "people": people, "components": count}
                for (kind, people), count in self.sizes.items()
            ],
            "ranks": {str(rank): count for rank, count in self.ranks.items()},
            "mean_rank_hundredths": self.mean_rank,
            "median_rank_hundredths": self.median_rank,
            "flows": [
                {"from": left, "to": entered, "moved": count}
                for (left, entered), count in self.flows.items()
            ],
            "counties": {
                code: {"left": each.left, "entered": each.entered, "within": each.within}
                for code, each in self.counties.items()
            },
            "cutoffs": [
                {
                    "position": [each.position.school, each.position.subject],
                    "moved": each.moved,
                    "lowest": each.lowest,
                    "highest": each.highest,
                }
                for each in self.cutoffs
            ],
            "complaints": self.complaints.document(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What a placement gives one teacher."""

    phase: str
    move: Move

    @property
    def rank(self) -> tuple[int, int]:
        """Wish and subject; smaller is better for her."""
        return self.move.wish, self.move.subject_rank

    def document(self) -> dict[str, object]:
        """The gain as JSON."""
        to = self.move.destination
        return {
            "phase": self.phase,
            "position": [to.school, to.subject],
            "wish": self.move.wish,
            "subject_rank": self.move.subject_rank,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why not the better place: what stood there, and how many people got in."""

    code: Why
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A teacher to whom it matters.

    ``got``: by placement, None for no move; ``better``: the names of the placements that give her
    the best of these; ``why``: by placement, why it did not, None for those that did.
    """

    teacher: TeacherId
    got: tuple[Got | None, ...]
    better: tuple[str, ...]
    why: tuple[Reason | None, ...]

    def document(self) -> dict[str, object]:
        """The difference as JSON."""
        return {
            "teacher": self.teacher,
            "wishes": [None if each is None else each.move.wish for each in self.got],
            "better": list(self.better),
            "got": [None if each is None else each.document() for each in self.got],
            "why": [
                None if each is None else {"code": each.code.value, "people": each.people}
                for each in self.why
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Placements of one problem, side by side; ``teachers``: how many there are to be moved."""

    problem: str
    season: str
    stage: str
    rules: str
    teachers: int
    accounts: tuple[Account, ...]
    differences: tuple[Difference, ...]

    @property
    def phases(self) -> Iterable[str]:
        """Every phase of the rule file or of a placement, in order."""
        return dict.fromkeys(phase for each in self.accounts for phase in each.moved)

    def document(self) -> dict[str, object]:
        """The comparison as JSON."""
        return {
            "format": FORMAT,
            "problem": self.problem,
            "season": self.season,
            "stage": self.stage,
            "rules": self.rules,
            "teachers": self.teachers,
            "phases": [*self.phases],
            "placements": [account.document() for account in self.accounts],
            "differences": [difference.document() for difference in self.differences],
        }


def stranger(problem: Problem, placement: Placement) -> Move | None:
    """The first move that is none of this problem; None if each is a listed wish of hers.

    A position nobody holds and no county opened is none of it either: when vacancies differ, the
    problem to compare by is the one with more of them.
    """
    teachers = {teacher.id: teacher for teacher in problem.teachers}
    known = {teacher.position for teacher in problem.teachers}
    known.update(vacancy.position for vacancy in problem.vacancies)
    for move in placement.moves():
        her, to = teachers.get(move.teacher), move.destination
        if (
            her is None
            or move.origin != her.position
            or her.wishes[move.wish - 1 : move.wish] != (to.school,)
            or her.subjects[move.subject_rank - 1 : move.subject_rank] != (to.subject,)
            or to not in known
        ):
            return move
    return None


def compare(problem: Problem, placements: Mapping[str, Placement]) -> Comparison:
    """The placements, by name, in numbers; none may hold a `stranger`."""
    market = market_of(problem)
    fields = [Field(market, problem, placement) for placement in placements.values()]
    gains = [_gains(placement) for placement in placements.values()]
    teachers = sorted(teacher.id for teacher in problem.teachers)
    return Comparison(
        problem=problem.identity(),
        season=problem.season,
        stage=problem.stage.value,
        rules=problem.rules.name,
        teachers=len(teachers),
        accounts=tuple(
            _account(market, problem, name, placement, field)
            for (name, placement), field in zip(placements.items(), fields, strict=True)
        ),
        differences=tuple(_differences(teachers, tuple(placements), gains, fields)),
    )


def _account(
    market: Market, problem: Problem, name: str, placement: Placement, field: Field
) -> Account:
    county = {school.id: school.county for school in problem.schools}
    moves = list(placement.moves())
    by_phase = Counter({phase.name: 0 for phase in problem.rules.phases})
    for component in placement.components:
        by_phase[component.phase] += len(component.moves)
    sizes = Counter((c.kind, len(c.moves)) for c in placement.components)
    wishes = sorted(move.wish for move in moves)
    flows = Counter((county[m.origin.school], county[m.destination.school]) for m in moves)
    return Account(
        name=name,
        placement=placement.identity(),
        mechanism=placement.mechanism.value,
        same_problem=placement.problem == problem.identity(),
        moved=dict(by_phase),
        sizes=dict(sorted(sizes.items())),
        ranks=dict(sorted(Counter(wishes).items())),
        mean_rank=100 * sum(wishes) // len(wishes) if wishes else None,
        median_rank=_median_in_hundredths(wishes) if wishes else None,
        flows=dict(sorted(flows.items())),
        counties=dict(balances(flows)),
        cutoffs=tuple(_cutoffs(market, field)),
        complaints=field.complaints(),
    )


def _median_in_hundredths(ordered: Sequence[int]) -> int:
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return 100 * ordered[middle]
    return 50 * (ordered[middle - 1] + ordered[middle])


def balances(
    flows: Mapping[tuple[CountyCode, CountyCode], int],
) -> Iterator[tuple[CountyCode, Balance]]:
    """What each county of these flows lost and gained, by code."""
    left, entered, within = Counter[CountyCode](), Counter[CountyCode](), Counter[CountyCode]()
    for (origin, destination), count in flows.items():
        if origin == destination:
            within[origin] += count
        else:
            left[origin] += count
            entered[destination] += count
    for code in sorted(left.keys() | entered.keys() | within.keys()):
        yield code, Balance(left=left[code], entered=entered[code], within=within[code])


def _cutoffs(market: Market, field: Field) -> Iterator[Cutoff]:
    for position, entrants in sorted(field.entrants.items()):
        points = [-market.groups[standing].key[0] for standing in entrants]
        yield Cutoff(
            position=market.positions[position],
            moved=len(points),
            lowest=min(points),
            highest=max(points),
        )


def _gains(placement: Placement) -> Mapping[TeacherId, Got]:
    return {
        move.teacher: Got(phase=component.phase, move=move)
        for component in placement.components
        for move in component.moves
    }


def _differences(
    teachers: Sequence[TeacherId],
    names: Sequence[str],
    gains: Sequence[Mapping[TeacherId, Got]],
    fields: Sequence[Field],
) -> Iterator[Difference]:
    for teacher in teachers:
        got = tuple(each.get(teacher) for each in gains)
        ranks = [None if each is None else each.rank for each in got]
        if len(set(ranks)) == 1:
            continue
        best = min((each for each in got if each is not None), key=lambda each: each.rank)
        wanted = best.move.destination
        yield Difference(
            teacher=teacher,
            got=got,
            better=tuple(n for n, rank in zip(names, ranks, strict=True) if rank == best.rank),
            why=tuple(
                None if rank == best.rank else _reason(field, teacher, wanted)
                for rank, field in zip(ranks, fields, strict=True)
            ),
        )


def _reason(field: Field, teacher: TeacherId, wanted: Position) -> Reason:
    people, lower = field.people_at(teacher, wanted)
    if lower:
        return Reason(code=Why.LOWER_PRIORITY, people=people)
    if field.is_empty(wanted):
        return Reason(code=Why.SEAT_EMPTY, people=people)
    return Reason(code=Why.HIGHER_PRIORITY if people else Why.NO_SEAT, people=people)
