"""A whole season on the real parts, with everything killed and cut while people work."""

import json
import subprocess
import sys

import pytest

LIMIT_S = 900


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


def test_a_season_with_outages_loses_doubles_and_invents_nothing(seed):
    report = season("--seed", str(seed), "--kiosks", "3", "--teachers", "21", "--outages")

    assert report["lost"] == report["duplicated"] == report["invented"] == report["forks"] == 0
    assert report["submitted"] == report["received"] >= 21
    assert report["refold_equal"]
    assert report["check_ok"]
    assert report["results_seen"] == 21


def test_a_season_on_the_real_school_lists(shared_data):
    lists = [str(shared_data / name) for name in ("e1_new.csv", "114_basec.csv", "remote_113.csv")]
    words = [word for each in lists for word in ("--schools", each)]

    report = season("--seed", "2", "--kiosks", "2", "--teachers", "12", *words)

    assert report["submitted"] == report["received"] >= 12
    assert report["check_ok"]


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
