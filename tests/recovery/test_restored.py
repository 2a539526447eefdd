"""A server restored from a backup older than its machines' certificates (ADR 0021)."""

import shutil
from dataclasses import replace

import pytest

from core.wire.batch import decode_batch
from core.wire.client import ClientState
from core.wire.refile import REPLAY
from provisioning.desk import DeskError
from server.store.tables import device, event, evidence, head, refiled
from syncd.enrolment import Applicant, Enrolment, EnrolmentError
from tests.recovery.country import SCHOOL, Country, at_once
from tests.recovery.test_renewal import forked, renew_alone, replaced


@pytest.fixture
def country(tmp_path):
    """A country whose server is started by the test, as it is restored in between."""
    made = Country(tmp_path)
    made.found()
    return made


async def stopped_and_renewed(machine):
    """One more fork, which the county settles by a new certificate."""
    twin = await stopped_again(machine)
    await twin.renew()
    async with twin.running() as run:
        await run.settle()
    return twin


async def stopped_again(machine):
    """A copy of the disk that finds out that there are two."""
    twin = machine.copy(f"{machine.folder.name}-again")
    async with machine.running() as run:
        run.write()
        await run.settle()
    async with twin.running() as run:
        run.write()
        run.write()
        await run.settle()
        assert run.stopped
    return twin


def written(run):
    """Everything on a disk, by hash. What carried an entry further is not carried itself."""
    inc = run.store.identity.read().inc
    links = [link for each in range(1, inc + 1) for link in run.links(each)]
    return {link.hash for link in links if link.event.kind != REPLAY or link.event.inc == inc}


async def held(country):
    """Everything the server can show."""
    found = {row["eh"] for table in (event, refiled) for row in await country.rows(table)}
    for row in await country.rows(evidence):
        found |= {frame.hash for frame in decode_batch(row["data"]).open_frames()}
    return found


@pytest.mark.parametrize("first_to_speak", ["the copy", "the renewed machine"])
async def test_a_copy_left_in_the_old_incarnation_is_heard_after_a_restore(country, first_to_speak):
    async with country.serving():
        empty = country.backed_up()
        copy, machine = await forked(country)
        await machine.renew()
        for each in (machine, copy):
            async with each.running() as run:
                await run.settle()
    country.restored(empty)

    async with country.serving():
        turns = [copy, machine] if first_to_speak == "the copy" else [machine, copy]
        for each in (*turns, *turns):
            async with each.running() as run:
                await run.settle(14)
        async with copy.running() as run:
            assert run.stopped
            assert written(run) <= await held(country)
        async with machine.running() as run:
            assert run.state is ClientState.CURRENT
            assert written(run) <= await held(country)


async def test_a_machine_renewed_twice_since_the_backup_comes_back_alone(country):
    async with country.serving():
        machine = await country.enrol()
        async with machine.running() as run:
            await run.settle()
        backup = country.backed_up()
        machine = await stopped_and_renewed(machine)
        machine = await stopped_and_renewed(machine)
    country.restored(backup)

    async with country.serving(), machine.running() as run:
        await run.settle(21)

        assert (run.state, run.store.outbox.pending()) == (ClientState.CURRENT, 0)
        assert written(run) <= await held(country)
        assert [row["inc"] for row in await country.rows(device)] == [3]


async def test_a_new_disk_that_never_had_the_first_certificate_comes_back_too(country):
    async with country.serving():
        empty = country.backed_up()
        machine = await country.enrol()
        async with machine.running() as run:
            run.write()
            await run.settle()
        shutil.rmtree(machine.folder)
        await replaced(country, machine)
        await machine.renew()
    country.restored(empty)

    async with country.serving(), machine.running() as run:
        run.write()
        await run.settle(14)

        assert (run.state, run.store.outbox.pending()) == (ClientState.CURRENT, 0)
        assert written(run) <= await held(country)


async def test_the_desk_counts_on_after_the_server_was_restored(country):
    """Its next certificate is a new one, not the one that the server forgot."""
    async with country.serving():
        machine = await country.enrol()
        async with machine.running() as run:
            await run.settle()
        backup = country.backed_up()
        machine = await stopped_and_renewed(machine)
    country.restored(backup)

    async with country.serving():
        machine = await stopped_and_renewed(machine)
        async with machine.running() as run:
            assert run.store.identity.read().inc == 3
            await run.settle(21)
            assert (run.state, run.store.outbox.pending()) == (ClientState.CURRENT, 0)


async def test_a_register_that_was_put_back_counts_on_at_the_next_try(country):
    """The number it gives is taken; nothing opens the same log twice."""
    register = country.keys / "desk" / "issued.json"
    async with country.serving():
        _, machine = await forked(country)
        older = register.read_bytes()
        await machine.renew()
        register.write_bytes(older)
        code = country.letter(renews=machine.id)
        machine = await stopped_again(machine)
        with pytest.raises(DeskError):
            await country.with_desk(renew_alone(machine, code, wait_s=60))

        renewed = await country.with_desk(renew_alone(machine, code, wait_s=60))

    assert renewed.identity.inc == 3


async def test_a_certificate_that_is_not_newer_is_not_taken(country):
    """Server and desk both went back to before the machine's own."""
    register = country.keys / "desk" / "issued.json"
    async with country.serving():
        _, machine = await forked(country)
        older, backup = register.read_bytes(), country.backed_up()
        await machine.renew()
        machine = await stopped_again(machine)
    register.write_bytes(older)
    country.restored(backup)

    async with country.serving():
        with pytest.raises(EnrolmentError) as caught:
            await machine.renew()

        assert caught.value.code == "grant_older"


@pytest.mark.parametrize("renews", [False, True])
async def test_a_letter_for_the_other_case_leads_nowhere(country, renews):
    """A new machine with a letter that renews, a new disk with one for a new machine."""
    async with country.serving():
        known = await country.enrol()
        machine = replace(known, folder=known.folder.with_name("other"))
        await replaced(country, machine)
        code = country.letter(renews=known.id if renews else None)
        with pytest.raises(EnrolmentError) as caught:
            await (enrol if renews else renew)(country, machine, code)

        assert caught.value.code == ("grant_renews" if renews else "grant_other_device")


async def enrol(country, machine, code):
    async with machine.running() as run:
        enrolment = Enrolment(run.station, run.client, at_once)
        applicant = Applicant(name="KH-0231", schools=(SCHOOL,), software="0.1.0")
        grant = await country.with_desk(enrolment.obtain(applicant, code, 60))
        enrolment.accept(run.store, grant, machine.clock)


async def renew(country, machine, code):
    await country.with_desk(renew_alone(machine, code, wait_s=60))


async def test_a_quarantine_declared_since_the_backup_comes_back(country):
    """Both machines stopped; what each of them hands in again proves the fork once more."""
    async with country.serving():
        empty = country.backed_up()
        machine, twin = await forked(country)
        for each in (machine, twin):
            async with each.running() as run:
                await run.settle()
                assert run.stopped
        assert (await country.rows(head))[0]["quarantined_ms"] is not None
    country.restored(empty)

    async with country.serving():
        for each in (machine, twin):
            async with each.running() as run:
                await run.settle(14)

        (row,) = await country.rows(head)
        assert row["quarantined_ms"] is not None
