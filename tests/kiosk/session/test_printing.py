"""F6: what was sent, on paper; asked once, answered once."""

from dataclasses import replace

import pytest

from kiosk.session.answer import Printed
from kiosk.session.bureau import CasePage, DecisionForm, QueuePage
from kiosk.session.effect import PrintForm
from kiosk.session.gesture import FormChosen
from kiosk.session.page import StatusPage
from kiosk.session.paper import Form, Outcome
from kiosk.session.printing import case_forms, printable
from kiosk.session.state import Covered, SignedIn
from kiosk.session.step import step
from tests.kiosk.people import NOON, at_work, record, version
from tests.kiosk.session.test_officer import CASE, officer_at
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


PAPER = replace(CASE, version=version(1))


def at_case(case=PAPER, **changes):
    return officer_at(CasePage(case=case, form=DecisionForm(points=case.points)), **changes)


@pytest.mark.parametrize("form", Form)
def test_an_officer_prints_a_teachers_forms_from_the_version_that_is_shown(form):
    asked = step(at_case(), chosen(form))

    assert asked.effects == (
        PrintForm(ticket=asked.session.serial, form=form, version=PAPER.version),
    )
    assert asked.session.scene.toast == "printing"
    assert asked.session.scene.page == at_case().scene.page


def test_a_case_without_its_version_has_nothing_to_print():
    refused = step(at_case(CASE), chosen())

    assert case_forms(CASE) == ()
    assert case_forms(PAPER) == tuple(Form)
    assert refused.effects == ()
    assert refused.session.scene.toast == "nothing_to_print"


def test_at_the_officers_desk_too_one_form_waits_for_the_other():
    second = step(step(at_case(), chosen()).session, chosen(Form.COVER))

    assert second.effects == ()
    assert second.session.scene.toast == "printing"


@pytest.mark.parametrize("outcome", Outcome)
def test_the_officer_is_told_how_it_ended_and_the_decision_is_as_it_was(outcome):
    asked = step(at_case(), chosen()).session

    told = step(asked, Printed(ticket=asked.serial, at=NOON, outcome=outcome)).session

    assert told.scene.toast == outcome.value
    assert told.scene.printing is None
    assert told.scene.page == at_case().scene.page


def test_the_queue_prints_nothing():
    queue = officer_at(QueuePage(rows=()))

    assert step(queue, chosen()).effects == ()
