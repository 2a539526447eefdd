"""Invented school lists, vacancies and a calendar, written as the files that staff would import."""

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from core.domain.place import County, load_counties, load_townships
from core.domain.school import Stage
from core.domain.subject import Subject, load_subjects

NAMES = (
    "明德",
    "光華",
    "信義",
    "仁愛",
    "和平",
    "中正",
    "大同",
    "成功",
    "建國",
    "復興",
    "民族",
    "民權",
    "自強",
    "永安",
    "長春",
    "新生",
    "文昌",
    "東興",
    "西園",
    "南山",
    "北辰",
    "育英",
    "志學",
    "立人",
)
STAGE_NAMES = {Stage.JUNIOR: "國中", Stage.ELEMENTARY: "國小", Stage.KINDERGARTEN: "幼兒園"}
STAGE_DIGITS = {Stage.JUNIOR: "5", Stage.ELEMENTARY: "6", Stage.KINDERGARTEN: "Y"}
INDIGENOUS_COUNTIES = {"13", "14", "15"}
TOWNSHIPS = 7
SCHOOL_HEADINGS = ("代碼", "學校名稱", "縣市", "鄉鎮市區", "階段別", "註記")
VACANCY_HEADINGS = ("代碼", "科別", "缺額", "遇缺不補")


def table(name: str) -> str:
    """The text of a table of ``core.rules``."""
    return files("core.rules.tables").joinpath(name).read_text(encoding="utf-8")


def read_subjects() -> tuple[Subject, ...]:
    """All subjects of all stages."""
    return load_subjects(table("subjects.toml"))


def write_schools(path: Path, seed: int) -> None:
    """A list of some 400 invented schools of all stages in every county that takes part.

    In the list format for entries by hand.
    """
    rng = random.Random(seed)  # noqa: S311 - an invented country
    townships = load_townships(table("townships.toml"))
    rows = [
        row
        for county in load_counties(table("counties.toml"))
        for row in _county_rows(rng, county, townships[county.code])
    ]
    _write(path, SCHOOL_HEADINGS, rows)


def _county_rows(
    rng: random.Random, county: County, townships: Iterable[str]
) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    places = list(townships)
    names = iter(rng.sample(NAMES, len(NAMES)))
    for number, township in enumerate(rng.sample(places, min(TOWNSHIPS, len(places)))):
        remote = rng.choice(("", "", "", "偏遠", "特偏", "極偏"))
        indigenous = "原民" if county.code in INDIGENOUS_COUNTIES and remote else ""
        for stage in (Stage.ELEMENTARY, Stage.ELEMENTARY, Stage.JUNIOR, Stage.KINDERGARTEN):
            if stage is not Stage.ELEMENTARY and number > 2:  # noqa: PLR2004 - fewer of them
                continue
            name = next(names)
            code = f"{county.prefixes[0]}4{STAGE_DIGITS[stage]}{len(rows):02d}"
            marks = "、".join(filter(None, (remote, indigenous)))
            kind = STAGE_NAMES[stage]
            rows.append((code, f"{name}{kind}", county.name, township, kind, marks))
    return rows


def write_vacancies(path: Path, vacancies: Mapping[tuple[str, str], int]) -> None:
    """Seats the counties open, subjects by their codes."""
    rows = [
        (school, subject, str(count), "") for (school, subject), count in sorted(vacancies.items())
    ]
    _write(path, VACANCY_HEADINGS, rows)


def write_calendar(path: Path, now: datetime, season: str) -> None:
    """Windows around ``now``: applications are open, the deadline is in five days (範例)."""
    day = timedelta(days=1)
    windows = {
        "lists": (-10, -1),
        "apply": (-1, 5),
        "officer_review": (5, 6),
        "county_review": (6, 10),
        "freeze": (10, 11),
        "run": (11, 12),
        "publish": (12, 13),
    }
    lines = [
        f'season = "{season}"',
        'source = "範例：示範用日程"',
        f'as_of = "{now.date().isoformat()}"',
        f'checked_on = "{now.date().isoformat()}"',
    ]
    for name, (opens, closes) in windows.items():
        lines += [
            "",
            "[[phase]]",
            f'name = "{name}"',
            f"opens = {(now + opens * day).isoformat(timespec='seconds')}",
            f"closes = {(now + closes * day).isoformat(timespec='seconds')}",
            'place = "範例"',
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write(path: Path, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
