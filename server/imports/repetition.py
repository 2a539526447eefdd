"""Lines of a list about the same thing: one of them counts; of lines that contradict none does."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from server.imports.fault import Fault, Severity


class Placed(Protocol):
    """Knows where it stands."""

    @property
    def file(self) -> str:
        """Name of the file."""

    @property
    def line(self) -> int:
        """Number of the line, from 1."""


L = TypeVar("L", bound=Placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Generic[L]):
    """What lines are about. ``key`` sorts; ``says`` is what lines of one key must agree in.

    ``name`` is what a person calls a line by, ``more`` what the other line is told with.
    """

    key: Callable[[L], Any]
    says: Callable[[L], Hashable]
    name: Callable[[L], str]
    more: Callable[[L], str] = lambda _: ""


def once_each(lines: Iterable[L], subject: Subject[L]) -> tuple[list[L], list[Fault]]:
    """The line that counts for each key, in the order of the keys, and what is said of others."""
    by_key: dict[Any, list[L]] = defaultdict(list)
    for line in lines:
        by_key[subject.key(line)].append(line)
    counting: list[L] = []
    faults: list[Fault] = []
    for key in sorted(by_key):
        rows = by_key[key]
        if len({subject.says(row) for row in rows}) > 1:
            faults += (_told(row, rows, "row_contradicts", Severity.ROW, subject) for row in rows)
            continue
        faults += (_told(row, rows, "row_repeated", Severity.NOTE, subject) for row in rows[1:])
        counting.append(rows[0])
    return counting, faults


def _told(row: L, rows: Sequence[L], code: str, severity: Severity, subject: Subject[L]) -> Fault:
    other = next(each for each in rows if each is not row)
    return Fault(
        file=row.file,
        line=row.line,
        column="",
        value=subject.name(row),
        code=code,
        proposal=f"{other.file}:{other.line} {subject.more(other)}".rstrip(),
        severity=severity,
    )
