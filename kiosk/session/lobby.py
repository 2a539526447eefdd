"""What can be done at the idle screen without a card: practise, look schools up (U-062)."""

from dataclasses import replace

from core.domain.school import Stage
from kiosk.session import mending, practice
from kiosk.session.event import Event
from kiosk.session.gesture import (
    Ended,
    IncidentAsked,
    KeywordTyped,
    PracticeAsked,
    SchoolsAsked,
    SchoolsNarrowed,
    WentBack,
)
from kiosk.session.state import Idle, Incident, Searching, Session, Trouble
from kiosk.session.turn import Step, show, stay

KEYWORD_AT_MOST = 40


def walked(session: Session, scene: Idle | Trouble | Searching | Incident, event: Event) -> Step:  # noqa: PLR0911 - a table
    """One step of somebody nobody knows."""
    match scene, event:
        case Idle(), PracticeAsked():
            return practice.begin(session)
        case Idle(), SchoolsAsked():
            return _search(session)
        case ((Idle() | Trouble()), IncidentAsked()):
            return mending.report(session)
        case ((Searching() | Incident()), WentBack() | Ended()):
            return show(session, Idle())
        case Searching(), KeywordTyped(text=text):
            return show(session, replace(scene, keyword=text[:KEYWORD_AT_MOST]))
        case Searching(), SchoolsNarrowed(stage=stage, county=county):
            return show(session, replace(scene, stage=stage, county=county))
        case _:
            return stay(session)


def _search(session: Session) -> Step:
    """The lists, from the stage of this school on; nothing to show before they arrived."""
    station = session.station
    if station.reference is None:
        return stay(session)
    stage = Stage.ELEMENTARY if station.school is None else station.school.stage
    return show(session, Searching(since=session.at, stage=stage))
