"""``POST /v1/log/{dev}`` and ``POST /v1/evidence/{dev}``: uploads of signed batches."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from core.wire.batch import MEDIA_TYPE, WIRE_BYTES
from server.api.answers import (
    ProblemError,
    binary,
    hex_parameter,
    problem,
    read_body,
    room_for,
    turn,
)
from server.context import CONTEXT
from server.ingest import Answer, Sender
from server.limiter import address_of

routes = web.RouteTableDef()
OUR_MEDIA_TYPES = "application/vnd.ttx.batch."
SHORTLY_S, SECOND_MS = 1, 1000


@routes.post("/v1/log/{dev}")
async def receive_log(request: web.Request) -> web.Response:
    """Append a batch to a machine's log; answered by a signed `core.wire.ack.Ack`."""
    return await _take(request, request.app[CONTEXT].ingest.receive)


@routes.post("/v1/evidence/{dev}")
async def receive_evidence(request: web.Request) -> web.Response:
    """Keep a batch of a forked machine as it is."""
    return await _take(request, request.app[CONTEXT].ingest.keep_evidence)


async def _take(
    request: web.Request, take: Callable[[Sender, bytes], Awaitable[Answer]]
) -> web.Response:
    context = request.app[CONTEXT]
    dev = hex_parameter(request.match_info["dev"], 16)
    if request.content_type != MEDIA_TYPE:
        ours = request.content_type.startswith(OUR_MEDIA_TYPES)
        raise ProblemError(426 if ours else 400, "media_type")
    # Before a byte of the body is read: strangers cost nothing more than this look-up.
    if not await context.ingest.knows(dev):
        raise ProblemError(401, "device_unknown")
    sender = Sender(dev=dev, address=address_of(request))
    if wait_ms := context.ingest.wait_ms(sender):
        raise ProblemError(429, "pace", -(-wait_ms // SECOND_MS))
    # Not just one at once: whoever knows a machine's name could else keep its place for himself.
    in_flight = ProblemError(429, "in_flight", SHORTLY_S)
    with turn(context, dev, in_flight), room_for(context) as room:
        data = await read_body(request, WIRE_BYTES, room)
        answer = await take(sender, data)
    if answer.ack is not None and answer.status != HTTPStatus.INSUFFICIENT_STORAGE:
        return binary(answer.ack, answer.status)
    if answer.status == HTTPStatus.ACCEPTED:
        return web.json_response({"code": answer.code}, status=answer.status)
    soon = answer.status == HTTPStatus.TOO_MANY_REQUESTS
    return problem(answer.status, answer.code, SHORTLY_S if soon else None)
