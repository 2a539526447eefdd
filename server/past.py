"""Past results of schools and subjects as kept, and what of them teachers may see (U-019).

Whether they are shown to teachers is the season's setting, off until somebody with the right to
decide it says otherwise (UX Q6); what is shown never tells of few people.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from core.domain.ids import SchoolId, SubjectCode
from core.domain.past import SMALLEST, PastResult, guarded
from core.domain.points import Points
from server.audit import AuditCode, record
from server.store import dialect
from server.store.season_tables import past_result
from server.store.settings import read_setting, write_setting
from server.terminal import RefusedError

SETTING = "past_results"
SMALLEST_AT_LEAST = 3
"""Below three, a count and one's own knowledge tell of a single other person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """The season's setting. ``smallest`` is 範例; ``lowest``: counties that publish totals."""

    shown: bool = False
    smallest: int = SMALLEST
    lowest: tuple[str, ...] = ()


def read_showing(connection: Connection) -> Showing:
    """The setting in force; nothing is shown before anybody set it."""
    return find_showing(connection) or Showing()


def find_showing(connection: Connection) -> Showing | None:
    """The setting, if anybody ever set it."""
    kept = read_setting(connection, SETTING)
    if kept is None:
        return None
    values = json.loads(kept)
    return Showing(
        shown=values["shown"], smallest=values["smallest"], lowest=tuple(values["lowest"])
    )


def set_showing(connection: Connection, showing: Showing, *, by: str, now_ms: int) -> None:
    """Set it, and note who did.

    Raises:
        RefusedError: ``smallest``.
    """
    if showing.smallest < SMALLEST_AT_LEAST:
        raise RefusedError("smallest", f"人數下限不得小於 {SMALLEST_AT_LEAST}。")
    before = read_showing(connection)
    write_setting(connection, SETTING, _text(showing).encode())
    record(
        connection,
        AuditCode.PAST_RESULTS_SET,
        account=by,
        target="past results",
        before=_text(before),
        after=_text(showing),
        now_ms=now_ms,
    )


def read_past_results(connection: Connection) -> tuple[PastResult, ...]:
    """Everything that is kept, as it is: for staff."""
    order = (past_result.c.season, past_result.c.school, past_result.c.subject)
    return tuple(
        PastResult(
            year=row.season,
            school=SchoolId(row.school),
            subject=SubjectCode(row.subject),
            vacancies=row.vacancies,
            applicants=row.applicants,
            moved=row.moved,
            lowest=None if row.lowest is None else Points(row.lowest),
            source=row.source,
            as_of=row.as_of,
        )
        for row in connection.execute(select(past_result).order_by(*order))
    )


def told_results(
    kept: Iterable[PastResult], showing: Showing, counties: Mapping[str, str], season: str
) -> tuple[PastResult, ...]:
    """What teachers may be shown in ``season``: the newest earlier year of each place, guarded.

    ``counties`` gives the county of each school of today's lists; others are left out, and with
    them results nobody could wish for.
    """
    year = int(season) if season.isdecimal() else 0
    newest: dict[tuple[str, str], PastResult] = {}
    for each in sorted(kept, key=lambda one: one.year):
        if each.year < year and each.school in counties:
            newest[each.school, each.subject] = each
    return tuple(
        guarded(_without_lowest(each, showing, counties), showing.smallest)
        for _, each in sorted(newest.items())
    )


def keep_results(
    connection: Connection, results: Iterable[PastResult], *, batch: int | None = None
) -> int:
    """Keep results; of a year, school and subject the last that was said counts."""
    rows = [
        {
            "season": each.year,
            "school": each.school,
            "subject": each.subject,
            "vacancies": each.vacancies,
            "applicants": each.applicants,
            "moved": each.moved,
            "lowest": None if each.lowest is None else each.lowest.hundredths,
            "source": each.source,
            "as_of": each.as_of,
            "import_batch": batch,
        }
        for each in results
    ]
    if rows:
        dialect.upsert(connection, past_result, rows)
    return len(rows)


def _without_lowest(each: PastResult, showing: Showing, counties: Mapping[str, str]) -> PastResult:
    return each if counties[each.school] in showing.lowest else replace(each, lowest=None)


def _text(showing: Showing) -> str:
    values = {
        "shown": showing.shown,
        "smallest": showing.smallest,
        "lowest": sorted(showing.lowest),
    }
    return json.dumps(values, sort_keys=True)
