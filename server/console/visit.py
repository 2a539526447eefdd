"""One request by a signed-in person, and the guard every page stands behind.

The guard decides who is there, whether the page is theirs to see, and whether a form came from one
of our pages; it puts the headers on every answer. Pages decide nothing of this themselves.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from server.console.layout import Crumb, Layout
from server.console.names import Names
from server.console.posted import Form, posted
from server.console.session import (
    COOKIE,
    find_session,
    form_fits,
    form_token,
    touch_session,
)
from server.context import CONTEXT, Context
from server.lists import Season, moment, read_season
from server.staff.account import Account
from server.staff.role import ROLE_NAMES, Act, may, who_may
from server.store.writer import BusyError, StoreError
from server.terminal import RefusedError

T = TypeVar("T")
FORM_FIELD = "form"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
LAYOUT: web.AppKey[Layout] = web.AppKey("layout", Layout)
NAMES: web.AppKey[Names] = web.AppKey("names", Names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks for what, when."""

    request: web.Request
    context: Context
    layout: Layout
    names: Names
    account: Account
    cookie: str
    season: Season
    now_ms: int

    @property
    def county(self) -> str | None:
        """The only county this person sees; None: all."""
        return self.account.county

    def may(self, act: Act) -> bool:
        """Whether this person may do that."""
        return may(self.account.role, act)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work`` on one state of the database."""
        return await self.context.store.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work``, committed."""
        return await self.context.store.write(work)

    async def form(self) -> Form:
        """What was posted."""
        return await posted(self.request)

    async def field(self, name: str) -> str:
        """A text of the posted form, without edges; empty when it is not there."""
        return (await self.form()).get(name, "").strip()

    def page(
        self,
        template: str,
        crumbs: tuple[Crumb, ...],
        *,
        status: int = HTTPStatus.OK,
        **values: object,
    ) -> web.Response:
        """A page inside the frame, under these breadcrumbs; the last one is the page itself."""
        text = self.layout.render(
            template,
            account=self.account,
            role_name=ROLE_NAMES[self.account.role],
            season=self.season,
            now=moment(self.now_ms),
            crumbs=crumbs,
            form_token=form_token(self.cookie),
            may=self.may,
            Act=Act,
            names=self.names,
            path=self.request.path,
            **values,
        )
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")

    def told(self, status: int, title: str, sentence: str) -> web.Response:
        """A page that says one thing."""
        return self.page("message.html", (Crumb(title),), status=status, sentence=sentence)


View = Callable[[Visit], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(act: Act, view: View) -> Handler:
    """``view`` for people who may, the login page for strangers, a refusal for the others."""

    async def handler(request: web.Request) -> web.StreamResponse:
        context = request.app[CONTEXT]
        cookie = request.cookies.get(COOKIE, "")
        now_ms = context.now_ms()
        session, season = await context.store.read(
            lambda connection: (
                find_session(connection, cookie, now_ms) if cookie else None,
                read_season(connection),
            )
        )
        if session is None:
            return with_headers(web.Response(status=303, headers={"Location": "/login"}))
        if session.stale:
            # On a full disk people must still be able to read; the session then ends sooner.
            with suppress(StoreError):
                await context.store.write(
                    lambda connection: touch_session(connection, cookie, now_ms)
                )
        visit = Visit(
            request=request,
            context=context,
            layout=request.app[LAYOUT],
            names=request.app[NAMES],
            account=session.account,
            cookie=cookie,
            season=season,
            now_ms=now_ms,
        )
        return with_headers(await _answer(visit, act, view))

    return handler


def with_headers(response: web.StreamResponse) -> web.StreamResponse:
    """The same answer under the headers of every console answer."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def _answer(visit: Visit, act: Act, view: View) -> web.StreamResponse:
    if not visit.may(act):
        sentence = f"您的身分不能使用這個功能；可以使用的是：{who_may(act)}。"
        return visit.told(HTTPStatus.FORBIDDEN, "沒有權限", sentence)
    if visit.request.method == "POST" and not form_fits(
        visit.cookie, await visit.field(FORM_FIELD)
    ):
        sentence = "這個表單已過期或不是從本站送出的，沒有做任何變更。請回上一頁重新整理後再試。"
        return visit.told(HTTPStatus.FORBIDDEN, "表單無效", sentence)
    try:
        return await view(visit)
    except RefusedError as error:
        return visit.told(HTTPStatus.CONFLICT, "依規定不能執行", str(error))
    except BusyError:
        return visit.told(HTTPStatus.SERVICE_UNAVAILABLE, "系統忙碌", "請稍候再試一次。")
    except StoreError:
        sentence = "資料庫暫時無法使用，沒有做任何變更。請通知系統管理人員。"
        return visit.told(HTTPStatus.SERVICE_UNAVAILABLE, "資料庫無法使用", sentence)
