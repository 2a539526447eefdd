"""How a file gets onto a stick so that pulling it out loses nothing (PROTOCOL 2.13). No files here.

A plan is a generator: it yields one act at a time and is sent what came of it, so that a test can
pull the stick between any two. Temporary name, write, flush, rename, flush the folder, drop what is
cached and read back: only a plan that returned `Placed` allows 可以取下. Nothing is ever deleted.
"""

import errno
import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol, TypeVar

CHUNK_BYTES = 256 * 1024
PART_ENDING = ".part"
SPARE_BYTES = 64 * 1024  # of a file system's own: the folder grows, too

Fault = Literal[
    "gone", "full", "read_only", "not_allowed", "not_a_file", "too_large", "occupied", "read_back"
]
FAULTS: Mapping[int, Fault] = MappingProxyType(
    {
        errno.ENOSPC: "full",
        errno.EDQUOT: "full",
        errno.EFBIG: "full",
        errno.EROFS: "read_only",
        errno.EACCES: "not_allowed",
        errno.EPERM: "not_allowed",
        errno.ELOOP: "not_a_file",
        errno.EISDIR: "not_a_file",
    }
)


class StickError(Exception):
    """An act failed; ``code`` says what a person can do about it."""

    def __init__(self, code: Fault) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code: Fault = code


def fault_of(number: int | None) -> Fault:
    """What an error number of the system means here; a stick that was pulled out gives many."""
    return FAULTS.get(number or 0, "gone")


@dataclass(frozen=True, slots=True)
class Look:
    """What stands under a name, not following links: `Seen`."""

    name: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """The bytes of a regular file, from the stick itself and not from memory: ``bytes``."""

    name: str
    limit: int


@dataclass(frozen=True, slots=True)
class Measure:
    """How many bytes are free: ``int``."""


@dataclass(frozen=True, slots=True)
class Write:
    """Put bytes at a place of a regular file, which is made if it is not there."""

    name: str
    offset: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cut:
    """Shorten a file."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Flush:
    """Wait until a file's bytes are on the stick."""

    name: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a file its final name in one step."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FlushFolder:
    """Wait until the names are on the stick."""


Act = Look | Fetch | Measure | Write | Cut | Flush | Rename | FlushFolder


@dataclass(frozen=True, slots=True)
class Seen:
    """A regular file of ``size`` bytes, something that is none, or nothing."""

    kind: Literal["file", "other", "nothing"]
    size: int = 0


Reply = Seen | bytes | int | None
R = TypeVar("R")
Plan = Generator[Act, Reply, R]


class Stick(Protocol):
    """A folder on something that may be pulled out."""

    def perform(self, act: Act) -> Reply:
        """Do one act.

        Raises:
            StickError: It could not be done.
        """

    def names(self, ours: Callable[[str], bool]) -> tuple[str, ...]:
        """The names in the folder that are ours, sorted, however many others there are.

        Raises:
            StickError: The folder cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Placed:
    """The file is on the stick and was read back. ``written`` bytes were missing before."""

    written: int


def carry_out(plan: Plan[R], stick: Stick) -> R:
    """What a plan returns when ``stick`` performs it.

    Raises:
        StickError: As the stick and the plan.
    """
    reply: Reply = None
    try:
        while True:
            reply = stick.perform(plan.send(reply))
    except StopIteration as end:
        result: R = end.value
        return result


def place(name: str, data: bytes, may_replace: Callable[[bytes], bool]) -> Plan[Placed]:
    """Put a file on the stick, going on where an earlier try was interrupted.

    Args:
        name: The final name.
        data: All of it.
        may_replace: Whether a file of that name with these bytes, which are others, may give way.

    Raises:
        StickError: ``full``, ``occupied``, ``not_a_file``, ``read_back``, or as the stick.
    """
    there = yield from find(name)
    if there == data and (yield from confirm(name, len(data))) == data:
        return Placed(0)
    if there not in {None, data} and not may_replace(there or b""):
        raise StickError("occupied")
    part = name + PART_ENDING
    start = yield from _begun(part, data)
    room = yield Measure()
    if isinstance(room, int) and room < len(data) - start + SPARE_BYTES:
        raise StickError("full")
    for offset in range(start, len(data), CHUNK_BYTES):
        yield Write(part, offset, data[offset : offset + CHUNK_BYTES])
    yield Flush(part)
    yield Rename(part, name)
    yield FlushFolder()
    back = yield Fetch(name, len(data))
    if back != data:
        raise StickError("read_back")
    return Placed(len(data) - start)


def confirm(name: str, limit: int) -> Plan[bytes]:
    """A file that is there, made sure to be on the stick, and read from it.

    Raises:
        StickError: As the stick.
    """
    yield Flush(name)
    yield FlushFolder()
    content = yield Fetch(name, limit)
    return content if isinstance(content, bytes) else b""


def find(name: str, limit: int | None = None) -> Plan[bytes | None]:
    """The file of that name; None when there is none.

    Raises:
        StickError: ``not_a_file``, ``too_large``, or as the stick.
    """
    seen = yield Look(name)
    if not isinstance(seen, Seen) or seen.kind == "nothing":
        return None
    if seen.kind == "other":
        raise StickError("not_a_file")
    content = yield Fetch(name, seen.size if limit is None else limit)
    return content if isinstance(content, bytes) else None


def _begun(part: str, data: bytes) -> Plan[int]:
    """How much of ``data`` an interrupted try left under its temporary name, by hash."""
    seen = yield Look(part)
    if not isinstance(seen, Seen) or seen.kind == "nothing":
        return 0
    if seen.kind == "other":
        raise StickError("not_a_file")
    if seen.size <= len(data):
        kept = yield Fetch(part, seen.size)
        if isinstance(kept, bytes) and _hash(kept) == _hash(data[: len(kept)]):
            return len(kept)
    yield Cut(part, 0)
    return 0


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
