"""Block exchange: both sides gain, no block is left, and a certificate that is not believed."""

from dataclasses import replace
from random import Random

import pytest

from matcher.checking.certificates import check_certificate
from matcher.checking.claims import Claims
from matcher.files.placement import Chain
from matcher.files.problem import problem_from_document
from matcher.whatif.blocks import teacher_optimal_block_exchange
from tests.matcher import whatif_cases
from tests.matcher.findings import said
from tests.matcher.markets import problem, rules, school, teacher, vacancy

MARKETS = 80


def one(name, home, *wishes, points=500):
    return teacher(name, home, *wishes, points={"13": points} if wishes else {})


def market_of(*teachers, vacancies=()):
    schools = [school(f"S{n}") for n in range(1, 10)]
    return problem_from_document(
        problem(schools, teachers, vacancies=vacancies, rules=rules()), "market"
    )


def moves(placement):
    return {move.teacher: move.destination.school for move in placement.moves()}


def codes(market, placement):
    return {finding.code for finding in check_certificate(market, Claims(market), placement)}


@pytest.mark.parametrize(
    "theorem",
    [whatif_cases.block_exchange_leaves_no_block, whatif_cases.block_exchange_rewards_no_lie],
)
def test_each_theorem_holds_on_small_markets(theorem):
    for number in range(MARKETS):
        rng = Random(f"blocks/{number}")  # noqa: S311  # a market is no secret

        assert theorem(rng) == [], number


def test_nobody_takes_over_a_seat_from_one_who_stands_before_her_there():
    high = one("T1", "S1", "S2", points=900)
    market = market_of(high, one("T2", "S2", "S1", points=800))

    assert moves(teacher_optimal_block_exchange(market).placement) == {}


SCHOOLS = [school("S1", "13"), school("S2", "14"), school("S3", "13"), school("S4", "14")]
# T1 and T2 each have ties to the county of the other; T3 holds the same position as T2 and stands
# better there; T4 wishes for nothing; T5 comes too late for the seat of T2.
MARKET = problem_from_document(
    problem(
        SCHOOLS,
        [
            teacher("T1", "S1", "S2", "S3", points={"14": 600, "13": 100}),
            teacher("T2", "S2", "S1", "S4", points={"13": 600, "14": 100}),
            teacher("T3", "S2", "S1", points={"13": 700}),
            teacher("T4", "S4", points={}),
            teacher("T5", "S3", "S2", points={"14": 500}),
        ],
        vacancies=[vacancy("S2")],
        rules=rules(),
    ),
    "market",
)
RIGHT = teacher_optimal_block_exchange(MARKET).placement


def test_with_ties_to_each_others_county_two_may_each_stand_before_the_other():
    assert moves(RIGHT) == {"T1": "S2", "T2": "S1"}
    assert RIGHT.certificate == {"cycles": [["T1", "T2"], ["T3"], ["T5"], ["T4"]]}
    assert codes(MARKET, RIGHT) == set()


OPENED = replace(
    RIGHT,
    components=(Chain(phase=RIGHT.mechanism.value, round=1, moves=RIGHT.components[0].moves),),
)


def with_cycles(*cycles):
    return replace(RIGHT, certificate={"cycles": list(cycles)})


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (replace(RIGHT, certificate={}), ["$.certificate: certificate_wrong"]),
        (replace(RIGHT, components=()), ["$.certificate.cycles[0]: certificate_wrong: T1"]),
        (
            with_cycles(["T3"], ["T1", "T2"], ["T5"], ["T4"]),
            ["$.certificate.cycles[0]: certificate_wrong: T3"],
        ),
        (
            with_cycles(["T2"], ["T1"], ["T3"], ["T5"], ["T4"]),
            ["$.certificate.cycles[0]: certificate_wrong: T2"],
        ),
        (OPENED, ["$.components[0]: lines_crossed: T1"]),
    ],
)
def test_each_corruption_is_refused_with_its_reason(wrong, expected):
    assert said(check_certificate(MARKET, Claims(MARKET), wrong)) == expected


def test_of_several_at_a_school_the_first_by_her_standing_there_is_replaced_first():
    market = problem_from_document(
        problem(
            SCHOOLS,
            [
                teacher("T1", "S1", "S2", "S3", points={"14": 700, "13": 100}),
                teacher("T2", "S2", "S1", "S4", points={"13": 900, "14": 200}),
                teacher("T3", "S2", "S1", "S4", points={"13": 600, "14": 300}),
            ],
            rules=rules(),
        ),
        "several",
    )

    assert moves(teacher_optimal_block_exchange(market).placement) == {"T1": "S2", "T3": "S1"}


def test_who_wishes_for_nothing_may_be_displaced_by_anybody_but_never_moves():
    market = market_of(one("T1", "S1", "S2", points=900), one("T2", "S2"))

    placement = teacher_optimal_block_exchange(market).placement

    assert moves(placement) == {}
    assert codes(market, placement) == set()
