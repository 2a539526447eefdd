"""What a killed run leaves behind is removed by the next, and nothing else is."""

import fcntl
import os
import signal
import subprocess
import sys

import pytest

from matcher.files.output import write_bytes, write_together


@pytest.fixture
def gone():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


KILLED = """
import os, signal, sys
from pathlib import Path
from matcher.files.output import write_together

def pieces():
    yield b"half"
    os.kill(os.getpid(), signal.SIGKILL)

write_together({Path(sys.argv[1]): pieces()})
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_run_left_is_gone_after_the_next(tmp_path):
    target = tmp_path / "placement.json"
    killed = subprocess.run([sys.executable, "-c", KILLED, target], check=False)
    (left,) = names(tmp_path)

    write_bytes(target, b"whole")

    assert killed.returncode == -signal.SIGKILL
    assert left.startswith(".jiepin-")
    assert names(tmp_path) == ["placement.json"]


def test_what_another_run_is_writing_stays(tmp_path):
    def pieces():
        yield b"a"
        write_bytes(tmp_path / "other.json", b"b")
        yield b"c"

    write_together({tmp_path / "one.json": pieces()})

    assert (tmp_path / "one.json").read_bytes() == b"ac"
    assert names(tmp_path) == ["one.json", "other.json"]


def test_what_is_being_written_is_hidden_under_the_number_of_its_process(tmp_path):
    seen = []

    def pieces():
        seen.extend(names(tmp_path))
        yield b"a"

    write_together({tmp_path / "one.json": pieces()})

    (hidden,) = seen
    assert hidden.startswith(f".jiepin-{os.getpid()}-")


def test_only_files_of_ours_whose_process_is_gone_are_removed(tmp_path, gone):
    strangers = [
        ".jiepin-demo",
        f".jiepin-{gone}",
        f".jiepin-{gone}-x.json",
        ".jiepin-0-x",
        f".jiepin-{'9' * 30}-x",
        f".jiepin-{os.getpid()}-x",
        ".jiepin-1-x",  # the first process runs always, and may be somebody else's
        f"jiepin-{gone}-x",
    ]
    for name in strangers:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / f".jiepin-{gone}-folder").mkdir()
    (tmp_path / f".jiepin-{gone}-link").symlink_to(tmp_path / ".jiepin-demo")
    (tmp_path / f".jiepin-{gone}-left").write_bytes(b"")

    write_bytes(tmp_path / "x", b"")

    kept = [*strangers, f".jiepin-{gone}-folder", f".jiepin-{gone}-link", "x"]
    assert names(tmp_path) == sorted(kept)


def test_a_file_that_somebody_holds_stays(tmp_path, gone):
    held = tmp_path / f".jiepin-{gone}-held"
    with held.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        write_bytes(tmp_path / "x", b"")

        assert held.exists()


def test_a_process_that_may_not_be_asked_is_taken_to_be_running(tmp_path, gone, monkeypatch):
    left = tmp_path / f".jiepin-{gone}-left"
    left.write_bytes(b"")

    def refused(_process, _signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refused)
    write_bytes(tmp_path / "x", b"")

    assert left.exists()
