"""A file that is read: an ordinary one, plain or ``.zst``, and the same from beginning to end."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zstandard

from matcher.files.refusal import Fault, FaultCode, RefusedFileError
from matcher.files.window import CHUNK

PACKED = ".zst"
BYTES_AT_MOST = 2**29  # packed or not; the whole country in one file is a third of it
_WINDOW_BYTES = 2**27  # what a packed file may make us remember: its format's own usual limit
_PACKED_CHUNK = 1024  # unpacks to 32 MiB at the very most


class Source:
    """One file that is open for reading."""

    def __init__(self, path: Path, descriptor: int, bytes_at_most: int = BYTES_AT_MOST) -> None:
        self._path = path
        self._descriptor = descriptor
        self._at_most = bytes_at_most
        self._before = os.fstat(descriptor)

    def check_unchanged(self) -> None:
        """Return if nobody wrote to the file since it was opened.

        Raises:
            RefusedFileError: Somebody did.
        """
        now = os.fstat(self._descriptor)
        before = self._before
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise refused(self._path, FaultCode.CHANGED)

    def chunks(self) -> Iterator[bytes]:
        """What is in the file, unpacked if its name ends in ``.zst``.

        Raises:
            RefusedFileError: It is no ordinary file, too big, cut off, not what its name says, or
                was changed on the way.
        """
        if not stat.S_ISREG(self._before.st_mode):
            raise refused(self._path, FaultCode.NOT_A_FILE)
        if self._before.st_size > self._at_most:
            raise refused(self._path, FaultCode.TOO_BIG, f"> {self._at_most}")
        pieces = self._unpacked() if self._path.suffix == PACKED else self._raw(CHUNK)
        yield from bounded(pieces, self._path, self._at_most)
        self.check_unchanged()

    def _raw(self, size: int) -> Iterator[bytes]:
        while piece := os.read(self._descriptor, size):
            yield piece

    def _unpacked(self) -> Iterator[bytes]:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompressobj()
        for piece in self._raw(_PACKED_CHUNK):
            if unpacker.eof:
                raise refused(self._path, FaultCode.BAD_PACKING, "data behind the end")
            yield unpacker.decompress(piece)
        if unpacker.unused_data:
            raise refused(self._path, FaultCode.BAD_PACKING, "data behind the end")
        if not unpacker.eof:
            raise refused(self._path, FaultCode.CUT_OFF)


def bounded(
    pieces: Iterator[bytes], path: Path, bytes_at_most: int = BYTES_AT_MOST
) -> Iterator[bytes]:
    """The pieces of a file with that name, as long as they are not too many.

    Raises:
        RefusedFileError: They are.
    """
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > bytes_at_most:
            raise refused(path, FaultCode.TOO_BIG, f"> {bytes_at_most}")
        yield piece


@contextmanager
def open_source(path: Path, bytes_at_most: int = BYTES_AT_MOST) -> Iterator[Source]:
    """The file, open as long as the block runs.

    Raises:
        RefusedFileError: It cannot be opened or read; or it was refused in the block, and if it was
            changed meanwhile, for that.
    """
    try:
        # A pipe must not make us wait for somebody to write.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            source = Source(path, descriptor, bytes_at_most)
            try:
                yield source
            except RefusedFileError:
                source.check_unchanged()
                raise
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise refused(path, FaultCode.NO_FILE) from error
    except OSError as error:
        raise refused(path, FaultCode.UNREADABLE, error.strerror or "") from error
    except zstandard.ZstdError as error:
        raise refused(path, FaultCode.BAD_PACKING, str(error)) from error


def refused(path: Path, code: FaultCode, detail: str = "") -> RefusedFileError:
    """The refusal of a whole file."""
    return RefusedFileError((Fault(file=str(path), path="$", code=code, detail=detail),))
