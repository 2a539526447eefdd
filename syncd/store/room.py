"""Room kept beside the store, so that it can be opened when nothing else fits on the disk.

Even reading needs some: the engine makes an index in memory that programs share, and that is a
file.
"""

import os
from contextlib import suppress
from pathlib import Path

SUFFIX = "-room"
ROOM_BYTES = 128 * 1024  # the index takes 32 KiB; with the rest a few entries still fit
PLENTY_BYTES = 4 * ROOM_BYTES
MODE = 0o600


class Room:
    """A file that is there to be removed."""

    def __init__(self, store: Path) -> None:
        """``store`` is the file beside which there is room."""
        self._path = store.with_name(store.name + SUFFIX)

    def take(self) -> None:
        """Keep it, unless it is kept already or would be missed."""
        with suppress(OSError):
            disk = os.statvfs(self._path.parent)
            scarce = disk.f_bavail * disk.f_frsize < PLENTY_BYTES
            if scarce or self._path.exists():
                return
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
            try:
                os.write(handle, bytes(ROOM_BYTES))
            finally:
                os.close(handle)

    def give(self) -> bool:
        """Let the store have it; False when there was none."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
