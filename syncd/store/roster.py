"""The teachers of this school, as the personnel officer registered them (在職登錄)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from core.domain.ids import NationalId, SchoolId, SubjectCode, TeacherId
from core.domain.school import Stage
from syncd.store.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Somebody on the control list (管制名單): by which clause, and the first day she is not.

    No ``until`` has no end in sight. It is a flag for people: nothing is refused because of it.
    """

    clause: str
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether she is still on it that day; she leaves it by herself."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """One person. ``registered_by`` is the certificate id of the officer who saw the card.

    ``barred`` is what the centre said of her last, whether or not it still holds.
    """

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
    barred: Barred | None = None


SELECT = """
SELECT roster.*, barred.clause AS barred_by, barred.until AS barred_until
FROM roster LEFT JOIN barred USING (teacher)
"""


class Roster:
    """Add, find and list registered teachers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, entry: RosterEntry) -> None:
        """Register a teacher, or replace what was registered of her; ``barred`` is the centre's."""
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
        row = self._connections.here.row(f"{SELECT} WHERE teacher = ?", teacher)
        return None if row is None else _entry(row)

    def all(self) -> tuple[RosterEntry, ...]:
        """Every registered teacher, by name."""
        rows = self._connections.here.rows(f"{SELECT} ORDER BY name, teacher")
        return tuple(_entry(row) for row in rows)

    def bar(self, teacher: TeacherId, barred: Barred | None) -> None:
        """Keep what the centre said of a teacher, registered or not yet; None takes her off."""
        record = {
            "teacher": teacher,
            "clause": None if barred is None else barred.clause,
            "until": None if barred is None or barred.until is None else barred.until.isoformat(),
        }
        self._connections.here.upsert("barred", record, key="teacher")


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
        barred=_barred(row["barred_by"], row["barred_until"]),
    )


def _barred(clause: str | None, until: str | None) -> Barred | None:
    if clause is None:
        return None
    return Barred(clause=clause, until=None if until is None else date.fromisoformat(until))
