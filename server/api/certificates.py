"""``/v1/certificates``: what the desk signed, brought back by those who hold it (PROTOCOL 2.12)."""

from aiohttp import web

from core.wire.canon import Limits, decode, typed
from core.wire.identity import CERTIFICATES_AT_ONCE
from server.api.answers import ProblemError, read_body, room_for_strangers
from server.certification import readmit
from server.context import CONTEXT

routes = web.RouteTableDef()
BODY_BYTES = 256 * 1024
SHOWN_LIMITS = Limits(size=BODY_BYTES, depth=2, items=2 * CERTIFICATES_AT_ONCE)


@routes.post("/v1/certificates")
async def take_back(request: web.Request) -> web.Response:
    """``[certificate, …]`` in any order; ``{"added": n}``. Only our desk's own are new."""
    context = request.app[CONTEXT]
    with room_for_strangers(request) as room:
        data = await read_body(request, BODY_BYTES, room)
        shown = typed(decode(data, SHOWN_LIMITS), tuple[bytes, ...])
    if len(shown) > CERTIFICATES_AT_ONCE:
        raise ProblemError(413, "too_many")
    return web.json_response({"added": await readmit(context, shown)})
