"""What two faces of the kiosk say of one school: its family, and where its map is."""

from collections.abc import Iterable

from core.domain.application import Reference
from core.domain.ids import SubjectCode
from core.domain.school import School
from kiosk.session.listing import branches, main_school
from kiosk.session.naming import county_name, school_label, subject_name
from kiosk.text.catalogue import Texts

MAP = "https://maps.google.com/?q="
"""Opened on the teacher's own telephone; the kiosk itself asks nobody."""


def family_words(reference: Reference, school: School, texts: Texts) -> str:
    """The main school of a branch, or the branches of a main school; empty for most schools."""
    main = main_school(reference, school)
    if main is not None:
        return f"{texts.label_main} {main.township} {school_label(main)}"
    names = texts.list_comma.join(school_label(each) for each in branches(reference, school))
    return f"{texts.label_branches} {names}" if names else ""


def past_words(
    reference: Reference, school: School, subjects: Iterable[SubjectCode], texts: Texts
) -> tuple[str, ...]:
    """What came of her subjects' seats there in the newest published year, then what to make of it.

    Empty where the season publishes nothing. In no order but that of her subjects.
    """
    asked = [(each, reference.past.get((school.id, each))) for each in subjects]
    found = [(code, result) for code, result in asked if result is not None]
    if not found:
        return ()
    named = [(subject_name(reference, school.stage, code), result) for code, result in found]
    sources = dict.fromkeys((result.source, result.as_of) for _, result in found)
    return (
        *(texts.past_result(result, name) for name, result in named),
        texts.past_caution,
        *(texts.past_source(*each) for each in sources),
    )


def map_address(reference: Reference, school: School) -> str:
    """The map's address of a school, found by its name.

    Not percent-encoded: telephones do that themselves, and the code stays small enough for 24 rows.
    """
    county = county_name(reference, school.county)
    return f"{MAP}{county}{school.township}{school_label(school)}"
