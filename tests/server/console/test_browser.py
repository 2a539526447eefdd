"""The console in a real browser: every page at desk and telephone width, nothing on its console.

Pictures are kept beside the test's other files, and in ``JIEPIN_SCREENS`` if that names a folder.
"""

import asyncio
from random import Random

import pytest
from sqlalchemy import select

from server.staff.role import Role
from server.store.incidents import incident
from server.store.tables import device
from tests.server.console.browser import CHROMIUM, browsing, screens
from tests.server.console.test_scenarios import drawn
from tests.server.season.country import FREEZE_MS, HOUR_MS, PASSWORD, POINTS, Site

pytestmark = pytest.mark.unmeasured

BROKEN = """() => [...document.images].filter(each => !each.naturalWidth || !each.alt)
  .map(each => each.src)"""


def reports(sites):
    states = (
        (
            "service=failed device=fine readers=1 repair=3failed card=store link=offline "
            "pending=12 drafts=1 software=0.1"
        ),
        (
            "service=fine device=missing readers=0 link=blocked attention=quota pending=3 drafts=0 "
            "software=0.1"
        ),
    )
    for at, (site, number, state) in enumerate(
        zip(sites, ("7HK2QX", "M4TZ8C"), states, strict=False)
    ):
        when = FREEZE_MS - (at + 1) * HOUR_MS
        yield {
            "dev": site.device.id,
            "number": number,
            "t_ms": when - 40 * 60_000,
            "recv_ms": when,
            "state": state,
        }


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
        connection.execute(incident.insert(), list(reports(sites)))
        for number, row in enumerate(connection.execute(select(device.c.dev)).all(), start=231):
            named = device.update().where(device.c.dev == row.dev)
            connection.execute(named.values(name=f"KH-0{number}"))
    return sites


async def look_at_pictures(desk, visitor):
    await drawn(desk)
    await visitor.page.reload()
    assert await visitor.page.evaluate(BROKEN) == []
    await visitor.keep("pictures")
    await visitor.page.get_by_role("link", name="情境比較").click()
    await visitor.page.get_by_role("heading", name="情境比較").wait_for()
    assert await visitor.page.evaluate(BROKEN) == []
    await visitor.keep("scenarios")


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
        await visitor.open("/incidents")
        await visitor.keep("incidents")
        await visitor.open("/freeze")
        await visitor.keep("freeze")
        await page.get_by_role("button", name="凍結這").click()
        await page.wait_for_url("**/runs")
        await page.get_by_role("button", name="媒合 國小").click()
        await page.get_by_text("已檢核").wait_for(timeout=60_000)
        await visitor.keep("runs")
        await page.get_by_role("link", name="第 1 次").click()
        await visitor.keep("checked")
        await look_at_pictures(desk, visitor)
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
