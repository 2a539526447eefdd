"""A note of the newest entry, in a file beside the store (ADR 0012).

The engine cannot tell a log that lost its end from one that never had it: when a bit of its
write-ahead log turns, everything after that place is taken for a commit that was cut short. The
note can. It is written after the commit it speaks of, so it never knows more than the store did.
"""

import hmac
import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.wire.chain import Head

SUFFIX = "-head"
SLOT_BYTES = 512  # a sector of the disk: of two notes one is whole, wherever the power goes
SLOTS = 2
LABEL = b"jiepin/head/1"
NOTE = struct.Struct(">16sQQ32s")
MAC_BYTES = 32
MODE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The newest entry that was ever told to be stored, of this device."""

    device: bytes
    head: Head


class Notebook:
    """Writes and reads the note; a note that cannot be written or read is none."""

    def __init__(self, store: Path, key: bytes) -> None:
        """``key`` is the store's: a note of another store, or a damaged one, does not count."""
        self._path = store.with_name(store.name + SUFFIX)
        self._key = hmac.digest(key, LABEL, "sha256")

    def prepare(self) -> None:
        """Take the room for the notes while there is some."""
        with suppress(OSError):
            if self._path.exists():
                return
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, MODE)
            try:
                os.write(handle, bytes(SLOT_BYTES * SLOTS))
                os.fsync(handle)
            finally:
                os.close(handle)
            _flush_folder(self._path.parent)

    def write(self, note: Note) -> None:
        """Keep the note, on the disk when this returns.

        A disk that does not take it has taken the entry: nobody is told that it was not stored.
        """
        head = note.head
        content = NOTE.pack(note.device, head.inc, head.seq, head.hash)
        with suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, MODE)
            try:
                os.pwrite(handle, content + self._mac(content), head.seq % SLOTS * SLOT_BYTES)
                os.fdatasync(handle)
            finally:
                os.close(handle)

    def read(self, device: bytes, inc: int) -> Head | None:
        """The newest entry of this log that was noted; None when none was."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return None
        slots = (data[start : start + SLOT_BYTES] for start in range(0, len(data), SLOT_BYTES))
        notes = [note for slot in slots if (note := self._opened(slot)) is not None]
        heads = [note.head for note in notes if note.device == device and note.head.inc == inc]
        return max(heads, key=lambda head: head.seq, default=None)

    def _opened(self, slot: bytes) -> Note | None:
        content, mac = slot[: NOTE.size], slot[NOTE.size : NOTE.size + MAC_BYTES]
        if len(content) < NOTE.size or not hmac.compare_digest(mac, self._mac(content)):
            return None
        device, inc, seq, entry = NOTE.unpack(content)
        return Note(device=device, head=Head(inc=inc, seq=seq, hash=entry))

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
