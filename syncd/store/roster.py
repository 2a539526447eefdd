"""The teachers of this school, as the personnel officer registered them (在職登錄)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from core.domain.ids import NationalId, SchoolId, SubjectCode, TeacherId
from core.domain.school import Stage
from syncd.store.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """One person. ``registered_by`` is the certificate id of the officer who saw the card."""

    teacher: TeacherId
    national_id: NationalId
    name: str = field(repr=False)
    birth: date = field(repr=False)
    sex: Literal["M", "F"]
    title: str
    school: SchoolId
    stage: Stage
    subject: SubjectCode
    registered_by: bytes


class Roster:
    """Add, find and list registered teachers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, entry: RosterEntry) -> None:
        """Register a teacher, or replace what was registered of her."""
        record = {
            "teacher": entry.teacher,
            "national_id": entry.national_id.text,
            "name": entry.name,
            "birth": entry.birth.isoformat(),
            "sex": entry.sex,
            "title": entry.title,
            "school": entry.school,
            "stage": entry.stage.value,
            "subject": entry.subject,
            "registered_by": entry.registered_by,
        }
        self._connections.here.upsert("roster", record, key="teacher")

    def find(self, teacher: TeacherId) -> RosterEntry | None:
        """The teacher with this pseudonym."""
        row = self._connections.here.row("SELECT * FROM roster WHERE teacher = ?", teacher)
        return None if row is None else _entry(row)

    def all(self) -> tuple[RosterEntry, ...]:
        """Every registered teacher, by name."""
        rows = self._connections.here.rows("SELECT * FROM roster ORDER BY name, teacher")
        return tuple(_entry(row) for row in rows)


def _entry(row: dict[str, Any]) -> RosterEntry:
    return RosterEntry(
        teacher=TeacherId(row["teacher"]),
        national_id=NationalId(row["national_id"]),
        name=row["name"],
        birth=date.fromisoformat(row["birth"]),
        sex=row["sex"],
        title=row["title"],
        school=SchoolId(row["school"]),
        stage=Stage(row["stage"]),
        subject=SubjectCode(row["subject"]),
        registered_by=row["registered_by"],
    )
