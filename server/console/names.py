"""Names of counties, subjects and stages as pages print them."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.place import load_counties
from core.domain.school import Stage
from core.domain.subject import load_subjects
from server.console.text import STAGES
from server.lists import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Looked up by code; an unknown code is shown as it is."""

    counties: Mapping[str, str]
    subjects: Mapping[tuple[str, str], str]

    def county(self, code: str | None) -> str:
        """A county's name."""
        return self.counties.get(code, code) if code else ""

    def subject(self, stage: str | None, code: str | None) -> str:
        """A subject's name within its stage."""
        return self.subjects.get((stage or "", code), code) if code else ""

    def stage(self, code: str | None) -> str:
        """A stage's name."""
        return STAGES[Stage(code)] if code else ""


def read_names() -> Names:
    """The names of the package's tables."""
    return Names(
        counties={each.code: each.name for each in load_counties(read_table("counties.toml"))},
        subjects={
            (each.stage.value, each.code): each.name
            for each in load_subjects(read_table("subjects.toml"))
        },
    )
