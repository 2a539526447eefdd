"""A country to invent markets in: its counties, and schools from the ministry's lists or invented.

Only `matcher.inventing.generate` uses it. Sizes are real where a source is named; the rest is 範例.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from random import Random
from typing import assert_never

from core.domain.place import County, county_of_school_code
from matcher.files.problem import CountyCode, SchoolId, Stage
from matcher.files.refusal import Fault, FaultCode, RefusedFileError

REMOTENESS = {"": 0, "偏遠": 1, "特偏": 2, "極偏": 3}
"""Column 地區屬性 of the ministry's list of remote schools, as a grade."""

_CODE_COLUMNS = ("學校代碼", "代碼")
_PRIVATE = "1"  # third character of a school code
_TEACHERS_IF_UNKNOWN = 22  # the median public 國小 of 114, 教育部統計處
_METRES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One county as the generator sees it.

    ``east``, ``north``: km, TWD97, somewhere near its middle. ``schools``, ``kindergartens``: units
    of 114 and 113 that are public (教育部統計處). ``remote``: schools of a hundred that are;
    ``pull``: people of a hundred who want to live there. All but the units are 範例.
    """

    county: CountyCode
    east: int
    north: int
    schools: int
    kindergartens: int
    remote: int
    pull: int


def _region(code: str, *numbers: int) -> Region:
    east, north, schools, kindergartens, remote, pull = numbers
    return Region(
        county=CountyCode(code),
        east=east,
        north=north,
        schools=schools,
        kindergartens=kindergartens,
        remote=remote,
        pull=pull,
    )


REGIONS = (
    _region("01", 300, 2768, 212, 285, 20, 11),
    _region("30", 305, 2771, 142, 147, 2, 8),
    _region("03", 275, 2765, 186, 208, 12, 10),
    _region("06", 220, 2675, 237, 250, 12, 14),
    _region("11", 175, 2555, 215, 218, 30, 9),
    _region("12", 185, 2510, 240, 215, 25, 10),
    _region("02", 328, 2735, 77, 77, 25, 3),
    _region("04", 260, 2740, 86, 87, 35, 4),
    _region("05", 235, 2715, 113, 89, 40, 3),
    _region("07", 195, 2660, 173, 91, 15, 6),
    _region("08", 225, 2640, 136, 110, 60, 2),
    _region("09", 185, 2622, 154, 84, 45, 3),
    _region("10", 190, 2600, 121, 109, 60, 2),
    _region("13", 205, 2500, 162, 149, 40, 3),
    _region("14", 265, 2520, 88, 99, 80, 1),
    _region("15", 305, 2640, 102, 98, 70, 2),
    _region("16", 110, 2605, 35, 21, 90, 1),
    _region("17", 325, 2780, 39, 44, 10, 2),
    _region("18", 247, 2744, 33, 30, 2, 4),
    _region("20", 195, 2598, 20, 16, 2, 2),
    _region("71", 20, 2705, 19, 21, 60, 1),
    _region("72", 60, 2895, 7, 5, 95, 1),
)
INDIGENOUS_REGIONS = frozenset({"02", "08", "13", "14", "15"})  # 範例: where most such schools are


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A school as the generator sees it: how many teach there, how remote, where (km)."""

    school: SchoolId
    county: CountyCode
    teachers: int
    remoteness: int
    east: int
    north: int


def invented_places(rng: Random, stage: Stage) -> list[Place]:
    """As many public schools per county as there are, with invented codes of six digits."""
    found = []
    for region in REGIONS:
        for number in range(1, _units(region, stage) + 1):
            remoteness = 0
            if rng.randrange(100) < region.remote:
                remoteness = (1, 1, 1, 1, 2, 2, 3)[rng.randrange(7)]
            found.append(
                Place(
                    school=SchoolId(f"{region.county}{_LEVEL[stage]}{number:03}"),
                    county=region.county,
                    teachers=_invented_size(rng, remoteness),
                    remoteness=remoteness,
                    east=region.east + rng.randrange(-18, 19),
                    north=region.north + rng.randrange(-18, 19),
                )
            )
    return found


_LEVEL = {Stage.ELEMENTARY: "6", Stage.JUNIOR: "5", Stage.KINDERGARTEN: "4"}


def _units(region: Region, stage: Stage) -> int:
    match stage:
        case Stage.ELEMENTARY:
            return region.schools
        case Stage.KINDERGARTEN:
            return region.kindergartens
        case Stage.JUNIOR:
            return region.schools * 2 // 7  # about 740 in the country
        case _:
            assert_never(stage)


def _invented_size(rng: Random, remoteness: int) -> int:
    if remoteness:
        return rng.randrange(9, 16)
    return (rng.randrange(10, 30), rng.randrange(25, 90), rng.randrange(60, 200))[rng.randrange(3)]


def listed_places(
    rng: Random, files: Iterable[tuple[str, bytes]], counties: tuple[County, ...]
) -> list[Place]:
    """The public schools in the ministry's CSV files, by code; what several files say is joined.

    ``files``: name and content of each. Sizes come from the columns of teachers, grades from
    地區屬性, places from the coordinates; a school without them gets the county's middle.

    Raises:
        RefusedFileError: Not UTF-8, no column of school codes, an unknown county, grade or number.
    """
    found: dict[SchoolId, Place] = {}
    for name, data in files:
        for line, row in _rows(name, data):
            school = SchoolId(row["code"])
            if school[2:3] != _PRIVATE:
                try:
                    known = found.get(school) or _bare_place(rng, school, counties)
                    found[school] = _joined(known, row)
                except ValueError as error:
                    fault = Fault(
                        file=name,
                        path=f"line {line}",
                        code=FaultCode.UNKNOWN_VALUE,
                        detail=str(error),
                    )
                    raise RefusedFileError((fault,)) from error
    return [found[school] for school in sorted(found)]


def _rows(name: str, data: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line and content of each row, the school code under ``code``."""
    try:
        rows = csv.DictReader(StringIO(data.decode("utf-8-sig")), restval="")
    except UnicodeDecodeError as error:
        fault = Fault(file=name, path="$", code=FaultCode.NOT_UTF8, detail=f"byte {error.start}")
        raise RefusedFileError((fault,)) from error
    column = next((c for c in _CODE_COLUMNS if c in (rows.fieldnames or ())), None)
    if column is None:
        detail = " / ".join(_CODE_COLUMNS)
        fault = Fault(file=name, path="line 1", code=FaultCode.MISSING_KEY, detail=detail)
        raise RefusedFileError((fault,))
    for row in rows:
        yield rows.line_num, {**row, "code": row[column]}


def _bare_place(rng: Random, school: SchoolId, counties: tuple[County, ...]) -> Place:
    county = county_of_school_code(school, counties)
    if county is None:
        raise ValueError(f"{school}: no such county")
    region = next(region for region in REGIONS if region.county == CountyCode(county))
    return Place(
        school=school,
        county=region.county,
        teachers=_TEACHERS_IF_UNKNOWN,
        remoteness=0,
        east=region.east + rng.randrange(-18, 19),
        north=region.north + rng.randrange(-18, 19),
    )


def _joined(place: Place, row: Mapping[str, str]) -> Place:
    men, women = row.get("男專任教師"), row.get("女專任教師")
    if men and women:
        place = replace(place, teachers=int(men) + int(women))
    grade = row.get("地區屬性", "")
    if grade not in REMOTENESS:
        raise ValueError(f"{place.school}: 地區屬性 {grade}")
    if grade:
        place = replace(place, remoteness=REMOTENESS[grade])
    east, north = row.get("X 坐標"), row.get("Y 坐標")
    if east and north:
        place = replace(place, east=_kilometres(east), north=_kilometres(north))
    return place


def _kilometres(metres: str) -> int:
    return int(metres.partition(".")[0]) // _METRES
