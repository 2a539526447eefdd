"""Freezing, running, approving and publishing on pages, by two people."""

import pytest

from core.wire.event import decode_frame, read_event
from server.imports.shelf import batch_of, write_season
from server.inbox import page as inbox_page
from server.lists import load_season, read_table
from server.staff.role import Role
from server.store.season_tables import freeze, problem, publication, run
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS, Site


@pytest.fixture
def sites(desk):
    """A swap between two schools, somebody who stays, somebody who is left out."""
    country = desk.country
    here, there = Site(country, "134601"), Site(country, "144601")
    here.approved(1, "134601", ("144601",))
    there.approved(2, "144601", ("134601",), counties=("13", "02"))
    here.approved(3, "134601", ("144602",))
    here.applied(4, "134601", ("144602",))
    country.receive(here.device, there.device)
    desk.at(FREEZE_MS)
    return here, there


def rows(desk, table):
    with desk.country.store.reading() as connection:
        return read_rows(connection, table)


async def frozen_and_run(desk):
    await desk.enter("host1")
    assert (await desk.send("/freeze", "/freeze")).status == 303
    page = await desk.get("/runs")
    assert "媒合 國小" in page.text
    assert (await desk.send("/runs", "/runs", stage="elementary")).status == 303
    await desk.settle()


@pytest.mark.usefixtures("sites")
async def test_the_freeze_page_says_what_goes_in_what_not_and_the_root(desk):
    await desk.enter()

    page = await desk.get("/freeze")

    assert "列入媒合 3" in page.text
    assert "不列入 1" in page.text
    assert "學校尚未初審" in page.text
    assert "凍結這 3 件申請" in page.text
    assert "還沒有凍結過" in page.text


@pytest.mark.usefixtures("sites")
async def test_freezing_writes_the_root_that_was_shown(desk):
    await desk.enter()
    shown = await desk.get("/freeze")

    done = await desk.send("/freeze", "/freeze")

    (row,) = rows(desk, freeze)
    assert (done.status, row["by"]) == (303, "host1")
    assert row["input_root"].hex() in shown.html
    assert "第 1 次" in (await desk.get("/freeze")).text


@pytest.mark.usefixtures("sites")
async def test_what_arrives_after_the_page_was_shown_stops_the_freeze(desk):
    await desk.enter()
    token = (await desk.get("/freeze")).token

    done = await desk.post("/freeze", form=token, root="0" * 64)

    assert done.status == 409
    assert "請重新檢視" in done.text
    assert rows(desk, freeze) == []


@pytest.mark.usefixtures("sites")
async def test_before_its_window_there_is_no_button_and_a_forged_form_is_refused(desk):
    desk.at(FREEZE_MS - 20 * 24 * 3_600_000)
    await desk.enter()
    page = await desk.get("/freeze")
    root = page.text.partition("媒合前公布） ")[2][:64]

    done = await desk.post("/freeze", form=(await desk.get("/")).token, root=root, early="yes")

    assert "現在只能檢視" in page.text
    assert '<button class="primary">凍結' not in page.html
    assert (done.status, "只有示範日程可以提前凍結" in done.text) == (409, True)


@pytest.mark.usefixtures("sites")
async def test_a_demonstration_may_be_frozen_early_when_it_is_said(desk):
    text = read_table("calendar_115.toml").replace('source = "', 'source = "示範：')
    with desk.country.store.writing() as connection:
        write_season(connection, load_season(text), batch_of({"c": "00"}, "test", 0))
    desk.at(FREEZE_MS - 20 * 24 * 3_600_000)
    await desk.enter()

    assert "示範日程" in (await desk.get("/")).text
    assert (await desk.send("/freeze", "/freeze")).status == 409
    assert (await desk.send("/freeze", "/freeze", early="yes")).status == 303
    assert rows(desk, freeze)[0]["early"]


@pytest.mark.usefixtures("sites")
async def test_a_run_is_computed_checked_and_shown_with_its_hashes(desk):
    await frozen_and_run(desk)

    page = await desk.get("/runs/1")

    (row,) = rows(desk, run)
    assert row["check_ok"]
    for digest in (row["placement_sha256"], row["trace_sha256"]):
        assert digest.hex() in page.html
    assert "互調 2" in page.text
    assert "臺東縣河口國小" in page.text
    assert "須由另一位承辦人核可" in page.text
    assert desk.country.teacher(1, "134601").name not in page.html


async def test_two_people_close_the_season_and_the_kiosks_hear_of_it(desk, sites):
    await frozen_and_run(desk)
    alone = await desk.post("/runs/1/approve", form=(await desk.get("/")).token)
    early = await desk.post("/runs/1/publish", form=(await desk.get("/")).token)
    await desk.enter("host2")

    approved = await desk.send("/runs/1", "/runs/1/approve")
    page = await desk.get("/runs/1")
    published = await desk.send("/runs/1", "/runs/1/publish")

    assert (alone.status, early.status) == (409, 409)
    assert "另一位承辦人" in alone.text
    assert "還沒有第二位承辦人核可" in early.text
    assert approved.status == published.status == 303
    assert "公告給 3 位申請人" in page.text
    assert [row["notices"] for row in rows(desk, publication)] == [4]
    with desk.country.store.reading() as connection:
        kinds = [
            read_event(decode_frame(each)).kind
            for each in inbox_page(connection, sites[0].device.id, 0)
        ]
    assert kinds.count("inbox.result") == 3
    shown = await desk.get("/runs/1")
    assert "已公告" in shown.text
    assert "通知 4 則" in shown.text
    assert "各階段結果都已公告" in (await desk.get("/runs")).text


@pytest.mark.usefixtures("sites")
async def test_publishing_twice_sends_nothing_new(desk):
    await frozen_and_run(desk)
    await desk.enter("host2")
    await desk.send("/runs/1", "/runs/1/approve")
    token = (await desk.get("/")).token
    await desk.post("/runs/1/publish", form=token)

    again = await desk.post("/runs/1/publish", form=token)

    assert again.status == 303
    assert len(rows(desk, publication)) == 1


@pytest.mark.usefixtures("sites")
async def test_an_auditor_sees_runs_but_has_no_buttons(desk):
    await frozen_and_run(desk)
    await desk.enter("audit", Role.AUDITOR)
    token = (await desk.get("/")).token

    page = await desk.get("/runs/1")
    forced = [
        await desk.post(path, form=token, stage="elementary")
        for path in ("/runs", "/runs/1/approve", "/runs/1/publish", "/freeze")
    ]

    assert "核可這個結果" not in page.text
    assert "開始媒合" not in (await desk.get("/runs")).text
    assert [each.status for each in forced] == [403] * 4


@pytest.mark.usefixtures("sites")
async def test_strange_requests_are_told_apart(desk):
    await desk.enter()

    assert (await desk.get("/runs/99")).status == 404
    assert (await desk.get("/runs/abc")).status == 404
    assert (await desk.send("/runs", "/runs", stage="everything")).status == 400
    assert (await desk.send("/runs", "/runs", stage="elementary")).status == 409
    assert "先凍結" in (await desk.get("/runs")).text


@pytest.mark.usefixtures("sites")
async def test_a_run_that_the_matcher_refuses_shows_its_words(desk):
    await desk.enter()
    await desk.send("/freeze", "/freeze")
    with desk.country.store.writing() as connection:
        connection.execute(problem.update().values(data=b"{}"))

    await desk.send("/runs", "/runs", stage="elementary")
    await desk.settle()

    assert "失敗" in (await desk.get("/runs")).text
    assert "exit 3" in (await desk.get("/runs/1")).text
