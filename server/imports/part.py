"""What one row of one list says about one school. Lists know different things; None is silence."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from core.domain.ids import CountyCode, SchoolId
from core.domain.school import DatedMark, Mark, Stage


class Origin(IntEnum):
    """Where a statement comes from; where two differ, the larger is believed."""

    REMOTENESS = 1
    STATISTICS = 2
    DIRECTORY = 3
    ENTERED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """The marks within ``scope`` in force on that day: those in ``marks`` and no others.

    What is said ``by_hand`` also overrules marks that begin later.
    """

    scope: frozenset[Mark]
    marks: tuple[DatedMark, ...]
    on: date
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """``year`` is the first day of the school year described; ``classes`` how many there are."""

    file: str
    line: int
    origin: Origin
    year: date
    id: SchoolId
    stage: Stage
    name: str
    county: CountyCode
    township: str | None
    public: bool | None = None
    classes: int | None = None
    delegated: bool | None = None
    short_name: str | None = None
    marking: Marking | None = None

    @property
    def statement(self) -> tuple[object, ...]:
        """Everything but where it was written, to compare two rows."""
        return (
            *(self.year, self.stage, self.name, self.county, self.township, self.public),
            *(self.classes, self.delegated, self.short_name, self.marking),
        )
