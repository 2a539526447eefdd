"""Lists of past results: every wrong line, and what would change."""

import pytest

from core.domain.points import Points
from core.domain.school import School, Stage
from server.imports.past import plan_past, read_past_list
from server.imports.text import REASONS
from tests.server.imports.lists import GAZETTEER, sheet

HEADER = "年度,代碼,科別,缺額,選填人數,調入人數,最低積分"
SCHOOLS = {
    code: School(
        id=code, name=f"學校{code}", short_name=code, county="13", township="屏東市",
        stage=Stage.ELEMENTARY,
    )
    for code in ("134021", "134022")
}  # fmt: skip


def read(*rows, header=HEADER):
    return read_past_list(
        sheet(header, *rows), SCHOOLS, GAZETTEER, source="公告", as_of="2025-06-01"
    )


def test_a_line_is_a_result_and_empty_cells_are_what_the_source_does_not_say():
    lines, faults = read("114,134021,普通,2,14,6,41.5", "\uff11\uff11\uff14,134022,普通,0,,,")

    assert faults == ()
    assert [
        (each.result.year, each.result.applicants, each.result.moved, each.result.lowest)
        for each in lines
    ] == [(114, 14, 6, Points(4150)), (114, None, None, None)]
    assert {each.result.source for each in lines} == {"公告"}


def test_the_column_of_points_may_be_missing():
    lines, faults = read("114,134021,普通,2,14,6", header=HEADER.removesuffix(",最低積分"))

    assert (len(lines), faults) == (1, ())


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2025,134021,普通,2,14,6,", "年度", "school_year_form"),
        ("去年,134021,普通,2,14,6,", "年度", "school_year_form"),
        ("114,999999,普通,2,14,6,", "代碼", "school_unknown"),
        ("114,134021,魔法,2,14,6,", "科別", "subject_unknown"),
        ("114,134021,普通,,14,6,", "缺額", "seats_missing"),
        ("114,134021,普通,2,十四,6,", "選填人數", "seats_form"),
        ("114,134021,普通,2,10000,6,", "選填人數", "people_too_many"),
        ("114,134021,普通,2,5,6,", "調入人數", "moved_more"),
        ("114,134021,普通,2,14,6,高", "最低積分", "points_form"),
    ],
)
def test_a_wrong_cell_is_named_and_the_line_left_out(row, column, code):
    lines, faults = read(row)

    assert lines == ()
    assert (faults[0].column, faults[0].code) == (column, code)
    assert code in REASONS


def test_the_plan_tells_new_from_changed_and_takes_no_contradiction():
    kept = [each.result for each in read("114,134021,普通,2,14,6,", "113,134021,普通,1,9,1,")[0]]
    lines, _ = read(
        "114,134021,普通,2,15,6,",
        "113,134021,普通,1,9,1,",
        "112,134021,普通,1,9,1,",
        "112,134021,普通,1,9,1,",
        "111,134022,普通,1,9,1,",
        "111,134022,普通,1,9,2,",
    )

    plan = plan_past(lines, kept)

    assert [each.year for each in plan.new] == [112]
    assert [each.applicants for each in plan.changed] == [15]
    assert plan.unchanged == 1
    assert [each.code for each in plan.faults] == [
        "row_contradicts", "row_contradicts", "row_repeated",
    ]  # fmt: skip
