"""F6: what was sent, on paper; asked once, answered once."""

from dataclasses import replace

import pytest

from kiosk.session.answer import Printed
from kiosk.session.effect import PrintForm
from kiosk.session.gesture import FormChosen
from kiosk.session.page import StatusPage
from kiosk.session.paper import Form, Outcome
from kiosk.session.printing import printable
from kiosk.session.state import Covered, SignedIn
from kiosk.session.step import step
from tests.kiosk.people import NOON, at_work, record, version
from tests.kiosk.session.test_teacher import play

SENT = record(version(1), version(2))
HERE = at_work(record=SENT, page=StatusPage())
ELSEWHERE = replace(version(1), claim=None, wishes=None)
GONE = replace(version(2), claim=None, wishes=None, withdrawn=True)


def chosen(form: Form = Form.PERSONAL) -> FormChosen:
    return FormChosen(at=NOON, form=form)


@pytest.mark.parametrize(
    ("known", "forms"),
    [
        (record(), ()),
        (SENT, tuple(Form)),
        (record(ELSEWHERE), (Form.RECEIPT, Form.EVIDENCE)),
        (record(version(1), GONE), (Form.RECEIPT,)),
    ],
)
def test_only_what_was_sent_and_is_here_can_be_printed(known, forms):
    assert printable(known) == forms


def test_the_form_is_filled_in_from_the_version_in_force():
    asked = step(HERE, chosen())

    assert asked.effects == (
        PrintForm(ticket=asked.session.serial, form=Form.PERSONAL, version=SENT.current),
    )
    assert asked.session.scene.toast == "printing"


def test_while_versions_stand_against_each_other_the_last_is_printed():
    torn = record(version(1), version(2), heads=(version(1), version(2)))

    asked = step(at_work(record=torn, page=StatusPage()), chosen())

    assert asked.effects[0].version == torn.versions[-1]


def test_a_second_form_waits_for_the_first():
    first = step(HERE, chosen())

    second = step(first.session, chosen(Form.COVER))

    assert second.effects == ()
    assert second.session.scene.toast == "printing"


def test_a_form_there_is_nothing_to_print_on_is_refused_in_words():
    refused = step(at_work(record=record(ELSEWHERE), page=StatusPage()), chosen())

    assert refused.effects == ()
    assert refused.session.scene.toast == "nothing_to_print"


@pytest.mark.parametrize("outcome", Outcome)
def test_how_it_ended_is_said_and_the_next_can_be_printed(outcome):
    asked = step(HERE, chosen())

    told = step(asked.session, Printed(ticket=asked.session.serial, at=NOON, outcome=outcome))

    assert told.session.scene.toast == outcome.value
    assert step(told.session, chosen()).effects


def test_an_answer_nobody_waits_for_is_not_heard():
    late = step(HERE, Printed(ticket=99, at=NOON, outcome=Outcome.PRINTED))

    assert late.session == HERE


def test_an_answer_behind_the_cover_is_kept_for_the_same_person():
    asked = step(HERE, chosen()).session
    covered = replace(asked, scene=Covered(held=asked.scene, since=NOON))

    told = step(covered, Printed(ticket=asked.serial, at=NOON, outcome=Outcome.PRINTED)).session

    assert isinstance(told.scene, Covered)
    assert told.scene.held.toast == "printed"
    assert isinstance(play(told, chosen()).scene, SignedIn)
