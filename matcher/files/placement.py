"""Placement files (`jiepin-placement/1`): who moves where, as rings and chains.

介聘辦法 第十一條 voids a whole chain or ring with one of its moves, so these are kept together.
Whether a placement is right is for `matcher.checking.check` to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias, assert_never

from matcher.files import canon
from matcher.files.document import Document
from matcher.files.market import Position, SchoolId, TeacherId
from matcher.files.reader import LARGEST_INTEGER, Reader, Record
from matcher.files.refusal import FaultCode
from matcher.files.rulebook import SubjectCode
from matcher.files.window import chunks_of

FORMAT = "jiepin-placement/1"

_KEYS = frozenset({"format", "problem", "rules", "mechanism", "components", "trace"})
_OPTIONAL_KEYS = frozenset({"certificate"})
_COMPONENT_KEYS = frozenset({"kind", "phase", "round", "moves"})
_MOVE_KEYS = frozenset({"teacher", "from", "to", "wish", "subject_rank"})
_COUNTED = range(1, LARGEST_INTEGER + 1)


class Mechanism(StrEnum):
    """Which family of methods decided; all but the first are what-if, never official."""

    STATUTORY = "statutory"
    TTC = "ttc"
    TEACHER_OPTIMAL_BLOCK_EXCHANGE = "teacher_optimal_block_exchange"
    MAXIMUM = "maximum"
    FAILURE_AWARE = "failure_aware"


class _Kind(StrEnum):
    CHAIN = "chain"
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One teacher's move; ``wish`` and ``subject_rank`` count from 1 in her own lists."""

    teacher: TeacherId
    origin: Position
    destination: Position
    wish: int
    subject_rank: int

    def document(self) -> dict[str, object]:
        """The move as it is written."""
        return {
            "teacher": self.teacher,
            "from": [self.origin.school, self.origin.subject],
            "to": [self.destination.school, self.destination.subject],
            "wish": self.wish,
            "subject_rank": self.subject_rank,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The first takes a vacancy in ``round``, each next the seat left before her, a round later."""

    kind: ClassVar[str] = _Kind.CHAIN.value
    phase: str
    round: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Each takes the seat of the next, the last that of the first, who has the highest priority."""

    kind: ClassVar[str] = _Kind.RING.value
    phase: str
    round: int
    moves: tuple[Move, ...]


Component: TypeAlias = Chain | Ring


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The result of a run. ``problem``, ``rules`` and ``trace`` are identities (``sha256:…``).

    ``certificate``: what a what-if mechanism proves its result with, canonical JSON values only;
    the statutory one needs none, since the rules prove it.
    """

    problem: str
    rules: str
    mechanism: Mechanism
    components: tuple[Component, ...]
    trace: str
    certificate: Mapping[str, object] | None = None

    def __post_init__(self) -> None:
        if self.certificate is not None and self.mechanism is Mechanism.STATUTORY:
            raise ValueError("a statutory placement carries no certificate")

    def moves(self) -> Iterator[Move]:
        """Every move, in the order of the file."""
        for component in self.components:
            yield from component.moves

    def document(self) -> dict[str, object]:
        """The placement file as it is written."""
        proof = {} if self.certificate is None else {"certificate": self.certificate}
        return {
            "format": FORMAT,
            "problem": self.problem,
            "rules": self.rules,
            "mechanism": self.mechanism.value,
            "components": [
                {
                    "kind": component.kind,
                    "phase": component.phase,
                    "round": component.round,
                    "moves": [move.document() for move in component.moves],
                }
                for component in self.components
            ],
            "trace": self.trace,
            **proof,
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())


def parse_placement(data: bytes, file: str) -> Placement:
    """The placement in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    return stream_placement(chunks_of(data), file)


def stream_placement(chunks: Iterator[bytes], file: str) -> Placement:
    """The placement in these bytes, which need not all be in memory at once.

    Raises:
        RefusedFileError: With every fault.
    """
    reader = Reader(file)
    document = Document(chunks, reader)
    components: list[Component] = []

    def take(number: int) -> None:
        path = f"$.components[{number}]"
        item = reader.record(document.value(path), path, _COMPONENT_KEYS)
        if item.keys() == _COMPONENT_KEYS:
            components.append(_component_from(reader, item, path))

    found = document.read({"components": take})
    record = reader.record(found, "$", _KEYS, optional=_OPTIONAL_KEYS)
    reader.constant(record, "format", "$", FORMAT)
    reader.items(record, "components", "$")
    mechanism = reader.choice(record, "mechanism", "$", Mechanism)
    placement = Placement(
        problem=reader.identity(record, "problem", "$"),
        rules=reader.identity(record, "rules", "$"),
        mechanism=mechanism,
        components=tuple(components),
        trace=reader.identity(record, "trace", "$"),
        certificate=_certificate_from(reader, record, mechanism),
    )
    reader.finish()
    return placement


def _certificate_from(
    reader: Reader, record: Record, mechanism: Mechanism
) -> Mapping[str, object] | None:
    if "certificate" not in record:
        return None
    if mechanism is Mechanism.STATUTORY:
        reader.refuse("$.certificate", FaultCode.CONTRADICTION, mechanism.value)
        return None
    return reader.values(record, "certificate", "$")


def _component_from(reader: Reader, item: Record, path: str) -> Component:
    kind = reader.choice(item, "kind", path, _Kind)
    moves = tuple(_moves_from(reader, item, path))
    if item["moves"] == []:
        reader.refuse(f"{path}.moves", FaultCode.EMPTY_LIST)
    phase = reader.text(item, "phase", path)
    number = reader.integer(item, "round", path, _COUNTED)
    match kind:
        case _Kind.CHAIN:
            return Chain(phase=phase, round=number, moves=moves)
        case _Kind.RING:
            return Ring(phase=phase, round=number, moves=moves)
        case _:
            assert_never(kind)


def _moves_from(reader: Reader, record: Record, path: str) -> Iterator[Move]:
    for item, here in reader.records(record, "moves", path, _MOVE_KEYS):
        yield Move(
            teacher=TeacherId(reader.text(item, "teacher", here)),
            origin=_position_from(reader, item, "from", here),
            destination=_position_from(reader, item, "to", here),
            wish=reader.integer(item, "wish", here, _COUNTED),
            subject_rank=reader.integer(item, "subject_rank", here, _COUNTED),
        )


def _position_from(reader: Reader, record: Record, key: str, path: str) -> Position:
    match record[key]:
        case [str(school), str(subject)]:
            return Position(SchoolId(school), SubjectCode(subject))
        case _:
            reader.refuse(f"{path}.{key}", FaultCode.WRONG_SHAPE, "[school, subject]")
            return Position(SchoolId(""), SubjectCode(""))
