"""The machine looks after its reader: it restarts the card service before people are called.

And one place to say that something is wrong (U-002, U-063): a number and the machine's state,
nobody's data.
"""

from dataclasses import replace
from datetime import timedelta

from kiosk.session.answer import DeskFailed, IncidentReported, ReaderMended
from kiosk.session.effect import MendReader, ReportIncident
from kiosk.session.state import Incident, Session, Trouble
from kiosk.session.station import Mending, Repair, Service
from kiosk.session.turn import Step, next_ticket, show, stay

AGAIN = timedelta(seconds=60)
TRIES = 3
HOPELESS = frozenset({Mending.NOT_ALLOWED, Mending.ABSENT})
"""Trying again would end the same way."""


def looked_after(turn: Step) -> Step:
    """The step, and a restart of the card service where it is due: three tries, a minute apart."""
    session = turn.session
    reader = session.reader
    if reader.service is not Service.FAILED:
        return turn
    tried = reader.repair
    if tried is not None and (
        tried.tries >= TRIES or tried.outcome in HOPELESS or session.at - tried.at < AGAIN
    ):
        return turn
    session, ticket = next_ticket(session)
    repair = Repair(tries=1 if tried is None else tried.tries + 1, at=session.at, ticket=ticket)
    session = replace(session, reader=replace(session.reader, repair=repair))
    return Step(session, (*turn.effects, MendReader(ticket=ticket)))


def mended(session: Session, answer: ReaderMended) -> Step:
    """What became of the restart; whether it helped is told by the reader itself."""
    repair = session.reader.repair
    if repair is None or repair.ticket != answer.ticket:
        return stay(session)
    told = replace(repair, outcome=answer.outcome)
    return Step(replace(session, reader=replace(session.reader, repair=told)))


def report(session: Session) -> Step:
    """故障回報: from the idle screen, or from a card that leads nowhere."""
    session, ticket = next_ticket(session)
    scene = Incident(since=session.at, waiting=ticket)
    return show(session, scene, ReportIncident(ticket=ticket, state=state_of(session)))


def reported(session: Session, scene: Incident, answer: IncidentReported | DeskFailed) -> Step:
    """The number to read out; or that not even this could be written."""
    if scene.waiting != answer.ticket:
        return stay(session)
    if isinstance(answer, DeskFailed):
        return show(session, replace(scene, fault=answer.code, waiting=None))
    return show(session, replace(scene, number=answer.number, waiting=None))


def state_of(session: Session) -> str:
    """The machine as codes and numbers, for whoever mends it; nothing of a person is in it."""
    station, reader = session.station, session.reader
    trouble = session.scene.code.value if isinstance(session.scene, Trouble) else ""
    repair = reader.repair
    facts = {
        "service": reader.service.value,
        "device": reader.device.value,
        "readers": str(len(reader.names)),
        "repair": "" if repair is None else f"{repair.tries}{repair.outcome or ''}",
        "card": trouble,
        "link": station.link.name.value,
        "attention": station.link.attention or "",
        "pending": str(station.link.pending),
        "drafts": str(len(session.pending)),
        "software": station.software,
    }
    return " ".join(f"{name}={value}" for name, value in facts.items() if value)
