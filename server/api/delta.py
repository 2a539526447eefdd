"""``GET /v1/delta/{from}/{to}``: a changed file as its difference from the one before."""

from aiohttp import web

from server.api.answers import ProblemError, hex_parameter, sent
from server.api.reference import IMMUTABLE
from server.context import CONTEXT

routes = web.RouteTableDef()


@routes.get("/v1/delta/{older}/{newer}")
async def give_delta(request: web.Request) -> web.StreamResponse:
    """A zstd frame that needs the older file as dictionary; both are named by their SHA-256."""
    older, newer = (hex_parameter(request.match_info[name], 32) for name in ("older", "newer"))
    made = await request.app[CONTEXT].deltas.find(older, newer)
    if made is None:
        raise ProblemError(404, "file_unknown")
    return await sent(request, made, IMMUTABLE)
