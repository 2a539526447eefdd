"""What this machine's log says about the end of the season: the entry whose head is the 封箱碼."""

from datetime import UTC, datetime

from core.wire.chain import Link
from core.wire.client import Delivery
from kiosk.desk.equipment import Equipment
from kiosk.session.station import Seal, Sealed
from syncd.store.ledger import Ledger

OFFICERS_ACTS = ("officer.approve", "officer.return")
REACHED = frozenset({Delivery.DELIVERED, Delivery.BACKED_UP})


def read_seal(equipment: Equipment) -> Seal | None:
    """The closed log of the present season; None while it is open, or was opened again."""
    identity = equipment.store.identity.read()
    if identity is None:
        return None
    ledger = equipment.store.ledger
    closing, opening = ledger.newest("season.close"), ledger.newest("season.open")
    if closing is None or closing.event.body.get("season") != identity.season:
        return None
    if opening is not None and opening.event.seq > closing.event.seq:
        return None
    later = _last_act(ledger, closing.event.seq)
    return Seal(
        closing=_sealed(equipment, closing),
        later=None if later is None else _sealed(equipment, later),
    )


def _last_act(ledger: Ledger, after: int) -> Link | None:
    """Officers go on until their own deadline; what they sign after the close makes a new head."""
    acts = [link for kind in OFFICERS_ACTS if (link := ledger.newest(kind)) is not None]
    later = [link for link in acts if link.event.seq > after]
    return max(later, key=lambda link: link.event.seq, default=None)


def _sealed(equipment: Equipment, link: Link) -> Sealed:
    return Sealed(
        hash=link.hash,
        at=datetime.fromtimestamp(link.event.t / 1000, UTC),
        witnessed=equipment.store.outbox.delivery(link.event.seq) in REACHED,
    )
