"""Dates on Chinese screens with a year, in one form: 民國 first, the western one beside it."""

from datetime import date, datetime

from core.domain.roc import ROC_EPOCH, TAIPEI, format_roc
from kiosk.text.dates import find_lone_year, roc_figures


def full_day(day: date) -> str:
    """``115/4/28(二)（2026）``; with a minute it is `core.domain.roc.format_roc_deadline`."""
    return f"{format_roc(day)}（{day.year}）"


def full_second(moment: datetime) -> str:
    """``115/4/28(二) 17:00:05（2026）``, in Taipei."""
    local = moment.astimezone(TAIPEI)
    return f"{format_roc(local.date())} {local:%H:%M:%S}（{local.year}）"


def stamp(as_of: str) -> str:
    """``112/12/18（2023）`` of a day, ``110 年（2021）`` of a year: how old a source is."""
    year = find_lone_year(as_of)
    if year is not None:
        return f"{year - ROC_EPOCH} 年（{year}）"
    day = date.fromisoformat(as_of)
    return f"{roc_figures(day)}（{day.year}）"
