"""A person signs in with a health card: browser, agent, card service and reader are the real ones.

Only the card is virtual. Pictures are kept as those of `test_browser`.
"""

import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import date
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from core.card.dialogue import run
from core.card.nhi import read_profile
from core.card.proof import AGENT_PORT, card_key, verifier_of
from core.domain.ids import generate_national_id
from kiosk.adapters.virtual_reader import nhi_card
from server.staff.card import Card, bind_card, issue_code
from server.staff.role import Role
from server.store.season_tables import audit
from server.store.staff_tables import account_card
from tests.fakes import card_service
from tests.fakes.virtual_nhi_card import VpcdCard
from tests.server.console.browser import browsing, screens
from tests.server.running import read_rows
from tests.server.season.country import PASSWORD

pytestmark = pytest.mark.unmeasured

CODE = "ABCD-EFGH-2345-67AB"
SALT = bytes(range(16))
AGAIN = """body => {
  const form = document.getElementById("read");
  const old = new URLSearchParams(body);
  for (const name of ["challenge", "proof"]) form.elements.namedItem(name).value = old.get(name);
  form.submit();
}"""


def made(number, person):
    return nhi_card(
        card_number=number,
        name="林曉芒",
        national_id=generate_national_id("E", "2", person),
        birth=date(1975, 4, 28),
        sex="F",
        issued=date(2020, 1, 9),
    )


BIRTH = ("1975-04-28", "19750428", "0640428")  # a year alone stands in random digits, too
MINE, THEIRS = made("000011112222", "7654321"), made("000011113333", "7654322")


@pytest.fixture
def service(tmp_path):
    if why := card_service.missing():
        pytest.skip(why)
    running = card_service.CardService(tmp_path)
    running.start()
    yield running
    running.stop()


@contextmanager
def agent(origin):
    """`jiepin card-agent` on this computer, for one console."""
    words = [sys.executable, "-m", "jiepin", "card-agent", "run", "--origin", origin]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().strip() == f"http://127.0.0.1:{AGENT_PORT}"
        yield
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def inserted(card):
    link = VpcdCard(card.answer, card_service.PORT)
    link.insert()
    try:
        yield
    finally:
        with suppress(AttributeError, OSError):
            link.remove()


def write(desk, work, *words, **more):
    with desk.country.store.writing() as connection:
        work(connection, *words, **more)


def rows(desk, table):
    with desk.country.store.reading() as connection:
        return read_rows(connection, table)


async def password(visitor, login="host1"):
    await visitor.open("/login")
    await visitor.page.get_by_label("帳號").fill(login)
    await visitor.page.get_by_label("密碼").fill(PASSWORD)
    await visitor.page.get_by_role("button", name="登入").click()
    await visitor.page.wait_for_url("**/login/card")


async def checked(visitor, sentence):
    """Wait until one of the three checks says this."""
    await visitor.page.locator("#checks").get_by_text(sentence).wait_for()


async def read(visitor, name):
    button = visitor.page.get_by_role("button", name=name)
    await checked(visitor, "已插入健保卡")
    await button.click()


async def signed_in_and_out(visitor):
    """She is in, and leaves; the next page is there before anything else is done."""
    await visitor.page.wait_for_url(visitor.base + "/")
    await visitor.page.get_by_role("button", name="登出").click()
    await visitor.page.wait_for_url("**/login")


async def refused_elsewhere(visitor):
    """A page of another origin learns nothing of the agent that serves this console."""
    async with TestServer(web.Application()) as other:
        await visitor.page.goto(str(other.make_url("/")))
        told = await visitor.page.evaluate(
            """async port => {
              const all = [];
              for (const [path, method] of [["/status", "GET"], ["/read", "POST"]]) {
                try {
                  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {method});
                  all.push(await answer.text());
                } catch (error) { all.push(error.name); }
              }
              return all;
            }""",
            AGENT_PORT,
        )
    assert told == ["TypeError", "TypeError"]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_person_enrols_a_card_and_signs_in_with_it_and_no_other_card_does(desk, tmp_path):
    desk.country.account("host1", Role.HOST, name="林科員")
    now_ms = desk.running.clock.now_ms
    write(desk, issue_code, "host1", CODE, by="os:root", now_ms=now_ms)
    async with browsing(desk, screens(tmp_path)) as visitor:
        page = visitor.page
        await password(visitor)
        await checked(visitor, "未偵測到健保卡讀取程式")
        await visitor.keep("card-no-agent")
        with agent(visitor.base):
            await checked(visitor, "未插入健保卡或卡片方向錯誤")
            await visitor.keep("card-none")
            assert await page.get_by_role("button", name="讀健保卡").is_disabled()
            visitor.said.clear()  # while there was no agent every question failed
            with inserted(MINE):
                await page.get_by_label("登記碼").fill(CODE)
                await checked(visitor, "已插入健保卡")
                await visitor.keep("card-enrol")
                await read(visitor, "讀健保卡並登記")
                await signed_in_and_out(visitor)
                await password(visitor)
                await read(visitor, "讀健保卡並登入")
                await signed_in_and_out(visitor)
            await password(visitor)
            await checked(visitor, "未插入健保卡或卡片方向錯誤")  # nobody swaps cards unseen
            with inserted(THEIRS):
                await read(visitor, "讀健保卡並登入")
                await page.get_by_text("不是這個帳號登記的健保卡").wait_for()
                assert len(visitor.said) == 1
                assert "401 (Unauthorized)" in visitor.said[0]
                await visitor.keep("card-wrong")
                await refused_elsewhere(visitor)
    assert len(rows(desk, account_card)) == 1
    assert [row["code"] for row in rows(desk, audit)][-2:] == ["login_half_way", "login_refused"]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_sent_holds_nothing_of_the_card_and_counts_once(desk, tmp_path):
    desk.country.account("host1", Role.HOST)
    profile = run(read_profile(), MINE.answer)
    card = Card(salt=SALT, verifier=verifier_of(card_key(profile, SALT)))
    write(desk, bind_card, "host1", card, 1)
    async with browsing(desk, tmp_path) as visitor:
        sent = []
        visitor.page.on("request", lambda each: sent.append(each.post_data or ""))
        with agent(visitor.base), inserted(MINE):
            await password(visitor)
            await read(visitor, "讀健保卡並登入")
            await signed_in_and_out(visitor)
            brought = next(each for each in sent if "proof=" in each)
            await password(visitor)
            await visitor.page.evaluate(AGAIN, brought)
            await visitor.page.get_by_text("不是這個帳號登記的健保卡").wait_for()
            await visitor.open("/")
            assert visitor.page.url.endswith("/login")
    for text in sent:
        for word in (profile.card_number, profile.national_id.text, "林曉芒", *BIRTH):
            assert word not in text
    assert [name for name, value in parse_qsl(brought) if value] == ["form", "challenge", "proof"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_checks_can_be_looked_at_before_signing_in(desk, service, tmp_path):
    service.stop()
    service.start(with_reader=False)
    async with browsing(desk, screens(tmp_path)) as visitor:
        with agent(visitor.base):
            await visitor.open("/login")
            await visitor.page.get_by_role("link", name="檢測健保卡與讀卡機").click()
            await checked(visitor, "未偵測到讀卡機")
            await visitor.keep("card-no-reader")
            assert visitor.said == []
            service.stop()
            await checked(visitor, "讀卡服務未啟動")
            await visitor.keep("card-no-service")
            service.start()
            await checked(visitor, "未插入健保卡")
            with inserted(MINE):
                await checked(visitor, "已插入健保卡")
                await visitor.keep("card-ready")
