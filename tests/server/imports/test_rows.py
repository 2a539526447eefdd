"""Rows of each layout: what they say, and every way a row can be wrong."""

from datetime import date

import pytest

from core.domain.school import DatedMark, Mark, Stage
from server.imports.fault import Severity
from server.imports.layout import Layout
from tests.server.imports.lists import (
    COUNTED,
    DIRECTORY,
    ENTERED,
    KINDERGARTENS,
    REMOTENESS,
    counted,
    listed,
    parts_of,
)

DATA = {
    Layout.DIRECTORY: (DIRECTORY, listed),
    Layout.STATISTICS: (COUNTED, counted),
}


def test_a_directory_row_says_who_owns_the_school_and_where_it_is():
    (part,), faults = parts_of(Layout.DIRECTORY, DIRECTORY, listed("014601"))

    assert (part.id, part.county, part.township, part.public) == ("014601", "01", "淡水區", True)
    assert (part.year, part.stage) == (date(2025, 8, 1), Stage.ELEMENTARY)
    assert faults == ()


def test_a_directory_whose_codes_are_of_junior_schools_is_a_list_of_these():
    parts, _ = parts_of(
        Layout.DIRECTORY, DIRECTORY, listed("014501"), listed("014502"), listed("014601")
    )

    assert {part.stage for part in parts} == {Stage.JUNIOR}


def test_figures_say_how_many_classes_and_a_county_code_without_its_zero_is_understood():
    (part,), faults = parts_of(Layout.STATISTICS, COUNTED, counted("014601", classes=2, county=1))

    assert (part.classes, part.county, part.public) == (12, "01", True)
    assert faults == ()


@pytest.mark.parametrize(
    ("grade", "mark"),
    [("偏遠", Mark.REMOTE), ("特偏", Mark.SPECIAL_REMOTE), ("極偏", Mark.VERY_REMOTE)],
)
def test_the_remoteness_of_a_list_holds_from_the_first_day_of_its_school_year(grade, mark):
    (part,), _ = parts_of(Layout.REMOTENESS, REMOTENESS, counted("014601", grade=grade, year=113))

    assert part.marking.marks == (DatedMark(mark=mark, since=date(2024, 8, 1)),)


def test_no_remoteness_is_said_too():
    (part,), _ = parts_of(Layout.REMOTENESS, REMOTENESS, counted("014601", grade=""))

    assert part.marking.marks == ()


def test_a_kindergarten_row_names_its_township():
    row = "113,014XA1-02,新北市立山海幼兒園東分班,公立,新北市,淡水區,[251]某路1號,"

    (part,), faults = parts_of(Layout.KINDERGARTENS, KINDERGARTENS, row)

    assert (part.stage, part.id, part.township) == (Stage.KINDERGARTEN, "014XA1-02", "淡水區")
    assert faults == ()


def test_a_name_with_a_lost_letter_is_taken_and_told():
    row = "113,014X01,新北市?林國小附設幼兒園,公立,新北市,淡水區,[251]某路1號,"

    parts, (fault,) = parts_of(Layout.KINDERGARTENS, KINDERGARTENS, row)

    assert len(parts) == 1
    assert (fault.code, fault.severity) == ("name_damaged", Severity.NOTE)


def test_private_schools_are_known_but_nobody_minds_their_faults():
    row = "113,011X01,新北市私立?園幼兒園,私立,新北市,不明,[251]某路1號,"

    (part,), faults = parts_of(Layout.KINDERGARTENS, KINDERGARTENS, row)

    assert part.public is False
    assert faults == ()


def test_a_school_entered_by_hand_may_be_a_branch_with_its_own_marks():
    row = "134021-A,地磨兒國小德文分校,屏東縣,三地門鄉,國小,原、特(113/8/1~116/8/1)"

    (part,), faults = parts_of(Layout.ENTERED, ENTERED, row)

    assert faults == ()
    assert part.delegated is None
    assert part.marking.marks == (
        DatedMark(mark=Mark.INDIGENOUS, since=date(2025, 8, 1)),
        DatedMark(mark=Mark.SPECIAL_REMOTE, since=date(2024, 8, 1), until=date(2027, 8, 1)),
    )


def test_a_list_by_hand_may_say_short_name_delegation_and_year():
    header = f"{ENTERED},簡稱,委託,學年度"
    row = "014501,新北市立山海國中,新北市,淡水區,國中,矯,山海,否,114"

    (part,), faults = parts_of(Layout.ENTERED, header, row)

    assert faults == ()
    assert (part.short_name, part.delegated, part.stage) == ("山海", False, Stage.JUNIOR)
    assert part.year == date(2025, 8, 1)


@pytest.mark.parametrize(
    ("layout", "row", "column", "code", "proposal"),
    [
        (Layout.DIRECTORY, listed("01460I"), "代碼", "code_letter", "014601"),
        (Layout.DIRECTORY, listed("14601"), "代碼", "code_zero_lost", "014601"),
        (Layout.DIRECTORY, listed(""), "代碼", "code_missing", ""),
        (Layout.DIRECTORY, listed("014601", name=""), "學校名稱", "name_missing", ""),
        (Layout.DIRECTORY, listed("014601", name="校" * 61), "學校名稱", "name_too_long", ""),
        (Layout.DIRECTORY, listed("014601", owner="公"), "公/私立", "owner_unknown", "公立"),
        (
            Layout.DIRECTORY,
            listed("014601", county="新北县"),
            "縣市名稱",
            "county_unknown",
            "新北市",
        ),
        (Layout.DIRECTORY, listed("014601", county=""), "縣市名稱", "county_missing", ""),
        (
            Layout.DIRECTORY,
            listed("014601", county="[02]新北市"),
            "縣市名稱",
            "county_contradiction",
            "新北市",
        ),
        (Layout.DIRECTORY, listed("024601"), "代碼", "county_not_of_code", "宜蘭縣"),
        (Layout.DIRECTORY, listed("014601", year=2025), "學年度", "school_year_form", ""),
        (
            Layout.STATISTICS,
            counted("014601", township="淡水鎮"),
            "鄉鎮市區",
            "township_unknown",
            "淡水區",
        ),
        (Layout.STATISTICS, counted("014601", township=""), "鄉鎮市區", "township_missing", ""),
        (
            Layout.STATISTICS,
            counted("014601", county=2),
            "縣市代碼",
            "county_contradiction",
            "新北市",
        ),
        (
            Layout.STATISTICS,
            counted("014601", classes="二"),
            "1年級班級數",
            "seats_form",
            "",
        ),
    ],
)
def test_a_wrong_cell_keeps_its_row_out_and_says_where_why_and_what_instead(
    layout, row, column, code, proposal
):
    header, good = DATA[layout]

    parts, faults = parts_of(layout, header, good("014609"), row)

    assert [part.id for part in parts] == ["014609"]
    first = faults[0]
    assert (first.file, first.line, first.column) == ("list.csv", 3, column)
    assert (first.code, first.proposal, first.severity) == (code, proposal, Severity.ROW)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("014601,山海,新北市,淡水區,高中,", "階段別", "stage_unknown"),
        ("014601,山海,新北市,淡水區,國小,山", "註記", "mark_unknown"),
        ("014601,山海,新北市,淡水區,國小,偏、特", "註記", "mark_grades"),
        ("014601,山海,新北市,,國小,", "鄉鎮市區", "township_missing"),
    ],
)
def test_wrong_cells_of_a_list_by_hand_are_told_as_well(row, column, code):
    parts, faults = parts_of(Layout.ENTERED, ENTERED, row)

    assert parts == ()
    assert [(fault.column, fault.code) for fault in faults] == [(column, code)]


def test_a_wrong_grade_of_remoteness_is_told():
    parts, faults = parts_of(Layout.REMOTENESS, REMOTENESS, counted("014601", grade="很遠"))

    assert parts == ()
    assert [(fault.column, fault.code) for fault in faults] == [("地區屬性", "grade_unknown")]
