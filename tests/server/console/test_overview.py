"""Overview and fleet: counts, the calendar with its weekdays, machines that are not heard of."""

from server.config import ServerConfig
from server.staff.role import Role
from server.store.tables import head
from tests.server.console.desk import Desk
from tests.server.running import start
from tests.server.season.country import HOUR_MS, SUBMIT_MS, Site

EAST = ("144601", "144602")


async def test_the_overview_counts_what_there_is_and_says_when_nothing_needs_anybody(desk):
    site = Site(desk.country, "134601")
    site.approved(1, "134601", EAST)
    desk.country.open_seats("144601,普通,2,")
    desk.country.receive(site.device)
    desk.at(desk.country.now_ms)
    await desk.enter()

    page = await desk.get("/")

    assert "初審通過 1" in page.text
    assert "目前沒有需要處理的事項" in page.text
    assert "國小 6 2" in page.text
    assert "1 時內有上傳 1" in page.text


async def test_the_calendar_computes_weekdays_and_what_is_left(desk):
    desk.at(SUBMIT_MS - 30 * HOUR_MS)
    await desk.enter()

    page = await desk.get("/")

    assert "115/4/28(二) 17:00" in page.text
    assert "進行中 尚 1 天 06 時" in page.text.replace("\u3000", " ")
    assert "範例" in page.text


async def test_what_needs_somebody_leads_to_the_list_behind_it(desk):
    here, there = Site(desk.country, "134601"), Site(desk.country, "134601")
    twice = here.applied(1, "134601", EAST)
    there.device.register(twice.teacher, there.officer)
    desk.country.apply(there.device, twice.teacher, EAST[:1])
    desk.country.receive(here.device, there.device)
    await desk.enter()

    page = await desk.get("/")

    assert "1 件申請有兩個以上的版本互相衝突" in page.text
    assert 'href="/applications?state=conflict"' in page.html


async def test_a_stage_can_be_looked_at_alone(desk):
    site = Site(desk.country, "134601")
    site.approved(1, "134601", EAST)
    desk.country.receive(site.device)
    await desk.enter()

    assert "初審通過 0" in (await desk.get("/?stage=junior")).text
    assert "初審通過 1" in (await desk.get("/?stage=elementary")).text
    assert (await desk.get("/?stage=nonsense")).status == 200


async def test_machines_are_shown_by_when_they_were_heard_and_unknown_is_never_fine(desk):
    heard, silent, lost = (Site(desk.country, "134601") for _ in range(3))
    desk.country.machine("134602")
    for site in (heard, silent, lost):
        site.device.add_boot()
    desk.country.receive(lost.device)
    desk.country.receive(silent.device, at_ms=desk.country.now_ms + 23 * HOUR_MS)
    desk.country.receive(heard.device, at_ms=desk.country.now_ms + 2 * HOUR_MS)
    desk.at(desk.country.now_ms)
    await desk.enter()

    page = await desk.get("/fleet")

    for words in ("從未上傳 1", "逾 24 時未上傳 1", "逾 1 時未上傳 1", "1 時內有上傳 1"):
        assert words in page.text
    assert page.text.count(" 未知 ") == 4


async def test_a_machine_in_quarantine_comes_first(desk):
    site = Site(desk.country, "134601")
    site.device.add_boot()
    desk.country.receive(site.device)
    with desk.country.store.writing() as connection:
        connection.execute(head.update().values(quarantined_ms=1))
    await desk.enter()

    assert "隔離 1" in (await desk.get("/fleet")).text
    assert "1 台服務站的紀錄分岔，已隔離" in (await desk.get("/")).text


async def test_a_county_sees_the_machines_that_serve_it(desk):
    desk.country.machine("134601")
    desk.country.machine("024601")
    await desk.enter("yilan", Role.COUNTY, "02")

    assert "服務站 1 台" in (await desk.get("/fleet")).text


async def test_empty_lists_say_why(desk):
    await desk.enter()

    assert "還沒有任何服務站" in (await desk.get("/fleet")).text
    assert "教師在服務站送出" in (await desk.get("/applications")).text
    assert "還沒有媒合過" in (await desk.get("/runs")).text


async def test_the_audit_trail_is_a_page(desk):
    await desk.enter()

    page = await desk.get("/audit")

    assert "新增帳號" in page.text
    assert "匯入學校名單" in page.text
    assert "登入" in page.text
    assert (await desk.get("/audit?page=abc")).status == 200


async def test_who_runs_the_season_stands_at_the_foot_of_every_page(desk, database_url, centre):
    config = ServerConfig(
        home=desk.running.context.config.home,
        database=database_url,
        organiser="高雄市政府教育局 <115>",
    )
    async with start(config, desk.country.now_ms, centre) as running:
        named = Desk(running=running, country=desk.country)
        await named.enter()
        pages = [await named.get(path) for path in ("/login", "/login/reader", "/", "/verify")]
    unnamed = await desk.get("/login")

    for page in pages:
        assert "主辦單位：高雄市政府教育局 <115>" in page.text
        assert "<115>" not in page.html
    assert "主辦單位：" not in unnamed.text
