"""A whole season on the real parts, with everything killed and cut while people work."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LIMIT_S = 900
LISTS = Path(__file__).parents[3] / "shared/data"


def season(*words: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "jiepin", "demo", "--headless", "--json", *words],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def real_lists() -> list[str]:
    """The ministry's lists as words of the command; without them its country is invented."""
    files = [LISTS / name for name in ("e1_new.csv", "114_basec.csv", "remote_113.csv")]
    return [word for each in files for word in ("--schools", str(each)) if each.exists()]


def test_a_season_with_outages_loses_doubles_and_invents_nothing(seed, real_lists):
    report = season(
        *("--seed", str(seed), "--kiosks", "3", "--teachers", "21", "--outages", *real_lists)
    )

    assert report["lost"] == report["duplicated"] == report["invented"] == report["forks"] == 0
    assert report["submitted"] == report["received"] >= 21
    assert report["refold_equal"]
    assert report["check_ok"]
    assert report["results_seen"] == 21


@pytest.mark.parametrize("words", [["--kiosks", "0"], ["--teachers", "1"]])
def test_a_country_that_cannot_be_is_a_usage_error(words):
    done = subprocess.run(
        [sys.executable, "-m", "jiepin", "demo", "--headless", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2


def running_in(folder: Path) -> list[str]:
    """The programs that have this folder among their words."""
    lines = [each / "cmdline" for each in Path("/proc").iterdir() if each.name.isdigit()]
    found = []
    for each in lines:
        with contextlib.suppress(OSError):  # it ended meanwhile
            words = each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found += [words] if str(folder) in words else []
    return found


def test_when_the_window_is_closed_no_program_of_the_country_goes_on(tmp_path):
    place = tmp_path / "country"
    words = ["demo", "--headless", "--kiosks", "1", "--teachers", "2", "--folder", str(place)]
    demo = subprocess.Popen([sys.executable, "-m", "jiepin", *words], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not list(place.glob("logs/enrol-*.log")):  # the server runs, a program is being started
        assert demo.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)

    demo.send_signal(signal.SIGHUP)

    assert demo.wait(60) == 128 + signal.SIGHUP
    assert running_in(place) == []
