"""``POST /v1/errand/{dev}``: what a machine asks for a teacher beside the log (ADR 0030)."""

from functools import partial

from aiohttp import web

from core.signature import SignatureType
from core.wire.canon import to_wire
from core.wire.errand import ERRAND_BYTES, Errand, Task
from server.api.answers import ProblemError, binary, hex_parameter, read_body
from server.api.statement import believe, claimed, opened
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
    asked = claimed(data, Errand)
    if not asked.whole:
        raise ProblemError(400, "errand")
    await believe(
        context, dev, asked, lambda keys: opened(SignatureType.ERRAND, data, Errand, keys)
    )
    counter = Counter(
        settings=notifying.settings, now_ms=context.now_ms(), key=context.keys.receipt
    )
    answer = await context.store.write(partial(counter.run, asked))
    if asked.task in {Task.MAIL_CODE, Task.MAIL_PROVED}:
        notifying.wake()
    return binary(to_wire(answer))
