"""What schools, counties and subjects are called, by the lists of the reference."""

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import find_county
from core.domain.school import School, Stage
from core.domain.subject import find_subject


def school_label(school: School) -> str:
    """The name without owner and place but with the level: ``青山國小``, ``地磨兒國小德文分校``."""
    at = school.name.rfind(school.short_name)
    return school.name[at:] if at >= 0 else school.short_name


def school_name(reference: Reference | None, school: SchoolId | str) -> str:
    """The label of a listed school, else its code."""
    found = None if reference is None else reference.schools.get(SchoolId(school))
    return str(school) if found is None else school_label(found)


def county_name(reference: Reference | None, code: CountyCode | str | None) -> str:
    """The county's name, else the code."""
    found = None if reference is None or not code else find_county(code, reference.counties)
    return (code or "") if found is None else found.name


def county_code(reference: Reference | None, code: CountyCode | str | None) -> str:
    """The two digits forms print for a county."""
    found = None if reference is None or not code else find_county(code, reference.counties)
    return (code or "") if found is None else found.printed_code


def subject_name(reference: Reference | None, stage: Stage, code: str) -> str:
    """The subject's name in its stage, else its code."""
    subjects = () if reference is None else reference.subjects
    found = find_subject(stage, code, subjects)
    return code if found is None else found.name
