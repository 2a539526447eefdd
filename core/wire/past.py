"""The reference file of past results, which a season may publish beside its lists (U-019).

A file of its own kind: machines that know nothing of it meet it only where it is published.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.domain.ids import SchoolId, SubjectCode
from core.domain.past import PastResult
from core.domain.points import Points
from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.event import Natural
from core.wire.fault import WireError
from core.wire.reference import ReferenceFile

PAST = "past"
"""The name of the file in a snapshot."""

Text = Annotated[str, Meta(max_length=200)]


class PastRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A `PastResult` on the wire; ``lowest`` in hundredths, ``source`` counts in the file's."""

    year: Natural
    school: str
    subject: str
    vacancies: Natural
    applicants: Natural | None
    moved: Natural | None
    lowest: int | None
    source: Natural


class PastFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every row, and who published it: ``[name, ISO date]``."""

    kind: Literal["past"]
    sources: tuple[tuple[Text, Text], ...]
    rows: tuple[PastRow, ...]


def past_file(results: Iterable[PastResult]) -> bytes:
    """The file of these results; the same ones in any order are the same bytes."""
    ordered = sorted(results, key=lambda each: (each.school, each.subject, each.year))
    sources = sorted({(each.source, each.as_of) for each in ordered})
    rows = tuple(
        PastRow(
            year=each.year,
            school=each.school,
            subject=each.subject,
            vacancies=each.vacancies,
            applicants=each.applicants,
            moved=each.moved,
            lowest=None if each.lowest is None else each.lowest.hundredths,
            source=sources.index((each.source, each.as_of)),
        )
        for each in ordered
    )
    return to_wire(PastFile(kind="past", sources=tuple(sources), rows=rows), FILE_LIMITS)


def read_past(data: bytes) -> tuple[PastResult, ...]:
    """The results in a file.

    Raises:
        WireError: It is none, or a row has a source that is not there.
    """
    file = from_wire(data, PastFile, FILE_LIMITS)
    if any(row.source >= len(file.sources) for row in file.rows):
        raise WireError("malformed")
    return tuple(
        PastResult(
            year=row.year,
            school=SchoolId(row.school),
            subject=SubjectCode(row.subject),
            vacancies=row.vacancies,
            applicants=row.applicants,
            moved=row.moved,
            lowest=None if row.lowest is None else Points(row.lowest),
            source=file.sources[row.source][0],
            as_of=file.sources[row.source][1],
        )
        for row in file.rows
    )


def check_content(name: str, data: bytes) -> ReferenceFile | None:
    """A file of a snapshot as a list; None for the past results, which are read as well.

    Raises:
        WireError: It is not what its name says.
    """
    if name == PAST:
        read_past(data)
        return None
    return from_wire(data, ReferenceFile, FILE_LIMITS)


def lists_of(contents: Mapping[str, bytes]) -> dict[str, ReferenceFile]:
    """The lists among the files of a snapshot.

    Raises:
        WireError: A file is not what its name says.
    """
    read = {name: check_content(name, data) for name, data in contents.items()}
    return {name: each for name, each in read.items() if each is not None}
