"""Pages about cases, 封箱碼, forks and receipts in a real browser, at both widths.

Pictures are kept beside the test's other files, and in ``JIEPIN_SCREENS`` if that names a folder.
"""

import asyncio

import pytest
from sqlalchemy import select

from core.season.address import to_base32
from core.season.seal_code import seal_code
from core.wire.kind import Boot
from server.staff.role import Role
from server.store.tables import device
from tests.server.console.browser import browsing, screens
from tests.server.public.receipts import device_receipt
from tests.server.season.country import FREEZE_MS, HOUR_MS, SUBMIT_MS, Site

EAST = ("144601", "144602")
pytestmark = [
    pytest.mark.unmeasured,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def season(desk):
    """One case of every matter, a forked machine, and a school that is still off line."""
    country = desk.country
    early, doubtful, late = (
        Site(country, "134601"),
        Site(country, "134602"),
        Site(country, "024601"),
    )
    sealed, offline, forked = (
        Site(country, "144601"),
        Site(country, "144602"),
        Site(country, "024602"),
    )
    delivered = early.approved(1, "134601", EAST)
    beside = Site(country, "134601")
    beside.device.register(delivered.teacher, beside.officer)
    other = country.apply(
        beside.device, delivered.teacher, (*EAST[::-1], "024601"), subjects=("general", "english")
    )
    country.decide(beside.device, beside.officer, other)
    forked.device.add_boot()
    country.receive(early.device, beside.device, forked.device)
    country.beacon(doubtful.device, SUBMIT_MS - HOUR_MS)
    case = doubtful.approved(2, "134602", EAST)
    country.beacon(late.device, SUBMIT_MS + HOUR_MS)
    late.approved(3, "024601", EAST)
    country.beacon(sealed.device, SUBMIT_MS - 2 * HOUR_MS)
    sealed.approved(4, "144601", ("024601",), counties=("02", "13"))
    country.close(sealed.device)
    country.beacon(sealed.device, SUBMIT_MS + 2 * HOUR_MS)
    waiting = offline.approved(5, "144602", ("024601",), counties=("02", "13"))
    closed = country.close(offline.device)
    country.receive(doubtful.device, late.device, sealed.device, at_ms=SUBMIT_MS + 3 * HOUR_MS)
    desk.at(FREEZE_MS)
    for login, name in (("host1", "林科員"), ("host2", "周組長")):
        country.account(login, name=name)
    country.account("pingtung", Role.COUNTY, "13", name="張科員")
    with country.store.writing() as connection:
        for number, row in enumerate(connection.execute(select(device.c.dev)).all(), start=231):
            named = device.update().where(device.c.dev == row.dev)
            connection.execute(named.values(name=f"KH-0{number}"))
    return {
        "case": case,
        "conflict": delivered,
        "early": early,
        "offline": (offline, waiting, closed),
        "forked": forked,
    }


async def fork(desk, site):
    site.device.links = site.device.links[:-1]
    site.device.add("boot", Boot(software="0.9.9", unclean=True))
    site.device.add_boot()
    answered = await desk.running.upload(site.device, site.device.batch(1))
    assert answered.status == 409


async def test_the_pages_about_cases_are_whole_at_both_widths(desk, season, tmp_path):
    await fork(desk, season["forked"])
    offline, _, closed = season["offline"]
    place = f"/cases/{season['case'].link.hash.hex()}"
    async with browsing(desk, screens(tmp_path)) as visitor:
        page = visitor.page
        await visitor.enter("host1")
        await visitor.open("/cases")
        await visitor.keep("cases")
        await page.locator("tbody a").first.click()
        await visitor.keep("case")
        await page.get_by_label("採用", exact=True).check()
        await page.get_by_label("理由").fill("電話紀錄與機台紀錄相符")
        await page.get_by_role("button", name="簽入決定").click()
        await page.get_by_text("還沒有生效的決定").wait_for()
        await visitor.open("/cases?matter=conflict")
        await visitor.keep("conflicts")
        await visitor.open(f"/applications/{season['conflict'].teacher.app.hex()}")
        await visitor.keep("side-by-side")
        await visitor.open("/cases?matter=sealed")
        await visitor.keep("sealed")
        await visitor.open("/cases?matter=late")
        await visitor.keep("late")
        await visitor.open("/freeze")
        await visitor.keep("freeze-waits")
        await visitor.open(f"/fleet/{season['forked'].device.id.hex()}")
        await visitor.keep("machine")
        await page.get_by_role("button", name="登出").click()
        await visitor.enter("host2")
        await visitor.open(place)
        await page.get_by_label("採用", exact=True).check()
        await page.get_by_label("理由").fill("封箱前的紀錄完整")
        await page.get_by_role("button", name="簽入決定").click()
        await page.get_by_text("已決定：採用").wait_for()
        await visitor.keep("case-decided")
        await visitor.open("/witnesses")
        code = seal_code(closed.hash)
        wrong = code[:12] + ("A" if code[12] != "A" else "B") + code[13:]
        await page.get_by_label("封箱碼（").fill(wrong)
        await page.get_by_label("服務站").select_option(offline.device.id.hex())
        await page.get_by_label("誰告知的").fill("人事主任來電")
        await page.get_by_role("button", name="登錄").click()
        await page.get_by_text("第 3 組有誤").wait_for()
        await visitor.keep("witness-misheard")
        await page.get_by_label("封箱碼（").fill(code.lower())
        await page.get_by_role("button", name="登錄").click()
        await page.get_by_text("等待上傳").first.wait_for()
        await visitor.keep("witnesses")
        expected = "the server responded with a status of 400"
        assert [each for each in visitor.said if expected not in each] == []


async def test_the_public_page_is_whole_at_both_widths(desk, season, tmp_path):
    offline, waiting, closed = season["offline"]
    early = season["early"]
    arrived = to_base32(device_receipt(early.device, season["conflict"].link))
    missing = to_base32(device_receipt(offline.device, waiting.link))
    code = seal_code(closed.hash)
    async with browsing(desk, screens(tmp_path)) as visitor:
        await visitor.open("/verify")
        await visitor.keep("verify")
        await visitor.open(f"/V/{arrived}")
        await visitor.keep("verify-delivered")
        await visitor.open(f"/V/{missing}")
        await visitor.keep("verify-waiting")
        await visitor.open(f"/V/{code}")
        await visitor.keep("verify-code")
        await visitor.open(f"/V/{arrived[:-1]}X")
        await visitor.keep("verify-not-ours")
        await visitor.open(f"/verify?code={code[:-1]}")
        await visitor.keep("verify-misheard")
        scripts = await visitor.page.evaluate("document.scripts.length")
        await asyncio.sleep(0)
        assert scripts == 0
        assert visitor.said == []
