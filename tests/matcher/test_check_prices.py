"""Prices that prove a bound: no chain and no ring may be worth more than what it uses costs."""

import pytest

from matcher.checking.certified_prices import Worth, is_sound, prices_of
from matcher.checking.claims import Claims
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy

MOVE = 1_000_000
FREE = {"teachers": {}, "vacancies": [], "left": []}


def one(name, home, *wishes):
    return teacher(name, home, *wishes, points={"13": 500})


def claims(*people, vacancies=()):
    schools = [school(f"S{n}") for n in range(6)]
    rows = problem(schools, people, vacancies=vacancies, rules=rules(ring_phase(2, 2)))
    return Claims(problem_from_document(rows, "x"))


LINE = (one("T1", "S1", "S0"), one("T2", "S2", "S1"), one("T3", "S3", "S2"))
RING = (one("T1", "S1", "S2"), one("T2", "S2", "S3"), one("T3", "S3", "S1"))


def sound(here, longest, comes=1, of=1, **prices):
    found = prices_of(here, FREE | prices)
    assert found is not None
    return is_sound(here, Worth(longest=longest, comes=comes, of=of), found)


@pytest.mark.parametrize(
    ("longest", "priced", "expected"),
    [
        (2, ["T1", "T2"], True),
        (2, ["T1", "T2", "T3"], True),
        (2, ["T1"], False),
        (2, ["T2"], False),
        (3, ["T1", "T2"], False),
        (3, ["T1", "T2", "T3"], True),
    ],
)
def test_every_link_of_a_chain_up_to_the_longest_is_paid_for(longest, priced, expected):
    here = claims(*LINE, vacancies=[vacancy("S0")])

    assert sound(here, longest, teachers=dict.fromkeys(priced, MOVE)) is expected


@pytest.mark.parametrize("poor", ["T1", "T2"])
def test_a_millionth_too_little_is_too_little(poor):
    here = claims(*LINE[:2], vacancies=[vacancy("S0")])
    prices = {"T1": MOVE, "T2": MOVE}

    assert sound(here, 2, teachers=prices)
    assert not sound(here, 2, teachers=prices | {poor: MOVE - 1})


def test_a_price_may_be_zero():
    rows = {"vacancies": [["S0", "general", 0]], "left": [["S1", "general", 1, 0]]}
    here = claims(*LINE, vacancies=[vacancy("S0")])

    assert prices_of(here, FREE | rows | {"teachers": {"T1": 0}}) is not None


@pytest.mark.parametrize(("price", "expected"), [(MOVE, True), (MOVE - 1, False)])
def test_a_vacancy_may_pay_for_the_move_that_takes_it(price, expected):
    here = claims(LINE[0], vacancies=[vacancy("S0")])

    assert sound(here, 2, vacancies=[["S0", "general", price]]) is expected


@pytest.mark.parametrize(
    ("vacant", "left", "expected"),
    [
        (2 * MOVE, MOVE, True),
        (2 * MOVE, MOVE - 1, False),
        (2 * MOVE - 1, MOVE, False),
    ],
)
def test_a_seat_that_is_left_costs_the_next_what_it_gives_the_one_before(vacant, left, expected):
    here = claims(*LINE[:2], vacancies=[vacancy("S0")])
    rows = {"vacancies": [["S0", "general", vacant]], "left": [["S1", "general", 1, left]]}

    assert sound(here, 2, **rows) is expected


def test_the_last_link_gives_nothing_for_the_seat_it_leaves():
    here = claims(*LINE[:2], vacancies=[vacancy("S0")])
    rows = {"teachers": {"T1": MOVE, "T2": MOVE}, "left": [["S2", "general", 2, MOVE]]}

    assert sound(here, 2, **rows)


@pytest.mark.parametrize("shut", ["S0", "S1"])
def test_where_no_seat_is_offered_again_nobody_follows(shut):
    rows = [vacancy("S0", refill=shut != "S0"), vacancy("S1", 0, refill=shut != "S1")]
    here = claims(*LINE[:2], vacancies=rows)

    assert sound(here, 2, teachers={"T1": MOVE})
    assert not sound(claims(*LINE[:2], vacancies=[vacancy("S0")]), 2, teachers={"T1": MOVE})


def test_a_position_without_a_seat_begins_nothing():
    assert sound(claims(LINE[0], vacancies=[vacancy("S0", 0)]), 2)


@pytest.mark.parametrize(
    ("longest", "prices", "expected"),
    [
        (3, {"T1": MOVE, "T2": MOVE, "T3": MOVE}, True),
        (3, {"T1": 3 * MOVE}, True),
        (3, {"T2": 3 * MOVE - 1}, False),
        (2, {}, True),
    ],
)
def test_a_ring_costs_what_its_members_cost(longest, prices, expected):
    assert sound(claims(*RING), longest, teachers=prices) is expected


def test_of_two_who_hold_the_same_seat_the_cheaper_counts():
    here = claims(one("T1", "S1", "S2"), one("T2", "S1", "S2"), one("T3", "S2", "S1"))

    assert not sound(here, 2, teachers={"T1": 2 * MOVE})
    assert sound(here, 2, teachers={"T1": 2 * MOVE, "T2": 2 * MOVE})


def test_moves_that_may_fail_are_worth_less_in_longer_lines():
    """One of two comes: a swap is worth 2 · 1/4 of a unit of 1/4, a first link 1/2."""
    swap = claims(one("T1", "S1", "S2"), one("T2", "S2", "S1"))
    line = claims(*LINE[:2], vacancies=[vacancy("S0")])

    assert sound(swap, 2, comes=1, of=2, teachers={"T1": 2 * MOVE})
    assert not sound(swap, 2, comes=1, of=2, teachers={"T1": 2 * MOVE - 1})
    assert sound(line, 2, comes=1, of=2, teachers={"T1": 2 * MOVE, "T2": MOVE})
    assert not sound(line, 2, comes=1, of=2, teachers={"T1": MOVE, "T2": 2 * MOVE})


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"teachers": {}, "vacancies": []},
        {"teachers": [], "vacancies": [], "left": []},
        FREE | {"teachers": {"T9": 1}},
        FREE | {"teachers": {"T1": -1}},
        FREE | {"teachers": {"T1": True}},
        FREE | {"teachers": {"T1": "1"}},
        FREE | {"vacancies": [["S0", "general"]]},
        FREE | {"vacancies": [["S0", "general", 1, 1]]},
        FREE | {"vacancies": [["S0", 1, 1]]},
        FREE | {"vacancies": [["S5", "general", 1]]},
        FREE | {"vacancies": [["S0", "general", -1]]},
        FREE | {"vacancies": [["S0", "general", 1], ["S0", "general", 1]]},
        FREE | {"left": [["S1", "general", 1]]},
        FREE | {"left": [["S1", "general", "1", 1]]},
        FREE | {"left": [["S5", "general", 1, 1]]},
        FREE | {"left": ["S1"]},
    ],
)
def test_what_is_no_list_of_prices_is_none(document):
    assert prices_of(claims(*LINE, vacancies=[vacancy("S0")]), document) is None
