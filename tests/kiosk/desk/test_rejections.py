"""Why the centre rejected something is read where it was made, with what to do (ADR 0041)."""

import pytest

from core.season.merge import Review
from core.wire.kind import VerdictNotice
from core.wire.rejection import Rejection
from kiosk.plain.bureau import officer_prompt
from kiosk.plain.prompt import Situation, View
from kiosk.plain.sent import status_prompt
from kiosk.screens.case_lines import claim_lines
from kiosk.screens.status_lines import timeline_lines
from kiosk.screens.track import track_lines
from kiosk.session.gesture import TaskOpened
from kiosk.session.page import Task
from kiosk.session.paperwork import CaseOpened, RosterOpened
from kiosk.session.progress import Audit, audit
from kiosk.session.record import Delivery
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.plain import PLAIN
from kiosk.text.rejections import case_state, roster_rejected, roster_state
from kiosk.widgets.painted import width_of
from tests.kiosk.desk.test_applications import fill_in, notice, send
from tests.kiosk.desk.test_cases import approve, give_back
from tests.kiosk.machine import AMY, ready
from tests.kiosk.people import NOON

ZH = LANGUAGES["zh"]


@pytest.fixture
def machine(tmp_path):
    """A teacher has sent a version; nobody is at the machine."""
    machine = ready(tmp_path, AMY)
    machine.first_use(AMY)
    fill_in(machine)
    send(machine)
    machine.end()
    return machine


def told(machine, kind, code):
    """What the daemon does with a notice about the newest entry of this kind."""
    link = machine.store.ledger.newest(kind)
    number = (link.event.inc, link.event.seq)
    body = VerdictNotice(inc=number[0], seq=number[1], hash=link.hash, code=code)
    notice(machine, "inbox.verdict", body)
    with machine.store.transaction():
        machine.store.outbox.judge(number, code)


def situation(machine, language="zh"):
    texts, plain = LANGUAGES[language], PLAIN[language]
    return Situation(session=machine.session, view=View(), texts=texts, plain=plain)


def status(machine):
    machine.sign_in(AMY)
    return machine.tell(TaskOpened, task=Task.STATUS)


def said(lines):
    return "".join(span if isinstance(span, str) else span.text for row in lines for span in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_teacher_reads_why_her_version_was_not_taken_and_what_to_do(machine, language):
    told(machine, "app.revise", "part_hash")
    scene, texts = status(machine), LANGUAGES[language]

    (version,) = scene.record.versions
    words = texts.rejected("version", "part_hash")
    on_the_glass = [track_lines(version, texts, width) for width in (36, 60, 100)]

    assert (version.delivery, version.rejection) == (Delivery.ATTENTION, "part_hash")
    for width, lines in zip((36, 60, 100), on_the_glass, strict=True):
        assert bare(words) in bare(said(lines))
        assert max(width_of(each) for each in lines) <= width
    assert words in status_prompt(situation(machine, language), scene, scene.page).lines


def bare(text):
    """Without what lines are broken and set in with."""
    return text.replace(" ", "").replace("!", "")


def test_nothing_is_said_any_more_once_it_was_taken_after_all(machine):
    told(machine, "app.revise", "part_hash")
    told(machine, "app.revise", None)

    (version,) = status(machine).record.versions

    assert (version.delivery, version.rejection) == (Delivery.DELIVERED, "")
    assert "!" not in said(track_lines(version, ZH, 100))


def test_teacher_and_officer_read_that_a_decision_was_not_taken(machine):
    approve(machine, machine.officer_signs_in().page.rows[0], reason_a="4")
    machine.end()
    machine.officer_signs_in()
    machine.end()
    told(machine, "officer.approve", "officer_revoked")
    words = ZH.rejected("review", "officer_revoked")

    (row,) = machine.officer_signs_in().page.rows
    in_the_queue = case_state(row, ZH)
    scene = machine.tell(CaseOpened, app=row.app)
    spoken = officer_prompt(situation(machine), scene).lines
    painted = claim_lines(scene.page.case, machine.session.station, NOON, ZH, 100)
    machine.end()
    teacher = status(machine)

    assert (teacher.record.review, teacher.record.decision) == (Review.WAITING, None)
    assert audit(teacher.record) is Audit.WAITING
    assert (row.rejection, row.review_rejection, in_the_queue) == ("", "officer_revoked", "需處理")
    assert words in spoken
    assert bare(words) in bare(said(painted))
    assert words in status_prompt(situation(machine), teacher, teacher.page).lines
    assert bare(words) in bare(said(timeline_lines(machine.session, teacher, ZH, 100)))


def test_a_decision_that_was_not_taken_leaves_the_one_before_it_standing(machine):
    give_back(machine, machine.officer_signs_in().page.rows[0])
    machine.end()
    approve(machine, machine.officer_signs_in().page.rows[0])
    machine.end()
    assert status(machine).record.review is Review.APPROVED
    machine.end()

    told(machine, "officer.approve", "officer_revoked")
    record = status(machine).record
    machine.end()
    told(machine, "officer.return", "officer_revoked")
    without = status(machine).record

    assert (record.review, record.decision.verdict) == (Review.RETURNED, "returned")
    assert record.review_rejection == "officer_revoked"
    assert (without.review, without.decision) == (Review.WAITING, None)


def test_the_officers_queue_follows_what_the_centre_says(machine):
    before = machine.officer_signs_in().page.rows[0]
    machine.end()
    told(machine, "app.revise", "role")
    rejected = machine.officer_signs_in().page.rows[0]
    machine.end()
    with machine.store.transaction():  # an answer to an upload says so, without any notice
        machine.store.outbox.judge((1, rejected.seq), None)
    after = machine.officer_signs_in().page.rows[0]

    assert case_state(rejected, ZH) == "需處理"
    assert case_state(before, ZH) == case_state(after, ZH) != "需處理"


def test_a_notice_about_no_entry_of_this_machine_changes_nothing(machine):
    body = VerdictNotice(inc=1, seq=1, hash=b"h" * 32, code="role")
    machine.officer_signs_in()
    machine.end()
    notice(machine, "inbox.verdict", body)

    (row,) = machine.officer_signs_in().page.rows

    assert (row.rejection, row.review_rejection) == ("", "")


def test_the_officer_reads_which_registration_was_not_taken(machine):
    (link,) = machine.store.ledger.of_kind("teacher.register")[-1:]
    told(machine, "teacher.register", "scope")
    machine.officer_signs_in()

    scene = machine.tell(RosterOpened)

    (row,) = [each for each in scene.page.rows if each.teacher == link.event.body["teacher"]]
    assert (row.rejection, roster_state(row, ZH)) == ("scope", "需處理")
    (words,) = roster_rejected(scene.page.rows, ZH)
    assert words == f"{row.name}：{ZH.rejected('registration', 'scope')}"
    assert words in officer_prompt(situation(machine), scene).lines


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_every_reason_has_a_sentence_of_its_own_in_every_language(texts):
    for what in ("version", "review", "registration"):
        sentences = {texts.rejected(what, code) for code in (*Rejection, "of a newer list")}

        assert len(sentences) == len(Rejection) + 1
    assert len({texts.rejected(w, "role") for w in ("version", "review", "registration")}) == 3
