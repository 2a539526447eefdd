"""A roll call as it is shown in the hall and to programs (`jiepin-rollcall-state/1`)."""

from dataclasses import dataclass

from matcher.files.problem import Position, SchoolId, TeacherId
from matcher.rollcall.exchange import Swap, swaps
from matcher.rollcall.hall import Hall
from matcher.rollcall.log import Replay, group_name
from matcher.rollcall.state import State, Taken, offers

FORMAT = "jiepin-rollcall-state/1"
NEXT_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Who is called now, for what, and where she could go; ``then``: who is called after her."""

    applicant: TeacherId
    part: str
    subject: str
    group: str
    round: int
    schools: tuple[SchoolId, ...]
    then: tuple[TeacherId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a roll call stands after the last line of its log.

    ``now`` is None when it is over; only then are there ``swaps`` (互調).
    """

    rollcall: str
    head: str
    lines: int
    now: Called | None
    state: State
    swaps: tuple[Swap, ...]

    def document(self) -> dict[str, object]:
        """The account as it is written."""
        now = self.now
        return {
            "format": FORMAT,
            "rollcall": self.rollcall,
            "head": self.head,
            "lines": self.lines,
            "now": None
            if now is None
            else {
                "applicant": now.applicant,
                "part": now.part,
                "subject": now.subject,
                "group": now.group,
                "round": now.round,
                "schools": list(now.schools),
                "then": list(now.then),
            },
            "open": [
                {"school": p.school, "subject": p.subject, "count": self.state.open[p]}
                for p in sorted(self.state.open, key=_by_name)
            ],
            "taken": [_taken_document(taken) for taken in self.state.taken],
            "swaps": [swap.document() for swap in self.swaps],
        }


def account_of(hall: Hall, replay: Replay) -> Account:
    """What a log that was called again comes to."""
    state = replay.session.state
    over = state.turn is None
    return Account(
        rollcall=hall.register.identity(),
        head=replay.head,
        lines=replay.lines,
        now=_called(hall, state),
        state=state,
        swaps=swaps(hall.register, state.moved()) if over else (),
    )


def _called(hall: Hall, state: State) -> Called | None:
    turn = state.turn
    if turn is None:
        return None
    applicant = turn.queue[0]
    return Called(
        applicant=applicant,
        part=hall.parts[turn.part].name,
        subject=hall.subjects[turn.subject],
        group=group_name(hall, turn, applicant, state.late),
        round=turn.round,
        schools=offers(hall, state, applicant),
        then=turn.queue[1 : 1 + NEXT_SHOWN],
    )


def _by_name(position: Position) -> tuple[str, str]:
    return position.school, position.subject


def _taken_document(taken: Taken) -> dict[str, object]:
    return {
        "applicant": taken.applicant,
        "from": [taken.origin.school, taken.origin.subject],
        "to": [taken.destination.school, taken.destination.subject],
        "part": taken.part,
        "footing": taken.footing.value,
        "round": taken.round,
    }
