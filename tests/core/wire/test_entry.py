"""Whoever stores an entry takes what a receiver takes who reads it step by step."""

import unicodedata
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.signature import SignatureType
from core.wire.canon import encode, to_wire
from core.wire.chain import Head, continues, misplaced
from core.wire.entry import _read_quickly, read_entries
from core.wire.event import decode_frame, decode_row, encode_frame
from core.wire.fault import WireError
from core.wire.kind import BODIES
from core.wire.rotation import KIND as ROTATION
from core.wire.rotation import key_after
from tests.core.wire.messages import KEY, OTHER, chain, event, with_payload
from tests.core.wire.refusing import read_frame
from tests.core.wire.samples import DEVICE_LOG, boots, encoded_frames, signers
from tests.core.wire.strategies import altered, flips

FRAMES = encoded_frames()
SIGNERS = signers()
STRIDE = 11  # a prime: over all kinds of entries every part of one is reached


def step_by_step(data, key):
    """As `read_entry`, the long way; the code of a refusal."""
    try:
        link = read_frame(data, key)
        after = key_after(link.event, key)
    except WireError as error:
        return error.code
    event = link.event
    place = event.dev, event.inc, event.seq, event.prev, event.kind, event.ph
    return place, link.hash, link.frame.payload, after, link.head


def at_once(data, key):
    entries, code = read_entries([data], key)
    if code is not None:
        assert not entries
        return code
    (entry,) = entries
    event = entry.event
    place = event.dev, event.inc, event.seq, event.prev, event.kind, event.ph
    return place, entry.hash, entry.payload, entry.key, entry.head


def signed(frame, key, **changes):
    """A frame with something else in it, signed again."""
    frame = replace(frame, **changes)
    return encode_frame(replace(frame, signature=key.sign(SignatureType.EVENT, frame.event)))


def packed(**changes):
    """The signed frame of an event that no machine of ours would write."""
    raw = msgspec.msgpack.Encoder(order="sorted").encode(
        msgspec.to_builtins(event(), builtin_types=(bytes,)) | changes
    )
    return signed(chain(1)[0], KEY, event=raw)


@pytest.mark.parametrize("name", FRAMES)
def test_every_kind_of_entry_is_read_as_step_by_step(name):
    data, key = FRAMES[name], SIGNERS[name].public

    assert at_once(data, key) == step_by_step(data, key)
    assert not isinstance(at_once(data, key), str)


def test_every_kind_but_a_change_of_key_is_read_in_one_go():
    rows = {name: decode_row(data) for name, data in FRAMES.items()}

    read = {event.kind for row in rows.values() if (event := _read_quickly(row)) is not None}

    assert {decode_frame(data).payload is None for data in FRAMES.values()} == {True, False}
    assert read == {read_frame(FRAMES[n], SIGNERS[n].public).event.kind for n in rows} - {ROTATION}
    assert read <= BODIES.keys()


@pytest.mark.parametrize("name", FRAMES)
def test_given_a_turned_bit_under_a_good_signature_then_the_same_is_said(name):
    frame, key = decode_frame(FRAMES[name]), SIGNERS[name]
    place = list(FRAMES).index(name)

    for at, event_bytes in flips(frame.event):
        if at % STRIDE == place % STRIDE:
            data = signed(frame, key, event=event_bytes)
            assert at_once(data, key.public) == step_by_step(data, key.public), at


@given(st.data(), st.sampled_from(sorted(FRAMES)))
def test_whatever_is_done_to_an_entry_the_same_is_said(data, name):
    frame, key = decode_frame(FRAMES[name]), SIGNERS[name]
    part = data.draw(st.sampled_from(["event", "payload", "frame"]))
    content = FRAMES[name] if part == "frame" else getattr(frame, part) or b""
    spoiled = data.draw(altered(content))

    bad = spoiled if part == "frame" else signed(frame, key, **{part: spoiled})

    assert at_once(bad, key.public) == step_by_step(bad, key.public)


NOT_COMPOSED = unicodedata.normalize("NFD", "é")
REFUSED = {
    "a kind nobody knows": (packed(kind="boots"), "kind"),
    "a kind that is no text": (packed(kind=1), "schema"),
    "the body of another kind": (packed(kind="season.open"), "schema"),
    "a field more in the body": (
        packed(body={"software": "1", "unclean": False, "z": 1}),
        "schema",
    ),
    "a field too few in the body": (packed(body={"software": "1"}), "schema"),
    "a text not composed": (packed(body={"software": NOT_COMPOSED, "unclean": False}), "not_nfc"),
    "another version": (packed(v=2), "schema"),
    "a number too small": (packed(seq=0), "schema"),
    "too few bytes": (packed(dev=bytes(15)), "schema"),
    "too many bytes": (packed(prev=bytes(33)), "schema"),
    "a number too large": (packed(seq=2**53 + 1), "integer_range"),
    "no event": (signed(chain(1)[0], KEY, event=encode([1])), "schema"),
    "a payload nobody signed": (signed(chain(1)[0], KEY, payload=b"x"), "payload_unexpected"),
    "another payload": (
        signed(chain(1)[0], KEY, event=to_wire(with_payload()), payload=b"y"),
        "payload_hash",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_code_says_what_is_wrong(name):
    data, code = REFUSED[name]

    assert at_once(data, KEY.public) == code == step_by_step(data, KEY.public)


def test_what_was_read_cannot_be_changed():
    (entry,), _ = read_entries([encode_frame(chain(1)[0])], KEY.public)

    with pytest.raises(AttributeError):
        entry.event.seq = 2


def test_the_signature_comes_before_what_it_signs():
    data = packed(kind="boots")

    assert at_once(data, OTHER.public) == "signature"


def test_an_entry_knows_where_it_belongs():
    (first, second), _ = read_entries([encode_frame(each) for each in chain(2)], KEY.public)
    frame = chain(2)[1]
    link = read_frame(encode_frame(frame), KEY.public)

    assert misplaced(second.event, second.event.dev, first.head) is None
    assert misplaced(second.event, second.event.dev, second.head) == "sequence"
    for head in (first.head, second.head, Head(inc=2, seq=1, hash=first.hash)):
        assert misplaced(second.event, link.event.dev, head) == continues(
            link, link.event.dev, head
        )


LOG = [encode_frame(link.frame) for link in DEVICE_LOG.links]
CHANGES = [n for n, link in enumerate(DEVICE_LOG.links) if link.event.kind == ROTATION]
BOOTS = [encode_frame(each) for each in chain(4)]
UNSIGNED = signed(chain(1)[0], OTHER)


def one_by_one(frames, key):
    """As `read_entries`, entry after entry."""
    found = []
    for data in frames:
        said = step_by_step(data, key)
        if isinstance(said, str):
            return found, said
        found.append(said)
        key = said[3]
    return found, None


def all_at_once(frames, key):
    entries, code = read_entries(frames, key)
    places = [
        (e.event.dev, e.event.inc, e.event.seq, e.event.prev, e.event.kind, e.event.ph)
        for e in entries
    ]
    return [
        (place, e.hash, e.payload, e.key, e.head) for place, e in zip(places, entries, strict=True)
    ], code


def test_a_log_that_changes_its_key_is_read_to_its_end():
    key = DEVICE_LOG.signers[0].public

    entries, code = all_at_once(LOG, key)

    assert CHANGES
    assert code is None
    assert (entries, code) == one_by_one(LOG, key)
    assert entries[CHANGES[0]][3] != key


def test_given_two_changes_of_the_key_in_one_batch_then_each_is_followed():
    log = boots(1)
    log.rotate(KEY)
    log.rotate(OTHER)
    frames = [encode_frame(each) for each in boots(2, log).frames]
    key = log.signers[0].public

    entries, code = all_at_once(frames, key)

    assert (len(entries), code) == (len(frames), None)
    assert (entries, code) == one_by_one(frames, key)


def test_the_former_key_signs_nothing_after_its_change():
    key = DEVICE_LOG.signers[0]
    at = CHANGES[0] + 1
    frames = [*LOG[:at], signed(decode_frame(LOG[at]), key)]

    entries, code = read_entries(frames, key.public)

    assert (len(entries), code) == (at, "signature")


BROKEN = {
    "no frame": b"x",
    "another signature": UNSIGNED,
    "another kind": packed(kind="boots"),
    "a change of key that is none": packed(kind=ROTATION),
    "a word in the wrong place": packed(body={"software": ROTATION, "unclean": False, "z": 1}),
}


@pytest.mark.parametrize("first", BROKEN)
@pytest.mark.parametrize("second", BROKEN)
def test_of_two_faults_the_first_in_the_log_is_told(first, second):
    frames = [*BOOTS[:2], BROKEN[first], BOOTS[2], BROKEN[second], BOOTS[3]]

    said = all_at_once(frames, KEY.public)

    assert said == one_by_one(frames, KEY.public)
    assert len(said[0]) == 2


def test_a_word_in_the_wrong_place_changes_no_key():
    said = packed(body={"software": ROTATION, "unclean": False})

    entries, code = read_entries([said, *BOOTS], KEY.public)

    assert ([each.key for each in entries], code) == ([KEY.public] * 5, None)


def test_nothing_is_read_of_nothing():
    assert read_entries([], KEY.public) == ([], None)
