"""Without a card: schools are looked up, and whoever puts a card in begins (U-062)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.ids import CountyCode
from core.domain.reading import load_readings
from core.domain.school import Stage
from kiosk.session.device import CardInserted, CardRead, Ticked
from kiosk.session.gesture import (
    Ended,
    KeywordTyped,
    SchoolsAsked,
    SchoolsNarrowed,
    Touched,
    WentBack,
    WentOn,
)
from kiosk.session.listing import searched
from kiosk.session.state import Idle, Reading, Searching, Trouble, TroubleCode
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    HSINCHU,
    NOON,
    PINGTUNG,
    REFERENCE,
    STATION,
    idle,
    seconds,
    table,
)
from tests.kiosk.session.test_invariants import profile

READINGS = load_readings(table("readings.toml"))
ALL = Searching(since=NOON, stage=Stage.ELEMENTARY)


def names(keyword="", county=None, stage=Stage.ELEMENTARY):
    return [each.short_name for each in searched(REFERENCE, stage, county, keyword, READINGS)]


def looking(session=None, scene=ALL):
    return replace(idle() if session is None else session, scene=scene)


def test_f5_opens_the_lists_at_the_stage_of_this_school():
    assert step(idle(), SchoolsAsked(at=NOON)).session.scene == ALL


def test_a_machine_that_knows_no_school_begins_with_elementary_ones():
    bare = idle(replace(STATION, school=None))

    assert step(bare, SchoolsAsked(at=NOON)).session.scene == ALL


def test_before_the_lists_arrived_there_is_nothing_to_look_up():
    assert (
        step(idle(replace(STATION, reference=None)), SchoolsAsked(at=NOON)).session.scene == Idle()
    )


@pytest.mark.parametrize(
    ("keyword", "found"),
    [
        ("13360", ["溪口", "芒果", "雲門", "石板", "關門"]),
        ("芒", ["芒果"]),
        ("三地門", ["雲門", "石板"]),
        ("vd", ["溪口"]),
        ("nothing", []),
    ],
)
def test_a_school_is_found_by_code_name_township_and_initials(keyword, found):
    assert [each for each in names(keyword) if each in found] == found
    assert (names(keyword) == []) is (found == [])


def test_counties_and_stages_narrow_the_list():
    assert names(county=PINGTUNG) == ["溪口", "芒果", "雲門", "石板", "關門"]
    assert names(county=HSINCHU) == ["松風", "竹影"]
    assert names(stage=Stage.JUNIOR) == ["海風國中"]
    assert names(county=CountyCode("30")) == []
    assert len(names()) == 11


def test_what_is_typed_and_chosen_stays_until_esc():
    typed = step(looking(), KeywordTyped(at=NOON, text="芒" * 50)).session
    narrowed = SchoolsNarrowed(at=NOON, stage=Stage.JUNIOR, county=PINGTUNG)
    after = step(typed, narrowed).session.scene

    assert after == replace(ALL, keyword="芒" * 40, stage=Stage.JUNIOR, county=PINGTUNG)


@pytest.mark.parametrize("event", [WentBack(at=NOON), Ended(at=NOON)])
def test_esc_and_f10_lead_back(event):
    assert step(looking(), event).session.scene == Idle()


@pytest.mark.parametrize("event", [WentOn(at=NOON), SchoolsAsked(at=NOON)])
def test_what_means_nothing_here_changes_nothing(event):
    assert step(looking(), event).session.scene == ALL


def test_a_card_begins_from_here_as_from_the_idle_screen():
    inserted = step(looking(), CardInserted(at=NOON)).session
    read = step(looking(), CardRead(at=NOON, profile=profile(AMY))).session

    assert inserted.scene == read.scene == Reading(NOON)


def test_when_nobody_touches_it_the_idle_screen_comes_back_and_says_nothing():
    limit = timedelta(minutes=3)
    touched = step(looking(), Touched(at=NOON + seconds(60))).session

    assert step(looking(), Ticked(at=NOON + limit - seconds(1))).session.scene == ALL
    assert step(looking(), Ticked(at=NOON + limit)).session.scene == Idle()
    assert isinstance(step(touched, Ticked(at=NOON + limit)).session.scene, Searching)


def test_while_a_card_is_read_no_key_means_anything():
    reading = replace(idle(), scene=Reading(NOON))

    assert step(reading, SchoolsAsked(at=NOON)).session.scene == Reading(NOON)


def test_nothing_is_looked_up_behind_a_card_in_trouble():
    trouble = replace(idle(), scene=Trouble(TroubleCode.FOREIGN))

    assert step(trouble, SchoolsAsked(at=NOON)).session.scene == trouble.scene
