"""Lists are known by their headings."""

import pytest

from server.imports.layout import VACANCY_HEADINGS, Layout, missing_columns, recognise
from tests.server.imports.lists import (
    COUNTED,
    DIRECTORY,
    ENTERED,
    KINDERGARTENS,
    REMOTENESS,
    VACANCIES,
    sheet,
)


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        (DIRECTORY, Layout.DIRECTORY),
        (KINDERGARTENS, Layout.KINDERGARTENS),
        (COUNTED, Layout.STATISTICS),
        (REMOTENESS, Layout.REMOTENESS),
        (ENTERED, Layout.ENTERED),
        (f"{ENTERED},委託,簡稱,備註", Layout.ENTERED),
    ],
)
def test_each_list_is_recognised_by_its_headings(header, layout):
    assert recognise(sheet(header)) is layout


def test_a_missing_column_is_named_with_the_heading_that_may_be_meant():
    faults = recognise(sheet(DIRECTORY.replace("縣市名稱", "縣市名"), ""))

    assert [(fault.code, fault.column, fault.proposal) for fault in faults] == [
        ("column_missing", "縣市名稱", "縣市名")
    ]


def test_another_file_altogether_gets_one_answer_that_lists_what_can_be_imported():
    (fault,) = recognise(sheet("姓名,電話"))

    assert fault.code == "header_unknown"
    assert "學校名錄" in fault.proposal


def test_a_list_of_seats_needs_its_four_columns():
    assert missing_columns(sheet(VACANCIES), VACANCY_HEADINGS) == ()
    assert [
        (fault.code, fault.column)
        for fault in missing_columns(sheet("代碼,科別,缺額"), VACANCY_HEADINGS)
    ] == [("column_missing", "遇缺不補")]
