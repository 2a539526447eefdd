"""Doubtful entries at the desk: the evidence on one page, two officers, then the freeze."""

import json

import pytest

from core.season.seal_code import seal_code
from core.wire.canon import FILE_LIMITS, decode
from core.wire.event import decode_frame, read_event
from core.wire.kind import Boot
from server.staff.role import Role
from server.store.tables import event, payload, vote, witness
from server.views.check import check_views
from tests.server.season.country import FREEZE_MS, HOUR_MS, SUBMIT_MS, Site

EAST = ("144601", "144602")


@pytest.fixture
def season(desk):
    """One teacher on time, one whose time cannot be shown, one late."""
    country = desk.country
    early, doubtful, late = (
        Site(country, "134601"),
        Site(country, "134602"),
        Site(country, "024601"),
    )
    early.approved(1, "134601", EAST)
    country.receive(early.device)
    country.beacon(doubtful.device, SUBMIT_MS - HOUR_MS)
    case = doubtful.approved(2, "134602", EAST)
    country.beacon(late.device, SUBMIT_MS + HOUR_MS)
    late.approved(3, "024601", EAST)
    country.receive(doubtful.device, late.device, at_ms=SUBMIT_MS + 3 * HOUR_MS)
    desk.at(FREEZE_MS)
    return case, doubtful, late


def address(link):
    return f"/cases/{link.hash.hex()}"


async def decide(desk, case, ruling="accept", reason="機台紀錄與電話紀錄相符"):
    place = address(case.link)
    return await desk.send(place, place, ruling=ruling, reason=reason)


async def test_the_docket_lists_each_case_once_under_its_matter(desk, season):
    case, _, _ = season
    await desk.enter()

    doubtful = await desk.get("/cases")
    late = await desk.get("/cases?matter=late")

    assert "時間存疑 1" in doubtful.text
    assert address(case.link) in doubtful.html
    assert "待決定" in doubtful.text
    assert "逾期 1" in late.text
    assert "離線封箱 0" in late.text


async def test_the_evidence_is_on_one_page(desk, season):
    case, site, _ = season
    await desk.enter()

    page = await desk.get(address(case.link))

    assert "丁類" in page.text
    assert "115/4/28(二) 16:00:00.000" in page.text  # the beacon before
    assert "115/4/28(二) 20:00:00.000" in page.text  # when it arrived
    assert "± 5." in page.text
    for link in site.device.links[:4]:
        assert link.hash.hex()[:16] in page.html
    for secret in (case.claim.teacher_name, case.claim.national_id):
        assert secret not in page.html


async def test_the_page_says_what_else_speaks_against_an_entry(desk):
    country = desk.country
    site = Site(country, "134601")
    invented = country.beacon(site.device, FREEZE_MS)
    decided = country.decide(site.device, site.officer, site.applied(1, "134601", EAST))
    country.receive(site.device, at_ms=SUBMIT_MS)
    country.revoke(site.device.id, t_ms=SUBMIT_MS - HOUR_MS)
    country.revoke(site.device.id, site.officer.id, t_ms=SUBMIT_MS - 2 * HOUR_MS)
    desk.at(FREEZE_MS)
    await desk.enter()

    page = await desk.get(address(decided))
    listed = await desk.get("/cases")

    assert "丁類" in page.text
    assert "服務站撤銷 115/4/28(二) 15:00:00.000 起" in page.text
    assert "人事憑證撤銷 115/4/28(二) 15:00:00.000 起" in page.text
    assert f"第 {invented.event.seq} 筆記載的伺服器時間" in page.text
    assert address(decided) in listed.html


async def test_two_officers_have_to_say_the_same_and_the_freeze_waits_for_them(desk, season):
    case, _, _ = season
    await desk.enter("host1")
    blocked = await desk.get("/freeze")
    tried = await desk.send("/freeze", "/freeze", root="00" * 32)

    first = await decide(desk, case)
    alone = await desk.get(address(case.link))
    await decide(desk, case, reason="同一人再說一次也不算數")
    twice = await desk.get(address(case.link))
    await desk.enter("host2")
    await decide(desk, case, reason="封箱前的紀錄完整")
    settled = await desk.get(address(case.link))
    free = await desk.get("/freeze")
    done = await desk.send("/freeze", "/freeze")

    assert "不能凍結" in blocked.text
    assert "凍結這" not in blocked.text
    assert tried.status == 409
    assert first.status == 303
    assert "還沒有生效的決定" in alone.text
    assert "還沒有生效的決定" in twice.text
    assert "已決定：採用" in settled.text
    assert "凍結這 2 件申請" in free.text
    assert "兩位承辦人決定採用" in free.text
    assert (done.status, done.headers["Location"]) == (303, "/runs")


async def test_officers_who_disagree_decide_nothing_until_one_of_them_changes(desk, season):
    case, _, _ = season
    await desk.enter("host1")
    await decide(desk, case, "accept")
    await desk.enter("host2")
    await decide(desk, case, "reject")
    apart = await desk.get(address(case.link))

    await desk.return_as("host1")
    await decide(desk, case, "reject")
    together = await desk.get(address(case.link))
    frozen = await desk.get("/freeze")

    assert "還沒有生效的決定" in apart.text
    assert "已決定：不採用" in together.text
    assert "之後已改" in together.text
    assert "兩位承辦人決定不採用" in frozen.text


async def test_a_decision_is_an_entry_the_centre_signed_and_names_nobody_in_the_clear(desk, season):
    case, _, _ = season
    await desk.enter("host1")
    await decide(desk, case)

    rows = [row for row in await desk.running.rows(event) if row["kind"].startswith("centre.")]
    said = read_event(decode_frame(rows[-1]["frame"]))
    votes = await desk.running.rows(vote)
    contents = {row["eh"]: row["data"] for row in await desk.running.rows(payload)}

    key = desk.running.context.keys.receipt
    assert [row["kind"] for row in rows] == ["centre.open", "centre.decide"]
    assert said.dev == key.id
    assert said.body["entry"] == case.link.hash
    assert b"host1" not in rows[-1]["frame"]
    assert b"host1" in contents[rows[-1]["eh"]]
    assert [(row["entry"], row["ruling"]) for row in votes] == [(case.link.hash, "accept")]
    assert check_views(desk.country.store).equal


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"ruling": "accept", "reason": "短"}, 409, "理由"),
        ({"ruling": "perhaps", "reason": "說不上來的理由"}, 409, "採用或不採用"),
    ],
)
async def test_a_word_without_reason_or_ruling_is_none(desk, season, fields, status, words):
    case, _, _ = season
    await desk.enter()

    page = await desk.send(address(case.link), address(case.link), **fields)

    assert (page.status, words in page.text) == (status, True)
    assert await desk.running.rows(vote) == []


async def test_only_doubtful_entries_are_decided_about(desk, season):
    _, _, late = season
    sent = late.device.links[-2]
    await desk.enter()
    page = await desk.get(address(sent))

    forced = await desk.post(
        address(sent), form=page.token, ruling="accept", reason="請通融這一次就好"
    )

    assert "乙類" in page.text
    assert "簽入決定" not in page.text
    assert forced.status == 409


async def test_the_pack_holds_the_signed_entries_in_both_forms(desk, season):
    case, site, _ = season
    await desk.enter()

    plain = await desk.get(f"{address(case.link)}.json")
    async with desk.running.client.get(f"{address(case.link)}.ttc") as answer:
        canonical = decode(await answer.read(), FILE_LIMITS)

    facts = json.loads(plain.html)
    assert facts["class"] == "D"
    assert facts["not_before"] == SUBMIT_MS - HOUR_MS
    assert facts["entry"]["hash"] == case.link.hash.hex()
    assert canonical["entry"]["hash"] == case.link.hash
    frames = [decode_frame(each) for each in canonical["frames"]]
    assert frames[0].event == case.link.frame.event
    assert {each.signature for each in frames} <= {
        link.frame.signature for link in site.device.links
    }
    assert all(each.payload is None for each in frames)
    assert case.claim.national_id not in plain.html


async def test_who_may_not_decide_may_look_and_another_county_not_even_that(desk, season):
    case, _, _ = season
    await desk.enter("pingtung", Role.COUNTY, "13")
    own = await desk.get(address(case.link))
    docket = await desk.get("/cases")
    forced = await desk.post(
        address(case.link), form="0" * 64, ruling="accept", reason="沒有這個權限"
    )
    await desk.enter("yilan", Role.COUNTY, "02")
    other = await desk.get(address(case.link))
    empty = await desk.get("/cases")
    taken = await desk.get(f"{address(case.link)}.json")
    await desk.enter("auditor", Role.AUDITOR)
    looked = await desk.get(address(case.link))

    assert (own.status, looked.status) == (200, 200)
    assert "簽入決定" not in own.text
    assert "簽入決定" not in looked.text
    assert address(case.link) in docket.html
    assert forced.status == 403
    assert (other.status, taken.status) == (404, 404)
    assert "時間存疑 0" in empty.text


async def test_a_code_heard_by_telephone_proves_later_that_nothing_was_added(desk):
    """DESIGN D14: off line at the deadline, sealed, telephoned, uploaded the next day."""
    country = desk.country
    site = Site(country, "134601")
    applied = site.approved(5, "134601", EAST)
    closed = country.close(site.device)
    after = site.applied(6, "134601", EAST)
    desk.at(SUBMIT_MS - 60_000)
    await desk.enter("pingtung", Role.COUNTY, "13")
    fields = {
        "code": seal_code(closed.hash).lower().replace("-", " "),
        "machine": site.device.id.hex(),
        "way": "phone",
        "note": "人事主任來電",
    }

    entered = await desk.send("/witnesses", "/witnesses", **fields)
    waiting = await desk.get("/witnesses")
    again = await desk.send("/witnesses", "/witnesses", **fields)
    country.receive(site.device, at_ms=SUBMIT_MS + 30 * HOUR_MS)
    matched = await desk.get("/witnesses")
    await desk.enter("host1")
    in_time = await desk.get(address(applied.link))
    added = await desk.get(address(after.link))

    assert entered.status == 303
    assert "等待上傳 1" in waiting.text
    assert "done=known" in again.headers["Location"]
    assert "已比對 1" in matched.text
    assert "甲類" in in_time.text
    assert "電話告知" in in_time.text
    assert "丁類" in added.text
    assert len(await desk.running.rows(witness)) == 1


async def test_a_code_that_an_upload_came_without_is_said_and_a_strangers_look_hides_nothing(desk):
    country = desk.country
    site = Site(country, "134601")
    site.applied(5, "134601", EAST)
    told = site.device.branch(site.device.head.seq)
    told.add_boot()
    code = seal_code(country.close(told).hash)
    country.close(site.device)
    desk.at(SUBMIT_MS + 60_000)
    seen = await desk.get(f"/V/{code}")
    await desk.enter("pingtung", Role.COUNTY, "13")
    fields = {"machine": site.device.id.hex(), "way": "phone", "note": "人事主任來電"}

    await desk.send("/witnesses", "/witnesses", code=code, **fields)
    before = await desk.get("/witnesses")
    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)
    after = await desk.get("/witnesses")

    assert "尚未送達" in seen.text
    assert "等待上傳 1" in before.text
    assert "已上傳的紀錄中沒有 1" in after.text
    assert "請確認告知的是哪一台" in after.text
    assert "等待上傳 0" in after.text


async def test_a_code_of_another_machine_is_listed_as_such_and_a_wrong_one_names_its_group(
    desk, season
):
    _, site, late = season
    code = seal_code(site.device.head.hash)
    wrong = code[:12] + ("A" if code[12] != "A" else "B") + code[13:]
    await desk.enter()
    fields = {"machine": late.device.id.hex(), "way": "paper", "note": "傳真"}

    mistyped = await desk.send("/witnesses", "/witnesses", code=wrong, **fields)
    short = await desk.send("/witnesses", "/witnesses", code=code[:-2], **fields)
    nobody = await desk.send("/witnesses", "/witnesses", code=code, **(fields | {"machine": ""}))
    await desk.send("/witnesses", "/witnesses", code=code, **fields)
    listed = await desk.get("/witnesses")

    assert (mistyped.status, "第 3 組有誤" in mistyped.text) == (400, True)
    assert f'value="{wrong}"' in mistyped.html
    assert (short.status, "第 4 組有誤" in short.text) == (400, True)
    assert nobody.status == 409
    assert "與所稱機台不同 1" in listed.text


async def every_page(desk, address):
    """The pages of a list, as one text."""
    found = [await desk.get(address)]
    while "下一頁" in found[-1].text and len(found) < 20:
        found.append(await desk.get(f"{address}&page={len(found) + 1}"))
    return found


async def test_a_machine_that_files_hundreds_of_doubtful_entries_buries_no_other_school(desk):
    country = desk.country
    loud, quiet = Site(country, "134601"), Site(country, "134602")
    filed = [loud.applied(number, "134601", EAST).link for number in range(10, 260)]
    hers = quiet.applied(3, "134602", EAST).link
    desk.at(SUBMIT_MS + HOUR_MS)
    for first in range(1, len(loud.device.links), 200):
        await desk.running.send(loud.device, first, first + 199)
    desk.at(SUBMIT_MS + 3 * HOUR_MS)
    await desk.running.send(quiet.device)
    await desk.enter("pingtung", Role.COUNTY, "13")

    first = await desk.get("/cases")
    every = await every_page(desk, "/cases?matter=doubtful")
    only = await every_page(desk, f"/cases?matter=doubtful&machine={quiet.device.id.hex()}")
    loud_ones = await every_page(desk, f"/cases?matter=doubtful&machine={loud.device.id.hex()}")

    assert "時間存疑 251" in first.text
    assert first.html.index(hers.hash.hex()) > 0
    assert sum(address(each) in first.html for each in filed) == 199
    assert f"machine={loud.device.id.hex()}" in first.html
    assert "一台服務站超過 20 筆" in first.text
    assert f"machine={quiet.device.id.hex()}" not in first.html
    assert all(sum(address(each) in page.html for page in every) == 1 for each in [*filed, hers])
    assert [address(hers) in page.html for page in only] == [True]
    assert not any(address(each) in only[0].html for each in filed)
    assert all(any(address(each) in page.html for page in loud_ones) for each in filed)


async def test_a_machine_that_makes_many_conflicts_buries_no_other(desk):
    country = desk.country
    loud, quiet = Site(country, "134601"), Site(country, "134602")
    for number in range(10, 60):
        one = loud.applied(number, "134601", EAST)
        country.apply(loud.device, one.teacher, EAST)
    one = quiet.applied(3, "134602", EAST)
    country.apply(quiet.device, one.teacher, EAST)
    for site in (loud, quiet):
        await desk.running.send(site.device)
    await desk.enter("pingtung", Role.COUNTY, "13")

    page = await desk.get("/cases?matter=conflict")
    only = await desk.get(f"/cases?matter=conflict&machine={quiet.device.id.hex()}")

    places = [page.html.index(f"/applications/{one.teacher.app.hex()}")]
    places += [
        page.html.find(f"/applications/{country.teacher(number, '134601').app.hex()}")
        for number in range(10, 60)
    ]
    assert min(places) > 0
    assert sum(place < places[0] for place in places) <= 20
    assert "版本衝突 51" in page.text
    assert only.html.count("/applications/") == 1


async def test_both_branches_of_a_forked_machine_stand_side_by_side(desk):
    country = desk.country
    site = Site(country, "134601")
    site.device.add_boot()
    country.receive(site.device)
    kept = list(site.device.links)
    site.device.links = kept[:-1]
    twin = site.device.add("boot", Boot(software="0.9.9", unclean=True))
    site.device.add_boot()
    forked = await desk.running.upload(site.device, site.device.batch(1))
    await desk.enter()

    page = await desk.get(f"/fleet/{site.device.id.hex()}")
    fleet = await desk.get("/fleet")

    assert forked.status == 409
    assert "第 1 筆起" in page.text
    assert twin.hash.hex()[:12] in page.html
    assert kept[-1].hash.hex()[:12] in page.html
    assert "主紀錄沒有" in page.text
    assert f"/fleet/{site.device.id.hex()}" in fleet.html


@pytest.mark.parametrize(
    "path", ["/cases", "/witnesses", "/cases/" + "0" * 64, "/fleet/" + "0" * 32]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_stranger_is_sent_to_the_door_and_what_is_not_there_is_said(desk, path):
    stranger = await desk.get(path)
    await desk.enter()
    found = await desk.get(path)

    assert stranger.headers["Location"] == "/login"
    assert found.status == (200 if path in {"/cases", "/witnesses"} else 404)
