"""The door: logging in with a password, and leaving. Where a card has to follow: `card_door`."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from aiohttp import web
from sqlalchemy import Connection

from server.console import half_way
from server.console.posted import posted
from server.console.session import (
    AT_MOST_MS,
    COOKIE,
    DOOR_COOKIE,
    TOKEN_BYTES,
    end_session,
    form_fits,
    form_token,
    open_session,
)
from server.console.visit import FORM_FIELD, LAYOUT, Visit, with_headers
from server.context import CONTEXT
from server.limiter import Limiter, Rate, may_ask
from server.lists import moment, read_former_sites
from server.staff.account import (
    Attempt,
    Entrance,
    Lock,
    find_account,
    find_lock,
    fits,
    note_attempt,
)
from server.staff.card import Wanted, wanted
from server.store.writer import StoreError

DERIVATIONS_AT_ONCE = 4  # each takes 64 MiB
WAITING_AT_MOST = 16
PER_ADDRESS = Rate(burst=60, per_minute=60)
"""A county's officers may stand behind one address; each try costs a tenth of a second."""
IN_ALL = Rate(burst=300, per_minute=300)
BUSY = "現在登入的人太多，請過一分鐘再試。"
UNAVAILABLE = "資料庫暫時無法使用，請稍候再試。"


class Derivations:
    """A few at once, a few more that wait: whoever else comes is told so, and holds nothing."""

    def __init__(self) -> None:
        """Nobody is there."""
        self._places = asyncio.Semaphore(DERIVATIONS_AT_ONCE)
        self._here = 0

    @property
    def full(self) -> bool:
        """Whether as many wait as may."""
        return self._here >= DERIVATIONS_AT_ONCE + WAITING_AT_MOST

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Somebody who has come, and goes."""
        self._here += 1
        try:
            yield
        finally:
            self._here -= 1

    async def fits(self, lock: Lock | None, password: str) -> bool:
        """As `server.staff.account.fits`, in its turn."""
        async with self._places:
            return await asyncio.to_thread(fits, lock, password)


DERIVATIONS: web.AppKey[Derivations] = web.AppKey("derivations", Derivations)
TRIES: web.AppKey[Limiter] = web.AppKey("tries", Limiter)


async def show_door(request: web.Request) -> web.StreamResponse:
    """The login page."""
    return door(request, HTTPStatus.OK, "")


async def try_door(request: web.Request) -> web.StreamResponse:
    """A try at logging in: a session, or the page again with what is wrong."""
    context = request.app[CONTEXT]
    fields = await posted(request)
    login, password, token = (fields.get(name, "") for name in ("login", "password", FORM_FIELD))
    if not form_fits(request.cookies.get(DOOR_COOKIE, ""), token):
        return door(request, HTTPStatus.FORBIDDEN, "登入頁已過期，請再輸入一次。")
    derivations = request.app[DERIVATIONS]
    if derivations.full or not may_ask(request.app[TRIES], request):
        return busy(request)
    login = login.strip()
    try:
        with derivations.waiting():
            lock = await context.store.read(lambda connection: find_lock(connection, login))
            fitted = await derivations.fits(lock, password)
        now_ms = context.now_ms()
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        attempt, more = await context.store.write(
            lambda connection: _tried(connection, login, cookie, now_ms, fitted=fitted)
        )
    except StoreError:
        return door(request, HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
    return _answered(request, attempt, more, cookie, now_ms)


def _answered(
    request: web.Request, attempt: Attempt, more: Wanted, cookie: str, now_ms: int
) -> web.StreamResponse:
    """The way in, the way to the card, or the page again."""
    match attempt.entrance:
        case Entrance.LOCKED:
            return locked(request, attempt, now_ms)
        case Entrance.REFUSED:
            sentence = "帳號或密碼不正確。連續錯誤 5 次，帳號會鎖定 10 分鐘。"
            return door(request, HTTPStatus.UNAUTHORIZED, sentence)
        case Entrance.OPENED if more is Wanted.NOTHING:
            return opened(request, cookie)
        case Entrance.OPENED:
            response = web.Response(
                status=HTTPStatus.SEE_OTHER, headers={"Location": "/login/card"}
            )
            seconds = half_way.LASTS_MS // 1000
            _set(response, request, half_way.COOKIE, cookie, seconds, path="/login")
            return with_headers(response)


def _tried(
    connection: Connection, login: str, cookie: str, now_ms: int, *, fitted: bool
) -> tuple[Attempt, Wanted]:
    """Count the try; a right password opens a session, or half of the way where more is wanted."""
    account = find_account(connection, login)
    more = Wanted.NOTHING
    if account is not None:
        more = wanted(connection, login, account.role, now_ms)
    half = more is not Wanted.NOTHING
    attempt = note_attempt(connection, login, fitted=fitted, now_ms=now_ms, half_way=half)
    if attempt.entrance is Entrance.OPENED:
        begin = half_way.begin if half else open_session
        begin(connection, cookie, login, now_ms)
    return attempt, more


def opened(request: web.Request, cookie: str) -> web.StreamResponse:
    """The way in for who holds this session."""
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/"})
    _set(response, request, COOKIE, cookie, AT_MOST_MS // 1000)
    for each in (DOOR_COOKIE, half_way.COOKIE):
        response.del_cookie(each, path="/login")
    return with_headers(response)


def locked(request: web.Request, attempt: Attempt, now_ms: int) -> web.StreamResponse:
    """The login page, saying for how long nobody may try."""
    minutes = -(-(attempt.locked_until_ms - now_ms) // 60_000)
    sentence = f"錯誤太多次，這個帳號鎖定中，請 {minutes} 分鐘後再試。"
    return door(request, HTTPStatus.TOO_MANY_REQUESTS, sentence)


def busy(request: web.Request) -> web.StreamResponse:
    """The login page, saying that too many try; no password was looked at."""
    response = door(request, HTTPStatus.TOO_MANY_REQUESTS, BUSY)
    response.headers["Retry-After"] = "60"
    return response


async def leave(visit: Visit) -> web.StreamResponse:
    """The session's end."""
    await visit.write(
        lambda connection: end_session(connection, visit.cookie, visit.account.login, visit.now_ms)
    )
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/login"})
    response.del_cookie(COOKIE, path="/")
    return response


def door(request: web.Request, status: int, sentence: str) -> web.StreamResponse:
    """The login page, saying this."""
    cookie = request.cookies.get(DOOR_COOKIE) or secrets.token_urlsafe(TOKEN_BYTES)
    text = request.app[LAYOUT].render(
        "login.html",
        form_token=form_token(cookie),
        sentence=sentence,
        former_sites=read_former_sites(),
        now=moment(request.app[CONTEXT].now_ms()),
    )
    response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
    _set(response, request, DOOR_COOKIE, cookie, 3600, path="/login")
    return with_headers(response)


def _set(  # noqa: PLR0913 - what a cookie consists of
    response: web.Response,
    request: web.Request,
    name: str,
    value: str,
    seconds: int,
    *,
    path: str = "/",
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="Strict",
        # Behind a proxy that speaks TLS for us the connection itself is plain.
        secure=request.secure or request.headers.get("X-Forwarded-Proto") == "https",
    )
