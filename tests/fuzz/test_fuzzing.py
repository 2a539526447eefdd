"""Whatever bytes come, they are refused or mean one thing (PROTOCOL 4.2): short runs.

The long one is ``python -m tests.soak fuzzing``.
"""

import base64
import signal

import pytest

from tests.fuzz.__main__ import unhurried
from tests.fuzz.corpus import BYTES_IN_ALL, FOLDER, LONGEST, kept
from tests.fuzz.runs import CONTROLS, fuzz
from tests.fuzz.seeds import seeds, words
from tests.fuzz.targets import FAULTY, TARGETS, OracleError, same

# As many inputs as fit into about a second; the kept ones are tried first.
RUNS = {
    "canon": 8000,
    "batch": 1500,
    "entry": 2500,
    "receipt": 6000,
    "document": 1500,
    "usb": 800,
    "card": 4000,
    "files": 1000,
}
# What long runs found once, and what it was.
FOUND = (
    ("files", b'"f:er[~":to:\xe7'),  # two faults; which of them is told depends on their distance
)


@pytest.mark.parametrize("name", TARGETS)
def test_every_kept_input_is_refused_or_means_one_thing(name):
    assert kept(name)

    for data in kept(name):
        TARGETS[name](data)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_once_is_refused_or_means_one_thing(name, data):
    TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run_finds_nothing(name, seed):
    run = fuzz(name, f"-seed={seed}", f"-runs={RUNS[name]}", words=words())

    assert run.crash is None, f"{base64.b64encode(run.crash).decode()}\n{run.said}"
    assert run.tried >= RUNS[name]
    assert run.reached


@pytest.mark.parametrize("name", CONTROLS)
def test_a_reader_with_a_fault_is_found_out(name, seed):
    # It ends with what it finds, by chance after ten thousand tries or after a hundred thousand.
    run = fuzz(name, f"-seed={seed}", "-runs=5000000", words=words(), start=CONTROLS[name])

    assert run.crash, run.said
    if name == "hungry":  # this process may have the room
        assert run.crash[0] > 0x80
        assert any(run.crash[1:2])
        return
    with pytest.raises((OracleError, ValueError)):
        FAULTY[name](run.crash)


def test_no_alarm_ends_the_process_before_what_was_found_is_written_down():
    def broken(data):
        raise OracleError(data)

    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        with pytest.raises(OracleError):
            unhurried(broken)(b"found")
        left = signal.getitimer(signal.ITIMER_REAL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)

    assert left == (0.0, 0.0)


def test_the_kept_inputs_are_few_and_hold_one_of_every_message():
    files = sorted(FOLDER.iterdir())

    assert [path.stem for path in files] == sorted(TARGETS)
    assert sum(path.stat().st_size for path in files) <= BYTES_IN_ALL
    for name, inputs in seeds().items():
        assert set(inputs) <= set(kept(name)), f"python -m tests.fuzz.seeds: {name}"
        assert all(len(data) <= LONGEST for data in kept(name))


def test_the_oracle_has_teeth():
    with pytest.raises(OracleError):
        same(b"one", b"other")
