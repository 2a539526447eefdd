"""The certificate of an exact program: prices at which no ring and no chain is worth more.

If every teacher, every vacancy and every seat a chain leaves has a price, and no line is worth
more than the prices of what it uses, then no placement is worth more than all prices together
(weak duality). Rings are walked only while they are worth more than they cost: every ring that is
has a member to start from with which that never stops being so.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from matcher.checking.certified_lines import Line
from matcher.checking.certified_prices import Prices, Worth, is_sound, prices_of
from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Mechanism, Placement

_MILLION = 1_000_000
_LONGEST = range(2, 21)


def check_bounds(claims: Claims, placement: Placement, lines: Sequence[Line]) -> Iterator[Finding]:
    """What is wrong with lengths and values, and with the prices and the bound they prove."""
    certificate = placement.certificate or {}
    worth = _worth(certificate)
    prices = prices_of(claims, certificate.get("prices"))
    if worth is None or prices is None:
        yield Finding(path="$.certificate", code=Wrong.CERTIFICATE_WRONG)
        return
    yield from _lengths(claims, worth, lines)
    reached = sum(map(worth.of_line, lines))
    goals = certificate.get("goals")
    if placement.mechanism is Mechanism.FAILURE_AWARE:
        goals = [{"goal": "moves", **{key: certificate.get(key) for key in ("value", "bound")}}]
    if not isinstance(goals, list) or not _are_reached(placement, goals, reached):
        yield Finding(path="$.certificate.goals", code=Wrong.CERTIFICATE_WRONG)
        return
    proved = _proved(claims, prices)
    if certificate.get("proved") != proved or not reached <= goals[0]["bound"] <= proved:
        detail = str(proved)
        yield Finding(path="$.certificate.proved", code=Wrong.CERTIFICATE_WRONG, detail=detail)
    elif not is_sound(claims, worth, prices):
        yield Finding(path="$.certificate.prices", code=Wrong.CERTIFICATE_WRONG)


def _worth(certificate: Mapping[str, object]) -> Worth | None:
    match certificate:
        case {"longest": int(longest), "failing": [int(fails), int(of)], "scale": int(scale)}:
            sound = longest in _LONGEST and 0 <= fails < of and scale == of**longest
            return Worth(longest=longest, comes=of - fails, of=of) if sound else None
        case {"longest": int(longest)} if longest in _LONGEST and "failing" not in certificate:
            return Worth(longest=longest, comes=1, of=1)
        case _:
            return None


def _lengths(claims: Claims, worth: Worth, lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        if len(line.steps) > worth.longest:
            yield Finding(path=line.path, code=Wrong.RING_LENGTH, detail=str(len(line.steps)))
        for (before, taken), _ in () if line.is_ring else pairwise(line.steps):
            if claims.shut >> taken & 1 or claims.shut >> claims.home[before] & 1:
                detail = claims.teachers[before].id
                yield Finding(path=line.path, code=Wrong.SEAT_NOT_OFFERED, detail=detail)


def _are_reached(placement: Placement, goals: Sequence[object], reached: int) -> bool:
    """Whether the goals are such, in their order, and have just the values they claim."""
    wish = 0
    for number, goal in enumerate(goals):
        match goal:
            case {"goal": "moves", "value": int(value), "bound": int(bound)} if number == 0:
                really = reached
            case {"goal": "points", "value": int(value), "bound": int(bound)} if number == 1:
                really = value
            case {
                "goal": "wishes",
                "first": int(first),
                "last": int(last),
                "base": int(base),
                "value": int(value),
                "bound": int(bound),
            } if number and first == wish + 1 and last >= first:
                wish = last
                got = [move.wish for move in placement.moves()]
                really = sum(base ** (last - w) for w in got if first <= w <= last)
            case _:
                return False
        if value != really or bound < value:
            return False
    return bool(goals)


def _proved(claims: Claims, prices: Prices) -> int:
    room = sum(claims.capacity.get(seat, 0) * price for seat, price in prices.vacancies.items())
    return (sum(prices.teachers.values()) + room) // _MILLION
