"""What a program did to the files of a folder, in order, as the shim wrote it down."""

import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.shim import ROOT, environment

RECORD = struct.Struct("<c63sQQ")
DATA_FOLLOWS = b"mwr"


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place of a file."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    """A file has this many bytes now."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Create:
    """A name for a new, empty file."""

    name: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """The name is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Rename:
    """The file has another name, which it takes from whoever had it."""

    name: str
    fresh: str


@dataclass(frozen=True, slots=True)
class FlushBegins:
    """What was written to the file before is being put on the disk."""

    name: str
    process: int


@dataclass(frozen=True, slots=True)
class FlushEnds:
    """What was written before it began is on the disk; ``/`` is the folder with its names."""

    name: str
    process: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What the program had told to people."""

    data: bytes


Operation = Write | Truncate | Create | Unlink | Rename | FlushBegins | FlushEnds | Mark


def read_trace(path: Path) -> tuple[Operation, ...]:
    """Every operation, in order."""
    return tuple(_operations(path.read_bytes()))


def record(module: str, library: Path, scratch: Path, *words: object) -> tuple[Operation, ...]:
    """Run a module on an empty folder and give what it did there."""
    folder, written = scratch / "recorded", scratch / "trace"
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", module, str(folder), *map(str, words)],
        env=environment(library, folder, written),
        cwd=ROOT,
        check=True,
    )
    return read_trace(written)


def _operations(data: bytes) -> Iterator[Operation]:
    position = 0
    while position < len(data):
        kind, raw, offset, length = RECORD.unpack_from(data, position)
        position += RECORD.size
        content = b""
        if kind in DATA_FOLLOWS:
            content = data[position : position + length]
            position += length
        yield _operation(kind, raw.rstrip(b"\0").decode(), offset, content)


def _operation(kind: bytes, name: str, number: int, content: bytes) -> Operation:
    known: dict[bytes, Callable[[], Operation]] = {
        b"w": lambda: Write(name, number, content),
        b"t": lambda: Truncate(name, number),
        b"c": lambda: Create(name),
        b"u": lambda: Unlink(name),
        b"r": lambda: Rename(name, content.decode()),
        b"b": lambda: FlushBegins(name, number),
        b"e": lambda: FlushEnds(name, number),
        b"m": lambda: Mark(content),
    }
    return known[kind]()
