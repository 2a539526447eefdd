"""Placements of one problem, in numbers, counted again here by the definitions, word for word."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import median

import pytest

from matcher.deciding.solve import solve
from matcher.files.placement import Chain, Mechanism, Move, Placement
from matcher.files.problem import Position, problem_from_document
from matcher.telling.compare import Why, compare, stranger
from matcher.telling.comparing_text import COMPARING
from matcher.telling.text import Language
from tests.matcher.markets import (
    RULE_SETS,
    problem,
    random_problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

PEOPLE = [
    teacher("T1", "S1", "S2", "S3", points={"14": 900, "13": 900}),
    teacher("T2", "S2", "S1", points={"13": 800}),
    teacher("T3", "S2", "S4", points={"13": 700}),
    teacher("T4", "S4", "S2", points={"14": 600}),
]
SCHOOLS = [school("S1"), school("S2", "14"), school("S3"), school("S4")]
OPENED = (vacancy("S3"),)
SEEDS = range(250)


def market(*phases, people=PEOPLE, vacancies=OPENED):
    return problem_from_document(
        problem(SCHOOLS, people, vacancies=vacancies, rules=rules(*phases)), "x"
    )


def test_numbers_are_by_phase_rank_and_county_and_only_who_differs_is_named():
    official = market(vacancy_phase("single"), ring_phase(2, 2, "swap"))
    rings_only = solve(market(ring_phase(2, 2, "swap")))

    told = compare(official, {"A": solve(official), "B": rings_only}).document()

    a, b = told["placements"]
    assert told["phases"] == ["single", "swap"]
    assert (a["moved"], a["ranks"]) == ({"single": 1, "swap": 2}, {"1": 2, "2": 1})
    assert (a["mean_rank_hundredths"], a["median_rank_hundredths"]) == (133, 100)
    assert (b["moved"], b["total"]) == ({"single": 0, "swap": 4}, 4)
    assert (a["same_problem"], b["same_problem"]) == (True, False)
    assert {"from": "13", "to": "14", "moved": 2} in b["flows"]
    assert b["counties"] == {
        "13": {"left": 2, "entered": 2, "within": 0},
        "14": {"left": 2, "entered": 2, "within": 0},
    }
    assert a["counties"]["13"] == {"left": 1, "entered": 1, "within": 1}
    assert b["sizes"] == [{"kind": "ring", "people": 2, "components": 2}]
    assert a["cutoffs"][0] == {
        "position": ["S2", "general"],
        "moved": 1,
        "lowest": 600,
        "highest": 600,
    }
    one = {"position": ["S2", "general"], "wish": 1, "subject_rank": 1}
    two = {"position": ["S3", "general"], "wish": 2, "subject_rank": 1}
    assert [each["teacher"] for each in told["differences"]] == ["T1", "T2"]
    assert told["differences"][0] == {
        "teacher": "T1",
        "wishes": [2, 1],
        "better": ["B"],
        "got": [{"phase": "single", **two}, {"phase": "swap", **one}],
        "why": [{"code": "lower_priority", "people": 1}, None],
    }
    assert told["differences"][1]["got"][0] is None
    assert told["differences"][1]["why"] == [{"code": "seat_empty", "people": 0}, None]


def test_what_a_county_loses_to_and_gains_from_several_others_is_added_up():
    schools = [school("S1", "13"), school("S2", "14"), school("S3", "02"), school("S4", "02")]
    people = [
        teacher("T1", "S1", "S3", points={"02": 300}),
        teacher("T2", "S2", "S3", points={"02": 200}),
        teacher("T3", "S4", "S1", points={"13": 100}),
        teacher("T4", "S4", "S2", points={"14": 100}),
    ]
    opened = [vacancy("S3", 2), vacancy("S1"), vacancy("S2")]
    here = problem_from_document(
        problem(schools, people, vacancies=opened, rules=rules(vacancy_phase())), "x"
    )

    (account,) = compare(here, {"A": solve(here)}).accounts

    assert account.document()["counties"] == {
        "02": {"left": 2, "entered": 2, "within": 0},
        "13": {"left": 1, "entered": 1, "within": 0},
        "14": {"left": 1, "entered": 1, "within": 0},
    }


def test_a_placement_without_moves_has_no_mean_rank():
    nothing = market(ring_phase(5, 5))

    (account,) = compare(nothing, {"A": solve(nothing)}).accounts

    assert (account.mean_rank, account.median_rank, account.total) == (None, None, 0)


def test_who_could_complain_is_counted_by_the_phase_of_the_one_she_envies():
    official = market(vacancy_phase("single"), ring_phase(2, 2, "swap"))

    (account,) = compare(official, {"A": solve(official)}).accounts

    # T1 prefers S2, which T4 got by a swap with fewer points; T2 wants S1, which T1 left empty.
    assert account.complaints.document() == {
        "pairs": 1,
        "teachers": 1,
        "by_phase": {"swap": 1},
        "wanted_empty": 1,
    }
    assert COMPARING[Language.ZH].complaints(account.complaints) == (
        "較優先而未取得：1 人（1 對）：互調 1；希望去而最後仍有空缺：1 人"
    )
    assert COMPARING[Language.EN].complaints(account.complaints) == (
        "passed over by lower priority: 1 (1 pairs): swaps 1; "
        "wanting a seat that stands empty in the end: 1"
    )
    both = replace(account.complaints, by_phase={"single": 2, "swap": 1})
    assert "：單調 2、互調 1；" in COMPARING[Language.ZH].complaints(both)
    assert ": vacancies 2, swaps 1; " in COMPARING[Language.EN].complaints(both)


@pytest.mark.parametrize(
    ("points", "vacancies", "why"),
    [
        ((500, 700), [vacancy("S3")], (Why.HIGHER_PRIORITY, 1)),
        ((500, 400), [vacancy("S3")], (Why.LOWER_PRIORITY, 1)),
        ((500, 400), [vacancy("S3", 0)], (Why.NO_SEAT, 0)),
        ((500, 400), [vacancy("S3", 2)], (Why.SEAT_EMPTY, 0)),
    ],
)
def test_each_reason_says_what_stood_at_the_better_place(points, vacancies, why):
    people = [
        teacher("T1", "S1", "S3", points={"13": points[0]}),
        teacher("T2", "S2", "S3", points={"13": points[1]}),
    ]
    here = market(vacancy_phase(), people=people, vacancies=vacancies)
    others = {
        Why.HIGHER_PRIORITY: [_line("T2", "S2", "S3")],
        Why.LOWER_PRIORITY: [_line("T2", "S2", "S3")],
        Why.NO_SEAT: [],
        Why.SEAT_EMPTY: [],
    }

    hers, other = _placed(_line("T1", "S1", "S3")), _placed(*others[why[0]])
    found = {d.teacher: d for d in compare(here, {"A": hers, "B": other}).differences}

    reason = found["T1"].why[1]
    assert (reason.code, reason.people) == why
    assert found["T1"].why[0] is None


def _line(name, origin, destination, wish=1):
    return Move(
        teacher=name,
        origin=Position(origin, "general"),
        destination=Position(destination, "general"),
        wish=wish,
        subject_rank=1,
    )


def _placed(*moves):
    digest = "sha256:" + "0" * 64
    return Placement(
        problem=digest,
        rules=digest,
        mechanism=Mechanism.STATUTORY,
        components=tuple(Chain(phase="single", round=1, moves=(move,)) for move in moves),
        trace=digest,
    )


@pytest.mark.parametrize(
    "move",
    [
        _line("T9", "S1", "S2"),
        _line("T1", "S3", "S2"),
        _line("T1", "S1", "S3"),
        _line("T2", "S2", "S4"),
        _line("T1", "S1", "S2", wish=2),
    ],
)
def test_a_move_that_is_none_of_the_problem_is_found(move):
    here = market(vacancy_phase())

    assert stranger(here, _placed(_line("T4", "S4", "S2"), move)) == move


def test_a_position_nobody_holds_and_no_county_opened_is_none_of_the_problem():
    move = _line("T1", "S1", "S3", wish=2)

    assert stranger(market(vacancy_phase(), vacancies=()), _placed(move)) == move
    assert stranger(market(vacancy_phase()), _placed(move)) is None


def test_a_move_is_held_against_the_subject_it_names():
    subjects = ["general", "art"]
    two = teacher("T1", "S1", "S3", points={"13": 900}, subjects=subjects)
    here = market(vacancy_phase(), people=[two], vacancies=(*OPENED, vacancy("S3", subject="art")))
    first = _line("T1", "S1", "S3")
    second = replace(first, destination=Position("S3", "art"), subject_rank=2)

    assert [stranger(here, _placed(move)) for move in (first, second)] == [None, None]
    for wrong in (replace(first, subject_rank=2), replace(second, subject_rank=1)):
        assert stranger(here, _placed(wrong)) == wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_what_counting_by_hand_gives(seed):
    rng = Random(seed)  # noqa: S311 - the same each time
    document = random_problem(rng)
    here = problem_from_document(document, "x")
    other = problem_from_document(document | {"rules": rng.choice(RULE_SETS)}, "x")
    placements = {"A": solve(here), "B": solve(other)}

    comparison = compare(here, placements)

    for account, placement in zip(comparison.accounts, placements.values(), strict=True):
        _hold_against(here, account, placement)
    got = [{m.teacher: m for m in p.moves()} for p in placements.values()]
    differing = {
        each.id for each in here.teachers if len({_rank(moves.get(each.id)) for moves in got}) > 1
    }
    assert {each.teacher for each in comparison.differences} == differing
    for each in comparison.differences:
        best = min(filter(None, (_rank(moves.get(each.teacher)) for moves in got)))
        assert list(each.better) == [
            name
            for name, moves in zip(placements, got, strict=True)
            if _rank(moves.get(each.teacher)) == best
        ]


def _rank(move):
    return None if move is None else (move.wish, move.subject_rank)


def _hold_against(here, account, placement):
    moves = list(placement.moves())
    wishes = [move.wish for move in moves]
    county = {each.id: each.county for each in here.schools}
    assert account.total == len(moves)
    assert account.ranks == Counter(wishes)
    assert account.median_rank == (100 * median(wishes) if wishes else None)
    assert account.mean_rank == (100 * sum(wishes) // len(wishes) if wishes else None)
    for code, balance in account.counties.items():
        out = [m for m in moves if county[m.origin.school] == code]
        into = [m for m in moves if county[m.destination.school] == code]
        within = [m for m in out if m in into]
        assert (balance.left, balance.entered, balance.within) == (
            len(out) - len(within),
            len(into) - len(within),
            len(within),
        )
    pairs, wanting = _complaints(here, placement, moves, county)
    assert account.complaints.pairs == len(pairs)
    assert account.complaints.teachers == len({she for she, _, _ in pairs})
    assert account.complaints.by_phase == Counter(phase for _, _, phase in pairs)
    assert account.complaints.wanted_empty == len(wanting)
    assert all(a.position.school <= b.position.school for a, b in pairwise(account.cutoffs))
    assert sum(each.moved for each in account.cutoffs) == len(moves)


def _complaints(here, placement, moves, county):
    """Every pair (she, the other, the other's phase), and who wants a seat that stands empty."""
    phase = {m.teacher: c.phase for c in placement.components for m in c.moves}
    by_id = {each.id: each for each in here.teachers}
    got = {move.teacher: move for move in moves}
    empty = Counter({each.position: each.count for each in here.vacancies})
    for move in moves:
        empty[move.destination] -= 1
        empty[move.origin] += 1
    pairs, wanting = [], set()
    for her in here.teachers:
        for position in _preferred(here, her, got.get(her.id)):
            if empty[position] > 0:
                wanting.add(her.id)
            there = county[position.school]
            pairs += [
                (her.id, move.teacher, phase[move.teacher])
                for move in moves
                if move.destination == position
                and _priority(her, there) > _priority(by_id[move.teacher], there)
            ]
    return pairs, wanting


def _preferred(here, her, move):
    closed = {each.id for each in here.schools if "closed" in each.marks}
    excluded = {each.position for each in her.excluded}
    for school_id in her.wishes:
        for subject in her.subjects:
            position = Position(school_id, subject)
            if move is not None and position == move.destination:
                return
            strange = subject != her.position.subject and "guidance" in (
                subject,
                her.position.subject,
            )
            own = school_id == her.position.school
            if not (own or school_id in closed or strange or position in excluded):
                yield position


def _priority(her, county):
    return (her.points[county], her.tie, -her.lot)
