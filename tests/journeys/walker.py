"""What every way of walking a journey has: the machine around it, its clock, what must be seen."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from kiosk.session.record import Delivery
from kiosk.session.season import deadline
from kiosk.session.state import TroubleCode
from kiosk.session.station import Link, LinkName
from kiosk.text.catalogue import LANGUAGES, Texts
from tests.journeys.prepared import (
    deliver,
    draft_of,
    opened,
    prepare,
    republish,
    season,
    versions_of,
)
from tests.journeys.slot import Slot
from tests.journeys.story import Act, Journey
from tests.kiosk.robot.stations import AMY

TEXTS: Texts = LANGUAGES["zh"]
DAYS = 4
FAKETIME = Path(find_spec("libfaketime").origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
WORDS: dict[str, str] = {
    "tasks": TEXTS.your_application,
    "first use": TEXTS.first_use_title,
    "card out": TEXTS.card_is_out,
    "are you there": TEXTS.idle_question,
    "take the card": TEXTS.take_card,
    "receipt": TEXTS.receipt_heading(Delivery.STORED).split("（")[0],
    "stored here": TEXTS.receipt_heading(Delivery.STORED),
    "delivered": TEXTS.receipt_heading(Delivery.DELIVERED),
    "off line": TEXTS.link(Link(name=LinkName.OFFLINE))[:3],
    "recovered": TEXTS.recovered,
    "basics": TEXTS.label_email,
    "closed": TEXTS.toast("closed").split("，")[0],
    "foreign card": TEXTS.trouble(TroubleCode.FOREIGN)[0],
    "unreadable card": TEXTS.trouble(TroubleCode.UNREADABLE)[0],
    "unregistered": TEXTS.trouble(TroubleCode.UNREGISTERED)[0],
}
"""What must stand there, in both layouts and in line mode, by the name stories use."""
PERSONAL = (
    AMY.name, f"{AMY.name[0]}○", AMY.profile.national_id.text, AMY.profile.national_id.masked,
    "03-5123456", "0912-", "amy@example.tw", "溪口", "日出", "雲門", "石板", TEXTS.your_application,
)  # fmt: skip
"""Nothing of this may be left when she is gone."""


class Walker(ABC):
    """One person, one kiosk, one way of using it."""

    def __init__(self, folder: Path, journey: Journey, slot: Slot) -> None:
        self.journey, self.slot = journey, slot
        self.station = prepare(folder / "station", until=journey.begins, calendar=season(DAYS))
        self._skew, self._skew_s = folder / "clock", 0.0
        self._set_clock(0.0)

    def walk(self) -> None:
        """Every act, then what must be on the disk."""
        for act in self.journey.acts:
            self.act(act)
        journey, draft = self.journey, draft_of(self.station)
        assert tuple(versions_of(self.station)) == journey.versions
        assert (() if draft is None else draft.answers.wishes) == journey.draft
        if journey.phone is not None:
            assert draft is not None
            assert draft.answers.phone1 == journey.phone

    def act(self, act: Act) -> None:
        """One verb with its words."""
        verb, *words = act
        does: Callable[..., None] = getattr(self, verb)
        try:
            does(*words)
        except AssertionError as error:
            raise AssertionError(f"{act}: {error}") from error

    @property
    def environment(self) -> dict[str, str]:
        """Where its cards are and what time it is for the kiosk."""
        return {
            **self.slot.environment,
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._skew),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    # The world.

    def insert(self, who: str) -> None:
        """Another card takes the place of the one that is in."""
        self.slot.insert(who)

    def remove(self) -> None:
        """The card, if one is in."""
        self.slot.remove()

    def later(self, seconds: str) -> None:
        """The wall clock goes on by so much."""
        self._set_clock(self._skew_s + float(seconds))

    def until_deadline(self, seconds: str) -> None:
        """The wall clock goes to so long before the end of applications; after it when negative."""
        with opened(self.station) as store:
            stored = store.reference.current()
        assert stored is not None
        end = deadline(stored.calendar)
        assert end is not None
        self._set_clock((end - datetime.now(UTC)).total_seconds() - float(seconds))

    def close_school(self, code: str) -> None:
        """Lists without this school arrive."""
        republish(self.station, season(DAYS), 3, frozenset({code}))

    def line_returns(self) -> None:
        """And everything is delivered."""
        deliver(self.station)

    def _set_clock(self, skew_s: float) -> None:
        self._skew_s = skew_s
        fresh = self._skew.with_suffix(".new")
        fresh.write_text(f"{skew_s:+.0f}\n")
        fresh.replace(self._skew)

    def on_disk(self, true: Callable[[], bool]) -> None:
        """Wait until the disk says so."""
        end = time.monotonic() + 90
        while not true():
            assert time.monotonic() < end, f"on the disk: {draft_of(self.station)}"
            time.sleep(0.05)

    # What each way does in its own manner.

    @abstractmethod
    def sees(self, name: str) -> None:
        """These words are there."""

    @abstractmethod
    def hides(self) -> None:
        """Nothing of the person is there, not even further up."""

    @abstractmethod
    def power_cut(self) -> None:
        """``kill -9``, the card is taken along, the kiosk starts again."""

    @abstractmethod
    def close(self) -> None:
        """End what was started."""
