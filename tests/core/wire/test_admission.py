"""PROTOCOL 2.7, step 3: what becomes of an upload."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wire.admission import (
    FORK,
    GAP,
    OK,
    QUOTA,
    REVOKED,
    STATUSES,
    Decision,
    Held,
    Offer,
    Room,
    admit,
    answer_code,
    status_of,
)
from core.wire.chain import Broken
from core.wire.talk import Status

START = bytes(32)
AMPLE = Room(day_events=2000, day_bytes=1 << 24, season_bytes=1 << 26)


def hash_at(seq, story=0):
    return bytes([story]) + seq.to_bytes(31, "big") if seq else START


def held(seq, first, last, **changes):
    """A log of ``seq`` entries, as far as a batch from ``first`` to ``last`` speaks of it."""
    before = hash_at(first - 1) if first - 1 <= seq else None
    overlap = {each: hash_at(each) for each in range(max(1, first - 1), min(seq, last) + 1)}
    return replace(Held(seq=seq, before=before, overlap=overlap), **changes)


def offer(first, last, **changes):
    hashes = [hash_at(seq) for seq in range(first, last + 1)]
    made = Offer(first=first, prev=hash_at(first - 1), hashes=hashes, sizes=[100] * len(hashes))
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("seq", "first", "last", "decision"),
    [
        (0, 1, 3, Decision(code=OK, fresh=range(3))),
        (3, 4, 5, Decision(code=OK, fresh=range(2))),
        (3, 2, 5, Decision(code=OK, fresh=range(2, 4))),
        (5, 2, 4, Decision(code=OK, fresh=range(3, 3))),
        (3, 4, 3, Decision(code=OK, fresh=range(0))),
        (3, 5, 6, Decision(code=GAP)),
        (0, 2, 2, Decision(code=GAP)),
    ],
)
def test_what_continues_the_log_is_appended_and_an_overlap_is_a_no_op(seq, first, last, decision):
    assert admit(held(seq, first, last), offer(first, last), AMPLE) == decision


@pytest.mark.parametrize(
    "told",
    [
        offer(4, 5, prev=hash_at(3, 1)),
        offer(1, 2, prev=hash_at(1, 1)),
        offer(2, 4, hashes=[hash_at(2), hash_at(3, 1), hash_at(4, 1)]),
        offer(3, 3, hashes=[hash_at(3, 1)]),
    ],
)
def test_another_story_is_a_fork_whole(told):
    last = told.first + len(told.hashes) - 1

    assert admit(held(3, told.first, last), told, AMPLE) == Decision(code=FORK)


def test_a_quarantined_log_takes_nothing_but_still_says_what_is_missing():
    frozen = held(3, 4, 5, quarantined=True)

    assert admit(frozen, offer(4, 5), AMPLE).code == FORK
    assert admit(held(3, 5, 5, quarantined=True), offer(5, 5), AMPLE).code == GAP


@pytest.mark.parametrize(
    ("last_good", "code", "fresh"),
    [
        (0, REVOKED, range(0)),
        (3, REVOKED, range(0)),
        (4, REVOKED, range(1)),
        (5, OK, range(2)),
        (9, OK, range(2)),
    ],
)
def test_of_a_revoked_machine_comes_what_it_wrote_before(last_good, code, fresh):
    decision = admit(held(3, 4, 5, last_good=last_good), offer(4, 5), AMPLE)

    assert (decision.code, decision.fresh) == (code, fresh)


def test_what_is_there_of_a_revoked_machine_is_not_appended_again():
    decision = admit(held(3, 2, 6, last_good=4), offer(2, 6), AMPLE)

    assert decision == Decision(code=REVOKED, fresh=range(2, 3))


@pytest.mark.parametrize(("room", "code"), [(0, QUOTA), (1, REVOKED), (2, REVOKED)])
def test_of_a_full_quota_and_a_revocation_the_first_in_the_log_is_told(room, code):
    decision = admit(held(3, 4, 6, last_good=4), offer(4, 6), replace(AMPLE, day_events=room))

    assert decision == Decision(code=code, fresh=range(min(room, 1)))


def test_a_revoked_machine_is_told_so_before_anything_else():
    assert admit(held(0, 9, 9, last_good=0), offer(9, 9), AMPLE).code == REVOKED


@pytest.mark.parametrize(
    "room",
    [
        replace(AMPLE, day_events=1),
        replace(AMPLE, day_bytes=199),
        replace(AMPLE, season_bytes=100),
    ],
)
def test_what_no_longer_fits_waits_and_what_fits_is_kept(room):
    decision = admit(held(3, 3, 5), offer(3, 5), room)

    assert (decision.code, decision.failed, decision.fresh) == (QUOTA, None, range(1, 2))


def test_the_last_byte_of_the_room_is_used():
    room = Room(day_events=2, day_bytes=200, season_bytes=200)

    assert admit(held(3, 4, 5), offer(4, 5), room).code == OK


def test_what_is_stored_already_takes_no_room():
    nothing = Room(day_events=0, day_bytes=0, season_bytes=0)

    assert admit(held(3, 1, 3), offer(1, 3), nothing).code == OK


def test_the_entries_before_a_broken_one_are_kept_and_its_index_is_named():
    decision = admit(held(3, 4, 5), offer(4, 5, broken=Broken(index=2, code="kind")), AMPLE)

    assert decision == Decision(code="kind", failed=2, fresh=range(2))


@pytest.mark.parametrize(
    ("code", "added", "status"),
    [
        (OK, 0, Status.STORED),
        (QUOTA, 1, Status.STORED),
        (QUOTA, 0, Status.QUOTA),
        (GAP, 0, Status.CONFLICT),
        (FORK, 0, Status.CONFLICT),
        (REVOKED, 1, Status.REVOKED),
    ],
)
def test_each_decision_has_its_status(code, added, status):
    assert STATUSES[answer_code(code, added)] is status
    assert status_of(answer_code(code, added)) is status


def test_a_code_that_is_none_of_these_is_that_of_a_broken_entry():
    assert status_of("payload_hash") is Status.MALFORMED


@given(st.integers(0, 9), st.integers(1, 11), st.integers(0, 9))
def test_whatever_range_of_the_same_log_is_offered_it_continues_or_leaves_a_gap(seq, first, n):
    last = first + n - 1

    decision = admit(held(seq, first, last), offer(first, last), AMPLE)

    if first > seq + 1:
        assert decision == Decision(code=GAP)
    else:
        assert decision.code == OK
        assert [first + index for index in decision.fresh] == list(range(seq + 1, last + 1))
