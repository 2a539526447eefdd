"""Keys of machines and of the centre change; what they signed stays good (PROTOCOL 2.12)."""

import secrets
import shutil

import pytest

from core.wire.client import ClientState, Delivery
from provisioning.keyring import read_trust
from provisioning.succession import succeed
from server.store.tables import event
from syncd.log_keys import NEXT, older_log_keys, rotate_log_key, settled
from syncd.station import CREDENTIALS, LOG_KEY, read_station
from tests.recovery.country import Country


@pytest.fixture
def founded(tmp_path):
    """Keys and a home; nothing runs."""
    made = Country(tmp_path)
    made.found()
    return made


async def test_a_machine_changes_its_log_key_and_goes_on(country):
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
        station, old = run.station, run.station.log_key
        fresh = rotate_log_key(station, run.store, machine.clock)
    assert fresh.log_key != old

    async with machine.running() as run:
        run.write()
        await run.settle()

        assert run.station.log_key == fresh.log_key
        assert run.state is ClientState.CURRENT
        assert run.store.outbox.pending() == 0
        assert len(await country.rows(event)) == len(run.links())
        run.store.check()


async def test_the_old_key_signs_batches_for_a_server_that_was_restored(country):
    """ADR 0013: a server from before the change asks for what the old key signed."""
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
        rotate_log_key(run.station, run.store, machine.clock)
    async with machine.running() as run:
        run.write()
        kit = run.talk._kit  # noqa: SLF001
        keys = {kit.key_at(seq).public for seq in (1, len(run.links()))}
        assert keys == {run.station.log_key.public, older_log_keys(run.station)[0].public}

        await run.settle()

        assert run.store.outbox.pending() == 0


async def test_a_change_that_was_cut_short_is_finished_at_the_next_start(country):
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
        before = (machine.folder / CREDENTIALS / LOG_KEY).read_bytes()
        changed = rotate_log_key(run.station, run.store, machine.clock)
    place = machine.folder / CREDENTIALS
    (place / NEXT).write_bytes(changed.log_key.private)
    (place / LOG_KEY).write_bytes(before)

    async with machine.running() as run:
        run.write()
        await run.settle()

        assert run.station.log_key == changed.log_key
        assert run.store.outbox.pending() == 0
    assert not (place / NEXT).exists()


async def test_a_new_key_that_was_never_put_in_force_is_thrown_away(country):
    machine = await country.enrol()
    (machine.folder / CREDENTIALS / NEXT).write_bytes(secrets.token_bytes(32))
    station = read_station(machine.folder)

    with station.open_store() as store:
        assert settled(station, store) == station

    assert not (machine.folder / CREDENTIALS / NEXT).exists()


async def test_after_the_server_lost_its_keys_machines_follow_by_the_roots_word(founded):
    """PROTOCOL 2.12: root issues new trust; kiosks accept by chain."""
    async with founded.serving():
        machine = await founded.enrol()
        async with machine.running() as run:
            await run.settle()
            delivered = run.links()[-1].event.seq
    for name in ("beacon.key", "receipt.key"):
        (founded.home / "keys" / name).unlink()

    succeed(founded.keys, ["beacon", "receipt"], secrets.token_bytes)
    founded.hand_over_keys()

    async with founded.serving(), machine.running() as run:
        run.write()
        await run.settle()

        assert run.state is ClientState.CURRENT
        assert run.store.identity.read().trust == read_trust(founded.keys)[0]
        assert run.store.outbox.pending() == 0
        assert run.store.outbox.delivery(delivered) is Delivery.DELIVERED


async def test_a_machine_that_was_off_for_three_documents_walks_them_all(founded):
    async with founded.serving():
        machine = await founded.enrol()
        async with machine.running() as run:
            await run.settle()
    for roles in (["root"], ["root", "beacon"], ["receipt", "beacon"]):
        succeed(founded.keys, roles, secrets.token_bytes)
    founded.hand_over_keys()
    shutil.copytree(founded.keys / "trust", founded.home / "trust")

    async with founded.serving(), machine.running() as run:
        await run.settle()

        assert run.state is ClientState.CURRENT
        assert run.store.identity.read().trust == read_trust(founded.keys)[0]


async def test_a_server_with_keys_nobody_vouches_for_is_not_listened_to(founded, tmp_path):
    async with founded.serving():
        machine = await founded.enrol()
        async with machine.running() as run:
            await run.settle()
            sight = run.store.link_state.sight()
    stranger = Country(tmp_path / "stranger", clock=founded.clock)
    stranger.folder.mkdir()
    stranger.found()
    founded.home.rename(tmp_path / "gone")
    shutil.copytree(stranger.home, founded.home)

    async with founded.serving(), machine.running() as run:
        run.write()
        await run.settle()

        assert run.store.link_state.sight() == sight
        assert run.store.outbox.pending() > 0
