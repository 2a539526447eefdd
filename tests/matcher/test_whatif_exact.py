"""The exact programs: equal to trying everything, and certificates that are not believed."""

import sys
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from matcher.checking.certificates import check_certificate
from matcher.checking.claims import Claims
from matcher.files.problem import problem_from_document
from matcher.whatif.columns import TooManyLinesError, columns_of
from matcher.whatif.diving import dive
from matcher.whatif.exact import Search
from matcher.whatif.failure import failure_aware
from matcher.whatif.highs import Program, SolverMissingError, choose, relax
from matcher.whatif.maximum import maximum
from matcher.whatif.setting import Setting
from tests.matcher import whatif_cases
from tests.matcher.findings import said
from tests.matcher.markets import problem, rules, school, teacher, vacancy

MARKETS = 40


def one(name, home, *wishes, points=500):
    return teacher(name, home, *wishes, points={"13": points} if wishes else {})


def market_of(*teachers, vacancies=()):
    schools = [school(f"S{n}") for n in range(1, 10)]
    return problem_from_document(
        problem(schools, teachers, vacancies=vacancies, rules=rules()), "market"
    )


def lines(placement):
    return [
        (c.kind, *(f"{m.teacher}→{m.destination.school}" for m in c.moves))
        for c in placement.components
    ]


def codes(placement, market):
    return {finding.code for finding in check_certificate(market, Claims(market), placement)}


@pytest.mark.parametrize(
    "theorem",
    [
        whatif_cases.maximum_is_the_most,
        whatif_cases.maximum_by_points_is_the_most,
        whatif_cases.failure_aware_expects_the_most,
        whatif_cases.the_names_do_not_matter,
    ],
)
def test_each_theorem_holds_on_small_markets(theorem):
    for number in range(MARKETS):
        rng = Random(f"exact/{number}")  # noqa: S311  # a market is no secret

        assert theorem(rng) == [], number


# T1, T2 and T3 can move in a ring; T4 can swap with T1, and then T2 and T3 stay. T5 takes the
# vacancy and T6, T7, T8 can follow one another.
MARKET = market_of(
    one("T1", "S1", "S4", "S2", points=900),
    one("T2", "S2", "S3", points=800),
    one("T3", "S3", "S1", points=700),
    one("T4", "S4", "S1", points=600),
    one("T5", "S5", "S9", points=500),
    one("T6", "S6", "S5", points=400),
    one("T7", "S7", "S6", points=300),
    one("T8", "S8", "S7", points=200),
    vacancies=[vacancy("S9")],
)


def test_the_ring_of_three_moves_more_than_the_swap_that_is_dearer_to_its_members():
    assert lines(maximum(MARKET, 2).placement) == [
        ("chain", "T5→S9", "T6→S5"),
        ("ring", "T1→S4", "T4→S1"),
    ]
    assert lines(maximum(MARKET, 3).placement) == [
        ("chain", "T5→S9", "T6→S5", "T7→S6"),
        ("ring", "T1→S2", "T2→S3", "T3→S1"),
    ]


def test_who_often_fails_makes_short_rings_better_than_long_ones():
    seldom = failure_aware(MARKET, 3, Fraction(1, 20)).placement
    often = failure_aware(MARKET, 3, Fraction(1, 2)).placement

    assert [len(component.moves) for component in seldom.components] == [3, 3]
    assert [len(component.moves) for component in often.components] == [3, 2]
    assert often.certificate["scale"] == 8
    assert often.certificate["value"] == 8 * 2 // 4 + (4 + 2 + 1)


def test_nothing_more_is_asked_for_once_nobody_moves():
    nothing = maximum(market_of(one("T1", "S1", "S2")), 3).placement

    assert nothing.components == ()
    assert nothing.certificate["goals"] == [{"goal": "moves", "value": 0, "bound": 0}]


def test_each_goal_is_told_with_its_wishes_and_by_what_they_are_weighed():
    # A first wish weighs more than as many second ones as there are moves.
    reached = 5 * 7 + 1

    assert CERTIFICATE["goals"] == [
        {"goal": "moves", "value": 6, "bound": 6},
        {"goal": "wishes", "first": 1, "last": 2, "base": 7, "value": reached, "bound": reached},
    ]


def test_wishes_too_many_for_one_number_are_pursued_some_at_a_time():
    homes, unheld = [f"S{n}" for n in range(10)], [f"D{n}" for n in range(6)]
    people = []
    for n, home in enumerate(homes):
        real = [homes[n ^ 1], homes[(n + 3) % 10]]  # a neighbour to swap with, and another
        wishes = [*unheld, *(real if n < 6 else reversed(real))]
        people.append(one(f"T{n + 1}", home, *wishes, points=900 - n))
    schools = [school(name) for name in (*homes, *unheld)]
    market = problem_from_document(problem(schools, people, rules=rules()), "many")

    placement = maximum(market).placement

    assert placement.certificate["goals"] == [
        {"goal": "moves", "value": 10, "bound": 10},
        {"goal": "wishes", "first": 1, "last": 6, "base": 11, "value": 0, "bound": 0},
        {"goal": "wishes", "first": 7, "last": 8, "base": 11, "value": 70, "bound": 70},
    ]
    assert codes(placement, market) == set()


def test_seats_left_where_no_substitute_is_hired_end_a_chain():
    people = one("T1", "S1"), one("T5", "S5", "S9"), one("T6", "S6", "S5")
    shut = vacancy("S5", 0, refill=False)
    home = market_of(*people, vacancies=[vacancy("S9"), shut])
    taken = market_of(*people, vacancies=[vacancy("S9", refill=False)])
    open_to_all = market_of(*people, vacancies=[vacancy("S9")])

    longer = maximum(open_to_all).placement

    assert lines(longer) == [("chain", "T5→S9", "T6→S5")]
    assert lines(maximum(home).placement) == lines(maximum(taken).placement) == [("chain", "T5→S9")]
    for market in (home, taken):
        found = said(check_certificate(market, Claims(market), longer))
        assert found[0] == "$.components[0]: seat_not_offered: T5"


def test_the_solver_missing_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)

    with pytest.raises(SolverMissingError, match=r"^pip install 'jiepin\[what-if\]'$"):
        maximum(MARKET)


RIGHT = maximum(MARKET, 3).placement
CERTIFICATE = RIGHT.certificate
GOALS = CERTIFICATE["goals"]
PRICES = CERTIFICATE["prices"]
SECOND = sum(move.wish == 2 for move in RIGHT.moves())  # what leaving first wishes out would give
FAILING = failure_aware(MARKET, 3).placement


def changed(**change):
    return replace(RIGHT, certificate={**CERTIFICATE, **change})


def with_goals(*goals):
    return changed(goals=list(goals))


def with_prices(**change):
    return changed(prices={**PRICES, **change})


def test_the_right_placements_are_accepted_with_a_proof():
    assert codes(RIGHT, MARKET) == codes(FAILING, MARKET) == set()
    assert CERTIFICATE["proved"] == GOALS[0]["value"] == 6


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (changed(longest=1), ["$.certificate: certificate_wrong"]),
        (changed(longest="3"), ["$.certificate: certificate_wrong"]),
        (changed(longest=10**9), ["$.certificate: certificate_wrong"]),
        (changed(goals=None), ["$.certificate.goals: certificate_wrong"]),
        (changed(proved=7), ["$.certificate.proved: certificate_wrong: 6"]),
        (changed(prices=None), ["$.certificate: certificate_wrong"]),
        (with_goals(), ["$.certificate.goals: certificate_wrong"]),
        (with_goals(GOALS[1]), ["$.certificate.goals: certificate_wrong"]),
        (with_goals(7), ["$.certificate.goals: certificate_wrong"]),
        (with_goals({**GOALS[0], "value": 7}), ["$.certificate.goals: certificate_wrong"]),
        (with_goals({**GOALS[0], "bound": 5}), ["$.certificate.goals: certificate_wrong"]),
        (with_goals({**GOALS[0], "bound": 7}), ["$.certificate.proved: certificate_wrong: 6"]),
        (with_goals({**GOALS[0], "bound": None}), ["$.certificate.goals: certificate_wrong"]),
        (
            with_goals(GOALS[0], {**GOALS[1], "first": 2}),
            ["$.certificate.goals: certificate_wrong"],
        ),
        (
            with_goals(GOALS[0], {**GOALS[1], "first": 2, "value": SECOND, "bound": SECOND}),
            ["$.certificate.goals: certificate_wrong"],
        ),
        (
            with_goals(GOALS[0], {**GOALS[1], "value": 1}),
            ["$.certificate.goals: certificate_wrong"],
        ),
        (with_prices(teachers={}), ["$.certificate.proved: certificate_wrong: 0"]),
        (
            with_prices(teachers={**PRICES["teachers"], "T99": 1}),
            ["$.certificate: certificate_wrong"],
        ),
        (
            with_prices(teachers={**PRICES["teachers"], "T1": -1}),
            ["$.certificate: certificate_wrong"],
        ),
        (
            with_prices(teachers={**PRICES["teachers"], "T1": 1.5}),
            ["$.certificate: certificate_wrong"],
        ),
        (
            with_prices(teachers=dict.fromkeys(PRICES["teachers"], 0)),
            ["$.certificate.proved: certificate_wrong: 0"],
        ),
        (with_prices(vacancies=[["S9", "general"]]), ["$.certificate: certificate_wrong"]),
        (with_prices(vacancies=[["S99", "general", 1]]), ["$.certificate: certificate_wrong"]),
        (with_prices(vacancies=[[9, "general", 1]]), ["$.certificate: certificate_wrong"]),
        (with_prices(left=[["S5", "general", "1", 1]]), ["$.certificate: certificate_wrong"]),
        (with_prices(left=[7]), ["$.certificate: certificate_wrong"]),
        (
            replace(FAILING, certificate={**FAILING.certificate, "failing": [20, 1]}),
            ["$.certificate: certificate_wrong"],
        ),
        (
            replace(FAILING, certificate={**FAILING.certificate, "scale": 1}),
            ["$.certificate: certificate_wrong"],
        ),
        (
            replace(FAILING, certificate={**FAILING.certificate, "value": 1}),
            ["$.certificate.goals: certificate_wrong"],
        ),
    ],
)
def test_each_corrupted_certificate_is_refused(wrong, expected):
    assert said(check_certificate(MARKET, Claims(MARKET), wrong)) == expected


def test_lines_longer_than_allowed_are_refused():
    longer = changed(longest=2)

    lines = [
        f"$.components[{n}]: ring_length: {len(each.moves)}"
        for n, each in enumerate(RIGHT.components)
        if len(each.moves) > 2
    ]
    found = said(check_certificate(MARKET, Claims(MARKET), longer))
    assert lines
    assert found[: len(lines)] == lines


def test_prices_that_add_up_but_are_too_low_for_some_ring_prove_nothing():
    prices = dict(PRICES["teachers"])
    given_away = sum(prices.pop(name, 0) for name in ("T1", "T2", "T3", "T4"))
    prices["T8"] = prices.get("T8", 0) + given_away

    wrong = with_prices(teachers=prices)

    assert given_away >= 3_000_000
    assert check_certificate(MARKET, Claims(MARKET), wrong)[0].path == "$.certificate.prices"


def crowded(people, schools, wishes):
    rng = Random(7)  # noqa: S311  # a market is no secret
    names = [f"S{n}" for n in range(schools)]
    teachers = []
    for number in range(1, people + 1):
        home, *others = rng.sample(names, wishes + 1)
        teachers.append(one(f"T{number}", home, *others, points=rng.randrange(900)))
    return problem_from_document(
        problem(
            [school(name) for name in names],
            teachers,
            vacancies=[vacancy(name) for name in names[:3]],
            rules=rules(),
        ),
        "crowded",
    )


def test_where_not_every_line_can_be_searched_the_choice_is_good_and_the_bound_sound():
    setting = Setting(crowded(people=40, schools=20, wishes=6))
    columns = columns_of(setting, 3)
    goal = lambda column: len(column.steps)  # noqa: E731

    searched = Search(setting, columns, 3).pursue(goal)
    dived = Search(setting, columns, 3, searched_at_most=40).pursue(goal)

    assert searched.value == searched.bound
    assert 0.8 * searched.value <= dived.value <= searched.value <= dived.bound == dived.proved


def test_what_cannot_help_any_more_is_not_searched():
    market = crowded(people=30, schools=15, wishes=4)

    goals = maximum(market, searched_at_most=120).placement.certificate["goals"]

    assert len(columns_of(Setting(market), 3)) > 2 * 120
    assert [(goal["goal"], goal["value"] == goal["bound"]) for goal in goals] == [
        ("moves", True),
        ("wishes", True),
    ]


def in_two_counties(*people, vacancies=()):
    schools = [school(f"S{n}", "13") for n in range(1, 5)]
    schools += [school(f"S{n}", "14") for n in range(5, 10)]
    return problem_from_document(
        problem(schools, people, vacancies=vacancies, rules=rules()), "counties"
    )


def test_lines_are_told_by_the_place_of_the_first_where_she_goes():
    chains = in_two_counties(
        teacher("T1", "S1", "S7", "S2", points={"13": 900, "14": 100}),
        teacher("T2", "S3", "S8", points={"14": 500}),
        vacancies=[vacancy("S7"), vacancy("S8")],
    )
    rings = in_two_counties(
        teacher("T1", "S5", "S6", "S1", points={"13": 900, "14": 100}),
        teacher("T2", "S6", "S5", points={"14": 300}),
        teacher("T3", "S7", "S8", points={"14": 400}),
        teacher("T4", "S8", "S7", points={"14": 200}),
    )

    assert lines(maximum(chains).placement) == [("chain", "T2→S8"), ("chain", "T1→S7")]
    assert lines(maximum(rings).placement) == [
        ("ring", "T3→S8", "T4→S7"),
        ("ring", "T2→S5", "T1→S6"),
    ]
    assert codes(maximum(chains).placement, chains) == set()
    assert codes(maximum(rings).placement, rings) == set()


def test_of_seats_left_at_one_position_the_best_taker_continues_the_best_chain():
    market = market_of(
        one("T1", "S1", "S9", points=600),
        one("T2", "S1", "S9", points=700),
        one("T3", "S2", "S1", points=100),
        one("T4", "S3", "S1", points=200),
        one("T5", "S4", "S2", points=300),
        vacancies=[vacancy("S9", 2)],
    )

    assert lines(maximum(market).placement) == [
        ("chain", "T2→S9", "T4→S1"),
        ("chain", "T1→S9", "T3→S1", "T5→S2"),
    ]


@pytest.mark.parametrize(("wishes", "goals"), [(2, ["moves"]), (3, ["moves", "wishes"])])
def test_where_a_gap_is_not_closed_nothing_more_is_asked_for(wishes, goals):
    market = crowded(people=40, schools=20, wishes=wishes)

    placement = maximum(market, searched_at_most=20).placement

    *sure, last = placement.certificate["goals"]
    assert [goal["goal"] for goal in (*sure, last)] == goals
    assert all(goal["value"] == goal["bound"] for goal in sure)
    assert last["value"] < last["bound"]
    assert codes(placement, market) == set()


def test_a_large_program_is_relaxed_from_its_interior():
    size = 2_100
    program = Program(
        worth=[1 + n % 2 for n in range(size)],
        entries=[[(n // 2, 1)] for n in range(size)],
        room=[1] * (size // 2),
    )

    relaxed = relax(program)

    assert [round(share) for share in relaxed.shares] == [n % 2 for n in range(size)]
    assert min(relaxed.prices) > 0.99


def test_more_lines_than_can_be_held_are_refused():
    setting = Setting(MARKET)

    held = columns_of(setting, 3)

    assert columns_of(setting, 3, at_most=len(held)) == held
    with pytest.raises(TooManyLinesError, match="with lines of 3"):
        columns_of(setting, 3, at_most=len(held) - 1)


def test_a_dive_ends_where_no_column_has_a_share_and_a_program_nobody_can_meet_chooses_nothing():
    idle = Program(worth=[0] * 700, entries=[[(n, 1)] for n in range(700)], room=[1] * 700)
    impossible = Program(worth=[1], entries=[[(0, 1)]], room=[-1])

    assert dive(idle, 600).columns == []
    assert choose(impossible).columns == []
