"""In a rush entries are stored first and judged later; nothing is lost between (ADR 0020)."""

import asyncio

import pytest

from core.wire.ack import Verdict
from core.wire.kind import TeacherRegister
from server.judging import LAG_AT_MOST, is_behind
from server.season.freeze import plan_freeze, write_freeze
from server.season.run import read_rules
from server.store import tables
from server.terminal import RefusedError
from server.views.check import check_views
from tests.core.wire.messages import SALTED
from tests.fakes.device import Device, make_officer, make_teacher
from tests.server.log_of_a_season import Desk, Season
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS

SEASON = Season()
EVERYTHING = [arrival for chain in SEASON.chains() for arrival in chain]
TELLING = (tables.receipt, tables.inbox)


@pytest.fixture
def desk(store):
    """A desk that knows everybody."""
    desk = Desk(SEASON, store)
    desk.certify(*SEASON.devices, SEASON.officer, SEASON.late)
    return desk


def told(store):
    """What machines were told, without what is random in it."""
    with store.reading() as connection:
        receipts = [(row["eh"], row["log_index"]) for row in read_rows(connection, tables.receipt)]
        inbox = [(row["dev"], row["kind"]) for row in read_rows(connection, tables.inbox)]
    return sorted(receipts), sorted(inbox)


def levels(outcomes):
    return {level for outcome in outcomes for _, _, level in outcome.items}


class CrashError(Exception):
    """The process is gone before it could commit."""


def crash(desk):
    with desk.store.writing() as connection:
        desk.judge(connection)
        raise CrashError


def behind(store):
    with store.reading() as connection:
        return is_behind(connection)


def test_when_it_is_calm_the_answer_has_the_verdicts(desk, store):
    outcomes = desk.arrive(EVERYTHING)

    assert {Verdict.VALID, Verdict.REVIEW} <= levels(outcomes)
    assert not behind(store)


def test_in_a_rush_entries_are_stored_and_their_verdicts_follow(desk, store):
    desk.calm = False

    outcomes = desk.arrive(EVERYTHING)
    before, unjudged = desk.views(), behind(store)
    desk.judge_some()

    assert levels(outcomes) == {Verdict.STORED}
    assert (unjudged, behind(store)) == (True, False)
    assert not any(before.values())
    assert all(desk.views()[name] for name in ("verdict", "roster", "revision", "application"))
    receipts, inbox = told(store)
    assert len(receipts) == sum(kind == "inbox.receipt" for _, kind in inbox) == 12


def test_sent_again_later_an_entry_has_its_verdict(desk):
    desk.calm = False
    desk.arrive(EVERYTHING)
    desk.judge_some()

    again = desk.arrive(EVERYTHING)

    assert {Verdict.VALID, Verdict.REVIEW} <= levels(again)


def test_what_was_rejected_after_its_answer_is_told_with_the_next_one(store):
    season = Season()
    device = Device(season.centre)
    season.devices.append(device)
    number = len(season.devices) - 1
    device.add_boot()
    device.add("teacher.register", TeacherRegister(teacher=bytes(16)), payload=SALTED)
    device.add_boot()
    desk = Desk(season, store)
    desk.certify(device)

    desk.calm = False
    in_the_rush = desk.arrive([(number, 1), (number, 2)])
    desk.judge_some()
    desk.calm = True
    (after,) = desk.arrive([(number, 3)])

    assert levels(in_the_rush) == {Verdict.STORED}
    assert after.items == ((2, 2, Verdict.REJECTED), (3, 3, Verdict.STORED))


def test_given_a_crash_between_answer_and_verdict_then_a_new_server_goes_on(desk, store):
    desk.calm = False
    desk.arrive(EVERYTHING[:9])

    with pytest.raises(CrashError):
        crash(desk)
    lost = told(store)
    successor = Desk(SEASON, store)
    wanted = successor.judge.wanted
    successor.judge_some()
    first = told(store)
    successor.judge_some()

    assert lost == ([], [])
    assert wanted
    assert first[0]
    assert told(store) == first
    assert check_views(store).equal
    assert not successor.judge.wanted


def test_verdicts_of_a_rush_come_in_the_order_of_the_log_before_later_ones(desk, store):
    desk.calm = False
    desk.arrive(EVERYTHING[:9])
    desk.calm = True

    outcomes = desk.arrive(EVERYTHING[9:])

    assert {Verdict.VALID, Verdict.REVIEW} <= levels(outcomes)
    assert not behind(store)


def test_a_check_of_the_views_does_not_mind_verdicts_that_are_still_to_come(desk, store):
    desk.arrive(EVERYTHING[:9])
    desk.calm = False
    desk.arrive(EVERYTHING[9:])

    checked = check_views(store)

    assert checked.equal
    assert checked.entries == len(EVERYTHING)


def test_a_freeze_waits_for_every_verdict(desk, store):
    desk.calm = False
    desk.arrive(EVERYTHING)

    def freeze():
        with store.writing() as connection:
            plan = plan_freeze(connection, read_rules())
            write_freeze(connection, plan, by="host1", early=False, now_ms=FREEZE_MS)

    with pytest.raises(RefusedError) as early:
        freeze()
    with store.writing() as connection:
        desk.judge.finish(connection)
    with pytest.raises(RefusedError) as later:
        freeze()

    assert early.value.code == "unjudged"
    assert later.value.code == "nothing_to_freeze"


def test_verdicts_go_first_once_too_many_wait_for_theirs(desk):
    desk.calm = False
    desk.arrive(EVERYTHING[:1])

    before = (desk.judge.due, desk.judge.pressing)
    desk.judge._lag = LAG_AT_MOST + 1  # noqa: SLF001 - fifty thousand entries take too long

    assert before == (False, False)
    assert (desk.judge.due, desk.judge.pressing) == (True, True)


async def test_many_machines_at_once_all_get_their_verdicts(server):
    officer = make_officer(server.centre)
    devices = [Device(server.centre) for _ in range(24)]
    await server.enrol(officer, *devices)
    for number, device in enumerate(devices):
        device.register(make_teacher(number), officer)
        device.revise(make_teacher(number))

    await asyncio.gather(*(server.send(device) for device in devices))
    async with asyncio.timeout(20):
        while await server.read(is_behind):  # noqa: ASYNC110 - the writer tells nobody
            await asyncio.sleep(0.02)

    verdicts = await server.rows(tables.verdict)
    assert [row["verdict"] for row in verdicts] == [Verdict.VALID] * 48
    assert len(await server.rows(tables.receipt)) == 24
