"""One cell at a time: what is understood, and what is answered to the rest."""

from datetime import date

import pytest

from core.domain.school import DatedMark, Mark, Stage
from server.imports.cell import (
    find_township_in,
    parse_county,
    parse_marks,
    parse_school_code,
    parse_school_year,
    parse_seats,
    parse_stage,
    parse_subject,
    parse_township,
    parse_yes,
    school_year_start,
)
from server.imports.fault import CellError
from tests.server.imports.lists import GAZETTEER

SINCE = date(2024, 8, 1)


def refusal(parse, *arguments):
    with pytest.raises(CellError) as caught:
        parse(*arguments)
    return caught.value.code, caught.value.proposal


@pytest.mark.parametrize(
    ("text", "stage", "code"),
    [
        ("013601", Stage.ELEMENTARY, "013601"),
        ("\uff10\uff11\uff13\uff16\uff10\uff11", Stage.ELEMENTARY, "013601"),
        ("07C301", Stage.ELEMENTARY, "07C301"),
        ("07c301", Stage.JUNIOR, "07C301"),
        ("014X9O", Stage.KINDERGARTEN, "014X9O"),
        ("014XA1-02", Stage.KINDERGARTEN, "014XA1-02"),
        ("213644-A", Stage.ELEMENTARY, "213644-A"),
    ],
)
def test_school_codes_keep_zeros_letters_and_branches(text, stage, code):
    assert parse_school_code(text, stage) == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", ("code_missing", "")),
        ("134O21", ("code_letter", "134021")),
        ("13402l", ("code_letter", "134021")),
        ("13601", ("code_zero_lost", "013601")),
        ("O13601", ("code_form", "013601")),
        ("0136012345", ("code_form", "")),
        ("山海", ("code_form", "")),
    ],
)
def test_wrong_school_codes_propose_what_was_likely_meant(text, answer):
    assert refusal(parse_school_code, text, Stage.ELEMENTARY) == answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("新北市", "01"),
        ("[01]新北市", "01"),
        ("1", "01"),
        ("台北市", "30"),
        ("臺北市", "30"),
        ("21", "11"),
        ("[19]臺中市", "06"),
        ("50", "12"),
    ],
)
def test_counties_are_known_by_name_code_and_former_code(text, code):
    assert parse_county(text, GAZETTEER.counties) == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", ("county_missing", "")),
        ("新北县", ("county_unknown", "新北市")),
        ("99", ("county_unknown", "")),
        ("123", ("county_unknown", "")),
        ("[02]新北市", ("county_contradiction", "新北市")),
    ],
)
def test_unknown_counties_propose_the_nearest(text, answer):
    assert refusal(parse_county, text, GAZETTEER.counties) == answer


def test_townships_are_known_by_name_and_by_the_address():
    assert parse_township("淡水區", "01", GAZETTEER) == "淡水區"
    assert find_township_in("[224]新北市瑞芳區爪峰里1號", "01", GAZETTEER) == "瑞芳區"
    assert find_township_in("[700]台南市中西區赤嵌里", "11", GAZETTEER) == "中西區"
    assert find_township_in("國外某地", "01", GAZETTEER) is None
    assert refusal(parse_township, "淡水鎮", "01", GAZETTEER) == ("township_unknown", "淡水區")
    assert refusal(parse_township, "", "01", GAZETTEER) == ("township_missing", "")


def test_school_years_begin_in_august():
    assert parse_school_year("113") == date(2024, 8, 1)
    assert refusal(parse_school_year, "2024") == ("school_year_form", "")
    assert refusal(parse_school_year, "") == ("school_year_form", "")
    assert school_year_start(date(2026, 7, 31)) == date(2025, 8, 1)
    assert school_year_start(date(2026, 8, 1)) == date(2026, 8, 1)


def test_marks_are_read_with_and_without_dates():
    assert parse_marks("", SINCE) == ()
    assert parse_marks("原、偏", SINCE) == (
        DatedMark(mark=Mark.INDIGENOUS, since=SINCE),
        DatedMark(mark=Mark.REMOTE, since=SINCE),
    )
    assert parse_marks("特偏 \uff08113/8/1~116/8/1\uff09".replace(" ", ""), SINCE) == (
        DatedMark(mark=Mark.SPECIAL_REMOTE, since=SINCE, until=date(2027, 8, 1)),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("山", "mark_unknown"),
        ("偏、偏遠", "mark_twice"),
        ("偏 極", "mark_grades"),
        ("原(昨天)", "mark_date"),
        ("原(116/8/1~113/8/1)", "mark_date"),
    ],
)
def test_wrong_marks_say_why(text, code):
    assert refusal(parse_marks, text, SINCE)[0] == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", ("seats_missing", "")),
        ("1.0人", ("seats_form", "1")),
        ("二", ("seats_form", "")),
        ("-1", ("seats_form", "")),
        ("100", ("seats_too_many", "")),
    ],
)
def test_wrong_numbers_of_seats_propose_the_number_they_begin_with(text, answer):
    assert refusal(parse_seats, text) == answer


def test_the_small_words_are_understood_in_the_ways_people_write_them():
    assert [parse_yes(text) for text in ("是", "V", "y", "1")] == [True] * 4
    assert [parse_yes(text) for text in ("", "否", "0", "-")] == [False] * 4
    assert refusal(parse_yes, "也許") == ("yes_or_no", "是")
    assert parse_stage("國中") is Stage.JUNIOR
    assert refusal(parse_stage, "高中")[0] == "stage_unknown"


def test_subjects_are_known_by_name_or_code_within_their_stage():
    names = {each.name: each.code for each in GAZETTEER.subjects if each.stage is Stage.ELEMENTARY}
    name = "加註英語專長"

    assert parse_subject(name, Stage.ELEMENTARY, GAZETTEER.subjects) == names[name]
    assert parse_subject(names[name], Stage.ELEMENTARY, GAZETTEER.subjects) == names[name]
    assert refusal(parse_subject, "英語", Stage.ELEMENTARY, GAZETTEER.subjects) == (
        "subject_unknown",
        name,
    )
    assert refusal(parse_subject, "", Stage.ELEMENTARY, GAZETTEER.subjects)[0] == "subject_missing"
