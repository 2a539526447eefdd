"""The door: who gets in, who does not, what every answer carries."""

import pytest

from server.console.session import AT_MOST_MS, IDLE_MS
from server.staff.account import LOCKED_MS, TRIES_AT_MOST
from server.staff.role import Role
from server.store.season_tables import account, audit, console_session
from tests.server.running import read_rows
from tests.server.season.country import PASSWORD

PAGES = ("/", "/applications", "/fleet", "/freeze", "/runs", "/audit", "/applications.csv")


def rows(desk, table):
    with desk.country.store.reading() as connection:
        return read_rows(connection, table)


async def attempt(desk, password, login="host1"):
    return await desk.send("/login", "/login", login=login, password=password)


@pytest.mark.parametrize("path", PAGES)
async def test_strangers_are_shown_the_door(desk, path):
    page = await desk.get(path)

    assert (page.status, page.headers["Location"]) == (303, "/login")


async def test_the_right_password_opens_and_the_cookie_is_for_us_alone(desk):
    desk.country.account("host1")

    page = await attempt(desk, PASSWORD)

    assert page.status == 303
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert (await desk.get("/")).status == 200


async def test_the_cookie_itself_is_not_in_the_database(desk):
    await desk.enter()

    value = next(
        each.value
        for each in desk.running.client.session.cookie_jar
        if each.key == "jiepin_console"
    )

    stored = rows(desk, console_session)
    assert len(stored) == 1
    assert value.encode() not in stored[0]["id"]


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(desk):
    desk.country.account("host1")

    wrong = await attempt(desk, "something else")
    unknown = await attempt(desk, "something else", login="nobody")

    assert wrong.status == unknown.status == 401
    assert "帳號或密碼不正確" in wrong.text
    assert "帳號或密碼不正確" in unknown.text


async def test_what_was_typed_as_a_name_is_not_written_down(desk):
    await attempt(desk, "x", login="my password by mistake")

    assert "my password" not in str(rows(desk, audit))


async def test_after_five_tries_the_account_is_locked_for_ten_minutes(desk):
    desk.country.account("host1")
    for _ in range(TRIES_AT_MOST - 1):
        assert (await attempt(desk, "wrong")).status == 401

    fifth = await attempt(desk, "wrong")
    right = await attempt(desk, PASSWORD)
    desk.running.clock.now_ms += LOCKED_MS
    later = await attempt(desk, PASSWORD)

    assert (fifth.status, right.status, later.status) == (429, 429, 303)
    assert "10 分鐘後再試" in fifth.text
    codes = [row["code"] for row in rows(desk, audit)]
    assert codes[-2:] == ["login_locked", "logged_in"]


async def test_a_right_password_forgives_the_tries_before(desk):
    desk.country.account("host1")
    for _ in range(TRIES_AT_MOST - 1):
        await attempt(desk, "wrong")
    assert (await attempt(desk, PASSWORD)).status == 303

    assert (await attempt(desk, "wrong")).status == 401


async def test_a_login_form_from_elsewhere_is_refused(desk):
    desk.country.account("host1")

    page = await desk.post("/login", login="host1", password=PASSWORD, form="0" * 64)

    assert page.status == 403


async def test_leaving_ends_the_session_for_good(desk):
    await desk.enter()

    done = await desk.send("/", "/logout")

    assert (done.status, done.headers["Location"]) == (303, "/login")
    assert rows(desk, console_session) == []
    assert (await desk.get("/")).status == 303


async def test_the_old_system_is_named_with_its_source_and_not_linked(desk):
    page = await desk.get("/login")

    assert "教師操作端：https://tas.kh.edu.tw/teacher" in page.text.replace(" ", "")
    assert "https://tas.kh.edu.tw/city/" in page.text
    assert "依教師介聘系統操作手冊" in page.text
    assert 'href="https://tas' not in page.html


async def test_a_session_ends_when_nobody_uses_it(desk):
    await desk.enter()
    desk.running.clock.now_ms += IDLE_MS - 1
    assert (await desk.get("/")).status == 200
    desk.running.clock.now_ms += IDLE_MS - 1
    assert (await desk.get("/")).status == 200

    desk.running.clock.now_ms += IDLE_MS

    assert (await desk.get("/")).status == 303


async def test_a_session_ends_at_the_end_of_the_day_however_busy(desk):
    await desk.enter()
    for _ in range(AT_MOST_MS // (IDLE_MS // 2) - 1):
        desk.running.clock.now_ms += IDLE_MS // 2
        assert (await desk.get("/")).status == 200

    desk.running.clock.now_ms += IDLE_MS // 2

    assert (await desk.get("/")).status == 303


@pytest.mark.parametrize("path", ["/login", "/", "/static/console.css", "/static/favicon.svg"])
async def test_every_answer_carries_the_headers_that_keep_scripts_and_frames_out(desk, path):
    await desk.enter()

    page = await desk.get(path)

    policy = page.headers["Content-Security-Policy"]
    assert page.status == 200
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script" not in page.html
    assert "style=" not in page.html


async def test_pages_are_never_kept_by_browsers_and_pictures_are(desk):
    await desk.enter()

    assert (await desk.get("/")).headers["Cache-Control"] == "no-store"
    assert "max-age" in (await desk.get("/static/console.css")).headers["Cache-Control"]
    assert (await desk.get("/static/../application.py")).status == 404


@pytest.mark.parametrize(
    ("path", "page"), [("/freeze", "/freeze"), ("/logout", "/"), ("/runs", "/runs")]
)
async def test_a_form_without_the_token_of_a_page_changes_nothing(desk, path, page):
    await desk.enter()

    done = await desk.post(path, form="0" * 64, stage="elementary")

    assert done.status == 403
    assert "沒有做任何變更" in done.text
    assert (await desk.get(page)).status == 200


@pytest.mark.parametrize(
    ("role", "county", "allowed"),
    [
        (Role.COUNTY, "13", {"/", "/applications", "/fleet", "/applications.csv"}),
        (Role.HOST, None, set(PAGES)),
        (Role.AUDITOR, None, set(PAGES) - {"/freeze"}),
        (Role.ADMIN, None, {"/", "/applications", "/fleet", "/runs", "/audit"}),
    ],
)
async def test_each_role_sees_its_pages_and_is_told_who_may_see_the_others(
    desk, role, county, allowed
):
    await desk.enter("someone", role, county)

    for path in PAGES:
        page = await desk.get(path)
        assert page.status == (200 if path in allowed else 403), path
        if path not in allowed:
            assert "可以使用的是：" in page.text


async def test_a_disabled_account_is_out_at_once(desk):
    await desk.enter()
    with desk.country.store.writing() as connection:
        connection.execute(account.update().values(disabled_ms=1))

    assert (await desk.get("/")).status == 303


@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        ("application/x-www-form-urlencoded; charset=no-such", "login=x", 403),
        ("application/x-www-form-urlencoded; charset=utf-16", "login=x", 403),
        ("application/x-www-form-urlencoded", "login=%ED%A0%80&form=%FF", 403),
        ("application/x-www-form-urlencoded", "&".join(["a=1"] * 2_000), 400),
        ("application/x-www-form-urlencoded", "login=" + "x" * 70_000, 413),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("application/json", "{}", 415),
        ("", "login=x", 415),
    ],
)
async def test_a_form_no_browser_of_ours_sends_is_refused(desk, media, body, status):
    headers = {"Content-Type": media}
    async with desk.running.client.post("/login", data=body, headers=headers) as answer:
        assert answer.status == status


async def test_a_form_that_was_compressed_is_refused(desk):
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Encoding": "gzip",
    }
    async with desk.running.client.post("/login", data=b"x", headers=headers) as answer:
        assert answer.status == 400


async def test_no_number_in_an_address_is_too_much(desk):
    await desk.enter("auditor1", Role.AUDITOR)
    numbers = ("9" * 5_000, "9" * 30, "-1", "0", "1e9", "٣", "²")
    asked = [
        f"{path}?{field}={number}"
        for path in ("/applications", "/audit", "/cases", "/reviews")
        for field in ("page", "size")
        for number in numbers
    ]

    statuses = {(await desk.get(each)).status for each in asked}

    assert statuses == {200}
