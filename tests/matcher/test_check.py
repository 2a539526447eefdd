"""The checker accepts exactly the result the rules prescribe."""

import copy
from dataclasses import replace
from random import Random

import pytest

from matcher.checking.check import check
from matcher.checking.verdict import Wrong
from matcher.deciding.solve import solve
from matcher.files import canon
from matcher.files.placement import Chain, Mechanism, Move, Placement
from matcher.files.problem import problem_from_document
from tests.matcher.findings import said
from tests.matcher.markets import (
    problem,
    random_problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

ANYWHERE = [school(f"S{n}") for n in range(1, 10)]


def market_of(teachers, *, vacancies=(), rules, schools=ANYWHERE):
    return problem_from_document(
        problem(schools, teachers, vacancies=vacancies, rules=rules), "market"
    )


def one(name, home, *wishes, points=500, **changed):
    return teacher(name, home, *wishes, points={"13": points} if wishes else {}, **changed)


LINES = market_of(
    # T1 takes the vacancy at S5, T2 her seat, T3 the seat of T2; T4 and T5 swap; T6 stays.
    [
        one("T1", "S1", "S5", points=900, indigenous=True),
        one("T2", "S2", "S5", "S1", points=800, indigenous=True),
        one("T3", "S3", "S2", points=700, indigenous=True),
        one("T4", "S4", "S6", points=600),
        one("T5", "S6", "S4", points=500),
        one("T6", "S7", "S5", "S4", points=400, indigenous=True),
    ],
    vacancies=[vacancy("S5"), vacancy("S9", refill=False)],
    rules=rules(
        vacancy_phase("lines", who="indigenous", refill="rounds"),
        ring_phase(2, 3, "rings"),
        ring_phase(4, 5, "long"),
    ),
)
RIGHT = solve(LINES)
CHAIN, RING = RIGHT.components


def with_move(component, number, **changed):
    moves = list(component.moves)
    moves[number] = replace(moves[number], **changed)
    return replace(component, moves=tuple(moves))


def shorter(component, length):
    return replace(component, moves=component.moves[:length])


def codes(market, placement):
    return {finding.code for finding in check(market, placement)}


def test_the_right_placement_is_accepted_with_its_three_movers_in_a_line_and_two_in_a_ring():
    assert [len(component.moves) for component in RIGHT.components] == [3, 2]

    assert check(LINES, RIGHT) == ()


OTHER = "sha256:" + "0" * 64
T6_TAKES = Move(
    teacher="T6",
    origin=LINES.teachers[5].position,
    destination=LINES.vacancies[0].position,
    wish=1,
    subject_rank=1,
)
FORM = [
    (replace(RIGHT, problem=OTHER), ["$.problem: other_problem: " + RIGHT.problem]),
    (replace(RIGHT, rules=OTHER), ["$.rules: other_rules: " + RIGHT.rules]),
    ([replace(CHAIN, phase="lottery"), RING], ["$.components[0]: unknown_phase: lottery"]),
    ([replace(CHAIN, phase="rings"), RING], ["$.components[0]: wrong_kind: chain"]),
    ([CHAIN, replace(RING, phase="lines")], ["$.components[1]: wrong_kind: ring"]),
    ([replace(CHAIN, round=2), RING], ["$.components[0]: wrong_round: 2"]),
    ([RING, CHAIN], ["$.components[1]: phases_out_of_order: lines"]),
    ([with_move(CHAIN, 0, teacher="T9"), RING], ["$.components[0].moves[0]: unknown_teacher: T9"]),
    (
        [CHAIN, RING, RING],
        ["$.components[2].moves[0]: moved_twice: T4", "$.components[2].moves[1]: moved_twice: T5"],
    ),
    (
        [with_move(CHAIN, 2, origin=RING.moves[0].origin), RING],
        ["$.components[0].moves[2]: wrong_origin: T3"],
    ),
    (
        [with_move(shorter(CHAIN, 1), 0, destination=LINES.vacancies[1].position), RING],
        ["$.components[0].moves[0]: not_an_option: T1"],
    ),
    ([with_move(CHAIN, 1, wish=1), RING], ["$.components[0].moves[1]: wrong_rank: T2"]),
    ([with_move(CHAIN, 1, subject_rank=2), RING], ["$.components[0].moves[1]: wrong_rank: T2"]),
    ([CHAIN, replace(RING, phase="long")], ["$.components[1]: ring_length: 2"]),
    (
        [CHAIN, shorter(RING, 1)],
        ["$.components[1]: ring_length: 1", "$.components[1].moves[0]: ring_not_closed: T4"],
    ),
    (
        [replace(CHAIN, moves=(CHAIN.moves[0], CHAIN.moves[2])), RING],
        ["$.components[0].moves[1]: chain_not_linked: T3"],
    ),
    ([CHAIN, replace(RING, moves=RING.moves[::-1])], ["$.components[1]: ring_start"]),
    ([CHAIN], ["$: ring_missed: T4"]),
    ([shorter(CHAIN, 1), RING], ["$: seat_wasted: T2 → S1/general"]),
    ([shorter(CHAIN, 2), RING], ["$: seat_wasted: T3 → S2/general"]),
    (
        [RING],
        [
            "$: seat_wasted: T1 → S5/general",
            "$: seat_wasted: T2 → S5/general",
            "$: seat_wasted: T6 → S5/general",
        ],
    ),
    (
        [replace(shorter(CHAIN, 1), moves=(T6_TAKES,)), RING],
        ["$: justified_envy: T1 → S5/general", "$: justified_envy: T2 → S5/general"],
    ),
    (
        [CHAIN, replace(shorter(CHAIN, 1), moves=(T6_TAKES,)), RING],
        ["$.components[1].moves[0]: oversold: S5"],
    ),
    (
        [replace(shorter(CHAIN, 1), moves=(T6_TAKES,)), CHAIN, RING],
        ["$.components[1]: decisions_out_of_order: T1"],
    ),
]


@pytest.mark.parametrize(("placement", "expected"), FORM)
def test_each_kind_of_change_to_the_right_placement_is_found_and_named(placement, expected):
    if isinstance(placement, list):
        placement = replace(RIGHT, components=tuple(placement))

    assert said(check(LINES, placement)) == expected


def components_of(market, other):
    """The result of another problem, passed off as one of this."""
    wrong = solve(other)
    return replace(solve(market), components=wrong.components)


def test_one_who_may_not_join_the_phase_is_found():
    people = [one("T1", "S1", "S5"), one("T2", "S2", "S5", points=400, indigenous=True)]
    special = rules(vacancy_phase(who="indigenous"))
    market = market_of(people, vacancies=[vacancy("S5")], rules=special)
    other = market_of(people, vacancies=[vacancy("S5")], rules=rules(vacancy_phase()))

    assert codes(market, components_of(market, other)) == {Wrong.NOT_IN_PHASE}


def test_one_without_the_certificate_is_found_in_the_language_phase():
    people = [one("T1", "S1", "S5"), one("T2", "S2", "S5", points=400, language=True)]
    market = market_of(
        people, vacancies=[vacancy("S5")], rules=rules(vacancy_phase(who="language"))
    )
    other = market_of(people, vacancies=[vacancy("S5")], rules=rules(vacancy_phase()))

    assert codes(market, components_of(market, other)) == {Wrong.NOT_IN_PHASE}
    assert check(market, solve(market)) == ()


def test_a_school_the_phase_is_not_for_is_found():
    people = [one("T1", "S1", "S5")]
    marked = rules(vacancy_phase(schools="remote"))
    market = market_of(people, vacancies=[vacancy("S5")], rules=marked)
    other = market_of(people, vacancies=[vacancy("S5")], rules=rules(vacancy_phase()))

    assert codes(market, components_of(market, other)) == {Wrong.SCHOOL_NOT_IN_PHASE}


@pytest.mark.parametrize("shut", ["S5", "S1"])
def test_a_seat_that_is_not_refilled_may_not_be_taken(shut):
    people = [one("T1", "S1", "S5", points=900), one("T2", "S2", "S1")]
    refilled = rules(vacancy_phase(refill="rounds"))

    def market(*, refill):
        seats = [vacancy("S5"), vacancy("S1", 0)]
        for row in seats:
            row["refill"] = refill or row["school"] != shut
        return market_of(people, vacancies=seats, rules=refilled)

    assert len(solve(market(refill=True)).components[0].moves) == 2
    assert len(solve(market(refill=False)).components[0].moves) == 1
    wrong = components_of(market(refill=False), market(refill=True))
    assert codes(market(refill=False), wrong) == {Wrong.SEAT_NOT_OFFERED}


def test_two_seats_of_one_position_are_continued_in_the_order_of_priority():
    people = [
        one("T1", "S1", "S5", points=900),
        one("T2", "S1", "S6", points=800),
        one("T3", "S2", "S1", points=700),
        one("T4", "S3", "S1", points=600),
    ]
    market = market_of(
        people,
        vacancies=[vacancy("S5"), vacancy("S6")],
        rules=rules(vacancy_phase(refill="rounds")),
    )
    right = solve(market)
    first, second = right.components
    crossed = (
        replace(first, moves=(first.moves[0], second.moves[1])),
        replace(second, moves=(second.moves[0], first.moves[1])),
    )

    (found,) = check(market, replace(right, components=crossed))

    assert check(market, right) == ()
    assert found.code is Wrong.LINES_CROSSED
    assert found.path == "$.components[0].moves[1]"
    assert found.detail == second.moves[1].teacher


def test_of_two_stable_results_only_the_one_that_is_best_for_all_teachers_is_accepted():
    # Each is first at the school the other prefers: two stable results, one better for both.
    schools = [school("S1", "01"), school("S2", "02"), school("S3", "02")]
    schools += [school("A", "13"), school("B", "14")]
    people = [
        # First by the better of her totals, last in line for the seat that is there.
        teacher("T3", "S3", "S2", "A", points={"02": 950, "13": 50}),
        teacher("T1", "S1", "A", "B", points={"13": 100, "14": 900}),
        teacher("T2", "S2", "B", "A", points={"14": 100, "13": 900}),
    ]
    market = market_of(
        people,
        schools=schools,
        vacancies=[vacancy("A"), vacancy("B")],
        rules=rules(vacancy_phase()),
    )
    right = solve(market)
    a, b = market.vacancies[0].position, market.vacancies[1].position
    _, one_move, other_move = market.teachers
    swapped = tuple(
        Chain(
            phase="single",
            round=1,
            moves=(
                Move(
                    teacher=person.id,
                    origin=person.position,
                    destination=seat,
                    wish=2,
                    subject_rank=1,
                ),
            ),
        )
        for person, seat in ((one_move, b), (other_move, a))
    )

    assert [move.wish for move in right.moves()] == [1, 1]
    assert said(check(market, replace(right, components=swapped))) == [
        "$: not_best_stable: T1 → A/general"
    ]


def test_a_ring_is_beaten_by_a_better_second_member():
    people = [
        one("T1", "S1", "S2", points=900),
        one("T2", "S2", "S1", points=500),
        one("T3", "S2", "S1", points=600),
    ]
    market = market_of(people, rules=rules(ring_phase(2, 2)))
    worse = market_of([people[0], people[1], one("T3", "S2")], rules=rules(ring_phase(2, 2)))

    assert [move.teacher for move in solve(market).moves()] == ["T1", "T3"]
    assert codes(market, components_of(market, worse)) == {Wrong.RING_BEATEN}


def test_a_ring_is_beaten_by_a_shorter_one_with_the_same_best_members():
    # T1 and T2 swap; with T3 and T4 between they would make a ring that only adds to it.
    people = [
        one("T1", "S1", "S2", points=900),
        one("T2", "S2", "S1", points=800),
        one("T3", "S1", "S2", points=700),
        one("T4", "S2", "S1", points=600),
    ]
    market = market_of(people, rules=rules(ring_phase(2, 4)))
    long_only = market_of(people, rules=rules(ring_phase(4, 4)))

    assert [len(ring.moves) for ring in solve(market).components] == [2, 2]
    assert codes(market, components_of(market, long_only)) == {Wrong.RING_BEATEN}


def test_a_ring_of_the_right_moves_joined_the_wrong_way_is_beaten():
    people = [
        one("T1", "S1", "S2", points=900),
        one("T2", "S1", "S2", points=800),
        one("T3", "S2", "S1", points=700),
        one("T4", "S2", "S1", points=600),
    ]
    market = market_of(people, rules=rules(ring_phase(4, 4)))
    right = solve(market)
    (ring,) = right.components
    first, second, third, fourth = ring.moves
    joined = replace(ring, moves=(first, fourth, third, second))

    assert codes(market, replace(right, components=(joined,))) == {Wrong.RING_BEATEN}


def test_rings_out_of_order_are_found():
    people = [
        one("T1", "S1", "S2", points=900),
        one("T2", "S2", "S1", points=800),
        one("T3", "S3", "S4", points=700),
        one("T4", "S4", "S3", points=600),
    ]
    market = market_of(people, rules=rules(ring_phase(2, 2)))
    right = solve(market)

    turned = replace(right, components=right.components[::-1])

    assert codes(market, turned) == {Wrong.DECISIONS_OUT_OF_ORDER}


def disturbed(rng, document):
    """The market after a few changes that keep its people."""
    document = copy.deepcopy(document)
    for _ in range(rng.randint(1, 3)):
        person = rng.choice(document["teachers"])
        phase = rng.choice(document["rules"]["phases"])
        match rng.randrange(6):
            case 0:
                person["points"] = {c: 100 * rng.randint(1, 3) for c in person["points"]}
            case 1:
                rng.shuffle(person["wishes"])
            case 2:
                person.update(wishes=[], points={}, excluded=[])
            case 3:
                for row in document["vacancies"][:1]:
                    row["count"] = rng.randint(0, 2)
            case 4:
                for row in document["vacancies"]:
                    row["refill"] = not row["refill"]
            case _ if phase["kind"] == "ring":
                phase["length"] = [2, rng.randint(2, 5)]
            case _:
                phase["refill"] = "none" if phase["refill"] == "rounds" else "rounds"
    return document


def with_ranks_of(market, component):
    teachers = {person.id: person for person in market.teachers}
    moves = [
        replace(
            move,
            wish=teachers[move.teacher].wishes.index(move.destination.school) + 1,
            subject_rank=teachers[move.teacher].subjects.index(move.destination.subject) + 1,
        )
        for move in component.moves
    ]
    return replace(component, moves=tuple(moves))


def test_the_result_of_any_other_market_is_refused_unless_it_is_the_same():
    refused = 0
    for seed in range(1500):
        rng = Random(seed)  # noqa: S311  # a market is no secret
        document = random_problem(rng)
        market = problem_from_document(document, "right")
        right = solve(market)
        other = solve(problem_from_document(disturbed(rng, document), "wrong"))
        claimed = tuple(with_ranks_of(market, component) for component in other.components)

        findings = check(market, replace(right, components=claimed))

        assert bool(findings) == (claimed != right.components), seed
        refused += bool(findings)
    assert refused > 150


def test_an_empty_market_has_an_empty_result():
    market = market_of([], rules=rules(vacancy_phase(refill="rounds"), ring_phase(2, 5)))

    assert solve(market).components == ()
    assert check(market, solve(market)) == ()
    assert solve(market) == Placement(
        problem=market.identity(),
        rules=market.rules.identity(),
        mechanism=Mechanism.STATUTORY,
        components=(),
        trace=solve(market).trace,
    )


def test_a_finding_about_an_identity_names_the_right_one():
    wrong = replace(RIGHT, problem=OTHER, rules=OTHER)

    found = check(LINES, wrong, b"another trace")

    assert [(each.path, each.code, each.detail) for each in found[:3]] == [
        ("$.problem", Wrong.OTHER_PROBLEM, RIGHT.problem),
        ("$.rules", Wrong.OTHER_RULES, RIGHT.rules),
        ("$.trace", Wrong.OTHER_TRACE, canon.identity(b"another trace")),
    ]
