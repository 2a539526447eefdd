"""The card agent's port: loopback only, one console's pages only, one answer per challenge.

What the card says stays on this computer: a page gets a proof that the console can check, and
nothing to read (`core.card.proof`). Successor of 健保卡讀取程式: no Java, no administrator, no
second port. A page reaches it as ``http://127.0.0.1:PORT``, which browsers treat as trustworthy;
answers carry CORS headers for the one origin it was started with, also for private network access.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from core.card.nhi import Profile
from core.card.proof import (
    CHALLENGE_BYTES,
    COST,
    SALT_BYTES,
    card_key,
    prove,
    verifier_of,
)
from core.sealing import KdfCost
from kiosk.adapters.reader_port import Report
from kiosk.agent.slot import Challenges, Slot, after

BODY_AT_MOST = 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    challenge: bytes
    salt: bytes
    enrol: bool


class Agent:
    """``origin`` such as ``https://console.example.tw``; ``cost`` is less in tests only."""

    def __init__(self, origin: str, cost: KdfCost = COST) -> None:
        self._origin, self._cost = origin, cost
        self._one_at_a_time = asyncio.Lock()
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
        asked = _asked(await request.text())
        if asked is None:
            return _refused(400, "challenge")
        profile = self._slot.profile
        if profile is None:
            return self._no_card()
        if not self._challenges.take(asked.challenge):
            return _refused(409, "challenge_used")
        async with self._one_at_a_time:  # each takes as much memory as the unit has to spare
            key = await asyncio.to_thread(card_key, profile, asked.salt, self._cost)
        if not self._still_there(profile):
            return self._no_card()
        told = {"challenge": asked.challenge.hex(), "proof": prove(key, asked.challenge).hex()}
        if asked.enrol:
            told["verifier"] = verifier_of(key).hex()
        return web.json_response(told)

    def _still_there(self, profile: Profile) -> bool:
        return self._slot.profile is profile

    def _no_card(self) -> web.Response:
        return web.json_response({"code": "no_card", **self._slot.checks()}, status=409)


def _asked(text: str) -> _Asked | None:
    """What a page asks for; None when it is no challenge."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    said = said if isinstance(said, dict) else {}
    challenge = _hex(said.get("challenge"), CHALLENGE_BYTES)
    salt = _hex(said.get("salt"), SALT_BYTES)
    if challenge is None or salt is None:
        return None
    return _Asked(challenge=challenge, salt=salt, enrol=said.get("enrol") is True)


def _hex(value: object, size: int) -> bytes | None:
    """``size`` bytes in lower-case hex."""
    if not isinstance(value, str) or re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value) is None:
        return None
    return bytes.fromhex(value)


def _refused(status: int, code: str) -> web.Response:
    return web.json_response({"code": code}, status=status)
