"""``kill -9`` at any moment, on the real commands as processes (PROTOCOL 4.2)."""

from tests.faults.kills import kill_again_and_again
from tests.faults.power import memory_folder


def test_kiosk_daemon_and_server_are_killed_again_and_again_and_nothing_told_is_lost(seed):
    with memory_folder() as folder:
        case = kill_again_and_again(folder, seed, kills=24)

    assert case.violations == ()
    assert case.counts["kills"] >= 24
    assert case.counts["entries"] > 10
