"""``/livez``, ``/readyz``, ``/metrics``: for whatever watches the server."""

from aiohttp import web

from server.context import CONTEXT
from server.store import settings
from server.store.writer import StoreError

routes = web.RouteTableDef()


@routes.get("/livez")
async def live(_: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"live": True})


@routes.get("/readyz")
async def ready(request: web.Request) -> web.Response:
    """The database answers and the writer runs; 503 otherwise."""
    context = request.app[CONTEXT]
    try:
        await context.store.read(settings.read_epoch)
    except StoreError:
        reachable = False
    else:
        reachable = True
    writing = context.store.writer.alive
    state = {"database": reachable, "writer": writing}
    return web.json_response(state, status=200 if reachable and writing else 503)


@routes.get("/metrics")
async def measures(request: web.Request) -> web.Response:
    """Prometheus text."""
    context = request.app[CONTEXT]
    context.metrics.waiting.set(context.store.writer.waiting)
    context.metrics.unjudged.set(context.judge.lag)
    context.metrics.set_aside.set(context.judge.set_aside)
    return web.Response(body=context.metrics.text(), content_type="text/plain", charset="utf-8")
