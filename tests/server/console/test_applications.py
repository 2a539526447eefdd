"""The list of applications, a record, revealing a person, taking the list away."""

import csv
import io
import json
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest

from core.wire.payload import PointsReason
from kiosk.session import bureau
from server.console.layout import grounds
from server.console.register import View, view_of
from server.console.text import POINTS_REASONS, RETURN_REASONS
from server.staff.role import Role
from server.store.season_tables import audit
from tests.server.running import read_rows
from tests.server.season.country import Site

EAST = ("144601", "144602")


@pytest.fixture
def season(desk):
    """One of everything: approved, waiting, returned, withdrawn, in conflict, flagged."""
    country = desk.country
    here, there = Site(country, "134601", "134602"), Site(country, "134601")
    yilan = Site(country, "024601")
    found = {
        "approved": here.approved(1, "134601", EAST),
        "waiting": here.applied(2, "134602", EAST),
        "returned": here.applied(3, "134601", EAST),
        "withdrawn": here.applied(4, "134601", EAST),
        "conflict": here.applied(5, "134601", EAST),
        "elsewhere": yilan.approved(6, "024601", ("134601",), counties=("13", "14")),
        "flagged": country.apply(here.device, country.teacher(7, "134602"), EAST),
    }
    country.decide(here.device, here.officer, found["returned"], verdict="returned")
    withdrawn = found["withdrawn"]
    here.device.withdraw(withdrawn.teacher, withdrawn.link.hash)
    there.device.register(found["conflict"].teacher, there.officer)
    country.apply(there.device, found["conflict"].teacher, EAST[:1])
    country.receive(here.device, there.device, yilan.device)
    desk.at(country.now_ms)
    return found


def audit_rows(desk):
    with desk.country.store.reading() as connection:
        return read_rows(connection, audit)


async def test_a_record_shows_both_figures_and_the_reason_of_each_changed_line(desk):
    site = Site(desk.country, "134601")
    applied = site.applied(1, "134601", EAST)
    because = (
        PointsReason(place="service", instead_of=9900, reason="not_countable", remark="留停一年"),
        PointsReason(place="awards", instead_of=None, reason="originals", remark=""),
    )
    desk.country.decide(site.device, site.officer, applied, because=because)
    desk.country.receive(site.device)
    desk.at(desk.country.now_ms)
    await desk.enter()

    page = (await desk.get(f"/applications/{applied.teacher.app.hex()}")).text

    assert "年資 99.0 改為" in page
    assert "依規定不予採計" in page
    assert "獎懲" in page
    assert "依正本核計" in page
    assert "留停一年" not in page  # until somebody writes down why she has to see it


async def test_the_list_counts_states_and_masks_people(desk, season):
    await desk.enter()

    page = await desk.get("/applications")

    assert "申請 7 件" in page.text
    for words in ("待初審 1", "初審通過 2", "已退回 1", "版本衝突 1", "已撤回 1", "待查 1"):
        assert words in page.text
    for applied in season.values():
        assert applied.claim.national_id not in page.html
        assert applied.claim.teacher_name not in page.html
    assert "教師尚未在職登錄" in page.text


@pytest.mark.parametrize("state", ["approved", "waiting", "returned", "conflict", "withdrawn"])
async def test_each_state_shows_its_own_and_their_people(desk, season, state):
    await desk.enter()

    page = await desk.get(f"/applications?state={state}&county=13")

    name = season[state].claim.teacher_name
    assert "申請 1 件" in page.text
    assert f"{name[0]}○{name[-1]}" in page.text
    assert season[state].teacher.app.hex() in page.html


async def test_why_an_officer_returned_a_case_is_read_in_words(desk, season):
    await desk.enter()

    page = await desk.get(f"/applications/{season['returned'].teacher.app.hex()}")

    assert "復職公文未附" in page.text
    assert "reinstatement_missing" not in page.text


def test_every_ground_an_officer_can_choose_has_its_words_here():
    assert tuple(RETURN_REASONS) == bureau.RETURN_REASONS
    assert tuple(POINTS_REASONS) == bureau.POINTS_REASONS
    assert grounds(["other", "of_a_newer_machine"]) == "其他、of_a_newer_machine"


async def test_a_county_sees_its_own_schools_only(desk, season):
    await desk.enter("yilan", Role.COUNTY, "02")

    page = await desk.get("/applications?county=13")
    own = await desk.get("/applications")
    record = await desk.get(f"/applications/{season['approved'].teacher.app.hex()}")

    assert "申請 0 件" in page.text
    assert "申請 1 件" in own.text
    assert record.status == 404
    assert "不屬於您的縣市" in record.text


async def test_a_version_held_against_takes_no_conflict_to_another_county(desk, season):
    country, conflict = desk.country, season["conflict"]
    stranger = country.machine("024601")
    country.apply(stranger, replace(conflict.teacher, school="024601"), EAST, version=9)
    country.receive(stranger)
    desk.at(country.now_ms)
    place = f"/applications/{conflict.teacher.app.hex()}"

    await desk.enter("pingtung", Role.COUNTY, "13")
    own = await desk.get("/applications?state=conflict")
    record = await desk.get(place)
    docket = await desk.get("/cases?matter=conflict")
    await desk.enter("yilan", Role.COUNTY, "02")
    other = await desk.get(place)
    elsewhere = await desk.get("/cases?matter=conflict")

    assert "申請 1 件" in own.text
    assert (record.status, other.status) == (200, 404)
    assert place in docket.html
    assert place not in elsewhere.html


async def test_a_number_a_name_or_a_school_finds_the_person(desk, season):
    await desk.enter()
    claim = season["approved"].claim

    for words in (claim.national_id.lower(), claim.teacher_name, "溪南", "024601"):
        page = await desk.get(f"/applications?q={words}")
        assert "申請 1 件" in page.text, words
    assert "沒有符合條件" in (await desk.get("/applications?q=%25")).text


async def test_pages_and_order_follow_the_address(desk, season):
    await desk.enter()

    up = await desk.get("/applications?sort=school&dir=up&size=25")
    down = await desk.get("/applications?sort=school&size=25")

    assert 'aria-sort="ascending"' in up.html
    order = [season["elsewhere"].teacher.app.hex(), season["waiting"].teacher.app.hex()]
    assert up.html.index(order[0]) < up.html.index(order[1])
    assert down.html.index(order[0]) > down.html.index(order[1])
    assert "第 1 頁，共 1 頁；7 件" in up.text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "size=7",
        "size=99999999999",
        "sort=name",
        "state=<script>",
        "stage=none",
        "county=%F0",
        "dir=sideways",
        "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "page=99999999999999999999",
    ],
)
async def test_a_strange_address_is_answered_with_a_page(desk, query):
    await desk.enter()

    page = await desk.get(f"/applications?{query}")

    assert page.status == 200
    assert "<script" not in page.html


def test_an_address_gives_its_view_again():
    view = View(q="溪", state="approved", stage="elementary", county="13", sort="points", page=3)

    assert view_of(dict(parse_qsl(view.query))) == view
    assert View().query == ""


async def test_a_record_shows_versions_decisions_and_entries_but_not_the_person(desk, season):
    await desk.enter()
    applied = season["approved"]

    page = await desk.get(f"/applications/{applied.teacher.app.hex()}")

    assert "王主任" in page.text
    assert "22.0\uff0f17.0" in page.text
    assert "送出申請" in page.text
    assert "初審通過" in page.text
    assert applied.link.hash.hex() in page.html
    for secret in (applied.claim.national_id, applied.claim.teacher_name, applied.claim.email):
        assert secret not in page.html


async def test_revealing_needs_a_reason_and_is_written_down_first(desk, season):
    await desk.enter()
    applied = season["approved"]
    path = f"/applications/{applied.teacher.app.hex()}"

    without = await desk.send(path, path, reason=" ")
    shown = await desk.send(path, path, reason="核對身分")

    assert applied.claim.national_id not in without.html
    assert "請填寫事由" in without.text
    assert applied.claim.national_id in shown.html
    assert applied.claim.teacher_name in shown.html
    assert "臺東縣河口國小" in shown.text
    last = audit_rows(desk)[-1]
    assert (last["code"], last["reason"]) == ("person_revealed", "核對身分")
    assert last["target"] == applied.teacher.app.hex()


async def test_an_auditor_cannot_reveal(desk, season):
    await desk.enter("audit", Role.AUDITOR)
    path = f"/applications/{season['approved'].teacher.app.hex()}"
    page = await desk.get(path)

    done = await desk.post(path, form=(await desk.get("/")).token, reason="x")

    assert "不能顯示個資" in page.text
    assert done.status == 403


async def test_the_list_goes_away_masked_as_csv_and_json(desk, season):
    await desk.enter()

    as_csv = await desk.get("/applications.csv?county=13&sort=school")
    as_json = await desk.get("/applications.json?county=13&sort=school")

    table = list(csv.DictReader(io.StringIO(as_csv.html)))
    records = json.loads(as_json.html)
    assert len(table) == len(records) == 6
    assert [row["申請代碼"] for row in table] == [each["app"] for each in records]
    assert table[0]["學校代碼"].startswith("13")
    assert "attachment" in as_csv.headers["Content-Disposition"]
    for applied in season.values():
        assert applied.claim.national_id not in as_csv.html + as_json.html
        assert applied.claim.teacher_name not in as_csv.html + as_json.html


async def test_what_was_exported_is_written_down_without_the_words_searched_for(desk, season):
    await desk.enter()
    name = season["approved"].claim.teacher_name

    await desk.get(f"/applications.csv?q={name}&state=approved")

    last = audit_rows(desk)[-1]
    assert last["code"] == "applications_exported"
    assert "state=approved" in last["after"]
    assert name not in str(last)


async def test_an_export_holds_more_than_a_page(desk, season):
    await desk.enter()

    records = json.loads((await desk.get("/applications.json?size=25&page=2")).html)

    assert {each["app"] for each in records} == {
        applied.teacher.app.hex() for applied in season.values()
    }


async def test_an_unknown_record_is_not_there(desk):
    await desk.enter()

    assert (await desk.get(f"/applications/{'0' * 32}")).status == 404
    assert (await desk.get("/applications/xyz")).status == 404


async def test_versions_in_conflict_stand_side_by_side_with_their_differences_marked(desk, season):
    app = season["conflict"].teacher.app.hex()
    await desk.enter()

    page = await desk.get(f"/applications/{app}")
    shown = await desk.send(f"/applications/{app}", f"/applications/{app}", reason="教師來電詢問")
    calm = await desk.get(f"/applications/{season['approved'].teacher.app.hex()}")

    assert "並立的版本 2 處不同" in page.text
    assert "志願數 不同" in page.text
    assert "姓名 •••• ••••" in page.text
    assert season["conflict"].claim.teacher_name not in page.html
    assert "第 2 志願 不同" in shown.text
    assert "144602" in shown.html
    assert "並立" not in calm.text
