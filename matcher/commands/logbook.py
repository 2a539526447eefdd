"""A log on disk that only grows: each line whole and on the disk before anybody is told of it."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from matcher.files.disk import OutputError

BYTES_AT_MOST = 2**28  # ours: a million calls
_MODE = 0o644


class Logbook:
    """A log file held alone; `data` is what was in it when it was opened.

    Raises:
        OutputError: It is longer than any roll call.
    """

    def __init__(self, path: Path, number: int) -> None:
        self._path = path
        self._number = number
        self.data = _whole(path, number)

    def cut(self, size: int) -> None:
        """Remove what stands after the first ``size`` bytes: a line that was never finished.

        Raises:
            OutputError: The file cannot be shortened.
        """
        with _told(self._path):
            os.ftruncate(self._number, size)
            os.fsync(self._number)
        self.data = self.data[:size]

    def append(self, line: bytes) -> None:
        """Add a line; when this returns it is on the disk.

        Raises:
            OutputError: The disk is full or gone; nothing of the line is left in the file.
        """
        with _told(self._path):
            try:
                rest = line
                while rest:  # a disk that fills up takes a part first
                    rest = rest[os.write(self._number, rest) :]
                os.fsync(self._number)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(self._number, len(self.data))
                raise
        self.data += line


def create(path: Path, line: bytes) -> None:
    """A new log with its first line.

    Raises:
        OutputError: There is a file already, or it cannot be written.
    """
    with _told(path):
        number = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, _MODE)
    try:
        Logbook(path, number).append(line)
    except OutputError:
        path.unlink()
        raise
    finally:
        os.close(number)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextmanager
def opened(path: Path) -> Iterator[Logbook]:
    """The log, held alone until the end: a second operator waits.

    Raises:
        OutputError: It cannot be opened for writing, or is longer than any roll call.
    """
    with _told(path):
        number = os.open(path, os.O_RDWR | os.O_APPEND)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield Logbook(path, number)
    finally:
        os.close(number)


def _whole(path: Path, number: int) -> bytes:
    """All of it or nothing: what is read in part would be taken for a torn line, and cut off."""
    with _told(path), os.fdopen(os.dup(number), "rb") as file:
        if os.fstat(number).st_size > BYTES_AT_MOST:
            raise OutputError(f"{path}: {os.strerror(errno.EFBIG)}")
        return file.read()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error
