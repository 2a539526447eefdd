# ruff: noqa: RUF001 - full-width input is what is tested
"""Dates, points and contacts as people type them (UX 4.6)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.contact import parse_email, parse_phone
from core.domain.points import ZERO, Points
from core.domain.roc import (
    format_card_date,
    format_roc,
    format_roc_deadline,
    format_roc_minute,
    parse_card_date,
    parse_date,
)

BIRTHDAY = date(1986, 4, 28)


@pytest.mark.parametrize(
    "text",
    [
        "75/4/28",
        "075/04/28",
        "0750428",
        "750428",
        "民國75年4月28日",
        "民國 75 年 4 月 28 日",
        "1986-04-28",
        "1986.4.28",
        "19860428",
        "西元1986年4月28日",
        "７５／４／２８",
    ],
)
def test_every_usual_way_to_write_a_day_is_understood(text):
    assert parse_date(text) == BIRTHDAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_empty"),
        ("  ", "date_empty"),
        ("yesterday", "date_form"),
        ("75-4", "date_form"),
        ("0/4/28", "date_year"),
        ("151/4/28", "date_year"),
        ("1900/4/28", "date_year"),
        ("民國1986年4月28日", "date_year"),
        ("75/2/30", "date_day"),
        ("75/13/1", "date_day"),
    ],
)
def test_what_could_be_two_days_or_none_is_asked_again(text, code):
    with pytest.raises(ValueError, match=code):
        parse_date(text)


@given(st.dates(min_value=date(1912, 1, 1), max_value=date(2060, 12, 31)))
def test_a_printed_day_reads_back(day):
    assert parse_date(format_roc(day).partition("(")[0]) == day
    assert parse_card_date(format_card_date(day)) == day


def test_the_weekday_is_computed():
    assert format_roc(date(2026, 4, 28)) == "115/4/28(二)"


def test_days_before_the_republic_are_not_printed_in_its_years():
    with pytest.raises(ValueError, match="date_year"):
        format_roc(date(1911, 12, 31))


def test_a_card_date_is_always_of_the_republic():
    assert parse_card_date("1150101") == date(2026, 1, 1)
    with pytest.raises(ValueError, match="date_form"):
        parse_card_date("75/4/28")


def test_a_minute_is_shown_in_taipei_whatever_zone_it_came_in():
    moment = datetime(2026, 4, 28, 9, 0, tzinfo=UTC)
    chatham = moment.astimezone(timezone(timedelta(hours=12, minutes=45)))

    assert format_roc_minute(moment) == format_roc_minute(chatham) == "115/4/28(二) 17:00"
    assert format_roc_deadline(moment) == "115/4/28(二) 17:00（2026）"
    with pytest.raises(ValueError, match="time_zone"):
        format_roc_minute(moment.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "hundredths", "printed"),
    [
        ("35", 3500, "35.0"),
        ("35.5", 3550, "35.5"),
        ("35.25", 3525, "35.25"),
        ("-1", -100, "-1.0"),
        ("−0.5", -50, "-0.5"),
        (" ３５．５ ", 3550, "35.5"),
        ("+2.05", 205, "2.05"),
    ],
)
def test_points_are_exact(text, hundredths, printed):
    points = Points.from_text(text)

    assert points.hundredths == hundredths
    assert str(points) == printed


@pytest.mark.parametrize("text", ["", "a", "1.234", "1e3", "1.", "12345678"])
def test_points_are_never_rounded_or_guessed(text):
    with pytest.raises(ValueError, match="points_form"):
        Points.from_text(text)


def test_points_add_up():
    one, two = Points(150), Points(25)

    assert Points.total([one, two]) == one + two == Points(175)
    assert one - two == Points(125)
    assert -one == one * -1
    assert Points.total([]) == ZERO < two < one


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("07-1234567#89", "07-1234567#89"),
        ("(02) 2345-6789", "02-23456789"),
        ("0912345678", "0912345678"),
        ("+886 912 345 678", "0912345678"),
        ("０９１２－３４５－６７８", "0912345678"),
        ("07-1234567 分機 89", "07-1234567#89"),
    ],
)
def test_telephone_numbers_are_printed_in_one_way(text, printed):
    assert parse_phone(text) == printed


@pytest.mark.parametrize(
    "text",
    ["", "07-123456", "12345", "0912-34", "abc", "+1 202 555 0100", "24(-+2 --", "+(999) 1234567"],
)
def test_numbers_that_ring_nowhere_are_refused(text):
    with pytest.raises(ValueError, match="phone_wrong"):
        parse_phone(text)


@pytest.mark.parametrize(
    "text", ["name@example.tw", " a.b+c@mail.example.com.tw ", "ａ@example.tw"]
)
def test_mail_addresses_are_trimmed_and_kept(text):
    assert "@" in parse_email(text)
    assert parse_email(parse_email(text)) == parse_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name@",
        "@example.tw",
        "a b@example.tw",
        "a@example",
        "a@127.0.0.1",
        "a..b@x.tw",
        "x" * 65 + "@example.tw",
        "a@" + "b" * 250 + ".tw",
    ],
)
def test_addresses_no_mail_can_reach_are_refused(text):
    with pytest.raises(ValueError, match="email_wrong"):
        parse_email(text)
