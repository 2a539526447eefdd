"""What of a second client's uploads is refused, entry or batch, and by which code."""

from dataclasses import replace

import pytest

from core.season.ruling import SeasonRules
from server.season.ruling import read_rules_of_season
from tests.interop.conftest import BOOT, boots, stored
from tests.interop.line import Refusal
from tests.interop.ttc import Key, write

SALT = bytes(16)


WRONG = (
    ("signature", "signed for another purpose", {"sign": "tt/ack/1"}),
    ("other_log", "of another machine", {"dev": bytes(16)}),
    ("other_log", "of another incarnation", {"inc": 2}),
    ("sequence", "with a number left out", {"seq": 9}),
    ("prev", "after another entry", {"prev": bytes(32)}),
    ("kind", "of a kind nobody has", {"kind": "boot.again"}),
    ("schema", "with a field too many", {"extra": 0}),
    ("schema", "of another version", {"v": 2}),
    ("schema", "with a field of its body left out", {"body": {"software": "second/1"}}),
    ("schema", "by nobody we know of", {"who": {"role": "king", "id": None}}),
    ("payload_unexpected", "without the hash of its payload", {"payload": write({})}),
    ("payload_hash", "with the hash of another payload", {"payload": write({}), "ph": bytes(32)}),
)


async def test_an_entry_that_does_not_hold_is_named_and_the_ones_before_it_are_stored(
    interop, client
):
    log = client.log
    await client.upload()
    for code, what, changed in WRONG:
        boots(client, 1)
        said = changed | {"kind": changed.get("kind", "boot"), "body": changed.get("body", BOOT)}
        wrong(log, said)

        answer = await client.upload()

        assert (answer["code"], answer["failed"]) == (code, 1), what  # the second of its batch
        assert (answer["through"], client.state) == (log.last - 1, "current"), what
        assert await stored(client, interop) == [each.hash for each in log.entries[:-1]], what
        log.entries.pop()


def wrong(log, said):
    """Append an entry whose event says this, whoever may read it."""
    said = dict(said)
    purpose, payload = said.pop("sign", "tt/event/1"), said.pop("payload", None)
    entry = log.add("boot", BOOT)
    event = write(entry.said | said)
    log.entries[-1] = replace(
        entry, event=event, signature=log.key.sign(purpose, event), payload=payload
    )


async def test_what_a_machine_writes_under_kinds_of_others_is_stored_and_says_nothing(
    interop, client
):
    rules = {
        "season": "115",
        "conflict": "leave-out",
        "doubtful": "leave-out",
        "officer": bytes(16),
    }
    client.log.add("inbox.retire", {"reason": "by myself"})
    client.log.add("centre.open", {"key": bytes(32)})
    client.log.add(
        "centre.rules", rules, payload=write({"login": "x", "reason": "y", "salt": SALT})
    )

    answer = await client.upload()

    assert (answer["code"], [each[2] for each in answer["items"]]) == ("ok", [0, 0, 0, 0])
    assert await stored(client, interop) == [each.hash for each in client.log.entries]
    in_force = await interop.country.context.store.read(
        lambda connection: read_rules_of_season(connection, "115")
    )
    assert in_force == SeasonRules()
    boots(client, 1)
    assert (await client.upload())["through"] == client.log.last


async def test_what_is_not_the_one_encoding_of_its_value_is_not_an_entry(client):
    entry = client.log.entries[0]
    longer = entry.event.replace(b"\xa1v\x01", b"\xa1v\xcc\x01")  # 1 in two bytes
    assert longer != entry.event
    client.log.entries[0] = replace(
        entry, event=longer, signature=client.log.key.sign("tt/event/1", longer)
    )

    answer = await client.upload()

    assert (answer["code"], answer["failed"], answer["through"]) == ("not_canonical", 0, 0)


HEADERS = (
    (400, "frames", {"frames": bytes(32)}),
    (400, "head", {"head": bytes(32)}),
    (403, "other_device", {"dev": bytes(16)}),
    (401, "device_unknown", {"inc": 2}),
    (400, "schema", {"n": 7}),
    (400, "schema", {"last": 7}),
    (400, "schema", {"nonce": b"short"}),
)


async def test_a_header_that_says_something_else_is_refused_whole(interop, client):
    for status, code, changed in HEADERS:
        with pytest.raises(Refusal) as refused:
            await client.post(client.log.batch(1, None, **changed))

        assert (refused.value.status, refused.value.code) == (status, code), changed
    assert await stored(client, interop) == []
    assert (await client.upload())["through"] == 1


def test_each_of_these_codes_stands_in_the_document(root):
    text = (root / "docs" / "protocol.md").read_text("utf-8")

    codes = {code for code, _, _ in WRONG} | {code for _, code, _ in HEADERS} | {"not_canonical"}
    assert {code for code in codes if f"`{code}`" not in text} == set()


async def test_a_batch_under_another_key_is_refused_whole(client):
    own, client.log.key = client.log.key, Key(bytes(32))
    batch = client.log.batch(1, None)
    client.log.key = own

    with pytest.raises(Refusal, match="403 signature"):
        await client.post(batch)


async def test_a_machine_nobody_certified_is_unknown(interop, client):
    stranger = interop.client(client.line, "KH-0099")
    stranger.granted, stranger.log = client.granted, client.log
    stranger.log.dev = bytes(16)
    stranger.log.entries.clear()
    boots(stranger, 1)

    with pytest.raises(Refusal, match="401 device_unknown"):
        await stranger.upload()
