"""The season's calendar: named windows in time order. It refuses to know what time it is."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import msgspec

DRAIN = timedelta(hours=48)
"""How long after the deadline sealed entries may still arrive (範例)."""


class PhaseName(StrEnum):
    """The windows of a season. The first nine follow each other; the rest run beside them."""

    LISTS = "lists"
    APPLY = "apply"
    OFFICER_REVIEW = "officer_review"
    COUNTY_REVIEW = "county_review"
    FREEZE = "freeze"
    RUN = "run"
    PUBLISH = "publish"
    COUNCIL = "council"
    CONFIRM = "confirm"
    LIST_CORRECTION = "list_correction"
    DRAIN = "drain"
    VACANCIES = "vacancies"


BESIDE = frozenset({PhaseName.LIST_CORRECTION, PhaseName.DRAIN, PhaseName.VACANCIES})
_ORDER = {name: position for position, name in enumerate(PhaseName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A named window: ``opens <= now < closes``."""

    name: PhaseName
    opens: datetime
    closes: datetime

    def __post_init__(self) -> None:
        if self.opens.tzinfo is None or self.closes.tzinfo is None:
            raise ValueError(f"{self.name}: a time without zone")
        if not self.opens < self.closes:
            raise ValueError(f"{self.name}: closes before it opens")


Calendar: TypeAlias = tuple[Phase, ...]


class _Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: PhaseName
    opens: datetime
    closes: datetime
    place: str


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    season: str
    source: str
    as_of: str
    checked_on: str
    phase: tuple[_Row, ...]


def load_calendar(text: str) -> Calendar:
    """Parse one year's table, such as ``calendar_115.toml``; as `calendar_of`.

    Raises:
        ValueError: The table is malformed, or as `calendar_of`.
    """
    table = msgspec.convert(tomllib.loads(text), _Table)
    return calendar_of(
        Phase(name=row.name, opens=row.opens, closes=row.closes) for row in table.phase
    )


def calendar_of(phases: Iterable[Phase]) -> Calendar:
    """The phases in time order, those that open together in the order of `PhaseName`.

    Raises:
        ValueError: A name comes twice, or phases of the sequence overlap or change places.
    """
    calendar = tuple(sorted(phases, key=lambda phase: (phase.opens, _ORDER[phase.name])))
    if len({phase.name for phase in calendar}) != len(calendar):
        raise ValueError("a phase is named twice")
    for earlier, later in pairwise(phase for phase in calendar if phase.name not in BESIDE):
        if later.opens < earlier.closes:
            raise ValueError(f"{earlier.name} overlaps {later.name}")
        if _ORDER[later.name] < _ORDER[earlier.name]:
            raise ValueError(f"{earlier.name} comes before {later.name}")
    return calendar


def build_calendar(  # noqa: PLR0913 - a season has this many moments; each is named
    *,
    opens: datetime,
    submit: datetime,
    officer: datetime,
    freeze: datetime,
    run: datetime,
    publish: datetime,
    ends: datetime,
    drain: timedelta = DRAIN,
) -> Calendar:
    """A season: teachers send until ``submit`` (D), officers approve until ``officer``.

    County review lasts from there to ``freeze``; seats are taken in until then.

    Raises:
        ValueError: The moments are not in this order.
    """
    return calendar_of(
        Phase(name=name, opens=start, closes=end)
        for name, start, end in (
            (PhaseName.APPLY, opens, submit),
            (PhaseName.OFFICER_REVIEW, submit, officer),
            (PhaseName.COUNTY_REVIEW, officer, freeze),
            (PhaseName.FREEZE, freeze, run),
            (PhaseName.RUN, run, publish),
            (PhaseName.PUBLISH, publish, ends),
            (PhaseName.LIST_CORRECTION, opens, submit),
            (PhaseName.DRAIN, submit, submit + drain),
            (PhaseName.VACANCIES, opens, freeze),
        )
    )


def find_phase(calendar: Calendar, name: PhaseName) -> Phase | None:
    """The phase of that name."""
    return next((phase for phase in calendar if phase.name is name), None)


def phase_at(calendar: Calendar, now: datetime) -> Phase | None:
    """The one phase of the sequence ``now`` lies in; None before, between and after."""
    return next((phase for phase in phases_at(calendar, now) if phase.name not in BESIDE), None)


def phases_at(calendar: Calendar, now: datetime) -> tuple[Phase, ...]:
    """Every window open at ``now``, those beside the sequence too."""
    return tuple(phase for phase in calendar if phase.opens <= now < phase.closes)


def deadline(calendar: Calendar) -> datetime | None:
    """D: the moment teachers may no longer send."""
    phase = find_phase(calendar, PhaseName.APPLY)
    return None if phase is None else phase.closes


def takes_applications(calendar: Calendar, now: datetime) -> bool:
    """Whether a teacher may send now."""
    return any(phase.name is PhaseName.APPLY for phase in phases_at(calendar, now))


def takes_approvals(calendar: Calendar, now: datetime) -> bool:
    """Whether a school's officer may approve or return now: while teachers send, and after."""
    return any(
        phase.name in {PhaseName.APPLY, PhaseName.OFFICER_REVIEW}
        for phase in phases_at(calendar, now)
    )
