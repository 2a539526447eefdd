"""A second client without a line: its parcel at the real import, and the answer that comes back."""

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from core.wire.fault import WireError
from server.usb.intake import take
from tests.interop import hpke
from tests.interop.conftest import AMY, WISHES, counter_of, stored, turned
from tests.interop.stick import MAGIC, pack_parcel, take_answer
from tests.interop.ttc import Key, Refused, read, write


@pytest.fixture
async def seal(interop):
    """The private key that opens parcels; it never stands at the server."""
    return (interop.country.keys / "seal" / "seal.key").read_bytes()


async def registered(interop, client):
    """A teacher registered, her version made, nothing sent."""
    counter = counter_of(client)
    counter.register(await interop.officer(client), AMY)
    return counter.submit(AMY, WISHES)


async def test_what_a_stick_carries_there_and_back_is_what_the_line_would(
    interop, client, tmp_path
):
    version = await registered(interop, client)
    stick = tmp_path / "stick"
    stick.mkdir()
    name, parcel = pack_parcel(client, 1, step=2)
    (stick / name).write_bytes(parcel)

    ran = await asyncio.to_thread(imported, interop.country, stick)
    answer = (stick / name.replace(".ttx", ".tta")).read_bytes()
    said = take_answer(client, answer, parcel)

    assert ran.returncode == 0, ran.stderr
    assert len(said["acks"]) == 2
    assert await stored(client, interop) == [each.hash for each in client.log.entries[:3]]
    assert (client.cursor, client.verdicts) == (3, {1: 0, 2: 1, 3: 1})
    assert [(each.seq, each.event) for each in client.receipts()] == [(3, version.hash[:16])]
    assert client.reference.used == tuple(client.log.entries[-1].said["ref"])
    assert [each.said["kind"] for each in client.log.entries[3:]] == [
        "usb.export",
        "beacon.carried",
        "inbox.seen",
        "usb.import",
    ]
    assert client.log.entries[-1].said["bcn"] is None
    assert (await client.upload())["through"] == client.log.last
    assert await stored(client, interop) == [each.hash for each in client.log.entries]


def imported(country, stick):
    """What somebody at the centre types."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "jiepin", "server", "usb", "import", stick),
            *("--home", country.home, "--seal-key", country.keys / "seal" / "seal.key"),
            *("--database", f"sqlite:///{country.home / 'server.db'}", "--answers", stick),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_same_parcel_again_changes_nothing(interop, client, seal):
    await registered(interop, client)
    _, parcel = pack_parcel(client, 1)
    context = interop.country.context

    first = await take(context, (seal,), parcel)
    again = await take(context, (seal,), parcel)
    take_answer(client, again.answer, parcel)

    assert (first.added, again.added, again.through) == (3, 0, 3)
    assert client.cursor == 3


async def test_an_answer_is_for_one_machine_and_one_parcel(interop, client, seal):
    await registered(interop, client)
    _, parcel = pack_parcel(client, 1)
    _, other = pack_parcel(client, 1)
    answer = (await take(interop.country.context, (seal,), parcel)).answer
    before = (client.cursor, client.log.last)

    with pytest.raises(Refused, match="another parcel"):
        take_answer(client, answer, other)
    with pytest.raises(Refused):
        take_answer(client, turned(answer, -1), parcel)
    client.applicant = replace(client.applicant, seal=bytes(32))
    with pytest.raises(Refused, match="not sealed for this key"):
        take_answer(client, answer, parcel)

    assert (client.cursor, client.log.last) == before


async def test_a_parcel_that_is_not_what_it_says_is_refused_by_its_code(interop, client, seal):
    await registered(interop, client)
    own, name = client.log.key, client.trust.said["seal"]
    parcels = {"usb_damaged": pack_parcel(client, 1, hash=bytes(32))[1]}
    client.trust.said["seal"] = hpke.public_of(bytes(range(32)))
    parcels["usb_other_seal"] = pack_parcel(client, 1)[1]
    client.trust.said["seal"] = name
    parcels["usb_content"] = pack_parcel(client, 1, count=9)[1]
    client.log.key = Key(bytes(32))
    parcels["signature"] = pack_parcel(client, 1)[1]
    client.log.key = own
    parcels["magic"] = b"TTB1" + pack_parcel(client, 1)[1][len(MAGIC) :]
    signed, sealed, _ = read(pack_parcel(client, 1)[1][len(MAGIC) :], 1 << 20)
    parcels["usb_damaged "] = MAGIC + write([signed, sealed, []])

    for code, parcel in parcels.items():
        with pytest.raises(WireError) as refused:
            await take(interop.country.context, (seal,), parcel)
        assert refused.value.code == code.strip()
    assert await stored(client, interop) == []
