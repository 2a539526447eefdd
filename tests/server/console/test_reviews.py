"""W08: a county's queue, one case in two steps, several at once, and who may not."""

import re
import shutil

import pytest

from core.season.county import CountyVerdict
from core.wire.canon import from_wire
from core.wire.event import decode_frame, read_event
from core.wire.payload import CopyPayload, CountyPayload
from server.barring import grounds
from server.imports.barred import plan_barred, read_barred
from server.imports.shelf import batch_of, read_gazetteer, write_barred
from server.lists import moment
from server.staff.role import Role
from server.store.season_tables import audit
from server.store.tables import county_review, event, inbox, payload
from server.views.check import check_views
from tests.server.imports.lists import sheet
from tests.server.season.country import FREEZE_MS, HOUR_MS, OFFICER_MS, SUBMIT_MS, Site

EAST = ("144601", "144602")
COUNTY_MS = SUBMIT_MS + 5 * 24 * HOUR_MS  # 115/5/3 17:00
FIGURES = {
    "points-reason_a": "10.0",
    "points-reason_b": "5.0",
    "points-appraisal": "4.0",
    "points-service": "6.0",
    "points-awards": "1.5",
    "points-special": "0.0",
    "points-training": "0.5",
}
PASS = FIGURES | {"verdict": "passed"}


@pytest.fixture
def database_url(sqlite_template, tmp_path):
    """One kind of database: the statements are tested on both in tests/server/season."""
    path = tmp_path / "server.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def school(desk):
    """Two teachers of 屏東 and one of 宜蘭, all passed by their schools; the county's time."""
    site = Site(desk.country, "134601", "134602")
    other = Site(desk.country, "024601")
    first = site.approved(1, "134601", EAST)
    second = site.approved(2, "134602", EAST)
    away = other.approved(3, "024601", EAST)
    desk.country.receive(site.device, other.device)
    desk.at(COUNTY_MS)
    return site, first, second, away


def place(applied):
    return f"/reviews/{applied.teacher.app.hex()}"


async def confirm(desk, applied, **fields):
    """The first step; the page that would be signed."""
    return await desk.send(place(applied), place(applied), **fields)


async def sign(desk, applied, **fields):
    """Both steps."""
    shown = await confirm(desk, applied, **fields)
    assert shown.status == 200, shown.text
    mark = re.search(r'name="mark" value="([0-9a-f]{16})"', shown.html)[1]
    return await desk.post(
        f"{place(applied)}/sign", form=shown.token, mark=mark, **(FIGURES | fields)
    )


async def enter(desk, login="pingtung", county="13"):
    await desk.enter(login, Role.COUNTY, county)


async def test_the_queue_shows_the_countys_own_by_school_with_persons_masked(desk, school):
    _, first, second, away = school
    await enter(desk)

    page = await desk.get("/reviews")
    overview = await desk.get("/")
    record = await desk.get(f"/applications/{first.teacher.app.hex()}")
    waiting = await desk.get("/reviews?state=waiting")
    passed = await desk.get("/reviews?state=passed")

    assert "積分審查 2 件" in page.text
    assert "屏東縣山海國小" in page.text
    assert "22.0" in page.text
    assert "2 件申請等待縣市積分審查" in overview.text
    assert "縣市積分審查：尚未審查 審查頁" in record.text
    assert place(first) in page.html
    assert place(away) not in page.html
    assert place(second) in waiting.html
    assert "沒有符合條件" in passed.text
    for applied in (first, second):
        assert applied.claim.teacher_name not in page.html
        assert applied.claim.national_id not in page.html


async def test_passing_takes_two_steps_and_gives_a_number_to_the_kiosk_and_the_queue(desk, school):
    site, first, _, _ = school
    await enter(desk)

    asked = await confirm(desk, first, **PASS, seen="教師證（申請科別）")
    before = await desk.running.rows(county_review)
    done = await sign(desk, first, **PASS, seen="教師證（申請科別）")
    queue = await desk.get("/reviews?state=passed")
    case = await desk.get(place(first))

    assert "確認簽入「通過」" in asked.text
    assert before == []
    assert (done.status, done.headers["Location"]) == (303, place(first))
    (row,) = await desk.running.rows(county_review)
    assert (row["verdict"], row["number"]) == ("passed", "13000001")
    assert "13000001" in queue.text
    assert "pingtung" in case.text
    notices = [each for each in await desk.running.rows(inbox) if each["kind"] == "inbox.county"]
    contents = {each["eh"]: each["data"] for each in await desk.running.rows(payload)}
    assert [each["dev"] for each in notices] == [site.device.id]
    body = read_event(decode_frame(notices[0]["frame"])).body
    assert (body["app"], body["review"], body["verdict"]) == (
        first.teacher.app, row["eh"], "passed",
    )  # fmt: skip
    copy = from_wire(contents[notices[0]["eh"]], CopyPayload)
    said = from_wire(copy.payload, CountyPayload)
    assert (said.points.total_a, said.county, said.seen) == (2200, "13", ("教師證（申請科別）",))
    assert check_views(desk.country.store).equal
    trail = [each for each in await desk.running.rows(audit) if each["code"] == "county_reviewed"]
    assert [(each["account"], each["before"]) for each in trail] == [("pingtung", None)]
    assert first.claim.national_id not in repr(trail)


async def test_a_changed_figure_needs_a_reason_and_keeps_both(desk, school):
    _, first, _, _ = school
    await enter(desk)
    changed = PASS | {"points-awards": "1.0"}

    bare = await confirm(desk, first, **changed)
    asked = await confirm(desk, first, **changed, **{"reason-awards": "獎狀一張非主管機關核給"})
    await sign(desk, first, **changed, **{"reason-awards": "獎狀一張非主管機關核給"})
    shown = await desk.get(place(first))

    assert (bare.status, "更正的每一項積分都須寫明理由" in bare.text) == (400, True)
    assert 'name="points-awards" value="1.0"' in bare.html
    assert "1.5 → 1.0" in asked.text
    assert "獎懲積分：1.0 獎狀一張非主管機關核給" in shown.text
    assert 'name="points-awards" value="1.0"' in shown.html


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "請選擇審查結論"),
        (PASS | {"points-awards": "很多"}, "「獎懲積分」不是積分"),
        (PASS | {"points-awards": "1000.01"}, "超過 1000"),
        (PASS | {"reason-awards": "沒有改卻寫理由"}, "沒有更正的項目"),
        (FIGURES | {"verdict": "refused"}, "須寫明理由"),
    ],
)
async def test_what_cannot_be_signed_is_said_on_the_form_with_everything_kept(
    desk, school, fields, words
):
    _, first, _, _ = school
    await enter(desk)

    page = await confirm(desk, first, **fields)
    forced = await desk.post(
        f"{place(first)}/sign", form=page.token, mark="0" * 16, **(FIGURES | fields)
    )

    assert (page.status, words in page.text) == (400, True)
    assert forced.status == 409
    assert await desk.running.rows(county_review) == []


async def test_going_back_keeps_what_was_typed(desk, school):
    _, first, _, _ = school
    await enter(desk)
    fields = FIGURES | {"verdict": "refused", "reason": "服務年資證明不符", "edit": "yes"}

    page = await confirm(desk, first, **fields)

    assert page.status == 200
    assert "服務年資證明不符" in page.html
    assert re.search(r'value="refused" checked', page.html)


async def test_a_review_may_be_made_again_and_the_number_stays(desk, school):
    _, first, second, _ = school
    await enter(desk)
    await sign(desk, first, **PASS)
    await sign(desk, first, **FIGURES | {"verdict": "refused", "reason": "證件不實"})
    await sign(desk, second, **PASS)
    await sign(desk, first, **PASS)

    rows = await desk.running.rows(county_review)
    page = await desk.get(place(first))

    by_app = {}
    for row in sorted(rows, key=lambda each: each["log_index"]):
        by_app.setdefault(row["app"], []).append((row["verdict"], row["number"]))
    assert by_app[first.teacher.app] == [
        ("passed", "13000001"), ("refused", "13000001"), ("passed", "13000001"),
    ]  # fmt: skip
    assert by_app[second.teacher.app] == [("passed", "13000002")]
    assert page.text.count("之後已改") == 2


async def test_a_new_version_or_decision_makes_a_review_outdated_and_says_so(desk, school):
    site, first, second, _ = school
    await enter(desk)
    await sign(desk, first, **PASS)
    await sign(desk, second, **PASS)
    again = desk.country.apply(
        site.device, first.teacher, EAST, version=2, parents=(first.link.hash,), service_years=9
    )
    desk.country.decide(site.device, site.officer, again)
    decided = next(
        link for link in site.device.links
        if link.event.kind == "officer.approve" and link.event.body["app"] == second.teacher.app
    )  # fmt: skip
    desk.country.decide(site.device, site.officer, second, earlier=(decided.hash,))
    desk.country.receive(site.device)

    queue = await desk.get("/reviews?state=outdated")
    version, decision = await desk.get(place(first)), await desk.get(place(second))

    assert "須重審 2" in queue.text
    assert "申請人已送出新的版本" in version.text
    assert "學校已另行審查" in decision.text
    assert "13000001" in version.text


async def test_what_changed_since_the_page_was_shown_is_not_signed(desk, school):
    site, first, _, _ = school
    await enter(desk)
    shown = await confirm(desk, first, **PASS)
    mark = re.search(r'name="mark" value="([0-9a-f]{16})"', shown.html)[1]
    decided = next(each for each in site.device.links if each.event.kind == "officer.approve")
    desk.country.decide(site.device, site.officer, first, earlier=(decided.hash,))
    desk.country.receive(site.device)

    late = await desk.post(f"{place(first)}/sign", form=shown.token, mark=mark, **PASS)

    assert (late.status, "已有變動" in late.text) == (409, True)
    assert await desk.running.rows(county_review) == []


async def test_before_the_window_one_only_looks_and_after_it_nothing_is_signed(desk, school):
    _, first, _, _ = school
    await enter(desk)
    mark = re.search(r'name="mark" value="(\w+)"', (await desk.get(place(first))).html)[1]
    for ms, words in ((OFFICER_MS - HOUR_MS, "開始，現在只能檢視"), (FREEZE_MS, "截止")):
        desk.at(ms)
        await desk.return_as("pingtung")

        page = await desk.get(place(first))
        token = (await desk.get("/reviews")).token
        forced = await desk.post(f"{place(first)}/sign", form=token, mark=mark, **PASS)

        assert words in page.text
        assert "下一步" not in page.text
        assert (forced.status, words in forced.text) == (409, True)
    assert await desk.running.rows(county_review) == []


async def test_nobody_reviews_for_another_county_or_without_one(desk, school):
    _, first, _, away = school
    await enter(desk)
    page = await desk.get("/reviews")
    other = await desk.get(place(away))
    forced = await desk.post(f"{place(away)}/sign", form=page.token, mark="0" * 16, **PASS)
    await desk.enter("host1", Role.HOST)
    looked = await desk.get(place(first))
    host = await desk.post(f"{place(first)}/sign", form=looked.token, mark="0" * 16, **PASS)
    chosen = await desk.get("/reviews?county=02")
    await desk.enter("auditor", Role.AUDITOR)
    audited = await desk.get(place(first))

    assert (other.status, forced.status) == (404, 409)
    assert (looked.status, host.status) == (200, 403)
    assert "由申請人學校所在縣市的承辦人" in chosen.text
    assert place(away) in chosen.html
    assert place(first) not in chosen.html
    assert "下一步" not in looked.text + audited.text
    assert await desk.running.rows(county_review) == []


async def test_nobody_reviews_an_application_under_the_own_name(desk, school):
    _, first, _, _ = school
    desk.country.account("self", Role.COUNTY, "13", name=first.claim.teacher_name)
    await desk.return_as("self")
    page = await desk.get("/reviews")
    mark = re.search(rf"{first.teacher.app.hex()}:([0-9a-f]{{16}})", page.html)[1]

    case = await desk.get(place(first))
    forced = await desk.post(f"{place(first)}/sign", form=page.token, mark=mark, **PASS)

    assert "自己的申請不能由自己審查" in case.text
    assert (forced.status, "自己的申請" in forced.text) == (409, True)


async def test_a_county_without_a_second_chance_knows_no_completion(desk):
    """F-268: 基隆 gives no time to complete papers; F-325: others do."""
    desk.country.import_schools((("174601", "基隆市海港國小", "基隆市", "中正區", "國小", ""),))
    site, plain = Site(desk.country, "174601"), Site(desk.country, "134601")
    keelung, pingtung = site.approved(1, "174601", EAST), plain.approved(2, "134601", EAST)
    desk.country.receive(site.device, plain.device)
    desk.at(COUNTY_MS)
    fields = FIGURES | {"verdict": "returned", "reason": "請補服務證明正本"}
    await enter(desk, "keelung", "17")

    strict = await desk.get(place(keelung))
    refused = await confirm(desk, keelung, **fields)
    await enter(desk)
    asked = await sign(desk, pingtung, **fields)
    queue = await desk.get("/reviews?state=returned")

    assert "會驗正本後歸還" in strict.text
    assert 'value="returned"' not in strict.html
    assert (refused.status, "不另行提供補件" in refused.text) == (400, True)
    assert asked.status == 303
    assert "補件 1" in queue.text
    assert "（待審）" in queue.text


async def test_several_are_passed_together_after_a_look_or_not_at_all(desk, school):
    site, first, second, away = school
    await enter(desk)
    page = await desk.get("/reviews")
    cases = re.findall(r'name="case" value="([0-9a-f:]+)"', page.html)

    none = await desk.post("/reviews/several", form=page.token)
    odd = await desk.post("/reviews/several", form=page.token, case="zz:1")
    strange = await desk.post(
        "/reviews/several", form=page.token, case=f"{away.teacher.app.hex()}:{'0' * 16}"
    )
    shown = await post_cases(desk, "/reviews/several", page.token, cases)
    decided = next(each for each in site.device.links if each.event.kind == "officer.approve")
    desk.country.decide(site.device, site.officer, first, earlier=(decided.hash,))
    desk.country.receive(site.device)
    stale = await post_cases(desk, "/reviews/several/sign", page.token, cases)
    page = await desk.get("/reviews")
    cases = re.findall(r'name="case" value="([0-9a-f:]+)"', page.html)
    done = await post_cases(desk, "/reviews/several/sign", page.token, cases)

    assert len(cases) == 2
    assert [each.status for each in (none, odd, strange, stale)] == [409] * 4
    assert "確認簽入 2 件通過" in shown.text
    assert done.status == 303
    rows = await desk.running.rows(county_review)
    assert {row["app"] for row in rows} == {first.teacher.app, second.teacher.app}
    assert {row["number"] for row in rows} == {"13000001", "13000002"}
    assert {row["verdict"] for row in rows} == {CountyVerdict.PASSED.value}


async def post_cases(desk, path, token, cases):
    fields = [("form", token), *(("case", each) for each in cases)]
    async with desk.running.client.post(path, data=fields, allow_redirects=False) as answer:
        body = await answer.read()
    return type(await desk.get("/reviews"))(
        status=answer.status, html=body.decode(), headers=dict(answer.headers)
    )


@pytest.mark.usefixtures("school")
async def test_too_many_at_once_are_refused(desk):
    await enter(desk)
    page = await desk.get("/reviews")

    done = await post_cases(
        desk, "/reviews/several", page.token, [f"{number:032x}:{'0' * 16}" for number in range(101)]
    )

    assert (done.status, "一次最多" in done.text) == (409, True)


async def test_every_review_is_an_entry_the_centre_signed_and_names_nobody_in_the_clear(
    desk, school
):
    _, first, _, _ = school
    await enter(desk)
    await sign(desk, first, **PASS)

    (row,) = [each for each in await desk.running.rows(event) if each["kind"] == "centre.review"]
    said = read_event(decode_frame(row["frame"]))

    assert said.dev == desk.running.context.keys.receipt.id
    assert b"pingtung" not in row["frame"]
    assert said.body["claim"] == first.link.event.body["claim"]
    assert len(said.body["decisions"]) == 1


async def test_the_control_list_shows_the_own_countys_lines_and_the_queue_its_hits(desk, school):
    _, first, _, away = school
    text = (
        f"屏東縣,{first.claim.national_id},未報到,109/8/1,,府教學字第1號",
        f"宜蘭縣,{away.claim.national_id},薦送主任,114/8/1,,宜教字第2號",
        f"屏東縣,{away.claim.national_id},放棄介聘,100/8/1,,舊案",
    )
    lines, faults = read_barred(
        sheet("縣市,身分證統一編號,依據,起日,迄日,來源", *text),
        read_gazetteer(),
        grounds(),
        moment(COUNTY_MS).date(),
    )
    with desk.country.store.writing() as connection:
        batch = batch_of({"list.csv": "00"}, "os:clerk", COUNTY_MS)
        write_barred(connection, plan_barred(lines, {}), batch)
    await enter(desk)

    own = await desk.get("/barred")
    queue = await desk.get("/reviews?state=barred")
    case = await desk.get(place(first))
    mark = re.search(r'name="mark" value="(\w+)"', case.html)[1]
    together = await post_cases(
        desk, "/reviews/several", case.token, [f"{first.teacher.app.hex()}:{mark}"]
    )
    passed = await sign(desk, first, **PASS)
    await desk.enter("host1", Role.HOST)
    every = await desk.get("/barred")

    assert faults == ()
    assert "府教學字第1號" in own.text
    assert "宜教字第2號" not in own.text
    assert "另有 1 筆期滿解除" in own.text
    assert "宜教字第2號" in every.text
    assert "與管制名單相符 1" in queue.text
    assert "與管制名單相符：未報到" in case.text
    assert (together.status, "須逐件審查" in together.text) == (409, True)
    assert passed.status == 303
    assert first.claim.national_id not in own.html + queue.html + every.html
