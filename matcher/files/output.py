"""Files that are written: whole or not at all, and those that belong together at once.

Everything goes to hidden files in the same folders first (``.jiepin-…``) and gets its name in the
end. What a killed run leaves behind is such a file; the next that writes there removes it, once its
process is gone and nobody holds its lock.
"""

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import zstandard

from matcher.files.source import PACKED
from matcher.files.window import CHUNK

_LEFT_BEHIND = re.compile(r"\.jiepin-([1-9][0-9]{0,8})-\w+")  # the process that wrote it
_LEVEL = 10  # fixed: the same placement packs to the same bytes


class OutputError(Exception):
    """A file could not be written; nothing is left of it, and what was there before still is."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file that is written, but has not got its name yet."""

    hidden: Path
    place: Path
    identity: str


def write_bytes(path: Path, data: bytes) -> None:
    """Put the content in the file in one step, packed if its name ends in ``.zst``.

    Raises:
        OutputError: The directory is missing, full or read-only, or there is no ordinary file.
    """
    write_together({path: (data,)})


def write_pieces(path: Path, pieces: Iterable[bytes]) -> str:
    """Write as `write_bytes` does, without holding all of it; the identity of what was written.

    Raises:
        OutputError: The directory is missing, full or read-only, or there is no ordinary file.
    """
    return write_together({path: pieces})[0]


def write_together(contents: Mapping[Path, Iterable[bytes]]) -> tuple[str, ...]:
    """Write each file, then give all of them their names; their identities.

    Raises:
        OutputError: A directory is missing, full or read-only, or there is no ordinary file.
    """
    with ExitStack() as stack:
        staged = []
        for path, pieces in contents.items():
            try:
                one = _stage(path, pieces)
            except RuntimeError as error:  # links in a circle
                raise OutputError(f"{path}: {error}") from error
            except OSError as error:
                raise OutputError(f"{path}: {error.strerror}") from error
            stack.callback(_discard, one.hidden)
            staged.append(one)
        for one in staged:
            try:
                one.hidden.replace(one.place)
            except OSError as error:
                raise OutputError(f"{one.place}: {error.strerror}") from error
        return tuple(one.identity for one in staged)


def make_folders(*folders: Path | None) -> None:
    """Have each of these folders; None is none.

    Raises:
        OutputError: It cannot be made.
    """
    for folder in folders:
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OutputError(f"{folder}: {error.strerror}") from error


def _stage(path: Path, pieces: Iterable[bytes]) -> _Staged:
    place = path.resolve()  # what a link points to is written, not the link
    if place.exists() and not stat.S_ISREG(place.stat().st_mode):
        raise OutputError(f"{path}: not an ordinary file")
    digest = sha256()
    packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj() if path.suffix == PACKED else None
    _clear(place.parent)
    prefix = f".jiepin-{os.getpid()}-"
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=prefix, delete=False) as file:
        hidden = Path(file.name)
        try:
            with suppress(OSError):  # not every folder has locks
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for piece in _of_one_size(pieces):
                digest.update(piece)
                file.write(packer.compress(piece) if packer else piece)
            file.write(packer.flush() if packer else b"")
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            _discard(hidden)
            raise
    return _Staged(hidden, place, f"sha256:{digest.hexdigest()}")


def _discard(hidden: Path) -> None:
    """Remove a file, unless it has its name."""
    with suppress(OSError):
        hidden.unlink()


def _clear(folder: Path) -> None:
    """Remove what killed runs left there; what cannot be removed stays."""
    for path in folder.glob(".jiepin-*"):
        with suppress(OSError):
            _remove_if_left(path)


def _remove_if_left(path: Path) -> None:
    writer = _LEFT_BEHIND.fullmatch(path.name)
    if writer is None or not stat.S_ISREG(path.lstat().st_mode) or _is_running(int(writer[1])):
        return
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held on another machine, it may be
        path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def _of_one_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size, however they come: so they pack to the same bytes."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    yield bytes(held)
