"""The statutory mechanism beside libraries: rings that networkx lists, and `matching`.

Both libraries get the market ready made; only their own call is timed, in seconds of the processor.
Of our deferred acceptance it is the median of five.
"""

import json
import sys
import time
from collections.abc import Sequence
from random import Random
from statistics import median

import networkx
from matching import Player
from matching.algorithms import hospital_resident
from matching.players import Hospital

from matcher.deciding.deferred import deferred_acceptance
from matcher.deciding.market import Market, market_of
from matcher.deciding.rings import rings
from matcher.files.problem import problem_from_document
from matcher.files.rulebook import Rules

RING_TEACHERS, RING_SCHOOLS, RING_WISHES = 100, 60, 9
LONGEST_RING = 5
TEACHERS, SCHOOLS, WISHES, SEATS = 20_000, 2_000, 30, 8
TIMES_WANTED, REPEATS = 50, 5
Row = tuple[str, str, str, str, bool | None]


def measure(rules: Rules, seed: int = 1, teachers: int = TEACHERS) -> dict[str, object]:
    """``rows`` for the table of figures, and the numbers they were written from."""
    ring_s, listed_s, listed = _rings(rules, seed)
    ours_s, theirs_s = _deferred(rules, seed, teachers)
    return {
        "rows": [
            _row(
                f"rings of 2 to {LONGEST_RING}, {RING_TEACHERS} teachers of {RING_WISHES} wishes",
                ring_s,
                listed_s,
                f"networkx lists {listed:,} rings",
            ),
            _row(
                f"deferred acceptance {teachers:,} x {WISHES}", ours_s, theirs_s, "package matching"
            ),
        ],
        "seconds": {
            "rings": ring_s,
            "rings_listed": listed_s,
            "deferred_acceptance": ours_s,
            "matching": theirs_s,
        },
    }


def _row(what: str, ours: float, theirs: float, peer: str) -> Row:
    times = theirs / ours
    beside = f"{times:,.0f} times as long: {peer} ({theirs:.1f} s)"
    return (what, f"{ours:.3f} s", beside, f"≥ {TIMES_WANTED} times", times >= TIMES_WANTED)


def _rings(rules: Rules, seed: int) -> tuple[float, float, int]:
    market = invented(rules, seed, RING_TEACHERS, RING_SCHOOLS, RING_WISHES)
    people = range(RING_TEACHERS)
    graph = networkx.DiGraph(
        (one, other)
        for one in people
        for other in people
        if market.home[other] in market.options[one]
    )
    begun = time.process_time()
    ours = list(rings(market, people, 2, LONGEST_RING))
    middle = time.process_time()
    listed = list(networkx.simple_cycles(graph, length_bound=LONGEST_RING))
    ended = time.process_time()
    if ours != chosen(market, listed):
        raise AssertionError("the best of the listed rings are others")
    return middle - begun, ended - middle, len(listed)


def chosen(market: Market, listed: Sequence[Sequence[int]]) -> list[tuple[tuple[int, int], ...]]:
    """The rings that priority takes, one after another, from all there are."""
    ranked = []
    for ring in listed:
        moves = []
        for teacher, following in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            option = list(market.options[teacher]).index(market.home[following])
            place = market.standing_at(teacher, market.home[following])
            moves.append(((place, option), teacher))
        first = moves.index(min(moves))
        turned = [*moves[first:], *moves[:first]]
        ranked.append((sorted(edge for edge, _ in moves), [edge for edge, _ in turned], turned))
    ranked.sort()
    gone: set[int] = set()
    taken = []
    for _, _, moves in ranked:
        members = {teacher for _, teacher in moves}
        if members.isdisjoint(gone):
            gone |= members
            taken.append(tuple((teacher, option) for (_, option), teacher in moves))
    return taken


def _deferred(rules: Rules, seed: int, teachers: int) -> tuple[float, float]:
    market = invented(rules, seed, teachers, SCHOOLS, WISHES)
    seats = dict.fromkeys(range(len(market.positions)), SEATS)
    wanting: dict[int, list[int]] = {}
    for teacher in range(teachers):
        for position in market.options[teacher]:
            wanting.setdefault(position, []).append(teacher)
    residents = [Player(teacher) for teacher in range(teachers)]
    hospitals = {position: Hospital(position, SEATS) for position in wanting}
    for teacher, resident in enumerate(residents):
        resident.set_prefs([hospitals[position] for position in market.options[teacher]])
    for position, names in wanting.items():
        names.sort(key=lambda name, p=position: market.standing_at(name, p))
        hospitals[position].set_prefs([residents[name] for name in names])
    ours = []
    for _ in range(REPEATS):  # a tenth of a second scatters
        begun = time.process_time()
        choices = {t: range(len(market.options[t])) for t in range(teachers)}
        got = deferred_acceptance(market, choices, seats)
        ours.append(time.process_time() - begun)
    begun = time.process_time()
    # What the package's HospitalResident.solve calls, without its deep copy of all players.
    solved = hospital_resident(residents, list(hospitals.values()), optimal="resident")
    ended = time.process_time()
    theirs = {r.name: h.name for h, inside in solved.items() for r in inside}
    if {t: market.options[t][option] for t, option in got.items()} != theirs:
        raise AssertionError("the package decides otherwise")
    return median(ours), ended - begun


def invented(rules: Rules, seed: int, teachers: int, schools: int, wishes: int) -> Market:
    """One subject, two counties, everybody with as many wishes at schools drawn for her."""
    rng = Random(seed)  # noqa: S311  # a market is no secret
    county = {f"{number:06}": rng.choice(("13", "14")) for number in range(schools)}
    people = []
    for number in range(1, teachers + 1):
        home, *wanted = rng.sample(list(county), wishes + 1)
        people.append(
            {
                "id": f"T{number:06}",
                "school": home,
                "subject": "general",
                "subjects": ["general"],
                "points": {c: 50 * rng.randrange(200) for c in sorted({county[w] for w in wanted})},
                "tie": [rng.randrange(100) for _ in rules.tie],
                "lot": number,
                "wishes": wanted,
                "indigenous": False,
                "language": False,
                "excluded": [],
            }
        )
    document = {
        "format": "jiepin-problem/1",
        "season": "115",
        "stage": "elementary",
        "rules": rules.document(),
        "schools": [{"id": s, "county": c, "marks": []} for s, c in county.items()],
        "vacancies": [
            {"school": s, "subject": "general", "count": SEATS, "refill": True} for s in county
        ],
        "teachers": people,
    }
    return market_of(problem_from_document(document, "bench"))


if __name__ == "__main__":
    from matcher.files.disk import read_default_rules

    sys.stdout.write(
        json.dumps(measure(read_default_rules(), 1, int(sys.argv[1])), indent=2) + "\n"
    )
