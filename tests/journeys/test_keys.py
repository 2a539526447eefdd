"""No key loses work: any keys at a real kiosk, ``kill -9``, and the draft is the last one shown.

``make soak`` presses ten thousand sequences of them (``tests/soak/keys.py``).
"""

import json
import subprocess
import sys

from tests.journeys.tmux import ROOT

SEQUENCES = 8
STATIONS_AT_MOST = 6


def pressed(seed: int, sequences: int, *more: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.keyboard", str(seed), str(sequences), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_whatever_is_pressed_before_a_kill_the_draft_on_the_disk_is_the_last_one_shown(seed):
    # Where the first keys send the application nothing may be left to edit: then another station.
    for station in range(STATIONS_AT_MOST):
        found = pressed(seed + station, SEQUENCES)
        assert found["wrong"] == []
        assert found["counts"]["sequences"] == SEQUENCES
        if found["counts"]["edits"]:
            break

    assert found["counts"]["edits"] > 0


def test_a_kiosk_that_says_saved_before_it_is_is_caught():
    """The negative control: a judge that finds nothing here is blind."""
    found = pressed(2, 4, "hasty")

    assert found["wrong"]
