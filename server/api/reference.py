"""``/v1/trust``, ``/v1/snapshot``, ``/v1/file``, ``/v1/reference``: what the centre publishes."""

import re

import structlog
from aiohttp import web

from core.wire.canon import Limits, decode, typed
from core.wire.fault import WireError
from server.api.answers import ProblemError, binary, hex_parameter, read_body, sent, turn
from server.context import CONTEXT
from server.publishing import publish_reference
from server.store import references, trusts

routes = web.RouteTableDef()
RELEASE_BYTES = 16 * 1024 * 1024
RELEASE = b"release"  # no machine's name: those have 16 bytes
RELEASE_LIMITS = Limits(size=RELEASE_BYTES, depth=2, items=64)
VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
STATUS = {"signature": 403, "rollback": 409, "same_version": 409}
log = structlog.get_logger()
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}


@routes.get("/v1/trust")
async def give_trust(request: web.Request) -> web.Response:
    """The trust document in force, or version ``v`` of it: who missed some walks them in order."""
    context = request.app[CONTEXT]
    wanted = request.query.get("v", "")
    if not wanted:
        return binary(context.keys.signed_trust)
    if not VERSION.fullmatch(wanted):
        raise ProblemError(400, "version")
    version = int(wanted)
    signed = await context.store.read(lambda connection: trusts.find(connection, version))
    if signed is None:
        raise ProblemError(404, "trust_unknown")
    return binary(signed)


@routes.get("/v1/snapshot")
async def give_snapshot(request: web.Request) -> web.Response:
    """The signed list of reference files."""
    found = await request.app[CONTEXT].store.read(references.current)
    if found is None:
        raise ProblemError(404, "nothing_published")
    return binary(found.signed)


@routes.get("/v1/file/{sha256}")
async def give_file(request: web.Request) -> web.StreamResponse:
    """A reference file by its hash."""
    sha256 = hex_parameter(request.match_info["sha256"], 32)
    held = await request.app[CONTEXT].published.find(sha256)
    if held is None:
        raise ProblemError(404, "file_unknown")
    return await sent(request, held.data, IMMUTABLE)


@routes.post("/v1/reference")
async def take_reference(request: web.Request) -> web.Response:
    """``[snapshot, [file, …]]``; it speaks for itself by the release key's signature."""
    context = request.app[CONTEXT]
    # One release at a time: anybody may hand one in, and it is large.
    with turn(context, RELEASE, ProblemError(503, "busy", context.config.limits.retry_after_s)):
        data = await read_body(request, RELEASE_BYTES)
        release = typed(decode(data, RELEASE_LIMITS), tuple[bytes, tuple[bytes, ...]])
        try:
            installed = await context.store.write(
                lambda connection: publish_reference(
                    connection, release, context.keys, context.directory, context.now_ms()
                )
            )
        except WireError as error:
            status = STATUS.get(error.code, 422)
            raise ProblemError(status, error.code) from error
    log.info(
        "reference_published",
        version=installed.version,
        fresh=installed.fresh,
        withdrawn=len(installed.withdrawn),
    )
    return web.json_response({"version": installed.version, "fresh": installed.fresh})
