"""`teacher_optimal_block_exchange`, never official: nobody and no school ends up worse.

TO-BE of Combe, Tercieux and Terrier (The Design of Teacher Assignment: Theory and Evidence, Review
of Economic Studies, 2022): top trading cycles in which a teacher may only take over the seat of
somebody whom she stands before at that school, so that each exchange is a block both sides want.
Teachers gain, every seat goes to somebody with a higher priority, and no ring of such blocks is
left; nobody gains by another list with wishes in the same counties. The paper itself was not at
hand; held against were its abstract and the summaries of the first author's thesis (Combe, Essais
en théorie de l'appariement, 2017, NNT 2017EHES0109, chapters 1 and 2): teachers get schools they
prefer, schools teachers they rank higher, and of all such algorithms this one alone rewards no
lie. A seat here is a school of theirs with one teacher (ours: who of several at a school is
replaced first).

Ours, too: the priority of the holder of a seat. Her points are only known in counties she has
wishes in; elsewhere her lowest total counts, which is what she has without ties to a county. With
one total for everybody no two could ever both gain. And vacancies stay empty: a teacher who takes
one leaves her school an empty seat, which is no gain for that school. (Chapter 2 of the thesis
extends the mechanism to vacancies and newcomers in the way of You Request My House, I Get Your
Turn; that extension is not built here.)
"""

from collections.abc import Mapping, Sequence

from matcher.deciding.market import Market
from matcher.deciding.solve import Solution
from matcher.deciding.trading import STAYS, Line, Step
from matcher.files.placement import Mechanism
from matcher.files.problem import Problem
from matcher.whatif.setting import Setting


def teacher_optimal_block_exchange(problem: Problem) -> Solution:
    """Rings only; certificate ``{"cycles": [[teacher, …], …]}``, those who stay included."""
    setting = Setting(problem)
    market = setting.market
    cycles = _cycles(market)
    rings = [
        Line(is_ring=True, steps=_from_best(setting, cycle))
        for cycle in cycles
        if cycle[0][1] != STAYS
    ]
    names = [[market.teachers[number].id for number, _ in cycle] for cycle in cycles]
    mechanism = Mechanism.TEACHER_OPTIMAL_BLOCK_EXCHANGE
    return setting.solution(mechanism, rings, {"cycles": names})


def _from_best(setting: Setting, ring: Sequence[Step]) -> Sequence[Step]:
    best = min(range(len(ring)), key=lambda number: setting.place(ring[number]))
    return [*ring[best:], *ring[:best]]


def _cycles(market: Market) -> list[list[Step]]:
    """The circles in the order they close; one who stays is a circle of her own."""
    holders: dict[int, list[int]] = {}
    own = [_own_place(market, teacher) for teacher in range(len(market.home))]
    for teacher in sorted(range(len(market.home)), key=lambda number: (own[number], number)):
        holders.setdefault(market.home[teacher], []).append(teacher)
    gone = [False] * len(market.home)
    cycles: list[list[Step]] = []
    for teacher in range(len(market.home)):
        trail: list[Step] = []
        here = teacher
        while not gone[teacher]:
            option, owner = _wanted(market, holders, own, gone, here)
            trail.append((here, option))
            place = next((n for n, (one, _) in enumerate(trail) if one == owner), None)
            if place is None:
                here = owner
                continue
            cycles.append(trail[place:])
            for member, _ in trail[place:]:
                gone[member] = True
            del trail[place:]
            here = trail.pop()[0] if trail else teacher
    return cycles


def _own_place(market: Market, teacher: int) -> int:
    """How she stands where she is, in the common ranking; who wishes for nothing stands last."""
    standing = market.standing[teacher]
    county = market.county[market.home[teacher]]
    return standing.get(county, max(standing.values(), default=len(market.groups)))


def _wanted(
    market: Market,
    holders: Mapping[int, Sequence[int]],
    own: Sequence[int],
    gone: Sequence[bool],
    teacher: int,
) -> tuple[int, int]:
    """The option she wants most of those she can displace somebody at, and whom there."""
    for option, position in enumerate(market.options[teacher]):
        mine = market.standing_at(teacher, position)
        for holder in holders.get(position, ()):
            if not gone[holder] and mine < own[holder]:
                return option, holder
    return STAYS, teacher
