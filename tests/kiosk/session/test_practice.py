"""練習模式 (F-003, F-004, U-040): every page works, and nothing of it is anywhere afterwards."""

from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.ids import SchoolId
from kiosk.session import practice
from kiosk.session.answer import CardKnown, DraftSaved
from kiosk.session.bureau import QueuePage
from kiosk.session.device import (
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    LinkChanged,
    ReaderChecked,
    StationChanged,
    Ticked,
)
from kiosk.session.effect import (
    Identify,
    Letter,
    LoadQueue,
    SaveDraft,
    Sound,
    Submit,
    Withdraw,
)
from kiosk.session.gesture import (
    AreaLimitAnswered,
    CountyChosen,
    Declared,
    DisplayChosen,
    Ended,
    FormChosen,
    IndigenousAnswered,
    PasswordTyped,
    PracticeAsked,
    ServiceYearsAnswered,
    SubjectAnswered,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    Touched,
    WentOn,
    WishAdded,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.ground import PRACTISER, load_ground
from kiosk.session.page import CheckPage, ReceiptPage, Task, TasksPage
from kiosk.session.paper import Form
from kiosk.session.receipt import qr_text
from kiosk.session.state import (
    Covered,
    Idle,
    OfficerSignedIn,
    Pending,
    Reading,
    SignedIn,
    Trouble,
    TroubleCode,
)
from kiosk.session.station import (
    Link,
    LinkName,
    Service,
    SlotEmpty,
    SlotFaulty,
    SlotHolds,
)
from kiosk.session.step import step
from kiosk.session.trail import audit_event
from tests.kiosk.people import (
    AMY,
    FRESH,
    NOON,
    OFFICER,
    PINGTUNG,
    POST,
    REFERENCE,
    STATION,
    TAITUNG,
    idle,
    seconds,
    secret,
    working,
)
from tests.kiosk.session.test_invariants import acts, gaps, profile

TEXT = files("kiosk").joinpath("practice.toml").read_text(encoding="utf-8")
GROUND = load_ground(TEXT, REFERENCE.subjects, REFERENCE.counties)
REAL = replace(STATION, ground=GROUND)
SCHOOLS = tuple(GROUND.reference.schools)
FILLED = (
    TaskOpened(at=NOON, task=Task.NOTICES),
    *[WentOn(at=NOON)] * 6,
    TaskOpened(at=NOON, task=Task.BASICS),
    TextTyped(at=NOON, place="phone1", text="07-1234567"),
    TextTyped(at=NOON, place="email", text="name@example.tw"),
    WentOn(at=NOON),
    IndigenousAnswered(at=NOON, answer=False),
    WentOn(at=NOON),
    AreaLimitAnswered(at=NOON, answer="general"),
    WentOn(at=NOON),
    ServiceYearsAnswered(at=NOON, answer=7),
    *[WentOn(at=NOON)] * 2,
    SubjectAnswered(at=NOON, slot=2, subject=""),
    SubjectAnswered(at=NOON, slot=3, subject=""),
    WentOn(at=NOON),
    CountyChosen(at=NOON, slot="a", county=PINGTUNG),
    CountyChosen(at=NOON, slot="b", county=TAITUNG),
    WentOn(at=NOON),
    WishAdded(at=NOON, school=SchoolId("133901")),
    WishAdded(at=NOON, school=SchoolId("143901")),
)
SENT = (
    *FILLED,
    TaskOpened(at=NOON, task=Task.CHECK),
    Declared(at=NOON, ticked=True),
    SubmitAsked(at=NOON),
)


def begun(session=None, at=NOON):
    return step(idle(REAL) if session is None else session, PracticeAsked(at=at)).session


def played(session, *events):
    """The session after these; nothing but tones and letters may leave it."""
    for event in events:
        turn = step(session, event)
        assert all(isinstance(each, Sound | Letter) for each in turn.effects), event
        session = turn.session
    return session


def test_f4_signs_an_invented_teacher_in_at_an_invented_school_in_an_open_season():
    session = begun()

    assert session.scene.person.teacher == PRACTISER
    assert session.scene.page == TasksPage()
    assert session.station.practice
    assert session.station.school.name == "貢丸國小"
    assert session.reader.slot == SlotHolds(PRACTISER)


@pytest.mark.parametrize("days", [-60, 60])
def test_out_of_season_practice_is_open_all_the_same(days):
    at = NOON + timedelta(days=days)

    session = played(begun(at=at), *(replace(each, at=at) for each in SENT))

    assert isinstance(session.scene.page, ReceiptPage)


def test_a_whole_application_is_practised_and_its_receipt_says_so():
    session = played(begun(), *SENT)

    version = session.scene.page.version
    assert version.number == "PRACTICE-000001"
    assert (version.receipt, version.server_receipt, version.delivered) == (b"", b"", None)
    assert version.wishes.schools == ("133901", "143901")
    assert qr_text(session.station.season, version.number, version.check_code) == "PRACTICE"
    assert session.scene.record.current == version


def test_what_the_rules_refuse_is_refused_in_practice_too():
    session = played(begun(), *SENT[:-1], WishAdded(at=NOON, school=SchoolId("133913")))
    effect = Submit(
        ticket=9,
        person=session.scene.person,
        post=session.scene.post,
        draft=replace(
            session.scene.draft,
            answers=replace(session.scene.draft.answers, wishes=(SchoolId("999999"),)),
        ),
        password=None,
    )

    refused = practice.answer(session, effect)

    assert SchoolId("133913") not in session.scene.draft.answers.wishes
    assert [each.code for each in refused.refusals] == ["school_unknown"]


def test_without_lists_there_is_nothing_to_check_against():
    session = played(begun(), *SENT[:-1])
    bare = replace(session, station=replace(session.station, reference=None))
    effect = Submit(
        ticket=9,
        person=session.scene.person,
        post=session.scene.post,
        draft=session.scene.draft,
        password=None,
    )

    assert practice.answer(bare, effect).version.version == 1


def test_any_password_does_when_it_is_asked_for_again():
    later = NOON + timedelta(minutes=2, seconds=50)
    session = played(begun(), *SENT[:-1])
    for number in range(1, 5):
        session = played(session, Touched(at=NOON + number * (later - NOON)))
    at = NOON + 4 * (later - NOON)
    asked = played(session, SubmitAsked(at=at))

    done = played(asked, SubmitAsked(at=at, password=secret("anything")))

    assert asked.scene.page.password_wanted
    assert isinstance(done.scene.page, ReceiptPage)


def test_a_second_version_replaces_the_first_and_can_be_taken_back():
    session = played(
        begun(),
        *SENT,
        WishAdded(at=NOON, school=SchoolId("133902")),
        TaskOpened(at=NOON, task=Task.WISHES),
        WishAdded(at=NOON, school=SchoolId("133902")),
        TaskOpened(at=NOON, task=Task.CHECK),
        Declared(at=NOON, ticked=True),
        SubmitAsked(at=NOON),
    )
    second = session.scene.record.current

    gone = played(
        session,
        TaskOpened(at=NOON, task=Task.STATUS),
        WithdrawAsked(at=NOON),
        WithdrawConfirmed(at=NOON),
    )

    assert (second.version, len(second.parents)) == (2, 1)
    assert gone.scene.record.withdrawn
    assert gone.scene.record.current.number == "PRACTICE-000003"


def test_nothing_is_printed():
    session = played(begun(), *SENT, FormChosen(at=NOON, form=Form.PERSONAL))

    assert session.scene.toast == "practice_no_paper"
    assert session.scene.printing is None


@pytest.mark.parametrize("events", [(), SENT], ids=["untouched", "sent"])
def test_f10_ends_it_and_the_machine_is_what_it_was(events):
    before = idle(REAL)

    after = played(begun(before), *events, Ended(at=NOON))

    assert after.scene == Idle("practice_ended")
    assert replace(after, scene=before.scene, serial=0) == before


def test_silence_covers_it_and_then_ends_it():
    session = played(begun(), Ticked(at=NOON + timedelta(minutes=3)))

    after = played(session, Ticked(at=NOON + timedelta(minutes=3) + seconds(45)))

    assert isinstance(session.scene, Covered)
    assert after.scene == Idle("practice_ended")
    assert after.suspended is None


def test_a_real_card_ends_it_at_once_and_is_read_as_any_other():
    session = played(begun(), *SENT)

    inserted = step(session, CardInserted(at=NOON))
    read = step(inserted.session, CardRead(at=NOON, profile=profile(AMY)))

    assert inserted.session.scene == Reading(NOON)
    assert inserted.session.station == REAL
    assert isinstance(read.effects[0], Identify)


@pytest.mark.parametrize(
    "event",
    [CardRead(at=NOON, profile=profile(AMY)), CardFailed(at=NOON, code=TroubleCode.FOREIGN)],
)
def test_so_does_one_whose_coming_was_not_told(event):
    after = step(begun(), event).session

    assert after.suspended is None
    assert isinstance(after.scene, Reading | Trouble)


def test_an_empty_slot_is_no_news_to_a_virtual_card():
    session = played(begun(), CardRemoved(at=NOON))

    assert isinstance(session.scene, SignedIn)
    assert session.reader.slot == SlotHolds(PRACTISER)


def test_what_happens_to_the_machine_meanwhile_holds_afterwards():
    offline = Link(name=LinkName.OFFLINE, pending=3)
    session = played(
        begun(),
        StationChanged(at=NOON, station=replace(REAL, machine="KH-0999")),
        LinkChanged(at=NOON, link=offline),
        ReaderChecked(at=NOON, service=Service.FINE, device=Service.MISSING),
    )

    after = played(session, Ended(at=NOON))

    assert session.station.practice
    assert (after.station.machine, after.station.link) == ("KH-0999", offline)
    assert after.reader.device is Service.MISSING


def test_display_settings_work_and_are_kept_with_nobody():
    session = played(begun(), DisplayChosen(at=NOON, place="large", value=True))

    after = step(session, Ended(at=NOON))

    assert session.looks.display.large
    assert after.effects == (Letter(large=False),)


@pytest.mark.parametrize(
    "session",
    [
        idle(STATION),
        replace(idle(REAL), scene=Trouble(TroubleCode.FOREIGN)),
        replace(idle(REAL), reader=replace(idle().reader, slot=SlotFaulty("foreign"))),
        replace(
            idle(REAL),
            pending=(
                Pending(
                    person=AMY,
                    post=POST,
                    draft=working().draft,
                    ticket=1,
                    tried=NOON,
                    failed="full",
                ),
            ),
        ),
    ],
    ids=["nothing to practise on", "a trouble", "a card in the slot", "a real draft in hand"],
)
def test_practice_does_not_begin_beside_something_real(session):
    assert begun(session).suspended is None


def test_nothing_of_practice_is_in_the_audit():
    before = idle(REAL)
    during = begun(before)
    real = step(during, CardInserted(at=NOON)).session

    assert audit_event(before, during) == audit_event(during, real) == ()


def test_an_answer_that_comes_late_from_a_real_question_changes_nothing():
    known = CardKnown(ticket=4, at=NOON, person=AMY, post=POST, has_password=True, lock=FRESH)

    assert played(begun(), known).scene == begun().scene


def test_a_question_the_session_cannot_answer_is_answered_by_nobody():
    effect = LoadQueue(ticket=1, officer=OFFICER)
    officer = OfficerSignedIn(officer=OFFICER, page=QueuePage(), silent_since=NOON)

    assert practice.answer(begun(), effect) is None
    assert isinstance(practice.answer(begun(), _save()), DraftSaved)
    withdrawn = practice.answer(replace(begun(), scene=officer), _withdraw())
    assert withdrawn.version.version == 1


def _save():
    return SaveDraft(ticket=1, person=AMY, post=POST, draft=working().draft)


def _withdraw():
    return Withdraw(ticket=1, person=AMY, post=POST, draft=working().draft, password=None, heads=())


def test_leaving_where_nobody_practises_is_the_idle_screen():
    assert practice.leave(idle(REAL)).station == REAL
    assert practice.leave(idle(REAL)).reader.slot == SlotEmpty()


@settings(deadline=None)
@given(st.lists(st.tuples(acts, gaps), max_size=25))
def test_whatever_is_pressed_nothing_leaves_and_nothing_stays(script):
    before = idle(REAL)
    session, at = begun(before), NOON
    for make, gap in script:
        at += seconds(gap)
        event = make(at)
        turn = step(session, event)
        if turn.session.suspended is None:
            assert isinstance(turn.session.scene, Idle | Reading | Trouble)
            assert (turn.session.station, turn.session.pending) == (REAL, ())
            return
        assert all(isinstance(each, Sound | Letter) for each in turn.effects), event
        assert isinstance(turn.session.scene, SignedIn | Covered)
        session = turn.session


def test_the_ground_holds_nobody_real_and_has_every_kind_of_school():
    marks = {mark for each in GROUND.reference.schools.values() for mark in each.marks}

    assert GROUND.person.national_id.text.startswith("Z")
    assert {each.county for each in GROUND.reference.schools.values()} >= {PINGTUNG, TAITUNG}
    assert len(marks) >= 4
    assert not GROUND.reference.schools[SchoolId("133913")].delegated


def test_a_ground_whose_teacher_works_nowhere_is_refused():
    with pytest.raises(ValueError, match="183900"):
        load_ground(
            TEXT.replace('school = "183901"', 'school = "183900"'),
            REFERENCE.subjects,
            REFERENCE.counties,
        )


def test_the_check_page_asks_for_the_tick_in_practice_as_well():
    session = played(begun(), *SENT[:-2], SubmitAsked(at=NOON))

    assert isinstance(session.scene.page, CheckPage)
    assert session.scene.page.asked


def test_a_password_typed_where_none_is_asked_for_is_nothing():
    assert played(begun(), PasswordTyped(at=NOON, password=secret("x"))).scene == replace(
        begun().scene, toast=None
    )
