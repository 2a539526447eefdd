"""The ministry's own files, read where they are; counts checked by hand once."""

from collections import Counter
from datetime import date

import pytest

from core.domain.school import Mark, Stage
from server.imports.fault import Severity
from server.imports.layout import Layout
from server.imports.school_list import plan_school_lists, read_school_lists
from server.imports.sheet import read_sheet
from server.imports.shelf import read_gazetteer

FILES = ("e1_new.csv", "114_basec.csv", "remote_113.csv", "k1_new.csv")


@pytest.fixture(scope="module")
def lists(shared_data):
    sheets = [read_sheet(name, (shared_data / name).read_bytes()) for name in FILES]
    return read_school_lists(sheets, read_gazetteer(), date(2026, 4, 10))


@pytest.fixture(scope="module")
def plan(lists):
    return plan_school_lists(lists, {})


def test_each_file_is_recognised_and_read_whole(lists):
    assert list(lists.layouts.values()) == [
        Layout.DIRECTORY,
        Layout.STATISTICS,
        Layout.REMOTENESS,
        Layout.KINDERGARTENS,
    ]
    assert [len(sheet.rows) for sheet in lists.sheets] == [2608, 2663, 2668, 6813]
    assert {sheet.encoding for sheet in lists.sheets} == {"utf-8"}


def test_every_public_school_comes_in_and_every_private_one_stays_out(plan):
    stages = Counter(each.after.school.stage for each in plan.new)

    assert stages == {Stage.ELEMENTARY: 2596, Stage.KINDERGARTEN: 2453}
    assert plan.private == 4428


def test_no_row_is_wrong_and_what_should_be_known_is_told(plan):
    assert Counter((fault.severity, fault.code) for fault in plan.faults) == {
        (Severity.NOTE, "name_differs"): 10,
        (Severity.NOTE, "no_classes"): 10,
        (Severity.NOTE, "school_gone"): 11,
        (Severity.NOTE, "name_damaged"): 6,
    }


def test_schools_without_classes_are_not_delegated(plan):
    closed = [each.after.school for each in plan.new if not each.after.school.delegated]

    assert len(closed) == 10
    assert "074755" in {school.id for school in closed}


def test_remoteness_holds_since_the_school_year_of_its_list(plan):
    marks = [mark for each in plan.new for mark in each.after.school.marks]

    assert Counter(mark.mark for mark in marks) == {
        Mark.REMOTE: 640,
        Mark.SPECIAL_REMOTE: 155,
        Mark.VERY_REMOTE: 108,
    }
    assert {mark.since for mark in marks} == {date(2024, 8, 1)}


def test_every_school_has_a_county_and_a_township_of_it(plan):
    townships = read_gazetteer().townships

    assert all(
        each.after.school.township in townships[each.after.school.county] for each in plan.new
    )


def test_the_files_again_change_nothing(lists, plan):
    stored = {(each.after.school.stage, each.after.school.id): each.after for each in plan.new}

    again = plan_school_lists(lists, stored)

    assert (again.new, again.changed, again.gone, again.unchanged) == ((), (), (), 5049)


def test_the_directory_in_big5_is_the_same_list(shared_data):
    data = (shared_data / "e1_new.csv").read_bytes()
    big5 = data.decode("utf-8-sig").encode("cp950", errors="ignore")

    sheet = read_sheet("e1_new.csv", big5)

    assert sheet.encoding == "big5"
    assert len(sheet.rows) == 2608


def test_a_file_cut_in_the_middle_loses_only_its_last_line(shared_data):
    data = (shared_data / "e1_new.csv").read_bytes()

    sheet = read_sheet("e1_new.csv", data[: len(data) // 2])

    assert len(sheet.faults) == 1
    assert sheet.faults[0].code in {"row_truncated", "encoding_damaged"}
    assert not sheet.broken
