"""The card agent's port: loopback only, one console's pages only, one answer per challenge.

Successor of 健保卡讀取程式: no Java, no administrator, no second port. A page reaches it as
``http://127.0.0.1:PORT``, which browsers treat as trustworthy; answers carry CORS headers for the
one origin it was started with, also for private network access.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from kiosk.adapters.reader_port import Report
from kiosk.agent.slot import Challenges, Slot, after, answer

BODY_AT_MOST = 1024
CHALLENGE = re.compile(r"[0-9a-f]{32,128}")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Agent:
    """``origin`` such as ``https://console.example.tw``; ``port`` is where it listens."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._slot, self._challenges = Slot(), Challenges()
        self._loop: asyncio.AbstractEventLoop | None = None

    def application(self) -> web.Application:
        """``GET /status`` and ``POST /read``."""
        app = web.Application(client_max_size=BODY_AT_MOST, middlewares=[self._guarded])
        app.on_startup.append(self._started)
        app.router.add_get("/status", self._status)
        app.router.add_post("/read", self._read)
        app.router.add_route("OPTIONS", "/{_:status|read}", self._preflight)
        return app

    def heard(self, report: Report) -> None:
        """From the reader's thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._changed, report)

    def _changed(self, report: Report) -> None:
        self._slot = after(self._slot, report)

    async def _started(self, _: web.Application) -> None:
        self._loop = asyncio.get_running_loop()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse other sites, and names that somebody made point here (DNS rebinding)."""
        name = request.host.rpartition(":")[0]
        if name not in {"127.0.0.1", "localhost"}:
            return _refused(421, "host")
        if request.headers.get("Origin") != self._origin:
            return _refused(403, "origin")
        try:
            answered = await handler(request)
        except web.HTTPRequestEntityTooLarge:
            answered = _refused(413, "too_large")
        except web.HTTPException as error:
            answered = _refused(error.status, "request")
        answered.headers.update(
            {
                "Access-Control-Allow-Origin": self._origin,
                "Cache-Control": "no-store",
                "Vary": "Origin",
                "X-Content-Type-Options": "nosniff",
            }
        )
        return answered

    async def _preflight(self, _: web.Request) -> web.Response:
        headers = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Allow-Private-Network": "true",
            "Access-Control-Max-Age": "600",
        }
        return web.Response(status=204, headers=headers)

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response(self._slot.checks())

    async def _read(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return _refused(415, "content_type")
        try:
            asked = await request.json()
        except ValueError:
            return _refused(400, "json")
        challenge = asked.get("challenge") if isinstance(asked, dict) else None
        if not isinstance(challenge, str) or CHALLENGE.fullmatch(challenge) is None:
            return _refused(400, "challenge")
        profile = self._slot.profile
        if profile is None:
            return web.json_response({"code": "no_card", **self._slot.checks()}, status=409)
        if not self._challenges.take(bytes.fromhex(challenge)):
            return _refused(409, "challenge_used")
        return web.json_response(answer(profile, bytes.fromhex(challenge)))


def _refused(status: int, code: str) -> web.Response:
    return web.json_response({"code": code}, status=status)
