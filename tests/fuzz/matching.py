"""The matcher's files as a fuzzing target: problem, placement or rules, as the first byte says.

Only `RefusedFileError` may come out of a reader. What is let in is written again as bytes that are
read as the same value, and spaces between its tokens change nothing: so what is read at a glance
is held against what is read strictly.
"""

import re
from collections.abc import Callable

from matcher.files.canon import encode, identity
from matcher.files.placement import Placement, parse_placement
from matcher.files.problem import Problem, parse_problem
from matcher.files.refusal import FaultCode, RefusedFileError
from matcher.files.rulebook import Rules, parse_rules

KINDS = 3
_TOKENS = re.compile(rb'("(?:[^"\\]|\\.)*")|[\[\]{},:]', re.DOTALL)
Read = Problem | Placement | Rules | tuple[tuple[str, str], ...]


class ReaderError(AssertionError):
    """A reader contradicts itself."""


def fuzz_files(data: bytes) -> None:
    """One of the matcher's files: refused, or one value however it is spelt."""
    kind, text = data[0] % KINDS if data else 0, data[1:]
    match kind:
        case 0:
            read = _twice(parse_problem, text)
            if isinstance(read, Problem):
                _hold(read.encode(), parse_problem, read, read.identity())
        case 1:
            read = _twice(parse_placement, text)
            if isinstance(read, Placement):
                _hold(read.encode(), parse_placement, read, read.identity())
        case _:
            read = _twice(parse_rules, text)
            if isinstance(read, Rules):
                _hold(encode(read.document()), parse_rules, read, read.identity())


def _hold(data: bytes, parse: Callable[[bytes, str], Read], read: Read, name: str) -> None:
    if parse(data, "again") != read or identity(data) != name:
        raise ReaderError("what was let in is written as something else")


def _twice(parse: Callable[[bytes, str], Read], text: bytes) -> Read:
    read = _outcome(parse, text)
    spaced = _outcome(parse, _TOKENS.sub(lambda m: m[0] if m[1] else b" %b " % m[0], text))
    if read != spaced:
        raise ReaderError(f"{read!r} is {spaced!r} with spaces")
    return read


def _outcome(parse: Callable[[bytes, str], Read], text: bytes) -> Read:
    """The value, or what it was refused for.

    Spaces move where a text breaks off; and of one that breaks off and goes on in bytes that are
    no text, either is told, by how near they are to one another.
    """
    try:
        return parse(text, "file")
    except RefusedFileError as refused:
        return tuple(
            ("unreadable", "") if fault.code in _UNREADABLE else (fault.code, fault.path)
            for fault in refused.faults
        )


_UNREADABLE = {FaultCode.NOT_JSON, FaultCode.NOT_UTF8}
