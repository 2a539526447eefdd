"""What two faces of the kiosk say of one school: its family, and where its map is."""

from core.domain.application import Reference
from core.domain.school import School
from kiosk.session.listing import branches, main_school
from kiosk.session.naming import county_name, school_label
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


def map_address(reference: Reference, school: School) -> str:
    """The map's address of a school, found by its name.

    Not percent-encoded: telephones do that themselves, and the code stays small enough for 24 rows.
    """
    county = county_name(reference, school.county)
    return f"{MAP}{county}{school.township}{school_label(school)}"
