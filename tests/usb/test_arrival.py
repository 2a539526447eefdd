"""Answers from a stick: as if the server had spoken, in any order, and never twice."""

import itertools
import shutil

import msgspec
import pytest

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.ack import Ack, Verdict
from core.wire.beacon import Beacon
from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.client import ClientState, Delivery
from core.wire.document import open_document, sign_document, split_document
from core.wire.fault import WireError
from core.wire.identity import Grant
from core.wire.manifest import AnswerManifest
from core.wire.receipt import open_receipt
from core.wire.reference import ReferenceFile, SchoolRow
from core.wire.talk import BATCH
from core.wire.usb import read_answer, write_answer
from server.publishing import publish_reference
from server.store import enrolments
from server.store.settings import EPOCH, write_setting
from server.store.tables import event
from server.usb.intake import take
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from syncd.store.requests import RequestState
from tests.fakes.device import NOON_MS, make_officer, make_teacher
from tests.syncd.machine import STORE_KEY
from tests.usb.fake_stick import FakeStick
from tests.usb.kiosk import Kiosk, make_kiosk
from tests.usb.sticks import UNSEALED, content_of

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


async def parcels_of(kiosk):
    """What an export puts on an empty stick."""
    stick = FakeStick()
    kiosk.export(stick)
    return [stick.files[name] for name in sorted(stick.files)]


async def answer_of(kiosk, server, centre):
    """Carry everything to the centre; the newest answer."""
    took = [await take(server.context, (centre.seal,), each) for each in await parcels_of(kiosk)]
    return took[-1].answer


async def carried(kiosk, server, centre):
    """One journey of a stick, there and back."""
    return await kiosk.taking(await answer_of(kiosk, server, centre))


async def refused(kiosk, data):
    before = kiosk.kinds(), kiosk.link(), kiosk.store.inbox.after()
    with pytest.raises(WireError) as error:
        await kiosk.taking(data)
    assert (kiosk.kinds(), kiosk.link(), kiosk.store.inbox.after()) == before
    return error.value.code


async def publish(server, centre, version, files):
    release = centre.publish(version, files)
    await server.context.store.write(
        lambda connection: publish_reference(
            connection,
            release,
            server.context.keys,
            server.context.directory,
            server.clock.now_ms,
        )
    )


def lists(version=1):
    """A released set of reference files."""
    row = SchoolRow(
        "014601", "市立範例國小", "範例", "01", "板橋區", "elementary", (), delegated=True
    )
    return {
        "schools-elementary": (version, ReferenceFile(kind="schools", schools=(row,))),
        "notices": (version, ReferenceFile(kind="notice", text=f"範例 {version}")),
    }


async def test_an_answer_brings_delivery_verdicts_and_the_servers_receipt(kiosk, server, centre):
    officer, teacher = make_officer(centre), make_teacher(1)
    await server.enrol(kiosk.device, officer)
    kiosk.register(teacher, officer)
    version = kiosk.submit(teacher)

    arrival = await carried(kiosk, server, centre)

    outbox = kiosk.store.outbox
    assert (arrival.newer, arrival.through, arrival.inbox, arrival.codes) == (True, 2, 1, ())
    assert [outbox.delivery(seq) for seq in (1, 2)] == [Delivery.DELIVERED] * 2
    assert outbox.verdict(2) is Verdict.VALID
    receipt = open_receipt(outbox.receipt(2), centre.receipt.public)
    assert (receipt.seq, receipt.event, receipt.log_index) == (2, version.hash[:16], 2)
    assert await server.log_of(kiosk.device) == kiosk.hashes()[:2]


async def test_an_answer_to_a_full_batch_is_taken_in_and_kept(kiosk, server, centre):
    await server.enrol(kiosk.device)
    for _ in range(BATCH):
        kiosk.boot()

    arrival = await carried(kiosk, server, centre)

    assert (arrival.newer, arrival.through, arrival.codes) == (True, BATCH, ())
    assert kiosk.store.outbox.delivery(BATCH) is Delivery.DELIVERED
    (kept,) = kiosk.store.answers.all()
    ack = from_wire(split_document(kept)[0], Ack, FILE_LIMITS)
    assert len(ack.items) == BATCH


async def test_the_log_says_what_came_and_no_live_beacon_is_pretended(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    server.clock.now_ms += DAY_MS

    await carried(kiosk, server, centre)

    assert kiosk.kinds() == [
        "app.revise",
        "usb.export",
        "inbox.seen",
        "beacon.carried",
        "usb.import",
    ]
    ledger = kiosk.store.ledger
    assert ledger.newest("beacon.carried").event.body["t"] == NOON_MS + DAY_MS
    body = ledger.newest("usb.import").event.body
    assert (body["first"], body["last"]) == (1, 1)
    assert kiosk.store.link_state.sight() is None
    assert kiosk.boot().event.bcn is None
    assert kiosk.store.link_state.carried().server_ms == NOON_MS + DAY_MS


async def test_the_same_answer_again_changes_nothing(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    answer = await answer_of(kiosk, server, centre)
    await kiosk.taking(answer)
    kinds, link = kiosk.kinds(), kiosk.link()

    again = await kiosk.taking(answer)

    assert (again.newer, again.inbox, again.codes) == (False, 0, ())
    assert (kiosk.kinds(), kiosk.link()) == (kinds, link)


async def test_an_old_answer_after_a_newer_one_moves_nothing_back(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    old = await answer_of(kiosk, server, centre)
    server.clock.now_ms += HOUR_MS
    kiosk.submit(make_teacher(2))
    new = await answer_of(kiosk, server, centre)
    await kiosk.taking(new)
    kinds = kiosk.kinds()

    late = await kiosk.taking(old)

    assert (late.newer, late.inbox, late.through) == (False, 0, 3)
    assert kiosk.kinds() == kinds
    assert [kiosk.store.outbox.delivery(seq) for seq in (1, 2, 3)] == [Delivery.DELIVERED] * 3
    assert kiosk.store.link_state.carried().server_ms == NOON_MS + HOUR_MS


async def test_an_old_answer_still_brings_verdicts_nobody_knew(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    old = await answer_of(kiosk, server, centre)
    server.clock.now_ms += HOUR_MS
    with kiosk.store.transaction():
        kiosk.store.outbox.mark_delivered(1, 0)
    kiosk.submit(make_teacher(2))
    await kiosk.taking(await answer_of(kiosk, server, centre))
    assert kiosk.store.outbox.verdict(1) is None

    await kiosk.taking(old)

    assert kiosk.store.outbox.verdict(1) is not None


async def test_answers_in_any_order_lead_to_the_same(kiosk, server, centre, tmp_path):
    await server.enrol(kiosk.device)
    answers = []
    for number in range(3):
        kiosk.submit(make_teacher(number))
        answers.append(await answer_of(kiosk, server, centre))
        server.clock.now_ms += HOUR_MS
    kiosk.store.close()
    ends = []

    for order in itertools.permutations(answers):
        path = tmp_path / f"copy-{len(ends)}.db"
        shutil.copyfile(tmp_path / "kiosk.db", path)
        with open_store(path, STORE_KEY) as store:
            copy = Kiosk(device=kiosk.device, store=store)
            for answer in order:
                await copy.taking(answer)
            ends.append(
                (
                    store.inbox.head(),
                    store.outbox.through(),
                    [store.outbox.verdict(seq) for seq in range(1, 7)],
                    [store.outbox.receipt(seq) for seq in range(1, 7)],
                    store.link_state.carried().server_ms,
                )
            )

    assert len(ends) == 6
    assert all(end == ends[0] for end in ends)
    assert ends[0][0].seq == 3


async def test_another_kiosks_answer_is_refused(kiosk, server, centre, tmp_path):
    other = make_kiosk(tmp_path / "other.db", centre)
    await server.enrol(kiosk.device, other.device)
    kiosk.boot()
    other.boot()

    assert await refused(kiosk, await answer_of(other, server, centre)) == "other_device"
    other.store.close()


async def test_an_answer_under_other_keys_or_for_another_seal_is_refused(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    answer = await answer_of(kiosk, server, centre)
    forged = write_answer(
        AnswerManifest(
            way="answer",
            dev=kiosk.device.id,
            inc=1,
            first=1,
            last=1,
            parcel=bytes(32),
            t=NOON_MS,
            **UNSEALED,
        ),
        content_of(),
        SigningKey(b"x" * 32),
        kiosk.sender.reply,
    )

    assert await refused(kiosk, forged) == "signature"
    kiosk.seal = b"other".ljust(32)
    assert await refused(kiosk, answer) == "usb_other_seal"


async def test_a_damaged_answer_changes_nothing(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    answer = await answer_of(kiosk, server, centre)

    for at in range(0, len(answer), 37):
        spoiled = bytearray(answer)
        spoiled[at] ^= 4
        assert await refused(kiosk, bytes(spoiled))
    for cut in range(0, len(answer), 101):
        assert await refused(kiosk, answer[:cut])


async def test_new_lists_are_installed_and_known_files_need_not_come_again(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    await publish(server, centre, 1, lists())
    first = await carried(kiosk, server, centre)
    server.clock.now_ms += HOUR_MS
    newer = lists() | {"notices": (2, ReferenceFile(kind="notice", text="範例 2"))}
    await publish(server, centre, 2, newer)

    second = await carried(kiosk, server, centre)

    assert (first.reference, second.reference) == (1, 2)
    assert kiosk.store.reference.current().notices == {"notices": "範例 2"}
    assert set(kiosk.store.reference.current().reference.schools) == {"014601"}


async def test_older_lists_never_replace_newer_ones(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    await publish(server, centre, 1, lists())
    old = await answer_of(kiosk, server, centre)
    server.clock.now_ms += HOUR_MS
    await publish(server, centre, 2, lists(2))
    await carried(kiosk, server, centre)

    arrival = await kiosk.taking(old)

    assert (arrival.reference, arrival.codes) == (None, ())
    assert kiosk.store.reference.version()[0] == 2


async def test_a_new_trust_document_is_followed_before_anything_else(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    parcels = await parcels_of(kiosk)
    took = await take(server.context, (centre.seal,), parcels[0])
    receipt = SigningKey(b"r" * 32)
    newer = msgspec.structs.replace(
        centre.trust, v=2, receipt=(receipt.public, centre.receipt.public)
    )
    document = sign_document(SignatureType.TRUST, newer, centre.root)
    opened = _opened(took.answer, kiosk, centre)
    answer = write_answer(
        msgspec.structs.replace(opened.manifest, **UNSEALED),
        opened.content,
        receipt,
        kiosk.sender.reply,
        (document,),
    )

    arrival = await kiosk.taking(answer)

    assert (arrival.newer, arrival.inbox) == (True, 1)
    assert kiosk.store.identity.read().trust == document


def _opened(data, kiosk, centre):
    return read_answer(data, centre.trust, kiosk.device.id, kiosk.seal)


async def test_a_fork_at_the_server_stops_the_kiosk(kiosk, server, centre, tmp_path):
    clone = make_kiosk(tmp_path / "clone.db", centre, kiosk.device)
    await server.enrol(kiosk.device)
    clone.submit(make_teacher(2))
    await answer_of(clone, server, centre)
    kiosk.submit(make_teacher(1))

    arrival = await carried(kiosk, server, centre)

    assert arrival.client is ClientState.FORKED
    assert "fork" in arrival.codes
    assert kiosk.kinds() == ["app.revise", "usb.export"], "a stopped log does not grow"
    assert AuditCode.DEVICE_STOPPED in [row.code for row in kiosk.store.audit.newest(5)]
    clone.store.close()


async def test_a_machine_that_was_put_back_learns_that_the_server_has_more(
    kiosk, server, centre, tmp_path
):
    await server.enrol(kiosk.device)
    for _ in range(3):
        kiosk.boot()
    await answer_of(kiosk, server, centre)
    back = make_kiosk(tmp_path / "back.db", centre, kiosk.device)
    back.clock = kiosk.clock
    answer = await answer_of(kiosk, server, centre)
    back.seal = kiosk.seal

    arrival = await back.taking(answer)

    assert arrival.client is ClientState.SELF_ROLLBACK
    back.store.close()


async def test_a_revoked_machine_learns_it_from_the_signed_list(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    listed = centre.revocations(1, (kiosk.device.id, 0, NOON_MS, "lost"))
    file = ReferenceFile(kind="revocations", revocations=listed)
    await publish(server, centre, 1, lists() | {"revocations": (1, file)})

    arrival = await carried(kiosk, server, centre)

    assert arrival.client is ClientState.REVOKED
    assert kiosk.kinds() == ["boot", "usb.export"]


async def test_a_restored_server_makes_entries_pending_again(kiosk, server, centre):
    """PROTOCOL 1: the server's head decides, the cursor may move back; a new epoch is noted."""
    await server.enrol(kiosk.device)
    kiosk.submit(make_teacher(1))
    kiosk.submit(make_teacher(2))
    stick = FakeStick()
    kiosk.export(stick)
    whole = await take(server.context, (centre.seal,), next(iter(stick.files.values())))
    await kiosk.taking(whole.answer)
    assert kiosk.store.outbox.through() == 2
    opened = _opened(whole.answer, kiosk, centre)
    restored = await _restored(server, opened, centre)
    answer = write_answer(
        msgspec.structs.replace(opened.manifest, t=NOON_MS + HOUR_MS, **UNSEALED),
        content_of(beacon=restored),
        centre.receipt,
        kiosk.sender.reply,
    )

    arrival = await kiosk.taking(answer)

    assert arrival.through == 1
    assert kiosk.store.outbox.delivery(2) is Delivery.STORED
    assert "server.epoch" in kiosk.kinds()
    assert kiosk.link().epoch == b"restored"


async def _restored(server, opened, centre):
    """A beacon of a server that knows the first entry only."""
    keys = {centre.beacon.id: centre.beacon.public}
    beacon = open_document(SignatureType.BEACON, opened.content.beacon, Beacon, keys)
    first = (await server.rows(event))[0]["eh"]
    older = msgspec.structs.replace(
        beacon, epoch=b"restored", t=beacon.t + HOUR_MS, cursor=(1, 1, first), inbox=0
    )
    return sign_document(SignatureType.BEACON, older, centre.beacon)


async def test_what_is_no_grant_refuses_no_officer(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    form = kiosk.device.form("officer", make_officer(centre).key)
    kiosk.store.requests.add(form, b"h" * 16, kiosk.clock())
    await carried(kiosk, server, centre)
    name = enrolments.enrolment_id(form)
    await server.context.store.write(
        lambda connection: enrolments.decide(connection, name, b"no grant", NOON_MS)
    )
    server.clock.now_ms += HOUR_MS

    arrived = await carried(kiosk, server, centre)

    assert arrived.codes == ()
    assert [each.state for each in kiosk.store.requests.open()] == [RequestState.POSTED]


async def test_officers_are_certified_by_stick(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    officer = make_officer(centre)
    form = kiosk.device.form("officer", officer.key)
    kiosk.store.requests.add(form, b"h" * 16, kiosk.clock())
    pending = await carried(kiosk, server, centre)
    states = [each.state for each in kiosk.store.requests.open()]
    grant = to_wire(Grant(certificate=officer.certificate, sealed=None, trust=centre.signed_trust))
    name = enrolments.enrolment_id(form)
    await server.context.store.write(
        lambda connection: enrolments.decide(connection, name, grant, NOON_MS)
    )
    server.clock.now_ms += HOUR_MS

    await carried(kiosk, server, centre)

    assert pending.codes == ()
    assert states == [RequestState.POSTED]
    assert kiosk.store.requests.open() == ()
    assert kiosk.store.officers.find(officer.id) is not None


async def test_the_epoch_of_the_server_is_kept(kiosk, server, centre):
    await server.enrol(kiosk.device)
    kiosk.boot()
    await server.context.store.write(
        lambda connection: write_setting(connection, EPOCH, b"epoch--1")
    )
    server.context.ingest.epoch = b"epoch--1"

    await carried(kiosk, server, centre)

    assert kiosk.link().epoch == b"epoch--1"
