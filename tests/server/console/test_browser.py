"""The console in a real browser: every page at desk and telephone width, nothing on its console.

Pictures are kept beside the test's other files, and in ``JIEPIN_SCREENS`` if that names a folder.
"""

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from playwright.async_api import async_playwright
from sqlalchemy import select

from server.staff.role import Role
from server.store.tables import device
from tests.server.season.country import FREEZE_MS, HOUR_MS, PASSWORD, POINTS, Site

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Luminance by WCAG 2.2 of an element's own colour against the nearest background behind it.
CONTRAST = """() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const pair = [luminance(parse(style.color)), luminance(behind(element))];
    const [a, b] = pair.sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(element.outerHTML.slice(0, 120));
  }
  return low;
}"""
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select")]
  .filter(each => !each.labels.length).map(each => each.outerHTML)"""


@pytest.fixture
def season(desk):
    """Enough of everything for pages that look like in life."""
    country, rng = desk.country, Random(3)  # noqa: S311 - the same each time
    sites = [
        Site(country, "134601", "134602"),
        Site(country, "144601", "144602"),
        Site(country, "024601", "024602"),
        Site(country, "134601"),
    ]
    homes = (("134601", "134602"), ("144601", "144602"), ("024601", "024602"))
    number = 0
    for index, schools in enumerate(homes):
        others = [each for home in homes if home is not schools for each in home]
        counties = tuple(sorted({each[:2] for each in others}))
        for _ in range(14):
            number += 1
            wishes = rng.sample(others, rng.randrange(1, 4))
            applied = sites[index].applied(
                number, rng.choice(schools), wishes, counties=counties, service_years=number % 20
            )
            verdict = "returned" if number % 11 == 0 else "approved"
            if number % 7:
                points = type(POINTS)(
                    reason_a=500,
                    reason_b=300,
                    service=200 * (number % 20),
                    appraisal=100 * (number % 5),
                    awards=50 * (number % 3),
                    training=100,
                    special=0,
                )
                country.decide(
                    sites[index].device,
                    sites[index].officer,
                    applied,
                    verdict=verdict,
                    points=points,
                )
    twice = sites[0].applied(90, "134601", ("144601",))
    sites[3].device.register(twice.teacher, sites[3].officer)
    country.apply(sites[3].device, twice.teacher, ("144602",))
    country.apply(sites[0].device, country.teacher(91, "134602"), ("144601",))
    gone = sites[1].applied(92, "144601", ("134601",), counties=("13", "02"))
    sites[1].device.withdraw(gone.teacher, gone.link.hash)
    country.machine("134602")
    country.open_seats("144602,普通,1,", "134602,普通,2,是", "024601,普通,1,")
    country.receive(sites[2].device)
    country.receive(sites[0].device, at_ms=country.now_ms + 30 * HOUR_MS)
    country.receive(sites[1].device, sites[3].device)
    desk.at(FREEZE_MS)
    country.account("host1", name="林科員")
    country.account("host2", name="周組長")
    country.account("yilan", Role.COUNTY, "02", name="張科員")
    with country.store.writing() as connection:
        for number, row in enumerate(connection.execute(select(device.c.dev)).all(), start=231):
            named = device.update().where(device.c.dev == row.dev)
            connection.execute(named.values(name=f"KH-0{number}"))
    return sites


class Visitor:
    """A browser that remembers everything its console said."""

    def __init__(self, page, base, folder):
        self.page = page
        self.base = base
        self.folder = folder
        self.said = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("requestfailed", self._miss)
        page.on("response", self._look)

    def _miss(self, request):
        if request.failure != "net::ERR_ABORTED":  # somebody went on before a picture was there
            self.said.append(f"{request.failure} {request.url}")

    def _look(self, response):
        if response.status >= 500 or (response.status == 404 and "favicon" in response.url):
            self.said.append(f"{response.status} {response.url}")

    async def open(self, path):
        await self.page.goto(self.base + path)

    async def enter(self, login):
        await self.open("/login")
        await self.page.get_by_label("帳號").fill(login)
        await self.page.get_by_label("密碼").fill(PASSWORD)
        await self.page.get_by_role("button", name="登入").click()
        await self.page.wait_for_url(self.base + "/")

    async def keep(self, name):
        """Check the page as it stands at both widths, and keep a picture of each."""
        for width, (across, down) in WIDTHS.items():
            await self.page.set_viewport_size({"width": across, "height": down})
            assert await self.page.evaluate(OVERFLOW) <= 0, f"{name} is wider than a {width}"
            await self.page.screenshot(path=self.folder / f"console-{name}-{width}.png")
        assert await self.page.evaluate(CONTRAST) == [], name
        assert await self.page.evaluate(UNNAMED) == [], name
        assert await self.page.locator("h1").count() == 1, name
        await self.page.set_viewport_size({"width": 1280, "height": 900})


@asynccontextmanager
async def browsing(desk, folder):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(java_script_enabled=True, locale="zh-TW")
        page = await context.new_page()
        base = str(desk.running.client.make_url("/")).rstrip("/")
        yield Visitor(page, base, folder)
        await context.close()
        await browser.close()


def screens(tmp_path) -> Path:
    folder = Path(os.environ.get("JIEPIN_SCREENS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("season")
async def test_every_page_is_whole_at_both_widths_and_its_console_is_silent(desk, tmp_path):
    async with browsing(desk, screens(tmp_path)) as visitor:
        page = visitor.page
        await visitor.open("/login")
        await visitor.keep("login")
        await visitor.enter("host1")
        await visitor.keep("overview")
        await visitor.open("/applications")
        await visitor.keep("applications")
        await page.get_by_role("link", name="版本衝突").click()
        await page.locator("tbody a").first.click()
        await visitor.keep("conflict")
        await visitor.open("/applications?state=approved&sort=points")
        await page.locator("tbody a").first.click()
        await visitor.keep("record")
        await page.get_by_label("顯示個資的事由").fill("電話詢問，核對身分")
        await page.get_by_role("button", name="顯示個資與志願").click()
        await visitor.keep("revealed")
        await visitor.open("/applications?q=沒有這個人")
        await visitor.keep("nobody")
        await visitor.open("/fleet")
        await visitor.keep("fleet")
        await visitor.open("/freeze")
        await visitor.keep("freeze")
        await page.get_by_role("button", name="凍結這").click()
        await page.wait_for_url("**/runs")
        await page.get_by_role("button", name="媒合 國小").click()
        await page.get_by_text("已檢核").wait_for(timeout=60_000)
        await visitor.keep("runs")
        await page.get_by_role("link", name="第 1 次").click()
        await visitor.keep("checked")
        await page.get_by_role("button", name="登出").click()
        await visitor.enter("host2")
        await visitor.open("/runs/1")
        await page.get_by_role("button", name="核可這個結果").click()
        await visitor.keep("approved")
        await page.get_by_role("button", name="公告給").click()
        await page.get_by_text("通知").first.wait_for()
        await visitor.keep("result")
        await visitor.open("/audit")
        await visitor.keep("audit")
        await page.get_by_role("button", name="登出").click()
        await visitor.enter("yilan")
        await visitor.keep("county")
        assert visitor.said == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("season")
async def test_the_pages_work_by_keyboard_alone(desk, tmp_path):
    async with browsing(desk, tmp_path) as visitor:
        page = visitor.page
        await visitor.open("/login")
        await page.wait_for_function("document.activeElement.name === 'login'")
        await page.keyboard.type("host1")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(visitor.base + "/")
        await page.keyboard.press("Tab")

        skipped = await page.evaluate("document.activeElement.textContent")
        await page.keyboard.press("Enter")

        assert skipped == "跳到主要內容"
        await page.wait_for_url("**/#main")
        assert visitor.said == []


async def test_the_browser_is_the_one_of_the_distribution():
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, "--version", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()

    assert b"Chromium" in told
