"""An old entry inside a new one (PROTOCOL 2.12, ADR 0014)."""

import msgspec
import pytest

from core.sealing import SigningKey
from core.wire.canon import EVENT_LIMITS, FILE_LIMITS, from_wire, to_wire
from core.wire.chain import Link
from core.wire.event import decode_frame, encode_frame, payload_hash, sign_event
from core.wire.fault import WireError
from core.wire.kind import Boot, Replay, TeacherRegister
from core.wire.refile import ReplayPayload, carried_frame, carried_link, refile
from tests.core.wire.samples import DEVICE, FIRST_VERSION, event, filled

OLD = SigningKey(filled("old key", 32))
NEW = SigningKey(filled("new key", 32))
SALT = filled("salt", 16)


def link_of(frame, message):
    return Link(frame=frame, event=message, hash=frame.hash)


def old_entry(**changes):
    message = msgspec.structs.replace(
        event("boot", Boot(software="1", unclean=False)), inc=1, seq=7, **changes
    )
    return link_of(sign_event(message, OLD), message)


def carrier(body, payload, **changes):
    message = msgspec.structs.replace(
        event("replay", body), **{"inc": 2, "seq": 2, "ph": payload_hash(payload), **changes}
    )
    return link_of(sign_event(message, NEW, payload), message)


def test_the_old_entry_comes_out_as_it_went_in():
    old = old_entry()

    body, payload = refile(old, SALT)
    found = carried_link(carrier(body, payload), OLD.public)

    assert found == old
    assert body == Replay(inc=1, seq=7, hash=old.hash)


def test_a_version_keeps_its_payload():
    body, payload = refile(FIRST_VERSION, SALT)

    frame = decode_frame(from_wire(payload, ReplayPayload).frame)

    assert frame == FIRST_VERSION.frame
    assert body.hash == FIRST_VERSION.hash


def test_what_was_carried_is_carried_on_and_not_wrapped_again():
    old = old_entry()
    first = carrier(*refile(old, SALT))

    body, payload = refile(first, SALT)

    assert carried_link(carrier(body, payload, inc=3), OLD.public) == old


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"inc": 1}, "replay_foreign"),
        ({"dev": filled("another", 16)}, "replay_foreign"),
    ],
)
def test_only_a_later_incarnation_of_the_same_machine_carries(changes, code):
    body, payload = refile(old_entry(), SALT)

    with pytest.raises(WireError, match=f"^{code}$"):
        carried_link(carrier(body, payload, **changes), OLD.public)


@pytest.mark.parametrize("changed", [{"hash": bytes(32)}, {"seq": 8}, {"inc": 3}])
def test_the_body_names_the_entry_that_is_there(changed):
    body, payload = refile(old_entry(), SALT)

    with pytest.raises(WireError, match=r"^replay_differs$"):
        carried_link(carrier(msgspec.structs.replace(body, **changed), payload, inc=9), OLD.public)


def test_another_key_did_not_sign_it():
    with pytest.raises(WireError, match=r"^signature$"):
        carried_link(carrier(*refile(old_entry(), SALT)), NEW.public)


def test_a_carrier_inside_a_carrier_is_refused():
    inner = carrier(*refile(old_entry(), SALT), inc=1, seq=7)
    frame = encode_frame(inner.frame)
    payload = to_wire(ReplayPayload(salt=SALT, frame=frame))
    outer = carrier(Replay(inc=1, seq=7, hash=inner.hash), payload)

    with pytest.raises(WireError, match=r"^replay_differs$"):
        carried_link(outer, NEW.public)


def test_an_old_entry_without_its_payload_is_not_taken():
    version = FIRST_VERSION
    bare = type(version.frame)(event=version.frame.event, signature=version.frame.signature)
    payload = to_wire(ReplayPayload(salt=SALT, frame=encode_frame(bare)))
    body = Replay(inc=version.event.inc, seq=version.event.seq, hash=version.hash)

    with pytest.raises(WireError, match=r"^payload_missing$"):
        carried_link(
            carrier(body, payload, dev=version.event.dev, inc=version.event.inc + 1),
            DEVICE.public,
        )


def test_without_its_payload_a_carrier_carries_nothing():
    whole = carrier(*refile(old_entry(), SALT))
    erased = link_of(
        type(whole.frame)(event=whole.frame.event, signature=whole.frame.signature), whole.event
    )

    with pytest.raises(WireError, match=r"^payload_missing$"):
        carried_frame(erased)


def largest():
    """An entry as large as one can be."""
    for size in range(EVENT_LIMITS.size, 0, -1):
        payload = to_wire(ReplayPayload(salt=SALT, frame=bytes(size)), FILE_LIMITS)
        message = msgspec.structs.replace(
            event("teacher.register", TeacherRegister(teacher=bytes(16))),
            ph=payload_hash(payload),
        )
        try:
            return link_of(sign_event(message, OLD, payload), message)
        except WireError:
            continue
    raise AssertionError("no size fits")


def test_an_entry_of_the_largest_size_cannot_be_carried():
    with pytest.raises(WireError, match=r"^too_large$"):
        refile(largest(), SALT)
