"""Dates both languages write alike: figures without a year, and a year of 民國 before them."""

from datetime import date, datetime

from core.domain.roc import ROC_EPOCH, TAIPEI


def month_day(moment: datetime) -> str:
    """``4/28``, in Taipei."""
    local = moment.astimezone(TAIPEI)
    return f"{local.month}/{local.day}"


def short_minute(moment: datetime) -> str:
    """``4/28 17:00``, in Taipei."""
    return f"{month_day(moment)} {moment.astimezone(TAIPEI):%H:%M}"


def roc_figures(day: date) -> str:
    """``115/4/28``."""
    return f"{day.year - ROC_EPOCH}/{day.month}/{day.day}"


def find_lone_year(as_of: str) -> int | None:
    """The year of a source that names no day, ``2021``; of ``2023-12-18`` none."""
    return int(as_of) if as_of.isdecimal() else None
