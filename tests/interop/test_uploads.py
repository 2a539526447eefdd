"""The server's answers to a second client: batches whole, again, with a hole, forked, wrong."""

from dataclasses import replace

import pytest

from core.season.ruling import SeasonRules
from provisioning.revocation import revoke
from server.season.ruling import read_rules_of_season
from server.store import tables
from tests.interop.conftest import Interop, counter_of
from tests.interop.line import Refusal
from tests.interop.ttc import Key, Refused, read, write

SALT = bytes(16)
BOOT = {"software": "second/1", "unclean": False}


async def stored(client, interop):
    """Hashes of the machine's entries at the server, in order."""
    rows = [row for row in await interop.country.rows(tables.event) if row["dev"] == client.log.dev]
    return [row["eh"] for row in sorted(rows, key=lambda row: row["seq"])]


def boots(client, count):
    """The smallest entries."""
    for _ in range(count):
        client.log.add("boot", BOOT)


async def test_a_log_goes_up_in_as_many_batches_as_it_takes(interop, client):
    boots(client, 6)

    answers = [await client.upload(most=3) for _ in range(3)]

    assert [each["through"] for each in answers] == [3, 6, 7]
    assert [[seq for seq, _, _ in each["items"]] for each in answers] == [[1, 2, 3], [4, 5, 6], [7]]
    assert await stored(client, interop) == [each.hash for each in client.log.entries]
    assert (client.cursor, client.state) == (7, "current")


async def test_the_same_batch_again_has_the_same_answer_and_no_effect(interop, client):
    boots(client, 2)
    batch = client.log.batch(1, None)

    first = await client.post(batch)
    again = await client.post(batch)

    assert first == again
    assert await stored(client, interop) == [each.hash for each in client.log.entries]


async def test_a_batch_that_overlaps_is_stored_from_where_the_server_stands(interop, client):
    boots(client, 1)
    await client.upload()
    boots(client, 2)

    answer = await client.post(client.log.batch(1, client.epoch))

    assert (answer["code"], answer["through"]) == ("ok", 4)
    assert await stored(client, interop) == [each.hash for each in client.log.entries]


async def test_a_hole_is_answered_with_where_the_server_stands(interop, client):
    await client.upload()
    boots(client, 3)

    answer = await client.post(client.log.batch(3, client.epoch))

    assert (answer["code"], answer["through"], answer["items"]) == ("gap", 1, [])
    assert answer["head"] == client.log.hash_at(1)
    assert len(await stored(client, interop)) == 1
    assert (client.state, client.cursor) == ("current", 1)
    assert (await client.upload())["through"] == 4


async def test_a_batch_without_entries_shows_where_the_machine_stands(client):
    await client.upload()

    answer = await client.upload()

    assert (answer["code"], answer["through"], answer["items"]) == ("ok", 1, [])


async def test_a_beacon_tells_how_far_the_server_has_the_log(client):
    boots(client, 1)
    unknown = (await client.hear())["cursor"]
    client.log.add("boot", BOOT)
    await client.upload()

    known = (await client.hear())["cursor"]

    assert unknown == [1, 0, client.log.root]
    assert known == [1, 4, client.log.hash_at(4)]


async def test_two_entries_under_one_number_are_a_fork_and_the_whole_log_is_evidence(
    interop, client
):
    boots(client, 2)
    await client.upload()
    before = await stored(client, interop)
    del client.log.entries[2:]
    interop.country.clock.now_ms += 1000
    boots(client, 2)

    forked = await client.post(client.log.batch(3, client.epoch))
    code = await client.give_evidence()

    assert (forked["code"], forked["through"], forked["head"]) == ("fork", 3, before[2])
    assert client.state == "forked"
    assert code == "ok"
    assert await stored(client, interop) == before
    head = (await interop.country.rows(tables.head))[0]
    assert head["quarantined_ms"] == interop.country.clock.now_ms
    evidence = await interop.country.rows(tables.evidence)
    assert {row["reason"] for row in evidence} == {"fork", "sent"}


async def test_the_copy_that_was_first_is_stopped_as_well(interop, client):
    boots(client, 1)
    await client.upload()
    clone = replace(client, log=replace(client.log, entries=client.log.entries[:1]))
    interop.country.clock.now_ms += 1000
    boots(clone, 1)

    told = await clone.post(clone.log.batch(2, clone.epoch))
    boots(client, 1)
    answer = await client.upload()
    written = client.log.last
    await client.hear()

    assert (told["code"], clone.state) == ("fork", "forked")
    assert (answer["code"], answer["through"], answer["head"]) == ("fork", 2, client.log.hash_at(2))
    assert (client.state, client.log.last) == ("forked", written)


async def test_a_revoked_machine_learns_it_from_answer_and_list(interop, client):
    country, dev = interop.country, client.log.dev
    await client.upload()
    boots(client, 1)
    country.clock.now_ms += 1000
    revoke(country.keys, dev, 1, "遺失", country.clock.now_ms)
    await country.publish()

    answer = await client.upload()
    await client.refresh(await client.hear())

    assert (answer["code"], answer["through"], client.state) == ("revoked", 1, "revoked")
    assert client.reference.revoked(client.trust) == [[dev, 1, country.clock.now_ms, "遺失"]]
    assert len(await stored(client, interop)) == 1


async def test_an_older_disk_learns_that_it_is_one(client):
    boots(client, 2)
    await client.upload()
    del client.log.entries[1:]

    await client.hear()

    assert client.state == "self_rollback"
    assert client.log.last == 1


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


async def test_after_a_change_of_key_only_the_new_one_counts(client):
    counter, old, new = counter_of(client), client.log.key, Key(bytes(range(32)))
    await client.upload()
    counter.change_key(new)
    boots(client, 1)
    client.log.key = old  # the batch begins before the change
    sent = await client.post(client.log.batch(2, client.epoch))
    boots(client, 1)  # under the old key still

    refused = pytest.raises(Refusal, match="403 signature")
    with refused:
        await client.upload()
    client.log.key = new
    answer = await client.upload()

    assert (sent["code"], sent["through"]) == ("ok", 3)
    assert (answer["code"], answer["failed"], answer["through"]) == ("signature", 0, 3)
    del client.log.entries[3:]
    boots(client, 1)
    assert (await client.upload())["through"] == 4


async def test_a_restored_server_is_told_everything_again(tmp_path):
    interop = Interop(tmp_path)
    async with interop.country.serving(), interop.line() as line:
        client = await interop.enrolled(line)
        await client.upload()
        copy = interop.country.backed_up()
        boots(client, 3)
        kept = await client.upload()
    interop.country.restored(copy)

    async with interop.country.serving(), interop.line() as line:
        client.line = line
        beacon = await client.hear()
        before = client.cursor
        added = await client.show_certificates()
        answer = await client.upload()

        kinds = [each.said["kind"] for each in client.log.entries]
        assert (before, added) == (1, 0)
        assert kinds == ["boot"] * 4 + ["server.epoch", "server.said", "beacon"]
        assert client.log.entries[4].said["body"] == {"epoch": beacon["epoch"]}
        assert beacon["epoch"] != kept["epoch"]
        assert answer["epoch"] == beacon["epoch"]
        assert (answer["code"], answer["through"]) == ("ok", 7)
        assert await stored(client, interop) == [each.hash for each in client.log.entries]


async def test_an_answer_is_believed_only_as_it_was_signed(client):
    real = client.line

    class Hotel:
        """Somebody on the way who repeats an older answer, or changes one."""

        kept = None
        turn = False

        async def post(self, *request):
            answer = await real.post(*request)
            Hotel.kept = Hotel.kept or answer
            if Hotel.turn:
                body, signatures = read(answer.body)
                said = read(body) | {"through": 0, "head": client.log.root}
                return replace(answer, body=write([write(said), signatures]))
            return Hotel.kept

    client.line = Hotel()
    await client.upload()
    boots(client, 1)

    with pytest.raises(Refused, match="an answer to something else"):
        await client.upload()
    Hotel.turn = True
    with pytest.raises(Refused, match="signature"):
        await client.upload()

    assert client.cursor == 1
