"""Dates as people here write them: 民國 years, the weekday computed.

Inside the program dates are `date` and times are aware.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")
"""Fixed: there has been no daylight saving since 1979, and deadlines are law in this zone."""

ROC_EPOCH = 1911
ROC_YEARS = range(1, 151)
WESTERN_YEARS = range(1901, 10000)
WEEKDAYS = "一二三四五六日"

_SEPARATED = re.compile(
    r"(?P<era>民國|西元|公元)?(?P<year>\d{1,4})(?:年|[/.\-])(?P<month>\d{1,2})(?:月|[/.\-])(?P<day>\d{1,2})日?",
    re.ASCII,
)
_RUN_TOGETHER = re.compile(
    r"(?P<era>民國|西元|公元)?(?P<year>\d{2,4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII
)
_CARD = re.compile(r"(?P<year>\d{3})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)


def parse_date(text: str) -> date:
    """Read ``75/4/28``, ``0750428``, ``民國75年4月28日`` or ``1986-04-28``, full width too.

    A year from 1 to 150 is 民國, above 1900 western; whoever calls shows what was understood.

    Raises:
        ValueError: ``date_empty``, ``date_form``, ``date_year`` (could be either era) or
            ``date_day`` (no such day).
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if not plain:
        raise ValueError("date_empty")
    match = _SEPARATED.fullmatch(plain) or _RUN_TOGETHER.fullmatch(plain)
    if match is None:
        raise ValueError("date_form")
    return _date(
        _western_year(int(match["year"]), match["era"]), int(match["month"]), int(match["day"])
    )


def parse_card_date(text: str) -> date:
    """Read the seven digits YYYMMDD of a health card; the year is always 民國.

    Raises:
        ValueError: As `parse_date`.
    """
    match = _CARD.fullmatch(text)
    if match is None:
        raise ValueError("date_form")
    return _date(_western_year(int(match["year"]), "民國"), int(match["month"]), int(match["day"]))


def format_roc(day: date) -> str:
    """The day as ``115/4/28(二)``.

    Raises:
        ValueError: ``date_year``; the day lies before 民國 1.
    """
    year = day.year - ROC_EPOCH
    if year < 1:
        raise ValueError("date_year")
    return f"{year}/{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"


def format_roc_minute(moment: datetime) -> str:
    """The minute in Taipei as ``115/4/28(二) 17:00``; ``moment`` is aware, in any zone.

    Raises:
        ValueError: ``time_zone`` when naive, otherwise as `format_roc`.
    """
    local = _local(moment)
    return f"{format_roc(local.date())} {local:%H:%M}"


def format_roc_deadline(moment: datetime) -> str:
    """As `format_roc_minute` with the western year behind it: ``115/4/28(二) 17:00（2026）``."""
    return f"{format_roc_minute(moment)}（{_local(moment).year}）"


def format_card_date(day: date) -> str:
    """The seven digits a health card carries for this day."""
    return f"{day.year - ROC_EPOCH:03}{day:%m%d}"


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("time_zone")
    return moment.astimezone(TAIPEI)


def _western_year(year: int, era: str | None) -> int:
    if era in {None, "民國"} and year in ROC_YEARS:
        return year + ROC_EPOCH
    if era != "民國" and year in WESTERN_YEARS:
        return year
    raise ValueError("date_year")


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError("date_day") from error
