"""Small markets for each method, and whether what is decided there is what trying everything finds.

`tests.matcher.test_brute_force` draws some of them, the long run ``matching`` a great many.
"""

from matcher.checking.check import check
from matcher.deciding.solve import decide
from matcher.files.problem import problem_from_document
from tests.matcher import greedy_walk
from tests.matcher.greedy_walk import Walk, greedy_phase
from tests.matcher.markets import (
    COUNTIES,
    RULE_SETS,
    problem,
    random_problem,
    random_teacher,
    ring_phase,
    rules,
    school,
    vacancy,
    vacancy_phase,
)
from tests.matcher.peer import Peer

METHODS = {
    "deferred acceptance": [rules(vacancy_phase())],
    "deferred acceptance in rounds": [rules(vacancy_phase(refill="rounds"))],
    "greedy": [rules(greedy_phase())],
    "greedy in rounds": [rules(greedy_phase(refill="rounds"))],
    "rings of one length": [rules(ring_phase(length, length)) for length in range(2, 8)],
    "rings of 2 to 7 and fewer": [
        rules(ring_phase(shortest, longest))
        for shortest in range(2, 7)
        for longest in range(shortest + 1, 8)
    ],
    "several phases": [
        *(each for each in (*RULE_SETS, *greedy_walk.RULE_SETS) if len(each["phases"]) > 1),
        rules(ring_phase(2, 2), greedy_phase("late", refill="rounds"), ring_phase(2, 7, "last")),
    ],
}
"""What a rule file can ask for, each as rule files."""

EVERY_METHOD = tuple(each for sets in METHODS.values() for each in sets)

LARGER = (
    rules(ring_phase(2, 4)),
    rules(ring_phase(3, 5)),
    rules(ring_phase(4, 5)),
    rules(ring_phase(2, 2, "swap"), ring_phase(3, 3, "triangle"), ring_phase(4, 5)),
    rules(vacancy_phase(), ring_phase(2, 3)),
)


def small_market(rng, method):
    """Up to seven people: ties, two counties, exclusive subjects, closed schools, 遇缺不補."""
    return random_problem(rng, most_teachers=7, rule_sets=METHODS[method])


def disagreement(document):
    """How the decision differs from trying everything, or fails its check; None if it does not."""
    market = problem_from_document(document, "small")
    solution = decide(market)
    placement = solution.placement
    wanted = Walk(document).components()
    if placement.document()["components"] != wanted:
        return f"decided {placement.document()['components']}, should be {wanted}"
    findings = check(market, placement, solution.trace)
    return f"found {findings}" if findings else None


def larger_market(rng):
    """One subject, up to 26 people, few enough rings to list them all."""
    county = {f"S{n}": rng.choice(COUNTIES) for n in range(rng.randint(6, 25))}
    lots = rng.sample(range(1, 200), 26)
    people = [
        random_teacher(rng, f"T{n}", lots[n], county, subjects=1)
        for n in range(rng.randint(12, 26))
    ]
    for person in people:
        person["wishes"] = person["wishes"][:6]
        person["points"] = {
            c: 100 * rng.randint(1, 6) for c in sorted({county[w] for w in person["wishes"]})
        }
        person["excluded"] = []
    return problem(
        [school(name, code) for name, code in county.items()],
        people,
        vacancies=[vacancy(rng.choice(list(county)))],
        rules=rng.choice(LARGER),
    )


def dense_market(rng):
    """Ninety people at 45 schools who would nearly all go anywhere: far more rings than people."""
    county = {f"S{n}": rng.choice(COUNTIES) for n in range(45)}
    lots = rng.sample(range(1, 200), 90)
    people = [random_teacher(rng, f"T{n}", lots[n], county, subjects=1) for n in range(90)]
    for person in people:
        person["wishes"] = rng.sample(list(county), rng.choice((3, 25, 30)))
        person["points"] = {
            c: 100 * rng.randint(1, 40) for c in sorted({county[w] for w in person["wishes"]})
        }
        person["excluded"] = []
    return problem(
        [school(name, code) for name, code in county.items()],
        people,
        rules=rng.choice((rules(ring_phase(2, 3)), rules(ring_phase(3, 3)))),
    )


def listed_disagreement(document):
    """How the decision differs from the best of the list of all rings; None if it does not."""
    market = problem_from_document(document, "larger")
    solution = decide(market)
    moved = {
        move.teacher: (move.destination.school, move.destination.subject)
        for move in solution.placement.moves()
    }
    wanted = Peer(document).moved()
    if moved != wanted:
        return f"decided {moved}, should be {wanted}"
    findings = check(market, solution.placement, solution.trace)
    return f"found {findings}" if findings else None
