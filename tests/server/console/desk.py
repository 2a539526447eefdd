"""A person at the console: pages as text, forms sent as a browser would."""

import asyncio
import html
import re
from dataclasses import dataclass

from aiohttp import ClientResponse

from server.staff.role import Role
from tests.server.running import Running
from tests.server.season.country import PASSWORD, Country

TOKEN = re.compile(r'name="form" value="([0-9a-f]{64})"')
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer with its text."""

    status: int
    html: str
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """What a person reads, in one line."""
        return " ".join(html.unescape(TAG.sub(" ", self.html)).split())

    @property
    def token(self) -> str:
        """The form token of the page."""
        found = TOKEN.search(self.html)
        assert found, self.text
        return found[1]


@dataclass(slots=True, kw_only=True)
class Desk:
    """One browser at a running server."""

    running: Running
    country: Country

    async def get(self, path: str) -> Page:
        """A page, not following redirections."""
        async with self.running.client.get(path, allow_redirects=False) as answer:
            return await _page(answer)

    async def post(self, path: str, **fields: str) -> Page:
        """A form, not following redirections."""
        client = self.running.client
        async with client.post(path, data=fields, allow_redirects=False) as answer:
            return await _page(answer)

    async def send(self, page: str, path: str, **fields: str) -> Page:
        """A form of ``page`` with its token and its other hidden fields, sent to ``path``."""
        shown = await self.get(page)
        assert shown.status == 200, shown.text
        hidden = {name: html.unescape(value) for name, value in FIELD.findall(shown.html)}
        return await self.post(path, **(hidden | fields))

    async def enter(
        self, login: str = "host1", role: Role = Role.HOST, county: str | None = None
    ) -> None:
        """A new account that logs in."""
        await asyncio.to_thread(self.country.account, login, role, county)
        await self.return_as(login)

    async def return_as(self, login: str) -> None:
        """An account logs in, whoever was there before."""
        self.running.client.session.cookie_jar.clear()
        done = await self.send("/login", "/login", login=login, password=PASSWORD)
        assert (done.status, done.headers["Location"]) == (303, "/"), done.text

    async def settle(self) -> None:
        """Wait until no run is under way."""
        for _ in range(600):
            shown = await self.get("/runs")
            if "計算中" not in shown.text:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("a run did not end")

    def at(self, ms: int) -> None:
        """Set the server's clock."""
        self.running.clock.now_ms = ms


async def _page(answer: ClientResponse) -> Page:
    body = await answer.read()
    return Page(
        status=answer.status,
        html=body.decode("utf-8-sig", errors="replace"),
        headers=dict(answer.headers),
    )
