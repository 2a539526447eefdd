"""The card agent: three checks and one reading per challenge, for one console and nobody else."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from datetime import date

import pytest

from core.card.dialogue import run
from core.card.nhi import read_profile
from core.card.proof import card_key, proves, verifier_of
from core.domain.ids import generate_national_id
from core.sealing import KdfCost
from kiosk.adapters.reader import PcscReader
from kiosk.adapters.reader_port import (
    CardGone,
    CardProfile,
    CardSeen,
    CardTrouble,
    ReaderAdded,
    ReaderFault,
    ReaderRemoved,
    ServiceLost,
    ServiceUp,
)
from kiosk.adapters.virtual_reader import CardFault, VirtualCard, VirtualReader, nhi_card
from kiosk.agent import slot as slots
from kiosk.agent.service import BODY_AT_MOST, Agent
from kiosk.agent.slot import Challenges, Slot, after
from provisioning.demo.process import quiet_port
from tests.fakes import card_service
from tests.fakes.virtual_nhi_card import VpcdCard

ORIGIN = "https://tas.example.tw"
HERE = {"Origin": ORIGIN}
CHEAP = KdfCost(memory_kib=64, passes=1)
SALT = bytes(range(16))
JSON = "application/json"
PATIENCE_S = 60.0
NUMBER = generate_national_id("E", "2", "7654321")
CARD = nhi_card(
    card_number="000011112222",
    name="林曉芒",
    national_id=NUMBER,
    birth=date(1975, 4, 28),
    sex="F",
    issued=date(2020, 1, 9),
)

OTHER = nhi_card(
    card_number="000011113333",
    name="王大明",
    national_id=generate_national_id("F", "1", "2345678"),
    birth=date(1980, 1, 1),
    sex="M",
    issued=date(2021, 1, 1),
)


def profile_of(card: VirtualCard):
    return run(read_profile(), card.answer)


@pytest.fixture
async def served(aiohttp_client):
    """The agent, its virtual slot, and a page's way to ask."""
    agent, reader = Agent(ORIGIN, CHEAP), VirtualReader()
    client = await aiohttp_client(agent.application())
    reader.start(agent.heard)
    yield client, reader
    reader.stop()


async def card_is(client, wanted: str) -> dict:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        checks = await (await client.get("/status", headers=HERE)).json()
        if checks["card"] == wanted:
            return checks
        await asyncio.sleep(0.02)
    raise AssertionError(checks)


def challenge() -> dict:
    return {"challenge": secrets.token_hex(32), "salt": SALT.hex()}


def fits(told: dict, card: VirtualCard = CARD) -> bool:
    verifier = verifier_of(card_key(profile_of(card), SALT, CHEAP))
    return proves(verifier, bytes.fromhex(told["challenge"]), bytes.fromhex(told["proof"]))


async def test_a_card_is_read_once_for_a_challenge(served):
    client, reader = served
    reader.insert(CARD)
    checks = await card_is(client, "ready")
    asked = challenge()

    first = await client.post("/read", json=asked, headers=HERE)
    again = await client.post("/read", json=asked, headers=HERE)

    assert checks == {"service": True, "reader": True, "card": "ready"}
    told = await first.json()
    assert set(told) == {"challenge", "proof"}
    assert told["challenge"] == asked["challenge"]
    assert fits(told)
    assert not fits(told, OTHER)
    assert (again.status, await again.json()) == (409, {"code": "challenge_used"})


async def test_what_a_card_says_is_told_to_no_page(served):
    client, reader = served
    reader.insert(CARD)
    await card_is(client, "ready")

    answer = await client.post("/read", json=challenge() | {"enrol": True}, headers=HERE)

    told = await answer.json()
    assert set(told) == {"challenge", "proof", "verifier"}
    assert bytes.fromhex(told["verifier"]) == verifier_of(card_key(profile_of(CARD), SALT, CHEAP))
    # Proofs are hexadecimal digits: what is looked for is too long to stand there by chance.
    for word in (NUMBER.text, "000011112222", "林曉芒", "1975-04-28", "0640428"):
        assert word not in await answer.text()


async def test_a_card_that_leaves_while_it_is_read_proves_nothing(served, monkeypatch):
    client, reader = served
    begun, left = threading.Event(), threading.Event()

    def until_it_left(*asked):
        begun.set()
        assert left.wait(PATIENCE_S)
        return card_key(*asked)

    monkeypatch.setattr("kiosk.agent.service.card_key", until_it_left)
    reader.insert(CARD)
    await card_is(client, "ready")

    asked = asyncio.create_task(client.post("/read", json=challenge(), headers=HERE))
    assert await asyncio.to_thread(begun.wait, PATIENCE_S)
    reader.remove()
    await card_is(client, "none")
    left.set()
    refused = await asked

    assert (refused.status, (await refused.json())["code"]) == (409, "no_card")


async def test_a_card_that_was_taken_out_is_read_no_more(served):
    client, reader = served
    reader.insert(CARD)
    await card_is(client, "ready")
    reader.remove()
    await card_is(client, "none")

    refused = await client.post("/read", json=challenge(), headers=HERE)

    assert refused.status == 409
    assert (await refused.json())["code"] == "no_card"


async def test_a_card_that_cannot_be_used_says_why(served):
    client, reader = served

    reader.insert(VirtualCard(fault=CardFault.FOREIGN))

    assert (await card_is(client, "foreign"))["card"] == "foreign"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ORIGIN + ".evil.example"}, 403),
        ({"Origin": ORIGIN, "Host": "evil.example:36115"}, 421),
        ({"Origin": ORIGIN, "Host": "evil.example"}, 421),
    ],
)
async def test_other_sites_learn_nothing_not_even_the_checks(served, headers, status):
    client, reader = served
    reader.insert(CARD)
    await card_is(client, "ready")

    for answer in (
        await client.get("/status", headers=headers),
        await client.post("/read", json=challenge(), headers=headers),
        await client.options("/read", headers=headers),
    ):
        assert answer.status == status
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert NUMBER.text not in await answer.text()


async def test_a_browser_may_ask_from_the_public_network_for_this_console_alone(served):
    client, _ = served
    asked = {
        **HERE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Private-Network": "true",
    }

    allowed = await client.options("/read", headers=asked)

    assert allowed.status == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert allowed.headers["Access-Control-Allow-Private-Network"] == "true"
    assert allowed.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        pytest.param(b"[" * BODY_AT_MOST, JSON, 400, id="brackets"),
        (b'{"challenge": 7}', JSON, 400),
        (b'{"challenge": "00"}', JSON, 400),
        (b'{"challenge": "' + b"g" * 64 + b'", "salt": "' + b"a" * 32 + b'"}', JSON, 400),
        (b'{"challenge": "' + b"a" * 66 + b'", "salt": "' + b"a" * 32 + b'"}', JSON, 400),
        (b'{"challenge": "' + b"a" * 64 + b'"}', JSON, 400),
        (b'{"challenge": "' + b"a" * 64 + b'", "salt": "' + b"a" * 32 + b'"}', "text/plain", 415),
        (b" " * (BODY_AT_MOST + 1), JSON, 413),
    ],
)
async def test_what_is_no_challenge_is_refused(served, body, kind, status):
    client, reader = served
    reader.insert(CARD)
    await card_is(client, "ready")

    refused = await client.post("/read", data=body, headers={**HERE, "Content-Type": kind})

    assert refused.status == status
    assert NUMBER.text not in await refused.text()


async def test_there_is_nothing_else_to_ask(served):
    client, _ = served

    assert (await client.get("/", headers=HERE)).status == 404
    assert (await client.get("/read", headers=HERE)).status == 405


def test_the_slot_follows_the_reader():
    profile = profile_of(CARD)
    slot = Slot()
    for report in (ServiceUp(("A",)), ReaderAdded("B"), CardSeen()):
        slot = after(slot, report)
    reading = slot
    ready = after(slot, CardProfile(profile))

    assert reading.checks() == {"service": True, "reader": True, "card": "reading"}
    assert ready.profile is profile
    assert after(ready, CardTrouble(ReaderFault.PULLED)).checks()["card"] == "pulled"
    assert after(ready, CardGone()).profile is None
    assert after(after(ready, ReaderRemoved("A")), ReaderRemoved("B")).checks()["reader"] is False
    assert after(ready, ServiceLost()) == Slot()


def test_the_memory_of_challenges_is_bounded(monkeypatch):
    monkeypatch.setattr(slots, "REMEMBERED", 3)
    challenges = Challenges()

    taken = [challenges.take(bytes([number])) for number in (1, 2, 3, 3, 4)]

    assert taken == [True, True, True, False, True]
    assert challenges.take(b"\1")  # forgotten
    assert not challenges.take(b"\4")


async def test_a_real_reader_is_read_through_the_card_service(aiohttp_client, tmp_path):
    if why := card_service.missing():
        pytest.skip(why)
    service = card_service.CardService(tmp_path)
    service.start()
    agent, reader = Agent(ORIGIN, CHEAP), PcscReader()
    client = await aiohttp_client(agent.application())
    reader.start(agent.heard)
    card = VpcdCard(CARD.answer, card_service.PORT)
    try:
        await asyncio.to_thread(card.insert)
        await card_is(client, "ready")
        told = await (await client.post("/read", json=challenge(), headers=HERE)).json()
        await asyncio.to_thread(card.remove)
        await card_is(client, "none")
    finally:
        with suppress(AttributeError, OSError):
            card.remove()
        await asyncio.to_thread(reader.stop)
        service.stop()

    assert fits(told)


def run_agent(*words: str, **settings) -> subprocess.Popen:
    """The program, where no card service is: that of another test is not its to read."""
    settings.setdefault("env", os.environ | {"PCSCLITE_CSOCK_NAME": "/nowhere"})
    return subprocess.Popen(
        [sys.executable, "-m", "jiepin", "card-agent", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **settings,
    )


def test_the_program_answers_on_this_machine_alone_and_ends_when_told():
    port = quiet_port()
    with run_agent("run", "--origin", ORIGIN, "--port", str(port)) as process:
        address = process.stdout.readline().strip()
        asked = urllib.request.Request(f"{address}/status", headers=HERE)  # noqa: S310
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError):
                with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
                    body = answer.read()
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)

    assert address == f"http://127.0.0.1:{port}"
    assert b'"card"' in body
    assert code in {0, -signal.SIGTERM}


def test_a_port_in_use_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = run_agent("run", "--origin", ORIGIN, "--port", str(port))
        _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert f"埠 {port} 無法使用" in said


@pytest.mark.parametrize(
    "origin",
    ["http://tas.example.tw", "tas.example.tw", f"{ORIGIN}/login", f"{ORIGIN}/", "https://"],
)
def test_an_address_that_is_no_origin_is_refused(origin):
    _, said = run_agent("install", "--origin", origin).communicate(timeout=60)

    assert "請給控制台網址" in said


def test_the_unit_starts_this_program_with_fewer_rights(tmp_path):
    process = run_agent("install", "--origin", ORIGIN, "--folder", str(tmp_path))
    said, _ = process.communicate(timeout=60)
    unit = (tmp_path / "jiepin-card-agent.service").read_text()

    assert process.returncode == 0
    assert "systemctl --user enable --now jiepin-card-agent.service" in said
    assert f"card-agent run --origin {ORIGIN} --port 36115" in unit
    for line in ("NoNewPrivileges=yes", "MemoryMax=200M", "WantedBy=default.target"):
        assert line in unit
    assert os.linesep + "User=" not in unit
