"""A phase that trades is gone through again: only what the trade gives is accepted."""

from dataclasses import replace
from random import Random

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.placement import Chain
from matcher.files.problem import problem_from_document
from tests.matcher.findings import said
from tests.matcher.markets import random_problem, ring_phase, rules, vacancy_phase

TRADES = vacancy_phase() | {"method": "ttc", "refill": "chains"}
RULE_SETS = (
    rules(TRADES),
    rules(TRADES),
    rules(TRADES | {"who": "indigenous", "name": "first"}, ring_phase(2, 3), TRADES),
    rules(TRADES | {"schools": "remote", "name": "first"}, vacancy_phase("second")),
)


def test_the_trade_is_accepted_and_that_of_another_market_only_if_it_is_the_same():
    refused = 0
    for seed in range(500):
        rng = Random(seed)  # noqa: S311  # a market is no secret
        document = random_problem(rng, most_teachers=9, rule_sets=RULE_SETS)
        market = problem_from_document(document, "right")
        for person in rng.sample(document["teachers"], min(2, len(document["teachers"]))):
            rng.shuffle(person["wishes"])
        document["vacancies"] = document["vacancies"][rng.randint(0, 1) :]
        right, other = solve(market), solve(problem_from_document(document, "other"))
        claimed = tuple(_with_ranks_of(market, component) for component in other.components)

        findings = check(market, replace(right, components=claimed))

        assert check(market, right) == (), seed
        assert bool(findings) == (claimed != right.components), seed
        refused += bool(findings)
    assert refused > 100


def _with_ranks_of(market, component):
    lists = {person.id: person.wishes for person in market.teachers}
    return replace(
        component,
        moves=tuple(
            replace(move, wish=lists[move.teacher].index(move.destination.school) + 1)
            for move in component.moves
        ),
    )


def test_lines_of_a_trade_in_another_order_and_lines_left_out_are_named_so():
    for seed in range(200):
        rng = Random(seed)  # noqa: S311
        market = problem_from_document(
            random_problem(rng, most_teachers=9, rule_sets=RULE_SETS[:1]), "right"
        )
        right = solve(market)
        if len(right.components) < 2:
            continue

        turned = check(market, replace(right, components=right.components[::-1]))
        fewer = check(market, replace(right, components=right.components[1:]))

        first = right.components[0].moves[0].teacher
        assert said(turned) == ["$: decisions_out_of_order"]
        assert said(fewer) == [f"$: traded_otherwise: {first}"]


def test_a_chain_that_ends_too_soon_is_named_by_its_place():
    cut = 0
    for seed in range(100):
        rng = Random(seed)  # noqa: S311
        market = problem_from_document(
            random_problem(rng, most_teachers=9, rule_sets=RULE_SETS[:1]), "right"
        )
        right = solve(market)
        for place, line in enumerate(right.components):
            if isinstance(line, Chain) and len(line.moves) > 1:
                components = list(right.components)
                components[place] = replace(line, moves=line.moves[:-1])

                findings = check(market, replace(right, components=tuple(components)))

                assert said(findings) == [f"$.components[{place}]: traded_otherwise"]
                cut += 1
    assert cut > 10
