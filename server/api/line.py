"""``POST /line/webhook``: what people write to the official account, under LINE's signature.

Nothing is believed before the HMAC over the raw body holds; a body has a bound, and so has the
number of events looked at. It answers 200 to whatever was genuine: the platform repeats the rest.
"""

import asyncio
import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy import Connection

from core.sealing import NONCE_BYTES
from server.api.answers import ProblemError, problem, read_body, room_for_strangers
from server.context import CONTEXT
from server.messenger import NOTIFYING, Running
from server.notifying.linking import link, token_in, unlink_user
from server.notifying.text import LINK_UNKNOWN, LINKED, UNLINK_WORDS, UNLINKED

WEBHOOK = "/line/webhook"
BODY_BYTES = 64 * 1024
EVENTS_AT_MOST = 50
USER_LETTERS = 64
routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What one account did: wrote ``text``, or left (``text`` is None)."""

    user: str
    text: str | None
    reply: str


@routes.post(WEBHOOK)
async def hear(request: web.Request) -> web.Response:
    """Link and unlink; everything else is passed over."""
    running = request.app[NOTIFYING]
    if running.line is None:
        return problem(404, "line_off")
    try:
        async with asyncio.timeout(request.app[CONTEXT].config.limits.deadline_s):
            with room_for_strangers(request) as room:
                body = await read_body(request, BODY_BYTES, room)
    except ProblemError as error:
        return problem(error.status, error.code)
    except TimeoutError:
        return problem(408, "timeout")
    secret = running.settings.credentials.line_secret
    if not is_signed(body, request.headers.get("X-Line-Signature", ""), secret):
        return problem(401, "signature")
    context = request.app[CONTEXT]
    for each in spoken_in(body):
        act = partial(_acted, running, each, context.now_ms())
        answer = await context.store.write(act)
        if answer and each.reply:
            await running.line.reply(each.reply, answer)
    return web.Response(status=200)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the platform signed exactly these bytes: HMAC-SHA256 under the channel secret."""
    try:
        given = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, hmac.digest(secret.encode(), body, "sha256"))


def spoken_in(body: bytes) -> Iterator[Spoken]:
    """What the events of a genuine body say that concerns us; other shapes are passed over."""
    try:
        events = json.loads(body)["events"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    for event in events[:EVENTS_AT_MOST] if isinstance(events, list) else ():
        user = _text(event, "source", "userId")
        if not user or len(user) > USER_LETTERS or _text(event, "source", "type") != "user":
            continue
        reply = _text(event, "replyToken")
        match _text(event, "type"):
            case "message" if _text(event, "message", "type") == "text":
                yield Spoken(user=user, text=_text(event, "message", "text"), reply=reply)
            case "unfollow":
                yield Spoken(user=user, text=None, reply="")
            case _:
                pass


def _acted(running: Running, spoken: Spoken, now_ms: int, connection: Connection) -> str | None:
    """Do it; what is answered, None for what is none of our business."""
    key = running.settings.contact_key
    if spoken.text is None:
        unlink_user(connection, spoken.user, key)
        return None
    if spoken.text.strip().lower() in UNLINK_WORDS:
        unlink_user(connection, spoken.user, key)
        return UNLINKED
    token = token_in(spoken.text)
    if token is None:
        return None
    nonce = secrets.token_bytes(NONCE_BYTES)
    linked = link(connection, token, spoken.user, now_ms, key, nonce)
    return LINKED if linked else LINK_UNKNOWN


def _text(value: object, *path: str) -> str:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
