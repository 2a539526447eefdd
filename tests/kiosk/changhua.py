"""A teacher of a county that has paper forms of its own schemes."""

from dataclasses import replace

import msgspec

from core.domain.ids import SchoolId
from core.domain.school import Stage
from core.rules.county_form import load_county_form
from core.rules.scale import load_scales
from kiosk.session.record import Version
from tests.kiosk.people import REFERENCE, STATION, school, table, version

TRANSFER = load_county_form(table("form_changhua_113_transfer.toml"))
SURPLUS = load_county_form(table("form_changhua_113_surplus.toml"))
FORMS = (TRANSFER, SURPLUS)
RICE = school("074501", "稻香國中", "埤頭鄉", stage=Stage.JUNIOR)
AT_RICE = replace(
    STATION,
    schools=(RICE.id,),
    school=RICE,
    reference=replace(REFERENCE, schools={**REFERENCE.schools, RICE.id: RICE}),
    county_forms=FORMS,
    scales=load_scales(table("scale_115.toml")),
)


def of_rice(sent: Version | None = None, **changes) -> Version:
    """The same version, sent by a teacher of 公民 there."""
    sent = version(1) if sent is None else sent
    claim = msgspec.structs.replace(
        sent.claim,
        stage=Stage.JUNIOR,
        school=SchoolId(RICE.id),
        subject="civics",
        subjects=("civics",),
        **changes,
    )
    return replace(sent, claim=claim)
