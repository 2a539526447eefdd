"""The next trust document: which keys of the centre count (PROTOCOL 2.8a)."""

from core.wire.fault import WireError
from core.wire.reference import Trust, check_trust
from syncd.client import Refusal
from syncd.kit import ChoreError, Kit
from syncd.store.audit import AuditCode


async def renew_trust(kit: Kit, trust: Trust) -> Trust:
    """The newest trust that follows from ``trust`` step by step, stored.

    The same one when there is none.

    Raises:
        ChoreError: What the server offers does not follow.
        LineError: No answer.
    """
    while True:
        offered = await kit.client.trust(trust.v + 1)
        identity = kit.store.identity.read()
        if isinstance(offered, Refusal) or identity is None or offered == identity.trust:
            return trust
        try:
            trust = check_trust(trust, offered)
        except WireError as error:
            kit.store.audit.add(AuditCode.TRUST_REFUSED, kit.clock(), detail=error.code)
            raise ChoreError("trust_refused") from error
        with kit.store.transaction():
            kit.store.identity.renew_trust(offered)
            kit.store.audit.add(AuditCode.TRUST_RENEWED, kit.clock(), detail=str(trust.v))
