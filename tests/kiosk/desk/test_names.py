"""A name the card cannot hold, from the slot to the officer's signature, on a real store (F8)."""

from dataclasses import replace

import pytest

from core.domain.name import decode_name
from core.wire.payload import read_application
from kiosk.desk.conversation import Conversation
from kiosk.desk.desk import Desk
from kiosk.session.bureau import SignedPage
from kiosk.session.correction import NameStanding, entry_in, standing
from kiosk.session.gesture import CharacterChosen, NameOpened, ReadingTyped, TaskOpened, WentOn
from kiosk.session.page import BasicsPage, ReceiptPage, Task
from kiosk.session.paperwork import (
    CaseOpened,
    DecisionSigned,
    PledgeTicked,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    VerdictChosen,
)
from kiosk.session.state import SignedIn
from tests.fakes.composer import FakeComposer
from tests.kiosk.desk.test_applications import fill_in, send, sent_links
from tests.kiosk.machine import CLERK, Holder, ready
from tests.kiosk.people import GENERAL, secret

KUN = Holder("游錫堃", "7000003")


def equipped(folder, composer):
    """A machine with this input method; she is registered as her card shows her."""
    machine = ready(folder, KUN)
    machine.desk = Desk(replace(machine.equipment(), composer=composer))
    machine.talk = Conversation(machine.desk)
    machine.first_use(KUN)
    return machine


def correct(machine):
    """F8, one syllable, the rare character, 確定."""
    machine.tell(NameOpened)
    machine.tell(ReadingTyped, keys="djp ")
    machine.tell(CharacterChosen, character="堃")
    return machine.tell(WentOn)


def decide(machine, *, ticked):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)
    machine.tell(VerdictChosen, verdict="approved")
    for place in ("originals", "clean", *(("name",) if ticked else ())):
        machine.tell(PledgeTicked, place=place, ticked=True)
    return machine.tell(DecisionSigned, password=secret(CLERK.password))


def test_the_corrected_name_is_signed_beside_the_cards_bytes_and_waits_for_the_officer(tmp_path):
    machine = equipped(tmp_path, FakeComposer())
    fill_in(machine)
    machine.tell(TaskOpened, task=Task.BASICS)
    assert standing(machine.scene) is NameStanding.OPEN

    correct(machine)
    sent = send(machine)

    (link,) = sent_links(machine)
    claim, _ = read_application(link.frame.payload)
    assert isinstance(sent.page, ReceiptPage)
    assert claim.teacher_name == "游錫堃"
    assert decode_name(claim.card_name_raw) == ("游錫□", True)
    assert standing(sent) is NameStanding.PROPOSED


def test_an_officer_signs_for_the_name_only_after_ticking_that_the_id_card_says_it(tmp_path):
    machine = equipped(tmp_path, FakeComposer())
    fill_in(machine)
    machine.tell(TaskOpened, task=Task.BASICS)
    correct(machine)
    send(machine)
    machine.end()

    refused = decide(machine, ticked=False)
    machine.end()
    signed = decide(machine, ticked=True)
    machine.end()
    again = machine.sign_in(KUN)

    assert [each.code for each in refused.page.faults] == ["name_unconfirmed"]
    assert isinstance(signed.page, SignedPage)
    assert standing(again) is NameStanding.CONFIRMED


def test_corrected_before_the_password_the_name_is_in_the_draft_on_the_disk_after_it(tmp_path):
    machine = equipped(tmp_path, FakeComposer())
    machine.end()
    machine.insert(KUN)

    correct(machine)
    machine.password(KUN.password)
    machine.reopen()
    again = machine.sign_in(KUN)

    assert isinstance(again, SignedIn)
    assert again.draft.answers.teacher_name == "游錫堃"


@pytest.mark.parametrize("composer", [None, FakeComposer(works=False)])
def test_without_an_input_method_it_says_so_and_nothing_is_lost(tmp_path, composer):
    machine = equipped(tmp_path, composer)
    machine.tell(TaskOpened, task=Task.NOTICES)
    for _ in range(6):
        machine.tell(WentOn)
    assert isinstance(machine.page, BasicsPage)

    machine.tell(NameOpened)
    after = machine.tell(ReadingTyped, keys="djp ")

    assert entry_in(after).fault == "input_missing"
    assert entry_in(after).name == "游錫□"


def test_the_officer_corrects_the_name_at_registration_and_it_needs_no_second_look(tmp_path):
    machine = equipped(tmp_path, FakeComposer())
    machine.end()
    machine.officer_signs_in()
    machine.tell(RegisterOpened)
    machine.swap(KUN)

    correct(machine)
    for place, value in (("title", "teacher"), ("subject", GENERAL)):
        machine.tell(RegisterAnswered, place=place, value=value)
    page = machine.tell(RegisterConfirmed).page
    machine.end()
    teacher = machine.sign_in(KUN)

    assert page.done == "游錫堃"
    assert standing(teacher) is NameStanding.ROSTER
