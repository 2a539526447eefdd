"""Which list a file is, by its headings: four of the ministry's own, and our simple form."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from server.imports.fault import Fault, Severity
from server.imports.sheet import Sheet

LIKENESS_PERCENT = 50


class Layout(StrEnum):
    """The 名錄 of 國小 or 國中 and of 幼兒園, figures per school (two kinds), our own form."""

    DIRECTORY = "directory"
    KINDERGARTENS = "kindergartens"
    STATISTICS = "statistics"
    REMOTENESS = "remoteness"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """What a layout must have; of two layouts that fit, the one that asks for more is meant."""

    name: str
    needed: frozenset[str]


CLASSES = tuple(f"{grade}年級班級數" for grade in range(1, 7))
SCHOOL_LAYOUTS = {
    Layout.DIRECTORY: Headings(
        name="學校名錄",
        needed=frozenset({"學年度", "代碼", "學校名稱", "公/私立", "縣市名稱", "地址"}),
    ),
    Layout.KINDERGARTENS: Headings(
        name="幼兒園名錄",
        needed=frozenset(
            {"學年度", "代碼", "學校名稱", "公/私立", "縣市名稱", "鄉鎮市區名稱", "地址"}
        ),
    ),
    Layout.STATISTICS: Headings(
        name="國小校別資料",
        needed=frozenset(
            {"學年度", "縣市代碼", "縣市名稱", "鄉鎮市區", "學校代碼", "學校名稱", *CLASSES}
        ),
    ),
    Layout.REMOTENESS: Headings(
        name="國小校別資料（含地區屬性）",
        needed=frozenset(
            {
                *("學年度", "縣市代碼", "縣市名稱", "鄉鎮市區", "學校代碼", "學校名稱"),
                *CLASSES,
                "地區屬性",
            }
        ),
    ),
    Layout.ENTERED: Headings(
        name="自訂學校名單",
        needed=frozenset({"代碼", "學校名稱", "縣市", "鄉鎮市區", "階段別", "註記"}),
    ),
}
VACANCY_HEADINGS = Headings(name="單調缺額", needed=frozenset({"代碼", "科別", "缺額", "遇缺不補"}))

PAST_HEADINGS = Headings(
    name="過去結果",
    needed=frozenset({"年度", "代碼", "科別", "缺額", "選填人數", "調入人數"}),
)


def recognise(sheet: Sheet) -> Layout | tuple[Fault, ...]:
    """The layout of a list of schools, or why it is none."""
    present = frozenset(sheet.header)
    fitting = [layout for layout, each in SCHOOL_LAYOUTS.items() if each.needed <= present]
    if fitting:
        return max(fitting, key=lambda layout: len(SCHOOL_LAYOUTS[layout].needed))
    nearest = max(SCHOOL_LAYOUTS.values(), key=lambda each: _likeness(each, present))
    return missing_columns(sheet, nearest, (each.name for each in SCHOOL_LAYOUTS.values()))


def sheet_faults(sheet: Sheet, headings: Headings) -> tuple[Fault, ...]:
    """What is wrong with a file before its rows are read."""
    return sheet.faults if sheet.broken else sheet.faults + missing_columns(sheet, headings)


def missing_columns(
    sheet: Sheet, headings: Headings, known: Iterable[str] = ()
) -> tuple[Fault, ...]:
    """``column_missing`` for each, or one ``header_unknown`` when it looks like another list."""
    present = frozenset(sheet.header)
    missing = sorted(headings.needed - present)
    if missing and _likeness(headings, present) < LIKENESS_PERCENT:
        return (
            Fault(
                file=sheet.file,
                line=1,
                column="",
                value=",".join(sheet.header)[:80],
                code="header_unknown",
                proposal="、".join(known) or headings.name,
                severity=Severity.FILE,
            ),
        )
    spare = [name for name in sheet.header if name not in headings.needed]
    return tuple(
        Fault(
            file=sheet.file,
            line=1,
            column=name,
            value=headings.name,
            code="column_missing",
            proposal=next(iter(difflib.get_close_matches(name, spare, n=1, cutoff=0.5)), ""),
            severity=Severity.FILE,
        )
        for name in missing
    )


def _likeness(headings: Headings, present: frozenset[str]) -> int:
    return 100 * len(headings.needed & present) // len(headings.needed)
