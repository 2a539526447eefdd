"""Files of the matcher on disk: plain or ``.zst``, read whole, written whole or not at all."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib import resources
from pathlib import Path

import zstandard

from core.domain.place import County, load_counties
from matcher.files.placement import Placement, stream_placement
from matcher.files.problem import Problem, stream_problem
from matcher.files.rulebook import DEFAULT, Rules, parse_rules
from matcher.files.source import BYTES_AT_MOST, PACKED, open_source
from matcher.files.window import CHUNK

RULES_AT_MOST = 2**20  # bytes of a rule file
_LEVEL = 10  # fixed: the same placement packs to the same bytes


class OutputError(Exception):
    """A file could not be written; nothing is left of it."""


def read_problem(path: Path) -> Problem:
    """The problem in a file.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    with open_source(path) as source:
        return stream_problem(source.chunks(), str(path))


def read_placement(path: Path) -> Placement:
    """The placement in a file.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    with open_source(path) as source:
        return stream_placement(source.chunks(), str(path))


def read_rules(path: Path) -> Rules:
    """The rule file in a file.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    return parse_rules(read_bytes(path, RULES_AT_MOST), str(path))


def read_default_rules() -> Rules:
    """The rule file that comes with the program (範例)."""
    name = f"{DEFAULT}.json"
    return parse_rules(resources.files("matcher.rules").joinpath(name).read_bytes(), name)


def read_counties() -> tuple[County, ...]:
    """The counties of the reference tables."""
    table = resources.files("core.rules.tables").joinpath("counties.toml")
    return load_counties(table.read_text(encoding="utf-8"))


def read_bytes(path: Path, bytes_at_most: int = BYTES_AT_MOST) -> bytes:
    """The content of a file, unpacked if its name ends in ``.zst``.

    Raises:
        RefusedFileError: It cannot be read, is too big, or is not what its name says.
    """
    with open_source(path, bytes_at_most) as source:
        return b"".join(source.chunks())


def write_bytes(path: Path, data: bytes) -> None:
    """Put the content in the file in one step, packed if its name ends in ``.zst``.

    Raises:
        OutputError: The directory is missing or full; what was there before is still there.
    """
    write_pieces(path, (data,))


def write_pieces(path: Path, pieces: Iterable[bytes]) -> str:
    """Write as `write_bytes` does, without holding all of it; the identity of what was written.

    Raises:
        OutputError: The directory is missing or full; what was there before is still there.
    """
    digest = sha256()
    packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".jiepin-", delete=False) as file:
            try:
                for piece in _of_one_size(pieces):
                    digest.update(piece)
                    file.write(packer.compress(piece) if path.suffix == PACKED else piece)
                if path.suffix == PACKED:
                    file.write(packer.flush())
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error
    return f"sha256:{digest.hexdigest()}"


def _of_one_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size, however they come: so they pack to the same bytes."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    yield bytes(held)
