"""``/v1/certificates``: what the desk signed, brought back by those who hold it (PROTOCOL 2.12).

A server that begins anew from a backup does not know what was granted since. Certificates speak for
themselves; this only lets them in again.
"""

from aiohttp import web
from sqlalchemy import Connection, select

from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, decode, typed
from core.wire.document import open_document
from core.wire.fault import WireError
from core.wire.identity import CERTIFICATES_AT_ONCE, Certificate
from server.api.answers import ProblemError, read_body
from server.api.enrolment import install
from server.context import CONTEXT, Context
from server.keeping.resumption import rest
from server.store import identities
from server.store.tables import certificate

routes = web.RouteTableDef()
BODY_BYTES = 256 * 1024


@routes.post("/v1/certificates")
async def take_back(request: web.Request) -> web.Response:
    """``[[inc, certificate], …]``; those of machines say which incarnation they opened, others 0.

    ``{"added": n}``. Known ones, those that would open another incarnation than they say, and
    those our desk did not sign are passed over.
    """
    context = request.app[CONTEXT]
    data = await read_body(request, BODY_BYTES)
    shown = typed(decode(data, FILE_LIMITS), tuple[tuple[int, bytes], ...])
    if len(shown) > CERTIFICATES_AT_ONCE:
        raise ProblemError(413, "too_many")
    opened = [(inc, signed, _content(context, signed)) for inc, signed in shown]

    def add(connection: Connection) -> int:
        return sum(
            _add(connection, context, inc, signed, content)
            for inc, signed, content in opened
            if content is not None
        )

    return web.json_response({"added": await context.store.write(add)})


def _content(context: Context, signed: bytes) -> Certificate | None:
    """None when the desk of today did not sign it."""
    try:
        return open_document(SignatureType.CERTIFICATE, signed, Certificate, context.keys.enrol)
    except WireError:
        return None


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
