"""The control list's grounds: data with a source, and how long each holds."""

from datetime import date

import pytest

from core.rules.barred import find_ground, load_grounds
from core.rules.county_review import load_county_settings, settings_of
from tests.core.rules.test_tables import text_of

GROUNDS = load_grounds(text_of("barred.toml"))
SETTINGS = load_county_settings(text_of("county_review.toml"))
ROW = """
[[ground]]
code = "{code}"
name = "{name}"
law = "法"
article = "第一條"
source = "s"
place = "p"
as_of = "2026-01-01"
checked_on = "2026-01-01"
example = true
"""
COUNTY = """
[[county]]
code = "{code}"
supplement = true
originals_only = true
source = "s"
place = "p"
as_of = "2026-01-01"
checked_on = "2026-01-01"
example = true
"""


@pytest.mark.parametrize(
    ("word", "ends"),
    [
        ("未報到", date(2030, 8, 1)),
        ("renounced", date(2030, 8, 1)),
        ("薦送主任", date(2023, 8, 1)),
        ("公費生", None),
        ("selection", None),
    ],
)
def test_each_ground_holds_as_long_as_its_rule_says(word, ends):
    ground = find_ground(word, GROUNDS)

    assert ground.ends(date(2020, 8, 1)) == ends


def test_a_bar_of_ten_years_from_the_29_february_ends_after_the_28th():
    assert find_ground("未報到", GROUNDS).ends(date(2024, 2, 29)) == date(2034, 3, 1)


def test_what_one_county_says_is_marked_and_the_law_is_cited():
    assert find_ground("未報到", GROUNDS).clause.endswith("第十一條")
    assert {each.code for each in GROUNDS if not each.example} == {"not_reported", "renounced"}
    assert find_ground("no such ground", GROUNDS) is None


@pytest.mark.parametrize(
    "text",
    [
        ROW.format(code="a", name="甲") + ROW.format(code="a", name="乙"),
        ROW.format(code="a", name="甲") + ROW.format(code="b", name="甲"),
    ],
)
def test_two_grounds_never_share_a_name(text):
    with pytest.raises(ValueError, match="two grounds"):
        load_grounds(text)


def test_a_county_has_its_own_settings_or_those_of_every_other():
    keelung, changhua, other = (settings_of(code, SETTINGS) for code in ("17", "07", "13"))

    assert (keelung.supplement, keelung.originals_only, keelung.example) == (False, True, False)
    assert (changhua.supplement, changhua.originals_only) == (True, False)
    assert (other.code, other.example) == ("*", True)


@pytest.mark.parametrize(
    "text",
    [COUNTY.format(code="13"), COUNTY.format(code="*") * 2],
)
def test_settings_that_leave_a_county_without_a_row_or_with_two_are_refused(text):
    with pytest.raises(ValueError, match="a county has two rows"):
        load_county_settings(text)
