"""故障回報: told to the centre until it has them (U-063)."""

from core.signature import SignatureType
from core.wire.chain import Head
from core.wire.document import sign_document
from core.wire.incident import Incident
from syncd.client import Refusal, SeenBeacon
from syncd.kit import Kit, Log
from syncd.store.incidents import StoredIncident

WRONG = 400


async def carry_incidents(kit: Kit, seen: SeenBeacon, log: Log) -> None:
    """Tell every one that is not told yet. One that is refused waits for the next beacon.

    Raises:
        LineError: No answer.
    """
    own = kit.store.ledger.head()
    if own is None:
        return
    for each in kit.store.incidents.open():
        refusal = await kit.client.incident(seen.beacon.dev, _signed(kit, own, seen, each))
        if refusal is not None:
            log.info("incident_refused", status=refusal.status, code=refusal.code)
        if refusal is None or _never(refusal):
            with kit.store.transaction():
                kit.store.incidents.sent(each, kit.clock())
        else:
            return


def _never(refusal: Refusal) -> bool:
    """Whether telling the same again is of no use: the centre cannot read it."""
    return refusal.status == WRONG


def _signed(kit: Kit, own: Head, seen: SeenBeacon, each: StoredIncident) -> bytes:
    told = Incident(
        dev=seen.beacon.dev,
        inc=own.inc,
        seq=own.seq,
        beacon=seen.id,
        number=each.number,
        t=each.wall_ms,
        state=each.state,
    )
    return sign_document(SignatureType.INCIDENT, told, kit.key)
