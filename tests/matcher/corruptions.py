"""Right placements, spoilt: each kind of damage with the reasons a checker may give for it.

A kind takes the problem and the right placement, both as documents, and gives the damaged
placement, or None where this placement has nothing to damage that way. Everything is drawn from
the ``rng``, so a seed names one case.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from matcher.checking.verdict import Wrong
from matcher.files import canon

Document = dict[str, Any]
Damage = Callable[["Case"], Document | None]

OTHER = "sha256:" + "0" * 64
UNSTABLE = {Wrong.SEAT_WASTED, Wrong.JUSTIFIED_ENVY, Wrong.NOT_BEST_STABLE, Wrong.TURN_SKIPPED}
VERIFIER_ALSO = {"turn_skipped", "cannot_prove"}
"""It tells the greedy method by its result alone, and knows no certificates."""
UNSORTED = {Wrong.DECISIONS_OUT_OF_ORDER}
OUTSIDE = {Wrong.NOT_IN_PHASE, Wrong.SCHOOL_NOT_IN_PHASE}
UNEARNED = {Wrong.RING_MISSED, Wrong.RING_BEATEN}
UNTRUE_SEAT = {Wrong.OVERSOLD, Wrong.SEAT_NOT_OFFERED, Wrong.LINES_CROSSED}


class Case:
    """One right placement, and what a damage may ask of its market."""

    def __init__(self, rng: Random, problem: Document, placement: Document) -> None:
        self.rng = rng
        self.problem = problem
        self.placement = copy.deepcopy(placement)
        self.components = self.placement["components"]
        self.teachers = {teacher["id"]: teacher for teacher in problem["teachers"]}
        self.closed = {s["id"] for s in problem["schools"] if "closed" in s["marks"]}
        self.county = {s["id"]: s["county"] for s in problem["schools"]}
        self.exclusive = set(problem["rules"]["exclusive_subjects"])
        self.phases = {phase["name"]: phase for phase in problem["rules"]["phases"]}

    def pick(self, things: list[Any]) -> Any:
        """One of them; None if there is none."""
        return self.rng.choice(things) if things else None

    def of(self, kind: str, at_least: int = 1) -> list[Document]:
        """Chains or rings of so many moves."""
        found = (c for c in self.components if c["kind"] == kind)
        return [component for component in found if len(component["moves"]) >= at_least]

    def moves(self) -> list[Document]:
        return [move for component in self.components for move in component["moves"]]

    def idle(self) -> list[Document]:
        """Teachers who did not move, in the order of the file."""
        moved = {move["teacher"] for move in self.moves()}
        return [teacher for name, teacher in self.teachers.items() if name not in moved]

    def priority(self, teacher: Document, seat: list[str]) -> tuple[int, ...]:
        """Smaller is better."""
        points = teacher["points"][self.county[seat[0]]]
        return (-points, *(-number for number in teacher["tie"]), teacher["lot"])

    def move(self, teacher: Document, seat: list[str]) -> Document | None:
        """Her move to that seat; None unless she may be given it."""
        school, subject = seat
        is_struck = (
            school not in teacher["wishes"]
            or subject not in teacher["subjects"]
            or school in self.closed
            or school == teacher["school"]
            or (subject != teacher["subject"] and self.exclusive & {subject, teacher["subject"]})
            or any([e["school"], e["subject"]] == seat for e in teacher["excluded"])
        )
        if is_struck:
            return None
        return {
            "teacher": teacher["id"],
            "from": [teacher["school"], teacher["subject"]],
            "to": list(seat),
            "wish": teacher["wishes"].index(school) + 1,
            "subject_rank": teacher["subjects"].index(subject) + 1,
        }

    def chain(self, phase: str, *moves: Document) -> Document:
        return {"kind": "chain", "phase": phase, "round": 1, "moves": list(moves)}


def _whole(key: str) -> Damage:
    def damage(case: Case) -> Document:
        return case.placement | {key: OTHER}

    return damage


def _in_a_move(**changed: Any) -> Damage:
    """One field of one move is overwritten."""

    def damage(case: Case) -> Document | None:
        move = case.pick(case.moves())
        if move is None:
            return None
        move.update(changed)
        return case.placement

    return damage


def other_mechanism(case: Case) -> Document:
    return case.placement | {"mechanism": "ttc"}


def unknown_phase(case: Case) -> Document | None:
    component = case.pick(case.components)
    if component is None:
        return None
    component["phase"] = "lottery"
    return case.placement


def wrong_phase(case: Case) -> Document | None:
    """A component passed off as one of another phase."""
    component = case.pick(case.components)
    others = [name for name in case.phases if component and name != component["phase"]]
    if not others:
        return None
    component["phase"] = case.pick(others)
    return case.placement


def wrong_kind(case: Case) -> Document | None:
    component = case.pick(case.components)
    if component is None:
        return None
    component["kind"] = "ring" if component["kind"] == "chain" else "chain"
    return case.placement


def phases_reordered(case: Case) -> Document | None:
    first, last = case.components[:1], case.components[-1:]
    if not first or first[0]["phase"] == last[0]["phase"]:
        return None
    case.components.reverse()
    return case.placement


def wrong_round(case: Case) -> Document | None:
    component = case.pick(case.components)
    if component is None:
        return None
    component["round"] = case.rng.randint(2, 9)
    return case.placement


def wrong_wish_rank(case: Case) -> Document | None:
    move = case.pick(case.moves())
    if move is None:
        return None
    move["wish"] += case.rng.randint(1, 3)
    return case.placement


def wrong_subject_rank(case: Case) -> Document | None:
    move = case.pick(case.moves())
    if move is None:
        return None
    move["subject_rank"] += 1
    return case.placement


def wrong_origin(case: Case) -> Document | None:
    first = case.pick([c["moves"][0] for c in case.of("chain")])
    if first is None:
        return None
    names = [name for name in case.county if name != first["from"][0]]
    first["from"] = [case.pick(names), first["from"][1]]
    return case.placement


def unasked_move(case: Case) -> Document | None:
    """The last in a chain goes to a school she never listed."""
    chain = case.pick([c for c in case.of("chain") if len(c["moves"]) == 1])
    move = chain and chain["moves"][0]
    unasked = [s for s in case.county if move and s not in case.teachers[move["teacher"]]["wishes"]]
    if not unasked:
        return None
    move["to"] = [case.pick(unasked), move["to"][1]]
    return case.placement


def moved_twice(case: Case) -> Document | None:
    at = case.rng.randrange(len(case.components)) if case.components else None
    if at is None:
        return None
    case.components.insert(at, copy.deepcopy(case.components[at]))
    return case.placement


def dropped_ring(case: Case) -> Document | None:
    ring = case.pick(case.of("ring"))
    if ring is None:
        return None
    case.components.remove(ring)
    return case.placement


def dropped_chain(case: Case) -> Document | None:
    chain = case.pick(case.of("chain"))
    if chain is None:
        return None
    case.components.remove(chain)
    return case.placement


def ring_opened(case: Case) -> Document | None:
    ring = case.pick(case.of("ring"))
    if ring is None:
        return None
    ring["moves"].pop(case.rng.randrange(len(ring["moves"])))
    return case.placement


def ring_turned(case: Case) -> Document | None:
    ring = case.pick(case.of("ring", 2))
    if ring is None:
        return None
    at = case.rng.randrange(1, len(ring["moves"]))
    ring["moves"] = ring["moves"][at:] + ring["moves"][:at]
    return case.placement


def rings_reordered(case: Case) -> Document | None:
    rings = case.of("ring")
    pairs = [(a, b) for a in rings for b in rings if a is not b and a["phase"] == b["phase"]]
    if not pairs:
        return None
    a, b = case.pick(pairs)
    a["moves"], b["moves"] = b["moves"], a["moves"]
    return case.placement


def chains_reordered(case: Case) -> Document | None:
    chains = case.of("chain")
    pairs = [(a, b) for a in chains for b in chains if a is not b and a["phase"] == b["phase"]]
    if not pairs:
        return None
    a, b = case.pick(pairs)
    a["moves"], b["moves"] = b["moves"], a["moves"]
    return case.placement


def chain_broken(case: Case) -> Document | None:
    chain = case.pick(case.of("chain", 3))
    if chain is None:
        return None
    chain["moves"].pop(case.rng.randrange(1, len(chain["moves"]) - 1))
    return case.placement


def chain_beheaded(case: Case) -> Document | None:
    """The seat that the first took is gone; the second would take one nobody left."""
    chain = case.pick(case.of("chain", 2))
    if chain is None:
        return None
    chain["moves"].pop(0)
    return case.placement


def chain_split(case: Case) -> Document | None:
    """What one chain handed on is passed off as a vacancy of its own."""
    chain = case.pick(case.of("chain", 2))
    if chain is None:
        return None
    at = case.rng.randrange(1, len(chain["moves"]))
    tail = case.chain(chain["phase"], *chain["moves"][at:])
    del chain["moves"][at:]
    case.components.insert(case.components.index(chain) + 1, tail)
    return case.placement


def removed_move(case: Case) -> Document | None:
    """The last of a chain is left out."""
    chain = case.pick(case.of("chain", 2))
    if chain is None:
        return None
    chain["moves"].pop()
    return case.placement


def added_move(case: Case) -> Document | None:
    """Somebody who stayed is let into the seat that the last of a chain left."""
    found = [
        (chain, move)
        for chain in case.of("chain")
        for teacher in case.idle()
        if (move := case.move(teacher, chain["moves"][-1]["from"]))
    ]
    if not found:
        return None
    chain, move = case.pick(found)
    chain["moves"].append(move)
    return case.placement


def envy_made(case: Case) -> Document | None:
    """Somebody with less priority is let in instead."""
    found = [
        (chain, move)
        for chain in case.of("chain")
        if len(chain["moves"]) == 1
        for right in chain["moves"]
        for teacher in case.idle()
        if (move := case.move(teacher, right["to"]))
        and case.priority(teacher, right["to"])
        > case.priority(case.teachers[right["teacher"]], right["to"])
    ]
    if not found:
        return None
    chain, move = case.pick(found)
    chain["moves"] = [move]
    return case.placement


def swapped_seats(case: Case) -> Document | None:
    """Two who took vacancies exchange what they got."""
    ones = [c for c in case.of("chain") if len(c["moves"]) == 1]
    found = []
    for a in ones:
        for b in ones:
            (one,), (other,) = a["moves"], b["moves"]
            if a["phase"] == b["phase"] and one["to"] != other["to"]:
                mine = case.move(case.teachers[one["teacher"]], other["to"])
                theirs = case.move(case.teachers[other["teacher"]], one["to"])
                if mine and theirs:
                    found.append((a, mine, b, theirs))
    if not found:
        return None
    a, mine, b, theirs = case.pick(found)
    a["moves"], b["moves"] = [mine], [theirs]
    return case.placement


def worse_wish(case: Case) -> Document | None:
    """One who took a vacancy gets another of her wishes instead."""
    found = [
        (chain, move)
        for chain in case.of("chain")
        if len(chain["moves"]) == 1
        for right in chain["moves"]
        for row in case.problem["vacancies"]
        if row["count"] and [row["school"], row["subject"]] != right["to"]
        if (move := case.move(case.teachers[right["teacher"]], [row["school"], row["subject"]]))
    ]
    if not found:
        return None
    chain, move = case.pick(found)
    chain["moves"] = [move]
    return case.placement


def oversold_seat(case: Case) -> Document | None:
    """Somebody who stayed is let in where everything is taken."""
    found = [
        (chain, move)
        for chain in case.of("chain")
        for teacher in case.idle()
        if (move := case.move(teacher, chain["moves"][0]["to"]))
    ]
    if not found:
        return None
    chain, move = case.pick(found)
    case.components.insert(case.components.index(chain) + 1, case.chain(chain["phase"], move))
    return case.placement


def someone_not_in_the_phase(case: Case) -> Document | None:
    found = [
        (chain, move)
        for chain in case.of("chain")
        if len(chain["moves"]) == 1 and case.phases[chain["phase"]]["who"] != "all"
        for teacher in case.idle()
        if not teacher[case.phases[chain["phase"]]["who"]]
        if (move := case.move(teacher, chain["moves"][0]["to"]))
    ]
    if not found:
        return None
    chain, move = case.pick(found)
    chain["moves"] = [move]
    return case.placement


def school_not_in_the_phase(case: Case) -> Document | None:
    """A vacancy of a school without the mark is given out where only marked ones take part."""
    marks = {school["id"]: school["marks"] for school in case.problem["schools"]}
    found = [
        (phase["name"], move)
        for phase in case.phases.values()
        if phase["kind"] == "vacancy" and phase["schools"] != "all"
        for teacher in case.idle()
        for row in case.problem["vacancies"]
        if row["count"] and phase["schools"] not in marks[row["school"]]
        if (move := case.move(teacher, [row["school"], row["subject"]]))
    ]
    if not found:
        return None
    name, move = case.pick(found)
    order = list(case.phases)
    at = sum(order.index(c["phase"]) < order.index(name) for c in case.components)
    case.components.insert(at, case.chain(name, move))
    return case.placement


def ring_out_of_turn(case: Case) -> Document | None:
    """A member of a ring is replaced by somebody who holds an equal seat and wants the same."""
    found = [
        (ring, at, move)
        for ring in case.of("ring")
        for at, right in enumerate(ring["moves"])
        for teacher in case.idle()
        if [teacher["school"], teacher["subject"]] == right["from"]
        if (move := case.move(teacher, right["to"]))
    ]
    if not found:
        return None
    ring, at, move = case.pick(found)
    ring["moves"][at] = move
    best = min(ring["moves"], key=lambda m: case.priority(case.teachers[m["teacher"]], m["to"]))
    first = ring["moves"].index(best)
    ring["moves"] = ring["moves"][first:] + ring["moves"][:first]
    return case.placement


KINDS: Mapping[str, tuple[Damage, set[Wrong]]] = {
    "problem_hash": (_whole("problem"), {Wrong.OTHER_PROBLEM}),
    "rules_hash": (_whole("rules"), {Wrong.OTHER_RULES}),
    "trace_hash": (_whole("trace"), {Wrong.OTHER_TRACE}),
    "other_mechanism": (other_mechanism, {Wrong.CERTIFICATE_MISSING}),
    "unknown_phase": (unknown_phase, {Wrong.UNKNOWN_PHASE}),
    "wrong_phase": (
        wrong_phase,
        {Wrong.WRONG_KIND, Wrong.RING_LENGTH, Wrong.PHASES_OUT_OF_ORDER}
        | OUTSIDE
        | UNSTABLE
        | UNTRUE_SEAT
        | UNEARNED
        | UNSORTED,
    ),
    "wrong_kind": (wrong_kind, {Wrong.WRONG_KIND, Wrong.RING_NOT_CLOSED, Wrong.CHAIN_NOT_LINKED}),
    "phases_reordered": (phases_reordered, {Wrong.PHASES_OUT_OF_ORDER}),
    "wrong_round": (wrong_round, {Wrong.WRONG_ROUND}),
    "wrong_wish_rank": (wrong_wish_rank, {Wrong.WRONG_RANK}),
    "wrong_subject_rank": (wrong_subject_rank, {Wrong.WRONG_RANK}),
    "wrong_origin": (wrong_origin, {Wrong.WRONG_ORIGIN, Wrong.CHAIN_NOT_LINKED}),
    "unknown_teacher": (_in_a_move(teacher="T999"), {Wrong.UNKNOWN_TEACHER}),
    "unasked_move": (unasked_move, {Wrong.NOT_AN_OPTION}),
    "moved_twice": (moved_twice, {Wrong.MOVED_TWICE}),
    "dropped_ring": (dropped_ring, {Wrong.RING_MISSED}),
    "dropped_chain": (dropped_chain, UNSTABLE - {Wrong.NOT_BEST_STABLE} | {Wrong.LINES_CROSSED}),
    "ring_opened": (ring_opened, {Wrong.RING_NOT_CLOSED, Wrong.RING_LENGTH}),
    "ring_turned": (ring_turned, {Wrong.RING_START}),
    "rings_reordered": (rings_reordered, UNSORTED),
    "chains_reordered": (chains_reordered, UNSORTED),
    "chain_broken": (chain_broken, {Wrong.CHAIN_NOT_LINKED}),
    "chain_beheaded": (chain_beheaded, UNTRUE_SEAT | UNSORTED | UNSTABLE | OUTSIDE),
    "chain_split": (chain_split, UNTRUE_SEAT | UNSORTED | UNSTABLE),
    "removed_move": (removed_move, UNSTABLE | {Wrong.LINES_CROSSED}),
    "added_move": (added_move, OUTSIDE | {Wrong.SEAT_NOT_OFFERED}),
    "envy_made": (envy_made, OUTSIDE | UNSORTED | UNSTABLE | {Wrong.LINES_CROSSED}),
    "swapped_seats": (swapped_seats, UNSORTED | UNSTABLE | {Wrong.LINES_CROSSED}),
    "worse_wish": (worse_wish, OUTSIDE | UNSORTED | UNSTABLE | UNTRUE_SEAT),
    "oversold_seat": (oversold_seat, OUTSIDE | UNSORTED | {Wrong.OVERSOLD}),
    "someone_not_in_the_phase": (someone_not_in_the_phase, {Wrong.NOT_IN_PHASE}),
    "school_not_in_the_phase": (school_not_in_the_phase, OUTSIDE | {Wrong.OVERSOLD}),
    "ring_out_of_turn": (ring_out_of_turn, UNSORTED | UNEARNED),
}


def _in_the_circles(change: Callable[[Case, list[list[str]]], object]) -> Damage:
    """The circles of a certificate of trading cycles are changed; not if there are none."""

    def damage(case: Case) -> Document | None:
        circles = case.placement["certificate"]["cycles"]
        return case.placement if circles and change(case, circles) is not None else None

    return damage


def _leave_one_out(case: Case, circles: list[list[str]]) -> object:
    circle = case.pick(circles)
    return circle.pop(case.rng.randrange(len(circle)))


def _name_one_twice(case: Case, circles: list[list[str]]) -> object:
    circle = case.pick(circles)
    circle.append(circle[0])
    return circle


def _join_two(case: Case, circles: list[list[str]]) -> object:
    if len(circles) < 2:
        return None
    first, second = case.rng.sample(range(len(circles)), 2)
    circles[first] = circles[first] + circles[second]
    return circles.pop(second)


def without_certificate(case: Case) -> Document:
    del case.placement["certificate"]
    return case.placement


def certificate_of_more(case: Case) -> Document:
    case.placement["certificate"]["because"] = "it is so"
    return case.placement


def certificate_of_others(case: Case) -> Document:
    case.placement["certificate"] = {"cycles": [["T999"]]}
    return case.placement


def dropped_component(case: Case) -> Document | None:
    component = case.pick(case.components)
    if component is None:
        return None
    case.components.remove(component)
    return case.placement


UNPROVED = {Wrong.CERTIFICATE_WRONG}
TRADE_KINDS: Mapping[str, tuple[Damage, set[Wrong]]] = {
    "trade_problem_hash": (_whole("problem"), {Wrong.OTHER_PROBLEM}),
    "trade_moved_twice": (moved_twice, {Wrong.MOVED_TWICE}),
    "trade_wish_rank": (wrong_wish_rank, {Wrong.WRONG_RANK}),
    "trade_wrong_round": (wrong_round, {Wrong.WRONG_ROUND}),
    "trade_unknown_phase": (unknown_phase, {Wrong.UNKNOWN_PHASE}),
    "trade_ring_opened": (
        ring_opened,
        {Wrong.RING_NOT_CLOSED, Wrong.RING_LENGTH, Wrong.RING_START},
    ),
    "trade_chain_broken": (chain_broken, {Wrong.CHAIN_NOT_LINKED}),
    "without_certificate": (without_certificate, {Wrong.CERTIFICATE_MISSING}),
    "certificate_of_more": (certificate_of_more, UNPROVED),
    "certificate_of_others": (certificate_of_others, UNPROVED),
    "circle_without_one": (_in_the_circles(_leave_one_out), UNPROVED),
    "circle_with_one_twice": (_in_the_circles(_name_one_twice), UNPROVED),
    "circles_joined": (_in_the_circles(_join_two), UNPROVED),
    "dropped_component": (dropped_component, UNPROVED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """A damaged placement.

    Every reason to refuse it must be one of ``codes``.
    """

    kind: str
    placement: Document
    codes: set[Wrong]

    def allowed(self, judge: str) -> set[str]:
        """The reasons this judge may give."""
        also = VERIFIER_ALSO if judge == "verifier" and self.must_refuse(judge) else set()
        return self.codes | also

    def must_refuse(self, judge: str) -> bool:
        """Whether it may not be called right; the verifier proves no what-if placement."""
        is_what_if = self.placement["mechanism"] != "statutory"
        return bool(self.codes) or (judge == "verifier" and is_what_if)


def spoilt(rng: Random, problem: Document, right: Document) -> Iterator[Spoilt]:
    """The placement with each kind of damage that it can take."""
    kinds = KINDS if right["mechanism"] == "statutory" else TRADE_KINDS
    for kind, (damage, codes) in kinds.items():
        placement = damage(Case(rng, problem, right))
        if placement is not None and canon.encode(placement) != canon.encode(right):
            yield Spoilt(kind=kind, placement=placement, codes=codes)
