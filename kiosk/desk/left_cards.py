"""Cards left behind, kept over a restart until an officer has seen it (U-028)."""

from dataclasses import replace
from datetime import datetime

from kiosk.desk.equipment import Equipment
from kiosk.desk.records import time_of
from kiosk.session.station import LeftCard
from syncd.store.left_cards import LeftCard as Row

SECOND_MS = 1000


def read_left_cards(equipment: Equipment) -> tuple[LeftCard, ...]:
    """What no officer has seen yet.

    Raises:
        StoreError: It cannot be read.
    """
    return tuple(
        LeftCard(
            left=time_of(each.left_ms),
            taken=None if each.taken_ms is None else time_of(each.taken_ms),
            restarted=each.restarted,
        )
        for each in equipment.store.left_cards.all()
    )


def keep_left_cards(equipment: Equipment, cards: tuple[LeftCard, ...]) -> None:
    """These from now on.

    Raises:
        StoreError: They could not be kept; they are told until the next restart.
    """
    rows = tuple(
        Row(
            left_ms=_ms(each.left),
            taken_ms=None if each.taken is None else _ms(each.taken),
            restarted=each.restarted,
        )
        for each in cards
    )
    with equipment.store.transaction():
        equipment.store.left_cards.keep(rows)


def after_restart(cards: tuple[LeftCard, ...]) -> tuple[LeftCard, ...]:
    """The same; of those that were still in the slot nobody watched when they were taken."""
    return tuple(replace(each, restarted=True) if each.taken is None else each for each in cards)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * SECOND_MS)
