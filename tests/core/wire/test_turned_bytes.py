"""A turned bit anywhere in what is signed is refused before any of it is used (PROTOCOL 2.2)."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.batch import decode_batch, encode_batch
from core.wire.canon import EVENT_LIMITS, encode, to_wire
from core.wire.chain import Head, follow
from core.wire.event import (
    Cosignature,
    Frame,
    Who,
    check_payload,
    decode_frame,
    encode_frame,
    payload_hash,
    sign_event,
)
from core.wire.fault import WireError
from core.wire.kind import Boot, TeacherRegister
from core.wire.payload import part_hashes, read_application, read_decision
from core.wire.receipt import encode_receipt, open_receipt
from tests.core.wire.refusing import code_of, read_frame
from tests.core.wire.samples import (
    APPROVAL,
    CENTRE_LOG,
    DEVICE,
    DEVICE_LOG,
    FIRST_VERSION,
    INBOX_LOG,
    OFFICER,
    SCHOOL,
    TEACHER_ID,
    boots,
    encoded_frames,
    event,
    filled,
    header,
    receipts,
    revision,
    roster,
    seed,
    signers,
)
from tests.core.wire.strategies import altered, flips

FRAMES = encoded_frames()
SIGNERS = signers()
STRANGER = SigningKey(seed("nobody's"))
BOOT = Boot(software="1.0.0", unclean=False)


@pytest.mark.parametrize("kind", FRAMES)
def test_each_kind_of_entry_is_read_as_it_was_signed(kind):
    link = read_frame(FRAMES[kind], SIGNERS[kind].public)

    assert link in [*DEVICE_LOG.links, *INBOX_LOG.links, *CENTRE_LOG.links]
    assert encode_frame(link.frame) == FRAMES[kind]
    assert (
        sign_event(link.event, SIGNERS[kind], link.frame.payload, link.frame.cosignatures)
        == link.frame
    )


@pytest.mark.parametrize("kind", FRAMES)
def test_no_turned_bit_of_an_entry_is_read(kind):
    data, key = FRAMES[kind], SIGNERS[kind].public
    link = read_frame(data, key)
    start = data.index(link.frame.event)
    inside = range(start, start + len(link.frame.event))

    for at, spoiled in flips(data):
        if at in inside:
            # Not "schema", "kind" or "malformed": nothing looked at the event itself.
            assert code_of(read_frame, spoiled, key) == "signature"
            continue
        try:
            read = read_frame(spoiled, key)
        except WireError:
            continue
        # Only who is said to have cosigned, which the officer's own signature decides.
        assert replace(read.frame, cosignatures=()) == replace(link.frame, cosignatures=())


@pytest.mark.parametrize("kind", ["app.revise", "officer.approve", "teacher.register"])
def test_no_turned_bit_of_a_payload_is_read(kind):
    link = read_frame(FRAMES[kind], DEVICE.public)

    for _, payload in flips(link.frame.payload):
        spoiled = encode_frame(replace(link.frame, payload=payload))
        assert code_of(read_frame, spoiled, DEVICE.public) == "payload_hash"


def test_no_turned_bit_of_what_an_officer_signed_is_read():
    frame = APPROVAL.frame
    (cosigned,) = frame.cosignatures
    assert read_decision(frame, OFFICER.public).claim == APPROVAL.event.body["claim"]

    for _, signature in flips(cosigned.signature):
        spoiled = replace(frame, cosignatures=(replace(cosigned, signature=signature),))
        assert code_of(read_decision, spoiled, OFFICER.public) == "approval_signature"
    for _, payload in flips(frame.payload):
        spoiled = replace(frame, payload=payload)
        assert code_of(read_decision, spoiled, OFFICER.public) == "approval_signature"


def other_decision():
    return next(link for link in DEVICE_LOG.links if link.event.kind == "officer.return")


@pytest.mark.parametrize(
    "cosignatures",
    [
        (),
        other_decision().frame.cosignatures,
        (
            Cosignature(
                OFFICER.id, "ed25519", STRANGER.sign(SignatureType.APPROVAL, APPROVAL.frame.payload)
            ),
        ),
        (
            Cosignature(
                OFFICER.id, "ed25519", OFFICER.sign(SignatureType.PAYLOAD, APPROVAL.frame.payload)
            ),
        ),
        (
            Cosignature(
                OFFICER.id, "ed25519", OFFICER.sign(SignatureType.APPROVAL, APPROVAL.frame.event)
            ),
        ),
        (Cosignature(OFFICER.id, "ed25519", bytes(64)),) * 4,
    ],
    ids=[
        "none",
        "of another decision",
        "a stranger's",
        "of another type",
        "over the entry",
        "four empty ones",
    ],
)
def test_a_decision_without_its_officers_own_signature_is_refused(cosignatures):
    swapped = replace(APPROVAL.frame, cosignatures=cosignatures)

    assert read_frame(encode_frame(swapped), DEVICE.public).hash == APPROVAL.hash
    assert code_of(read_decision, swapped, OFFICER.public) == "approval_signature"


def test_a_decision_whose_payload_is_gone_is_refused():
    bare = replace(APPROVAL.frame, payload=None)

    assert code_of(read_decision, bare, OFFICER.public) == "approval_signature"


def test_the_officers_signature_is_found_among_others():
    strangers = Cosignature(
        STRANGER.id, "ed25519", STRANGER.sign(SignatureType.APPROVAL, APPROVAL.frame.payload)
    )
    both = replace(APPROVAL.frame, cosignatures=(strangers, *APPROVAL.frame.cosignatures))

    assert read_decision(both, OFFICER.public) == read_decision(APPROVAL.frame, OFFICER.public)
    assert read_decision(both, STRANGER.public).officer == APPROVAL.event.who.id


def test_an_officers_signature_on_what_is_no_decision_is_no_decision():
    payload = roster()
    signed = Cosignature(OFFICER.id, "ed25519", OFFICER.sign(SignatureType.APPROVAL, payload))
    frame = Frame(event=b"", signature=bytes(64), cosignatures=(signed,), payload=payload)

    assert code_of(read_decision, frame, OFFICER.public) == "schema"


@pytest.mark.parametrize("name", receipts())
def test_no_turned_bit_of_a_receipt_is_read(name):
    receipt, key = receipts()[name]
    data = encode_receipt(receipt, key)
    assert open_receipt(data, key.public) == receipt

    for at, spoiled in flips(data):
        # The first byte says how long it is to be.
        assert code_of(open_receipt, spoiled, key.public) == ("signature" if at else "receipt")


def receive(data, log):
    """What the server takes of an upload: header and the good beginning of the log."""
    batch = decode_batch(data)
    if not batch.signed_by(log.key.public):
        raise WireError("signature")
    before = Head(inc=batch.header.inc, seq=batch.header.first - 1, hash=batch.header.prev)
    links, broken = follow(batch.open_frames(), log.key.public, batch.header.dev, before)
    if broken is not None or (links and links[-1].hash != batch.header.head):
        raise WireError("broken")
    return batch.header, links


def test_no_turned_bit_of_an_upload_gives_another_log():
    log = boots(3)
    honest = encode_batch(header(log), log.frames, log.key)
    read = receive(honest, log)
    assert read == (header(log), tuple(log.links))
    refused = 0

    for _, spoiled in flips(honest):
        try:
            again = receive(spoiled, log)
        except WireError:
            refused += 1
            continue
        # zstd has bits that mean nothing.
        assert again == read

    assert refused > 0.95 * len(honest)


@given(st.data())
def test_an_altered_upload_is_refused_or_says_the_same(data):
    log = boots(2)
    honest = encode_batch(header(log), log.frames, log.key)
    spoiled = data.draw(altered(honest))

    try:
        read = receive(spoiled, log)
    except WireError:
        return

    assert read == (header(log), tuple(log.links))


@given(st.data())
def test_an_altered_entry_is_refused_or_says_the_same(data):
    kind = data.draw(st.sampled_from(sorted(FRAMES)))
    key = SIGNERS[kind].public
    spoiled = data.draw(altered(FRAMES[kind]))

    try:
        link = read_frame(spoiled, key)
    except WireError:
        return

    honest = read_frame(FRAMES[kind], key)
    assert (link.event, link.hash) == (honest.event, honest.hash)
    assert link.frame.payload in {honest.frame.payload, None}


def tooth(**changed):
    """An entry that a receiver would refuse."""
    return msgspec.structs.replace(event("boot", BOOT), **changed)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (tooth(v=2), "schema"),
        (tooth(dev=bytes(15)), "schema"),
        (tooth(seq=0), "schema"),
        (tooth(t=-1), "schema"),
        (tooth(prev=b""), "schema"),
        (tooth(who=Who(role="anybody", id=None)), "schema"),
        (tooth(kind="app.invent"), "kind"),
        (tooth(body={"software": "e\u0301", "unclean": True}), "not_nfc"),
        (tooth(t=2**53 + 1), "integer_range"),
        (tooth(m=1.5), "type_not_allowed"),
    ],
)
def test_an_entry_that_no_receiver_would_read_is_never_signed(entry, code):
    assert code_of(sign_event, entry, DEVICE) == code


def registration(size):
    """Arguments of `sign_event` for an entry with this many bytes in its payload."""
    payload = encode({"content": bytes(size), "salt": bytes(16)})
    body = TeacherRegister(teacher=TEACHER_ID)
    return event("teacher.register", body, ph=payload_hash(payload)), DEVICE, payload


def test_an_entry_that_no_upload_could_carry_is_never_signed():
    # From 256 bytes on the lengths in front take as many bytes as at the limit.
    room = 256 + EVENT_LIMITS.size - len(encode_frame(sign_event(*registration(256))))

    assert len(encode_frame(sign_event(*registration(room)))) == EVENT_LIMITS.size
    assert code_of(sign_event, *registration(room + 1)) == "too_large"


def test_more_cosignatures_than_anybody_reads_are_never_written():
    five = APPROVAL.frame.cosignatures * 5

    assert code_of(sign_event, APPROVAL.event, DEVICE, APPROVAL.frame.payload, five) == (
        "too_many_items"
    )
    four = sign_event(APPROVAL.event, DEVICE, APPROVAL.frame.payload, five[:4])
    assert decode_frame(encode_frame(four)) == four


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "malformed"),
        (b"\xc1", "malformed"),
        (encode(None), "payload_salt"),
        (encode([b"salt"]), "payload_salt"),
        (encode({}), "payload_salt"),
        (encode({"salt": "a" * 16}), "payload_salt"),
        (encode({"salt": bytes(15)}), "payload_salt"),
        (encode({"salt": bytes(17)}), "payload_salt"),
        (encode({"salt": None}), "payload_salt"),
        (b"\x81\xd9\x04salt\xc4\x10" + bytes(16), "not_canonical"),
    ],
    ids=str,
)
def test_a_payload_without_its_salt_is_refused(payload, code):
    body = TeacherRegister(teacher=TEACHER_ID)
    entry = event("teacher.register", body, ph=payload_hash(payload))

    assert code_of(check_payload, entry, payload) == code


def test_a_payload_is_looked_at_only_when_its_hash_is_right():
    assert code_of(check_payload, FIRST_VERSION.event, b"\xc1") == "payload_hash"


def test_the_parts_of_an_application_are_named_by_the_entry():
    claim, wishes = read_application(FIRST_VERSION.frame.payload)
    body = FIRST_VERSION.event.body

    assert part_hashes(FIRST_VERSION.frame.payload) == (body["claim"], body["wishes"])
    assert (payload_hash(to_wire(claim)), payload_hash(to_wire(wishes))) == (
        body["claim"],
        body["wishes"],
    )


def test_other_wishes_keep_the_claims_hash_and_another_claim_does_not():
    first, _ = revision(1)
    _, wishes = read_application(FIRST_VERSION.frame.payload)
    shorter = msgspec.structs.replace(wishes, schools=(SCHOOL,), salt=filled("other", 16))

    second, _ = revision(2, FIRST_VERSION.hash, wishes=shorter)

    assert second.claim == first.claim
    assert second.wishes != first.wishes
