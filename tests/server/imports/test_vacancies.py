"""Lists of seats: every wrong line, and what would change."""

import pytest

from core.domain.school import School, Stage, Vacancy
from server.imports.text import REASONS
from server.imports.vacancy import plan_vacancies, read_vacancies
from tests.server.imports.lists import GAZETTEER, VACANCIES, sheet


def school(code, stage=Stage.ELEMENTARY, *, delegated=True):
    return School(
        id=code,
        name=f"學校{code}",
        short_name=code,
        county="13",
        township="屏東市",
        stage=stage,
        delegated=delegated,
    )


SCHOOLS = {
    each.id: each
    for each in (
        school("134021"),
        school("134022"),
        school("134501", Stage.JUNIOR),
        school("134099", delegated=False),
    )
}


def read(*rows):
    return read_vacancies(sheet(VACANCIES, *rows), SCHOOLS, GAZETTEER)


def test_a_line_says_school_subject_seats_and_whether_seats_left_behind_open():
    lines, faults = read("134021,普通,2,是", "134022,普通,1,")

    assert [(line.school, line.subject, line.seats, line.refill) for line in lines] == [
        ("134021", "general", 2, False),
        ("134022", "general", 1, True),
    ]
    assert faults == ()


@pytest.mark.parametrize(
    ("row", "column", "code", "proposal"),
    [
        ("134O21,普通,1,", "代碼", "school_unknown", "134021 學校134021"),
        ("999999,普通,1,", "代碼", "school_unknown", ""),
        (",普通,1,", "代碼", "code_missing", ""),
        ("134099,普通,1,", "代碼", "school_not_delegated", "學校134099"),
        ("134021,英語,1,", "科別", "subject_unknown", "加註英語專長"),
        ("134021,,1,", "科別", "subject_missing", ""),
        ("134021,普通,1.0人,", "缺額", "seats_form", "1"),
        ("134021,普通,,", "缺額", "seats_missing", ""),
        ("134021,普通,100,", "缺額", "seats_too_many", ""),
        ("134021,普通,1,也許", "遇缺不補", "yes_or_no", "是"),
    ],
)
def test_a_wrong_line_is_left_out_with_place_reason_and_proposal(row, column, code, proposal):
    lines, faults = read("134022,普通,1,", row)

    assert [line.school for line in lines] == ["134022"]
    assert [(each.line, each.column, each.code, each.proposal) for each in faults] == [
        (3, column, code, proposal)
    ]
    assert code in REASONS


def test_the_subjects_of_a_line_are_those_of_its_schools_stage():
    lines, faults = read("134501,數學,1,", "134501,普通,1,")

    assert [line.subject for line in lines] == ["mathematics"]
    assert [each.code for each in faults] == ["subject_unknown"]


def test_a_plan_says_what_opens_changes_closes_and_is_not_named():
    stored = {
        ("134021", "general"): Vacancy(school="134021", subject="general", count=1, refill=True),
        ("134022", "general"): Vacancy(school="134022", subject="general", count=1, refill=True),
        ("134022", "english"): Vacancy(school="134022", subject="english", count=3, refill=True),
        ("134501", "mathematics"): Vacancy(school="134501", subject="math", count=1, refill=True),
    }
    lines, _ = read("134021,普通,2,", "134022,普通,1,", "134022,加註英語專長,0,", "134501,國文,1,")

    plan = plan_vacancies(lines, stored)

    assert [each.place for each in plan.new] == [("134501", "chinese")]
    assert [each.place for each in plan.changed] == [("134021", "general")]
    assert [each.place for each in plan.closed] == [("134022", "english")]
    assert [each.school for each in plan.gone] == ["134501"]
    assert plan.unchanged == 1


def test_lines_for_one_place_that_differ_are_both_left_out_and_equal_ones_count_once():
    lines, _ = read("134021,普通,1,", "134021,普通,2,", "134022,普通,1,", "134022,普通,1,")

    plan = plan_vacancies(lines, {})

    assert [each.place for each in plan.new] == [("134022", "general")]
    assert [(each.code, each.line) for each in plan.faults] == [
        ("row_contradicts", 2),
        ("row_contradicts", 3),
        ("row_repeated", 5),
    ]


def test_no_seats_where_none_were_is_no_change():
    lines, _ = read("134021,普通,0,")

    assert plan_vacancies(lines, {}).unchanged == 1
