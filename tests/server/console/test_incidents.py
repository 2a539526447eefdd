"""問題回報 on the console: found by the number that is read out, in words, by whom it concerns."""

import pytest

from core.wire import incident as wire
from server.console.incidents import DAY_MS
from server.console.text import FACT_WORDS, FACTS
from server.staff.role import Role
from server.store.incidents import incident

STATE = "service=failed device=fine readers=1 repair=3failed link=offline pending=2 software=0.1"


def told(desk, device, number, recv_ms):
    with desk.country.store.writing() as connection:
        connection.execute(
            incident.insert().values(
                dev=device.id, number=number, t_ms=recv_ms - 5000, recv_ms=recv_ms, state=STATE
            )
        )


@pytest.fixture
def now_ms(desk):
    return desk.running.clock.now_ms


async def test_a_number_read_out_leads_to_machine_time_and_state(desk, now_ms):
    device = desk.country.machine("134601")
    told(desk, device, "7HK2QX", now_ms)
    told(desk, device, "ABCDEF", now_ms - 1)
    await desk.enter()

    every = await desk.get("/incidents")
    found = await desk.get("/incidents?number=7hk%202qx")
    none = await desk.get("/incidents?number=999999")

    assert every.text.index("7HK2QX") < every.text.index("ABCDEF")
    assert "ABCDEF" not in found.text
    assert "屏東縣山海國小" in found.text
    assert "讀卡服務：故障" in found.text
    assert "自動修復：第 3 次失敗" in found.text
    assert "連線：離線" in found.text
    assert "待送：2" in found.text
    assert f"/fleet/{device.id.hex()}" in found.html
    assert "沒有這個編號" in none.text


async def test_a_county_sees_its_own_machines_only(desk, now_ms):
    told(desk, desk.country.machine("134601"), "7HK2QX", now_ms)
    told(desk, desk.country.machine("144601"), "ABCDEF", now_ms)
    await desk.enter("east", Role.COUNTY, "13")

    page = await desk.get("/incidents")
    overview = await desk.get("/")

    assert "7HK2QX" in page.text
    assert "ABCDEF" not in page.text
    assert "1 件服務站的問題回報在 24 小時內收到" in overview.text


async def test_what_is_a_day_old_needs_nobody_on_the_first_page(desk, now_ms):
    told(desk, desk.country.machine("134601"), "7HK2QX", now_ms)
    await desk.enter()

    fresh = await desk.get("/")
    desk.at(now_ms + DAY_MS)
    await desk.return_as("host1")
    old = await desk.get("/")

    assert "問題回報在 24 小時內" in fresh.text
    assert "問題回報在 24 小時內" not in old.text


async def test_strangers_see_no_reports(desk):
    page = await desk.get("/incidents")

    assert (page.status, page.headers["Location"]) == (303, "/login")


def test_every_fact_and_every_code_has_its_words():
    assert set(FACTS) == set(wire.FACTS)
    codes = {
        **{("service", each): 1 for each in wire.CHECKS},
        **{("device", each): 1 for each in wire.CHECKS},
        **{("card", each): 1 for each in wire.CARDS},
        **{("link", each): 1 for each in wire.LINKS},
        **{("attention", each): 1 for each in wire.BLOCKS},
        **{("repair", f"{n}{each}"): 1 for n in (1, 2, 3) for each in (*wire.REPAIRS, "")},
    }
    assert set(FACT_WORDS) == set(codes)
