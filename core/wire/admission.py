"""What becomes of an upload: PROTOCOL 2.7, step 3, as one decision.

It refuses to know where logs are kept, how frames were verified and what an answer looks like.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from core.wire.chain import Broken
from core.wire.talk import Status

OK, GAP, FORK, REVOKED, QUOTA = "ok", "gap", "fork", "revoked", "quota"
STATUSES: Mapping[str, Status] = {
    OK: Status.STORED,
    GAP: Status.CONFLICT,
    FORK: Status.CONFLICT,
    REVOKED: Status.REVOKED,
    QUOTA: Status.QUOTA,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the server holds of one log: its head, and the stored part the offer speaks of.

    ``before`` is the hash of the entry the offer follows, the certificate's for an offer from the
    beginning, None when the log does not reach that far. ``overlap``: hashes by ``seq``. Of a
    revoked machine entries up to ``last_good`` may still come; None: it is not revoked.
    """

    seq: int
    before: bytes | None
    overlap: Mapping[int, bytes]
    quarantined: bool = False
    last_good: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A verified batch: its good beginning from ``first`` on, after ``prev``.

    ``sizes`` are the bytes of each entry; ``broken`` says where and why the good part ends.
    """

    first: int
    prev: bytes
    hashes: Sequence[bytes]
    sizes: Sequence[int]
    broken: Broken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a machine may still store: entries and bytes today, bytes this season."""

    day_events: int
    day_bytes: int
    season_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``fresh`` are indices into the offer: what is appended. Of a fork everything is evidence.

    ``code`` is ``ok``, ``gap``, ``fork``, ``revoked``, ``quota`` or that of the entry ``failed``.
    """

    code: str
    failed: int | None = None
    fresh: range = range(0)


def admit(held: Held, offer: Offer, room: Room) -> Decision:
    """Gap, fork, or the part that is new and allowed; an overlap is a no-op."""
    if held.last_good is not None and held.last_good < offer.first:
        return Decision(code=REVOKED)
    if offer.first > held.seq + 1:
        return Decision(code=GAP)
    if held.quarantined or _forks(held, offer):
        return Decision(code=FORK)
    return _take(held, offer, room)


def answer_code(code: str, added: int) -> str:
    """The code an answer carries: with something stored, a full quota is for the next one."""
    return OK if code == QUOTA and added else code


def status_of(code: str) -> Status:
    """The status of an answer with this code; it has that of a broken entry if it is no other's.

    Who reads an answer takes it from here, too: a status on the line is under no signature.
    """
    return STATUSES.get(code, Status.MALFORMED)


def _forks(held: Held, offer: Offer) -> bool:
    """Whether the batch tells another story than the log does."""
    if offer.prev != held.before:
        return True
    hashes, first = offer.hashes, offer.first
    offered = range(first, first + len(hashes))
    return any(seq in offered and hashes[seq - first] != eh for seq, eh in held.overlap.items())


def _take(held: Held, offer: Offer, room: Room) -> Decision:
    count = len(offer.hashes)
    start = min(held.seq + 1 - offer.first, count)
    good = count if held.last_good is None else held.last_good + 1 - offer.first
    end = min(start + _fitting(offer.sizes[start:], room), count)
    good = max(start, good)
    if good < count and good <= end:
        return Decision(code=REVOKED, fresh=range(start, good))
    if end < count:
        return Decision(code=QUOTA, fresh=range(start, end))
    fresh = range(start, count)
    if offer.broken is not None:
        return Decision(code=offer.broken.code, failed=offer.broken.index, fresh=fresh)
    return Decision(code=OK, fresh=fresh)


def _fitting(sizes: Sequence[int], room: Room) -> int:
    """How many entries of these sizes there is room for, one after the other."""
    so_far = list(accumulate(sizes))
    by_bytes = bisect_right(so_far, min(room.day_bytes, room.season_bytes))
    return max(0, min(by_bytes, room.day_events))
