"""故障回報: a number people read out, and the machine's state under it in the audit (U-063).

PROTOCOL 2.3 has no kind of event for it, so it stays on this machine: the number is told to whoever
mends, and ``jiepin syncd status`` lists what stands behind it.
"""

from datetime import datetime

from kiosk.desk.equipment import Equipment
from kiosk.session.answer import IncidentReported
from kiosk.session.effect import ReportIncident
from syncd.store.audit import AuditCode

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 of them, without those that are taken for another."""
LENGTH = 6


def report_incident(
    equipment: Equipment, effect: ReportIncident, now: datetime
) -> IncidentReported:
    """Write it down; the number means nothing anywhere else."""
    number = "".join(LETTERS[each % len(LETTERS)] for each in equipment.random_bytes(LENGTH))
    detail = f"{number} {effect.state}"
    with equipment.store.transaction():
        equipment.store.audit.add(
            AuditCode.INCIDENT_REPORTED, equipment.clock.moment(), detail=detail
        )
    return IncidentReported(ticket=effect.ticket, at=now, number=number)
