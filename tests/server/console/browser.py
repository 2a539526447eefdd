"""A real browser at the console: what its pages look like, and everything its console said."""

import os
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import async_playwright

from tests.server.season.country import PASSWORD

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
