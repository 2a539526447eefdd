"""``POST /v1/incident/{dev}``: what somebody said is wrong with a machine (U-063)."""

from aiohttp import web

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import open_document, split_document
from core.wire.fault import WireError
from core.wire.incident import INCIDENT_BYTES, Incident
from server.api.answers import ProblemError, hex_parameter, read_body
from server.api.inbox import admitted
from server.context import CONTEXT
from server.store.incidents import keep_incident

routes = web.RouteTableDef()
LATER_S = 600


@routes.post("/v1/incident/{dev}")
async def take_incident(request: web.Request) -> web.Response:
    """202 once it is kept, the first time and each time after."""
    context = request.app[CONTEXT]
    dev = hex_parameter(request.match_info["dev"], 16)
    data = await read_body(request, INCIDENT_BYTES)
    told = _claimed(data)
    if told.dev != dev:
        raise ProblemError(403, "other_device")
    identity = await context.store.read(
        lambda connection: admitted(connection, context, dev, told.inc)
    )
    key = identity.key_at(told.seq + 1)
    try:
        open_document(SignatureType.INCIDENT, data, Incident, {key_id(key): key})
    except WireError as error:
        raise ProblemError(403, error.code) from error
    now_ms = context.now_ms()
    if not context.beacons.fresh(dev, told.beacon, now_ms):
        raise ProblemError(404, "beacon_unknown")  # 404 means: fetch a beacon and ask again
    if not await context.store.write(lambda connection: keep_incident(connection, told, now_ms)):
        raise ProblemError(429, "too_often", LATER_S)
    return web.json_response({"number": told.number}, status=202)


def _claimed(data: bytes) -> Incident:
    """What it says, not verified yet.

    Raises:
        ProblemError: 400 when it is none, or says something that is not on the list.
    """
    try:
        told = from_wire(split_document(data)[0], Incident, FILE_LIMITS)
    except WireError as error:
        raise ProblemError(400, error.code) from error
    if not told.whole:
        raise ProblemError(400, "incident")
    return told
