"""``POST /v1/errand/{dev}``: what a machine asks for a teacher beside the log (ADR 0030)."""

from functools import partial

from aiohttp import web

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.document import open_document, split_document
from core.wire.errand import ERRAND_BYTES, Errand, Task
from core.wire.fault import WireError
from server.api.answers import ProblemError, binary, hex_parameter, read_body
from server.api.inbox import admitted
from server.context import CONTEXT
from server.messenger import NOTIFYING
from server.notifying.errands import Counter

routes = web.RouteTableDef()


@routes.post("/v1/errand/{dev}")
async def run_errand(request: web.Request) -> web.Response:
    """How the errand stands; the same one may be asked for again and again."""
    context, notifying = request.app[CONTEXT], request.app[NOTIFYING]
    dev = hex_parameter(request.match_info["dev"], 16)
    data = await read_body(request, ERRAND_BYTES)
    asked = _claimed(data)
    if asked.dev != dev:
        raise ProblemError(403, "other_device")
    identity = await context.store.read(
        lambda connection: admitted(connection, context, dev, asked.inc)
    )
    key = identity.key_at(asked.seq + 1)
    try:
        open_document(SignatureType.ERRAND, data, Errand, {key_id(key): key})
    except WireError as error:
        raise ProblemError(403, error.code) from error
    if not context.beacons.fresh(dev, asked.beacon, context.now_ms()):
        raise ProblemError(404, "beacon_unknown")  # 404 means: fetch a beacon and ask again
    counter = Counter(settings=notifying.settings, now_ms=context.now_ms())
    answer = await context.store.write(partial(counter.run, asked))
    if asked.task is Task.MAIL_CODE:
        notifying.wake()
    return binary(to_wire(answer))


def _claimed(data: bytes) -> Errand:
    """What the errand says, not verified yet.

    Raises:
        ProblemError: 400 when it is none, or not whole.
    """
    try:
        asked = from_wire(split_document(data)[0], Errand, FILE_LIMITS)
    except WireError as error:
        raise ProblemError(400, error.code) from error
    if not asked.whole:
        raise ProblemError(400, "errand")
    return asked
