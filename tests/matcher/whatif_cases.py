"""One market against one theorem: what is wrong, in words; nothing if it holds."""

import copy

from matcher.checking.certificates import check_certificate
from matcher.files.placement import Chain, parse_placement
from matcher.files.problem import problem_from_document
from matcher.whatif.ttc import ttc
from tests.matcher.markets import random_problem, rules
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
    said = check_certificate(problem, read)
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
    document, problem = market(rng, most_teachers=6)
    truth = Definitions(document)
    got = _given(truth, ttc(problem).placement)
    number = rng.randrange(len(document["teachers"]))
    teacher = document["teachers"][number]
    honest = truth.rank(got, teacher["id"])
    dearer = [option[0] for option in truth.options[teacher["id"]][:honest]]
    for _ in range(LIES if dearer else 0):
        told = list(document["teachers"])
        told[number] = teacher | {"wishes": _lie(rng, teacher, truth.counties)}
        lied = ttc(problem_from_document(document | {"teachers": told}, "x")).placement
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
