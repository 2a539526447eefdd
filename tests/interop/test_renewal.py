"""A second client's next incarnation: the county's letter, another key, what was not delivered."""

from dataclasses import replace

import pytest

from server.store import tables
from tests.interop.conftest import AMY, WISHES, counter_of
from tests.interop.line import Refusal
from tests.interop.renewal import renew
from tests.interop.ttc import Key, write

NEW_KEY = Key(bytes(range(32)))


async def registered(interop, client):
    """A counter whose register is delivered."""
    officer = await interop.officer(client)
    await client.refresh(await client.hear())
    counter = counter_of(client)
    counter.register(officer, AMY)
    await client.upload()
    return counter


def renewed(interop, client, reason, **letter):
    """The desk grants what the county's letter for this machine allows."""
    code = interop.country.letter("KH-0231", **({"renews": client.log.dev} | letter))
    return interop.country.with_desk(renew(client, code, NEW_KEY, reason))


async def test_what_was_not_delivered_counts_under_its_old_name(interop, client):
    counter = await registered(interop, client)
    version = counter.submit(AMY, WISHES)

    carried = await renewed(interop, client, "repaired")
    beacon = await client.hear()
    answer = await client.upload()
    await client.look_into_inbox(await client.hear())

    assert carried == [version]
    assert [each.said["kind"] for each in client.log.entries[:2]] == ["device.renew", "replay"]
    assert beacon["cursor"] == [2, 0, client.log.root]
    assert (answer["inc"], answer["through"]) == (2, 3)
    application = (await interop.country.rows(tables.application))[0]
    assert (application["revision"], application["state"]) == (version.hash, "current")
    (receipt,) = client.receipts()
    assert (receipt.inc, receipt.seq, receipt.event) == (1, 4, version.hash[:16])


async def test_the_old_log_is_closed_to_whoever_still_has_its_key(interop, client):
    await registered(interop, client)
    thief = replace(client, log=replace(client.log, entries=list(client.log.entries)))
    await renewed(interop, client, "stolen")
    await client.upload()
    thief.log.add("boot", {"software": "second/1", "unclean": True})

    answer = await thief.upload()

    assert (answer["code"], thief.state) == ("fork", "forked")
    assert client.log.last == 1
    assert (await client.hear())["cursor"] == [2, 1, client.log.hash_at(1)]


async def test_what_a_disputed_log_carries_is_for_people_to_look_at(interop, client):
    counter = await registered(interop, client)
    held = client.log.last
    client.log.entries.pop()
    interop.country.clock.now_ms += 1000
    client.log.add("boot", {"software": "second/1", "unclean": True})
    version = counter.submit(AMY, WISHES)
    forked = await client.post(client.log.batch(held, client.epoch))
    await client.give_evidence()
    client.cursor = held - 1

    carried = await renewed(interop, client, "forked")
    answer = await client.upload()

    assert forked["code"] == "fork"
    assert carried[1] == version
    assert (answer["code"], answer["through"]) == ("ok", client.log.last)
    row = next(each for each in await verdicts(interop) if each["eh"] == version.hash)
    assert row["verdict"] == 3


async def test_an_entry_that_was_changed_on_the_way_is_no_replay(interop, client):
    counter = await registered(interop, client)
    version = counter.submit(AMY, WISHES)
    await renewed(interop, client, "repaired")
    said = client.log.entries.pop().said
    turned = replace(version, signature=version.signature[:-1] + bytes([version.signature[-1] ^ 1]))
    payload = write({"salt": bytes(16), "frame": turned.frame})
    forged = client.log.add("replay", said["body"], payload=payload)

    await client.upload()
    new = await client.look_into_inbox(await client.hear())

    told = [each.said["body"] for each in new if each.said["kind"] == "inbox.verdict"]
    assert told == [{"inc": 2, "seq": 2, "hash": forged.hash, "code": "replay"}]
    assert await interop.country.rows(tables.refiled) == []


async def test_a_letter_for_another_machine_renews_nobody(interop, client):
    await registered(interop, client)

    with pytest.raises(Refusal, match="403 refused"):
        await renewed(interop, client, "repaired", renews=bytes(16))

    assert (client.log.inc, client.former) == (1, [])


async def verdicts(interop):
    """What the server holds of each entry it judged."""
    return await interop.country.rows(tables.verdict)
