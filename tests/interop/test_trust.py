"""The centre's keys change: a second client follows trust document by document."""

import secrets
import shutil

import pytest

from provisioning.succession import succeed
from tests.interop.conftest import AMY, WISHES, Interop, counter_of
from tests.interop.ttc import Refused, key_id

CHANGES = (["beacon", "receipt"], ["root", "release"], ["receipt"])


async def test_new_keys_of_the_centre_are_learned_one_document_after_the_other(tmp_path):
    interop = Interop(tmp_path)
    country = interop.country
    async with country.serving(), interop.line() as line:
        await country.publish()
        client = await interop.enrolled(line)
        counter = counter_of(client)
        counter.register(await interop.officer(client), AMY)
        first = counter.submit(AMY, WISHES)
        await client.upload()
    for roles in CHANGES:
        succeed(country.keys, roles, secrets.token_bytes)
    country.hand_over_keys()
    shutil.copytree(country.keys / "trust", country.home / "trust")

    async with country.serving(), interop.line() as line:
        client.line = line
        await country.publish()
        await client.refresh(await client.hear())
        second = counter.submit(AMY, WISHES[:1], first, version=2)
        answer = await client.upload()
        await client.look_into_inbox(await client.hear())

    assert client.trust.version == 1 + len(CHANGES)
    assert (answer["code"], client.state) == ("ok", "current")
    receipts = client.receipts()
    signers = {key_id(each)[:8] for each in client.trust.said["receipt"]}
    assert [each.seq for each in receipts] == [first.said["seq"], second.said["seq"]]
    assert len({each.key for each in receipts} & signers) == 2


async def test_trust_that_skips_a_number_or_lacks_old_roots_is_not_taken(interop, client, tmp_path):
    elsewhere = Interop(tmp_path / "elsewhere").country
    documents = []
    for country in (interop.country, elsewhere):
        for roles in CHANGES:
            succeed(country.keys, roles, secrets.token_bytes)
        documents.append(
            [(country.keys / "trust" / name).read_bytes() for name in ("2.ttc", "3.ttc")]
        )
    (second, third), (foreign, _) = documents

    with pytest.raises(Refused, match="does not follow"):
        client.trust.take(third)
    with pytest.raises(Refused, match="signature"):
        client.trust.take(foreign)
    client.trust.take(second)
    client.trust.take(third)

    assert client.trust.version == 3
