"""From chosen columns to rings and chains, and from prices to a certificate."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

from matcher.deciding.trading import Line, Step
from matcher.files import canon
from matcher.whatif.columns import RING, Column, Row
from matcher.whatif.setting import Setting

_DRAWN_BYTES = 2
_DRAWN_OF = 4096


def lines_of(setting: Setting, chosen: Sequence[Column]) -> list[Line]:
    """Chains, then rings, each by the priority of the first.

    Of several seats left at a position and depth, the best taker continues the best chain.
    """
    chains = _chains(setting, [column for column in chosen if column.depth != RING])
    rings = [_from_best(setting, column.steps) for column in chosen if column.depth == RING]
    return [
        *(Line(is_ring=False, steps=steps) for steps in _told(setting, chains)),
        *(Line(is_ring=True, steps=steps) for steps in _told(setting, rings)),
    ]


def _told(setting: Setting, lines: Sequence[Sequence[Step]]) -> list[Sequence[Step]]:
    return sorted(lines, key=lambda steps: setting.place(steps[0]))


def _from_best(setting: Setting, ring: Sequence[Step]) -> Sequence[Step]:
    best = min(range(len(ring)), key=lambda number: setting.place(ring[number]))
    return [*ring[best:], *ring[:best]]


def _chains(setting: Setting, links: Sequence[Column]) -> list[list[Step]]:
    market = setting.market
    chains: list[list[Step]] = []
    for link in sorted(links, key=lambda link: (link.depth, setting.place(link.steps[0]))):
        (step,) = link.steps
        if link.depth == 1:
            chains.append([step])
            continue
        taken = market.options[step[0]][step[1]]
        next(
            chain
            for chain in chains
            if len(chain) == link.depth - 1
            and market.home[chain[-1][0]] == taken
            and market.options[chain[0][0]][chain[0][1]] not in setting.shut
        ).append(step)
    return chains


def draw(setting: Setting) -> Callable[[Column], int]:
    """A number for each column that nobody chose: it only leaves no tie.

    Drawn from the public lots of the people in it, so that names do not matter.
    """
    lot = [teacher.lot for teacher in setting.market.teachers]

    def drawn(column: Column) -> int:
        what = [column.depth, [[lot[teacher], option] for teacher, option in column.steps]]
        digest = hashlib.sha256(canon.encode(what)).digest()
        return int.from_bytes(digest[:_DRAWN_BYTES]) % _DRAWN_OF

    return drawn


def named_prices(setting: Setting, prices: Mapping[Row, int]) -> dict[str, object]:
    """Prices in millionths of a unit of worth; what costs nothing is left out.

    ``teachers`` by id; ``vacancies`` as [school, subject, price]; ``left``, the seats a chain
    leaves, as [school, subject, depth, price].
    """
    market = setting.market
    teachers: dict[str, int] = {}
    vacancies: list[list[object]] = []
    left: list[list[object]] = []
    for (kind, number, depth), price in sorted(prices.items()):
        if kind == "teacher":
            teachers[market.teachers[number].id] = price
            continue
        position = market.positions[number]
        if kind == "vacancy":
            vacancies.append([position.school, position.subject, price])
        else:
            left.append([position.school, position.subject, depth, price])
    return {"teachers": teachers, "vacancies": vacancies, "left": left}
