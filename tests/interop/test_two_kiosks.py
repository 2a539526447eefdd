"""Two second clients of one school: versions that know of each other, and such that do not."""

from dataclasses import replace

import pytest

from server.store import tables
from tests.interop.conftest import AMY, WISHES, counter_of
from tests.interop.inbox import copied
from tests.interop.ttc import Refused, read, write


@pytest.fixture
async def there(interop, client):
    """The machine at the other counter, after the teacher was registered at this one."""
    officer = await interop.officer(client)
    other = await interop.enrolled(client.line, "KH-0232")
    for each in (client, other):
        await each.refresh(await each.hear())
        await each.upload()
    counter_of(client).register(officer, AMY)
    await client.upload()
    return other


async def told(client):
    """What is new in the inbox, by kind."""
    new = await client.look_into_inbox(await client.hear())
    return {each.said["kind"]: each for each in new}


async def application(interop):
    """Hers, as the server has it."""
    (row,) = await interop.country.rows(tables.application)
    return row


async def test_a_version_from_elsewhere_is_the_next_ones_parent(interop, client, there):
    first = counter_of(client).submit(AMY, WISHES)
    await client.upload()

    notice = (await told(there))["inbox.version"]
    known, payload = copied(notice)
    second = counter_of(there).follow(AMY, WISHES[:1], known, version=2)
    await there.upload()

    assert (known, notice.said["body"]["version"]) == (first.hash, 1)
    assert write(payload) == first.payload
    row = await application(interop)
    assert (row["revision"], row["state"], row["wish_count"]) == (second.hash, "current", 1)
    changed = write(read(notice.payload) | {"payload": first.payload[:-1] + b"x"})
    with pytest.raises(Refused):
        copied(replace(notice, payload=changed))


async def test_versions_that_did_not_know_each_other_are_a_conflict_until_she_resolves_it(
    interop, client, there
):
    first = counter_of(client).submit(AMY, WISHES)
    await client.upload()
    second = counter_of(there).submit(AMY, WISHES[:1], first, version=2)
    third = counter_of(client).submit(AMY, WISHES[1:], first, version=2)
    await there.upload()
    await client.upload()

    notices = [await told(each) for each in (client, there)]
    before = await application(interop)
    heads = notices[0]["inbox.conflict"].said["body"]["heads"]
    resolved = counter_of(client).resolve(AMY, WISHES, *heads, version=3)
    await client.upload()
    after = await application(interop)

    assert heads == sorted([second.hash, third.hash])
    assert notices[1]["inbox.conflict"].said["body"]["heads"] == heads
    assert (before["state"], before["revision"]) == ("conflict", None)
    assert (after["state"], after["revision"]) == ("current", resolved.hash)
    assert copied((await told(there))["inbox.version"])[0] == resolved.hash


async def test_a_review_goes_with_the_claim_and_not_with_the_wishes(interop, client):
    officer, counter = await interop.officer(client), counter_of(client)
    counter.register(officer, AMY)
    first = counter.submit(AMY, WISHES)
    counter.approve(officer, first, service=600)
    second = counter.rewish(AMY, WISHES[:1], first, version=2)
    await client.upload()
    kept = await application(interop)
    counter.submit(AMY, WISHES[:1], second, version=3)  # the same words, another salt
    await client.upload()
    void = await application(interop)

    assert first.said["body"]["claim"] == second.said["body"]["claim"]
    assert (kept["version"], kept["review"]) == (2, "approved")
    assert (void["version"], void["review"]) == (3, "waiting")


async def test_a_withdrawal_has_a_receipt_and_takes_the_application_back(interop, client, there):
    first = counter_of(client).submit(AMY, WISHES)
    withdrawn = counter_of(client).withdraw(AMY, first)
    await client.upload()

    await told(client)

    assert [each.event for each in client.receipts()] == [first.hash[:16], withdrawn.hash[:16]]
    assert (await application(interop))["state"] == "withdrawn"
    assert copied((await told(there))["inbox.version"]) == (withdrawn.hash, None)
