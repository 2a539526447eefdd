"""The reference files as their tables say, for the release key to sign on another machine."""

from pathlib import Path

from sqlalchemy import Connection

from core.domain.school import School, Stage
from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.past import PAST, past_file
from core.wire.reference import PhaseRow, ReferenceFile, SchoolRow
from server.lists import milliseconds, read_notice, read_schools, read_season
from server.past import find_showing, read_past_results, told_results
from server.store.identities import officer_certificates

ENDING = ".ttc"


def reference_files(connection: Connection) -> dict[str, bytes]:
    """Unsigned files by name. Revocations are not here: the desk signs these itself."""
    schools = read_schools(connection)
    season = read_season(connection)
    files = {
        f"schools-{stage}": ReferenceFile(
            kind="schools",
            schools=tuple(_row(school) for (kind, _), school in schools.items() if kind is stage),
        )
        for stage in Stage
    }
    files["calendar"] = ReferenceFile(
        kind="calendar",
        phases=tuple(
            PhaseRow(
                name=each.name.value,
                opens=milliseconds(each.opens),
                closes=milliseconds(each.closes),
            )
            for each in season.calendar
        ),
    )
    files["officers"] = ReferenceFile(
        kind="officers", certificates=officer_certificates(connection)
    )
    files["notices"] = ReferenceFile(kind="notice", text=read_notice(connection))
    written = {name: to_wire(each, FILE_LIMITS) for name, each in files.items()}
    past = _past(connection, season.name)
    if past is not None:
        written[PAST] = past
    return dict(sorted(written.items()))


def _past(connection: Connection, season: str) -> bytes | None:
    """What teachers may see of earlier years. None where the season never said that they may.

    A file never vanishes from a snapshot again: taken back, it is empty.
    """
    showing = find_showing(connection)
    if showing is None:
        return None
    counties = {str(code): each.county for (_, code), each in read_schools(connection).items()}
    kept = read_past_results(connection) if showing.shown else ()
    return past_file(told_results(kept, showing, counties, season))


def write_files(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Write what differs from what is there; the names of these."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in files.items():
        place = folder / f"{name}{ENDING}"
        if place.exists() and place.read_bytes() == data:
            continue
        place.write_bytes(data)
        written.append(name)
    return written


def _row(school: School) -> SchoolRow:
    return SchoolRow(
        id=school.id,
        name=school.name,
        short_name=school.short_name,
        county=school.county,
        township=school.township,
        stage=school.stage.value,
        marks=tuple(
            (
                each.mark.value,
                each.since.isoformat(),
                each.until.isoformat() if each.until else None,
            )
            for each in school.marks
        ),
        delegated=school.delegated,
    )
