"""Every way of walking a journey, and one walk with all that belongs to it."""

import tempfile
from pathlib import Path

from tests.journeys.glass import Glass
from tests.journeys.slot import Slot
from tests.journeys.spoken import Spoken
from tests.journeys.story import JOURNEYS
from tests.journeys.walker import Walker

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
LINE_MODE = "line mode"
WAYS = (*SIZES, LINE_MODE)


def walk(name: str, way: str) -> None:
    """Walk one journey one way.

    Raises:
        AssertionError: Something was not as the story says.
    """
    with tempfile.TemporaryDirectory(prefix="jiepin-") as folder:
        slot = Slot(Path(folder))
        try:
            walker = begin(Path(folder), name, way, slot)
            try:
                walker.walk()
            finally:
                walker.close()
        finally:
            slot.close()


def begin(folder: Path, name: str, way: str, slot: Slot) -> Walker:
    """A person at the place where the story begins."""
    journey = JOURNEYS[name]
    if way == LINE_MODE:
        return Spoken(folder, journey, slot)
    return Glass(folder, journey, slot, size=SIZES[way])
