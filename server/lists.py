"""The season's lists as stored: schools, seats, calendar. `server.imports` writes them."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, select

from core.domain.ids import CountyCode, SchoolId, SubjectCode
from core.domain.roc import TAIPEI
from core.domain.school import DatedMark, Mark, School, Stage, Vacancy
from core.rules.calendar import Calendar, Phase, PhaseName, calendar_of, load_calendar
from core.rules.predecessor import FormerSite, load_former_sites
from server.store.season_tables import phase, school, vacancy
from server.store.settings import read_setting

TABLES = "core.rules.tables"
CALENDAR_SOURCE = "calendar_source"
NOTICE = "notice"
PACKAGED_CALENDAR = "calendar_115.toml"
DEMONSTRATION = "示範"
"""What the ``source`` of a calendar says whose windows may be passed over (`freeze --early`)."""

SchoolKey = tuple[Stage, SchoolId]
Place = tuple[SchoolId, SubjectCode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """One year's scheme: its name such as ``115``, its windows, and where these were taken from."""

    name: str
    calendar: Calendar
    source: str

    @property
    def demonstration(self) -> bool:
        """Whether its windows bind nobody."""
        return DEMONSTRATION in self.source


def read_table(name: str) -> str:
    """The text of a table of the package such as ``counties.toml``."""
    return files(TABLES).joinpath(name).read_text("utf-8")


@cache
def read_former_sites() -> tuple[FormerSite, ...]:
    """Where the system before this one was, as the package tells."""
    return load_former_sites(read_table("predecessor.toml"))


def load_season(text: str) -> Season:
    """A season from the text of a calendar table.

    Raises:
        ValueError: The table is malformed.
    """
    calendar = load_calendar(text)
    table = tomllib.loads(text)
    return Season(name=table["season"], calendar=calendar, source=table["source"])


def read_season(connection: Connection) -> Season:
    """The newest season with a calendar; before one is imported, the one of the package."""
    rows = list(connection.execute(select(phase)).mappings())
    if not rows:
        return load_season(read_table(PACKAGED_CALENDAR))
    name = max((row["season"] for row in rows), key=lambda season: (len(season), season))
    source = read_setting(connection, CALENDAR_SOURCE)
    return Season(
        name=name,
        calendar=calendar_of(
            Phase(
                name=PhaseName(row["name"]),
                opens=moment(row["opens_ms"]),
                closes=moment(row["closes_ms"]),
            )
            for row in rows
            if row["season"] == name
        ),
        source=source.decode() if source else "",
    )


def read_notice(connection: Connection) -> str:
    """What staff have to tell every kiosk's users; empty before anything was imported."""
    text = read_setting(connection, NOTICE)
    return text.decode() if text else ""


def read_schools(connection: Connection) -> dict[SchoolKey, School]:
    """Every school, by stage and code."""
    rows = connection.execute(select(school).order_by(school.c.stage, school.c.id)).mappings()
    return {
        (Stage(row["stage"]), SchoolId(row["id"])): School(
            id=SchoolId(row["id"]),
            name=row["name"],
            short_name=row["short_name"],
            county=CountyCode(row["county"]),
            township=row["township"],
            stage=Stage(row["stage"]),
            marks=marks_from_text(row["marks"]),
            delegated=row["delegated"],
        )
        for row in rows
    }


def schools_by_id(schools: Mapping[SchoolKey, School]) -> dict[SchoolId, School]:
    """The same by code alone: parts of one campus have different codes (DOMAIN 4.2)."""
    return {code: each for (_, code), each in schools.items()}


def read_seats(connection: Connection, season: str) -> dict[Place, Vacancy]:
    """The seats open in a season, by school and subject."""
    rows = connection.execute(
        select(vacancy)
        .where(vacancy.c.season == season)
        .order_by(vacancy.c.school, vacancy.c.subject)
    ).mappings()
    return {
        (SchoolId(row["school"]), SubjectCode(row["subject"])): Vacancy(
            school=SchoolId(row["school"]),
            subject=SubjectCode(row["subject"]),
            count=row["count"],
            refill=row["refill"],
        )
        for row in rows
    }


def marks_from_text(text: str) -> tuple[DatedMark, ...]:
    """Marks as the school table keeps them, a JSON array of ``[mark, since, until or null]``."""
    return tuple(
        DatedMark(
            mark=Mark(mark),
            since=date.fromisoformat(since),
            until=date.fromisoformat(until) if until else None,
        )
        for mark, since, until in json.loads(text)
    )


def marks_to_text(marks: tuple[DatedMark, ...]) -> str:
    """The text of `marks_from_text`."""
    return json.dumps(
        [
            [each.mark.value, each.since.isoformat(), each.until and each.until.isoformat()]
            for each in marks
        ],
        separators=(",", ":"),
    )


def moment(ms: int) -> datetime:
    """Milliseconds since 1970 as an aware time; exact, unlike a division."""
    seconds, rest = divmod(ms, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)


def day_of(ms: int) -> date:
    """The day it is in Taiwan at these milliseconds since 1970."""
    return moment(ms).astimezone(TAIPEI).date()


def milliseconds(when: datetime) -> int:
    """An aware time as whole milliseconds since 1970."""
    return int(when.timestamp()) * 1000 + when.microsecond // 1000
