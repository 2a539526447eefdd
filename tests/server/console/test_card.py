"""The card as second factor: of one account, for one challenge, never less than a password."""

import re

import pytest

from core.card.proof import prove, verifier_of
from server.console.half_way import LASTS_MS
from server.staff.account import LOCKED_MS, TRIES_AT_MOST
from server.staff.card import (
    CODE_MS,
    Card,
    bind_card,
    forget_card,
    issue_code,
    new_code,
    require_cards,
)
from server.staff.role import Role
from server.store.season_tables import audit
from server.store.staff_tables import account_card, card_code, half_way
from tests.server.running import read_rows
from tests.server.season.country import PASSWORD

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
CODE = "ABCD-EFGH-2345-67AB"
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = re.compile(r'data-challenge="([0-9a-f]{64})" data-salt="([0-9a-f]{32})"')


class Person:
    """Somebody with a password and a card, at one browser."""

    def __init__(self, desk, login="host1", role=Role.HOST):
        self.desk, self.login = desk, login
        desk.country.account(login, role)

    def do(self, work, *words, **more):
        with self.desk.country.store.writing() as connection:
            return work(connection, *words, **more)

    def enrolled(self, key=KEY):
        self.do(bind_card, self.login, Card(salt=bytes(16), verifier=verifier_of(key)), 1)

    def rows(self, table):
        with self.desk.country.store.reading() as connection:
            return read_rows(connection, table)

    def codes(self):
        return [row["code"] for row in self.rows(audit)]

    async def password(self, text=PASSWORD):
        return await self.desk.send("/login", "/login", login=self.login, password=text)

    async def asked(self):
        """The page that asks for the card, and its challenge."""
        page = await self.desk.get("/login/card")
        assert page.status == 200, page.text
        return page, bytes.fromhex(ASKED.search(page.html)[1])

    async def bring(self, page, challenge, key=KEY, **more):
        fields = {
            "form": page.token,
            "challenge": challenge.hex(),
            "proof": prove(key, challenge).hex(),
            "verifier": verifier_of(key).hex(),
        }
        return await self.desk.post("/login/card", **(fields | more))

    async def card(self, key=KEY, **more):
        return await self.bring(*await self.asked(), key, **more)


@pytest.fixture
def person(desk):
    return Person(desk)


async def test_password_and_card_open_and_either_alone_does_not(person):
    person.enrolled()

    half = await person.password()
    inside = await person.desk.get("/")
    done = await person.card()

    assert (half.status, half.headers["Location"]) == (303, "/login/card")
    assert (inside.status, inside.headers["Location"]) == (303, "/login")
    assert (done.status, done.headers["Location"]) == (303, "/")
    assert (await person.desk.get("/")).status == 200
    assert person.codes()[-2:] == ["login_half_way", "logged_in"]
    assert person.rows(half_way) == []


@ON_ONE
async def test_nobody_is_asked_for_a_card_before_the_password(person):
    person.enrolled()

    page = await person.desk.get("/login/card")
    sent = await person.desk.post("/login/card", form="0" * 64)

    assert (page.status, sent.status) == (401, 403)
    assert "data-challenge" not in page.html + sent.html


@ON_ONE
async def test_another_card_is_refused_and_the_right_one_still_opens(person):
    person.enrolled()
    await person.password()

    wrong = await person.card(OTHER)
    right = await person.card()

    assert wrong.status == 401
    assert "不是這個帳號登記的健保卡" in wrong.text
    assert right.status == 303


@ON_ONE
async def test_an_answer_counts_once_and_for_its_own_challenge(person):
    person.enrolled()
    await person.password()
    old, challenge = await person.asked()
    page, newer = await person.asked()

    late = await person.bring(old, challenge)
    mixed = await person.bring(page, newer, proof=prove(KEY, challenge).hex())
    page, newest = await person.asked()
    first = await person.bring(page, newest)
    await person.desk.send("/", "/logout")
    await person.password()
    again = await person.bring((await person.asked())[0], newest)

    assert [each.status for each in (late, mixed, first, again)] == [401, 401, 303, 401]


@ON_ONE
async def test_an_answer_to_somebody_elses_challenge_opens_nothing(person):
    """Both hold the same card: the challenge belongs to an account, not only to a card."""
    person.enrolled()
    other = Person(person.desk, "host2")
    other.enrolled()
    await other.password()
    _, theirs = await other.asked()
    person.desk.running.client.session.cookie_jar.clear()
    await person.password()

    page, _ = await person.asked()
    done = await person.bring(page, theirs)

    assert done.status == 401


async def test_five_wrong_cards_lock_and_a_password_between_them_forgives_none(person):
    person.enrolled()
    for _ in range(TRIES_AT_MOST - 1):
        assert (await person.password()).status == 303
        assert (await person.card(OTHER)).status == 401

    await person.password()
    fifth = await person.card(OTHER)
    right = await person.password()
    person.desk.running.clock.now_ms += LOCKED_MS
    await person.password()
    later = await person.card()

    assert (fifth.status, right.status, later.status) == (429, 429, 303)
    assert person.codes().count("login_refused") == TRIES_AT_MOST - 1
    assert "login_locked" in person.codes()


@ON_ONE
async def test_while_an_account_is_locked_its_card_opens_nothing_and_enrols_nothing(person):
    person.do(issue_code, "host1", CODE, by="os:root", now_ms=person.desk.running.clock.now_ms)
    await person.password()
    page, challenge = await person.asked()
    cookies = list(person.desk.running.client.session.cookie_jar)
    for _ in range(TRIES_AT_MOST):
        await person.password("wrong")

    done = await person.bring(page, challenge, code=CODE)

    assert cookies
    assert done.status == 429
    assert person.rows(account_card) == []


@ON_ONE
async def test_half_the_way_lasts_five_minutes(person):
    person.enrolled()
    await person.password()
    page, challenge = await person.asked()
    person.desk.running.clock.now_ms += LASTS_MS

    done = await person.bring(page, challenge)

    assert done.status == 401
    assert "再輸入一次" in done.text


async def test_a_card_is_enrolled_with_a_code_that_counts_once(person):
    person.do(issue_code, "host1", CODE, by="os:root", now_ms=person.desk.running.clock.now_ms)
    await person.password()

    page, challenge = await person.asked()
    wrong = await person.bring(page, challenge, code="ABCD-EFGH-2345-67AA")
    without = await person.card()
    forged = await person.card(code=CODE, verifier=verifier_of(OTHER).hex())
    done = await person.card(code=CODE.lower().replace("-", " "))

    assert "登記健保卡" in page.text
    assert [each.status for each in (wrong, without, forged, done)] == [401, 401, 401, 303]
    assert [row["verifier"] for row in person.rows(account_card)] == [verifier_of(KEY)]
    assert person.rows(card_code) == []
    assert {"card_code_issued", "card_enrolled"} <= set(person.codes())
    await person.desk.send("/", "/logout")
    await person.password()
    assert (await person.card(OTHER, code=CODE)).status == 401
    assert (await person.card()).status == 303


@ON_ONE
async def test_a_code_of_another_account_or_of_last_week_enrols_nothing(person):
    clock, other = person.desk.running.clock, Person(person.desk, "host2")
    other.do(issue_code, "host2", new_code(), by="os:root", now_ms=clock.now_ms)
    person.do(issue_code, "host1", CODE, by="os:root", now_ms=clock.now_ms)
    person.do(require_cards, [Role.HOST], by="os:root", now_ms=clock.now_ms)
    await other.password()
    foreign = await other.card(code=CODE)
    person.desk.running.client.session.cookie_jar.clear()
    clock.now_ms += CODE_MS
    await person.password()
    late = await person.card(code=CODE)

    assert (foreign.status, late.status) == (401, 401)
    assert person.rows(account_card) == []


@ON_ONE
async def test_a_role_that_needs_a_card_cannot_do_without_and_others_can(person):
    county = Person(person.desk, "audit1", Role.AUDITOR)
    person.do(require_cards, [Role.HOST], by="os:root", now_ms=1)

    needs = await person.password()
    page, _ = await person.asked()
    person.desk.running.client.session.cookie_jar.clear()
    free = await county.password()

    assert needs.headers["Location"] == "/login/card"
    assert "還沒有登記健保卡" in page.text
    assert free.headers["Location"] == "/"
    rule = next(row for row in person.rows(audit) if row["code"] == "card_rule_set")
    assert (rule["before"], rule["after"]) == ("", "host")


@ON_ONE
async def test_a_card_that_was_lost_opens_nothing_any_more_not_even_half_way_in(person):
    person.enrolled()
    await person.password()
    page, challenge = await person.asked()
    person.do(forget_card, "host1", by="os:root", now_ms=2)
    person.do(require_cards, [Role.HOST], by="os:root", now_ms=2)

    done = await person.bring(page, challenge)
    await person.password()
    again = await person.card()

    assert (done.status, again.status) == (401, 401)


@ON_ONE
async def test_nothing_of_a_card_but_its_verifier_is_kept(person):
    person.enrolled()

    assert set(person.rows(account_card)[0]) == {"account", "salt", "verifier", "bound_ms"}


@pytest.mark.parametrize("path", ["/login/card", "/login/reader"])
@ON_ONE
async def test_only_the_card_pages_have_a_script_and_may_ask_this_computer_alone(person, path):
    person.enrolled()
    await person.password()

    page = await person.desk.get(path)
    door = await person.desk.get("/login")

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("; script-src 'self'; connect-src http://127.0.0.1:36115")
    assert "unsafe" not in policy
    assert page.html.count("<script") == 1
    assert "style=" not in page.html
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src" not in door.headers["Content-Security-Policy"]
    script = await person.desk.get("/static/card.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "innerHTML" not in script.html


@ON_ONE
async def test_while_the_database_cannot_be_written_nobody_gets_in_by_a_card(person):
    person.enrolled()
    await person.password()
    page, challenge = await person.asked()
    person.do(half_way.drop)

    done = await person.bring(page, challenge)
    shown = await person.desk.get("/login/card")

    assert (done.status, shown.status) == (503, 503)
    assert "資料庫暫時無法使用" in done.text
