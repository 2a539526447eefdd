"""`POST /v1/inbox`: the server's own log for each machine (PROTOCOL 2.8b)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.ack import Verdict
from core.wire.beacon import HeadStatement
from core.wire.canon import from_wire, to_wire, typed
from core.wire.chain import Head, follow
from core.wire.document import sign_document, split_document
from core.wire.event import Event, Who, read_event
from core.wire.fault import WireError
from core.wire.kind import ConflictNotice, ReceiptNotice, ResultNotice, ReviewNotice, VersionNotice
from core.wire.payload import CopyPayload, ReceiptPayload, ResultPayload
from core.wire.receipt import open_receipt
from server.inbox import append_notice, kiosks_of, own_wire
from server.store.tables import inbox, receipt
from tests.fakes.device import Device, make_officer, make_teacher
from tests.server.test_revocation import revoke


async def links_of(server, centre, device, after=0, head=None):
    """What a machine reads, verified as a machine would."""
    frames = await server.inbox(device, after)
    start = head or Head(inc=1, seq=0, hash=device.root)
    links, broken = follow(frames, centre.receipt.public, device.id, start)
    assert broken is None
    return links


async def school_with_two_kiosks(server, centre):
    first, second, officer = Device(centre), Device(centre), make_officer(centre)
    await server.enrol(first, second, officer)
    return first, second, officer


async def test_a_version_gets_a_receipt_that_holds_and_is_kept(server, centre):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    version = device.revise(teacher)
    await server.send(device)

    (link,) = await links_of(server, centre, device)

    assert (link.event.kind, link.event.who.role) == ("inbox.receipt", "server")
    assert typed(link.event.body, ReceiptNotice) == ReceiptNotice(seq=2, hash=version.hash)
    signed = from_wire(link.frame.payload, ReceiptPayload).receipt
    opened = open_receipt(signed, centre.receipt.public)
    assert (opened.event, opened.seq, opened.log_index) == (version.hash[:16], 2, 2)
    assert opened.minute == server.clock.now_ms // 60_000
    stored = (await server.rows(receipt))[0]
    assert (stored["eh"], stored["signed"]) == (version.hash, signed)


async def test_the_inbox_is_a_chain_signed_by_the_receipt_key_from_the_certificate_on(
    server, centre
):
    device, teacher = Device(centre), make_teacher(1)
    await server.enrol(device)
    first = device.revise(teacher)
    device.revise(teacher, parents=(first.hash,), version=2)
    await server.send(device, 1, 1)
    await server.send(device, 2)

    links = await links_of(server, centre, device)

    assert [link.event.seq for link in links] == [1, 2]
    assert links[0].event.prev == device.root
    assert await links_of(server, centre, device, after=1, head=links[0].head) == links[1:]


async def test_a_batch_sent_again_is_announced_once(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.revise(make_teacher(1))

    await server.send(device)
    await server.send(device)

    assert len(await server.rows(inbox)) == 1


async def test_a_version_is_copied_to_the_other_kiosks_of_the_school(server, centre):
    first, second, officer = await school_with_two_kiosks(server, centre)
    elsewhere = Device(centre, "354601")
    await server.enrol(elsewhere)
    teacher = make_teacher(1)
    first.register(teacher, officer)
    version = first.revise(teacher)
    await server.send(first)

    (link,) = await links_of(server, centre, second)

    assert typed(link.event.body, VersionNotice) == VersionNotice(
        app=teacher.app, revision=version.hash, version=1
    )
    copy = from_wire(link.frame.payload, CopyPayload)
    assert (copy.event, copy.payload) == (version.frame.event, version.frame.payload)
    assert await links_of(server, centre, elsewhere) == ()


async def test_a_decision_is_copied_once_it_counts(server, centre):
    first, second, officer = await school_with_two_kiosks(server, centre)
    teacher = make_teacher(1)
    first.register(teacher, officer)
    version = first.revise(teacher)
    await server.send(first)
    decision = second.decide(officer, version)
    await server.send(second)

    links = await links_of(server, centre, first)

    assert [link.event.kind for link in links] == ["inbox.receipt", "inbox.review"]
    assert typed(links[1].event.body, ReviewNotice) == ReviewNotice(
        app=teacher.app, decision=decision.hash, verdict="approved"
    )


async def test_what_a_corrected_list_lets_count_is_told_and_what_counted_is_not_again(
    server, centre
):
    """An officer stood on the list by mistake: her decision had waited and counts now."""
    first, second, officer = await school_with_two_kiosks(server, centre)
    teacher = make_teacher(1)
    first.register(teacher, officer)
    version = first.revise(teacher)
    await server.send(first)
    server.clock.now_ms += 10_000
    await revoke(server, (officer.id, None, server.clock.now_ms - 1, "離職"), version=1, snapshot=1)
    decision = second.decide(officer, version)
    await server.send(second)
    waiting = await links_of(server, centre, first)

    await revoke(server, version=2, snapshot=2)
    counts = await links_of(server, centre, first)
    far = server.clock.now_ms + 10_000
    await revoke(server, (officer.id, None, far, "離職"), version=3, snapshot=3)

    assert [link.event.kind for link in waiting] == ["inbox.receipt"]
    assert [link.event.kind for link in counts] == ["inbox.receipt", "inbox.review"]
    assert typed(counts[1].event.body, ReviewNotice).decision == decision.hash
    assert await links_of(server, centre, first) == counts
    assert [link.event.kind for link in await links_of(server, centre, second)] == ["inbox.version"]


async def forged(server, centre):
    """Two kiosks of a school; the second has sent a decision that its officer did not sign."""
    first, second, officer = await school_with_two_kiosks(server, centre)
    teacher = make_teacher(1)
    first.register(teacher, officer)
    version = first.revise(teacher)
    await server.send(first)
    second.decide(officer, version, signed_by=SigningKey(bytes(32)))
    await server.send(second)
    return first, second


async def test_a_decision_with_a_wrong_signature_is_told_to_nobody(server, centre):
    first, _ = await forged(server, centre)

    links = await links_of(server, centre, first)

    assert [link.event.kind for link in links] == ["inbox.receipt"]


async def test_a_version_that_something_is_held_against_is_told_to_nobody(server, centre):
    """A machine elsewhere must not put words into a school's queue, nor break an application."""
    here, second, officer = await school_with_two_kiosks(server, centre)
    elsewhere = Device(centre, "354601")
    await server.enrol(elsewhere)
    teacher = make_teacher(1)
    here.register(teacher, officer)
    mine = here.revise(teacher)
    await server.send(here)
    elsewhere.revise(teacher, parents=(mine.hash,), version=2)
    elsewhere.revise(teacher)

    ack = await server.send(elsewhere)

    assert [level for _, _, level in ack.items] == [Verdict.REVIEW, Verdict.REVIEW]
    assert len(await links_of(server, centre, here)) == 1
    assert len(await links_of(server, centre, second)) == 1
    told = await links_of(server, centre, elsewhere)
    assert [link.event.kind for link in told] == ["inbox.receipt", "inbox.receipt"]
    assert await server.read(lambda c: kiosks_of(c, teacher.app)) == tuple(
        sorted((here.id, second.id))
    )


async def test_a_version_is_copied_when_what_it_waited_for_arrives(server, centre):
    first, second, officer = await school_with_two_kiosks(server, centre)
    teacher = make_teacher(1)
    version = first.revise(teacher)
    await server.send(first)
    before = await links_of(server, centre, second)
    second.register(teacher, officer)
    await server.send(second)

    after = await links_of(server, centre, second)

    assert before == ()
    assert [link.event.kind for link in after] == ["inbox.version"]
    assert typed(after[0].event.body, VersionNotice).revision == version.hash


async def test_two_heads_are_told_to_every_kiosk_of_the_application(server, centre):
    first, second, officer = await school_with_two_kiosks(server, centre)
    teacher = make_teacher(1)
    first.register(teacher, officer)
    mine, other = first.revise(teacher), second.revise(teacher)
    await server.send(first)
    await server.send(second)

    for device in (first, second):
        last = (await links_of(server, centre, device))[-1]

        assert typed(last.event.body, ConflictNotice) == ConflictNotice(
            app=teacher.app, heads=tuple(sorted((mine.hash, other.hash)))
        )


async def test_a_result_can_be_added_in_a_transaction_of_the_callers(server, centre):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    device.revise(teacher)
    await server.send(device)
    result = ResultPayload(
        salt=bytes(16),
        moved=True,
        school="343601",
        subject="general",
        wish=1,
        phase="mutual",
        explanation=(),
    )

    def publish(connection):
        for dev in kiosks_of(connection, teacher.app):
            body = ResultNotice(app=teacher.app, run=bytes(32))
            now_ms, key = server.clock.now_ms, server.context.keys.receipt
            append_notice(connection, dev, "inbox.result", body, result, now_ms, key)

    await server.context.store.write(publish)

    link = (await links_of(server, centre, device))[-1]
    assert link.event.kind == "inbox.result"
    assert from_wire(link.frame.payload, ResultPayload) == result


async def test_a_notice_for_a_machine_nobody_enrolled_is_an_error(server):
    def publish(connection):
        body = ResultNotice(app=bytes(16), run=bytes(32))
        append_notice(
            connection, bytes(16), "inbox.result", body, None, 0, server.context.keys.receipt
        )

    with pytest.raises(LookupError):
        await server.context.store.write(publish)


async def ask(server, dev, data):
    async with server.client.post(f"/v1/inbox/{dev.hex()}", data=data) as response:
        body = await response.json() if response.status != 200 else {}
        return response.status, body.get("code")


async def test_an_inbox_opens_only_to_its_machine_with_a_fresh_beacon(server, centre):
    device, other = Device(centre), Device(centre)
    await server.enrol(device, other)
    _, beacon = await server.beacon(device.id)
    _, others = await server.beacon(other.id)
    forged = sign_document(
        SignatureType.HEAD, device_statement(device, beacon), SigningKey(bytes(32))
    )

    answers = {
        "good": await ask(server, device.id, device.statement(beacon)),
        "without a beacon": await ask(server, device.id, device.statement(bytes(8))),
        "with another's beacon": await ask(server, device.id, device.statement(others)),
        "of another machine": await ask(server, other.id, device.statement(beacon)),
        "another key": await ask(server, device.id, forged),
        "another purpose": await ask(server, device.id, device.statement(beacon, "evidence")),
        "not a statement": await ask(server, device.id, b"\xc0"),
    }
    server.clock.now_ms += 600_001
    answers["stale"] = await ask(server, device.id, device.statement(beacon))

    assert answers == {
        "good": (200, None),
        "without a beacon": (404, "beacon_unknown"),
        "with another's beacon": (404, "beacon_unknown"),
        "of another machine": (403, "other_device"),
        "another key": (403, "signature"),
        "another purpose": (403, "purpose"),
        "not a statement": (400, "schema"),
        "stale": (404, "beacon_unknown"),
    }


def device_statement(device, beacon):
    """What the machine would say, to be signed by someone else."""
    return from_wire(split_document(device.statement(beacon))[0], HeadStatement)


async def test_an_unknown_machine_has_no_inbox(server, centre):
    device = Device(centre)
    _, beacon = await server.beacon(device.id)

    assert await ask(server, device.id, device.statement(beacon)) == (401, "device_unknown")


async def test_a_long_inbox_comes_in_pages(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for number in range(250):
        device.revise(make_teacher(number), wishes=1)
    await server.send(device, 1, 200)
    await server.send(device, 201)

    first = await links_of(server, centre, device)
    second = await links_of(server, centre, device, after=200, head=first[-1].head)

    assert (len(first), len(second)) == (200, 50)
    assert read_event(second[-1].frame).seq == 250


@given(
    seq=st.integers(1, 2**53),
    version=st.integers(1, 2**53),
    held=st.binary(max_size=70_000),
    revision=st.binary(min_size=32, max_size=32),
)
def test_the_quick_encoding_is_the_canonical_one(seq, version, held, revision):
    body = VersionNotice(app=revision[:16], revision=revision, version=version)
    messages = [
        Event(
            v=1,
            dev=revision[:16],
            inc=1,
            seq=seq,
            prev=revision,
            kind="inbox.version",
            t=seq,
            m=version,
            boot=revision[:8],
            bcn=None,
            ref=(version, revision[:8]),
            who=Who(role="server", id=None),
            body=msgspec.to_builtins(body, builtin_types=(bytes,)),
            ph=revision,
        ),
        ReceiptPayload(salt=revision[:16], receipt=held[:200]),
        CopyPayload(salt=revision[:16], event=held, payload=None),
        CopyPayload(salt=revision[:16], event=b"", payload=held),
        ReviewNotice(app=revision[:16], decision=revision, verdict="approved"),
        ConflictNotice(app=revision[:16], heads=(revision,) * (seq % 60)),
    ]

    for message in messages:
        assert outcome(own_wire, message) == outcome(to_wire, message)


def outcome(encode, message):
    try:
        return encode(message)
    except WireError as error:
        return error.code
