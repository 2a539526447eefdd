"""What must hold in every market, whatever the rules."""

import copy
from collections import Counter
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.checking.check import check
from matcher.deciding.solve import decide, solve
from matcher.files.problem import problem_from_document
from tests.matcher import markets
from tests.matcher.greedy_walk import greedy_phase
from tests.matcher.markets import rules, vacancy_phase
from tests.matcher.trials import EVERY_METHOD

RNG = st.randoms(use_true_random=False)
FEW = settings(max_examples=50, deadline=None)
ONE_ROUND = rules(vacancy_phase())


def random_problem(rng):
    return markets.random_problem(rng, rule_sets=EVERY_METHOD)


def components(document):
    return solve(problem_from_document(document, "x")).document()["components"]


def wish_of(document, teacher):
    """The rank of the option she gets; past the end for none."""
    for component in components(document):
        for move in component["moves"]:
            if move["teacher"] == teacher["id"]:
                return teacher["wishes"].index(move["to"][0])
    return len(teacher["wishes"])


def single_subject(document):
    """The market with one subject, so that a wish is one option; and one round of vacancies."""
    copied = copy.deepcopy(document)
    for teacher in copied["teachers"]:
        teacher.update(subject="general", subjects=["general"], excluded=[])
    copied["vacancies"] = [v for v in copied["vacancies"] if v["subject"] == "general"]
    return copied | {"rules": ONE_ROUND}


@FEW
@given(RNG)
def test_every_result_passes_the_independent_check(rng):
    market = problem_from_document(random_problem(rng), "x")

    assert check(market, solve(market)) == ()


@FEW
@given(RNG)
def test_nobody_moves_where_she_did_not_ask_and_nobody_without_a_move_loses_her_seat(rng):
    document = random_problem(rng)
    teachers = {teacher["id"]: teacher for teacher in document["teachers"]}

    moves = [move for component in components(document) for move in component["moves"]]

    for move in moves:
        teacher = teachers[move["teacher"]]
        assert move["to"][0] == teacher["wishes"][move["wish"] - 1] != teacher["school"]
        assert move["to"][1] == teacher["subjects"][move["subject_rank"] - 1]
        assert move["from"] == [teacher["school"], teacher["subject"]]
    assert max(Counter(move["teacher"] for move in moves).values(), default=0) <= 1


@FEW
@given(RNG)
def test_seats_are_conserved_at_every_position_and_exactly_so_in_rings(rng):
    document = random_problem(rng)
    seats = Counter()
    for vacancy in document["vacancies"]:
        seats[vacancy["school"], vacancy["subject"]] += vacancy["count"]

    for component in components(document):
        entered = Counter(tuple(move["to"]) for move in component["moves"])
        left = Counter(tuple(move["from"]) for move in component["moves"])
        if component["kind"] == "ring":
            assert entered == left
        seats.update(left)
        seats.subtract(entered)

    assert min(seats.values(), default=0) >= 0


@FEW
@given(RNG)
def test_the_order_of_arrival_never_matters(rng):
    document = random_problem(rng)
    shuffled = copy.deepcopy(document)
    for key in ("schools", "vacancies", "teachers"):
        rng.shuffle(shuffled[key])

    assert components(shuffled) == components(document)


@FEW
@given(RNG)
def test_the_names_of_people_and_schools_never_matter(rng):
    document = random_problem(rng)
    names = [entry["id"] for key in ("schools", "teachers") for entry in document[key]]
    others = [f"N{number}" for number in range(len(names))]
    rng.shuffle(others)
    renaming = dict(zip(names, others, strict=True))

    def renamed(value):
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return renaming.get(value, value)

    assert components(renamed(document)) == renamed(components(document))


def with_one_total(document):
    for teacher in document["teachers"]:
        teacher["points"] = dict.fromkeys(teacher["points"], 100 * (teacher["lot"] % 3))
    return document


@FEW
@given(RNG)
def test_with_one_total_a_round_of_vacancies_is_serial_dictatorship_by_either_method(rng):
    document = with_one_total(single_subject(random_problem(rng)))
    people = document["teachers"]
    closed = {school["id"] for school in document["schools"] if "closed" in school["marks"]}
    seats = {row["school"]: row["count"] for row in document["vacancies"]}
    expected = {}

    def priority(one):
        return (-max(one["points"].values(), default=0), -one["tie"][0], one["lot"])

    for one in sorted(people, key=priority):
        for wish in one["wishes"]:
            if wish != one["school"] and wish not in closed and seats.get(wish):
                seats[wish] -= 1
                expected[one["id"]] = wish
                break

    def decided(phase):
        found = components(document | {"rules": rules(phase)})
        return {move["teacher"]: move["to"][0] for line in found for move in line["moves"]}

    assert decided(vacancy_phase()) == expected
    assert decided(greedy_phase()) == expected


@FEW
@given(RNG)
def test_a_round_of_vacancies_leaves_no_envy_that_priority_justifies_and_no_wanted_seat(rng):
    document = single_subject(random_problem(rng))
    county = {school["id"]: school["county"] for school in document["schools"]}
    closed = {school["id"] for school in document["schools"] if "closed" in school["marks"]}
    seats = {row["school"]: row["count"] for row in document["vacancies"]}
    people = {teacher["id"]: teacher for teacher in document["teachers"]}

    moves = [move for line in components(document) for move in line["moves"]]

    inside = {school: [m["teacher"] for m in moves if m["to"][0] == school] for school in county}
    rank = {move["teacher"]: move["wish"] - 1 for move in moves}

    def priority(name, school):
        person = people[name]
        return (-person["points"][county[school]], -person["tie"][0], person["lot"])

    for name, teacher in people.items():
        for wish in teacher["wishes"][: rank.get(name)]:
            if wish != teacher["school"] and wish not in closed:
                assert len(inside[wish]) == seats.get(wish, 0)
                assert all(priority(n, wish) < priority(name, wish) for n in inside[wish])


@FEW
@given(RNG)
def test_in_vacancies_more_points_never_hurt_and_make_cut_offs_monotone(rng):
    document = single_subject(random_problem(rng))
    teacher = rng.choice(document["teachers"])
    before = wish_of(document, teacher)

    for county in teacher["points"]:
        teacher["points"][county] += 100

    assert wish_of(document, teacher) <= before


@FEW
@given(RNG)
def test_in_vacancies_one_more_seat_hurts_nobody(rng):
    document = single_subject(random_problem(rng))
    before = [wish_of(document, teacher) for teacher in document["teachers"]]

    for vacancy in document["vacancies"][:1]:
        vacancy["count"] += 1

    after = [wish_of(document, teacher) for teacher in document["teachers"]]
    assert all(new <= old for new, old in zip(after, before, strict=True))


@FEW
@given(RNG)
def test_in_vacancies_a_last_wish_never_hurts_an_earlier_one(rng):
    document = single_subject(random_problem(rng))
    teacher = rng.choice(document["teachers"])
    new = [s for s in document["schools"] if s["id"] not in teacher["wishes"]]
    before = wish_of(document, teacher)

    for school in new[:1]:
        teacher["wishes"].append(school["id"])
        teacher["points"].setdefault(school["county"], 200)

    assert wish_of(document, teacher) == before or before >= len(teacher["wishes"]) - len(new[:1])


@settings(max_examples=15, deadline=None)
@given(RNG)
def test_in_vacancies_no_false_list_gets_a_teacher_more_than_the_true_one(rng):
    document = single_subject(random_problem(rng))
    teacher = rng.choice(document["teachers"])
    truth, points = teacher["wishes"][:4], teacher["points"]
    county = {school["id"]: school["county"] for school in document["schools"]}

    def got(wishes):
        teacher["wishes"] = list(wishes)
        teacher["points"] = {c: points[c] for c in {county[wish] for wish in wishes}}
        rank = wish_of(document, teacher)
        return truth.index(wishes[rank]) if rank < len(wishes) else len(truth)

    honest = got(truth)

    for length in range(len(truth) + 1):
        for lie in permutations(truth, length):
            assert got(lie) >= honest, lie


@FEW
@given(RNG)
def test_the_trace_names_every_move_once_and_its_hash_is_in_the_placement(rng):
    market = problem_from_document(random_problem(rng), "x")

    solution = decide(market)

    text = solution.trace.decode()
    for move in solution.placement.moves():
        assert text.count(f'"teacher":"{move.teacher}"') == 1
    assert decide(market) == solution
