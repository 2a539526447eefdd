"""Counties, townships, schools and subjects: tables, and what is derived from them."""

import csv
from datetime import date
from importlib.resources import files

import pytest

from core.domain.place import (
    county_of_school_code,
    find_county,
    load_counties,
    load_townships,
    searchable,
)
from core.domain.school import (
    DatedMark,
    Mark,
    School,
    Stage,
    Vacancy,
    main_name_of,
    short_name_of,
)
from core.domain.subject import find_subject, load_subjects, subjects_of

TABLES = files("core.rules.tables")


def text_of(name: str) -> str:
    return TABLES.joinpath(name).read_text(encoding="utf-8")


COUNTIES = load_counties(text_of("counties.toml"))
TOWNSHIPS = load_townships(text_of("townships.toml"))
SUBJECTS = load_subjects(text_of("subjects.toml"))


def test_there_are_22_counties_and_368_townships():
    assert len(COUNTIES) == 22
    assert sum(len(names) for names in TOWNSHIPS.values()) == 368
    assert TOWNSHIPS.keys() == {county.code for county in COUNTIES}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("013601", "新北市"),
        ("134021", "屏東縣"),
        ("063601", "臺中市"),
        ("193601", "臺中市"),
        ("113601", "臺南市"),
        ("213601", "臺南市"),
        ("333601", "臺北市"),
        ("553601", "高雄市"),
        ("123601", "高雄市"),
        ("07C301", "彰化縣"),
        ("724601", "連江縣"),
    ],
)
def test_a_school_code_tells_the_county_of_today(code, name):
    county = county_of_school_code(code, COUNTIES)

    assert find_county(county, COUNTIES).name == name


def test_an_unknown_prefix_belongs_nowhere():
    assert county_of_school_code("993601", COUNTIES) is None
    assert find_county("99", COUNTIES) is None


def test_the_printed_code_is_a_column():
    assert all(county.printed_code and county.printed_code_source for county in COUNTIES)


def test_tables_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match="share"):
        load_counties(text_of("counties.toml").replace('"02"', '"01"'))
    with pytest.raises(ValueError, match="township twice"):
        load_townships(text_of("townships.toml").replace('"萬里區"', '"金山區"'))
    with pytest.raises(ValueError, match="twice"):
        load_subjects(text_of("subjects.toml").replace('code = "music"', 'code = "english"'))


def test_search_ignores_width_case_spaces_and_two_ways_to_write_tai():
    assert searchable("台 中ＡＢＣ") == searchable("臺中abc")


def test_an_elementary_school_has_the_subjects_of_the_old_system_in_its_order():
    names = [each.name for each in subjects_of(Stage.ELEMENTARY, SUBJECTS)]

    assert names == [
        "普通",
        "加註英語專長",
        "身心障礙類",
        "視覺障礙類",
        "聽覺障礙類",
        "肢體障礙類",
        "智能障礙類",
        "語言障礙類",
        "學習障礙類",
        "性格或行為異常類（嚴重情緒障礙）",
        "自閉症類",
        "多重障礙類",
        "身體病弱類",
        "一般資賦優異類",
        "音樂藝術才能資賦優異類",
        "美術藝術才能資賦優異類",
        "舞蹈藝術才能資賦優異類",
        "專任輔導教師",
    ]


def test_the_stages_have_their_published_number_of_subjects():
    counts = {stage: len(subjects_of(stage, SUBJECTS)) for stage in Stage}

    assert counts == {Stage.JUNIOR: 23, Stage.ELEMENTARY: 18, Stage.KINDERGARTEN: 2}
    assert find_subject(Stage.ELEMENTARY, "guidance", SUBJECTS).name == "專任輔導教師"
    assert find_subject(Stage.KINDERGARTEN, "guidance", SUBJECTS) is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("市立福山國小", "福山"),
        ("國立屏東大學附設實驗小學", "屏東大學附設實驗小學"),
        ("縣立青山國小", "青山"),
        ("臺北市立大學附設實驗國民小學", "臺北市立大學附設實驗"),
        ("臺中市立大忠國小", "大忠"),
        ("新竹縣竹北市立幼兒園", "竹北市立幼兒園"),
        ("花蓮縣卓溪鄉立山國民小學", "立山"),
        ("宜蘭縣頭城鎮立中正幼兒園", "中正幼兒園"),
        ("新北市八里區八里國民小學附設幼兒園", "八里附幼"),
        ("地磨兒國小德文分校", "地磨兒國小德文分校"),
    ],
)
def test_a_wish_list_prints_short_names(name, short):
    assert short_name_of(name) == short


def test_short_names_are_unambiguous_within_a_county(shared_data):
    with (shared_data / "e1_new.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["公/私立"] != "私立"]

    named = {(row["縣市名稱"], short_name_of(row["學校名稱"])) for row in rows}

    assert len(rows) > 2500
    assert len(named) == len(rows)


def test_every_township_of_the_real_lists_is_known(shared_data):
    with (shared_data / "k1_new.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {(row["縣市名稱"], row["鄉鎮市區名稱"]) for row in csv.DictReader(file)}
    known = {(county.name, each) for county in COUNTIES for each in TOWNSHIPS[county.code]}

    unknown = found - known

    assert not unknown


def a_school(**change) -> School:
    values = {
        "id": "134021",
        "name": "縣立青山國小",
        "short_name": "青山",
        "county": "13",
        "township": "三地門鄉",
        "stage": Stage.ELEMENTARY,
    }
    return School(**(values | change))


def test_a_mark_counts_from_its_first_day_until_the_day_before_its_last():
    marks = (
        DatedMark(mark=Mark.REMOTE, since=date(2021, 8, 1), until=date(2024, 8, 1)),
        DatedMark(mark=Mark.VERY_REMOTE, since=date(2024, 8, 1)),
    )
    school = a_school(marks=marks)

    assert school.marks_on(date(2021, 7, 31)) == frozenset()
    assert school.marks_on(date(2024, 7, 31)) == {Mark.REMOTE}
    assert school.marks_on(date(2024, 8, 1)) == {Mark.VERY_REMOTE}


def test_marks_and_vacancies_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="ends before"):
        DatedMark(mark=Mark.REMOTE, since=date(2024, 8, 1), until=date(2024, 8, 1))
    with pytest.raises(ValueError, match="at least one"):
        Vacancy(school="134021", subject="general", count=0, refill=True)


@pytest.mark.parametrize(
    ("name", "main"),
    [
        ("地磨兒國小德文分校", "地磨兒國小"),
        ("屏東縣立土庫國民小學信國分校", "屏東縣立土庫國民小學"),
        ("國立臺東大學附設實驗國民小學山中分班", "國立臺東大學附設實驗國民小學"),
        ("長樂百合分校", None),
        ("地磨兒國小", None),
        ("國小分校", None),
    ],
)
def test_a_branch_says_whose_it_is_where_its_name_does(name, main):
    assert main_name_of(name) == main
