"""Rule files (`jiepin-rules/1`): which phases run, in which order, and how ties end.

The official order is not public, so it is data that travels inside the problem and is printed
with the result.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NewType, TypeAlias, assert_never

from matcher.files import canon
from matcher.files.reader import Reader, Record, open_document
from matcher.files.refusal import FaultCode

SubjectCode = NewType("SubjectCode", str)
"""A subject class (科類別), such as ``general``."""

FORMAT = "jiepin-rules/1"
DEFAULT = "national-default-1"
"""The file in `matcher.rules` used when nobody says otherwise; every line of it is 範例."""

SHORTEST_RING = 2
LONGEST_RING = (
    100  # ours: far above any list seen, low enough that a slip of the pen does not run for days
)

_KEYS = frozenset({"format", "name", "source", "phases", "tie", "exclusive_subjects"})
_VACANCY_KEYS = frozenset({"name", "kind", "who", "schools", "method", "refill"})
_RING_KEYS = frozenset({"name", "kind", "length", "method"})


class Mark(StrEnum):
    """What sets a school apart. ``closed``: it takes nobody in this year (未委託)."""

    REMOTE = "remote"
    SPECIAL_REMOTE = "special_remote"
    VERY_REMOTE = "very_remote"
    CORRECTIONAL = "correctional"
    INDIGENOUS = "indigenous"
    CLOSED = "closed"


class Who(StrEnum):
    """Whom a vacancy phase is for."""

    ALL = "all"
    INDIGENOUS = "indigenous"
    LANGUAGE = "language"


class Tie(StrEnum):
    """What decides between equal points; the problem gives each as a number, larger first."""

    OLDER = "older"
    SERVICE = "service"
    APPRAISAL = "appraisal"
    AWARDS = "awards"
    TRAINING = "training"


class Refill(StrEnum):
    """What happens to the seat a mover leaves in a vacancy phase.

    ``chains``: it is traded together with the vacancies, which only `VacancyMethod.TTC` does.
    """

    NONE = "none"
    ROUNDS = "rounds"
    CHAINS = "chains"


class VacancyMethod(StrEnum):
    """How a vacancy phase is decided."""

    DEFERRED_ACCEPTANCE = "deferred_acceptance"
    GREEDY = "greedy"
    TTC = "ttc"


class RingMethod(StrEnum):
    """How a ring phase is decided."""

    PRIORITY = "priority"


class _Kind(StrEnum):
    VACANCY = "vacancy"
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyPhase:
    """Open seats are given out (單調, 原民調). ``schools``: those with this mark; None is all."""

    name: str
    who: Who
    schools: Mark | None
    method: VacancyMethod
    refill: Refill
    kind: Literal["vacancy"] = "vacancy"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPhase:
    """Seats are exchanged in rings of ``shortest`` to ``longest`` people (互調, 三角調, 多角調)."""

    name: str
    shortest: int
    longest: int
    method: RingMethod
    kind: Literal["ring"] = "ring"


Phase: TypeAlias = VacancyPhase | RingPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One rule file. ``tie``: names of the numbers in every teacher's tie vector."""

    name: str
    source: str
    phases: tuple[Phase, ...]
    tie: tuple[Tie, ...]
    exclusive_subjects: tuple[SubjectCode, ...]

    def document(self) -> dict[str, object]:
        """The rule file as it is written."""
        return {
            "format": FORMAT,
            "name": self.name,
            "source": self.source,
            "phases": [_phase_document(phase) for phase in self.phases],
            "tie": [tie.value for tie in self.tie],
            "exclusive_subjects": list(self.exclusive_subjects),
        }

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(canon.encode(self.document()))


NO_RULES = Rules(name="", source="", phases=(), tie=(), exclusive_subjects=())
"""What a file that forgot its rules is read with, until its faults are told."""


def parse_rules(data: bytes, file: str) -> Rules:
    """The rule file in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    document = open_document(data, file)
    reader = Reader(file)
    rules = rules_from(reader, document, "$")
    reader.finish()
    return rules


def rules_from(reader: Reader, document: object, path: str) -> Rules:
    """The rules at ``path`` of a larger document; faults are left with the reader."""
    record = reader.record(document, path, _KEYS)
    reader.constant(record, "format", path, FORMAT)
    phases = tuple(
        _phase_from(reader, item, f"{path}.phases[{index}]")
        for index, item in enumerate(reader.items(record, "phases", path))
    )
    reader.refuse_repeated([phase.name for phase in phases], f"{path}.phases")
    return Rules(
        name=reader.text(record, "name", path),
        source=reader.text(record, "source", path),
        phases=phases,
        tie=_ties_from(reader, record, path),
        exclusive_subjects=tuple(
            SubjectCode(code) for code in reader.texts(record, "exclusive_subjects", path)
        ),
    )


def _phase_from(reader: Reader, item: object, path: str) -> Phase:
    if isinstance(item, dict) and item.get("kind") == _Kind.RING:
        return _ring_phase_from(reader, reader.record(item, path, _RING_KEYS), path)
    record = reader.record(item, path, _VACANCY_KEYS)
    reader.choice(record, "kind", path, _Kind)
    phase = VacancyPhase(
        name=reader.text(record, "name", path),
        who=reader.choice(record, "who", path, Who),
        schools=None
        if record.get("schools") == "all"
        else reader.choice(record, "schools", path, Mark),
        method=reader.choice(record, "method", path, VacancyMethod),
        refill=reader.choice(record, "refill", path, Refill),
    )
    if (phase.method is VacancyMethod.TTC) != (phase.refill is Refill.CHAINS):
        detail = f"{phase.method.value}, {phase.refill.value}"
        reader.refuse(f"{path}.refill", FaultCode.CONTRADICTION, detail)
    return phase


def _ring_phase_from(reader: Reader, record: Record, path: str) -> RingPhase:
    bounds = range(SHORTEST_RING, LONGEST_RING + 1)
    pair = reader.items(record, "length", path)
    if len(pair) != 2:  # noqa: PLR2004  # shortest and longest
        reader.refuse(f"{path}.length", FaultCode.WRONG_SHAPE, "[shortest, longest]")
        pair = (SHORTEST_RING, SHORTEST_RING)
    shortest, longest = (
        reader.integer_at(value, f"{path}.length[{index}]", bounds)
        for index, value in enumerate(pair)
    )
    if longest < shortest:
        reader.refuse(f"{path}.length", FaultCode.LENGTH_REVERSED, f"{shortest} > {longest}")
    return RingPhase(
        name=reader.text(record, "name", path),
        shortest=shortest,
        longest=longest,
        method=reader.choice(record, "method", path, RingMethod),
    )


def _ties_from(reader: Reader, record: Record, path: str) -> tuple[Tie, ...]:
    names = reader.texts(record, "tie", path)
    return tuple(
        reader.choice_at(name, f"{path}.tie[{index}]", Tie) for index, name in enumerate(names)
    )


def _phase_document(phase: Phase) -> dict[str, object]:
    match phase:
        case VacancyPhase():
            return {
                "name": phase.name,
                "kind": phase.kind,
                "who": phase.who.value,
                "schools": "all" if phase.schools is None else phase.schools.value,
                "method": phase.method.value,
                "refill": phase.refill.value,
            }
        case RingPhase():
            return {
                "name": phase.name,
                "kind": phase.kind,
                "length": [phase.shortest, phase.longest],
                "method": phase.method.value,
            }
        case _:
            assert_never(phase)
