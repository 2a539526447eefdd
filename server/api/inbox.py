"""``POST /v1/inbox/{dev}``: the server's log for one machine, for that machine (PROTOCOL 2.8b)."""

import time

from aiohttp import web
from sqlalchemy import Connection

from core.sealing import key_id
from core.wire.canon import FILE_LIMITS, encode
from server import inbox
from server.api.answers import ProblemError, binary, hex_parameter, read_body
from server.api.statement import STATEMENT_BYTES, claimed, verified
from server.context import CONTEXT, Context
from server.identity import Identity
from server.limiter import Limiter, Rate
from server.store.identities import incarnation_of, withdrawals

routes = web.RouteTableDef()
PAGES: web.AppKey[Limiter] = web.AppKey("pages", Limiter)
EVERYBODY = 100
"""So many times what one machine may ask for is what all may."""
SHORTLY_S = 1


def page_limiter(pages_a_minute: int) -> Limiter:
    """How often machines may read: a broken one that reads in a circle slows nobody else."""
    one, everybody = pages_a_minute, pages_a_minute * EVERYBODY
    return Limiter(Rate(burst=one, per_minute=one), Rate(burst=everybody, per_minute=everybody))


@routes.post("/v1/inbox/{dev}")
async def give_inbox(request: web.Request) -> web.Response:
    """Frames after the one named, as many as fit; asked again from the last one for more."""
    context = request.app[CONTEXT]
    dev = hex_parameter(request.match_info["dev"], 16)
    data = await read_body(request, STATEMENT_BYTES)
    asked = claimed(data)
    if asked.dev != dev:
        raise ProblemError(403, "other_device")
    identity = await context.store.read(
        lambda connection: admitted(connection, context, dev, asked.inc)
    )
    key = identity.key_at(asked.seq + 1)
    statement = verified(data, {key_id(key): key}, "inbox")
    if not context.beacons.fresh(dev, statement.beacon, context.now_ms()):
        raise ProblemError(404, "beacon_unknown")  # 404 means: fetch a beacon and ask again
    # Only now: nobody else can use up what a machine may ask for.
    if not request.app[PAGES].take(dev.hex(), time.monotonic_ns() // 1_000_000):
        raise ProblemError(429, "too_often", SHORTLY_S)
    frames = await context.store.read(
        lambda connection: inbox.page(connection, dev, statement.after)
    )
    return binary(encode(list(frames), FILE_LIMITS))


def admitted(connection: Connection, context: Context, dev: bytes, inc: int) -> Identity:
    """The machine as it may speak for itself now.

    Raises:
        ProblemError: 401 when it is unknown, 410 when it is revoked or retired.
    """
    identity = context.directory.machine(connection, dev).get(inc)  # it may have another key now
    if identity is None:
        raise ProblemError(401, "device_unknown")
    if (dev, inc) in withdrawals(connection, [(dev, inc)]):
        raise ProblemError(410, "revoked")
    if incarnation_of(connection, dev) != inc:
        raise ProblemError(410, "retired")
    return identity
