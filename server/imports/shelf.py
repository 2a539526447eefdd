"""Where imported lists are kept: what is stored, and writing a confirmed plan."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from core.domain.ids import SchoolId
from core.domain.place import load_counties, load_townships
from core.domain.school import Stage
from core.domain.subject import load_subjects
from server.audit import AuditCode, record
from server.barring import LIST_KEY, LIST_KEY_BYTES, person_of
from server.imports.barred import BarredLine, BarredPlan, Key
from server.imports.cell import Gazetteer
from server.imports.merge import Listed, SchoolPlan, closed
from server.imports.past import PastPlan
from server.imports.vacancy import VacancyPlan
from server.lists import (
    CALENDAR_SOURCE,
    NOTICE,
    SchoolKey,
    Season,
    marks_to_text,
    milliseconds,
    read_notice,
    read_schools,
    read_season,
    read_table,
)
from server.past import keep_results
from server.store.dialect import upsert
from server.store.season_tables import barred, import_batch, phase, school, vacancy
from server.store.settings import read_setting, write_setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One confirmed import: ``sha256`` names its files, whatever their order."""

    source: str
    sha256: bytes
    by: str
    now_ms: int


def read_gazetteer() -> Gazetteer:
    """Counties, townships and subjects of today, from the package."""
    return Gazetteer(
        counties=load_counties(read_table("counties.toml")),
        townships=load_townships(read_table("townships.toml")),
        subjects=load_subjects(read_table("subjects.toml")),
    )


def batch_of(fingerprints: Mapping[str, str], by: str, now_ms: int) -> Batch:
    """The batch that files make, given the SHA-256 of each by name."""
    joined = "".join(sorted(fingerprints.values()))
    return Batch(
        source=" ".join(sorted(fingerprints)),
        sha256=hashlib.sha256(joined.encode()).digest(),
        by=by,
        now_ms=now_ms,
    )


def find_applied_ms(connection: Connection, batch: Batch) -> int | None:
    """When exactly these files were imported last."""
    rows = select(import_batch.c.applied_ms).where(import_batch.c.sha256 == batch.sha256)
    return connection.execute(rows.order_by(import_batch.c.id.desc()).limit(1)).scalar()


def read_listed(connection: Connection) -> dict[SchoolKey, Listed]:
    """Every stored school, and whether it was entered by hand."""
    by_hand = {
        (Stage(row.stage), SchoolId(row.id))
        for row in connection.execute(select(school.c.stage, school.c.id).where(school.c.entered))
    }
    return {
        key: Listed(school=each, entered=key in by_hand)
        for key, each in read_schools(connection).items()
    }


def write_schools(
    connection: Connection, plan: SchoolPlan, batch: Batch, *, close_gone: bool
) -> int:
    """Write a plan and say how many rows that were; a plan without changes writes nothing."""
    listed = [each.after for each in (*plan.new, *plan.changed)]
    listed += closed(plan) if close_gone else ()
    if not listed:
        return 0
    number = _record_batch(connection, "schools", batch, len(listed))
    upsert(connection, school, [_row(each, number) for each in listed])
    counts = f"new {len(plan.new)}, changed {len(plan.changed)}"
    if close_gone:
        counts += f", closed {len(plan.gone)}"
    _note(connection, AuditCode.SCHOOLS_IMPORTED, batch, number, counts)
    return len(listed)


def write_seats(
    connection: Connection, season: str, plan: VacancyPlan, batch: Batch, *, close_gone: bool
) -> int:
    """Write a plan and say how many rows that were; a plan without changes writes nothing."""
    after = [each.after for each in (*plan.new, *plan.changed) if each.after is not None]
    ending = [each.place for each in plan.closed if each.before is not None]
    ending += [(each.school, each.subject) for each in plan.gone] if close_gone else []
    if not after and not ending:
        return 0
    number = _record_batch(connection, "vacancies", batch, len(after) + len(ending))
    upsert(
        connection,
        vacancy,
        [
            {
                "season": season,
                "school": each.school,
                "subject": each.subject,
                "count": each.count,
                "refill": each.refill,
                "import_batch": number,
            }
            for each in after
        ],
    )
    for code, subject in ending:
        connection.execute(
            delete(vacancy).where(
                vacancy.c.season == season,
                vacancy.c.school == code,
                vacancy.c.subject == subject,
            )
        )
    _note(
        connection,
        AuditCode.VACANCIES_IMPORTED,
        batch,
        number,
        f"written {len(after)}, closed {len(ending)}",
    )
    return len(after) + len(ending)


def write_past(connection: Connection, plan: PastPlan, batch: Batch) -> int:
    """Write a plan and say how many rows that were; a plan without changes writes nothing."""
    after = (*plan.new, *plan.changed)
    if not after:
        return 0
    number = _record_batch(connection, "past-results", batch, len(after))
    keep_results(connection, after, batch=number)
    _note(
        connection,
        AuditCode.PAST_RESULTS_IMPORTED,
        batch,
        number,
        f"new {len(plan.new)}, changed {len(plan.changed)}",
    )
    return len(after)


def _record_batch(connection: Connection, kind: str, batch: Batch, rows: int) -> int:
    number: int = connection.execute(
        insert(import_batch)
        .values(
            kind=kind,
            source=batch.source,
            sha256=batch.sha256,
            rows=rows,
            by=batch.by,
            applied_ms=batch.now_ms,
        )
        .returning(import_batch.c.id)
    ).scalar_one()
    return number


def _note(connection: Connection, code: AuditCode, batch: Batch, number: int, counts: str) -> None:
    """The line of the audit list."""
    record(
        connection,
        code,
        account=batch.by,
        target=f"batch {number}",
        after=f"{counts}, files {batch.source}",
        now_ms=batch.now_ms,
    )


def _row(listed: Listed, batch: int) -> dict[str, object]:
    each = listed.school
    return {
        "id": each.id,
        "stage": each.stage.value,
        "name": each.name,
        "short_name": each.short_name,
        "county": each.county,
        "township": each.township,
        "marks": marks_to_text(each.marks),
        "delegated": each.delegated,
        "entered": listed.entered,
        "import_batch": batch,
    }


def write_season(connection: Connection, season: Season, batch: Batch) -> int:
    """Replace the calendar of a season; the same calendar again writes nothing."""
    if season == read_season(connection) and _has_calendar(connection):
        return 0
    number = _record_batch(connection, "calendar", batch, len(season.calendar))
    connection.execute(delete(phase).where(phase.c.season == season.name))
    connection.execute(
        insert(phase),
        [
            {
                "season": season.name,
                "name": each.name.value,
                "opens_ms": milliseconds(each.opens),
                "closes_ms": milliseconds(each.closes),
            }
            for each in season.calendar
        ],
    )
    write_setting(connection, CALENDAR_SOURCE, season.source.encode())
    _note(connection, AuditCode.CALENDAR_IMPORTED, batch, number, f"season {season.name}")
    return len(season.calendar)


def write_notice(connection: Connection, text: str, batch: Batch) -> int:
    """Replace what kiosks tell their users; the same text again writes nothing."""
    if text == read_notice(connection):
        return 0
    number = _record_batch(connection, "notice", batch, 1)
    write_setting(connection, NOTICE, text.encode())
    _note(connection, AuditCode.NOTICE_IMPORTED, batch, number, f"{len(text)} letters")
    return 1


def read_barred_of(
    connection: Connection, lines: Iterable[BarredLine]
) -> dict[Key, tuple[date | None, str, str]]:
    """What is stored of the bars these lines speak of: end, county and source."""
    key = read_setting(connection, LIST_KEY)
    if key is None:
        return {}
    people = {person_of(key, each.person.text): each.person.text for each in lines}
    rows = connection.execute(select(barred)).all()
    return {
        (people[row.person], row.ground, row.since): (
            date.fromisoformat(row.until) if row.until else None,
            row.county,
            row.source,
        )
        for row in rows
        if row.person in people
    }


def write_barred(connection: Connection, plan: BarredPlan, batch: Batch) -> int:
    """Write a plan and say how many rows that were; the first list makes the key of its hashes."""
    lines = (*plan.new, *plan.changed)
    if not lines:
        return 0
    key = read_setting(connection, LIST_KEY)
    if key is None:
        key = secrets.token_bytes(LIST_KEY_BYTES)
        write_setting(connection, LIST_KEY, key)
    number = _record_batch(connection, "barred", batch, len(lines))
    upsert(
        connection,
        barred,
        [
            {
                "person": person_of(key, each.person.text),
                "ground": each.ground.code,
                "since": each.since.isoformat(),
                "until": each.until.isoformat() if each.until else None,
                "county": each.county,
                "masked": each.person.masked,
                "source": each.source,
                "import_batch": number,
            }
            for each in lines
        ],
    )
    _note(
        connection,
        AuditCode.BARRED_IMPORTED,
        batch,
        number,
        f"new {len(plan.new)}, changed {len(plan.changed)}",
    )
    return len(lines)


def _has_calendar(connection: Connection) -> bool:
    return connection.execute(select(phase.c.name).limit(1)).scalar() is not None
