"""How days stand on the screens (UX, U-036): 民國 first, the western year beside it."""

import re
from datetime import UTC, date, datetime

import pytest

from kiosk.text.catalogue import LANGUAGES
from kiosk.text.dates import month_day, short_minute
from kiosk.text.english import dates as english
from kiosk.text.zh_hant_tw import dates as chinese
from tests.kiosk.screens.accepted import FOLDER, read

TUESDAY = date(2026, 4, 28)
HALF_PAST_MIDNIGHT = datetime(2026, 4, 27, 16, 30, 5, tzinfo=UTC)
"""In Taipei it is Tuesday the 28th already."""
ZH, EN = LANGUAGES["zh"], LANGUAGES["en"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (month_day(HALF_PAST_MIDNIGHT), "4/28"),
        (short_minute(HALF_PAST_MIDNIGHT), "4/28 00:30"),
        (english.weekday(TUESDAY), "Tue"),
        (english.bare_day(TUESDAY), "115/4/28 Tue"),
        (english.full_day(TUESDAY), "115/4/28 Tue (2026)"),
        (english.full_minute(HALF_PAST_MIDNIGHT), "115/4/28 Tue 00:30 (2026)"),
        (english.full_second(HALF_PAST_MIDNIGHT), "115/4/28 Tue 00:30:05 (2026)"),
        (chinese.full_day(TUESDAY), "115/4/28(二)（2026）"),
        (chinese.full_second(HALF_PAST_MIDNIGHT), "115/4/28(二) 00:30:05（2026）"),
    ],
)
def test_a_date_has_one_form_in_a_language(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    ("as_of", "zh", "en"),
    [
        ("2023-12-18", "112/12/18（2023）", "112/12/18 (2023)"),
        ("2021", "110 年（2021）", "110 (2021)"),
    ],
)
def test_a_source_is_as_old_as_its_day_or_its_year(as_of, zh, en):
    assert chinese.stamp(as_of) == zh
    assert english.stamp(as_of) == en


@pytest.mark.parametrize(
    ("zh", "en", "expected_zh", "expected_en"),
    [
        (
            ZH.deadline_line(HALF_PAST_MIDNIGHT, ""),
            EN.deadline_line(HALF_PAST_MIDNIGHT, ""),
            "115/4/28(二) 00:30（2026）",
            "115/4/28 Tue 00:30 (2026)",
        ),
        (
            ZH.season_dates(HALF_PAST_MIDNIGHT),
            EN.season_dates(HALF_PAST_MIDNIGHT),
            "民國 115 年（2026）",
            "115 (2026)",
        ),
        (ZH.full_birth(1986, 4, 8), EN.full_birth(1986, 4, 8), "民國 75 年 4 月 8 日（1986）",
         "75/4/8 (1986)"),
        (ZH.hidden_birth(1986), EN.hidden_birth(1986), "民國 75 年 ** 月 ** 日（1986）",
         "75/**/** (1986)"),
    ],
)  # fmt: skip
def test_a_date_with_a_year_has_both(zh, en, expected_zh, expected_en):
    assert expected_zh in zh
    assert expected_en in en


def test_a_calendar_that_has_not_come_has_no_year():
    assert not re.search(r"\d", ZH.season_dates(None) + EN.season_dates(None))


def test_no_screen_writes_a_date_in_another_form():
    """Neither ISO nor figures filled up with noughts, in whatever language."""
    other = re.compile(r"\d{4}-\d\d-(\d\d|\*\*)|(?<![\d/])0\d/\d\d?(?![\d/])|/0\d(?![\d/])")
    found = {
        (path.stem, shown, row.strip())
        for path in FOLDER.glob("*.txt")
        for shown, (rows, _) in read(path.stem).items()
        for row in rows
        if other.search(row)
    }

    assert found == set()
