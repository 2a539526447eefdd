"""A log as a chain: order, gaps, grafts and forgeries (PROTOCOL 2.7, step 2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.signature import SignatureType
from core.wire.canon import to_wire
from core.wire.chain import Broken, Head, Link, continues, follow, verify_frame
from core.wire.event import Frame, read_notice
from core.wire.fault import WireError
from tests.core.wire.messages import DEVICE, KEY, OTHER, ROOT, chain, event

FRAMES = chain(6)


def test_a_good_chain_is_followed_to_its_end():
    links, broken = follow(FRAMES, KEY.public, DEVICE, ROOT)

    assert broken is None
    assert [link.event.seq for link in links] == [1, 2, 3, 4, 5, 6]
    assert links[-1].head == Head(inc=1, seq=6, hash=FRAMES[-1].hash)
    assert links[0] == verify_frame(FRAMES[0], KEY.public)


def test_it_can_be_followed_from_any_entry_on():
    third = verify_frame(FRAMES[2], KEY.public)

    links, broken = follow(FRAMES[3:], KEY.public, DEVICE, third.head)

    assert (len(links), broken) == (3, None)
    assert follow([], KEY.public, DEVICE, third.head) == ((), None)


@pytest.mark.parametrize(
    ("frames", "index", "code"),
    [
        (FRAMES[1:], 0, "sequence"),
        (FRAMES[:2] + FRAMES[3:], 2, "sequence"),
        ([FRAMES[0], FRAMES[0]], 1, "sequence"),
        ([FRAMES[1], FRAMES[0]], 0, "sequence"),
        (chain(1, key=OTHER), 0, "signature"),
        ([*FRAMES[:2], *chain(3, key=OTHER)[2:]], 2, "signature"),
        (chain(1, dev=b"e" * 16), 0, "other_log"),
        (chain(1, inc=2), 0, "other_log"),
        (chain(1, root=Head(inc=1, seq=0, hash=b"x" * 32)), 0, "prev"),
        ([*FRAMES[:2], *chain(1, root=Head(inc=1, seq=2, hash=b"x" * 32))], 2, "prev"),
        ([replace(FRAMES[0], payload=b"\x80")], 0, "payload_unexpected"),
        ([replace(FRAMES[0], event=b"\x80")], 0, "signature"),
    ],
)
def test_the_good_beginning_is_kept_and_the_break_is_named(frames, index, code):
    """PROTOCOL 2.7: first failing index; frames before it are kept."""
    links, broken = follow(frames, KEY.public, DEVICE, ROOT)

    assert broken == Broken(index=index, code=code)
    assert len(links) == index


def test_a_signature_over_bytes_that_are_no_event_is_refused_afterwards():
    signed = Frame(event=b"\x80", signature=KEY.sign(SignatureType.EVENT, b"\x80"))

    with pytest.raises(WireError, match=r"^schema$"):
        verify_frame(signed, KEY.public)


def test_a_notice_of_a_kind_that_is_not_known_here_holds_under_its_signature_alone():
    data = to_wire(event(kind="inbox.invented", body={}))
    frame = Frame(event=data, signature=KEY.sign(SignatureType.EVENT, data))

    link = verify_frame(frame, KEY.public, read_notice)

    assert (link.event.kind, link.hash) == ("inbox.invented", frame.hash)
    with pytest.raises(WireError, match=r"^signature$"):
        verify_frame(frame, OTHER.public, read_notice)
    with pytest.raises(WireError, match=r"^kind$"):
        verify_frame(frame, KEY.public)


def test_a_chain_cannot_be_grafted_on_another_identity():
    """PROTOCOL 2.3: the first prev is the hash of the device certificate."""
    link = verify_frame(FRAMES[0], KEY.public)

    assert continues(link, DEVICE, Head(inc=1, seq=0, hash=b"o" * 32)) == "prev"
    assert continues(link, DEVICE, ROOT) is None


@given(st.permutations(range(6)), st.integers(0, 6))
def test_no_other_order_is_followed_further_than_it_is_right(order, cut):
    shuffled = [FRAMES[number] for number in order][:cut]
    right = 0
    while right < len(shuffled) and order[right] == right:
        right += 1

    links, broken = follow(shuffled, KEY.public, DEVICE, ROOT)

    assert len(links) == right
    assert (broken is None) == (right == len(shuffled))
    assert all(isinstance(link, Link) for link in links)
