"""Files of the matcher on disk, plain or ``.zst``: what commands read and write them with."""

from importlib import resources
from pathlib import Path

from matcher.files.output import (
    OutputError,
    make_folders,
    write_bytes,
    write_pieces,
    write_together,
)
from matcher.files.placement import Placement, stream_placement
from matcher.files.problem import Problem, stream_problem
from matcher.files.rulebook import DEFAULT, Rules, parse_rules
from matcher.files.source import BYTES_AT_MOST, open_source

__all__ = [
    "BYTES_AT_MOST",
    "OutputError",
    "make_folders",
    "read_bytes",
    "read_default_rules",
    "read_packaged_rules",
    "read_placement",
    "read_problem",
    "read_rules",
    "read_rules_named",
    "rule_names",
    "write_bytes",
    "write_pieces",
    "write_together",
]

RULES_AT_MOST = 2**20  # bytes of a rule file
_MARK_OF_RULES = b'"format":"jiepin-rules/1"'  # in a canonical file; its schema is no such file


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


def rule_names() -> tuple[str, ...]:
    """The rule files that come with the program, by name (all of them 範例), the default first."""
    files = resources.files("matcher.rules").iterdir()
    named = {file.name.removesuffix(".json"): file for file in files if file.name.endswith(".json")}
    ours = sorted(name for name, file in named.items() if _MARK_OF_RULES in file.read_bytes())
    return tuple(sorted(ours, key=lambda name: name != DEFAULT))


def read_packaged_rules(name: str) -> Rules:
    """The rule file of that name that comes with the program."""
    file = f"{name}.json"
    return parse_rules(resources.files("matcher.rules").joinpath(file).read_bytes(), file)


def read_default_rules() -> Rules:
    """The rule file used when nobody says otherwise (範例)."""
    return read_packaged_rules(DEFAULT)


def read_rules_named(name: Path) -> Rules:
    """The rule file in a file, or if there is none and it is one of ours, that one.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    if str(name) in rule_names() and not name.exists():
        return read_packaged_rules(str(name))
    return read_rules(name)


def read_bytes(path: Path, bytes_at_most: int = BYTES_AT_MOST) -> bytes:
    """The content of a file, unpacked if its name ends in ``.zst``.

    Raises:
        RefusedFileError: It cannot be read, is too big, or is not what its name says.
    """
    with open_source(path, bytes_at_most) as source:
        return b"".join(source.chunks())
