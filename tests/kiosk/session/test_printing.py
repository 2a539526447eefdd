"""F6: what was sent, on paper; asked once, answered once."""

from dataclasses import replace

import pytest

from kiosk.session.answer import Printed
from kiosk.session.bureau import CasePage, DecisionForm, QueuePage
from kiosk.session.county_paper import county_form, county_forms
from kiosk.session.device import CardRemoved, Ticked
from kiosk.session.effect import PrintForm
from kiosk.session.gesture import Ended, FormChosen
from kiosk.session.page import StatusPage
from kiosk.session.paper import OWN_FORMS, Form, Outcome
from kiosk.session.printing import case_forms, paper_word, printable, wanted
from kiosk.session.state import WARNING, CardOut, Covered, Idle, TakeCard
from kiosk.session.station import SlotEmpty
from kiosk.session.step import step
from tests.kiosk.changhua import AT_RICE, SURPLUS, TRANSFER, of_rice
from tests.kiosk.people import NOON, STATION, at_work, record, version
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
        (SENT, OWN_FORMS),
        (record(ELSEWHERE), (Form.RECEIPT, Form.EVIDENCE)),
        (record(version(1), GONE), (Form.RECEIPT,)),
    ],
)
def test_only_what_was_sent_and_is_here_can_be_printed(known, forms):
    assert printable(known, STATION) == forms


def test_where_her_county_has_forms_of_its_own_these_are_offered_too():
    sent = record(of_rice())

    assert printable(sent, AT_RICE) == (*OWN_FORMS, Form.COUNTY_TRANSFER, Form.COUNTY_SURPLUS)
    assert county_form(AT_RICE, of_rice(), Form.COUNTY_TRANSFER) is TRANSFER
    assert county_form(AT_RICE, of_rice(), Form.COUNTY_SURPLUS) is SURPLUS
    assert printable(sent, replace(AT_RICE, county_forms=())) == OWN_FORMS
    assert printable(record(version(1)), AT_RICE) == OWN_FORMS


@pytest.mark.parametrize(
    ("station", "version"),
    [
        (AT_RICE, replace(of_rice(), claim=None)),
        (replace(AT_RICE, reference=None), of_rice()),
        (replace(AT_RICE, reference=STATION.reference), of_rice()),
    ],
    ids=["elsewhere", "no lists", "school left the lists"],
)
def test_without_claim_lists_or_school_no_county_is_known(station, version):
    assert county_forms(station, version) == ()


def test_the_form_of_another_county_is_not_printed():
    refused = step(HERE, chosen(Form.COUNTY_TRANSFER))
    taken = step(
        at_work(record=record(of_rice()), page=StatusPage(), station=AT_RICE),
        chosen(Form.COUNTY_TRANSFER),
    )

    assert refused.session.scene.toast == "nothing_to_print"
    assert taken.session.scene.papers == (Form.COUNTY_TRANSFER,)


def printed(session, outcome=Outcome.PRINTED):
    return step(session, Printed(ticket=session.serial, at=NOON, outcome=outcome)).session


def test_paper_comes_from_the_version_in_force_and_only_when_the_card_is_out():
    asked = step(HERE, chosen())
    out = step(asked.session, CardRemoved(at=NOON))

    assert asked.effects == ()
    assert asked.session.scene.toast == "print_later"
    assert isinstance(out.session.scene, CardOut)
    assert out.effects == (
        PrintForm(ticket=out.session.serial, form=Form.PERSONAL, version=SENT.current),
    )
    assert paper_word(out.session.scene.held) == "printing"


def test_while_versions_stand_against_each_other_the_last_is_printed():
    torn = record(version(1), version(2), heads=(version(1), version(2)))

    out = step(play(at_work(record=torn, page=StatusPage()), chosen()), CardRemoved(at=NOON))

    assert out.effects[0].version == torn.versions[-1]


def test_several_forms_come_in_the_order_chosen_each_once():
    several = play(HERE, chosen(), chosen(Form.COVER), chosen())

    out = step(several, CardRemoved(at=NOON))

    assert [each.form for each in out.effects] == [Form.COVER, Form.PERSONAL]
    assert out.session.scene.held.papers == ()


def test_a_form_there_is_nothing_to_print_on_is_refused_in_words():
    refused = step(at_work(record=record(ELSEWHERE), page=StatusPage()), chosen())

    assert refused.effects == ()
    assert refused.session.scene.toast == "nothing_to_print"
    assert wanted(at_work(record=record()).scene) == ()


@pytest.mark.parametrize("outcome", Outcome)
def test_how_it_ended_is_said_while_the_card_is_out(outcome):
    out = play(HERE, chosen(), CardRemoved(at=NOON))

    told = printed(out, outcome)

    assert isinstance(told.scene, CardOut)
    assert paper_word(told.scene.held) == outcome.value


def test_a_card_taken_out_without_a_form_chosen_prints_nothing_and_says_nothing_of_paper():
    out = step(at_work(record=SENT, toast="undone"), CardRemoved(at=NOON))

    assert out.effects == ()
    assert paper_word(out.session.scene.held) is None


def test_after_f10_the_paper_comes_with_the_card_and_the_idle_screen_says_how_it_ended():
    ended = step(play(HERE, chosen()), Ended(at=NOON))
    out = step(ended.session, CardRemoved(at=NOON))

    assert isinstance(ended.session.scene, TakeCard)
    assert not [each for each in ended.effects if isinstance(each, PrintForm)]
    assert [type(each) for each in out.effects] == [PrintForm]
    assert out.session.scene == Idle("ended")
    assert printed(out.session, Outcome.NO_PRINTER).scene == Idle("no_printer")


def test_after_f10_with_the_card_already_out_it_comes_at_once():
    chosen_ = play(HERE, chosen())
    gone = replace(chosen_, reader=replace(chosen_.reader, slot=SlotEmpty()))

    ended = step(gone, Ended(at=NOON))

    assert isinstance(ended.session.scene, Idle)
    assert [each.form for each in ended.effects if isinstance(each, PrintForm)] == [Form.PERSONAL]


def test_nothing_is_printed_for_somebody_who_has_left():
    chosen_ = play(HERE, chosen())
    covered = replace(chosen_, scene=Covered(held=chosen_.scene, since=NOON))
    later = step(covered, Ticked(at=NOON + WARNING)).session

    out = step(later, CardRemoved(at=later.at))

    assert isinstance(later.scene, TakeCard)
    assert later.scene.papers == ()
    assert out.effects == ()
    assert "溪口" not in repr(later)


def test_an_answer_nobody_waits_for_is_not_heard():
    late = step(HERE, Printed(ticket=99, at=NOON, outcome=Outcome.PRINTED))

    assert late.session == HERE


def test_in_practice_it_is_said_at_once_that_nothing_is_printed():
    practice = replace(HERE, station=replace(HERE.station, practice=True))

    asked = step(practice, chosen())
    second = step(asked.session, chosen(Form.COVER))

    assert [type(each) for each in asked.effects] == [PrintForm]
    assert second.effects == ()
    assert printed(asked.session, Outcome.PRACTICE).scene.toast == "practice_no_paper"


PAPER = replace(CASE, version=version(1))


def at_case(case=PAPER, **changes):
    return officer_at(CasePage(case=case, form=DecisionForm(points=case.points)), **changes)


@pytest.mark.parametrize("form", OWN_FORMS)
def test_an_officer_prints_a_teachers_forms_from_the_version_that_is_shown(form):
    asked = step(at_case(), chosen(form))

    assert asked.effects == (
        PrintForm(ticket=asked.session.serial, form=form, version=PAPER.version),
    )
    assert asked.session.scene.toast == "printing"
    assert asked.session.scene.page == at_case().scene.page


def test_a_case_without_its_version_has_nothing_to_print():
    refused = step(at_case(CASE), chosen())

    assert case_forms(CASE, STATION) == ()
    assert case_forms(PAPER, STATION) == OWN_FORMS
    assert refused.effects == ()
    assert refused.session.scene.toast == "nothing_to_print"


def test_an_officer_is_offered_the_forms_of_the_county_and_no_others():
    case = replace(PAPER, version=of_rice())
    refused = step(at_case(), chosen(Form.COUNTY_SURPLUS))

    assert case_forms(case, AT_RICE) == tuple(Form)
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
