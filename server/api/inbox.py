"""``POST /v1/inbox/{dev}``: the server's log for one machine, for that machine (PROTOCOL 2.8b)."""

import time

from aiohttp import web

from core.wire.beacon import HeadStatement
from core.wire.canon import FILE_LIMITS, encode
from server import inbox
from server.api.answers import ProblemError, hex_parameter, read_body, sent, turn
from server.api.statement import STATEMENT_BYTES, believe, claimed, verified
from server.context import CONTEXT
from server.limiter import Limiter, Rate

routes = web.RouteTableDef()
PAGES: web.AppKey[Limiter] = web.AppKey("pages", Limiter)
EVERYBODY = 100
"""So many times what one machine may ask for is what all may."""
SHORTLY_S = 1
READING = b"inbox "  # no machine's name begins so: those have 16 bytes in all


def page_limiter(pages_a_minute: int) -> Limiter:
    """How often machines may read: a broken one that reads in a circle slows nobody else."""
    one, everybody = pages_a_minute, pages_a_minute * EVERYBODY
    return Limiter(Rate(burst=one, per_minute=one), Rate(burst=everybody, per_minute=everybody))


@routes.post("/v1/inbox/{dev}")
async def give_inbox(request: web.Request) -> web.StreamResponse:
    """Frames after the one named, as many as fit; asked again from the last one for more."""
    context = request.app[CONTEXT]
    dev = hex_parameter(request.match_info["dev"], 16)
    data = await read_body(request, STATEMENT_BYTES)
    asked = claimed(data, HeadStatement)
    await believe(context, dev, asked, lambda keys: verified(data, keys, "inbox"))
    # Only now: nobody else can use up what a machine may ask for.
    if not request.app[PAGES].take(dev.hex(), time.monotonic_ns() // 1_000_000):
        raise ProblemError(429, "too_often", SHORTLY_S)
    # One page at a time: who asks for many and reads none holds one in memory.
    with turn(context, READING + dev, ProblemError(429, "in_flight", SHORTLY_S)):
        frames = await context.store.read(
            lambda connection: inbox.page(connection, dev, asked.after)
        )
        return await sent(request, encode(list(frames), FILE_LIMITS), {})
