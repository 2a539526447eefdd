"""The second half of the door: the health card, read on this person's own computer (ADR 0035).

The page asks `jiepin card-agent` there; what comes here is a proof for one challenge of ours and
nothing the card says.
"""

import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from sqlalchemy import Connection

from core.card.proof import CHALLENGE_BYTES, PROOF_BYTES
from server.console import half_way
from server.console.entrance import UNAVAILABLE, door, locked, opened
from server.console.half_way import Brought, HalfWay
from server.console.posted import posted
from server.console.session import TOKEN_BYTES, form_fits, form_token, open_session
from server.console.visit import FORM_FIELD, LAYOUT, POLICY, with_headers
from server.context import CONTEXT
from server.lists import moment
from server.staff.account import Attempt, Entrance, find_lock, note_attempt
from server.staff.card import Wanted
from server.store.writer import StoreError

EXPIRED = "密碼輸入後已超過 5 分鐘，或已從別處登入，請再輸入一次。"
WRONG = {
    Wanted.CARD: (
        "這張不是這個帳號登記的健保卡，或這次讀卡已經用過，沒有登入。"
        "請放好您登記的健保卡，再讀一次。"
    ),
    Wanted.ENROLMENT: (
        "登記碼不正確或已過期，或這次讀卡已經用過，沒有登記。"
        "請照系統管理人員給的登記碼，再輸入一次。"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of a try with a card; ``attempt`` is None when nobody was half way in."""

    attempt: Attempt | None
    again: HalfWay | None


async def show_card_door(request: web.Request) -> web.StreamResponse:
    """What the card is asked for: a new challenge each time the page is shown."""
    context = request.app[CONTEXT]
    cookie, now_ms = request.cookies.get(half_way.COOKIE, ""), context.now_ms()
    asked = None
    try:
        if await _known(request, cookie, now_ms):
            asked = await context.store.write(
                lambda connection: half_way.ask(connection, cookie, now_ms)
            )
    except StoreError:
        return door(request, HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
    if asked is None:
        return door(request, HTTPStatus.UNAUTHORIZED, EXPIRED)
    return _page(request, asked, HTTPStatus.OK, "")


async def try_card_door(request: web.Request) -> web.StreamResponse:
    """A proof: a session, or the page again with what is wrong."""
    context = request.app[CONTEXT]
    cookie, now_ms = request.cookies.get(half_way.COOKIE, ""), context.now_ms()
    fields = await posted(request)
    if not form_fits(cookie, fields.get(FORM_FIELD, "")):
        return door(request, HTTPStatus.FORBIDDEN, EXPIRED)
    brought = Brought(
        challenge=_bytes(fields.get("challenge", ""), CHALLENGE_BYTES),
        proof=_bytes(fields.get("proof", ""), PROOF_BYTES),
        verifier=_bytes(fields.get("verifier", ""), PROOF_BYTES),
        code=fields.get("code", ""),
    )
    session = secrets.token_urlsafe(TOKEN_BYTES)
    outcome = _Outcome(attempt=None, again=None)
    try:
        if await _known(request, cookie, now_ms):
            outcome = await context.store.write(
                lambda connection: _tried(connection, cookie, session, brought, now_ms)
            )
    except StoreError:
        return door(request, HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
    if outcome.attempt is None:
        return door(request, HTTPStatus.UNAUTHORIZED, EXPIRED)
    if outcome.attempt.entrance is Entrance.OPENED:
        return opened(request, session)
    if outcome.again is None:
        return locked(request, outcome.attempt, now_ms)
    sentence = WRONG[outcome.again.wanted]
    return _page(request, outcome.again, HTTPStatus.UNAUTHORIZED, sentence)


async def _known(request: web.Request, cookie: str, now_ms: int) -> bool:
    """Whether somebody half way in asks: strangers never reach the one thread that writes."""
    found = await request.app[CONTEXT].store.read(
        lambda connection: half_way.who(connection, cookie, now_ms)
    )
    return found is not None


async def show_reader(request: web.Request) -> web.StreamResponse:
    """The three checks alone, for whoever wants to know beforehand."""
    return _page(request, None, HTTPStatus.OK, "")


def _tried(
    connection: Connection, cookie: str, session: str, brought: Brought, now_ms: int
) -> _Outcome:
    account = half_way.who(connection, cookie, now_ms)
    lock = None if account is None else find_lock(connection, account.login)
    if account is None or lock is None:
        return _Outcome(attempt=None, again=None)
    # An account that is locked enrols no card either.
    fitted = lock.locked_until_ms <= now_ms and half_way.take(connection, cookie, brought, now_ms)
    attempt = note_attempt(connection, account.login, fitted=fitted, now_ms=now_ms, target="card")
    if attempt.entrance is Entrance.REFUSED:
        return _Outcome(attempt=attempt, again=half_way.ask(connection, cookie, now_ms))
    half_way.end(connection, account.login)
    if attempt.entrance is Entrance.OPENED:
        open_session(connection, session, account.login, now_ms)
    return _Outcome(attempt=attempt, again=None)


def _page(
    request: web.Request, asked: HalfWay | None, status: int, sentence: str
) -> web.StreamResponse:
    context = request.app[CONTEXT]
    agent = f"http://127.0.0.1:{context.config.card_port}"
    text = request.app[LAYOUT].render(
        "card.html",
        asked=asked,
        Wanted=Wanted,
        agent=agent,
        port=context.config.card_port,
        form_token=form_token(request.cookies.get(half_way.COOKIE, "")),
        sentence=sentence,
        now=moment(context.now_ms()),
    )
    response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
    # The only pages with a script, and the only ones that may talk to another address.
    response.headers["Content-Security-Policy"] = (
        f"{POLICY}; script-src 'self'; connect-src {agent}"
    )
    return with_headers(response)


def _bytes(text: str, size: int) -> bytes:
    """``size`` bytes in hex; anything else is nothing."""
    return bytes.fromhex(text) if re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text) else b""
