"""The officer's queue and decisions signed with the officer's own key (O01 to O03)."""

from dataclasses import replace

import msgspec
import pytest
from msgspec import UNSET

from core.domain.ids import SchoolId
from core.domain.school import Stage
from core.season.merge import Review
from core.wire.canon import decode, from_wire, to_wire
from core.wire.document import split_document
from core.wire.fault import WireError
from core.wire.identity import Certificate
from core.wire.payload import PointsReason, read_decision
from kiosk.desk.conversation import Conversation
from kiosk.desk.desk import Desk
from kiosk.desk.press import Press
from kiosk.desk.records import review_view
from kiosk.paper.typesetter import Typesetter
from kiosk.session.bureau import (
    Because,
    CasePage,
    CertificateState,
    QueueFilter,
    QueuePage,
    SignedPage,
)
from kiosk.session.gesture import (
    FormChosen,
    TaskOpened,
    TextTyped,
    WentBack,
    WentOn,
    WishMoved,
)
from kiosk.session.officer import visible
from kiosk.session.page import Task
from kiosk.session.paper import Form
from kiosk.session.paperwork import (
    BecauseChosen,
    BecauseTyped,
    CaseOpened,
    DecisionSigned,
    PledgeTicked,
    PointsTyped,
    QueueFiltered,
    QueueOpened,
    ReasonToggled,
    RemarkTyped,
    VerdictChosen,
)
from kiosk.session.record import Delivery, LineReason
from kiosk.session.self_check import UNCHECKED, SelfCheck
from kiosk.session.self_checking import SelfCheckAnswered, SelfCheckOpened
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.doubts import case_doubts
from syncd.store.audit import AuditCode
from tests.kiosk.desk.test_applications import fill_in, send
from tests.kiosk.desk.test_press import Tray
from tests.kiosk.machine import AMY, BEN, CLERK, OTHER_CLERK, Holder, ready
from tests.kiosk.people import CALENDAR, OFFICER_DEADLINE, secret


@pytest.fixture
def machine(tmp_path):
    """Two teachers have sent a version each; nobody is at the machine."""
    machine = ready(tmp_path)
    for holder in (AMY, BEN):
        machine.first_use(holder)
        fill_in(machine)
        send(machine)
        machine.end()
        machine.clock.forward(minutes=1)
    return machine


def sign(machine, password=CLERK.password):
    return machine.tell(DecisionSigned, password=secret(password))


def approve(machine, row, **points):
    machine.tell(CaseOpened, app=row.app)
    for place, text in points.items():
        machine.tell(PointsTyped, place=place, text=text)
    machine.tell(VerdictChosen, verdict="approved")
    machine.tell(PledgeTicked, place="originals", ticked=True)
    machine.tell(PledgeTicked, place="clean", ticked=True)
    return sign(machine)


def give_back(machine, row, verdict="returned"):
    machine.tell(CaseOpened, app=row.app)
    machine.tell(VerdictChosen, verdict=verdict)
    machine.tell(ReasonToggled, reason="reinstatement_missing")
    machine.tell(ReasonToggled, reason="other")
    machine.tell(RemarkTyped, text="請補復職公文")
    return sign(machine)


def officer_key(machine):
    document = machine.store.officers.all()[0].document
    return from_wire(split_document(document)[0], Certificate).key


def test_the_queue_shows_the_schools_cases_oldest_first(machine):
    scene = machine.officer_signs_in()

    rows = scene.page.rows
    assert [each.name for each in rows] == [AMY.name, BEN.name]
    assert rows[0].number.startswith("115E-0231-")
    assert (rows[0].review, rows[0].version, rows[0].stage) == (
        Review.WAITING,
        1,
        Stage.ELEMENTARY,
    )
    assert rows[0].delivery is Delivery.STORED
    assert not scene.page.own


def test_the_officer_reads_what_the_teacher_answered_of_her_service_on_this_machine(machine):
    machine.sign_in(AMY)
    machine.tell(TaskOpened, task=Task.POSTS)
    machine.tell(SelfCheckOpened)
    machine.tell(SelfCheckAnswered, place="semesters", answer=4)
    machine.end()

    amy, ben = machine.officer_signs_in().page.rows
    page = machine.tell(CaseOpened, app=amy.app).page
    texts = LANGUAGES["zh"]
    said = case_doubts(page.case.claim, page.case.check, texts)
    machine.tell(WentBack)
    other = machine.tell(CaseOpened, app=ben.app).page.case

    assert page.case.check == SelfCheck(semesters=4)
    assert said[0] == texts.case_doubts
    assert texts.served_here(4, 0) in said
    assert other.check == UNCHECKED
    assert case_doubts(other.claim, other.check, texts) == ()


def test_without_a_draft_or_with_one_of_another_program_the_officer_reads_the_claim_alone(machine):
    row = machine.officer_signs_in().page.rows[0]
    with machine.store.transaction():
        machine.store.drafts.save(row.app, b"?", machine.equipment().clock.moment())
    unreadable = machine.tell(CaseOpened, app=row.app).page.case.check
    machine.tell(WentBack)
    with machine.store.transaction():
        machine.store.drafts.remove(row.app)
    missing = machine.tell(CaseOpened, app=row.app).page.case.check

    assert (unreadable, missing) == (UNCHECKED, UNCHECKED)


def test_a_case_shows_what_was_sent_and_proposes_the_points_of_the_scale(machine):
    row = machine.officer_signs_in().page.rows[0]

    page = machine.tell(CaseOpened, app=row.app).page

    assert isinstance(page, CasePage)
    assert page.case.claim.service_years == 7
    assert page.form.points == ("0.0", "0.0", "14.0", "0.0", "0.0", "0.0", "0.0")
    assert page.case.wishes.schools[0] == "133601"
    opened = machine.store.audit.newest(1)[0]
    assert (opened.code, opened.detail) == (AuditCode.APPLICATION_OPENED, row.number)


def test_an_approval_is_signed_by_the_officers_own_key_over_exactly_this_claim(machine):
    rows = machine.officer_signs_in().page.rows

    scene = approve(machine, rows[0], reason_a="4", appraisal="8.5")

    link = machine.store.ledger.newest("officer.approve")
    decision = read_decision(link.frame, officer_key(machine))
    sent = machine.store.ledger.application(rows[0].app)
    assert isinstance(scene.page, SignedPage)
    assert scene.page.next == rows[1].app
    assert scene.page.row.review is Review.APPROVED
    assert (decision.verdict, decision.revision, decision.claim) == (
        "approved",
        sent.current.hash,
        sent.current.claim,
    )
    assert (decision.points.service, decision.points.total_a, decision.points.total_b) == (
        1400,
        2650,
        2250,
    )
    assert decision.reasons == ()
    assert link.event.who.id == decision.officer == machine.store.officers.all()[0].id
    with pytest.raises(WireError, match="approval_signature"):
        read_decision(link.frame, machine.centre.enrol.public)


@pytest.mark.parametrize("verdict", ["returned", "ineligible"])
def test_a_return_names_its_grounds_and_reaches_the_teacher(machine, verdict):
    rows = machine.officer_signs_in().page.rows

    give_back(machine, rows[0], verdict)
    machine.end()
    record = machine.sign_in(AMY).record

    decision = read_decision(
        machine.store.ledger.newest("officer.return").frame, officer_key(machine)
    )
    assert (decision.verdict, decision.points) == (verdict, None)
    assert decision.reasons == ("other", "reinstatement_missing")
    assert record.review is Review.RETURNED
    assert record.decision.verdict == verdict
    assert record.decision.remark == "請補復職公文"


def test_the_teacher_sees_the_points_awarded(machine):
    approve(machine, machine.officer_signs_in().page.rows[0], special="-1")
    machine.end()

    decision = machine.sign_in(AMY).record.decision

    assert (decision.points.service, decision.points.special) == (1400, -100)
    assert decision.points.total_a == 1300


def test_each_changed_line_is_signed_with_its_figure_its_reason_and_both_reach_the_teacher(machine):
    row = machine.officer_signs_in().page.rows[0]
    refused = approve(machine, row, service="12", awards="2")
    machine.tell(BecauseChosen, place="service", reason="other")
    machine.tell(BecauseTyped, place="service", text="留停一年")
    machine.tell(BecauseChosen, place="awards", reason="originals")
    signed = sign(machine)
    machine.end()

    link = machine.store.ledger.links(1, 200)[-1]
    payload = read_decision(link.frame, officer_key(machine))
    decision = machine.sign_in(AMY).record.decision

    assert [(each.code, each.place) for each in refused.page.faults] == [
        ("points_unexplained", "service")
    ]
    assert isinstance(signed.page, SignedPage)
    assert payload.because == (
        PointsReason(place="service", instead_of=1400, reason="other", remark="留停一年"),
        PointsReason(place="awards", instead_of=None, reason="originals", remark=""),
    )
    assert decision.because == (
        LineReason(place="service", instead_of=1400, reason="other", remark="留停一年"),
        LineReason(place="awards", instead_of=None, reason="originals", remark=""),
    )


def test_an_approval_by_the_scale_alone_says_nothing_of_single_lines(machine):
    approve(machine, machine.officer_signs_in().page.rows[0])

    link = machine.store.ledger.links(1, 200)[-1]

    assert "because" not in decode(link.frame.payload)
    assert read_decision(link.frame, officer_key(machine)).because is UNSET


def test_a_case_decided_before_begins_with_its_figures_and_reasons(machine):
    row = machine.officer_signs_in().page.rows[0]
    approve(machine, row, service="12", awards="2")
    machine.tell(BecauseChosen, place="service", reason="corrected")
    sign(machine)

    machine.tell(QueueOpened)
    form = machine.tell(CaseOpened, app=row.app).page.form
    approve(machine, row, awards="3")
    again = machine.page

    assert (form.points[2], form.points[4]) == ("12.0", "2.0")
    assert form.because[2] == Because("corrected")
    assert [(each.code, each.place) for each in again.faults] == [("points_unexplained", "awards")]


def test_of_two_reasons_for_one_line_the_first_is_shown(machine):
    approve(machine, machine.officer_signs_in().page.rows[0])
    link = machine.store.ledger.links(1, 200)[-1]
    twice = tuple(
        PointsReason(place="service", instead_of=None, reason=reason, remark="")
        for reason in ("corrected", "originals")
    )
    payload = msgspec.structs.replace(
        read_decision(link.frame, officer_key(machine)), because=twice
    )

    view = review_view(to_wire(payload), link.event.t)

    assert [each.reason for each in view.because] == ["corrected"]


def test_an_officer_never_sees_or_opens_the_own_case(machine):
    machine.enrol_officer(OTHER_CLERK)
    machine.officer_signs_in(OTHER_CLERK)
    machine.register(CLERK)
    machine.end()
    machine.insert(CLERK)
    machine.password(CLERK.password)
    fill_in(machine)
    own = send(machine).record.app
    machine.end()

    scene = machine.officer_signs_in()
    refused = machine.tell(CaseOpened, app=own)

    assert scene.page.own
    assert [each.name for each in scene.page.rows] == [AMY.name, BEN.name]
    assert refused.alarm == "own_case"


def test_the_other_officer_reviews_the_case_of_the_first(machine):
    machine.enrol_officer(OTHER_CLERK)
    machine.officer_signs_in(OTHER_CLERK)
    machine.register(CLERK)
    machine.end()
    machine.insert(CLERK)
    machine.password(CLERK.password)
    fill_in(machine)
    send(machine)
    machine.end()

    scene = machine.officer_signs_in(OTHER_CLERK)

    assert [each.name for each in scene.page.rows] == [AMY.name, BEN.name, CLERK.name]


def test_a_wrong_password_signs_nothing(machine):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)
    machine.tell(VerdictChosen, verdict="returned")
    machine.tell(ReasonToggled, reason="reinstatement_missing")

    scene = sign(machine, "wrong-one-1")

    assert scene.page.password_wrong
    assert machine.store.ledger.newest("officer.return") is None
    assert sign(machine).page.verdict == "returned"


def test_when_a_new_claim_arrived_meanwhile_then_the_old_one_cannot_be_approved(machine):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)
    shown = machine.session
    machine.end()
    machine.sign_in(AMY)
    machine.tell(TaskOpened, task=Task.BASICS)
    machine.tell(TextTyped, place="phone2", text="0912345678")
    send(machine)
    machine.talk.session = shown  # the officer's screen still shows the older claim

    machine.tell(VerdictChosen, verdict="returned")
    machine.tell(ReasonToggled, reason="reinstatement_missing")
    scene = sign(machine)

    assert scene.alarm == "case_changed"
    assert machine.store.ledger.newest("officer.return") is None


def test_new_wishes_keep_the_review_and_a_new_claim_reopens_the_case(machine):
    approve(machine, machine.officer_signs_in().page.rows[0])
    machine.end()
    machine.sign_in(AMY)
    machine.tell(TaskOpened, task=Task.WISHES)
    machine.tell(WishMoved, school=SchoolId("133603"), rank=1)
    kept = send(machine).record
    machine.tell(TaskOpened, task=Task.BASICS)
    machine.tell(TextTyped, place="phone2", text="0912345678")
    voided = send(machine).record
    machine.end()

    row = machine.officer_signs_in().page.rows[1]

    assert (kept.review, voided.review) == (Review.APPROVED, Review.WAITING)
    assert (row.name, row.version, row.reopened) == (AMY.name, 3, True)


def test_a_second_decision_replaces_the_first(machine):
    rows = machine.officer_signs_in().page.rows
    give_back(machine, rows[0])
    machine.tell(QueueOpened)
    first = machine.store.ledger.newest("officer.return")

    scene = approve(machine, rows[0])

    second = machine.store.ledger.newest("officer.approve")
    assert second.event.body["earlier"] == [first.hash]
    assert scene.page.row.review is Review.APPROVED


def test_after_signing_one_key_opens_the_next_case_until_none_waits(machine):
    rows = machine.officer_signs_in().page.rows
    approve(machine, rows[0])

    machine.tell(WentOn)
    following = machine.page.case.row.app
    last = approve(machine, rows[1])
    machine.tell(WentOn)

    assert following == rows[1].app
    assert last.page.next is None
    assert isinstance(machine.page, QueuePage)
    assert visible(machine.page) == ()
    assert len(visible(machine.tell(QueueFiltered, filter=QueueFilter.REVIEWED).page)) == 2


def test_the_desk_itself_holds_the_end_of_first_review(machine):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)
    machine.tell(VerdictChosen, verdict="returned")
    machine.tell(ReasonToggled, reason="reinstatement_missing")
    shorter = tuple(
        replace(each, opens=CALENDAR[0].opens, closes=machine.clock.now())
        if each.closes == OFFICER_DEADLINE
        else each
        for each in CALENDAR
        if each.opens >= OFFICER_DEADLINE or each.closes == OFFICER_DEADLINE
    )
    machine.publish(shorter, version=2)

    assert sign(machine).alarm == "closed"


def test_a_revoked_officer_signs_nothing_even_with_the_case_open(machine):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)
    machine.tell(VerdictChosen, verdict="returned")
    machine.tell(ReasonToggled, reason="reinstatement_missing")
    with machine.store.transaction():
        machine.store.officers.remove(machine.store.officers.all()[0].id)

    scene = sign(machine)
    refreshed = machine.tell(QueueOpened)

    assert scene.alarm == "not_granted"
    assert refreshed.officer.state is CertificateState.REVOKED
    assert refreshed.page.rows == ()


def test_a_case_that_is_not_here_is_named(machine):
    machine.officer_signs_in()

    assert machine.tell(CaseOpened, app=b"x" * 16).alarm == "case_missing"


def test_a_case_of_another_school_is_not_this_officers(machine):
    entry = next(each for each in machine.store.roster.all() if each.name == AMY.name)
    identity = machine.store.identity.read()
    with machine.store.transaction():
        machine.store.identity.write(replace(identity, schools=(SchoolId("183602"),)))

    scene = machine.officer_signs_in()

    assert entry.school == "183601"
    assert scene.page.rows == ()


def test_given_a_full_disk_when_signing_then_nothing_is_half_there(machine):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)
    machine.fill_the_disk()
    machine.tell(VerdictChosen, verdict="returned")
    machine.tell(ReasonToggled, reason="other")
    for number in range(60):  # the last pages have room for some more
        machine.tell(RemarkTyped, text=f"{number}" + "補" * 490)
        scene = sign(machine)
        if scene.alarm is not None:
            break
        machine.tell(CaseOpened, app=row.app)
        machine.tell(VerdictChosen, verdict="returned")
        machine.tell(ReasonToggled, reason="other")

    assert scene.alarm == "full"
    assert scene.page.form.remark.startswith(f"{number}補")


def test_an_officer_prints_what_the_teacher_sent_with_every_character_of_her_name(tmp_path):
    kun = Holder("游錫堃", "7000003")
    machine, tray = ready(tmp_path, kun), Tray()
    machine.first_use(kun)
    fill_in(machine)
    send(machine)
    machine.end()
    press = Press(printer=tray, typesetter=Typesetter)
    machine.desk = Desk(replace(machine.equipment(), press=press))
    machine.talk = Conversation(machine.desk)
    row = machine.officer_signs_in().page.rows[0]

    case = machine.tell(CaseOpened, app=row.app).page.case
    scene = machine.tell(FormChosen, form=Form.PERSONAL)

    assert case.version.hash == case.revision
    assert case.version.number == row.number
    assert scene.toast == "printed"
    assert [sheet[:5] for sheet in tray.sheets] == [b"%PDF-"]


def test_at_a_machine_without_a_printer_the_officer_is_told_so(machine):
    row = machine.officer_signs_in().page.rows[0]
    machine.tell(CaseOpened, app=row.app)

    assert machine.tell(FormChosen, form=Form.COVER).toast == "no_printer"
