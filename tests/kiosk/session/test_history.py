"""版本紀錄: any two versions, or one and the draft, are compared; nothing is changed by looking."""

from dataclasses import replace

import pytest

from core.domain.ids import EventHash
from kiosk.session.draft import Draft
from kiosk.session.event import BaseChosen, VersionRestored, VersionsOpened, WentBack, WentOn
from kiosk.session.history import compared
from kiosk.session.page import StatusPage, TasksPage, VersionsPage
from kiosk.session.record import Delivery
from kiosk.session.step import step
from tests.kiosk.people import COMPLETE, NOON, at_work, record, version

FIRST = version(1, replace(COMPLETE, wishes=COMPLETE.wishes[:1], phone1="0900123456"))
SECOND = version(2)
AWAY = replace(version(3), claim=None, wishes=None, delivery=Delivery.ELSEWHERE)
SENT = record(FIRST, SECOND)
DRAFT = Draft(answers=replace(COMPLETE, wishes=COMPLETE.wishes[::-1]))
OPEN = VersionsPage(behind=StatusPage(), base=SECOND.hash)


def page(session):
    return session.scene.page


def test_the_list_opens_beside_the_version_in_force():
    opened = step(at_work(DRAFT, record=SENT, page=StatusPage()), VersionsOpened(at=NOON)).session
    again = step(opened, VersionsOpened(at=NOON)).session

    assert page(opened) == OPEN
    assert page(again) == OPEN


@pytest.mark.parametrize("sent", [record(), record(FIRST, AWAY)])
def test_without_a_version_whose_content_is_here_everything_is_compared_with_the_draft(sent):
    opened = step(at_work(record=sent, page=StatusPage()), VersionsOpened(at=NOON)).session

    assert page(opened).base is None


def test_any_version_or_the_draft_becomes_the_base():
    looking = at_work(DRAFT, record=SENT, page=OPEN)

    other = step(looking, BaseChosen(at=NOON, version=FIRST.hash)).session
    draft = step(looking, BaseChosen(at=NOON, version=None)).session
    unknown = step(looking, BaseChosen(at=NOON, version=EventHash(b"?" * 32))).session
    elsewhere = at_work(DRAFT, record=SENT, page=StatusPage())

    assert page(other).base == FIRST.hash
    assert page(draft).base is None
    assert page(unknown) == OPEN
    assert page(step(elsewhere, BaseChosen(at=NOON, version=None)).session) == StatusPage()


def test_two_versions_are_compared_in_either_direction():
    scene = at_work(DRAFT, record=SENT, page=OPEN).scene

    there = compared(scene, FIRST.hash, SECOND.hash)
    back = compared(scene, SECOND.hash, FIRST.hash)

    assert there.change.added == COMPLETE.wishes[1:]
    assert there.change.fields == ("phone1",)
    assert back.change.removed == COMPLETE.wishes[1:]
    assert (there.before, there.after) == (back.after, back.before)


def test_the_draft_is_compared_like_a_version():
    scene = at_work(DRAFT, record=SENT, page=OPEN).scene

    found = compared(scene, SECOND.hash, None)

    assert (found.change.added, found.change.removed) == ((), ())
    assert found.change.moved


@pytest.mark.parametrize("unknown", [AWAY.hash, EventHash(b"?" * 32)])
def test_a_version_whose_content_is_elsewhere_cannot_be_compared(unknown):
    scene = at_work(DRAFT, record=record(FIRST, AWAY), page=OPEN).scene

    assert compared(scene, FIRST.hash, unknown) is None


def test_esc_and_enter_lead_back_to_where_the_list_was_opened():
    looking = at_work(DRAFT, record=SENT, page=OPEN)

    assert page(step(looking, WentBack(at=NOON)).session) == StatusPage()
    assert page(step(looking, WentOn(at=NOON)).session) == StatusPage()


def test_a_version_put_back_becomes_the_draft_and_nothing_is_sent():
    looking = at_work(DRAFT, record=SENT, page=OPEN)

    after = step(looking, VersionRestored(at=NOON, version=FIRST.hash)).session

    assert page(after) == TasksPage()
    assert after.scene.draft.answers.wishes == COMPLETE.wishes[:1]
    assert after.scene.record == SENT
