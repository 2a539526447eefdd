"""Clones, rollbacks and new incarnations on the real parts (PROTOCOL 2.7, 2.12)."""

import secrets
import shutil

import pytest

from core.sealing import seal_public
from core.wire.canon import to_wire
from core.wire.client import ClientState, Delivery
from core.wire.identity import SigningRequest, make_request
from core.wire.kind import Retirement
from core.wire.receipt import open_receipt
from core.wire.refile import REPLAY
from server.inbox import append_notice
from server.store.tables import event, evidence, head, refiled
from syncd.enrolment import PENDING, Applicant, EnrolmentError
from syncd.log_keys import rotate_log_key
from syncd.renewal import Renewer, Tools
from syncd.station import CREDENTIALS, LOG_KEY, Settings, create_station, read_station
from syncd.store.audit import AuditCode
from syncd.store.fault import KeyChanged, WritingStopped
from syncd.store.ledger import Entry
from tests.core.wire.samples import APP, TEACHER, revision
from tests.recovery.country import BOOT, SCHOOL, at_once


def kinds(run, inc=None):
    return [link.event.kind for link in run.links(inc)]


async def hashes(country):
    """Everything the server has, carried entries included."""
    return {row["eh"] for table in (event, refiled) for row in await country.rows(table)}


async def forked(country):
    """Two copies of one disk that both wrote; the first one to send wins the name."""
    first = await country.enrol()
    async with first.running() as run:
        await run.settle()
    second = first.copy("clone")
    async with first.running() as run:
        run.write()
        await run.settle()
    async with second.running() as run:
        run.write()
        run.write()
        await run.settle()
    return first, second


async def test_two_copies_of_one_disk_are_told_apart_and_both_are_stopped(country):
    first, second = await forked(country)

    async with first.running() as one, second.running() as other:
        one.write()
        await one.settle()
        await other.settle()

        assert (one.state, other.state) == (ClientState.FORKED, ClientState.FORKED)
        for run in (one, other):
            with pytest.raises(WritingStopped):
                run.write()
    (row,) = await country.rows(head)
    kept = await country.rows(evidence)
    assert row["quarantined_ms"] is not None
    assert len(kept) >= 2


async def test_after_a_fork_a_new_incarnation_brings_everything(country):
    _, second = await forked(country)
    async with second.running() as run:
        lost = {link.hash for link in run.links()}
        unsent = [link for link in run.links() if link.hash not in await hashes(country)]
    assert unsent

    renewed = await second.renew()

    assert (renewed.identity.inc, renewed.left) == (2, 0)
    assert renewed.carried >= len(unsent), "more only if the server took it without our knowing"
    async with second.running() as run:
        await run.settle()
        assert run.state is ClientState.CURRENT
        assert kinds(run)[0] == "device.renew"
        assert kinds(run).count(REPLAY) == renewed.carried
        began = run.links()[0].event.body
        old = run.links(1)[-1]
        assert began == {"inc": 1, "seq": old.event.seq, "head": old.hash, "reason": "forked"}
        run.write()
        await run.settle()
        assert run.store.outbox.pending() == 0
    assert lost <= await hashes(country)


async def test_the_other_copy_is_dead_from_then_on(country):
    first, second = await forked(country)
    await second.renew()

    async with first.running() as run:
        await run.settle()

        assert run.state is ClientState.SELF_ROLLBACK
        with pytest.raises(WritingStopped):
            run.write()


async def test_a_restored_disk_stops_renews_and_nothing_acknowledged_is_lost(country):
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
    shutil.copytree(machine.folder, machine.folder.with_name("backup"))
    async with machine.running() as run:
        run.write()
        run.write()
        await run.settle()
        acknowledged = {link.hash for link in run.links()}
    shutil.rmtree(machine.folder)
    machine.folder.with_name("backup").rename(machine.folder)

    async with machine.running() as run:
        run.write()
        await run.settle()
        assert run.stopped
        with pytest.raises(WritingStopped):
            run.write()
        written = {link.hash for link in run.links()}
    renewed = await machine.renew()
    async with machine.running() as run:
        await run.settle()
        assert run.state is ClientState.CURRENT

    assert renewed.identity.inc == 2
    assert acknowledged | written <= await hashes(country)


async def test_a_replaced_disk_goes_on_under_the_same_name(country):
    machine = await country.enrol()
    async with machine.running() as run:
        run.write()
        await run.settle()
    shutil.rmtree(machine.folder)
    await replaced(country, machine)

    renewed = await machine.renew()

    assert (renewed.identity.device, renewed.identity.inc) == (machine.id, 2)
    async with machine.running() as run:
        await run.settle()
        assert run.state is ClientState.CURRENT
        began = run.links()[0].event.body
        assert began == {"inc": 1, "seq": 0, "head": None, "reason": "disk_replaced"}


async def replaced(country, machine):
    """A new disk: a station's folder without a certificate."""
    root = (country.keys / "root.json").read_bytes()
    create_station(machine.folder, Settings(server=country.url, name="KH-0231"), root)


async def test_a_healthy_machine_is_not_renewed(country):
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()

    with pytest.raises(EnrolmentError) as caught:
        await machine.renew()

    assert caught.value.code == "renewal_not_needed"


async def test_a_machine_whose_log_key_is_lost_is_renewed_and_keeps_what_nobody_else_has(country):
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
        told = run.write().hash
    (machine.folder / CREDENTIALS / LOG_KEY).write_bytes(secrets.token_bytes(32))
    async with machine.running() as run:
        with pytest.raises(KeyChanged):
            run.write()

    renewed = await machine.renew()

    async with machine.running() as run:
        await run.settle()
        assert run.state is ClientState.CURRENT
        assert run.links()[0].event.body["reason"] == "log_key_lost"
    assert renewed.identity.inc == 2
    assert told in await hashes(country)


async def test_a_store_put_back_to_before_its_key_changed_is_renewed_under_a_key_of_its_own(
    country,
):
    """Only the store's file was put back: the key that is left is that of entries it never saw."""
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
        copies = [(path, path.read_bytes()) for path in machine.folder.glob("kiosk.db*")]
    async with machine.running() as run:
        changed = rotate_log_key(run.station, run.store, machine.clock)
    async with machine.running() as run:
        run.write()
        await run.settle()
        acknowledged = {link.hash for link in run.links()}
    for path, content in copies:
        path.write_bytes(content)
    (machine.folder / "kiosk.db-head").unlink()

    async with machine.running() as run:
        with pytest.raises(KeyChanged):
            run.write()
    await machine.renew()

    async with machine.running() as run:
        await run.settle()
        assert run.state is ClientState.CURRENT
        assert run.station.log_key.public != changed.log_key.public
    assert acknowledged <= await hashes(country)


async def test_a_code_for_another_machine_does_not_renew_this_one(country):
    _, second = await forked(country)
    other = await country.enrol("KH-0232")

    with pytest.raises(EnrolmentError) as caught:
        await second.renew(renews=other.id)

    assert caught.value.code == "grant_other_device"
    async with second.running() as run:
        assert run.state is ClientState.FORKED


async def test_an_interrupted_renewal_is_finished_with_the_same_code(country):
    """Killed after the county had answered: the form on the disk and the code still fit."""
    _, second = await forked(country)
    code = country.letter(renews=second.id)
    with pytest.raises(EnrolmentError) as caught:
        await renew_alone(second, code)
    assert caught.value.code == "undecided"

    renewed = await country.with_desk(renew_alone(second, code, wait_s=60))

    assert renewed.identity.inc == 2


async def test_a_form_that_was_left_behind_does_not_keep_the_old_key_in_use(country):
    """The power went between the first certificate and the removal of the form."""
    _, second = await forked(country)
    station = read_station(second.folder)
    request = SigningRequest(
        subject="device",
        key=station.log_key.public,
        seal=seal_public(station.seal_key),
        schools=(SCHOOL,),
        name="KH-0231",
        asset="",
        software="0.1.0",
        holder=None,
        nonce=bytes(16),
    )
    form = make_request(request, station.log_key, "AAAA-AAAA-AAAA")
    (second.folder / PENDING).write_bytes(to_wire(form))

    renewed = await second.renew()

    assert renewed.identity.log_key not in {None, station.log_key.public}


async def renew_alone(machine, code, wait_s=0):
    async with machine.running() as run:
        tools = Tools(
            store=run.store,
            client=run.client,
            sleep=at_once,
            clock=machine.clock,
            log=machine.journal,
        )
        applicant = Applicant(name="KH-0231", schools=(SCHOOL,), software="0.1.0")
        return await Renewer(run.station, tools).renew(applicant, code, wait_s)


async def test_a_program_that_still_holds_the_old_key_cannot_write(country):
    _, second = await forked(country)
    async with second.running() as before:
        await second.renew()

        with pytest.raises(KeyChanged):
            before.write(BOOT)


async def test_renewed_twice_nothing_is_wrapped_twice(country):
    """Unsent carried entries are carried on when the new incarnation stops, too."""
    _, second = await forked(country)
    renewed = await second.renew()
    third = second.copy("third")
    async with second.running() as run:
        await run.settle()
    async with third.running() as run:
        run.write()
        await run.settle()
        assert run.stopped

    again = await third.renew()

    assert again.identity.inc == 3
    async with third.running() as run:
        await run.settle()
        carried = [link for link in run.links() if link.event.kind == REPLAY]
        assert {link.event.body["inc"] for link in carried} == {1, 2}
        assert len(carried) >= renewed.carried
    assert len({row["eh"] for row in await country.rows(refiled)}) == len(
        await country.rows(refiled)
    )


def version(number, *parents):
    """A version of an invented teacher's application, as the kiosk appends it."""
    body, payload = revision(number, *parents)
    return Entry(kind="app.revise", body=body, who=TEACHER, payload=payload)


async def test_the_teachers_receipt_comes_for_the_version_she_sent_before(country):
    """An unsent version is delivered under its old number, and the kiosk knows it."""
    machine = await country.enrol()
    async with machine.running() as run:
        await run.settle()
    stale = machine.copy("stale")
    async with machine.running() as run:
        run.write()
        await run.settle()
    async with stale.running() as run:
        sent = run.write(version(1))
        await run.settle()
        assert run.stopped

    await stale.renew()

    async with stale.running() as run:
        await run.settle(14)
        seq = sent.event.seq
        assert run.store.outbox.delivery(seq, inc=1) is Delivery.DELIVERED
        receipt = run.store.outbox.receipt(seq, inc=1)
        state = run.store.ledger.application(APP)
        assert [each.hash for each in state.heads] == [sent.hash]
    assert open_receipt(receipt, run_key(country)).event == sent.hash[:16]


def run_key(country):
    """The receipt key of the running server."""
    return country.context.keys.receipt.public


async def test_the_server_tells_a_new_disk_what_it_told_the_old_one(country):
    """The inbox begins with the first certificate, which the new disk never had."""
    machine = await country.enrol()

    def tell(connection):
        append_notice(
            connection,
            machine.id,
            "inbox.retire",
            Retirement(reason="範例"),
            None,
            country.clock.now_ms,
            country.context.keys.receipt,
        )

    await country.context.store.write(tell)
    async with machine.running() as run:
        await run.settle()
        assert run.store.inbox.after() == 1
    shutil.rmtree(machine.folder)
    await replaced(country, machine)
    await machine.renew()
    await country.context.store.write(tell)

    async with machine.running() as run:
        await run.settle()

        assert run.store.inbox.after() == 2
        assert AuditCode.INBOX_REFUSED not in {row.code for row in run.store.audit.newest(99)}
