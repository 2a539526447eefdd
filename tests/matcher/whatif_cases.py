"""One market against one theorem: what is wrong, in words; nothing if it holds."""

import copy
from fractions import Fraction
from functools import cache
from itertools import permutations, product

from matcher.checking.certificates import check_certificate
from matcher.checking.claims import Claims
from matcher.files.placement import Chain, parse_placement
from matcher.files.problem import problem_from_document
from matcher.whatif.blocks import teacher_optimal_block_exchange
from matcher.whatif.failure import failure_aware
from matcher.whatif.maximum import maximum
from matcher.whatif.taste import Taste
from matcher.whatif.ttc import ttc
from tests.matcher.markets import random_problem, rules, school, teacher
from tests.matcher.whatif_brute_force import Definitions

RULES = (rules(),)
LIES = 8


def market(rng, most_teachers=7):
    """A document, and the problem in it."""
    document = random_problem(rng, most_teachers=most_teachers, rule_sets=RULES)
    return document, problem_from_document(document, "random")


def without_limits(document):
    """The same without 遇缺不補."""
    copied = copy.deepcopy(document)
    for vacancy in copied["vacancies"]:
        vacancy["refill"] = True
    return copied


def taken_seats(placement):
    """By teacher, where she goes and whose seat it was; None for a vacancy."""
    found = {}
    for component in placement.components:
        moves = component.moves
        names = [move.teacher for move in moves]
        is_chain = isinstance(component, Chain)
        before = [None, *names[:-1]] if is_chain else [*names[1:], names[0]]
        for move, holder in zip(moves, before, strict=True):
            to = (move.destination.school, move.destination.subject)
            found[move.teacher] = (to, holder)
    return found


def complaints(problem, placement):
    """What the checker says, also of the file as it is read back."""
    read = parse_placement(placement.encode(), "placement")
    said = check_certificate(problem, Claims(problem), read)
    return [] if not said and read == placement else [f"check: {said}"]


def ttc_is_its_definition(rng):
    """Whatever the order in which circles are closed."""
    document, problem = market(rng)
    placement = ttc(problem).placement

    wrong = complaints(problem, placement)
    if taken_seats(placement) != Definitions(document).trades(rng):
        wrong.append(f"not the trade that is defined: {document}")
    return wrong


def ttc_is_efficient(rng):
    """No other way to give out the seats is better for one teacher and worse for none."""
    document, _ = market(rng, most_teachers=6)
    document = without_limits(document)
    ours = Definitions(document)
    got = _given(ours, ttc(problem_from_document(document, "x")).placement)
    mine = {name: ours.rank(got, name) for name in ours.teachers}
    for other in ours.allocations():
        if other != got and all(ours.rank(other, name) <= mine[name] for name in mine):
            return [f"better for some and worse for none: {other} {document}"]
    return []


def ttc_rewards_no_lie(rng):
    """No other list with wishes in the same counties gets somebody more; some lies are tried."""
    return _lies(rng, ttc)


def _lies(rng, decide):
    document, problem = market(rng, most_teachers=6)
    truth = Definitions(document)
    got = _given(truth, decide(problem).placement)
    number = rng.randrange(len(document["teachers"]))
    teacher = document["teachers"][number]
    honest = truth.rank(got, teacher["id"])
    dearer = [option[0] for option in truth.options[teacher["id"]][:honest]]
    for _ in range(LIES if dearer else 0):
        told = list(document["teachers"])
        told[number] = teacher | {"wishes": _lie(rng, teacher, truth.counties)}
        lied = decide(problem_from_document(document | {"teachers": told}, "x")).placement
        if taken_seats(lied).get(teacher["id"], (None,))[0] in dearer:
            return [f"{teacher['id']} gains by {told[number]['wishes']}: {document}"]
    return []


def _lie(rng, teacher, counties):
    """A list of schools in the counties she has points in, with at least one in each."""
    named = sorted(school for school in counties if counties[school] in teacher["points"])
    while True:
        wishes = rng.sample(named, rng.randint(1, len(named)))
        if {counties[school] for school in wishes} == set(teacher["points"]):
            return wishes


def _given(definitions, placement):
    """The placement as an allocation of `Definitions`."""
    found = {}
    for name, (to, _) in taken_seats(placement).items():
        found[name] = next(o for o in definitions.options[name] if o[0] == to)
    return found


def block_exchange_leaves_no_block(rng):
    """Everybody and every seat is better off, and no ring of people could still block.

    Each seat is looked at by itself: the seats of people who moved are held by who took them.
    """
    document, problem = market(rng)
    ours = Definitions(document)
    placement = teacher_optimal_block_exchange(problem).placement
    wrong = complaints(problem, placement)
    taken = taken_seats(placement)
    got = _given(ours, placement)
    for name, (position, holder) in taken.items():
        if holder is None or not ours.displaces(name, position, holder):
            wrong.append(f"{name} does not stand before {holder}: {document}")
    first = {name: taken.get(name, (None, name))[1] for name in ours.teachers}  # whose seat it was
    for length in range(2, len(first) + 1):
        for ring in permutations(first, length):
            if ring[0] == min(ring) and all(
                _blocks(ours, got, one, other, first[other])
                for one, other in zip(ring, (*ring[1:], ring[0]), strict=True)
            ):
                return [*wrong, f"{ring} would block: {document}"]
    return wrong


def _blocks(ours, got, one, other, first):
    """Whether one prefers the seat of the other, and stands before both who held it."""
    position = got[other][0] if other in got else ours.home(other)
    wanted = [option[0] for option in ours.options[one][: ours.rank(got, one)]]
    if position not in wanted or not ours.displaces(one, position, first):
        return False
    return other not in got or ours.priority(one, position) < ours.priority(other, position)


def block_exchange_rewards_no_lie(rng):
    """Nor here does another list get anybody more."""
    return _lies(rng, teacher_optimal_block_exchange)


def maximum_is_the_most(rng):
    """By moves, then first wishes, then second ones and so on."""
    document, problem = market(rng, most_teachers=6)
    longest = rng.randint(2, 5)
    placement = maximum(problem, longest).placement
    wishes = range(1, len(document["schools"]) + 1)

    def profile(moves):
        ranks = [option[1] for _, option in moves]
        return (len(ranks), *(ranks.count(wish) for wish in wishes))

    wrong = complaints(problem, placement)
    ranks = [move.wish for move in placement.moves()]
    reached = (len(ranks), *(ranks.count(wish) for wish in wishes))
    best = Definitions(document).best(longest, lambda line: profile(line[2]))
    goals = placement.certificate["goals"]
    if reached != best or any(goal["value"] != goal["bound"] for goal in goals):
        wrong.append(f"{reached}, not {best}, at most {longest}: {goals} {document}")
    return wrong


def maximum_of_shorter_lines_is_no_less(rng):
    """Not true: a control that has to be seen. Three who only form a ring together, and others."""
    document, _ = market(rng, most_teachers=4)
    names = ("R1", "R2", "R3")
    document["schools"] += [school(name, "13") for name in names]
    document["teachers"] += [
        teacher(f"T{900 + n}", name, names[(n + 1) % 3], points={"13": 100}, tie=[0])
        for n, name in enumerate(names)
    ]
    problem = problem_from_document(document, "control")
    two, three = (len(list(maximum(problem, n).placement.moves())) for n in (2, 3))
    return [] if two == three else [f"{two} in lines of two, {three} in lines of three"]


def maximum_by_points_is_the_most(rng):
    """By moves, then the sum of points."""
    document, problem = market(rng, most_teachers=6)
    longest = rng.randint(2, 5)
    placement = maximum(problem, longest, Taste.POINTS).placement
    ours = Definitions(document)

    def worth(moves):
        return len(moves), sum(-ours.priority(name, option[0])[0] for name, option in moves)

    wrong = complaints(problem, placement)
    best = ours.best(longest, lambda line: worth(line[2]))
    reached = worth(_given(ours, placement).items())
    if reached != best or placement.certificate["goals"][1]["value"] != best[1]:
        wrong.append(f"{reached}, not {best}, at most {longest}: {document}")
    return wrong


def failure_aware_expects_the_most(rng):
    """The expected moves of every line are counted by trying who fails."""
    document, problem = market(rng, most_teachers=6)
    longest, failing = rng.randint(2, 4), Fraction(rng.choice(("1/20", "1/3", "0", "3/4")))
    placement = failure_aware(problem, longest, failing).placement
    certificate = placement.certificate

    wrong = complaints(problem, placement)
    best = Definitions(document).best(
        longest, lambda line: (_expected(line[0], len(line[2]), failing),)
    )
    reached = Fraction(certificate["value"], certificate["scale"])
    counted = sum(_expected(c.kind, len(c.moves), failing) for c in placement.components)
    if (reached,) != best or reached != counted or certificate["bound"] != certificate["value"]:
        wrong.append(f"{reached}, not {best}, at most {longest}: {document}")
    return wrong


@cache
def _expected(kind, length, failing):
    total = Fraction(0)
    for comes in product((True, False), repeat=length):
        chance = Fraction(1)
        for one in comes:
            chance *= 1 - failing if one else failing
        stand = length if all(comes) else 0
        if kind == "chain":
            stand = next((n for n, one in enumerate(comes) if not one), length)
        total += chance * stand
    return total


def the_names_do_not_matter(rng):
    """Other names of people and schools, and another order of rows: the same moves."""
    document, problem = market(rng)
    renamed = copy.deepcopy(document)
    rng.shuffle(renamed["teachers"])
    rng.shuffle(renamed["schools"])
    rng.shuffle(renamed["vacancies"])
    names = {t["id"]: f"Z{rng.random()}" for t in renamed["teachers"]}
    for person in renamed["teachers"]:
        person["id"] = names[person["id"]]
    again = problem_from_document(renamed, "renamed")
    return [
        f"{decide.__name__} depends on names: {document}"
        for decide in (ttc, teacher_optimal_block_exchange, maximum, failure_aware)
        if {names[n]: to for n, (to, _) in taken_seats(decide(problem).placement).items()}
        != {n: to for n, (to, _) in taken_seats(decide(again).placement).items()}
    ]
