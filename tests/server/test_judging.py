"""In a rush entries are stored first and judged later; nothing is lost between (ADR 0020)."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.wire.ack import Verdict
from core.wire.kind import TeacherRegister
from server.directory import Directory
from server.judging import LAG_AT_MOST, TRIES, is_behind
from server.season.freeze import plan_freeze, write_freeze
from server.season.run import read_rules
from server.store import tables
from server.store.season_tables import audit
from server.terminal import RefusedError
from server.views import fold
from server.views.check import check_views
from server.views.fold import judge_again
from server.views.judgement import NOT_JUDGED
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
    async with asyncio.timeout(60):
        while await server.read(is_behind):  # noqa: ASYNC110 - the writer tells nobody
            await asyncio.sleep(0.02)

    verdicts = await server.rows(tables.verdict)
    assert [row["verdict"] for row in verdicts] == [Verdict.VALID] * 48
    assert len(await server.rows(tables.receipt)) == 24


class Unreadable(Exception):  # noqa: N818 - whatever a fault in the server's own code raises
    """What nobody thought of."""


@pytest.fixture
def hard(monkeypatch):
    """Says of which entries judging fails, by hash."""
    hashes = set()
    real = fold.find

    def find(link, officer_key):
        if link.hash in hashes:
            raise Unreadable
        return real(link, officer_key)

    monkeypatch.setattr(fold, "find", find)
    return hashes


def a_version():
    """The hash of one that others come after."""
    links = (SEASON.devices[number].links[seq - 1] for number, seq in EVERYTHING)
    return [link.hash for link in links if link.event.kind == "app.revise"][2]


def place_of(store, eh):
    with store.reading() as connection:
        found = select(tables.event.c.log_index).where(tables.event.c.eh == eh)
        return connection.execute(found).scalar_one()


def verdict_of(store, eh):
    with store.reading() as connection:
        found = select(tables.verdict.c.verdict, tables.verdict.c.code)
        return tuple(connection.execute(found.where(tables.verdict.c.eh == eh)).one())


def audited(store):
    with store.reading() as connection:
        return [(row["code"], row["target"], row["after"]) for row in read_rows(connection, audit)]


def fails(desk):
    try:
        with desk.store.writing() as connection:
            desk.judge(connection)
    except Unreadable:
        return True
    return False


def test_an_entry_that_cannot_be_judged_is_stored_all_the_same(desk, store, hard):
    eh = a_version()
    hard.add(eh)

    outcomes = desk.arrive(EVERYTHING)

    assert levels(outcomes) >= {Verdict.STORED}
    assert sum(outcome.added for outcome in outcomes) == len(EVERYTHING)
    assert behind(store)


def test_an_entry_that_cannot_be_judged_is_set_aside_and_the_others_are_judged(desk, store, hard):
    eh = a_version()
    hard.add(eh)
    desk.calm = False
    desk.arrive(EVERYTHING)

    failed = [fails(desk) for _ in range(TRIES)]
    desk.judge_some()

    assert failed == [True] * TRIES
    assert not behind(store)
    assert verdict_of(store, eh) == (Verdict.REVIEW, NOT_JUDGED)
    assert audited(store) == [("entry_set_aside", str(place_of(store, eh)), "Unreadable")]
    assert desk.judge.set_aside == 1
    assert len(desk.views()["verdict"]) > 1
    assert check_views(store).equal


def test_what_was_set_aside_is_judged_when_a_server_starts_that_can(desk, store, hard):
    eh = a_version()
    hard.add(eh)
    desk.calm = False
    desk.arrive(EVERYTHING)
    with store.writing() as connection:
        desk.judge.finish(connection)
        desk.judge.begin(connection)
    before = (desk.judge.set_aside, told(store))

    hard.clear()
    with store.writing() as connection:
        desk.judge.begin(connection)

    assert before[0] == 1
    assert desk.judge.set_aside == 0
    assert verdict_of(store, eh) != (Verdict.REVIEW, NOT_JUDGED)
    assert len(told(store)[0]) == len(before[1][0]) + 1
    assert check_views(store).equal


def test_a_revocation_does_not_stumble_over_what_was_set_aside(desk, store, hard):
    eh = a_version()
    hard.add(eh)
    desk.calm = False
    desk.arrive(EVERYTHING)
    with store.writing() as connection:
        desk.judge.finish(connection)

        judge_again(connection, [device.id for device in SEASON.devices], Directory())

    assert verdict_of(store, eh) == (Verdict.REVIEW, NOT_JUDGED)


def test_a_fault_of_the_database_sets_nothing_aside(desk, store, monkeypatch):
    def broken(*_):
        raise OperationalError("", {}, Exception())

    desk.calm = False
    desk.arrive(EVERYTHING)
    monkeypatch.setattr(fold, "find", broken)

    for _ in range(TRIES + 2):
        with pytest.raises(OperationalError), store.writing() as connection:
            desk.judge(connection)

    assert audited(store) == []
    assert behind(store)
