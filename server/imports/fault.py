"""What is wrong with a row of a list, as a value. The sentences stand in `server.imports.text`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain


class Severity(StrEnum):
    """Whether the row is left out, the whole file, or nothing: then somebody should just know."""

    NOTE = "note"
    ROW = "row"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One finding. ``line`` counts from 1 and is 0 for the whole file; ``column`` is the heading.

    ``proposal`` is what could stand there instead, or which other line to compare; may be empty.
    """

    file: str
    line: int
    column: str
    value: str
    code: str
    proposal: str = ""
    severity: Severity = Severity.ROW


def is_broken(faults: Iterable[Fault]) -> bool:
    """Whether the file cannot be used at all."""
    return any(fault.severity is Severity.FILE for fault in faults)


def by_line(*findings: Iterable[Fault]) -> tuple[Fault, ...]:
    """All of them as somebody reads the file."""
    return tuple(sorted(chain(*findings), key=lambda fault: fault.line))


class CellError(ValueError):
    """A cell that cannot be read; ``code`` says why, ``proposal`` what may have been meant."""

    def __init__(self, code: str, proposal: str = "") -> None:
        """Keep the code as the message."""
        super().__init__(code)
        self.code = code
        self.proposal = proposal
