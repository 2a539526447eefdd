"""Which paper forms of her county's own schemes a teacher's version can be filled into."""

from core.domain.ids import SchoolId
from core.rules.county_form import CountyForm, CountyFormKind, find_county_form
from kiosk.session.paper import Form
from kiosk.session.record import Version
from kiosk.session.station import Station

KINDS = {
    Form.COUNTY_TRANSFER: CountyFormKind.TRANSFER,
    Form.COUNTY_SURPLUS: CountyFormKind.SURPLUS,
}


def county_forms(station: Station, version: Version) -> tuple[Form, ...]:
    """The forms of her county's own schemes that can be filled in from a version."""
    return tuple(form for form in KINDS if county_form(station, version, form) is not None)


def county_form(station: Station, version: Version, form: Form) -> CountyForm | None:
    """The table of a county's form; None where the county or her stage has none."""
    claim, reference = version.claim, station.reference
    if claim is None or reference is None:
        return None
    school = reference.schools.get(SchoolId(claim.school))
    if school is None:
        return None
    return find_county_form(station.county_forms, KINDS[form], school.county, claim.stage)
