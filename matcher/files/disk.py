"""Files of the matcher on disk: plain or ``.zst``, read whole, written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from importlib import resources
from pathlib import Path

import zstandard

from core.domain.place import County, load_counties
from matcher.files.placement import Placement, parse_placement
from matcher.files.problem import Problem, parse_problem
from matcher.files.refusal import Fault, FaultCode, RefusedFileError
from matcher.files.rulebook import DEFAULT, Rules, parse_rules

BYTES_AT_MOST = 2**30  # unpacked; the whole country in one file is a sixth of it
_CHUNK = 2**20
_LEVEL = 10  # fixed: the same placement packs to the same bytes
_PACKED = ".zst"


class OutputError(Exception):
    """A file could not be written; nothing is left of it."""


def read_problem(path: Path) -> Problem:
    """The problem in a file.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    return parse_problem(read_bytes(path), str(path))


def read_placement(path: Path) -> Placement:
    """The placement in a file.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    return parse_placement(read_bytes(path), str(path))


def read_rules(path: Path) -> Rules:
    """The rule file in a file.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    return parse_rules(read_bytes(path), str(path))


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
    try:
        with path.open("rb") as file:
            if path.suffix != _PACKED:
                data = file.read(bytes_at_most + 1)
            else:
                stream = zstandard.ZstdDecompressor().stream_reader(file)
                data = _unpacked(stream, bytes_at_most)
    except (OSError, zstandard.ZstdError) as error:
        raise _refused(path, FaultCode.UNREADABLE, _reason(error)) from error
    if len(data) > bytes_at_most:
        raise _refused(path, FaultCode.TOO_BIG, f"> {bytes_at_most}")
    return data


def _unpacked(stream: zstandard.ZstdDecompressionReader, bytes_at_most: int) -> bytes:
    parts, size = [], 0
    while size <= bytes_at_most and (part := stream.read(_CHUNK)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def write_bytes(path: Path, data: bytes) -> None:
    """Put the content in the file in one step, packed if its name ends in ``.zst``.

    Raises:
        OutputError: The directory is missing or full; what was there before is still there.
    """
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(data)
    content = packed if path.suffix == _PACKED else data
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".jiepin-", delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as error:
        raise OutputError(f"{path}: {_reason(error)}") from error


def _refused(path: Path, code: FaultCode, detail: str) -> RefusedFileError:
    return RefusedFileError((Fault(file=str(path), path="$", code=code, detail=detail),))


def _reason(error: OSError | zstandard.ZstdError) -> str:
    return error.strerror or "" if isinstance(error, OSError) else str(error)
