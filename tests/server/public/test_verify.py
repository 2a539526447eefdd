"""PROTOCOL 2.11, D14: the public page says what a receipt is worth, and remembers it."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from core.season.address import receipt_address, seal_address, to_base32
from core.season.seal_code import seal_code
from core.wire.receipt import (
    MINUTE_MS,
    Receipt,
    check_code,
    encode_receipt,
    from_base45,
    to_base45,
)
from server.limiter import IN_ALL, PER_ADDRESS, Limiter, Rate, holder_of
from server.public.look import Standing
from server.public.text import HEADLINES, SYMBOLS
from server.store.tables import event, receipt, witness
from tests.fakes.device import Device
from tests.server.public.receipts import device_receipt, restored, server_receipt
from tests.server.running import read_rows
from tests.server.season.country import HOUR_MS, SUBMIT_MS, Site

WISHES = ("144601",)
EVERY = {
    "一次也沒有": "",
    "空白": "   ",
    "太長": "A" * 7000,
    "標記": "<script>alert(1)</script>",
    "引號": "\"'><b>",
    "非拉丁": "封箱碼" * 60,
    "零位元組": "\0\0\0",
    "半個代理對": "\ud800",
    "SQL": "' OR 1=1 --",
    "全是 0 的收據": "0" * 175,
    "全是 Z 的收據": "Z" * 175,
    "路徑": "../../etc/passwd",
}


@pytest.fixture
def site(desk):
    return Site(desk.country, "134601")


async def shown(desk, text):
    """The page a QR code with this text leads to."""
    return await desk.get(f"/V/{text}")


async def sightings(desk):
    return await desk.running.rows(witness)


async def test_a_delivered_receipt_is_said_to_be_with_its_time_and_place(desk, site):
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)

    page = await shown(desk, to_base32(device_receipt(site.device, applied.link)))

    assert page.status == 200
    assert "已送達" in page.text
    assert "總序號 2" in page.text
    assert "115/4/26" in page.text
    assert await sightings(desk) == []  # the log itself knows when it arrived


async def test_one_that_has_not_arrived_is_kept_as_a_witness_of_its_head(desk, site):
    applied = site.applied(1, "134601", WISHES)
    desk.at(SUBMIT_MS - HOUR_MS)

    page = await shown(desk, to_base32(device_receipt(site.device, applied.link)))
    desk.at(SUBMIT_MS)
    again = await shown(desk, to_base32(device_receipt(site.device, applied.link)))

    assert "尚未送達" in page.text
    assert "最晚在 115/4/28(二) 16:00 就已存在" in page.text
    assert "最晚在 115/4/28(二) 16:00 就已存在" in again.text
    assert [(row["head"], row["way"], row["t_ms"]) for row in await sightings(desk)] == [
        (applied.link.hash[:16], "receipt", SUBMIT_MS - HOUR_MS)
    ]


async def test_a_receipt_for_another_entry_than_the_one_here_is_different(desk, site):
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    other = device_receipt(site.device, applied.link, event=b"\x01" * 16)

    page = await shown(desk, to_base32(other))

    assert "不符" in page.text
    assert "另一筆資料" in page.text
    assert await sightings(desk) == []


async def test_a_receipt_nobody_of_ours_signed_is_no_receipt(desk, site, centre):
    applied = site.applied(1, "134601", WISHES)
    stranger = Device(centre, "134601")
    stranger.key, key = site.device.key, stranger.key
    forged = encode_receipt(
        Receipt(device=site.device.id[:8], inc=1, seq=2, event=applied.link.hash[:16], minute=1),
        key,
    )
    unknown = encode_receipt(
        Receipt(device=bytes(8), inc=1, seq=2, event=applied.link.hash[:16], minute=1), key
    )

    for each in (forged, unknown):
        page = await shown(desk, to_base32(each))
        assert "不是本系統的收據" in page.text
    assert await sightings(desk) == []


async def test_no_turned_bit_of_a_receipt_leaves_a_witness(desk, site):
    applied = site.applied(1, "134601", WISHES)
    honest = device_receipt(site.device, applied.link)
    for place in range(0, len(honest), 7):
        turned = bytearray(honest)
        turned[place] ^= 1
        page = await shown(desk, to_base32(bytes(turned)))
        assert "不是本系統的收據" in page.text or "無法辨識" in page.text
    assert await sightings(desk) == []


async def test_the_servers_own_receipt_is_found_where_it_says(desk, site):
    site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    signed = await desk.running.read(
        lambda connection: connection.execute(select(receipt.c.signed)).scalars().all()
    )

    page = await shown(desk, to_base32(signed[0]))

    assert "送達收據" in page.text
    assert "已送達" in page.text


async def test_the_servers_receipt_for_what_is_no_longer_here_is_different(desk, site, centre):
    """PROTOCOL 4.1, I4: after a restore a receipt may be ahead of the log."""
    applied = site.applied(1, "134601", WISHES)
    lost = server_receipt(centre, site.device, applied.link, log_index=77)

    page = await shown(desk, to_base32(lost))

    assert "不符" in page.text
    assert await sightings(desk) == []


async def test_a_restored_server_numbers_anew_and_receipts_from_before_hold(desk, site, centre):
    """PROTOCOL 2.12: machines send again, in another order; the entry is what counts."""
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    before, since = desk.country.now_ms // MINUTE_MS, desk.country.now_ms // MINUTE_MS + 1
    mine = to_base32(server_receipt(centre, site.device, applied.link, log_index=77, minute=before))
    never_restored = await shown(desk, mine)
    restored(desk)
    newer = server_receipt(centre, site.device, applied.link, log_index=77, minute=since)

    page = await shown(desk, mine)
    moved_since = await shown(desk, to_base32(newer))

    assert "已送達" in page.text
    assert "收據仍然有效" in page.text
    assert "不符" not in page.text.split("這一頁說的是什麼")[0]
    assert "總序號 2" in page.text
    assert "收據上的總序號 77" in page.text
    for other in (never_restored, moved_since):
        assert "目前的紀錄中沒有" not in other.text
        assert "位置與收據不符" in other.text


async def test_what_a_restored_server_is_still_waiting_for_is_no_alarm(desk, site, centre):
    """PROTOCOL 2.12, I4: only a receipt from before the restore may be ahead of the log."""
    applied = site.applied(1, "134601", WISHES)
    before = desk.country.now_ms // MINUTE_MS
    mine = server_receipt(centre, site.device, applied.link, log_index=77, minute=before)
    newer = server_receipt(centre, site.device, applied.link, log_index=77, minute=before + 1)
    restored(desk)

    awaited = await shown(desk, to_base32(mine))
    gone = await shown(desk, to_base32(newer))
    desk.country.receive(site.device)
    again = await shown(desk, to_base32(mine))

    assert "等待重新送達" in awaited.text
    assert "立即聯絡" not in awaited.text
    assert "目前的紀錄中沒有這一筆" in gone.text
    assert "已送達" in again.text


async def test_what_stands_at_its_number_instead_is_an_alarm(desk, site, centre):
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    before = desk.country.now_ms // MINUTE_MS
    link = replace(applied.link, hash=bytes(32))
    restored(desk)

    page = await shown(
        desk,
        to_base32(server_receipt(centre, site.device, link, log_index=77, minute=before)),
    )

    assert "目前的紀錄中沒有這一筆" in page.text
    assert "立即聯絡" in page.text


async def test_a_seal_code_is_matched_or_remembered(desk, site):
    site.applied(1, "134601", WISHES)
    closed = desk.country.close(site.device)
    desk.at(SUBMIT_MS + 60_000)

    before = await shown(desk, seal_code(closed.hash))
    desk.country.receive(site.device, at_ms=SUBMIT_MS + HOUR_MS)
    after = await shown(desk, seal_code(closed.hash))

    assert "尚未送達" in before.text
    assert "最晚在 115/4/28(二) 17:01 就已存在" in before.text
    assert "已送達" in after.text
    assert [row["head"] for row in await sightings(desk)] == [closed.hash[:10]]


async def test_a_wrong_seal_code_names_the_group(desk, site):
    code = seal_code(site.device.head.hash)
    wrong = code[:6] + ("1" if code[6] != "1" else "2") + code[7:]

    page = await desk.get(f"/verify?code={wrong.lower()}")

    assert "封箱碼有誤" in page.text
    assert "第 2 組有誤" in page.text
    assert f'value="{wrong.lower()}"' in page.html
    assert await sightings(desk) == []


async def test_the_whole_address_may_be_typed_and_the_other_base_too(desk, site):
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    signed = device_receipt(site.device, applied.link)
    assert from_base45(to_base45(signed)) == signed

    for typed in (
        receipt_address("https://transfer.example.edu.tw", signed),
        receipt_address("http://127.0.0.1:8080", signed).lower(),
        to_base45(signed),
        seal_address("https://transfer.example.edu.tw", applied.link.hash),
    ):
        async with desk.running.client.get("/verify", params={"code": typed}) as answer:
            assert "已送達" in await answer.text(), typed


@pytest.mark.parametrize("what", EVERY)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_anything_typed_gets_a_page_and_leaves_nothing(desk, what):
    typed = EVERY[what].encode("utf-8", "replace").decode()
    async with desk.running.client.get("/verify", params={"code": typed}) as answer:
        text = await answer.text()

    assert answer.status == 200
    assert "<script" not in text
    assert "<b>" not in text
    assert await sightings(desk) == []


async def test_the_page_needs_nobody_and_shows_nobody(desk, site):
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    desk.running.client.session.cookie_jar.clear()

    page = await shown(desk, to_base32(device_receipt(site.device, applied.link)))
    form = await desk.get("/verify")

    assert (page.status, form.status) == (200, 200)
    for each in (page, form):
        assert "script" not in each.headers["Content-Security-Policy"].replace("script-free", "")
        assert "Set-Cookie" not in each.headers
        for secret in (
            applied.claim.teacher_name,
            applied.claim.national_id,
            applied.teacher.app.hex(),
            applied.link.hash.hex(),
        ):
            assert secret not in each.html


async def test_one_address_cannot_ask_for_ever(desk, monkeypatch):
    # A place comes back every two seconds, which many pages may take on a busy machine.
    monkeypatch.setattr("server.limiter.time", SimpleNamespace(monotonic_ns=lambda: 0))

    statuses = [(await shown(desk, "X")).status for _ in range(PER_ADDRESS.burst + 1)]

    assert statuses[:-1] == [200] * PER_ADDRESS.burst
    assert statuses[-1] == 429


def test_the_limit_is_per_address_refills_and_forgets():
    limiter = Limiter(Rate(burst=2, per_minute=60), Rate(burst=5, per_minute=60))

    assert [limiter.take("a", 0) for _ in range(3)] == [True, True, False]
    assert limiter.take("b", 0)
    assert limiter.take("a", 1_000)
    assert not limiter.take("a", 1_000)
    assert [limiter.take(f"c{number}", 1_000) for number in range(4)] == [True, True, False, False]
    for number in range(30_000):
        limiter.take(f"d{number}", 1_000)
    assert len(limiter._buckets) <= 10_000  # noqa: SLF001 - its memory is the point
    assert IN_ALL.burst >= PER_ADDRESS.burst


@pytest.mark.parametrize(
    ("address", "holder"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_whoever_has_a_network_of_addresses_is_one(address, holder):
    assert holder_of(address) == holder


async def test_what_strangers_leave_is_bounded(desk, monkeypatch):
    monkeypatch.setattr("server.season.witness.STRANGERS_AT_MOST", 3)
    codes = [seal_code(bytes((number,)) * 32) for number in range(5)]

    pages = [await shown(desk, code) for code in codes]

    assert len(await sightings(desk)) == 3
    assert ["就已存在" in page.text for page in pages] == [True] * 3 + [False] * 2
    assert all(page.status == 200 for page in pages)


async def test_the_published_keys_are_those_that_sign(desk, site, centre):
    page = await desk.get("/verify/keys.json")

    keys = json.loads(page.html)
    assert keys["receipt"] == [centre.receipt.public.hex()]
    assert keys["devices"] == [
        {"device": site.device.id.hex()[:16], "inc": 1, "key": site.device.key.public.hex()}
    ]


async def test_a_witness_is_a_signed_entry_of_the_log(desk, site):
    applied = site.applied(1, "134601", WISHES)
    await shown(desk, seal_code(applied.link.hash))

    rows = await desk.running.rows(event)

    assert [row["kind"] for row in rows] == ["centre.open", "centre.witness"]
    assert {row["dev"] for row in rows} == {desk.running.context.keys.receipt.id}
    assert desk.country.read(lambda connection: len(read_rows(connection, witness))) == 1


def test_every_standing_has_its_words():
    assert set(HEADLINES) == set(SYMBOLS) == set(Standing)


def short_code(link, name="KH-0001"):
    """What the kiosk shows where a signed code has no room."""
    digits = name.rpartition("-")[2]
    code = check_code(link.hash).replace("-", "")
    return f"TAS1:115:E{digits}{link.event.seq:06}:{code}"


async def test_the_short_code_of_a_kiosk_says_whether_the_entry_has_arrived(desk, site):
    applied = site.applied(1, "134601", WISHES)
    text = short_code(applied.link)

    before = await shown(desk, text)
    desk.country.receive(site.device)
    after = await shown(desk, text.lower())

    assert ("尚未送達" in before.text, "已送達" in after.text) == (True, True)
    assert check_code(applied.link.hash) in after.text
    assert await sightings(desk) == [], "40 bits are too few to witness anything"


@pytest.mark.parametrize("turn", ["machine", "number", "code"])
async def test_a_short_code_with_one_thing_wrong_is_not_found(desk, site, turn):
    applied = site.applied(1, "134601", WISHES)
    desk.country.receive(site.device)
    start, season, number, code = short_code(applied.link).split(":")
    other = {
        "machine": (f"{number[0]}9999{number[5:]}", code),
        "number": (f"{number[:-1]}9", code),
        "code": (number, "0" * 8 if code != "0" * 8 else "1" * 8),
    }[turn]

    page = await shown(desk, ":".join((start, season, *other)))

    assert "尚未送達" in page.text
