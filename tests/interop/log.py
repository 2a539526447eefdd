"""A machine's log: entries that follow one another, as frames and in batches."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import zstandard

from tests.interop.ttc import (
    FILE_BYTES,
    ZERO_8,
    Key,
    digest,
    read,
    write,
)

MAGIC = b"TTB1"
SYSTEM = {"role": "system", "id": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it rests: what was signed, and what goes with it."""

    event: bytes
    signature: bytes
    cosignatures: tuple[tuple[bytes, str, bytes], ...] = ()
    payload: bytes | None = None

    @property
    def frame(self) -> bytes:
        """As it travels."""
        cosigned = [list(each) for each in self.cosignatures]
        return write([self.event, self.signature, cosigned, self.payload])

    @property
    def hash(self) -> bytes:
        """Covers the event alone."""
        return digest("tt/event/1", self.event)

    @property
    def said(self) -> dict[str, Any]:
        """The fields of the event."""
        return read(self.event)


@dataclass(kw_only=True)
class Log:
    """The log of one incarnation, hung on its certificate; ``clock`` is wall and boot time."""

    key: Key
    dev: bytes
    inc: int
    root: bytes
    boot: bytes
    clock: Callable[[], tuple[int, int]]
    random: Callable[[int], bytes]
    entries: list[Entry] = field(default_factory=list)
    beacon: tuple[bytes, int] | None = None
    reference: tuple[int, bytes] = (0, ZERO_8)

    def hash_at(self, seq: int) -> bytes:
        """Of entry ``seq``; of the certificate beside 0."""
        return self.entries[seq - 1].hash if seq else self.root

    @property
    def last(self) -> int:
        """The number of the newest entry."""
        return len(self.entries)

    def add(
        self,
        kind: str,
        body: dict[str, Any],
        who: dict[str, Any] = SYSTEM,
        payload: bytes | None = None,
        officer: Key | None = None,
        **changed: Any,
    ) -> Entry:
        """Append an entry; an officer's decision is cosigned; ``changed`` is for who lies."""
        wall, since_boot = self.clock()
        event = {
            "v": 1,
            "dev": self.dev,
            "inc": self.inc,
            "seq": self.last + 1,
            "prev": self.hash_at(self.last),
            "kind": kind,
            "t": wall,
            "m": since_boot,
            "boot": self.boot,
            "bcn": self.beacon and list(self.beacon),
            "ref": list(self.reference),
            "who": who,
            "body": body,
            "ph": None if payload is None else digest("tt/payload/1", payload),
        }
        signed = write(event | changed)
        cosigned = ()
        if officer is not None and payload is not None:
            cosigned = ((officer.id, "ed25519", officer.sign("tt/approval/1", payload)),)
        entry = Entry(
            event=signed,
            signature=self.key.sign("tt/event/1", signed),
            cosignatures=cosigned,
            payload=payload,
        )
        self.entries.append(entry)
        return entry

    def batch(self, first: int, epoch: bytes | None, most: int = 200, **changed: Any) -> bytes:
        """Entries from ``first`` on, as they are posted."""
        chosen = self.entries[first - 1 : first - 1 + most]
        frames = [entry.frame for entry in chosen]
        prev = self.hash_at(first - 1)
        header = {
            "dev": self.dev,
            "inc": self.inc,
            "epoch": epoch,
            "from": first,
            "prev": prev,
            "n": len(chosen),
            "head": chosen[-1].hash if chosen else prev,
            "last": first + len(chosen) - 1,
            "frames": hashlib.sha256(b"".join(frames)).digest(),
            "nonce": self.random(16),
            "sent_m": self.clock()[1],
        }
        return pack_batch(header | changed, frames, self.key)


def pack_batch(header: dict[str, Any], frames: list[bytes], key: Key) -> bytes:
    """Magic and one zstd frame that states its size."""
    body = write(header)
    content = write([body, key.sign("tt/batch/1", body), frames])
    return MAGIC + zstandard.ZstdCompressor().compress(content)


def nonce_of(batch: bytes) -> bytes:
    """The nonce in a batch's header, which its answer has to repeat."""
    content = zstandard.ZstdDecompressor().decompress(batch[len(MAGIC) :])
    return read(read(content, FILE_BYTES)[0])["nonce"]
