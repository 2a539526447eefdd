"""A county's paper form is a table: every place in it is one somebody or nobody can fill."""

from dataclasses import replace
from importlib.resources import files

import pytest

from core.domain.ids import CountyCode
from core.domain.school import Stage
from core.rules.county_form import (
    COLUMNS,
    Blank,
    Box,
    CountyFormKind,
    find_county_form,
    load_county_form,
    parts_of,
)

TABLES = files("core.rules.tables")
TEXTS = {
    each.name: each.read_text(encoding="utf-8")
    for each in TABLES.iterdir()
    if each.name.startswith("form_")
}
TEXT = TEXTS["form_changhua_113_transfer.toml"]
TRANSFER, SURPLUS = (
    load_county_form(TEXT),
    load_county_form(TEXTS["form_changhua_113_surplus.toml"]),
)
CHANGHUA = CountyCode("07")


@pytest.mark.parametrize("name", TEXTS)
def test_every_form_has_a_source_and_says_that_it_is_of_another_year(name):
    form = load_county_form(TEXTS[name])

    assert form.source
    assert form.place
    assert form.example
    assert form.points.example
    assert all(sum(c.label_span + c.span for c in row.cells) == COLUMNS for row in form.rows)


def test_the_forms_ask_what_the_countys_briefing_shows():
    labels = [cell.label for row in TRANSFER.rows for cell in row.cells]

    assert labels[:3] == ["姓名", "性別", "出生"]  # F-411 to F-413
    assert {"住址", "服務學校", "職稱", "本校到職", "申請縣外介聘"} <= set(labels)
    assert len(TRANSFER.checks.lines) == 5  # F-425 to F-429
    assert len(SURPLUS.checks.lines) == 3  # F-438, F-439
    assert len(SURPLUS.checks.lines[2].answers) == 3  # F-440
    assert "第3點第5款第3目" in SURPLUS.checks.remarks[0]  # F-441
    assert len(TRANSFER.pledges) == 3  # F-431 to F-434
    assert [each.label for each in TRANSFER.signings] == [
        "人事主管簽章", "校長簽章", "介聘審查小組核章",
    ]  # fmt: skip


def test_no_line_of_that_county_means_what_ours_means():
    lines = [line for group in TRANSFER.points.groups for line in group.lines]

    assert len(lines) == 19
    assert all(line.same is None for line in lines)  # 在本校, ours is 在本縣（市）


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("民國 {birth_year:2} 年", ("民國 ", Blank("birth_year", 2), " 年")),
        ("{name}", (Blank("name", 0),)),
        ("{:12}{}", (Blank("", 12), Blank("", 0))),
        ("[other_county]有 []無", (Box("other_county"), "有 ", Box(""), "無")),
        ("(類) {三}", ("(類) {三}",)),
    ],
)
def test_a_text_is_read_as_words_blanks_and_boxes(text, parts):
    assert parts_of(text) == parts


@pytest.mark.parametrize("text", ["{salary}", "[married]"])
def test_a_place_nobody_can_fill_is_refused(text):
    with pytest.raises(ValueError, match="nobody can fill in"):
        parts_of(text)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('text = "{name}"', 'text = "{nickname}"', "nickname"),
        ('"[]符合", "[]不符合"', '"[approved]符合"', "approved"),
        ("span = 6, text", "span = 7, text", "24 columns"),
        ('kind = "county_transfer"', 'kind = "lottery"', "lottery"),
        ('["數量", "申請人自填", "學校初核", "審查小組複核"]', '["數量"]', "columns"),
        (
            'text = "在本校連續服務", standard = "滿一年給 2 分"',
            'text = "x", standard = "", same = { scale = "s", unit = "two" }',
            "points_form",
        ),
        ('law = "', 'act = "', "law"),
    ],
)
def test_a_table_that_is_no_form_is_refused(before, after, said):
    assert before in TEXT

    with pytest.raises(ValueError, match=said):
        load_county_form(TEXT.replace(before, after, 1))


def test_a_line_may_say_that_it_is_one_of_ours():
    text = TEXT.replace(
        'standard = "滿一年給 2 分" }',
        'standard = "滿一年給 2 分", same = { scale = "service_in_county", unit = "2.0" } }',
        1,
    )

    assert load_county_form(text).points.groups[0].lines[0].same.unit == "2.0"


def test_the_newest_form_of_the_county_and_stage_is_found():
    newer = replace(TRANSFER, school_year=114)
    forms = (newer, TRANSFER, SURPLUS)
    kind = CountyFormKind.TRANSFER

    assert find_county_form(forms, kind, CHANGHUA, Stage.JUNIOR) is newer
    assert find_county_form(forms, CountyFormKind.SURPLUS, CHANGHUA, Stage.JUNIOR) is SURPLUS
    assert find_county_form(forms, kind, CHANGHUA, Stage.ELEMENTARY) is None
    assert find_county_form(forms, kind, CountyCode("17"), Stage.JUNIOR) is None
