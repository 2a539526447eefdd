"""Cards left behind: noted until an officer has seen it, and no word of whose (U-028)."""

from dataclasses import replace

from kiosk.session.effect import KeepLeftCards
from kiosk.session.station import LeftCard
from kiosk.session.turn import Step

KEPT = 8
"""More than one is rare; of many, the last ones matter."""


def left(step: Step) -> Step:
    """The card in the slot has been there for too long; one that is known already stays one."""
    cards = step.session.station.left_cards
    if any(each.taken is None for each in cards):
        return step
    return _kept(step, (*cards, LeftCard(left=step.session.at))[-KEPT:])


def taken(step: Step) -> Step:
    """The slot is empty: whoever took the card, it is not in the reader any more."""
    cards = step.session.station.left_cards
    if all(each.taken is not None for each in cards):
        return step
    at = step.session.at
    return _kept(step, tuple(replace(each, taken=each.taken or at) for each in cards))


def seen(step: Step) -> Step:
    """An officer knows of them."""
    return _kept(step, ()) if step.session.station.left_cards else step


def _kept(step: Step, cards: tuple[LeftCard, ...]) -> Step:
    station = replace(step.session.station, left_cards=cards)
    session = replace(step.session, station=station)
    return Step(session, (*step.effects, KeepLeftCards(cards)))
