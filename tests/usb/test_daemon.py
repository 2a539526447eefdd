"""What the running daemon makes of an answer that another process took in."""

import pytest

from core.wire.client import ClientState
from syncd.client import Client
from syncd.logbook import Logbook
from syncd.store.link_state import Carried, LinkState, Sight
from tests.syncd.centre import Centre
from tests.syncd.daemon import Daemon
from tests.syncd.machine import TestClock, append, enrolled_store

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
async def daemon(tmp_path):
    """A machine whose line leads nowhere."""
    with enrolled_store(tmp_path / "kiosk.db", Centre()) as store:
        async with Client("http://127.0.0.1:1") as client:
            yield Daemon(store, client, TestClock())


def carry(daemon, server_ms):
    with daemon.store.transaction():
        daemon.store.link_state.carry(Carried(server_ms=server_ms, seen=daemon.clock()))


async def stale(daemon):
    """Heard on the line once, then never again for four days."""
    sight = Sight(beacon=b"beacon-1", server_ms=daemon.clock.wall_ms, seen=daemon.clock())
    daemon.store.link_state.see(sight)
    await daemon.turn()
    daemon.clock.pass_ms(4 * DAY_MS)
    await daemon.turn()
    assert daemon.shown.client is ClientState.STALE


async def test_a_beacon_by_stick_ends_the_stale_state_by_its_own_age(daemon):
    """PROTOCOL 2.7: stale is left by a beacon by any path."""
    await stale(daemon)

    carry(daemon, daemon.clock.wall_ms - 2 * HOUR_MS)
    await daemon.turn()
    offline = daemon.shown.client
    carry(daemon, daemon.clock.wall_ms - HOUR_MS // 2)
    await daemon.turn()

    assert offline is ClientState.OFFLINE
    assert daemon.shown.client is ClientState.WAITING


async def test_no_clock_is_set_by_a_beacon_that_was_under_way(daemon):
    await stale(daemon)
    offset, sight = daemon.shown.offset_ms, daemon.store.link_state.sight()

    carry(daemon, daemon.clock.wall_ms - 2 * HOUR_MS)
    await daemon.turn()

    assert (daemon.shown.offset_ms, daemon.store.link_state.sight()) == (offset, sight)
    assert append(daemon.store, moment=daemon.clock()).event.bcn[0] == b"beacon-1"
    assert daemon.kinds().count("clock.step") == 0


async def test_an_answer_that_stopped_the_log_stops_the_running_daemon(daemon):
    await daemon.turn()
    daemon.store.link_state.write(LinkState(client=ClientState.FORKED, attention="forked"))
    carry(daemon, daemon.clock.wall_ms)
    kinds = daemon.kinds()

    await daemon.turn()
    await daemon.pass_ms(HOUR_MS, step_ms=HOUR_MS // 4)

    assert daemon.talk.standing.stop is ClientState.FORKED
    assert daemon.shown.client is ClientState.FORKED
    assert daemon.kinds() == kinds


async def test_a_turn_that_was_under_way_does_not_write_over_the_stop(daemon):
    await daemon.turn()
    running = daemon.talk.standing
    stopped = LinkState(client=ClientState.REVOKED, attention="revoked")
    daemon.store.link_state.write(stopped)

    Logbook(daemon.talk._kit).state(running, 0)  # noqa: SLF001

    assert daemon.shown.client is ClientState.REVOKED


@pytest.mark.parametrize(("boot", "age"), [(b"boot---1", 3 * HOUR_MS), (b"boot---2", 7 * HOUR_MS)])
def test_the_age_of_a_carried_beacon_counts_from_when_it_was_made(boot, age):
    clock = TestClock()
    carried = Carried(server_ms=clock.wall_ms - 2 * HOUR_MS, seen=clock())
    later = TestClock(
        wall_ms=clock.wall_ms + 5 * HOUR_MS, boot_ms=clock.boot_ms + HOUR_MS, boot_id=boot
    )

    assert carried.age_ms(later()) == age
