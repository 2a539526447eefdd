"""A folder the operator names, as a stick: the acts of `core.wire.stick` on the file system.

Every name is looked up in the folder opened once, and links are never followed.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from core.wire.stick import (
    Act,
    Cut,
    Fetch,
    Flush,
    FlushFolder,
    Look,
    Measure,
    Rename,
    Reply,
    Seen,
    StickError,
    Write,
    fault_of,
)

MODE = 0o600
CAREFUL = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


class Folder:
    """Open it with ``with``. ``foreign_to``: a path whose disk the folder must not be on.

    A stick that was pulled out leaves an empty folder on the machine's own disk behind; that one
    counts as gone.
    """

    def __init__(self, path: Path, foreign_to: Path | None = None) -> None:
        """Nothing is opened yet."""
        self._path = path
        self._foreign_to = foreign_to
        self._handle = -1

    def __enter__(self) -> Self:
        with _faults():
            self._handle = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            own = self._foreign_to and os.stat(self._foreign_to).st_dev  # noqa: PTH116 - device
            if own is not None and os.fstat(self._handle).st_dev == own:
                os.close(self._handle)
                raise StickError("gone")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)

    def names(self, ours: Callable[[str], bool]) -> tuple[str, ...]:
        """The names in the folder that are ours, sorted."""
        with _faults(), os.scandir(self._handle) as entries:
            return tuple(sorted(each.name for each in entries if ours(each.name)))

    def perform(self, act: Act) -> Reply:
        """Do one act."""
        with _faults():
            match act:
                case Look(name=name):
                    return self._look(name)
                case Fetch(name=name, limit=limit):
                    return self._fetch(name, limit)
                case Measure():
                    room = os.fstatvfs(self._handle)
                    return room.f_bavail * room.f_frsize
                case _:
                    self._change(act)
                    return None

    def _change(self, act: Write | Cut | Flush | Rename | FlushFolder) -> None:
        match act:
            case Write(name=name, offset=offset, data=data):
                self._write(name, offset, data)
            case Cut(name=name, size=size):
                with self._opened(name, os.O_WRONLY) as handle:
                    os.ftruncate(handle, size)
            case Flush(name=name):
                with self._opened(name, os.O_RDONLY) as handle:
                    os.fsync(handle)
            case Rename(old=old, new=new):
                both = {"src_dir_fd": self._handle, "dst_dir_fd": self._handle}
                os.replace(old, new, **both)  # noqa: PTH105 - by handle
            case FlushFolder():
                os.fsync(self._handle)

    def _look(self, name: str) -> Seen:
        try:
            found = os.stat(name, dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return Seen("nothing")
        if not stat.S_ISREG(found.st_mode):
            return Seen("other")
        return Seen("file", found.st_size)

    def _fetch(self, name: str, limit: int) -> bytes:
        with self._opened(name, os.O_RDONLY) as handle:
            if os.fstat(handle).st_size > limit:
                raise StickError("too_large")
            # What was written lies in memory still; after a flush nothing keeps it there.
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            content = bytearray()
            while len(content) <= limit and (more := os.read(handle, limit + 1 - len(content))):
                content += more
            if len(content) > limit:
                raise StickError("too_large")
            return bytes(content)

    def _write(self, name: str, offset: int, data: bytes) -> None:
        with self._opened(name, os.O_WRONLY | os.O_CREAT) as handle:
            while data:
                written = os.pwrite(handle, data, offset)
                offset, data = offset + written, data[written:]

    @contextmanager
    def _opened(self, name: str, flags: int) -> Iterator[int]:
        handle = os.open(name, flags | CAREFUL, MODE, dir_fd=self._handle)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise StickError("not_a_file")
            yield handle
        finally:
            os.close(handle)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StickError(fault_of(error.errno)) from error
