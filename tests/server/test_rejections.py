"""A machine is told why an entry of its own is rejected: once, and when that changes (ADR 0041)."""

from itertools import permutations

import pytest

from core.wire.ack import Verdict
from core.wire.canon import from_wire, typed
from core.wire.event import Event, decode_frame
from core.wire.kind import BeaconSeen, TeacherRegister, VerdictNotice
from core.wire.rejection import Rejection
from server.console.text import FLAGS
from server.store.tables import inbox, verdict
from server.views.check import check_views
from tests.core.wire.messages import SALTED
from tests.fakes.device import Device, make_officer, make_teacher
from tests.server.log_of_a_season import Desk, Season
from tests.server.test_certificates import show
from tests.server.test_inbox import forged, links_of
from tests.server.test_revocation import revoke
from tests.server.test_verdicts import ELSEWHERE, told_of


async def test_the_machine_of_the_entry_alone_is_told_which_entry_and_why(server, centre):
    first, second = await forged(server, centre)

    link = (await links_of(server, centre, second))[-1]

    assert typed(link.event.body, VerdictNotice) == VerdictNotice(
        inc=1, seq=1, hash=second.head.hash, code="cosignature"
    )
    assert (link.event.ph, link.frame.payload) == (None, None), "nothing about anybody"
    assert await told_of(server, first) == []


async def test_an_entry_sent_again_is_told_once(server, centre):
    _, second = await forged(server, centre)

    await server.send(second)
    second.add_boot()
    await server.send(second, 2)

    assert len(await told_of(server, second)) == 1


async def test_a_rejection_by_a_list_that_came_later_is_told_and_when_it_no_longer_stands(
    server, centre
):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    version = device.revise(teacher)
    device.add("beacon", BeaconSeen(digest=bytes(32), t=server.clock.now_ms - 1_000))
    decided = device.decide(officer, version)
    await server.send(device)
    before = await told_of(server, device)

    dismissed = (officer.id, None, server.clock.now_ms - 2_000, "離職")
    await revoke(server, dismissed)
    rejected = await told_of(server, device)
    await revoke(server, dismissed, (bytes(16), None, 1, "遺失"), version=3, snapshot=2)
    unchanged = await told_of(server, device)
    await revoke(server, version=4, snapshot=3)

    assert before == []
    assert rejected == unchanged == [(decided.hash, "officer_revoked")]
    assert await told_of(server, device) == [*rejected, (decided.hash, None)]
    assert {row["verdict"] for row in await server.rows(verdict)} == {Verdict.VALID}


async def test_one_reason_after_another_is_told(server, centre):
    """A registration for a school that is not hers, by an officer dismissed before she made it."""
    device, officer = Device(centre), make_officer(centre)
    await server.enrol(device, officer)
    device.add("beacon", BeaconSeen(digest=bytes(32), t=server.clock.now_ms - 1_000))
    made = device.register(make_teacher(3), officer, school=ELSEWHERE)
    await server.send(device)

    await revoke(server, (officer.id, None, server.clock.now_ms - 2_000, "離職"))

    assert await told_of(server, device) == [(made.hash, "scope"), (made.hash, "officer_revoked")]


async def test_what_waited_for_an_officer_is_told_when_the_certificate_comes(server, centre):
    device, officer = Device(centre), make_officer(centre)
    await server.enrol(device)
    made = device.register(make_teacher(3), officer, school=ELSEWHERE)
    await server.send(device)
    waiting = await told_of(server, device)

    await show(server, officer.certificate)

    assert (waiting, await told_of(server, device)) == ([], [(made.hash, "scope")])


def test_the_console_has_words_for_every_reason():
    """What a `replay` carried has codes of its own, most of them of damaged bytes."""
    assert {*Rejection} - {Rejection.REPLAY} < FLAGS.keys()


SEASON = Season()
KIOSK = Device(SEASON.centre)
KIOSK.add("teacher.register", TeacherRegister(teacher=bytes(16)), payload=SALTED)
KIOSK.register(make_teacher(7), SEASON.late, school=ELSEWHERE)
SEASON.devices.append(KIOSK)
NUMBER = len(SEASON.devices) - 1
REST = [arrival for chain in SEASON.chains() for arrival in chain if arrival[0] != NUMBER]
STEPS = {
    "the rest": lambda desk: desk.arrive(REST),
    "the first": lambda desk: desk.arrive([(NUMBER, 1)]),
    "the second": lambda desk: desk.arrive([(NUMBER, 1), (NUMBER, 2)]),
}


@pytest.mark.parametrize("rush", [False, True])
@pytest.mark.parametrize("order", permutations(STEPS), ids=" then ".join)
def test_in_any_order_every_entry_that_is_rejected_was_told_once(store, order, rush):
    desk = Desk(SEASON, store)
    desk.certify(*SEASON.devices, SEASON.officer, SEASON.late)
    desk.calm = not rush

    for step in order:
        STEPS[step](desk)
    desk.judge_some()

    rows = {row["eh"]: row["code"] for row in desk.views()["verdict"] if row["verdict"] == 2}
    assert {rows[KIOSK.links[0].hash], rows[KIOSK.links[1].hash]} == {"payload_shape", "scope"}
    assert sorted(told_in(store)) == sorted(rows.items())
    assert check_views(store).equal


def told_in(store):
    """Entry and word, of every notice."""
    with store.reading() as connection:
        notices = connection.execute(inbox.select().where(inbox.c.kind == "inbox.verdict")).all()
    bodies = [from_wire(decode_frame(each.frame).event, Event).body for each in notices]
    return [(body["hash"], body["code"]) for body in bodies]
