"""``/v1/enrol``, ``/v1/desk``: from a request to the county desk's answer (PROTOCOL 2.6)."""

from aiohttp import web
from sqlalchemy import Connection

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, Limits, encode, from_wire
from core.wire.document import open_document, split_document
from core.wire.fault import WireError
from core.wire.identity import Certificate, EnrolmentForm, Grant, SigningRequest
from server.api.answers import ProblemError, binary, hex_parameter, read_body, room_for_strangers
from server.api.statement import STATEMENT_BYTES, verified
from server.certification import install
from server.context import CONTEXT, Context
from server.limiter import Limiter, Rate, may_ask
from server.renewal import tell_again
from server.store import enrolments, identities
from server.store.enrolments import ID_BYTES, Enrolment, EnrolmentState

routes = web.RouteTableDef()
FORM_BYTES = 16 * 1024
GRANT_BYTES = 256 * 1024
GRANT_LIMITS = Limits(size=GRANT_BYTES, depth=2, items=1)  # three strings of bytes
LIST_AT_MOST = 200
PER_ADDRESS = Rate(burst=120, per_minute=30)
"""A county's schools may stand behind one address, all of them on the first day."""
IN_ALL = Rate(burst=2_000, per_minute=2_000)
PAUSE_S = 30
UNANSWERED_MS = 3_600_000
"""Requests that wait for longer give way when the list is full; who still waits asks anew."""
FORMS: web.AppKey[Limiter] = web.AppKey("forms", Limiter)


@routes.post("/v1/enrol")
async def ask(request: web.Request) -> web.Response:
    """Keep a request for a certificate; ``{"id": …}`` names it."""
    context = request.app[CONTEXT]
    if not may_ask(request.app[FORMS], request):
        raise ProblemError(429, "too_many_requests", PAUSE_S)
    data = await read_body(request, FORM_BYTES)
    name = await keep_form(context, data)
    if name is None:
        raise ProblemError(503, "requests_wait", context.config.limits.retry_after_s)
    return web.json_response({"id": name.hex()}, status=202)


async def keep_form(context: Context, data: bytes) -> bytes | None:
    """Keep a request for the desk, whichever way it came; its id, None while too many wait.

    Raises:
        WireError: Not a form.
        ProblemError: Not signed by the key it is for.
        StoreError: The database refused.
    """
    wanted = _request(from_wire(data, EnrolmentForm))
    now_ms, limit = context.now_ms(), context.config.limits.pending_enrolments

    def keep(connection: Connection) -> bytes | None:
        known = enrolments.find(connection, enrolments.enrolment_id(data))
        if (
            known is None
            and enrolments.pending_count(connection) >= limit
            and not enrolments.expire(connection, now_ms - UNANSWERED_MS)
        ):
            return None
        return enrolments.add(connection, data, wanted.subject, now_ms)

    return await context.store.write(keep)


@routes.get("/v1/enrol/{id}")
async def answer(request: web.Request) -> web.Response:
    """The grant, 202 while the desk has not decided, 403 when it refused."""
    context = request.app[CONTEXT]
    name = hex_parameter(request.match_info["id"], ID_BYTES)
    found = await context.store.read(lambda connection: enrolments.find(connection, name))
    if found is None:
        raise ProblemError(404, "request_unknown")
    match found.state:
        case EnrolmentState.PENDING:
            return web.json_response({"code": "pending"}, status=202)
        case EnrolmentState.REFUSED:
            raise ProblemError(403, "refused")
        case EnrolmentState.GRANTED:
            return binary(found.grant or b"")


@routes.post("/v1/desk")
async def give_pending(request: web.Request) -> web.Response:
    """Requests that wait, for the county desk: ``[[id, form], …]``."""
    context = request.app[CONTEXT]
    _admit_desk(context, await read_body(request, STATEMENT_BYTES))
    waiting = await context.store.read(
        lambda connection: enrolments.pending(connection, LIST_AT_MOST)
    )
    return binary(encode([list(each) for each in waiting], FILE_LIMITS))


@routes.post("/v1/enrol/{id}/grant")
async def grant(request: web.Request) -> web.Response:
    """The desk's certificate; it speaks for itself by the enrol key's signature."""
    context = request.app[CONTEXT]
    name = hex_parameter(request.match_info["id"], ID_BYTES)
    with room_for_strangers(request) as room:
        data = await read_body(request, GRANT_BYTES, room)
    granted = from_wire(data, Grant, GRANT_LIMITS)
    try:
        certificate = open_document(
            SignatureType.CERTIFICATE, granted.certificate, Certificate, context.keys.enrol
        )
    except WireError as error:
        raise ProblemError(403, error.code) from error

    def settle(connection: Connection) -> None:
        asked = _undecided(connection, name, data)
        if asked is None:
            return
        wanted = _request(from_wire(asked.form, EnrolmentForm))
        if (wanted.key, wanted.subject) != (certificate.key, certificate.subject):
            raise ProblemError(403, "other_request")
        added = install(connection, context, granted.certificate, certificate)
        if not added and not identities.is_certificate(connection, granted.certificate):
            raise ProblemError(409, "incarnation_taken")
        if added and certificate.inc not in {None, identities.FIRST_INCARNATION}:
            # The disk may be new, or older than what the machine sent before.
            tell_again(connection, certificate.id, context.now_ms(), context.keys.receipt)
        enrolments.decide(connection, name, data, context.now_ms())

    await context.store.write(settle)
    return web.json_response({"code": "granted"})


@routes.post("/v1/enrol/{id}/refuse")
async def refuse(request: web.Request) -> web.Response:
    """The desk says no. Each refusal needs a beacon of its own, so that none can be repeated."""
    context = request.app[CONTEXT]
    name = hex_parameter(request.match_info["id"], ID_BYTES)
    _admit_desk(context, await read_body(request, STATEMENT_BYTES), once=True)

    def settle(connection: Connection) -> None:
        asked = enrolments.find(connection, name)
        if asked is None:
            raise ProblemError(404, "request_unknown")
        if asked.state is EnrolmentState.GRANTED:
            raise ProblemError(409, "granted")
        enrolments.decide(connection, name, None, context.now_ms())

    await context.store.write(settle)
    return web.json_response({"code": "refused"})


def _request(form: EnrolmentForm) -> SigningRequest:
    """The request inside, signed by the key it carries.

    Raises:
        WireError: It is not.
    """
    body, _ = split_document(form.request)
    claimed = from_wire(body, SigningRequest)
    own = {key_id(claimed.key): claimed.key}
    return open_document(SignatureType.REQUEST, form.request, SigningRequest, own)


def _admit_desk(context: Context, data: bytes, *, once: bool = False) -> None:
    statement = verified(data, context.keys.enrol, "enrol")
    ask = context.beacons.spend if once else context.beacons.fresh
    if not ask(statement.dev, statement.beacon, context.now_ms()):
        raise ProblemError(404, "beacon_unknown")


def _undecided(connection: Connection, name: bytes, data: bytes) -> Enrolment | None:
    """The request, if the desk may still decide it; None when it did so with these very bytes."""
    asked = enrolments.find(connection, name)
    if asked is None:
        raise ProblemError(404, "request_unknown")
    if asked.state is EnrolmentState.PENDING:
        return asked
    if asked.grant == data:
        return None
    raise ProblemError(409, asked.state.value)
