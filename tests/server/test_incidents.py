"""故障回報 at the centre: proved, kept once, bounded, and shown to whom the machine belongs."""

import pytest
from msgspec.structs import replace

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.document import sign_document
from core.wire.incident import INCIDENT_BYTES, Incident
from server.store import incidents as kept
from server.store.incidents import HOUR_MS, IN_AN_HOUR, incident
from syncd.client import Client, Refusal
from tests.fakes.device import NOON_MS, Device

STATE = "service=failed device=fine readers=1 repair=3failed link=online pending=2 software=0.1"


class Machine:
    """Tells as the daemon of a machine would."""

    def __init__(self, server, device):
        self.server, self.device = server, device

    async def tell(self, number="7HK2QX", key=None, path=None, **changed):
        """Status and code."""
        return await self.post(await self.signed(number, key, **changed), path)

    async def signed(self, number, key=None, **changed):
        """The document, over a fresh beacon."""
        _, beacon = await self.server.beacon(self.device.id)
        told = Incident(
            dev=self.device.id,
            inc=1,
            seq=self.device.head.seq,
            beacon=beacon,
            number=number,
            t=NOON_MS - 5000,
            state=STATE,
        )
        return sign_document(
            SignatureType.INCIDENT, replace(told, **changed), key or self.device.key
        )

    async def post(self, data, path=None):
        where = f"/v1/incident/{path or self.device.id.hex()}"
        async with self.server.client.post(where, data=data) as answer:
            said = await answer.json()
            return answer.status, said.get("code", "")


@pytest.fixture
async def machine(server, centre):
    device = Device(centre)
    await server.enrol(device)
    return Machine(server, device)


async def test_what_is_told_twice_is_kept_once(machine):
    first = await machine.tell()
    machine.server.clock.now_ms += 60_000
    again = await machine.tell()
    other = await machine.tell(number="ABCDEF")

    assert [first, again, other] == [(202, "")] * 3
    rows = await machine.server.rows(incident)
    assert [(row["number"], row["recv_ms"]) for row in rows] == [
        ("7HK2QX", NOON_MS),
        ("ABCDEF", NOON_MS + 60_000),
    ]
    assert (rows[0]["t_ms"], rows[0]["state"]) == (NOON_MS - 5000, STATE)


async def test_the_daemon_s_client_hears_that_it_is_kept_or_why_not(machine):
    async with Client(str(machine.server.client.make_url("/"))) as client:
        answers = []
        for number, beacon in (("7HK2QX", None), ("7HK2QX", None), ("ABCDEF", bytes(8))):
            data = await machine.signed(number, **({} if beacon is None else {"beacon": beacon}))
            answers.append(await client.incident(machine.device.id, data))

    assert answers == [None, None, Refusal(404, "beacon_unknown", None)]
    assert len(await machine.server.rows(incident)) == 1


async def test_only_the_machine_itself_is_heard_and_only_now(machine, centre):
    stranger = Machine(machine.server, Device(centre))

    answers = [
        await machine.tell(key=SigningKey(bytes(32))),
        await machine.tell(beacon=bytes(8)),
        await machine.tell(dev=bytes(16)),
        await machine.tell(inc=2),
        await stranger.tell(),
        await machine.post(b"\x93"),
        await machine.post(b"x" * (INCIDENT_BYTES + 1)),
    ]

    assert answers == [
        (403, "signature"),
        (404, "beacon_unknown"),
        (403, "other_device"),
        (401, "device_unknown"),
        (401, "device_unknown"),
        (400, answers[5][1]),
        (413, "too_large"),
    ]
    assert await machine.server.rows(incident) == []


@pytest.mark.parametrize("state", ["name=林曉芒", "card=E276543210", "service=fine service=fine"])
async def test_nothing_but_listed_words_is_taken(machine, state):
    assert await machine.tell(state=state) == (400, "incident")
    assert await machine.server.rows(incident) == []


async def test_a_machine_that_tells_without_end_is_put_off_and_repeats_are_not_counted(machine):
    numbers = [f"2222{a}{b}" for a in "ABCDEFGH" for b in "ABCDEFGH"]
    for number in numbers[:IN_AN_HOUR]:
        assert await machine.tell(number) == (202, "")

    more = await machine.tell(numbers[IN_AN_HOUR])
    repeated = await machine.tell(numbers[0])
    machine.server.clock.now_ms += HOUR_MS
    later = await machine.tell(numbers[IN_AN_HOUR])

    assert (more, repeated, later) == ((429, "too_often"), (202, ""), (202, ""))


async def test_of_many_the_oldest_are_forgotten(machine, monkeypatch):
    monkeypatch.setattr(kept, "KEPT", 2)
    for number in ("222222", "333333", "444444"):
        machine.server.clock.now_ms += 1000
        assert await machine.tell(number) == (202, "")

    assert [row["number"] for row in await machine.server.rows(incident)] == ["333333", "444444"]
