"""Who of a placement does not come, and whose old school opens a seat (`jiepin-failures/1`).

A record of decisions made by people (確認會議); whether they are lawful is not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from matcher.files import canon
from matcher.files.problem import TeacherId
from matcher.files.reader import Reader, Record, opened
from matcher.files.refusal import FaultCode

FORMAT = "jiepin-failures/1"

_KEYS = frozenset({"format", "placement", "failed"})
_FAILURE_KEYS = frozenset({"teacher", "ground", "extra_seat"})


class Ground(StrEnum):
    """Why a move came to nothing (介聘辦法 第十條、第十一條)."""

    NOT_REPORTED = "not_reported"
    NOT_APPOINTED = "not_appointed"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One teacher who stays. ``extra_seat``: her old school opens one under her subject."""

    teacher: TeacherId
    ground: Ground
    extra_seat: bool

    def document(self) -> dict[str, object]:
        """The failure as it is written."""
        return {
            "teacher": self.teacher,
            "ground": self.ground.value,
            "extra_seat": self.extra_seat,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """One case: everybody who fails at once. ``placement``: its identity (``sha256:…``)."""

    placement: str
    failed: tuple[Failure, ...]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {
            "format": FORMAT,
            "placement": self.placement,
            "failed": [failure.document() for failure in self.failed],
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())


def parse_failures(data: bytes, file: str) -> Failures:
    """The case in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    reader, record = opened(data, file, _KEYS, FORMAT)
    failures = Failures(
        placement=reader.identity(record, "placement", "$"),
        failed=tuple(_failures_from(reader, record)),
    )
    reader.finish()
    return failures


def _failures_from(reader: Reader, record: Record) -> Iterator[Failure]:
    seen: set[str] = set()
    for item, path in reader.records(record, "failed", "$", _FAILURE_KEYS):
        failure = Failure(
            teacher=TeacherId(reader.text(item, "teacher", path)),
            ground=reader.choice(item, "ground", path, Ground),
            extra_seat=reader.truth(item, "extra_seat", path),
        )
        if failure.teacher in seen:
            reader.refuse(f"{path}.teacher", FaultCode.DUPLICATE, failure.teacher)
        seen.add(failure.teacher)
        yield failure
