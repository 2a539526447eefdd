"""``/v1/certificates``: what the desk signed, brought back by those who hold it (PROTOCOL 2.12).

A server that begins anew from a backup does not know what was granted since. Certificates speak for
themselves; this only lets them in again.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from aiohttp import web
from sqlalchemy import Connection, select

from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, decode, typed
from core.wire.document import open_document
from core.wire.fault import WireError
from core.wire.identity import CERTIFICATES_AT_ONCE, Certificate, certificate_hash
from server.api.answers import ProblemError, read_body, room_for
from server.api.enrolment import install
from server.context import CONTEXT, Context
from server.keeping.resumption import rest
from server.store import identities
from server.store.tables import certificate

Shown = tuple[int, bytes]
Opened = tuple[int, bytes, Certificate]
routes = web.RouteTableDef()
BODY_BYTES = 256 * 1024


@routes.post("/v1/certificates")
async def take_back(request: web.Request) -> web.Response:
    """``[[inc, certificate], …]``; those of machines say which incarnation they opened, others 0.

    ``{"added": n}``. Known ones, those that would open another incarnation than they say, and
    those our desk did not sign are passed over.
    """
    context = request.app[CONTEXT]
    with room_for(context) as room:
        data = await read_body(request, BODY_BYTES, room)
    shown = typed(decode(data, FILE_LIMITS), tuple[Shown, ...])
    if len(shown) > CERTIFICATES_AT_ONCE:
        raise ProblemError(413, "too_many")
    names = {signed: _fingerprint(signed) for _, signed in shown}
    known = await context.store.read(lambda connection: _known(connection, names.values()))
    strange = [each for each in shown if names[each[1]] not in known]
    opened = await asyncio.to_thread(_verified, context, strange)
    if not opened:
        return web.json_response({"added": 0})

    def add(connection: Connection) -> int:
        return sum(_add(connection, context, *each) for each in opened)

    return web.json_response({"added": await context.store.write(add)})


def _known(connection: Connection, names: Iterable[bytes]) -> frozenset[bytes]:
    found = select(certificate.c.hash).where(certificate.c.hash.in_(set(names)))
    return frozenset(connection.execute(found).scalars())


def _fingerprint(signed: bytes) -> bytes:
    """Empty for what is no certificate: nothing is known by that name."""
    try:
        return certificate_hash(signed)
    except WireError:
        return b""


def _verified(context: Context, shown: Sequence[Shown]) -> tuple[Opened, ...]:
    """Those our desk of today signed; off the loop, since anybody may ask."""
    found = []
    for inc, signed in shown:
        with suppress(WireError):
            content = open_document(
                SignatureType.CERTIFICATE, signed, Certificate, context.keys.enrol
            )
            found.append((inc, signed, content))
    return tuple(found)


def _add(
    connection: Connection, context: Context, inc: int, signed: bytes, content: Certificate
) -> bool:
    if content.subject == "device":
        newest = identities.incarnation_of(connection, content.id) or 0
        if inc != newest + 1 or content.serial <= _newest_serial(connection, content.id):
            return False
    added = install(connection, context, signed, content)
    if added and content.subject == "device" and inc == 1:
        rest(connection, content.id)
    return added


def _newest_serial(connection: Connection, holder: bytes) -> int:
    """A certificate older than the one in service never comes back."""
    serials = select(certificate.c.serial).where(certificate.c.id == holder)
    return max(connection.execute(serials).scalars(), default=0)
