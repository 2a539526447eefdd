"""What is told is true: held against brute force, and against what would have been otherwise."""

import copy
from random import Random

import pytest

from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from matcher.telling.answer import Because, Outcome
from matcher.telling.explain import Explainer
from matcher.whatif.blocks import teacher_optimal_block_exchange
from matcher.whatif.failure import failure_aware
from matcher.whatif.maximum import maximum
from matcher.whatif.ttc import ttc
from tests.matcher.brute_force import BruteForce
from tests.matcher.greedy_walk import RULE_SETS as GREEDY
from tests.matcher.greedy_walk import greedy_phase
from tests.matcher.markets import RULE_SETS, random_problem, rules, vacancy_phase

ONE_PHASE = (rules(vacancy_phase()), rules(greedy_phase()))
RINGS = tuple(r for r in RULE_SETS if r["phases"][0]["kind"] == "ring")


def market(seed, rule_sets, *, counties=2):
    document = random_problem(Random(seed), rule_sets=rule_sets)  # noqa: S311  # no secret
    if counties == 1:
        for school in document["schools"]:
            school["county"] = "13"
        for person in document["teachers"]:
            person["points"] = {"13": max(person["points"].values())} if person["wishes"] else {}
    problem = problem_from_document(document, "market")
    return document, problem, solve(problem)


def rank_of(placement, name, *, worst):
    """(wish, subject rank) of what she got."""
    got = {move.teacher: (move.wish, move.subject_rank) for move in placement.moves()}
    return got.get(name, worst)


def test_just_above_the_cut_off_she_would_have_got_the_wish_or_a_dearer_one():
    tried = 0
    for seed in range(400):
        document, problem, placement = market(seed, ONE_PHASE, counties=1)
        explainer = Explainer(problem, placement)
        for number, person in enumerate(problem.teachers):
            for answer in explainer.explain(person.id).answers:
                taken = [r for r in answer.reasons if r.code is Because.TAKEN]
                for reason in taken:
                    raised = copy.deepcopy(document)
                    raised["teachers"][number]["points"]["13"] = reason.comparison.points + 1
                    kept = copy.deepcopy(document)
                    if reason.comparison.decided_by == "points":
                        kept["teachers"][number]["points"]["13"] = reason.comparison.points - 1
                    entry = answer.entry
                    wish = (entry.wish, entry.subject_rank)

                    up, same = (solve(problem_from_document(d, "m")) for d in (raised, kept))

                    assert rank_of(up, person.id, worst=(99, 9)) <= wish, seed
                    assert rank_of(same, person.id, worst=(99, 9)) != wish, seed
                    tried += 1
    assert tried > 50


def test_how_many_got_in_and_the_cut_off_are_those_of_the_placement():
    told = 0
    for seed in range(500):
        document, problem, placement = market(seed, (*ONE_PHASE, *RULE_SETS[:2], *GREEDY[:2]))
        brute = BruteForce(document)
        explainer = Explainer(problem, placement)
        phase_of = {m.teacher: c.phase for c in placement.components for m in c.moves}
        for person in problem.teachers:
            for answer in explainer.explain(person.id).answers:
                seat = (answer.entry.position.school, answer.entry.position.subject)
                inside = [
                    brute.priority(m.teacher, seat)
                    for m in placement.moves()
                    if (m.destination.school, m.destination.subject) == seat
                ]
                for reason in answer.reasons:
                    if reason.code is Because.NO_SEAT and person.id not in phase_of:
                        assert inside == []
                    if reason.code is not Because.TAKEN:
                        continue
                    told += 1
                    better = sorted(k for k in inside if k < brute.priority(person.id, seat))
                    assert 0 < reason.comparison.people <= len(better)
                    assert -better[reason.comparison.people - 1][0] == reason.comparison.points
                    if person.id not in phase_of:
                        assert reason.comparison.people == len(inside)
    assert told > 150


def test_whether_a_ring_was_possible_and_which_beat_it_is_what_trying_everything_says():
    lost = 0
    for seed in range(400):
        document, problem, placement = market(seed, RINGS)
        first = document["rules"]["phases"][0]
        brute = BruteForce(document)
        every = sorted(brute.all_rings(*first["length"]), key=lambda ring: ring[0])
        explainer = Explainer(problem, placement)
        for person in problem.teachers:
            for answer in explainer.explain(person.id).answers:
                seat = (answer.entry.position.school, answer.entry.position.subject)
                here = [
                    keys
                    for keys, moves in every
                    if any(n == person.id and o[0] == seat for n, o in moves)
                ]
                reason = next((r for r in answer.reasons if r.phase == first["name"]), None)
                if reason is None or reason.code is Because.MOVED_ALREADY:
                    continue
                assert (reason.code is Because.RING_LOST) == bool(here), (seed, person.id)
                if reason.code is Because.NOBODY_LEAVES:
                    assert seat not in map(brute.home, brute.teachers)
                if here:
                    lost += 1
                    mine = min(here)[0]
                    comparison = reason.comparison
                    place = comparison.place - 1
                    if comparison.decided_by != "length":
                        assert -mine[place][0] == comparison.against, (seed, person.id)
                    assert comparison.points >= comparison.against
    assert lost > 100


def test_every_wish_that_was_missed_has_a_reason():
    for seed in range(300):
        _, problem, placement = market(seed, (*RULE_SETS, *GREEDY))
        for told in Explainer(problem, placement).everyone():
            for answer in told.answers:
                assert bool(answer.reasons) == (answer.outcome is Outcome.MISSED), seed


@pytest.mark.parametrize("decide", [ttc, teacher_optimal_block_exchange, maximum, failure_aware])
def test_of_a_what_if_each_missed_wish_is_told_who_got_it_or_that_nobody_did(decide):
    given = 0
    for seed in range(15):
        document, problem, _ = market(seed, RULE_SETS)
        placement = decide(problem).placement
        got = {m.teacher: (m.destination.school, m.destination.subject) for m in placement.moves()}
        left = {BruteForce(document).home(name) for name in got}
        for told in Explainer(problem, placement).everyone():
            for answer in told.answers:
                seat = (answer.entry.position.school, answer.entry.position.subject)
                inside = list(got.values()).count(seat)
                for reason in answer.reasons:
                    assert (reason.code is Because.GIVEN) == bool(inside), seed
                    if reason.code is Because.GIVEN:
                        assert reason.comparison.people == inside
                        given += 1
                    if reason.code in {Because.NOT_LEFT, Because.NO_SEAT}:
                        assert seat not in left
                assert bool(answer.reasons) == (answer.outcome is Outcome.MISSED)
    assert given > 5
