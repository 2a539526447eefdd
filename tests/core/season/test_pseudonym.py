"""Names two kiosks agree on off line (PROTOCOL 2.9)."""

from core.domain.ids import generate_national_id
from core.domain.school import Stage
from core.sealing import keyed_id
from core.season.pseudonym import application_id, teacher_id

SECRET = b"s" * 32
AMY = generate_national_id("H", "2", "7000001")
BEN = generate_national_id("H", "1", "7000002")


def test_a_teacher_has_one_name_per_season_secret():
    assert teacher_id(SECRET, AMY) == keyed_id(SECRET, "teacher", AMY.text)
    assert len(teacher_id(SECRET, AMY)) == 16
    assert teacher_id(SECRET, AMY) != teacher_id(SECRET, BEN)
    assert teacher_id(SECRET, AMY) != teacher_id(b"t" * 32, AMY)


def test_an_application_is_one_per_teacher_season_and_stage():
    ids = {
        application_id(SECRET, season, stage, person)
        for season in ("115", "116")
        for stage in Stage
        for person in (AMY, BEN)
    }

    assert len(ids) == 12
    assert application_id(SECRET, "115", Stage.JUNIOR, AMY) == keyed_id(
        SECRET, "application", "115", "junior", AMY.text
    )
    assert teacher_id(SECRET, AMY) not in ids
