"""``POST /v1/incident/{dev}``: what somebody said is wrong with a machine (U-063)."""

from aiohttp import web

from core.signature import SignatureType
from core.wire.incident import INCIDENT_BYTES, Incident
from server.api.answers import ProblemError, hex_parameter, read_body
from server.api.statement import believe, claimed, opened
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
    told = claimed(data, Incident)
    if not told.whole:
        raise ProblemError(400, "incident")
    await believe(
        context, dev, told, lambda keys: opened(SignatureType.INCIDENT, data, Incident, keys)
    )
    now_ms = context.now_ms()
    if not await context.store.write(lambda connection: keep_incident(connection, told, now_ms)):
        raise ProblemError(429, "too_often", LATER_S)
    return web.json_response({"number": told.number}, status=202)
