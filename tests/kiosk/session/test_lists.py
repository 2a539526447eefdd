"""New lists arrive while somebody is at the machine (F-045, U-020)."""

from dataclasses import replace

import pytest

from core.domain.ids import SchoolId
from kiosk.session.draft import Draft
from kiosk.session.event import StationChanged
from kiosk.session.page import (
    CheckPage,
    Doubt,
    Interruption,
    StepsPage,
    TasksPage,
    VersionsPage,
    WishesPage,
)
from kiosk.session.state import CardOut, Idle
from kiosk.session.step import step
from tests.kiosk.people import COMPLETE, NOON, PINGTUNG, REFERENCE, STATION, at_work, idle

WISH = COMPLETE.wishes[0]


def without(*gone: str):
    schools = {key: each for key, each in REFERENCE.schools.items() if key not in gone}
    return replace(STATION, reference=replace(REFERENCE, schools=schools, version=2))


def closed(school: SchoolId):
    changed = replace(REFERENCE.schools[school], delegated=False)
    schools = {**REFERENCE.schools, school: changed}
    return replace(STATION, reference=replace(REFERENCE, schools=schools, version=2))


def told(session, station):
    return step(session, StationChanged(at=NOON, station=station)).session


@pytest.mark.parametrize("station", [without(WISH), closed(WISH)])
def test_a_wish_that_is_hit_is_announced_at_once_and_keeps_its_place(station):
    before = at_work(page=WishesPage(county=PINGTUNG))

    after = told(before, station)

    assert after.scene.toast == "lists_hit"
    assert after.scene.draft == before.scene.draft
    assert after.station == station


def test_a_wish_that_is_open_again_is_announced_too():
    after = told(at_work(station=closed(WISH)), STATION)

    assert after.scene.toast == "lists_back"


def test_lists_that_touch_no_wish_say_nothing():
    after = told(at_work(toast="wish_added"), without("133602"))

    assert after.scene.toast == "wish_added"


def test_the_first_lists_are_held_against_the_wishes_too():
    empty = replace(STATION, reference=None)

    after = told(at_work(station=empty), without(WISH))

    assert after.scene.toast == "lists_hit"


def test_a_machine_without_news_of_lists_changes_nothing_but_itself():
    session = at_work(page=WishesPage(county=PINGTUNG, township="屏東市"))

    renamed = told(session, replace(STATION, contact="分機 12"))
    lost = told(session, replace(STATION, reference=None))

    assert renamed.scene == session.scene
    assert lost.scene == session.scene


def test_nobody_is_told_where_nobody_is():
    assert told(idle(), without(WISH)).scene == Idle()


def test_a_teacher_whose_card_is_out_finds_it_when_she_is_back():
    held = at_work().scene
    session = replace(at_work(), scene=CardOut(held=held, since=NOON, bookmark="wishes"))

    assert told(session, without(WISH)).scene.held.toast == "lists_hit"


@pytest.mark.parametrize(
    ("county", "before", "after"),
    [
        (PINGTUNG, "里港鄉", None),
        (PINGTUNG, "屏東市", "屏東市"),
        (PINGTUNG, None, None),
        (None, "屏東市", None),
    ],
)
def test_a_filter_for_a_township_without_schools_is_lifted(county, before, after):
    shown = WishesPage(county=county, township=before)

    found = told(at_work(page=shown), without("133605")).scene.page

    assert found == replace(shown, township=after)


def test_what_lies_behind_a_box_is_brought_up_to_date_as_well():
    behind, fresh = (WishesPage(county=PINGTUNG, township=name) for name in ("里港鄉", None))
    station = without("133605")

    for shown in (
        StepsPage(behind),
        VersionsPage(behind=behind),
        Interruption(asks=Doubt.CLEAR_WISHES, behind=behind, count=3),
    ):
        assert told(at_work(page=shown), station).scene.page == replace(shown, behind=fresh)


def test_what_was_ticked_about_other_lists_is_ticked_anew():
    ticked = at_work(Draft(answers=COMPLETE), page=CheckPage(ticked=True))

    hit = told(ticked, without(WISH)).scene.page
    spared = told(ticked, without("133602")).scene.page

    assert not hit.ticked
    assert {each.code for each in hit.faults} == {"not_declared", "school_unknown"}
    assert spared == CheckPage(ticked=True)


def test_other_pages_stay_as_they_are():
    assert told(at_work(), without(WISH)).scene.page == TasksPage()
