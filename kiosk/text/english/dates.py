"""Dates on English screens with a year, in one form: 民國 first, the western one beside it."""

from datetime import date, datetime

from core.domain.roc import ROC_EPOCH, TAIPEI
from kiosk.text.dates import find_lone_year, roc_figures

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def weekday(day: date) -> str:
    """``Tue``."""
    return _WEEKDAYS[day.weekday()]


def bare_day(day: date) -> str:
    """``115/4/28 Tue``, where there is no room for the western year."""
    return f"{roc_figures(day)} {weekday(day)}"


def full_day(day: date) -> str:
    """``115/4/28 Tue (2026)``."""
    return f"{bare_day(day)} ({day.year})"


def full_minute(moment: datetime) -> str:
    """``115/4/28 Tue 17:00 (2026)``, in Taipei."""
    local = moment.astimezone(TAIPEI)
    return f"{bare_day(local.date())} {local:%H:%M} ({local.year})"


def full_second(moment: datetime) -> str:
    """``115/4/28 Tue 17:00:05 (2026)``, in Taipei."""
    local = moment.astimezone(TAIPEI)
    return f"{bare_day(local.date())} {local:%H:%M:%S} ({local.year})"


def stamp(as_of: str) -> str:
    """``112/12/18 (2023)`` of a day, ``110 (2021)`` of a year: how old a source is."""
    year = find_lone_year(as_of)
    if year is not None:
        return f"{year - ROC_EPOCH} ({year})"
    day = date.fromisoformat(as_of)
    return f"{roc_figures(day)} ({day.year})"
