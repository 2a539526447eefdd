"""What a roll call came to (`jiepin-rollcall-result/1`): who took whose seat, who changes places.

Seats at one position are alike, so somebody has to say which of them was whose. Here (範例, ours:
no source says) who takes a seat takes the one that has been open longest, and what does not go
onward into the next part is what has been open shortest.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from matcher.files import canon
from matcher.files.placement import Chain, Ring
from matcher.files.problem import Position, TeacherId
from matcher.rollcall.exchange import swaps
from matcher.rollcall.hall import Hall
from matcher.rollcall.log import Replay
from matcher.rollcall.state import State, Taken

FORMAT = "jiepin-rollcall-result/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One teacher's move."""

    teacher: TeacherId
    origin: Position
    destination: Position

    def document(self) -> dict[str, object]:
        """The move as it is written."""
        return {
            "teacher": self.teacher,
            "from": [self.origin.school, self.origin.subject],
            "to": [self.destination.school, self.destination.subject],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """People who depend on each other, as in a placement; ``part``: in which it began."""

    kind: str
    part: str
    moves: tuple[Step, ...]

    def document(self) -> dict[str, object]:
        """The line as it is written."""
        moves = [move.document() for move in self.moves]
        return {"kind": self.kind, "part": self.part, "moves": moves}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one roll call.

    ``rollcall``: identity of the register. ``log``: identity of the last line of the log, as it was
    read aloud. Chains stand in the order in which they were begun, exchanges (互調) after them.
    """

    rollcall: str
    log: str
    components: tuple[Line, ...]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {
            "format": FORMAT,
            "rollcall": self.rollcall,
            "log": self.log,
            "components": [line.document() for line in self.components],
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())


def result_of(hall: Hall, replay: Replay) -> Result | None:
    """What the log comes to; None while somebody is still to be called."""
    state = replay.session.state
    if state.turn is not None:
        return None
    return Result(
        rollcall=hall.register.identity(),
        log=replay.head,
        components=(*_chains(hall, state), *_rings(hall, state)),
    )


def _chains(hall: Hall, state: State) -> Iterator[Line]:
    seats = _Seats(hall)
    heads: list[Taken] = []
    follower: dict[TeacherId, Taken] = {}
    for each in state.taken:
        left_by = seats.taken(each)
        if left_by is None:
            heads.append(each)
        else:
            follower[left_by] = each
    for head in heads:
        moves, last = [_step(head)], follower.get(head.applicant)
        while last is not None:
            moves.append(_step(last))
            last = follower.get(last.applicant)
        yield Line(kind=Chain.kind, part=head.part, moves=tuple(moves))


def _rings(hall: Hall, state: State) -> Iterator[Line]:
    rule = hall.register.settings.exchange
    if rule is None:
        return
    for swap in swaps(hall.register, state.moved()):
        one, other = hall.applicants[swap.first], hall.applicants[swap.second]
        pair = ((one, other), (other, one))
        moves = tuple(
            Step(teacher=goes.id, origin=goes.position, destination=to.position)
            for goes, to in pair
        )
        yield Line(kind=Ring.kind, part=rule.part, moves=moves)


def _step(taken: Taken) -> Step:
    return Step(teacher=taken.applicant, origin=taken.origin, destination=taken.destination)


@dataclass(frozen=True, slots=True)
class _Alike:
    """Seats at one position that nobody need tell apart: what one person left, or what was new."""

    left_by: TeacherId | None
    count: int


class _Seats:
    """Open seats by position, those open longest first."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._part = -1
        self._open: defaultdict[Position, deque[_Alike]] = defaultdict(deque)

    def taken(self, each: Taken) -> TeacherId | None:
        """Whose old seat this is; None for one that was opened. What she leaves is open then."""
        while self._part < 0 or self._hall.parts[self._part].name != each.part:
            self._next_part()
        queue = self._open[each.destination]
        first = queue.popleft()
        if first.count > 1:
            queue.appendleft(replace(first, count=first.count - 1))
        subject = self._hall.places[each.destination.subject]
        if self._hall.offers_again(each.origin, self._part, subject):
            self._open[each.origin].append(_Alike(each.applicant, 1))
        return first.left_by

    def _next_part(self) -> None:
        self._part += 1
        for position, queue in self._open.items():
            self._open[position] = deque(_longest(queue, self._hall.onward.get(position, 0)))
        name = self._hall.parts[self._part].name
        for row in self._hall.register.seats:
            if row.opens == name and row.count:
                self._open[row.position].append(_Alike(None, row.count))


def _longest(queue: Iterable[_Alike], most: int) -> Iterator[_Alike]:
    """The first ``most`` seats of them."""
    for each in queue:
        if most > 0:
            yield replace(each, count=min(each.count, most))
        most -= each.count
