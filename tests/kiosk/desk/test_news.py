"""What the kiosk hears of without asking, and what it does when it cannot ask (UX 4.8)."""

from datetime import UTC, datetime

import pytest

from core.wire.client import ClientState
from kiosk.session.answer import RecordChanged
from kiosk.session.device import LinkChanged, StationChanged
from kiosk.session.effect import Sound, Tone
from kiosk.session.station import LinkName
from kiosk.session.trail import Trace, TraceCode
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from syncd.store.link_state import LinkState, Sight
from tests.kiosk.desk.test_applications import fill_in, send
from tests.kiosk.machine import AMY, CLERK, STORE_KEY, Machine, ready
from tests.kiosk.people import CALENDAR, NOON, OWN


@pytest.fixture
def machine(tmp_path):
    return ready(tmp_path)


def daemon(machine):
    """The other process on the same file."""
    return open_store(machine.path, STORE_KEY)


def of_kind(machine, kind):
    return [each for each in machine.desk.news() if isinstance(each, kind)]


def test_a_machine_begins_with_all_it_knows(machine):
    station = machine.desk.begin().station

    assert (station.machine, station.season, station.school.id) == ("KH-0231", "115", OWN)
    assert station.has_officer
    assert station.calendar == CALENDAR
    assert station.reference_at == NOON
    assert station.contact == "王主任 分機 12"
    assert (station.link.name, station.link.pending) == (LinkName.OFFLINE, 2)


def test_nothing_new_is_told_twice(machine):
    machine.desk.news()

    assert machine.desk.news() == ()


@pytest.mark.parametrize(
    ("client", "offset_ms", "name"),
    [
        (ClientState.CURRENT, 0, LinkName.ONLINE),
        (ClientState.SENDING, None, LinkName.UPLOADING),
        (ClientState.OFFLINE, 0, LinkName.OFFLINE),
        (ClientState.WAITING, 0, LinkName.WAITING),
        (ClientState.CLOSED, 0, LinkName.CLOSED),
        (ClientState.STALE, 0, LinkName.STALE),
        (ClientState.FORKED, 31_000, LinkName.FORKED),
        (ClientState.SELF_ROLLBACK, 0, LinkName.SELF_ROLLBACK),
        (ClientState.REVOKED, 0, LinkName.REVOKED),
        (ClientState.UNENROLLED, 0, LinkName.OFFLINE),
        (ClientState.CURRENT, 31_000, LinkName.CLOCK),
        (ClientState.CURRENT, -31_000, LinkName.CLOCK),
    ],
)
def test_the_word_in_the_header_follows_the_daemon(machine, client, offset_ms, name):
    machine.desk.news()
    with daemon(machine) as store:
        store.link_state.write(LinkState(client=client, offset_ms=offset_ms))

        told = of_kind(machine, LinkChanged)

    if name is LinkName.OFFLINE:
        assert told == []
    else:
        assert told[0].link.name is name


def test_a_busy_centre_is_told_until_it_is_calm_again(machine):
    machine.desk.news()
    told = []
    for pace_ms in (1000, 1000, 0):
        with daemon(machine) as store:
            store.link_state.paced(pace_ms)
            told.append([each.link.busy for each in of_kind(machine, LinkChanged)])

    assert told == [[True], [], [False]]


def test_why_uploads_are_not_taken_is_told(machine):
    with daemon(machine) as store:
        store.link_state.write(LinkState(client=ClientState.WAITING, attention="upgrade"))

        (told,) = of_kind(machine, LinkChanged)

    assert (told.link.name, told.link.trouble) == (LinkName.BLOCKED, "upgrade")


def test_the_kiosks_time_is_the_servers(machine):
    with daemon(machine) as store:
        store.link_state.write(LinkState(client=ClientState.CURRENT, offset_ms=20_000))
        store.link_state.see(
            Sight(beacon=b"beacon-1", server_ms=1_777_000_000_000, seen=machine.clock.moment())
        )

        (told,) = of_kind(machine, LinkChanged)

    assert told.link.compared == datetime.fromtimestamp(1_777_000_000, UTC)
    assert (machine.clock.now() - NOON).total_seconds() == 20


def test_new_lists_and_officers_reach_the_screen(machine):
    machine.desk.news()
    machine.publish(CALENDAR[:1], version=2)
    with daemon(machine) as store:
        store.officers.remove(store.officers.all()[0].id)

        (told,) = of_kind(machine, StationChanged)

    assert told.station.calendar == CALENDAR[:1]
    assert told.station.reference.version == 2
    assert not told.station.has_officer


def test_news_of_the_open_application_are_told_until_she_leaves(machine):
    machine.first_use(AMY)
    fill_in(machine)
    version = send(machine).page.version
    machine.talk.catch_up()
    with daemon(machine) as store:
        with store.transaction():
            store.outbox.mark_delivered(version.seq, 0)
        heard = of_kind(machine, RecordChanged)
        machine.end()
        with store.transaction():
            store.outbox.mark_delivered(version.seq, version.seq)
        after = of_kind(machine, RecordChanged)

    assert [each.record.current.delivery for each in heard] == ["delivered"]
    assert after == []


def test_a_store_that_cannot_be_read_is_asked_again_later(machine):
    machine.desk.news()
    machine.store.close()
    machine.path.rename(machine.path.with_suffix(".away"))
    machine.path.mkdir()

    assert machine.desk.news() == ()
    machine.desk.note([Trace(code=TraceCode.CARD_READ)])


def test_audit_lines_of_the_session_reach_the_store(machine):
    machine.insert(AMY)
    machine.remove()

    codes = [row.code for row in machine.store.audit.newest(2)]

    assert codes == [AuditCode.CARD_REMOVED, AuditCode.CARD_READ]


def test_tones_are_handed_to_whoever_listens(tmp_path):
    machine = Machine(tmp_path)
    heard = []
    machine.talk = type(machine.talk)(machine.desk, heard.append)

    machine.insert(CLERK)

    assert heard == [Sound(Tone.ERROR)]


def test_everything_found_in_a_session_has_its_line(machine):
    machine.desk.note([Trace(code=code) for code in TraceCode])

    rows = machine.store.audit.newest(len(TraceCode))

    assert [row.code.value for row in reversed(rows)] == [code.value for code in TraceCode]
