"""Drafts, 送出 and what is known of it afterwards, on a real encrypted store (K05 to K11)."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from core.domain.ids import SchoolId
from core.domain.school import Stage
from core.sealing import SigningKey
from core.season.merge import Review
from core.wire.canon import to_wire
from core.wire.chain import Link
from core.wire.event import Event, Who, payload_hash, sign_event
from core.wire.kind import ReceiptNotice, ResultNotice, VersionNotice
from core.wire.payload import (
    CopyPayload,
    ResultPayload,
    encode_application,
    part_hashes,
    read_application,
)
from core.wire.receipt import Receipt, check_code, encode_receipt, open_receipt
from kiosk.desk.applications import application_of
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import encode_draft
from kiosk.session.gesture import (
    AreaLimitAnswered,
    CountyChosen,
    Declared,
    HeadChosen,
    IndigenousAnswered,
    ServiceYearsAnswered,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    Undone,
    VersionRestored,
    WentOn,
    WishAdded,
    WishMoved,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.page import (
    NOTICES_TEXTS,
    NOTICES_VERSION,
    CheckPage,
    ReceiptPage,
    Task,
    TasksPage,
)
from kiosk.session.record import Agreement, Delivery
from kiosk.session.self_check import SelfCheck
from kiosk.session.self_checking import SelfCheckAnswered, SelfCheckOpened
from kiosk.session.state import CardOut, SignedIn
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from tests.kiosk.machine import AMY, BEN, LOG_KEY, milliseconds, ready
from tests.kiosk.people import (
    CALENDAR,
    DEADLINE,
    HUALIEN,
    NOON,
    OWN,
    PASSWORD,
    PINGTUNG,
    TAITUNG,
    secret,
)

WISHES = ("133601", "143601", "133603")
SERVER = SigningKey(b"r" * 32)


@pytest.fixture
def machine(tmp_path):
    machine = ready(tmp_path)
    machine.first_use(AMY)
    return machine


def fill_in(machine, wishes=WISHES):
    """From the first notice to the last wish, keystroke by keystroke."""
    machine.tell(TaskOpened, task=Task.NOTICES)
    for _ in range(6):
        machine.tell(WentOn)
    for text in ("0", "03", "03-", "03-5123456"):
        machine.tell(TextTyped, place="phone1", text=text)
    machine.tell(TextTyped, place="email", text="amy@example.tw")
    machine.tell(WentOn)
    machine.tell(IndigenousAnswered, answer=False)
    machine.tell(WentOn)
    machine.tell(AreaLimitAnswered, answer="general")
    machine.tell(WentOn)
    machine.tell(ServiceYearsAnswered, answer=7)
    for _ in range(3):
        machine.tell(WentOn)
    machine.tell(CountyChosen, slot="a", county=PINGTUNG)
    machine.tell(CountyChosen, slot="b", county=TAITUNG)
    machine.tell(WentOn)
    for each in wishes:
        machine.tell(WishAdded, school=SchoolId(each))
    return machine.scene


def send(machine, password=None):
    machine.tell(TaskOpened, task=Task.CHECK)
    machine.tell(Declared, ticked=True)
    return machine.tell(SubmitAsked, password=password)


def sent_links(machine):
    links = machine.store.ledger.links(1, 200)
    return [link for link in links if link.event.kind in {"app.revise", "app.resolve"}]


def test_which_notices_were_agreed_to_is_signed_with_every_version(machine):
    before = milliseconds(machine.clock.now())
    fill_in(machine)
    machine.clock.forward(minutes=1)
    send(machine)

    body = sent_links(machine)[-1].event.body

    assert body["agreed"] == {
        "number": NOTICES_VERSION,
        "text": NOTICES_TEXTS[NOTICES_VERSION],
        "t": before,
    }
    assert machine.scene.record.current.agreed == Agreement(NOTICES_VERSION, before)


def test_a_draft_that_went_comes_back_from_the_version_with_what_was_agreed_to(machine):
    fill_in(machine)
    agreed = machine.scene.draft.answers.agreed_ms
    sent = send(machine)
    machine.end()
    with machine.store.transaction():
        machine.store.drafts.remove(sent.record.app)

    answers = machine.sign_in(AMY).draft.answers

    assert (answers.agreed_to, answers.agreed_ms) == (NOTICES_VERSION, agreed)


def test_a_draft_of_an_older_program_says_nothing_of_the_text_and_is_sent_all_the_same(machine):
    fill_in(machine)
    scene = machine.scene
    answers = replace(scene.draft.answers, agreed_to="")
    machine.talk.session = replace(
        machine.session, scene=replace(scene, draft=replace(scene.draft, answers=answers))
    )
    send(machine)

    assert "agreed" not in sent_links(machine)[-1].event.body
    assert machine.scene.record.current.agreed is None


def notice(machine, kind, body, payload=None):
    """What the daemon stores of the server's own log."""
    head = machine.store.inbox.head()
    event = Event(
        v=1,
        dev=machine.store.identity.read().device,
        inc=1,
        seq=head.seq + 1,
        prev=head.hash,
        kind=kind,
        t=int(machine.clock.now().timestamp() * 1000),
        m=0,
        boot=b"epoch--1",
        bcn=None,
        ref=(0, bytes(8)),
        who=Who(role="server", id=None),
        body=msgspec.to_builtins(body, builtin_types=(bytes,)),
        ph=None if payload is None else payload_hash(payload),
    )
    frame = sign_event(event, SERVER, payload)
    with machine.store.transaction():
        machine.store.inbox.store([Link(frame=frame, event=event, hash=frame.hash)])


def test_the_whole_path_makes_one_version_with_receipt_and_number(machine):
    fill_in(machine)

    scene = send(machine)

    (link,) = sent_links(machine)
    version = scene.page.version
    claim, wishes = read_application(link.frame.payload)
    assert isinstance(scene.page, ReceiptPage)
    assert (version.version, version.seq, version.hash) == (1, link.event.seq, link.hash)
    assert version.number == f"115E-0231-{link.event.seq:06}"
    assert version.check_code == check_code(link.hash)
    assert version.delivery is Delivery.STORED
    assert wishes.schools == WISHES
    assert (claim.teacher_name, claim.school, claim.service_years) == (AMY.name, OWN, 7)
    assert claim.national_id == AMY.profile.national_id.text
    assert claim.declared
    assert (link.event.body["claim"], link.event.body["wishes"]) == part_hashes(link.frame.payload)
    assert link.event.who == Who(role="teacher", id=scene.person.teacher)
    assert machine.store.outbox.pending() == machine.store.ledger.head().seq


def test_the_receipt_is_the_machines_signature_over_that_entry(machine):
    fill_in(machine)
    version = send(machine).page.version

    receipt = open_receipt(version.receipt, LOG_KEY.public)

    assert len(version.receipt) == 109
    assert (receipt.seq, receipt.event) == (version.seq, version.hash[:16])
    assert receipt.device == machine.store.identity.read().device[:8]
    assert receipt.minute == int(NOON.timestamp()) // 60


def test_the_two_parts_and_the_whole_have_salts_of_their_own(machine):
    fill_in(machine)
    send(machine)

    claim, wishes = read_application(sent_links(machine)[0].frame.payload)

    assert len({claim.salt, wishes.salt}) == 2


def test_every_keystroke_is_on_the_disk_when_the_power_fails(machine):
    before = fill_in(machine)

    machine.reopen()
    scene = machine.sign_in(AMY)

    assert scene.draft == before.draft
    assert scene.recovered
    assert scene.page == TasksPage(resumed=Task.WISHES)
    assert scene.draft.past
    assert machine.tell(Undone).draft.answers.wishes == WISHES[:-1]


def test_after_an_orderly_end_nothing_is_called_recovered(machine):
    fill_in(machine)
    machine.end()

    scene = machine.sign_in(AMY)

    assert not scene.recovered
    assert scene.draft.answers.wishes == WISHES
    assert scene.saved == machine.clock.now()


def test_a_second_version_names_the_first_and_keeps_the_claims_hash(machine):
    fill_in(machine)
    first = send(machine).page.version
    machine.clock.forward(minutes=1)
    machine.tell(TaskOpened, task=Task.WISHES)
    machine.tell(WishMoved, school=SchoolId("133603"), rank=1)

    second = send(machine).page.version

    one, two = sent_links(machine)
    assert (first.version, second.version) == (1, 2)
    assert two.event.body["parents"] == [one.hash]
    assert two.event.body["claim"] == one.event.body["claim"]
    assert two.event.body["wishes"] != one.event.body["wishes"]
    assert machine.scene.record.current == second
    assert [each.version for each in machine.scene.record.versions] == [1, 2]


def test_what_is_typed_after_sending_leaves_the_version_in_force_as_it_was(machine):
    fill_in(machine)
    sent = send(machine).page.version
    machine.clock.forward(minutes=1)
    machine.tell(TaskOpened, task=Task.WISHES)
    machine.tell(WishMoved, school=SchoolId("133603"), rank=1)
    machine.reopen()

    scene = machine.sign_in(AMY)

    assert scene.record.current.hash == sent.hash
    assert scene.record.current.wishes.schools == WISHES
    assert scene.draft.answers.wishes == ("133603", "133601", "143601")
    assert len(sent_links(machine)) == 1
    assert scene.saved > scene.record.current.submitted, "both have their time"


def test_another_claim_gets_another_hash(machine):
    fill_in(machine)
    send(machine)
    machine.tell(TaskOpened, task=Task.BASICS)
    machine.tell(TextTyped, place="phone2", text="0912345678")

    send(machine)

    one, two = sent_links(machine)
    assert two.event.body["claim"] != one.event.body["claim"]


def test_what_is_in_force_is_the_draft_after_sending_also_over_a_restart(machine):
    fill_in(machine)
    send(machine)
    machine.reopen()

    scene = machine.sign_in(AMY)

    assert scene.draft.past == ()
    assert scene.draft.answers.wishes == WISHES
    assert not scene.recovered
    assert send(machine).page.faults[0].code == "nothing_changed"


def test_without_a_stored_draft_the_version_in_force_is_the_draft(machine):
    fill_in(machine)
    send(machine)
    app = machine.scene.record.app
    machine.end()
    with machine.store.transaction():
        machine.store.drafts.remove(app)

    scene = machine.sign_in(AMY)

    assert scene.draft.answers.wishes == WISHES
    assert scene.saved is None


def test_a_draft_no_program_understands_gives_way_to_the_version_in_force(machine):
    fill_in(machine)
    send(machine)
    app = machine.scene.record.app
    machine.end()
    with machine.store.transaction():
        machine.store.drafts.save(app, b"\x80", machine.clock.moment())

    assert machine.sign_in(AMY).draft.answers.wishes == WISHES


def test_two_teachers_never_see_each_others_work(machine):
    fill_in(machine)
    machine.end()
    machine.first_use(BEN)

    scene = machine.scene

    assert scene.draft == Draft()
    assert scene.record.app != application_of(
        machine.store.identity.read(), scene.person, replace(scene.post, stage=Stage.JUNIOR)
    )


def test_after_ten_minutes_the_password_is_checked_again_by_the_desk(machine):
    fill_in(machine)
    machine.clock.forward(minutes=2)
    machine.tell(TaskOpened, task=Task.CHECK)
    machine.clock.forward(minutes=9)

    asked = send(machine)
    wrong = machine.tell(SubmitAsked, password=secret("wrong-one-1"))
    right = machine.tell(SubmitAsked, password=secret(PASSWORD))

    assert asked.page.password_wanted
    assert wrong.page.password_wrong
    assert isinstance(right.page, ReceiptPage)
    assert right.password_at == machine.clock.now()


def test_given_a_full_disk_when_sent_then_nothing_is_half_there_and_the_draft_stays(machine):
    fill_in(machine)
    machine.fill_the_disk()

    for number in range(100):  # the last pages have room for a few more versions
        before, head = len(sent_links(machine)), machine.store.ledger.head()
        machine.tell(TaskOpened, task=Task.BASICS)
        machine.tell(TextTyped, place="phone2", text=f"09123456{number:02}")
        failed = send(machine)
        if failed.alarm is not None:
            break

    assert failed.alarm == "full"
    assert failed.draft.answers.phone2 == f"09123456{number:02}"
    assert isinstance(failed.page, CheckPage)
    assert (len(sent_links(machine)), machine.store.ledger.head()) == (before, head)
    machine.empty_the_disk()
    assert isinstance(machine.tell(SubmitAsked).page, ReceiptPage)
    assert len(sent_links(machine)) == before + 1


def test_given_a_full_disk_when_typing_then_the_keystrokes_come_through_later(machine):
    fill_in(machine)
    machine.fill_the_disk()
    machine.tell(TaskOpened, task=Task.BASICS)

    texts = ["x" * number for number in range(40, 200, 8)]
    scenes = [machine.tell(TextTyped, place="phone2", text=each) for each in texts]
    assert scenes[-1].alarm == "full"
    machine.empty_the_disk()
    machine.wait(seconds=6)
    machine.reopen()

    assert machine.sign_in(AMY).draft.answers.phone2 == texts[-1]


def test_given_another_process_holding_the_store_when_sent_then_it_says_busy_and_works_after(
    machine,
):
    fill_in(machine)
    other = open_store(machine.path, b"k" * 32)

    with other.transaction():
        busy = send(machine)
    after = machine.tell(SubmitAsked)

    assert busy.alarm == "locked"
    assert isinstance(after.page, ReceiptPage)


def test_the_desk_holds_the_deadline_itself(machine):
    fill_in(machine)
    machine.tell(TaskOpened, task=Task.CHECK)
    machine.tell(Declared, ticked=True)
    late = replace(CALENDAR[0], closes=CALENDAR[0].closes)
    machine.publish(tuple(each for each in CALENDAR if each.name != late.name), version=2)

    assert machine.tell(SubmitAsked).alarm == "lists_missing"

    earlier = NOON - timedelta(hours=1)
    closed = tuple(
        replace(each, closes=earlier) if each.closes == DEADLINE and each.opens < earlier else each
        for each in CALENDAR
    )
    machine.publish(closed, version=3)
    assert machine.tell(SubmitAsked).alarm == "closed"


def test_the_desk_checks_again_against_the_newest_lists(machine):
    fill_in(machine)
    entry = next(each for each in machine.store.roster.all() if each.name == AMY.name)
    machine.tell(TaskOpened, task=Task.CHECK)
    machine.tell(Declared, ticked=True)
    with machine.store.transaction():
        machine.store.roster.add(replace(entry, subject="alchemy"))

    refused = machine.tell(SubmitAsked)

    assert refused.page.asked
    assert {each.code for each in refused.page.faults} >= {"subject_unknown"}
    assert sent_links(machine) == []


def test_given_the_card_pulled_while_sending_when_it_is_back_then_the_receipt_shows(machine):
    fill_in(machine)
    send(machine)

    out = machine.remove()
    back = machine.insert(AMY)

    assert isinstance(out, CardOut)
    assert AMY.name not in repr(out)
    assert isinstance(back, SignedIn)
    assert isinstance(back.page, ReceiptPage)


def test_sending_leaves_an_audit_line_with_a_number_and_no_name(machine):
    fill_in(machine)
    send(machine)

    row = next(
        each
        for each in machine.store.audit.newest(5)
        if each.code is AuditCode.APPLICATION_SUBMITTED
    )

    assert row.detail == str(machine.scene.page.version.seq)
    assert row.who == machine.scene.person.teacher


def test_when_the_servers_receipt_comes_then_the_open_page_knows(machine):
    fill_in(machine)
    version = send(machine).page.version
    machine.talk.catch_up()
    other = open_store(machine.path, b"k" * 32)
    receipt = encode_receipt(
        Receipt(
            device=machine.store.identity.read().device[:8],
            inc=1,
            seq=version.seq,
            event=version.hash[:16],
            minute=1,
            log_index=4711,
        ),
        machine.centre.receipt,
    )
    with other.transaction():
        other.outbox.mark_delivered(version.seq, 0)
        other.outbox.keep_receipt(version.seq, receipt)

    scene = machine.talk.catch_up().scene

    assert scene.page.version.delivery is Delivery.DELIVERED
    assert scene.page.version.log_index == 4711


def test_a_receipt_of_another_key_counts_for_nothing(machine):
    fill_in(machine)
    version = send(machine).page.version
    forged = encode_receipt(
        Receipt(device=bytes(8), inc=1, seq=version.seq, event=bytes(16), minute=1, log_index=1),
        SERVER,
    )
    machine.store.outbox.keep_receipt(version.seq, forged)
    machine.end()

    assert machine.sign_in(AMY).record.current.log_index is None


def test_an_unsent_version_is_not_called_delivered_because_the_machine_was_renewed(machine):
    """PROTOCOL 2.12: it counts as delivered when the server's receipt for it has come."""
    fill_in(machine)
    version = send(machine).page.version
    machine.end()
    with machine.store.transaction():
        machine.store.identity.write(replace(machine.store.identity.read(), inc=2))
    before = machine.sign_in(AMY).record.current.delivery
    machine.end()

    machine.store.outbox.settle((1, version.seq), b"receipt")

    after = machine.sign_in(AMY).record.current.delivery
    assert (before, after) == (Delivery.STORED, Delivery.DELIVERED)


def other_version(machine, parents, wishes, *, content=True):
    """A version of the same teacher, signed on another kiosk, as the server's notice brings it."""
    own = sent_links(machine)[-1]
    claim, old = read_application(own.frame.payload)
    payload = encode_application(claim, msgspec.structs.replace(old, schools=wishes), b"p" * 16)
    claim_hash, wishes_hash = part_hashes(payload)
    event = msgspec.structs.replace(
        own.event,
        dev=b"other-kiosk-0001",
        seq=5,
        t=own.event.t + 1000,
        body={
            **own.event.body,
            "version": 2,
            "parents": list(parents),
            "claim": claim_hash,
            "wishes": wishes_hash,
        },
        ph=payload_hash(payload),
    )
    frame = sign_event(event, SERVER, payload)
    copy = CopyPayload(salt=b"c" * 16, event=frame.event, payload=payload if content else None)
    notice(
        machine,
        "inbox.version",
        VersionNotice(app=own.event.body["app"], revision=frame.hash, version=2),
        to_wire(copy),
    )
    return frame.hash


def test_a_version_from_another_kiosk_in_sequence_is_the_one_in_force(machine):
    fill_in(machine)
    first = send(machine).page.version
    machine.end()
    newer = other_version(machine, [first.hash], ("143601",))

    scene = machine.sign_in(AMY)

    current = scene.record.current
    assert (current.hash, current.delivery) == (newer, Delivery.ELSEWHERE)
    assert current.wishes.schools == ("143601",)
    assert (current.number, current.receipt) == ("", b"")


def test_a_version_without_content_can_be_followed_but_not_restored(machine):
    fill_in(machine)
    first = send(machine).page.version
    machine.end()
    newer = other_version(machine, [first.hash], ("143601",), content=False)

    scene = machine.sign_in(AMY)
    said = machine.tell(VersionRestored, version=newer)

    assert scene.record.current.claim is None
    assert said.toast == "version_elsewhere"


def test_a_conflict_is_resolved_by_one_new_version_over_both(machine):
    fill_in(machine)
    first = send(machine).page.version
    machine.end()
    other = other_version(machine, [], ("143601",))

    scene = machine.sign_in(AMY)
    machine.tell(HeadChosen, version=other)
    done = send(machine)

    last = sent_links(machine)[-1].event
    assert scene.record.in_conflict
    assert scene.record.current is None
    assert last.kind == "app.resolve"
    assert set(last.body["parents"]) == {first.hash, other}
    assert last.body["version"] == 3
    assert done.record.current.wishes.schools == ("143601",)
    assert not done.record.in_conflict


def test_a_result_reaches_the_status_page(machine):
    fill_in(machine)
    app = send(machine).record.app
    result = ResultPayload(
        salt=b"q" * 16,
        moved=True,
        school="133601",
        subject="general",
        wish=1,
        phase="單調",
        explanation=("第 1 志願",),
    )
    notice(machine, "inbox.result", ResultNotice(app=app, run=b"u" * 32), to_wire(result))
    machine.end()

    record = machine.sign_in(AMY).record

    assert (record.result.moved, record.result.school, record.result.wish) == (True, "133601", 1)
    assert record.review is Review.WAITING


def test_a_notice_that_is_no_copy_is_left_alone(machine):
    fill_in(machine)
    version = send(machine).page.version
    machine.end()
    body = ReceiptNotice(seq=version.seq, hash=version.hash)
    notice(
        machine,
        "inbox.receipt",
        body,
        to_wire(CopyPayload(salt=b"c" * 16, event=b"x", payload=None)),
    )

    assert machine.sign_in(AMY).record.current.hash == version.hash


def test_two_machines_name_the_same_application_alike(machine, tmp_path):
    fill_in(machine)
    folder = tmp_path / "second"
    folder.mkdir()
    second = ready(folder)
    second.first_use(AMY)

    assert second.scene.record.app == machine.scene.record.app


def test_the_draft_on_the_disk_is_what_the_session_shows(machine):
    scene = fill_in(machine)

    row = machine.store.drafts.find(scene.record.app)

    assert row.content == encode_draft(scene.draft)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_no_version_holds_is_on_the_disk_after_sending_as_before(machine, withdrawn):
    fill_in(machine)
    machine.tell(CountyChosen, slot="b", county=HUALIEN)
    machine.tell(WentOn)
    machine.tell(TaskOpened, task=Task.POSTS)
    machine.tell(SelfCheckOpened)
    machine.tell(SelfCheckAnswered, place="semesters", answer=4)
    before = machine.scene.draft
    send(machine)
    if withdrawn:
        machine.tell(TaskOpened, task=Task.STATUS)
        machine.tell(WithdrawAsked)
        machine.tell(WithdrawConfirmed)
    scene = machine.scene
    row = machine.store.drafts.find(scene.record.app)
    machine.reopen()

    after = machine.sign_in(AMY).draft

    assert machine.scene.record.withdrawn == withdrawn
    assert row.content == encode_draft(scene.draft)
    assert before.answers.aside != ()
    assert (after.answers.aside, after.check) == (before.answers.aside, SelfCheck(semesters=4))
    assert after.answers.notices_read == before.answers.notices_read == 6
