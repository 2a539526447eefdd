"""A disk that keeps only what was flushed, and of the rest whatever it likes.

Names are kept when the folder was flushed, bytes when their file was. Of what was not, an image may
hold nothing, everything, any part in any order, and of a single write any of its sectors. Shared
memory is not on a disk at all.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from tests.faults.trace import (
    Create,
    FlushBegins,
    FlushEnds,
    Mark,
    Operation,
    Rename,
    Truncate,
    Unlink,
    Write,
)

SECTOR = 512
FOLDER = "/"
Change = Write | Truncate
Naming = Create | Unlink | Rename


@dataclass(frozen=True, slots=True)
class Image:
    """What may be found after the power went during operation ``at``."""

    at: int
    how: str
    files: dict[str, bytes]
    told: bytes


@dataclass(slots=True)
class _File:
    kept: bytearray = field(default_factory=bytearray)
    waiting: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """Follows a trace; `images` are what the power may leave behind at this moment."""

    told: bytes = b""
    _now: dict[str, _File] = field(default_factory=dict)
    _kept: dict[str, _File] = field(default_factory=dict)
    _namings: list[tuple[Naming, _File | None]] = field(default_factory=list)
    _flushes: dict[tuple[int, str], int] = field(default_factory=dict)

    def apply(self, operation: Operation) -> None:
        """The next operation of the trace."""
        match operation:
            case Write() | Truncate():
                self._now[operation.name].waiting.append(operation)
            case Create(name=name):
                self._now[name] = _File()
                self._namings.append((operation, self._now[name]))
            case Unlink(name=name):
                self._now.pop(name, None)
                self._namings.append((operation, None))
            case Rename(name=name, fresh=fresh):
                self._now[fresh] = self._now.pop(name)
                self._namings.append((operation, self._now[fresh]))
            case FlushBegins(name=name, process=process):
                waiting = self._namings if name == FOLDER else self._now[name].waiting
                self._flushes[process, name] = len(waiting)
            case FlushEnds(name=name, process=process):
                self._keep(name, self._flushes.pop((process, name)))
            case Mark(data=data):
                self.told = data

    @property
    def certain(self) -> bool:
        """Whether everything is on the disk, so that there is one image only."""
        return not self._namings and not any(each.waiting for each in self._files())

    def nothing(self) -> dict[str, bytes]:
        """Only what was flushed."""
        return {name: bytes(each.kept) for name, each in self._kept.items()}

    def everything(self) -> dict[str, bytes]:
        """As if the power had not gone."""
        return {name: _content(each.kept, each.waiting) for name, each in self._now.items()}

    def some(self, rng: random.Random) -> dict[str, bytes]:
        """Any of the waiting writes, as wholes."""
        share = rng.random()
        return self._made(rng, lambda waiting: [w for w in waiting if rng.random() < share])

    def reordered(self, rng: random.Random) -> dict[str, bytes]:
        """Any number of the waiting writes, and which of two on the same place won is open."""
        return self._made(rng, lambda waiting: rng.sample(waiting, rng.randint(0, len(waiting))))

    def torn(self, rng: random.Random) -> dict[str, bytes]:
        """Any sectors of the waiting writes."""
        return self._made(rng, partial(_sectors, rng))

    def _made(self, rng: random.Random, chosen) -> dict[str, bytes]:
        names = dict(self._kept)
        for naming, file in self._namings[: rng.randint(0, len(self._namings))]:
            _rename(names, naming, file)
        return {name: _content(each.kept, chosen(each.waiting)) for name, each in names.items()}

    def _keep(self, name: str, count: int) -> None:
        if name == FOLDER:
            for naming, file in self._namings[:count]:
                _rename(self._kept, naming, file)
            del self._namings[:count]
            return
        file = self._now[name]
        file.kept = bytearray(_content(file.kept, file.waiting[:count]))
        del file.waiting[:count]

    def _files(self) -> Iterable[_File]:
        return (*self._now.values(), *self._kept.values())


def images(trace: Sequence[Operation], rng: random.Random, variants: int) -> Iterator[Image]:
    """What the power may leave at every operation: nothing, everything, and ``variants`` others.

    A moment that can leave nothing new behind is left out: each image is another state, or has to
    hold more.
    """
    disk = Disk()
    for at, operation in enumerate(trace):
        disk.apply(operation)
        if isinstance(operation, FlushEnds | Mark):
            yield Image(at, "nothing", disk.nothing(), disk.told)
        if disk.certain or isinstance(operation, FlushBegins):
            continue
        yield Image(at, "everything", disk.everything(), disk.told)
        for number in range(variants):
            make = (disk.some, disk.reordered, disk.torn)[number % 3]
            yield Image(at, make.__name__, make(rng), disk.told)


def _rename(names: dict[str, _File], naming: Naming, file: _File | None) -> None:
    names.pop(naming.name, None)
    if file is not None:
        names[naming.fresh if isinstance(naming, Rename) else naming.name] = file


def _content(kept: bytearray, changes: Sequence[Change]) -> bytes:
    content = bytearray(kept)
    for change in changes:
        match change:
            case Truncate(size=size):
                del content[size:]
                content.extend(bytes(size - len(content)))
            case Write(offset=offset, data=data):
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(data)] = data
    return bytes(content)


def _sectors(rng: random.Random, waiting: Sequence[Change]) -> list[Change]:
    """Pieces that begin and end at sectors of the disk, each there or not."""
    share = rng.random()
    pieces: list[Change] = []
    for change in waiting:
        if isinstance(change, Truncate):
            pieces += [change] if rng.random() < share else []
            continue
        start, end = change.offset, change.offset + len(change.data)
        edges = [start, *range((start // SECTOR + 1) * SECTOR, end, SECTOR), end]
        for first, last in pairwise(edges):
            if rng.random() < share:
                data = change.data[first - start : last - start]
                pieces.append(Write(change.name, first, data))
    return pieces
