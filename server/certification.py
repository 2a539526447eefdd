"""What the desk certified comes into service: granted, or brought back by those who hold it.

A server that begins anew from a backup does not know what was granted since. Certificates speak for
themselves; this only lets them in again, each into the incarnation it names.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from sqlalchemy import Connection, select

from core.signature import SignatureType
from core.wire.document import open_document
from core.wire.fault import WireError
from core.wire.identity import Certificate, certificate_hash
from server.context import Context
from server.directory import Directory
from server.judging import judge_carried
from server.keeping.resumption import rest
from server.notices import Stamp, announce
from server.store import identities
from server.store.tables import certificate
from server.views.fold import judge_waiting

Opened = tuple[bytes, Certificate]


def install(connection: Connection, context: Context, signed: bytes, content: Certificate) -> bool:
    """Let a verified certificate into service; False: it, or another one in its place, is known."""
    now_ms = context.now_ms()
    if not identities.add_certificate(connection, signed, content, now_ms):
        return False
    directory, stamp = Directory(), Stamp(now_ms=now_ms, key=context.keys.receipt)  # uncommitted
    if content.subject == "officer":
        announce(connection, judge_waiting(connection, [content.id], directory), {}, stamp)
    elif content.inc is not None:
        judge_carried(connection, content.id, content.inc, directory, stamp)
    return True


async def readmit(context: Context, shown: Sequence[bytes]) -> int:
    """Certificates on the line or on a stick: how many were new (PROTOCOL 2.12).

    Those our desk did not sign, and those of a log that is open, are not.

    Raises:
        BusyError: More waits for the writer than it takes.
        StoreError: The database refused.
    """
    names = {signed: _fingerprint(signed) for signed in shown}
    known = await context.store.read(lambda connection: _known(connection, names.values()))
    strange = [signed for signed, name in names.items() if name not in known]
    opened = await asyncio.to_thread(_verified, context, strange)
    if not opened:
        return 0

    def add(connection: Connection) -> int:
        return sum(_add(connection, context, *each) for each in opened)

    return await context.store.write(add)


def _known(connection: Connection, names: Iterable[bytes]) -> frozenset[bytes]:
    found = select(certificate.c.hash).where(certificate.c.hash.in_(set(names)))
    return frozenset(connection.execute(found).scalars())


def _fingerprint(signed: bytes) -> bytes:
    """Empty for what is no certificate: nothing is known by that name."""
    try:
        return certificate_hash(signed)
    except WireError:
        return b""


def _verified(context: Context, shown: Sequence[bytes]) -> tuple[Opened, ...]:
    """Those our desk of today signed; off the loop, since anybody may ask."""
    found = []
    for signed in shown:
        with suppress(WireError):
            content = open_document(
                SignatureType.CERTIFICATE, signed, Certificate, context.keys.enrol
            )
            found.append((signed, content))
    return tuple(found)


def _add(connection: Connection, context: Context, signed: bytes, content: Certificate) -> bool:
    added = install(connection, context, signed, content)
    if added and content.subject == "device":
        rest(connection, content.id)
    return added
