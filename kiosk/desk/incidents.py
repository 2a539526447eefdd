"""故障回報: a number people read out, and the machine's state under it in the audit (U-063).

The daemon tells the centre as soon as there is a line; ``jiepin syncd status`` lists them here.
"""

from datetime import datetime

from core.wire.incident import LETTERS, NUMBER_LETTERS, listed
from kiosk.desk.equipment import Equipment
from kiosk.session.answer import IncidentReported
from kiosk.session.effect import ReportIncident
from syncd.store.audit import AuditCode


def report_incident(
    equipment: Equipment, effect: ReportIncident, now: datetime
) -> IncidentReported:
    """Write it down; the number means nothing anywhere else."""
    chance = equipment.random_bytes(NUMBER_LETTERS)
    number = "".join(LETTERS[each % len(LETTERS)] for each in chance)
    detail = f"{number} {effect.state}"
    with equipment.store.transaction():
        moment = equipment.clock.moment()
        equipment.store.audit.add(AuditCode.INCIDENT_REPORTED, moment, detail=detail)
        equipment.store.incidents.add(number, listed(effect.state), moment)
    return IncidentReported(ticket=effect.ticket, at=now, number=number)
