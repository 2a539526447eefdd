"""The server's log for a second client: followed, verified, its receipts held against the own."""

from dataclasses import replace

import pytest

from server.store import tables
from tests.interop.codes import base32, check_code, make_receipt, read_receipt
from tests.interop.conftest import AMY, applied, turned
from tests.interop.inbox import follow
from tests.interop.line import Refusal
from tests.interop.ttc import Refused, key_id, read

NAMES = "boot beacon season.open teacher.register teacher.present app.revise officer.approve"


async def test_a_submitted_version_has_a_receipt_that_the_published_keys_open(interop, client):
    await applied(interop, client)
    await client.upload()

    new = await client.look_into_inbox(await client.hear())

    version = client.log.entries[5]
    assert [each.said["kind"] for each in client.log.entries[:7]] == NAMES.split()
    assert [each.said["kind"] for each in new] == ["inbox.receipt"]
    (receipt,) = client.receipts()
    assert (receipt.version, receipt.seq, receipt.log_index) == (2, 6, client.places[6])
    assert receipt.event == version.hash[:16]
    assert receipt.minute == interop.country.clock.now_ms // 60_000
    assert receipt.key == key_id(client.trust.said["receipt"][0])[:8]
    row = (await interop.country.rows(tables.receipt))[0]
    assert (row["eh"], row["signed"]) == (version.hash, read(new[0].payload)["receipt"])
    seen = client.log.entries[-1].said
    assert (seen["kind"], seen["body"]) == ("inbox.seen", {"seq": 1, "head": new[0].hash})
    assert (await client.upload())["code"] == "ok"
    assert await client.look_into_inbox(await client.hear()) == []


async def test_a_receipt_with_one_turned_bit_opens_with_no_key(interop, client):
    await applied(interop, client)
    await client.upload()
    await client.look_into_inbox(await client.hear())
    signed = read(client.inbox[0].payload)["receipt"]

    for at in range(0, len(signed), 7):
        with pytest.raises(Refused):
            read_receipt(turned(signed, at), client.trust.said["receipt"])


async def test_the_machines_own_receipt_is_one_for_the_public_page(interop, client):
    await applied(interop, client)
    await client.upload()
    version = client.log.entries[5]

    receipt = make_receipt(client.log.key, version.said, version.hash)
    said = read_receipt(receipt, [client.log.key.public])

    assert (said.version, said.seq, said.event) == (1, 6, version.hash[:16])
    page = (await client.line.get(f"/V/{base32(receipt)}")).body.decode()
    forged = (await client.line.get(f"/V/{base32(turned(receipt, -1))}")).body.decode()
    assert "answer delivered" in page
    assert check_code(version.hash).replace("-", "") in page.replace("-", "")
    assert "answer delivered" not in forged


async def test_each_rejection_is_told_by_its_code(interop, client):
    officer, counter = await applied(interop, client)
    await client.upload()
    log, first = client.log, client.log.entries[5]
    stranger = replace(AMY, national_id="B223456781", school="013602")
    body = first.said["body"] | {"version": 2, "parents": [first.hash], "wishes": bytes(32)}
    rejected = [
        ("part_hash", log.add("app.revise", body, counter.teacher(AMY), first.payload)),
        ("role", log.add("app.revise", first.said["body"], payload=first.payload)),
        ("scope", counter.register(officer, stranger)),
        ("cosignature", counter.approve(officer, first, cosigned=log.key, service=600)),
    ]
    await client.upload()

    new = await client.look_into_inbox(await client.hear())
    told = [each.said["body"] for each in new if each.said["kind"] == "inbox.verdict"]
    assert sorted(told, key=lambda body: body["seq"]) == [
        {"inc": 1, "seq": entry.said["seq"], "hash": entry.hash, "code": code}
        for code, entry in rejected
    ]
    assert [client.verdicts[entry.said["seq"]] for _, entry in rejected] == [2] * len(rejected)


async def test_a_page_with_a_hole_or_a_changed_entry_is_not_taken(interop, client):
    await applied(interop, client)
    await client.upload()
    await client.look_into_inbox(await client.hear())
    one = client.inbox[0]
    keys, dev, root = client.trust.said["receipt"], client.log.dev, client.log.root

    assert follow([one.frame], keys, dev, (0, root)) == [one]
    for wrong, frame, head in (
        (
            "signature",
            replace(one, event=turned(one.event, -1)).frame,
            (0, root),
        ),
        ("signature", replace(one, signature=bytes(64)).frame, (0, root)),
        ("payload", replace(one, payload=None).frame, (0, root)),
        ("not follow", one.frame, (1, root)),
        ("not follow", one.frame, (0, bytes(32))),
        ("another log", one.frame, (0, root)),
    ):
        with pytest.raises(Refused, match=wrong):
            follow([frame], keys, bytes(16) if wrong == "another log" else dev, head)


async def test_only_the_machine_itself_may_read_its_inbox(interop, client):
    await applied(interop, client)
    await client.upload()
    beacon = await client.hear()
    kept = client.log.beacon

    other = await interop.enrolled(client.line, "KH-0232")
    own, client.log.key = client.log.key, other.log.key
    with pytest.raises(Refusal, match="403 signature"):
        await client.look_into_inbox(beacon)
    client.log.key = own
    interop.country.clock.now_ms += 11 * 60_000
    with pytest.raises(Refusal, match="404 beacon_unknown"):
        await client.look_into_inbox(beacon)

    assert client.log.beacon == kept
    assert len(await client.look_into_inbox(await client.hear())) == 1
