"""The county's review in a real browser: by keyboard and mouse, at desk and telephone width."""

import pytest

from server.barring import grounds
from server.imports.barred import plan_barred, read_barred
from server.imports.shelf import batch_of, read_gazetteer, write_barred
from server.lists import moment
from server.staff.role import Role
from tests.server.console.browser import browsing, screens
from tests.server.imports.lists import sheet
from tests.server.season.country import HOUR_MS, SUBMIT_MS, Site

pytestmark = pytest.mark.unmeasured
COUNTY_MS = SUBMIT_MS + 5 * 24 * HOUR_MS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_county_passes_corrects_and_sees_what_it_did_at_both_widths(desk, tmp_path):
    country = desk.country
    site = Site(country, "134601", "134602")
    cases = [
        site.approved(number, school, ("144601", "144602"), service_years=number)
        for number, school in ((1, "134601"), (2, "134601"), (3, "134602"))
    ]
    country.receive(site.device)
    lines, _ = read_barred(
        sheet(
            "縣市,身分證統一編號,依據,起日,迄日,來源",
            f"屏東縣,{cases[1].claim.national_id},未報到,112/8/1,,府教學字第1120001號",
        ),
        read_gazetteer(),
        grounds(),
        moment(COUNTY_MS).date(),
    )
    with country.store.writing() as connection:
        batch = batch_of({"管制名單.csv": "00"}, "os:clerk", COUNTY_MS)
        write_barred(connection, plan_barred(lines, {}), batch)
    country.account("pingtung", Role.COUNTY, "13", name="張科員")
    desk.at(COUNTY_MS)

    async with browsing(desk, screens(tmp_path)) as visitor:
        page = visitor.page
        await visitor.enter("pingtung")
        await visitor.open("/reviews")
        await visitor.keep("reviews")
        await visitor.open(f"/reviews/{cases[0].teacher.app.hex()}")
        await page.get_by_label("獎懲積分 縣市核定").fill("1.0")
        await page.get_by_label("獎懲積分 更正理由").fill("獎狀一張非主管機關核給")
        await page.get_by_label("教師證（申請科別）").check()
        await page.get_by_label("通過，採上表縣市核定的積分").check()
        await visitor.keep("review")
        await page.get_by_role("button", name="下一步：確認").click()
        await visitor.keep("review-confirm")
        await page.get_by_role("button", name="確認簽入「通過」").click()
        await page.get_by_text("13000001").first.wait_for()
        await visitor.keep("review-done")
        await visitor.open(f"/reviews/{cases[1].teacher.app.hex()}")
        await page.get_by_text("與管制名單相符").first.wait_for()
        await visitor.keep("review-barred")
        await visitor.open("/reviews")
        await page.get_by_label("選取").first.check()
        await page.get_by_role("button", name="批次通過選取的申請").click()
        await visitor.keep("review-several")
        await page.get_by_role("button", name="確認簽入 1 件通過").click()
        await page.get_by_text("13000002").first.wait_for()
        await visitor.open("/barred")
        await visitor.keep("barred")

        assert visitor.said == []
