"""PROTOCOL 2.12: a log goes on under another key, and both keys say so."""

import msgspec
import pytest

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import to_wire
from core.wire.chain import Broken, Head, follow, verify_frame
from core.wire.event import sign_event
from core.wire.kind import Boot, KeyRotation
from core.wire.rotation import Rotation, key_after, key_through, rotation, statement
from tests.core.wire.refusing import code_of
from tests.core.wire.samples import (
    DEVICE,
    DEVICE_ID,
    ROOT_HASH,
    Log,
    boots,
    event,
    published_key,
)

LATER, LAST = published_key("device, later"), published_key("device, last")
BOOT = Boot(software="1.0.0", unclean=False)
START = Head(inc=1, seq=0, hash=ROOT_HASH)


def rotated(*keys):
    """Two entries under each key in turn, a rotation between."""
    log = boots(2)
    for key in keys:
        log.rotate(key)
        boots(2, log)
    return log


def entry(log, **changed):
    """A rotation to `LATER` after the log, with something changed in its body."""
    number, last = len(log.links) + 1, log.links[-1].hash
    body = rotation((log.dev, log.inc, number, last), log.key, LATER)
    body = msgspec.structs.replace(body, **changed)
    return event("key.rotate", body, seq=number, prev=last)


def test_the_entries_after_a_rotation_are_under_the_new_key():
    log = rotated(LATER, LAST)

    links, broken = follow(log.frames, DEVICE.public, DEVICE_ID, START)

    assert (len(links), broken) == (8, None)
    assert log.signers == [DEVICE] * 3 + [LATER] * 3 + [LAST] * 2


def test_the_key_that_leaves_signs_nothing_after_its_rotation():
    log = boots(2)
    log.rotate(LATER)
    log.key = DEVICE
    boots(1, log)

    links, broken = follow(log.frames, DEVICE.public, DEVICE_ID, START)

    assert (len(links), broken) == (3, Broken(index=3, code="signature"))


def test_the_key_that_comes_signs_nothing_before_its_rotation():
    log = rotated(LATER)

    assert follow(log.frames, LATER.public, DEVICE_ID, START) == (
        (),
        Broken(index=0, code="signature"),
    )


def test_a_reader_in_the_middle_needs_the_key_in_force_there():
    log = rotated(LATER)
    after = log.links[2].head

    assert follow(log.frames[3:], LATER.public, DEVICE_ID, after)[1] is None
    assert follow(log.frames[3:], DEVICE.public, DEVICE_ID, after)[1] == Broken(
        index=0, code="signature"
    )


def test_other_entries_leave_the_key_as_it_is():
    assert key_after(boots(1).links[0].event, DEVICE.public) == DEVICE.public


def test_the_statement_is_these_fields_in_this_order():
    statement = Rotation(
        dev=DEVICE_ID, inc=1, seq=3, prev=ROOT_HASH, old=DEVICE.public, new=LATER.public
    )
    body = rotation((DEVICE_ID, 1, 3, ROOT_HASH), DEVICE, LATER)

    data = to_wire(statement)

    assert data.hex() == (
        "86a3646576c410" + DEVICE_ID.hex() + "a3696e6301a36e6577c420" + LATER.public.hex()
        + "a36f6c64c420" + DEVICE.public.hex() + "a470726576c420" + ROOT_HASH.hex() + "a373657103"
    )  # fmt: skip
    assert body == KeyRotation(
        key=LATER.public,
        old_proof=DEVICE.sign(SignatureType.ROTATION, data),
        new_proof=LATER.sign(SignatureType.ROTATION, data),
    )


def proofs(place, old, new):
    body = rotation(place, old, new)
    return {"old_proof": body.old_proof, "new_proof": body.new_proof}


HERE = (DEVICE_ID, 1, 3, boots(2).links[-1].hash)
STATEMENT = to_wire(
    Rotation(dev=DEVICE_ID, inc=1, seq=3, prev=HERE[3], old=DEVICE.public, new=LATER.public)
)


@pytest.mark.parametrize(
    "changed",
    [
        {"key": LAST.public},
        {"key": bytes(32)},
        {"old_proof": bytes(64)},
        {"new_proof": bytes(64)},
        {"old_proof": LATER.sign(SignatureType.ROTATION, STATEMENT)},
        {"new_proof": DEVICE.sign(SignatureType.ROTATION, STATEMENT)},
        {"old_proof": DEVICE.sign(SignatureType.EVENT, STATEMENT)},
        {"new_proof": LATER.sign(SignatureType.EVENT, STATEMENT)},
        proofs((bytes(16), *HERE[1:]), DEVICE, LATER),
        proofs((DEVICE_ID, 2, *HERE[2:]), DEVICE, LATER),
        proofs((DEVICE_ID, 1, 4, HERE[3]), DEVICE, LATER),
        proofs((DEVICE_ID, 1, 3, bytes(32)), DEVICE, LATER),
        proofs(HERE, SigningKey(bytes(32)), LATER),
    ],
    ids=[
        "a key that said nothing",
        "no key at all",
        "no word of the old key",
        "no word of the new key",
        "the new key twice",
        "the old key twice",
        "the old key under another type",
        "the new key under another type",
        "for another device",
        "for another incarnation",
        "for another place",
        "after another entry",
        "from another key",
    ],
)
def test_a_key_that_did_not_take_over_here_is_refused(changed):
    log = boots(2)
    frame = sign_event(entry(log, **changed), DEVICE)

    links, broken = follow([*log.frames, frame], DEVICE.public, DEVICE_ID, START)

    assert (len(links), broken) == (2, Broken(index=2, code="rotation"))
    assert code_of(verify_frame, frame, DEVICE.public) == "rotation"


def test_a_rotation_to_the_same_key_is_refused():
    log = boots(2)
    body = rotation(HERE, DEVICE, DEVICE)
    frame = sign_event(event("key.rotate", body, seq=3, prev=log.links[-1].hash), DEVICE)

    assert code_of(verify_frame, frame, DEVICE.public) == "rotation"


def test_a_rotation_that_only_the_new_key_signed_is_refused():
    """Who has made a key cannot take a log over with it."""
    log = boots(2)
    frame = sign_event(entry(log), LATER)

    assert code_of(verify_frame, frame, DEVICE.public) == "signature"


def test_the_same_entries_under_the_old_key_all_along_are_another_log():
    rotated_log, plain = rotated(LATER), Log()
    boots(5, plain)

    assert rotated_log.links[1].hash == plain.links[1].hash
    assert rotated_log.links[2].hash != plain.links[2].hash


def test_statements_lead_from_key_to_key_without_the_log():
    """What a restored centre is shown (ADR 0021); those for other places say nothing."""
    log = rotated(LATER, LAST)
    changes = [link.event for link in log.links if link.event.kind == "key.rotate"]
    keys = [DEVICE.public, LATER.public]
    words = [statement(event, key) for event, key in zip(changes, keys, strict=True)]
    last = log.links[-1].event.seq

    def at(seq, documents=words, dev=log.dev, inc=1):
        return key_through(documents, DEVICE.public, (dev, inc, seq))

    assert at(last) == LAST.public
    assert at(changes[0].seq) == DEVICE.public
    assert at(changes[0].seq + 1) == LATER.public
    assert at(last, dev=b"x" * 16) == at(last, inc=2) == at(last, words[1:]) == DEVICE.public
    assert at(last, [b"nonsense", *words]) == LAST.public
