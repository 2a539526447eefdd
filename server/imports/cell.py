"""One cell as a value: codes, places, marks, years, seats; or why not, and what was meant."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.ids import CountyCode, SchoolId, SubjectCode
from core.domain.place import County, county_of_school_code, searchable
from core.domain.roc import ROC_EPOCH, parse_date
from core.domain.school import DatedMark, Mark, Stage
from core.domain.subject import Subject, subjects_of
from server.imports.fault import CellError

SCHOOL_YEAR_MONTH = 8  # 高級中等以下學校學年學期假期辦法: the school year begins on 1 August
SCHOOL_YEARS = range(90, 200)
COUNTY_DIGITS = 2
SEATS_AT_MOST = 99  # more in one line is a slip of the finger
MARK_WORDS = {
    "偏": Mark.REMOTE,
    "偏遠": Mark.REMOTE,
    "特": Mark.SPECIAL_REMOTE,
    "特偏": Mark.SPECIAL_REMOTE,
    "特殊偏遠": Mark.SPECIAL_REMOTE,
    "極": Mark.VERY_REMOTE,
    "極偏": Mark.VERY_REMOTE,
    "極度偏遠": Mark.VERY_REMOTE,
    "矯": Mark.CORRECTIONAL,
    "矯正": Mark.CORRECTIONAL,
    "原": Mark.INDIGENOUS,
    "原民": Mark.INDIGENOUS,
    "原住民": Mark.INDIGENOUS,
}
STAGE_WORDS = {
    "國小": Stage.ELEMENTARY,
    "國民小學": Stage.ELEMENTARY,
    "國中": Stage.JUNIOR,
    "國民中學": Stage.JUNIOR,
    "幼兒園": Stage.KINDERGARTEN,
    "幼稚園": Stage.KINDERGARTEN,
}
YES = frozenset({"是", "Y", "YES", "V", "1", "TRUE", "✓", "✔", "有"})
NO = frozenset({"", "否", "N", "NO", "0", "FALSE", "無", "-"})

# County or district, then four letters or digits; a branch class (分班) has a suffix: 014XA1-02.
_CODE = re.compile(r"\d{2}[0-9A-Z]{4}(?:-[0-9A-Z]{1,3})?", re.ASCII)
_LOST_ZERO = re.compile(r"\d{5}", re.ASCII)
_LIKE_DIGITS = str.maketrans("OIL", "011")
_BRACKETED = re.compile(r"\[(?P<code>\d{1,2})\](?P<name>.*)", re.ASCII)
_POSTAL = re.compile(r"\[\d*\]\s*")
_MARK = re.compile(r"(?P<word>[^\W\d]+)(?:\((?P<since>[^~()]+)(?:~(?P<until>[^~()]+))?\))?")
_INTEGER = re.compile(r"\d{1,3}", re.ASCII)
_LEADING_INTEGER = re.compile(r"\d{1,3}(?=\D)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The tables that cells are read against."""

    counties: tuple[County, ...]
    townships: Mapping[CountyCode, tuple[str, ...]]
    subjects: tuple[Subject, ...]


def parse_school_code(text: str, stage: Stage | None) -> SchoolId:
    """A school code with its leading zeros; full width and lower case are understood.

    Raises:
        CellError: ``code_missing``, ``code_letter`` (proposal: with digits), ``code_zero_lost``
            or ``code_form``.
    """
    plain = _squeezed(text)
    if not plain:
        raise CellError("code_missing")
    if _CODE.fullmatch(plain):
        digits = plain.translate(_LIKE_DIGITS)
        # Codes of kindergartens do use O, I and L (014X9O); elsewhere these are misread digits.
        if stage is not Stage.KINDERGARTEN and digits != plain:
            raise CellError("code_letter", digits)
        return SchoolId(plain)
    if _LOST_ZERO.fullmatch(plain):
        raise CellError("code_zero_lost", plain.zfill(6))
    digits = plain.translate(_LIKE_DIGITS)
    raise CellError("code_form", digits if _CODE.fullmatch(digits) else "")


def parse_county(text: str, counties: tuple[County, ...]) -> CountyCode:
    """A county by name (台 is 臺), by code with or without its zero, or as ``[01]新北市``.

    Raises:
        CellError: ``county_missing``, ``county_unknown`` or, when code and name differ,
            ``county_contradiction``.
    """
    plain = searchable(text)
    if not plain:
        raise CellError("county_missing")
    if plain.isascii() and plain.isdecimal():
        return _county_by_code(plain, counties)
    bracketed = _BRACKETED.fullmatch(plain)
    if bracketed is None:
        return _county_by_name(plain, counties)
    named = _county_by_name(bracketed["name"], counties)
    if _county_by_code(bracketed["code"], counties) != named:
        raise CellError("county_contradiction", bracketed["name"])
    return named


def check_code_in_county(
    school: SchoolId, county: CountyCode, counties: tuple[County, ...]
) -> None:
    """Refuse a school whose code belongs to another county.

    Raises:
        CellError: ``county_not_of_code``; the proposal is the county of the code.
    """
    expected = county_of_school_code(school, counties)
    if expected != county:
        raise CellError("county_not_of_code", _county_name(expected, counties))


def parse_township(text: str, county: CountyCode, gazetteer: Gazetteer) -> str:
    """A township of that county.

    Raises:
        CellError: ``township_missing`` or ``township_unknown`` (proposal: the nearest name).
    """
    plain = searchable(text)
    if not plain:
        raise CellError("township_missing")
    known = gazetteer.townships.get(county, ())
    for name in known:
        if searchable(name) == plain:
            return name
    raise CellError("township_unknown", nearest(plain, known))


def find_township_in(address: str, county: CountyCode, gazetteer: Gazetteer) -> str | None:
    """The township an address such as ``[224]新北市瑞芳區…`` begins with."""
    plain = searchable(_POSTAL.sub("", unicodedata.normalize("NFKC", address), count=1))
    rest = plain.removeprefix(searchable(_county_name(county, gazetteer.counties)))
    found = (
        name for name in gazetteer.townships.get(county, ()) if rest.startswith(searchable(name))
    )
    return max(found, key=len, default=None)


def parse_stage(text: str) -> Stage:
    """A stage by its Chinese word.

    Raises:
        CellError: ``stage_unknown``.
    """
    plain = "".join(text.split())
    if plain not in STAGE_WORDS:
        raise CellError("stage_unknown", nearest(plain, STAGE_WORDS))
    return STAGE_WORDS[plain]


def parse_school_year(text: str) -> date:
    """The first day of a 民國 school year: ``113`` is 2024-08-01.

    Raises:
        CellError: ``school_year_form``.
    """
    plain = _squeezed(text)
    if not _INTEGER.fullmatch(plain) or int(plain) not in SCHOOL_YEARS:
        raise CellError("school_year_form")
    return date(int(plain) + ROC_EPOCH, SCHOOL_YEAR_MONTH, 1)


def school_year_start(day: date) -> date:
    """The first day of the school year ``day`` lies in."""
    year = day.year if day.month >= SCHOOL_YEAR_MONTH else day.year - 1
    return date(year, SCHOOL_YEAR_MONTH, 1)


def parse_marks(text: str, since: date) -> tuple[DatedMark, ...]:
    """Marks such as ``偏、原`` or ``原(113/8/1~116/8/1)``, in force from ``since`` if not dated.

    The end is the first day without the mark.

    Raises:
        CellError: ``mark_unknown``, ``mark_twice``, ``mark_date`` or, for two grades of
            remoteness, ``mark_grades``.
    """
    plain = unicodedata.normalize("NFKC", text)
    marks = [_parse_mark(item, since) for item in re.split(r"[、,;/\s]+(?![^(]*\))", plain) if item]
    kinds = [dated.mark for dated in marks]
    if len(set(kinds)) != len(kinds):
        raise CellError("mark_twice")
    if len({Mark.REMOTE, Mark.SPECIAL_REMOTE, Mark.VERY_REMOTE} & set(kinds)) > 1:
        raise CellError("mark_grades")
    return tuple(sorted(marks, key=lambda dated: (dated.mark, dated.since)))


def parse_yes(text: str) -> bool:
    """是 or 否, and what else people put into such a column.

    Raises:
        CellError: ``yes_or_no``.
    """
    plain = _squeezed(text)
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise CellError("yes_or_no", "是")


def parse_seats(text: str) -> int:
    """A number of seats, 0 to 99.

    Raises:
        CellError: ``seats_missing``, ``seats_form`` (proposal: the number it begins with) or
            ``seats_too_many``.
    """
    plain = _squeezed(text)
    if not plain:
        raise CellError("seats_missing")
    if not _INTEGER.fullmatch(plain):
        leading = _LEADING_INTEGER.match(plain)
        raise CellError("seats_form", leading[0] if leading else "")
    if int(plain) > SEATS_AT_MOST:
        raise CellError("seats_too_many")
    return int(plain)


def parse_subject(text: str, stage: Stage, subjects: tuple[Subject, ...]) -> SubjectCode:
    """A subject of that stage by name or code.

    Raises:
        CellError: ``subject_missing`` or ``subject_unknown`` (proposal: the nearest name).
    """
    plain = searchable(text)
    if not plain:
        raise CellError("subject_missing")
    known = subjects_of(stage, subjects)
    for subject in known:
        if plain in {searchable(subject.name), searchable(subject.code)}:
            return subject.code
    names = [subject.name for subject in known]
    inside = [name for name in names if plain in searchable(name)]
    raise CellError("subject_unknown", inside[0] if len(inside) == 1 else nearest(plain, names))


def _parse_mark(item: str, since: date) -> DatedMark:
    match = _MARK.fullmatch(item)
    if match is None or match["word"] not in MARK_WORDS:
        raise CellError("mark_unknown", "、".join("偏特極矯原"))
    try:
        return DatedMark(
            mark=MARK_WORDS[match["word"]],
            since=parse_date(match["since"]) if match["since"] else since,
            until=parse_date(match["until"]) if match["until"] else None,
        )
    except ValueError as error:
        raise CellError("mark_date") from error


def _county_by_code(text: str, counties: tuple[County, ...]) -> CountyCode:
    code = text.zfill(COUNTY_DIGITS)
    found = county_of_school_code(code, counties) if len(code) == COUNTY_DIGITS else None
    if found is None:
        raise CellError("county_unknown")
    return found


def _county_by_name(plain: str, counties: tuple[County, ...]) -> CountyCode:
    for county in counties:
        if searchable(county.name) == plain:
            return county.code
    raise CellError("county_unknown", nearest(plain, [county.name for county in counties]))


def _county_name(code: CountyCode | None, counties: tuple[County, ...]) -> str:
    return next((county.name for county in counties if county.code == code), "")


def nearest(text: str, names: Iterable[str]) -> str:
    """The name most like ``text``, empty when none is."""
    by_search = {searchable(name): name for name in names}
    found = difflib.get_close_matches(searchable(text), by_search, n=1, cutoff=0.4)
    return by_search[found[0]] if found else ""


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
