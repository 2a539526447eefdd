"""A batch as it arrives: bounded, opened, verified; not yet stored (PROTOCOL 2.7, steps 1 and 2).

It is told who the machine is and knows nothing else: it may run in a process that has neither keys
nor a database (`server.examiner`), so what comes out are messages between processes.
"""

from collections.abc import Callable, Mapping

import msgspec

from core.wire.batch import Batch, BatchHeader, decode_batch
from core.wire.chain import Broken, Head, misplaced
from core.wire.entry import Entry as ReadEntry
from core.wire.entry import read_entries
from core.wire.fault import WireError
from server.frames import without_payload
from server.identity import Identity

DeviceLookup = Callable[[bytes, int], Identity | None]
Incarnations = Mapping[int, Identity]
"""Who a machine is and was, by incarnation."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A verified entry as it will be stored.

    ``stored`` is its frame without the payload; the whole had ``size`` bytes.
    """

    seq: int
    hash: bytes
    kind: str
    stored: bytes
    payload: bytes | None
    size: int


class Upload(msgspec.Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """A batch whose header its device signed: its good beginning, and where that ends."""

    header: BatchHeader
    entries: tuple[Entry, ...]
    broken: Broken | None
    data: bytes


class Unusable(msgspec.Struct, frozen=True, kw_only=True, array_like=True, tag=True):
    """Bytes of which nothing is appended: an HTTP status and a code.

    ``header`` is there when the machine did sign it.
    """

    status: int
    code: str
    header: BatchHeader | None = None


def examine(data: bytes, dev: bytes, incarnations: Incarnations) -> Upload | Unusable:
    """What came under the name of ``dev``, verified as far as it is good."""
    opened = open_batch(data, dev, lambda _, inc: incarnations.get(inc))
    return opened if isinstance(opened, Unusable) else verify_batch(data, *opened)


def open_batch(data: bytes, dev: bytes, device: DeviceLookup) -> tuple[Batch, Identity] | Unusable:
    """A batch that the machine ``dev`` signed, its frames not yet looked at."""
    try:
        batch = decode_batch(data)
    except WireError as error:
        return Unusable(status=413 if error.code == "too_large" else 400, code=error.code)
    if batch.header.dev != dev:
        return Unusable(status=403, code="other_device")
    identity = device(dev, batch.header.inc)
    if identity is None:
        return Unusable(status=401, code="device_unknown")
    if not batch.signed_by(identity.key_at(batch.header.first)):
        return Unusable(status=403, code="signature")
    return batch, identity


def verify_batch(data: bytes, batch: Batch, device: Identity) -> Upload | Unusable:
    """The good beginning of the batch; a header that names another end is unusable."""
    header = batch.header
    head = Head(inc=header.inc, seq=header.first - 1, hash=header.prev)
    read, code = read_entries(batch.frames, device.key_at(header.first))
    entries: list[Entry] = []
    for entry, encoded in zip(read, batch.frames, strict=False):
        misplacement = misplaced(entry.event, header.dev, head)
        if misplacement is not None:
            code = misplacement
            break
        entries.append(_entry(entry, encoded))
        head = entry.head
    broken = None if code is None else Broken(index=len(entries), code=code)
    if broken is None and head.hash != header.head:
        return Unusable(status=400, code="head", header=header)
    return Upload(header=header, data=data, entries=tuple(entries), broken=broken)


def _entry(read: ReadEntry, encoded: bytes) -> Entry:
    return Entry(
        seq=read.event.seq,
        hash=read.hash,
        kind=read.event.kind,
        stored=without_payload(encoded, read.payload),
        payload=read.payload,
        size=len(encoded),
    )
