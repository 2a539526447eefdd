"""A server that begins anew from a backup is shown the certificates it may have forgotten.

They speak for themselves by the enrol key's signature, so whoever holds them may bring them
(PROTOCOL 2.12).
"""

from core.wire.chain import Head
from core.wire.identity import CERTIFICATES_AT_ONCE, certificate_hash
from syncd.carrying import Carrier, carry_all, missing_of_older
from syncd.kit import ChoreError, Kit, Log
from syncd.store.identity import Identity


def is_forgotten(identity: Identity, server: Head) -> bool:
    """Whether the server does not know the machine's current certificate."""
    if server.inc == identity.inc and server.seq == 0:
        return server.hash != certificate_hash(identity.certificate)
    return server.inc < identity.inc


async def present_certificates(kit: Kit, identity: Identity, server: Head, log: Log) -> None:
    """Show the machine's certificates and those of the officers known here.

    Those of earlier incarnations, too: entries carried from them are verified with these, and a
    copy of the disk that still lives in one could else not hand in its evidence.

    What the server lost of older incarnations is carried into the current one first: afterwards
    it would not tell any more. A stopped log takes nothing in; its certificate is shown all the
    same, or the server would not take its evidence.

    Raises:
        LineError: No answer.
        ChoreError: The server does not want them.
        StoreError: It could not be stored.
    """
    writing = kit.store.link_state.read().client.may_write
    if writing and server.inc < identity.inc and identity.inc > 1:
        with kit.store.transaction():
            missing = missing_of_older(kit.store, identity.inc, server)
            carry_all(missing, Carrier(kit.store, kit.clock, kit.key, log).carry)
        log.info("entries_carried", count=len(missing))
    known = [*kit.store.identity.certificates()]
    known += [officer.document for officer in kit.store.officers.all()]
    for start in range(0, len(known), CERTIFICATES_AT_ONCE):
        refusal = await kit.client.present(known[start : start + CERTIFICATES_AT_ONCE])
        if refusal is not None:
            raise ChoreError(f"certificates_{refusal.status}")
