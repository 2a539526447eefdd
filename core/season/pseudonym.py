"""Names that two kiosks agree on off line: keyed hashes of teacher and season (PROTOCOL 2.9).

Treat them as personal data.
"""

from core.domain.ids import ApplicationId, NationalId, TeacherId
from core.domain.school import Stage
from core.sealing import keyed_id


def teacher_id(secret: bytes, national_id: NationalId) -> TeacherId:
    """The teacher's pseudonym of this season."""
    return TeacherId(keyed_id(secret, "teacher", national_id.text))


def application_id(
    secret: bytes, season: str, stage: Stage, national_id: NationalId
) -> ApplicationId:
    """The one application a teacher has per season and stage."""
    return ApplicationId(keyed_id(secret, "application", season, stage.value, national_id.text))
