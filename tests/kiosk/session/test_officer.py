"""The officer's side: queue, case, decision, roster, registration (O01 to O04)."""

from dataclasses import replace

import pytest

from core.domain.ids import ApplicationId, EventHash, SchoolId
from core.season.merge import Review
from kiosk.session.answer import (
    CaseLoaded,
    Decided,
    DeskFailed,
    OfficerAccepted,
    PasswordRefused,
    QueueLoaded,
    Registered,
    RosterLoaded,
)
from kiosk.session.bureau import (
    Case,
    CasePage,
    CertificateState,
    DecisionForm,
    QueueFilter,
    QueuePage,
    RegisterPage,
    Registration,
    RosterPage,
    RosterRow,
    Row,
    SignedPage,
    Standing,
)
from kiosk.session.effect import Decide, LoadCase, LoadQueue, LoadRoster, Register
from kiosk.session.form import claim_of, wishes_of
from kiosk.session.gesture import Ended, Touched, WentBack, WentOn
from kiosk.session.officer import visible
from kiosk.session.paperwork import (
    CaseOpened,
    DecisionSigned,
    PledgeTicked,
    PointsTyped,
    QueueFiltered,
    QueueOpened,
    ReasonToggled,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    RemarkTyped,
    RosterOpened,
    VerdictChosen,
)
from kiosk.session.person import Lock
from kiosk.session.record import Delivery
from kiosk.session.state import CardOut, Covered, TakeCard
from kiosk.session.station import SlotEmpty
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    BEN,
    CLERK,
    COMPLETE,
    KUN,
    NOON,
    OFFICER,
    OFFICER_DEADLINE,
    OFFICER_PASSWORD,
    POST,
    SEASON,
    STATION,
    secret,
)
from tests.kiosk.session.test_cards import AT_QUEUE, showing
from tests.kiosk.session.test_teacher import page, play

SALT = bytes(16)
POINTS = ("0", "0", "14.0", "0", "0", "0", "0")
SIGN = DecisionSigned(at=NOON, password=secret(OFFICER_PASSWORD))


def row(number, review=Review.WAITING, verdict=None):
    return Row(
        app=ApplicationId(bytes([number]) * 16),
        number=f"115E-0231-{number:06}",
        name=AMY.name,
        stage=POST.stage,
        school=POST.school,
        submitted=NOON,
        version=1,
        review=review,
        verdict=verdict,
        reopened=False,
        delivery=Delivery.STORED,
    )


CASE = Case(
    row=row(1),
    teacher=AMY.teacher,
    revision=EventHash(b"r" * 32),
    claim_hash=b"c" * 32,
    claim=claim_of(AMY, POST, COMPLETE, SEASON, declared=True, salt=SALT),
    wishes=wishes_of(COMPLETE, SALT),
    earlier=(),
    decision=None,
    points=POINTS,
)
APPROVING = DecisionForm(points=POINTS, verdict="approved", originals=True, clean=True)
FORM = Registration(
    person=BEN,
    name=BEN.name,
    birth=BEN.birth,
    title="teacher",
    school=POST.school,
    stage=POST.stage,
    subject=POST.subject,
)
ROWS = (
    row(1),
    row(2, Review.RETURNED, "returned"),
    row(3, Review.APPROVED, "approved"),
    row(4, Review.RETURNED, "ineligible"),
)


def officer_at(shown, station=STATION, **changes):
    return showing(replace(AT_QUEUE, page=shown, **changes), station, holder=CLERK)


def waiting(shown):
    return replace(officer_at(shown, waiting=1), serial=1)


def codes(session):
    return [each.code for each in page(session).faults]


def test_a_name_that_is_not_the_cards_is_approved_only_after_a_look_at_the_id_card():
    claim = claim_of(
        KUN, POST, replace(COMPLETE, teacher_name="游錫堃"), SEASON, declared=True, salt=SALT
    )
    case = replace(CASE, claim=claim)
    at_case = officer_at(CasePage(case=case, form=APPROVING))
    signed = DecisionSigned(at=NOON, password=secret("x"))

    refused = play(at_case, signed)
    ticked = step(play(at_case, PledgeTicked(at=NOON, place="name", ticked=True)), signed)

    assert codes(refused) == ["name_unconfirmed"]
    assert [type(each) for each in ticked.effects] == [Decide]
    returned = replace(APPROVING, verdict="returned", reasons=frozenset({"fact_counted_twice"}))
    assert step(officer_at(CasePage(case=case, form=returned)), signed).effects


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        (QueueFilter.WAITING, [1]),
        (QueueFilter.INCOMPLETE, [2]),
        (QueueFilter.REVIEWED, [3]),
        (QueueFilter.RETURNED, [4]),
        (QueueFilter.ALL, [1, 2, 3, 4]),
    ],
)
def test_the_digits_filter_the_queue(chosen, numbers):
    session = officer_at(QueuePage(rows=ROWS))

    after = play(session, QueueFiltered(at=NOON, filter=chosen))

    assert [each.number[-1] for each in visible(page(after))] == [str(each) for each in numbers]
    assert visible(QueuePage()) == ()


def test_conflicts_stand_with_what_waits_and_withdrawals_only_in_the_whole_list():
    torn = replace(row(5), standing=Standing.CONFLICT)
    gone = replace(row(6, Review.APPROVED, "approved"), standing=Standing.WITHDRAWN)
    found = {which: visible(QueuePage(rows=(torn, gone), filter=which)) for which in QueueFilter}

    assert found[QueueFilter.WAITING] == (torn,)
    assert found[QueueFilter.ALL] == (torn, gone)
    assert found[QueueFilter.REVIEWED] == found[QueueFilter.RETURNED] == ()
    assert not torn.waits


def test_when_the_queue_arrives_then_the_officer_is_as_known_now():
    waits = replace(OFFICER, state=CertificateState.WAITING, certificate=None)
    session = replace(
        officer_at(QueuePage(filter=QueueFilter.ALL), waiting=1, officer=waits), serial=1
    )

    after = step(
        session, QueueLoaded(ticket=1, at=NOON, rows=ROWS, own=True, officer=OFFICER)
    ).session

    assert page(after) == QueuePage(rows=ROWS, own=True, filter=QueueFilter.ALL)
    assert after.scene.officer == OFFICER


@pytest.mark.parametrize(
    ("shown", "event", "effect"),
    [
        (QueuePage(), QueueOpened(at=NOON), LoadQueue(ticket=1, officer=OFFICER)),
        (RosterPage(), QueueOpened(at=NOON), LoadQueue(ticket=1, officer=OFFICER)),
        (RosterPage(), WentBack(at=NOON), LoadQueue(ticket=1, officer=OFFICER)),
        (
            QueuePage(rows=ROWS),
            CaseOpened(at=NOON, app=ROWS[0].app),
            LoadCase(ticket=1, officer=OFFICER, app=ROWS[0].app),
        ),
        (QueuePage(), RosterOpened(at=NOON), LoadRoster(ticket=1, officer=OFFICER)),
        (
            SignedPage(row=ROWS[0], verdict="approved", check_code="X", next=ROWS[1].app),
            WentOn(at=NOON),
            LoadCase(ticket=1, officer=OFFICER, app=ROWS[1].app),
        ),
        (
            SignedPage(row=ROWS[0], verdict="approved", check_code="X", next=None),
            WentOn(at=NOON),
            LoadQueue(ticket=1, officer=OFFICER),
        ),
    ],
)
def test_what_an_officer_opens_is_loaded_once(shown, event, effect):
    asked = step(officer_at(shown), event)

    assert asked.effects == (effect,)
    assert step(asked.session, event).effects == ()


def test_a_case_opens_with_the_proposed_points():
    after = step(waiting(QueuePage(rows=ROWS)), CaseLoaded(ticket=1, at=NOON, case=CASE)).session

    assert page(after) == CasePage(case=CASE, form=DecisionForm(points=POINTS))


def test_the_form_keeps_what_is_typed():
    after = play(
        officer_at(CasePage(case=CASE, form=DecisionForm(points=POINTS))),
        PointsTyped(at=NOON, place="reason_a", text="4"),
        PointsTyped(at=NOON, place="nothing", text="9"),
        VerdictChosen(at=NOON, verdict="returned"),
        ReasonToggled(at=NOON, reason="other"),
        ReasonToggled(at=NOON, reason="reinstatement_missing"),
        ReasonToggled(at=NOON, reason="other"),
        ReasonToggled(at=NOON, reason="made_up"),
        RemarkTyped(at=NOON, text="請補\n正本"),
        PledgeTicked(at=NOON, place="originals", ticked=True),
        PledgeTicked(at=NOON, place="clean", ticked=True),
        Touched(at=NOON),
    )

    assert page(after).form == DecisionForm(
        points=("4", *POINTS[1:]),
        verdict="returned",
        reasons=frozenset({"reinstatement_missing"}),
        remark="請補正本",
        originals=True,
        clean=True,
    )


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (DecisionForm(points=POINTS), ["verdict_missing"]),
        (
            DecisionForm(points=("x", "99999", *POINTS[2:]), verdict="approved"),
            ["points_form", "points_form", "pledge_missing", "pledge_missing"],
        ),
        (DecisionForm(points=POINTS, verdict="returned"), ["reason_missing"]),
        (
            DecisionForm(points=POINTS, verdict="ineligible", reasons=frozenset({"other"})),
            ["remark_missing"],
        ),
    ],
)
def test_a_decision_is_not_signed_before_it_is_complete(form, expected):
    after = step(officer_at(CasePage(case=CASE, form=form)), SIGN)

    assert codes(after.session) == expected
    assert after.effects == ()


def test_a_decision_needs_certificate_window_and_card():
    shown = CasePage(case=CASE, form=APPROVING)
    session = officer_at(shown, officer=replace(OFFICER, state=CertificateState.WAITING))
    empty = replace(session, reader=replace(session.reader, slot=SlotEmpty()))

    after = step(empty, replace(SIGN, at=OFFICER_DEADLINE))

    assert codes(after.session) == ["not_granted", "closed", "card_missing"]


@pytest.mark.parametrize(
    "form",
    [
        APPROVING,
        DecisionForm(
            points=POINTS, verdict="returned", reasons=frozenset({"other"}), remark="請說明"
        ),
    ],
)
def test_a_complete_decision_goes_to_the_desk_with_the_password(form):
    after = step(officer_at(CasePage(case=CASE, form=form)), SIGN)

    assert after.effects == (
        Decide(ticket=1, officer=OFFICER, case=CASE, form=form, password=secret(OFFICER_PASSWORD)),
    )


def test_when_a_decision_is_stored_then_the_next_waiting_case_is_offered():
    done = replace(ROWS[0], review=Review.APPROVED)
    session = waiting(CasePage(case=CASE, form=APPROVING))

    after = step(
        session,
        Decided(
            ticket=1,
            at=NOON,
            row=done,
            verdict="approved",
            hash=EventHash(bytes(32)),
            rows=(done, row(7)),
        ),
    ).session

    assert page(after) == SignedPage(
        row=done,
        verdict="approved",
        check_code="0000-0000",
        next=row(7).app,
        entry=EventHash(bytes(32)),
    )


def test_a_wrong_password_at_signing_can_be_repeated_until_the_pause_ends_the_session():
    session = waiting(CasePage(case=CASE, form=APPROVING))
    lock = Lock(tries_left=0, until_ms=int(NOON.timestamp() * 1000) + 1)

    wrong = step(session, PasswordRefused(ticket=1, at=NOON, lock=Lock(tries_left=2))).session
    locked = step(session, PasswordRefused(ticket=1, at=NOON, lock=lock)).session

    assert page(wrong).password_wrong
    assert page(wrong).form == APPROVING
    assert locked.scene == TakeCard(since=NOON, notice="locked")


def test_a_failing_desk_is_named_and_the_form_stays():
    session = waiting(CasePage(case=CASE, form=APPROVING))

    after = step(session, DeskFailed(ticket=1, at=NOON, code="case_changed")).session

    assert after.scene.alarm == "case_changed"
    assert page(after) == CasePage(case=CASE, form=APPROVING)


@pytest.mark.parametrize(
    "answer",
    [
        RosterLoaded(ticket=9, at=NOON, rows=()),
        OfficerAccepted(ticket=1, at=NOON, officer=OFFICER),
    ],
)
def test_an_answer_to_something_else_changes_nothing(answer):
    session = waiting(RosterPage())

    assert step(session, answer).session == session


def test_an_answer_for_a_page_that_was_left_is_only_taken_note_of():
    session = waiting(QueuePage())

    after = step(session, Registered(ticket=1, at=NOON, name="x", hash=EventHash(bytes(32))))

    assert after.session.scene == replace(session.scene, waiting=None)


def test_the_answer_reaches_an_officer_behind_the_cover():
    held = waiting(RosterPage()).scene
    entry = RosterRow(
        teacher=BEN.teacher,
        name=BEN.name,
        national_id=BEN.national_id,
        title="teacher",
        school=POST.school,
        stage=POST.stage,
        subject=POST.subject,
        first_use_done=False,
    )
    session = showing(Covered(held=held, since=NOON), holder=CLERK)

    after = step(session, RosterLoaded(ticket=1, at=NOON, rows=(entry,))).session

    assert after.scene.held.page == RosterPage(rows=(entry,))


def test_registration_opens_only_for_a_certified_officer():
    waits = replace(OFFICER, state=CertificateState.WAITING)

    open_ = play(officer_at(QueuePage()), RegisterOpened(at=NOON))
    refused = play(officer_at(QueuePage(), officer=waits), RegisterOpened(at=NOON))

    assert page(open_) == RegisterPage()
    assert refused.scene.toast == "not_granted"


def test_a_registration_is_filled_in_and_confirmed():
    blank = replace(FORM, title=None, school=None, stage=None, subject=None)

    after = step(
        play(
            officer_at(RegisterPage(form=blank)),
            RegisterAnswered(at=NOON, place="name", value=BEN.name),
            RegisterAnswered(at=NOON, place="title", value="teacher"),
            RegisterAnswered(at=NOON, place="school", value=POST.school),
            RegisterAnswered(at=NOON, place="stage", value=POST.stage.value),
            RegisterAnswered(at=NOON, place="subject", value=POST.subject),
        ),
        RegisterConfirmed(at=NOON),
    )

    assert after.effects == (Register(ticket=1, officer=OFFICER, form=FORM),)
    assert step(after.session, RegisterConfirmed(at=NOON)).effects == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": " "}, ["name_missing"]),
        ({"title": "intern"}, ["title_missing"]),
        ({"school": SchoolId("133601")}, ["school_unknown"]),
        ({"stage": None}, ["stage_missing"]),
        ({"subject": None}, ["subject_unknown"]),
        ({"subject": "alchemy"}, ["subject_unknown"]),
    ],
)
def test_an_incomplete_registration_is_not_stored(changes, expected):
    session = officer_at(RegisterPage(form=replace(FORM, **changes)))

    after = step(session, RegisterConfirmed(at=NOON))

    assert codes(after.session) == expected
    assert after.effects == ()


def test_without_lists_nobody_is_registered():
    bare = replace(STATION, reference=None)

    after = step(officer_at(RegisterPage(form=FORM), bare), RegisterConfirmed(at=NOON))

    assert codes(after.session) == ["lists_missing"]


def test_another_stage_empties_the_subject_and_an_unknown_one_the_stage():
    session = officer_at(RegisterPage(form=FORM))

    junior = play(session, RegisterAnswered(at=NOON, place="stage", value="junior"))
    unknown = play(session, RegisterAnswered(at=NOON, place="stage", value="night_school"))

    assert (page(junior).form.stage, page(junior).form.subject) == ("junior", None)
    assert page(unknown).form.stage is None


def test_when_somebody_is_registered_then_the_next_card_is_waited_for():
    session = waiting(RegisterPage(form=FORM))

    after = step(
        session, Registered(ticket=1, at=NOON, name=BEN.name, hash=EventHash(bytes(32)))
    ).session

    assert page(after) == RegisterPage(done=BEN.name, entry=EventHash(bytes(32)))


def test_leaving_registration_needs_the_officers_card_back():
    with_card = officer_at(RegisterPage())
    without = showing(replace(AT_QUEUE, page=RegisterPage()), holder=BEN)

    assert page(play(officer_at(RegisterPage(form=FORM)), WentBack(at=NOON))) == RegisterPage()
    assert step(with_card, WentBack(at=NOON)).effects == (LoadQueue(ticket=1, officer=OFFICER),)
    assert play(without, QueueOpened(at=NOON)).scene == CardOut(
        held=replace(AT_QUEUE, page=QueuePage()), since=NOON, bookmark="queue"
    )


@pytest.mark.parametrize("shown", [QueuePage(), RosterPage(), RegisterPage()])
@pytest.mark.parametrize("event", [Touched(at=NOON), RegisterConfirmed(at=NOON)])
def test_keys_of_other_pages_do_nothing(shown, event):
    session = officer_at(shown)

    assert step(session, event).session == session


def test_esc_on_the_queue_stays_and_f10_ends():
    session = officer_at(QueuePage(rows=ROWS))

    assert play(session, WentBack(at=NOON)) == session
    assert play(session, Ended(at=NOON)).scene == TakeCard(since=NOON, notice="ended")


def test_an_officer_who_waits_for_the_desk_can_still_end():
    assert play(waiting(QueuePage()), Ended(at=NOON)).scene == TakeCard(since=NOON, notice="ended")


def test_no_name_of_a_case_is_printed():
    session = officer_at(CasePage(case=CASE, form=APPROVING))

    assert AMY.name not in repr(session)
