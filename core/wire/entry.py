"""An entry of a log as whoever stores it reads it: all of it checked, and kept as it came.

What `core.wire.chain.verify_frame` takes, this takes, and nothing else. An entry that is in order,
as nearly all are, is read once, by what its kind says; any other goes the long way, which says why.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar, get_type_hints

import msgspec

from core.sealing import verify
from core.signature import SignatureType, digest
from core.wire.canon import NOT_SO_QUICKLY, quick
from core.wire.chain import Head
from core.wire.event import (
    Event,
    Frame,
    FrameRow,
    Placed,
    check_payload,
    decode_row,
    read_event,
)
from core.wire.fault import WireError
from core.wire.kind import BODIES
from core.wire.rotation import KIND as ROTATION
from core.wire.rotation import key_after

A = TypeVar("A")
B = TypeVar("B")
NAMED = ROTATION.encode()
"""Stands in every event that changes the key."""


class Entry(NamedTuple):
    """A verified entry; ``key`` is the raw public key that signs the next one."""

    event: Placed
    hash: bytes
    payload: bytes | None
    key: bytes

    @property
    def head(self) -> Head:
        """The head of the log that ends here."""
        return Head(inc=self.event.inc, seq=self.event.seq, hash=self.hash)


def read_entries(frames: Sequence[bytes], key: bytes) -> tuple[list[Entry], str | None]:
    """The good beginning of encoded frames, the first signed by ``key``, and why it ends there.

    None: it does not end before they do. For each its signature comes first, then strict decoding;
    codes are those of `core.wire.event.decode_frame` and `core.wire.chain.verify_frame`. Whether
    one entry follows on the other is for the caller to say.
    """
    # All signatures, then all that they sign: a processor is quicker at the same thing many times
    # than at two in turns, as what it needs for the one does not push out the other's.
    rows, code = _good(decode_row, frames)
    entries: list[Entry] = []
    while rows:
        upto = _through_change(rows)
        signed, fault = _good(partial(_signed, key=key), rows[:upto])
        read, wrong = _good(partial(_entry, key=key), signed)
        entries += read
        if wrong or fault:
            return entries, wrong or fault
        key, rows = entries[-1].key, rows[upto:]
    return entries, code


def _good(read: Callable[[A], B], items: Iterable[A]) -> tuple[list[B], str | None]:
    """What is read of the items up to the first that is refused, and its code."""
    found: list[B] = []
    try:
        for item in items:
            found.append(read(item))  # noqa: PERF401 - the ones before it count
    except WireError as error:
        return found, error.code
    return found, None


def _through_change(rows: Sequence[FrameRow]) -> int:
    """How many rows one key signs: up to one that may change it."""
    return next((n for n, row in enumerate(rows, 1) if NAMED in row.event), len(rows))


def _signed(row: FrameRow, key: bytes) -> FrameRow:
    if not verify(key, SignatureType.EVENT, row.event, row.signature):
        raise WireError("signature")
    return row


def _entry(row: FrameRow, key: bytes) -> Entry:
    """The entry in a row that ``key`` signed."""
    event: Placed | None = _read_quickly(row)
    after = key
    if event is None:
        event = read_event(Frame(event=row.event, signature=row.signature, payload=row.payload))
        after = key_after(event, key)
    hashed = digest(SignatureType.EVENT, row.event)
    return Entry(event=event, hash=hashed, payload=row.payload, key=after)


class _Named(msgspec.Struct):
    """An event of which nothing but the kind is looked at."""

    kind: str


_NAMED = msgspec.msgpack.Decoder(_Named)


def _read_quickly(row: FrameRow) -> Placed | None:
    """The event, body and payload as its kind says; None for what has to go the long way."""
    try:
        kind = _NAMED.decode(row.event).kind
        if kind == ROTATION or kind not in BODIES:
            return None
        event: Placed | None = _reading(kind)(row.event)
        if event is not None and row.payload is not None:
            check_payload(event, row.payload)
    except NOT_SO_QUICKLY:
        return None
    return event


@cache
def _reading(kind: str) -> Any:  # noqa: ANN401
    """What reads events of one kind: as `Event`, and the body by its own schema in one go."""
    fields = get_type_hints(Event, include_extras=True) | {"body": BODIES[kind]}
    schema = msgspec.defstruct(
        Event.__name__, list(fields.items()), frozen=True, forbid_unknown_fields=True
    )
    return quick(schema)
