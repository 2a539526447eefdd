"""A lost kiosk, from the report to the machine that replaces it (PROTOCOL 2.12)."""

import pytest

from core.wire.client import ClientState
from provisioning.register import Register
from provisioning.revocation import read_revocations, revoke
from server.store.tables import event, head
from syncd.store.fault import WritingStopped


@pytest.fixture
async def machine(country):
    """A machine that has sent some entries, and holds the published lists."""
    await country.publish()
    made = await country.enrol()
    async with made.running() as run:
        run.write()
        await run.settle()
        assert run.store.reference.version() is not None
    return made


async def reported_lost(country, machine, last_good=None, *, for_good=False):
    """The county revokes it and publishes."""
    register = Register(country.keys / "desk" / "issued.json")
    name = machine.id if for_good else register.newest(machine.id)
    revoke(country.keys, name, last_good, "遺失", country.clock.now_ms)
    await country.publish()
    return name


async def stored(country):
    return len(await country.rows(event))


@pytest.mark.parametrize("for_good", [False, True])
async def test_the_thief_cannot_send_and_the_kiosk_says_why(country, machine, for_good):
    async with machine.running() as run:
        before = await stored(country)
        await reported_lost(country, machine, before, for_good=for_good)
        run.write()
        await run.settle()

        assert await stored(country) == before
        assert run.state is ClientState.REVOKED
        with pytest.raises(WritingStopped):
            run.write()


async def test_a_kiosk_with_nothing_to_send_learns_it_from_the_signed_list(country, machine):
    async with machine.running() as run:
        await run.settle()
        await reported_lost(country, machine, await stored(country))

        await run.settle()

        assert run.state is ClientState.REVOKED


async def test_what_was_written_before_the_loss_still_arrives_up_to_the_stated_entry(
    country, machine
):
    async with machine.running() as run:
        held = await stored(country)
        for _ in range(4):
            run.write()
        await reported_lost(country, machine, held + 2)

        await run.settle()

        assert await stored(country) == held + 2
        assert run.state is ClientState.REVOKED


async def test_other_machines_go_on(country, machine):
    other = await country.enrol("KH-0232")
    await reported_lost(country, machine)

    async with other.running() as run:
        run.write()
        await run.settle()

        assert run.state is ClientState.CURRENT
        assert run.store.outbox.pending() == 0


async def test_found_again_it_is_renewed_and_the_list_still_names_the_loss(country, machine):
    async with machine.running() as run:
        await reported_lost(country, machine, await stored(country))
        run.write()
        await run.settle()
        assert run.state is ClientState.REVOKED
        unsent = run.store.outbox.pending()

    renewed = await machine.renew()

    assert (renewed.identity.inc, renewed.carried) == (2, unsent)
    async with machine.running() as run:
        await run.settle(14)
        assert run.state is ClientState.CURRENT
        assert run.store.outbox.pending() == 0
    assert len(read_revocations(country.keys).items) == 1
    assert {row["inc"] for row in await country.rows(head)} == {1, 2}


async def test_revoked_for_good_it_cannot_be_renewed_into_service(country, machine):
    async with machine.running() as run:
        await reported_lost(country, machine, for_good=True)
        run.write()
        await run.settle()
    await machine.renew()

    async with machine.running() as run:
        await run.settle(14)

        assert run.state is ClientState.REVOKED
