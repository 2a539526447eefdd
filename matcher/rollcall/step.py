"""From one state of a roll call to the next (MATCHING 3.5). No clock, no file, no chance.

Within a subject the footings are called one after another, the late last. A *round* goes through
those of a footing who still wait, best first, as long as there is a seat somebody could take. When
a round leaves seats behind that open again, another round begins with all who wait so far; when it
does not, the next footing is called with the seats there are, and after the late the subject is
finished. A seat left under a subject that is finished is not called any more.
"""

from collections import Counter
from dataclasses import replace
from typing import assert_never

from matcher.files import canon
from matcher.files.problem import Position, TeacherId
from matcher.rollcall.hall import Candidate, Hall
from matcher.rollcall.settings import Absence, Declining
from matcher.rollcall.state import (
    Absent,
    Answer,
    Call,
    Decline,
    Illegal,
    Keep,
    Pick,
    Refused,
    Session,
    State,
    Taken,
    Turn,
    Undo,
    footing_of,
    may_take,
    offers,
)

LONGEST_REASON = 200
IDEOGRAPHIC_SPACE = "\u3000"


def opened(hall: Hall) -> Session:
    """The roll call before the first call."""
    state = State(
        turn=Turn(part=-1, subject=len(hall.subjects), group=0, round=0, queue=()),
        open={},
        left={},
        closed={},
        taken=(),
        declined=frozenset(),
        late=frozenset(),
        out=frozenset(),
    )
    return Session(state=_settled(hall, state), earlier=())


def step(hall: Hall, session: Session, call: Call) -> Session | Refused:
    """The roll call after ``call``, or why it is refused and changes nothing."""
    if isinstance(call, Undo):
        return _undone(session, call)
    state, turn = session.state, session.state.turn
    if turn is None or turn.queue[0] != call.applicant:
        return _out_of_turn(hall, state, call.applicant)
    if isinstance(call, Pick) and (code := _seat_refused(hall, state, call)) is not None:
        return Refused(code, call.school)
    return Session(
        state=_settled(hall, _answered(hall, state, turn, call)),
        earlier=(*session.earlier, state),
    )


def _undone(session: Session, call: Undo) -> Session | Refused:
    if not _is_reason(call.reason):
        return Refused(Illegal.BAD_REASON)
    if not session.earlier:
        return Refused(Illegal.NOTHING_TO_UNDO)
    return Session(state=session.earlier[-1], earlier=session.earlier[:-1])


def _is_reason(text: str) -> bool:
    """Whether a line of the log can hold the text, and somebody can read it there."""
    return (
        0 < len(text) <= LONGEST_REASON
        and not text.isspace()
        and text.replace(IDEOGRAPHIC_SPACE, " ").isprintable()
        and canon.is_composed(text)
    )


def _out_of_turn(hall: Hall, state: State, teacher: TeacherId) -> Refused:
    if teacher not in hall.applicants:
        return Refused(Illegal.UNKNOWN_APPLICANT, teacher)
    if teacher in state.moved():
        return Refused(Illegal.MOVED_ALREADY, teacher)
    if teacher in state.out:
        return Refused(Illegal.GAVE_UP, teacher)
    if state.turn is None:
        return Refused(Illegal.FINISHED, teacher)
    return Refused(Illegal.NOT_CALLED, state.turn.queue[0])


def _seat_refused(hall: Hall, state: State, call: Pick) -> Illegal | None:
    code = may_take(hall.applicants[call.applicant], call.school)
    if code is None and call.school not in offers(hall, state, call.applicant):
        return Illegal.NO_SEAT
    return code


def _answered(hall: Hall, state: State, turn: Turn, call: Answer) -> State:
    later = replace(state, turn=replace(turn, queue=turn.queue[1:]))
    match call:
        case Pick():
            return _picked(hall, later, turn, call)
        case Keep():
            return later
        case Decline() if hall.register.settings.declined is Declining.SUBJECT:
            return replace(later, declined=later.declined | {call.applicant})
        case Absent() if hall.register.settings.absent is Absence.LAST_OF_SUBJECT:
            return _put_last(later, call.applicant)
        case Decline() | Absent():
            return replace(later, out=later.out | {call.applicant})
        case _:
            assert_never(call)


def _picked(hall: Hall, state: State, turn: Turn, call: Pick) -> State:
    origin = hall.applicants[call.applicant].position
    taken = Taken(
        applicant=call.applicant,
        origin=origin,
        destination=Position(call.school, hall.subjects[turn.subject]),
        part=hall.parts[turn.part].name,
        footing=footing_of(hall, turn, call.applicant),
        round=turn.round,
    )
    again = hall.offers_again(origin, turn.part, turn.subject)
    left, closed = Counter(state.left), Counter(state.closed)
    (left if again else closed)[origin] += 1
    seats = Counter(state.open)
    seats[taken.destination] -= 1
    return replace(state, open=+seats, left=left, closed=closed, taken=(*state.taken, taken))


def _put_last(state: State, teacher: TeacherId) -> State:
    if teacher in state.late:  # called again at the end, and still not there
        return replace(state, declined=state.declined | {teacher})
    return replace(state, late=state.late | {teacher})


def _settled(hall: Hall, state: State) -> State:
    """The state with somebody to call, or the end."""
    while state.turn is not None:
        queue = state.turn.queue
        while queue and not offers(hall, state, queue[0]):
            queue = queue[1:]
        if queue:
            return replace(state, turn=replace(state.turn, queue=queue))
        state = _next_round(hall, state, state.turn)
    return state


def _next_round(hall: Hall, state: State, turn: Turn) -> State:
    """What is called when a round is over: the same groups again, the next, or the next subject."""
    if turn.subject >= len(hall.subjects):
        return _next_part(hall, state, turn)
    fresh = {p: n for p, n in state.left.items() if hall.places[p.subject] == turn.subject}
    state = replace(
        state,
        open=Counter(state.open) + Counter(fresh),
        left={p: n for p, n in state.left.items() if p not in fresh},
    )
    late = len(hall.parts[turn.part].footings)
    again = _waiting(hall, state, turn, range(turn.group + 1)) if fresh else ()
    if again:
        return replace(state, turn=replace(turn, round=turn.round + 1, queue=again))
    if turn.group < late:
        group = turn.group + 1
        queue = _waiting(hall, state, turn, range(group, group + 1))
        number = turn.round + bool(queue)
        return replace(state, turn=replace(turn, group=group, round=number, queue=queue))
    return replace(
        state,
        turn=Turn(part=turn.part, subject=turn.subject + 1, group=-1, round=0, queue=()),
        declined=frozenset(),
        late=frozenset(),
    )


def _next_part(hall: Hall, state: State, turn: Turn) -> State:
    """Seats that go onward, and those that open with the part; past the last part, the end."""
    part = turn.part + 1
    if part == len(hall.parts):
        return replace(state, turn=None)
    seats = Counter(
        {position: min(n, hall.onward.get(position, 0)) for position, n in state.open.items()}
    )
    closed = Counter(state.closed) + (Counter(state.open) - seats)
    for row in hall.register.seats:
        if row.opens == hall.parts[part].name:
            seats[row.position] += row.count
    return replace(
        state,
        turn=Turn(part=part, subject=0, group=-1, round=0, queue=()),
        open=+seats,
        closed=closed,
    )


def _waiting(hall: Hall, state: State, turn: Turn, groups: range) -> tuple[TeacherId, ...]:
    """Those of the groups who wait and could take a seat, in the order of calling."""
    gone = state.moved() | state.out | state.declined
    late = len(hall.parts[turn.part].footings)

    def group_of(candidate: Candidate) -> int:
        return late if candidate.applicant.id in state.late else candidate.group

    found = [
        candidate
        for candidate in hall.candidates.get((turn.part, turn.subject), ())
        if candidate.applicant.id not in gone
        and group_of(candidate) in groups
        and offers(hall, state, candidate.applicant.id)
    ]
    return tuple(candidate.applicant.id for candidate in sorted(found, key=group_of))
