"""Top trading cycles: the definition, the theorems, and a certificate that is not believed."""

import hashlib
import json
from dataclasses import replace
from random import Random

import pytest

from matcher.checking.certificates import check_certificate
from matcher.checking.claims import Claims
from matcher.checking.verdict import Wrong
from matcher.deciding.solve import decide
from matcher.files.placement import Chain, Ring
from matcher.files.problem import problem_from_document
from matcher.whatif.ttc import ttc
from tests.matcher import whatif_cases
from tests.matcher.findings import said
from tests.matcher.markets import (
    problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

MARKETS = 150
NO_PHASES = rules()
TRADED = vacancy_phase("traded", schools="remote", refill="chains") | {"method": "ttc"}


def one(name, home, *wishes, points=500, **changed):
    return teacher(name, home, *wishes, points={"13": points} if wishes else {}, **changed)


def market_of(*teachers, vacancies=(), rules=NO_PHASES, marked=()):
    return problem_from_document(
        problem(
            [school(f"S{n}", "13", *(["remote"] if n in marked else [])) for n in range(1, 10)],
            teachers,
            vacancies=vacancies,
            rules=rules,
        ),
        "market",
    )


def lines(placement):
    return [
        (
            "ring" if isinstance(c, Ring) else "chain",
            *(f"{m.teacher}→{m.destination.school}" for m in c.moves),
        )
        for c in placement.components
    ]


@pytest.mark.parametrize(
    "theorem",
    [
        whatif_cases.ttc_is_its_definition,
        whatif_cases.ttc_is_efficient,
        whatif_cases.ttc_rewards_no_lie,
    ],
)
def test_each_theorem_holds_on_small_markets(theorem):
    for number in range(MARKETS):
        rng = Random(f"ttc/{number}")  # noqa: S311  # a market is no secret

        assert theorem(rng) == [], number


def test_who_inherits_a_vacancy_may_hand_it_on_for_the_seat_she_wants():
    market = market_of(
        one("T1", "S1", "S2", "S5", points=900),  # first at S5, but would rather have S2
        one("T2", "S2", "S5", points=100),
        vacancies=[vacancy("S5")],
    )

    placement = ttc(market).placement

    assert lines(placement) == [("chain", "T2→S5", "T1→S2")]


def test_when_all_is_vacant_it_is_choosing_in_the_order_of_points():
    market = market_of(
        *(one(f"T{n}", f"S{n}", "S7", "S8", "S9", points=1000 - n) for n in range(1, 6)),
        vacancies=[vacancy("S7"), vacancy("S8", 2)],
    )

    placement = ttc(market).placement

    assert lines(placement) == [("chain", "T1→S7"), ("chain", "T2→S8"), ("chain", "T3→S8")]


def test_everybody_who_wishes_for_the_next_trades_in_one_ring():
    market = market_of(*(one(f"T{n}", f"S{n}", f"S{n % 6 + 1}") for n in range(1, 7)))

    placement = ttc(market).placement

    assert [component.kind for component in placement.components] == ["ring"]
    assert len(placement.components[0].moves) == 6


def test_a_market_without_teachers_and_one_where_nobody_wishes_are_left_as_they_are():
    assert ttc(market_of()).placement.certificate == {"cycles": []}
    assert ttc(market_of(one("T1", "S1"))).placement.certificate == {"cycles": [["T1"]]}


def test_the_trace_says_that_it_is_not_official():
    solution = ttc(market_of(one("T1", "S1", "S2"), one("T2", "S2", "S1")))

    first, ring, last = solution.trace.splitlines()

    assert b'"official":false' in first
    assert b'"event":"ring_closed"' in ring
    assert b'"moved":2' in last


# The market of the corruptions: T1 takes the vacancy at S5, T2 her seat; T3 and T4 swap; T5, T6
# and T7 hold the same position, and T8, the last, takes the seat of T5, who moved on to S8.
RIGHT_MARKET = market_of(
    one("T1", "S1", "S5", points=900),
    one("T2", "S2", "S5", "S1", points=800),
    one("T3", "S3", "S4", points=700),
    one("T4", "S4", "S5", "S3", points=600),
    one("T5", "S7", "S8", points=560),
    one("T6", "S7", "S8", points=550),
    one("T7", "S7"),
    one("T8", "S9", "S5", "S7", points=100),
    vacancies=[vacancy("S5"), vacancy("S8", 2)],
)
RIGHT = ttc(RIGHT_MARKET).placement
LINES = lines(RIGHT)


def codes(placement, market=RIGHT_MARKET):
    return {finding.code for finding in check_certificate(market, Claims(market), placement)}


def with_cycles(change):
    cycles = [list(cycle) for cycle in RIGHT.certificate["cycles"]]
    change(cycles)
    return replace(RIGHT, certificate={"cycles": cycles})


def with_components(*components):
    return replace(RIGHT, components=components)


def test_the_right_placement_is_accepted():
    assert LINES == [
        ("chain", "T1→S5", "T2→S1"),
        ("ring", "T3→S4", "T4→S3"),
        ("chain", "T5→S8", "T8→S7"),
        ("chain", "T6→S8"),
    ]
    assert codes(RIGHT) == set()


def told(teacher, home, to, wish, points):
    return {
        "teacher": teacher,
        "from": [home, "general"],
        "to": [to, "general"],
        "wish": wish,
        "subject_rank": 1,
        "priority": [-points, 0, int(teacher[1:])],
    }


def test_the_trace_tells_every_line_with_the_place_of_each_in_the_ranking():
    solution = ttc(RIGHT_MARKET)

    names = {
        "mechanism": "ttc",
        "problem": RIGHT_MARKET.identity(),
        "rules": RIGHT_MARKET.rules.identity(),
    }
    placement = json.loads(solution.placement.encode())
    assert [json.loads(line) for line in solution.trace.splitlines()] == [
        {"event": "started", "official": False, **names},
        {
            "event": "chain_closed",
            "moves": [
                told("T1", "S1", "S5", 1, 900),
                told("T2", "S2", "S1", 2, 800),
            ],
        },
        {
            "event": "ring_closed",
            "moves": [
                told("T3", "S3", "S4", 1, 700),
                told("T4", "S4", "S3", 2, 600),
            ],
        },
        {
            "event": "chain_closed",
            "moves": [
                told("T5", "S7", "S8", 1, 560),
                told("T8", "S9", "S7", 2, 100),
            ],
        },
        {"event": "chain_closed", "moves": [told("T6", "S7", "S8", 1, 550)]},
        {"event": "closed", "mechanism": "ttc", "moved": 7},
    ]
    assert solution.trace.endswith(b"}\n")
    assert names.items() <= placement.items()
    assert placement["trace"] == "sha256:" + hashlib.sha256(solution.trace).hexdigest()
    assert [(c["kind"], c["phase"], c["round"]) for c in placement["components"]] == [
        (kind, "ttc", 1) for kind in ("chain", "ring", "chain", "chain")
    ]


A, B, C, D = RIGHT.components
FIRST = {name: n for n, (name, *_) in enumerate(RIGHT.certificate["cycles"])}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (replace(RIGHT, certificate=None), ["$: certificate_missing"]),
        (replace(RIGHT, certificate={}), ["$.certificate: certificate_wrong"]),
        (replace(RIGHT, certificate={"cycles": 7}), ["$.certificate: certificate_wrong"]),
        (replace(RIGHT, certificate={"cycles": [7]}), ["$.certificate: certificate_wrong"]),
        (
            replace(RIGHT, certificate={**RIGHT.certificate, "more": 1}),
            ["$.certificate: certificate_wrong"],
        ),
        (with_cycles(lambda cycles: cycles.append([])), ["$.certificate: certificate_wrong"]),
        (with_cycles(lambda cycles: cycles.append(["T1"])), ["$.certificate: certificate_wrong"]),
        (with_cycles(lambda cycles: cycles.append([1])), ["$.certificate: certificate_wrong"]),
        (with_cycles(lambda cycles: cycles.append(["T99"])), ["$.certificate: certificate_wrong"]),
        (with_cycles(lambda cycles: cycles.pop()), ["$.certificate: certificate_wrong"]),
        (
            with_cycles(lambda cycles: cycles.reverse()),
            ["$.certificate.cycles[1]: certificate_wrong: T8"],
        ),
        (
            with_cycles(lambda cycles: cycles.insert(0, cycles.pop(FIRST["T8"]))),
            ["$.certificate.cycles[0]: certificate_wrong: T8"],
        ),
        (
            with_cycles(lambda cycles: cycles.insert(0, cycles.pop(FIRST["T2"]))),
            ["$.certificate.cycles[0]: certificate_wrong: T2"],
        ),
        (
            with_cycles(lambda cycles: cycles.append(cycles.pop(FIRST["T1"]))),
            ["$.certificate.cycles[0]: certificate_wrong: T2"],
        ),
        (
            with_cycles(lambda cycles: cycles[-1].extend(cycles.pop(0))),
            ["$.certificate.cycles[0]: certificate_wrong: T2"],
        ),
        (
            with_cycles(lambda cycles: cycles.insert(0, cycles.pop(FIRST["T6"]))),
            ["$.certificate.cycles[0]: certificate_wrong: T6"],
        ),
        (
            with_cycles(lambda cycles: cycles.insert(0, [*cycles.pop(), *cycles.pop(0)])),
            ["$.certificate.cycles[0]: certificate_wrong: T7"],
        ),
        (
            with_cycles(lambda cycles: cycles.insert(0, [cycles[FIRST["T3"]].pop(0)])),
            ["$.certificate.cycles[0]: certificate_wrong: T3"],
        ),
        (with_components(A, B, C), ["$.certificate.cycles[4]: certificate_wrong: T6"]),
        (with_components(B, A, C, D), ["$.components[1]: decisions_out_of_order"]),
        (with_components(A, B, D, C), ["$.components[3]: decisions_out_of_order"]),
        (
            with_components(
                A, B, replace(C, moves=C.moves[:1]), replace(D, moves=(*D.moves, *C.moves[1:]))
            ),
            ["$.components[3]: lines_crossed: T8"],
        ),
        (
            with_components(replace(A, phase="ring"), B, C, D),
            ["$.components[0]: unknown_phase: ring"],
        ),
        (with_components(replace(A, round=2), B, C, D), ["$.components[0]: wrong_round: 2"]),
        (
            with_components(replace(A, moves=A.moves[::-1]), B, C, D),
            ["$.components[0].moves[1]: chain_not_linked: T1", "$.components: oversold: S1"],
        ),
        (
            with_components(A, replace(B, moves=B.moves[::-1]), C, D),
            ["$.components[1]: ring_start"],
        ),
        (
            with_components(A, replace(B, moves=B.moves[:1]), C, D),
            ["$.components[1]: ring_length: 1", "$.components[1].moves[0]: ring_not_closed: T3"],
        ),
        (
            with_components(A, replace(B, moves=(*B.moves, *D.moves)), C, D),
            [
                "$.components[1].moves[1]: ring_not_closed: T4",
                "$.components[1].moves[2]: ring_not_closed: T6",
            ],
        ),
        (
            with_components(Chain(phase="ttc", round=1, moves=B.moves), A, C, D),
            ["$.components: oversold: S4"],
        ),
    ],
)
def test_each_corruption_is_refused_with_its_reason(wrong, expected):
    assert said(check_certificate(RIGHT_MARKET, Claims(RIGHT_MARKET), wrong)) == expected


def test_who_took_a_seat_from_another_than_said_is_named():
    crossed = with_components(
        A, B, replace(C, moves=C.moves[:1]), replace(D, moves=(*D.moves, *C.moves[1:]))
    )

    (found,) = [
        each
        for each in check_certificate(RIGHT_MARKET, Claims(RIGHT_MARKET), crossed)
        if each.code is Wrong.LINES_CROSSED
    ]

    assert found.detail == C.moves[1].teacher


def test_who_has_points_below_zero_still_stands_before_who_wishes_for_nothing():
    market = market_of(
        one("T1", "S1", "S2", points=900),
        one("T2", "S2", "S1", points=-500, lot=3),
        one("T3", "S2", lot=2),
    )

    placement = ttc(market).placement

    assert lines(placement) == [("ring", "T1→S2", "T2→S1")]
    assert codes(placement, market) == set()


def test_seats_left_behind_where_no_substitute_is_hired_are_not_offered_again():
    people = [one("T1", "S1", "S5", points=900), one("T2", "S2", "S1", points=100)]
    left = market_of(*people, vacancies=[vacancy("S5"), vacancy("S1", 0, refill=False)])
    taken = market_of(*people, vacancies=[vacancy("S5", refill=False)])

    found = [ttc(market) for market in (left, taken)]

    assert [lines(each.placement) for each in found] == [[("chain", "T1→S5")]] * 2
    assert [
        codes(each.placement, market) for each, market in zip(found, (left, taken), strict=True)
    ] == [set(), set()]


def test_a_seat_that_was_not_offered_again_is_nobodys_to_take():
    people = [one("T1", "S1", "S5", points=900), one("T2", "S2", "S1", points=100)]
    offered = market_of(*people, vacancies=[vacancy("S5")])
    not_offered = market_of(*people, vacancies=[vacancy("S5", refill=False)])

    placement = ttc(offered).placement

    assert lines(placement) == [("chain", "T1→S5", "T2→S1")]
    assert codes(placement, not_offered) == {Wrong.CERTIFICATE_WRONG}


def test_a_seat_is_nobodys_by_right_for_whom_it_could_not_be_given():
    struck = [{"school": "S5", "subject": "general", "reason": "teaching_area"}]
    market = market_of(
        one("T1", "S1", "S5", "S2", points=900, excluded=struck),
        one("T2", "S2", "S5", points=100),
        vacancies=[vacancy("S5")],
    )

    placement = ttc(market).placement

    assert lines(placement) == [("chain", "T2→S5", "T1→S2")]
    assert placement.certificate["cycles"] == [["T2"], ["T1"]]
    assert codes(placement, market) == set()


def test_a_rule_file_may_ask_for_it_in_one_phase_whose_seats_are_traded_with_their_holders():
    people = [
        one("T1", "S1", "S5", points=900),
        one("T2", "S2", "S5", "S1", points=800),  # S1 is not of the phase
        one("T3", "S3", "S4", points=700),
        one("T4", "S4", "S3", points=600),
        one("T6", "S6", "S7", points=550),
        one("T7", "S7", "S6", points=540),
    ]
    market = market_of(
        *people,
        vacancies=[vacancy("S5")],
        rules=rules(TRADED, ring_phase(2, 3)),
        marked=(3, 4, 5),
    )

    solution = decide(market)

    assert [
        (c.phase, *each)
        for c, each in zip(solution.placement.components, lines(solution.placement), strict=True)
    ] == [
        ("traded", "chain", "T1→S5"),
        ("traded", "ring", "T3→S4", "T4→S3"),
        ("ring", "ring", "T6→S7", "T7→S6"),
    ]
    assert b'"event":"chain_closed"' in solution.trace
