"""Prices of lines: what is found is all there is, held against listing every line."""

from collections import defaultdict
from random import Random

import numpy as np
import pytest

from matcher.checking.certified_prices import Prices, Worth, is_sound
from matcher.checking.claims import Claims
from matcher.files.problem import problem_from_document
from matcher.whatif.generation import proof
from matcher.whatif.pricing import GONE, UNIT, dear_chains, dear_rings, dearest_ring, further
from matcher.whatif.setting import Setting
from matcher.whatif.web import Walk, Web
from tests.matcher.markets import problem, rules, school, teacher, vacancy

MARKETS = 40
PRICES = (0, UNIT // 4, UNIT // 2, UNIT, 3 * UNIT // 2)  # few, so that there are ties


class Listed:
    """Every move and every walk over moves of a web, one after another."""

    def __init__(self, web, prices):
        self.web = web
        self.gain = {
            move: UNIT - int(prices[web.teacher[move]]) for move in range(len(web.teacher))
        }

    def source(self, move):
        return int(self.web.source[move])

    def target(self, move):
        return int(self.web.target[move])

    def worth(self, walk):
        return sum(self.gain[move] for move in walk)

    def circuits(self, longest):
        """Walks that end where they begin, each move into the seat of who moves next."""
        held = {self.source(move) for move in self.gain}
        walks = [(move,) for move in self.gain if self.target(move) in held]
        for _ in range(1, longest):
            walks = [
                (*walk, move)
                for walk in walks
                for move in self.gain
                if self.source(move) == self.target(walk[-1])
            ]
            yield from (walk for walk in walks if self.target(walk[-1]) == self.source(walk[0]))

    def chains(self, first, longest):
        """A move into a vacancy, and what may follow: each move into the seat left before it."""
        yield (first,)
        ends = self.web.shut[self.source(first)] or self.web.shut[self.target(first)]
        if not ends:
            yield from ((first, *rest) for rest in self.rest(self.source(first), longest - 1))

    def rest(self, left, longest):
        """What may follow on a seat that was left, in so many moves at most."""
        for move in self.gain if longest else ():
            if self.target(move) == left:
                yield (move,)
                if not self.web.shut[self.source(move)]:
                    yield from ((move, *rest) for rest in self.rest(self.source(move), longest - 1))


def drawn(number, dear=()):
    """A market, prices of people and of vacancies, the longest line and the least gain."""
    rng = Random(f"pricing/{number}")  # noqa: S311  # a market is no secret
    names = [f"S{n}" for n in range(rng.randint(2, 5))]
    people = []
    for n in range(1, rng.randint(4, 8)):
        home, *others = rng.sample(names, len(names))
        wishes = others[: rng.choice((0, 1, 2, 2, 3))]
        points = {"13": 100 * rng.randint(1, 3)} if wishes else {}
        people.append(teacher(f"T{n}", home, *wishes, points=points))
    rows = [
        vacancy(name, rng.choice((0, 1, 1, 2)), refill=rng.random() < 0.8)
        for name in names
        if rng.random() < 0.6
    ]
    here = problem_from_document(
        problem([school(name) for name in names], people, vacancies=rows, rules=rules()), "priced"
    )
    web = Web(Setting(here))
    prices = np.array([rng.choice((*PRICES, *dear)) for _ in people], dtype=np.int32)
    vacant = np.array([rng.choice((0, 0, *PRICES, GONE)) for _ in web.seats], dtype=np.int32)
    return here, web, prices, vacant, rng.randint(2, 4), rng.choice((0, UNIT // 4, UNIT // 2))


def from_lowest(walk):
    """The same ring, from its move with the lowest number."""
    first = walk.index(min(walk))
    return (*walk[first:], *walk[:first])


def is_simple(listed, walk):
    return len({listed.target(move) for move in walk}) == len(walk)


def leads_back(listed, chain):
    """Whether somebody leaves a position that it had filled."""
    return any(
        listed.source(move) in {listed.target(before) for before in chain[: n + 1]}
        for n, move in enumerate(chain)
    )


@pytest.mark.parametrize("number", range(MARKETS))
def test_rings_that_are_found_gain_and_none_that_gains_is_passed_over(number):
    _, web, prices, _, longest, least = drawn(number, dear=(GONE,))
    listed = Listed(web, prices)
    every = {walk: listed.worth(walk) for walk in listed.circuits(longest)}

    found = dear_rings(web, prices, longest, least)
    gaining = dear_rings(web, prices, longest, 0)

    assert len(set(found)) == len(found)
    assert all(
        ring.is_ring is True
        and ring.moves == from_lowest(ring.moves)
        and is_simple(listed, ring.moves)
        and every[ring.moves] > least
        for ring in found
    )
    assert bool(gaining) == any(gain > 0 for gain in every.values())
    assert dearest_ring(web, prices, longest) == max([0, *every.values()])


@pytest.mark.parametrize("number", range(MARKETS))
def test_of_the_rings_through_each_position_the_dearest_of_each_length_is_found(number):
    _, web, prices, _, longest, least = drawn(number)
    listed = Listed(web, prices)
    through = defaultdict(dict)
    for walk in listed.circuits(longest):
        through[listed.source(walk[0]), len(walk)][walk] = listed.worth(walk)

    found = {ring.moves for ring in dear_rings(web, prices, longest, least)}

    for walks in through.values():
        best = max(walks.values())
        dearest = [walk for walk, gain in walks.items() if gain == best]
        if best > least and all(is_simple(listed, walk) for walk in dearest):
            assert found & set(map(from_lowest, dearest))


@pytest.mark.parametrize("number", range(MARKETS))
def test_what_chains_gain_from_each_seat_on_is_the_most_of_all_chains(number):
    _, web, prices, _, longest, _ = drawn(number)
    listed = Listed(web, prices)

    rest = further(web, prices, longest)

    assert [
        [max([0, *map(listed.worth, listed.rest(p, more))]) for p in range(len(web.seats))]
        for more in range(longest)
    ] == [left.tolist() for left in rest.left]
    assert rest.vacancy.tolist() == [
        max(
            [
                0,
                *(
                    listed.worth(chain)
                    for first in listed.gain
                    if listed.target(first) == place
                    for chain in listed.chains(first, longest)
                ),
            ]
        )
        for place in range(len(web.seats))
    ]


@pytest.mark.parametrize("number", range(3 * MARKETS))
def test_chains_that_are_found_go_on_as_dearly_as_any_that_begins_so(number):
    _, web, prices, vacant, longest, least = drawn(number)
    listed = Listed(web, prices)

    found = dear_chains(web, prices, further(web, prices, longest), vacant, least)

    begun = {chain.moves[0] for chain in found}
    begins, roundabout = defaultdict(dict), set()
    assert len(set(found)) == len(found)
    assert all(chain.is_ring is False for chain in found)
    for first in (move for move in listed.gain if web.seats[listed.target(move)]):
        every = {chain: listed.worth(chain) for chain in listed.chains(first, longest)}
        mine = {chain.moves for chain in found if chain.moves[0] == first}
        dearest = {chain for chain, gain in every.items() if gain == max(every.values())}
        gain = max(every.values()) - int(vacant[listed.target(first)])
        assert mine <= every.keys()
        begins[int(web.teacher[first])][first] = gain
        if any(leads_back(listed, chain) for chain in dearest):
            roundabout.add(int(web.teacher[first]))  # that part of it is left out
        else:
            assert mine <= dearest
    if not roundabout:
        assert all(gains[n] > least for gains in begins.values() for n in gains.keys() & begun)
    for person in begins.keys() - roundabout:
        gains = begins[person]
        wanted = [gain for gain in gains.values() if gain > least]
        taken = sorted((gains[n] for n in gains.keys() & begun if gains[n] > least), reverse=True)
        assert taken == sorted(wanted, reverse=True)[:2]


def market(*teachers, vacancies):
    schools = [school(f"S{n}") for n in range(40)]
    return Web(
        Setting(
            problem_from_document(
                problem(schools, teachers, vacancies=vacancies, rules=rules()), "m"
            )
        )
    )


def one(name, home, *wishes):
    return teacher(name, home, *wishes, points={"13": 500} if wishes else {})


def said(web, walks):
    """Who takes which position, by walk."""
    return [
        [(int(web.teacher[move]), int(web.target[move])) for move in walk.moves] for walk in walks
    ]


def chains_of(web, dear=(), least=0):
    """Chains of at most two where people cost nothing and vacancies what is said of them."""
    free = np.zeros(web.people, dtype=np.int32)
    vacant = np.zeros_like(web.seats)
    for place, price in dear:
        vacant[place] = price
    return said(web, dear_chains(web, free, further(web, free, 2), vacant, least))


def test_with_one_person_two_chains_begin_at_most_the_dearest_and_others_are_not_kept_waiting():
    web = market(
        one("T1", "S0", "S1", "S2", "S3"),
        one("T2", "S4", "S5"),
        vacancies=[vacancy(f"S{n}") for n in (1, 2, 3, 5)],
    )
    first, second, third, other = (
        int(web.target[move]) for move in np.lexsort((web.option, web.teacher))
    )

    found = chains_of(web, [(first, 1), (third, 2), (other, 3)])

    assert found == [[(0, second)], [(0, first)], [(1, other)]]


def test_at_one_vacancy_twenty_chains_begin_at_most_and_others_are_not_kept_waiting():
    people = [one(f"T{n + 1}", f"S{n}", "S30") for n in range(25)]
    web = market(*people, one("T26", "S25", "S31"), vacancies=[vacancy("S30"), vacancy("S31")])
    crowded, other = int(web.target[0]), int(web.target[-1])

    found = chains_of(web, [(other, 1)])

    assert found == [[(n, crowded)] for n in range(20)] + [[(25, other)]]


def test_a_chain_uses_its_people_and_a_vacancy_and_a_ring_people_only():
    web = market(one("T1", "S1", "S9"), one("T2", "S2", "S1"), vacancies=[vacancy("S9")])
    first, second = (int(np.flatnonzero(web.teacher == n)[0]) for n in range(2))

    chain = Walk(is_ring=False, moves=(first, second))

    assert web.rows(chain) == [0, 1, 2 + int(web.target[first])]
    assert web.rows(Walk(is_ring=True, moves=(first, second))) == [0, 1]
    assert web.steps(chain) == [(0, 0), (1, 0)]
    assert web.seats[web.target[first]] == 1


def test_a_person_who_is_gone_is_in_no_ring_however_long():
    people = [one(f"T{n + 1}", f"S{n}", f"S{(n + 1) % 30}") for n in range(30)]
    web = market(*people, vacancies=[])
    prices = np.zeros(30, dtype=np.int32)

    (everybody,) = dear_rings(web, prices, 30, 0)
    prices[7] = GONE

    assert len(everybody.moves) == 30
    assert dear_rings(web, prices, 30, 0) == []
    assert dearest_ring(web, prices, 30) == 0


def test_of_more_positions_than_are_looked_at_at_once_none_is_forgotten():
    people = [
        one(f"T{n + 1}", f"S{n}", f"S{n + 1 - 2 * (n % 2)}")
        for n in range(200)  # each swaps with her neighbour
    ]
    schools = [school(f"S{n}") for n in range(200)]
    web = Web(Setting(problem_from_document(problem(schools, people, rules=rules()), "wide")))

    found = dear_rings(web, np.zeros(200, dtype=np.int32), 2, UNIT)

    assert sorted(sorted(person for person, _ in pair) for pair in said(web, found)) == [
        [n, n + 1] for n in range(0, 200, 2)
    ]


def test_a_market_in_which_nobody_wishes_for_anything_has_no_lines():
    for people in ((), (one("T1", "S0"),)):
        web = market(*people, vacancies=[vacancy("S1")])
        prices = np.zeros(len(people), dtype=np.int32)

        rest = further(web, prices, 3)

        assert dear_rings(web, prices, 3, 0) == []
        assert dearest_ring(web, prices, 3) == 0
        assert dear_chains(web, prices, rest, np.zeros_like(web.seats), 0) == []
        assert not rest.vacancy.any()


@pytest.mark.parametrize("number", range(MARKETS))
def test_at_any_prices_of_people_the_prices_of_all_rows_are_made_a_proof(number):
    here, web, prices, _, longest, _ = drawn(number)
    listed = Listed(web, prices)
    dearest = max([0, *map(listed.worth, listed.circuits(longest))])

    named, moves = proof(web, prices, longest)

    by_kind = defaultdict(dict)
    for (kind, place, depth), price in named.items():
        assert type(price) is int
        assert price > 0
        by_kind[kind][place, depth] = price
    people = {n: by_kind["teacher"].get((n, 0), 0) for n in range(web.people)}
    vacancies = {place: price for (place, _), price in by_kind["vacancy"].items()}
    positions = Setting(here).market.positions
    claims = Claims(here)
    held = Prices(
        teachers={
            claims.person[t.id]: people[n] for n, t in enumerate(Setting(here).market.teachers)
        },
        vacancies={claims.seat[positions[n]]: price for n, price in vacancies.items()},
        left={
            (claims.seat[positions[n]], depth): price
            for (n, depth), price in by_kind["left"].items()
        },
    )
    assert is_sound(claims, Worth(longest=longest, comes=1, of=1), held)
    assert people == {n: int(price) + -(-dearest // 2) for n, price in enumerate(prices)}
    assert all(web.seats[place] for place in vacancies)
    cost = sum(people.values())
    cost += sum(int(web.seats[place]) * price for place, price in vacancies.items())
    assert moves == cost // UNIT
    assert type(moves) is int


def test_who_asks_for_one_position_stands_in_the_order_of_people_on_every_machine():
    """A sort that is not stable orders them by the processor's instructions."""
    people = [one(f"T{n}", f"S{n % 30}", "S38", "S39") for n in range(1, 301)]
    web = market(*people, vacancies=[vacancy("S38"), vacancy("S39")])

    assert web.teacher.tolist() == [*range(300), *range(300)]
