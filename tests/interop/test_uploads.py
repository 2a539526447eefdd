"""The server's answers to a second client: batches whole, again, with a hole, forked."""

from dataclasses import replace

import pytest

from provisioning.revocation import revoke
from server.store import tables
from tests.interop.conftest import BOOT, Interop, boots, counter_of, stored
from tests.interop.line import Refusal
from tests.interop.ttc import Key, Refused, read, write


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
