"""A log on disk: whole lines, held by one operator, and the file named when the disk refuses."""

import errno
import fcntl
import os
import re
import stat

import pytest

from matcher.commands import logbook
from matcher.files.disk import OutputError

NO_ROOM = "No space left on device"


def named(path, why=NO_ROOM):
    """What is said of a file that cannot be written."""
    return f"^{re.escape(str(path))}: {why}$"


def full(*_):
    raise OSError(errno.ENOSPC, NO_ROOM)


def begun(folder):
    path = folder / "log"
    logbook.create(path, b"first\n")
    return path


def test_a_log_may_be_read_by_everybody_and_written_by_its_owner(tmp_path):
    before = os.umask(0)
    try:
        path = begun(tmp_path)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_log_is_begun_once(tmp_path):
    path = begun(tmp_path)

    with pytest.raises(OutputError, match=named(path, "File exists")):
        logbook.create(path, b"second\n")

    assert path.read_bytes() == b"first\n"


def test_a_disk_that_fills_up_leaves_no_part_of_a_line(tmp_path, monkeypatch):
    path = begun(tmp_path)
    write = os.write

    def filling(number, data):
        if len(data) < 6:
            full()
        return write(number, data[:4])

    with logbook.opened(path) as book:
        monkeypatch.setattr(os, "write", filling)
        with pytest.raises(OutputError, match=named(path)):
            book.append(b"second\n")
        monkeypatch.undo()
        book.append(b"third\n")
        assert book.data == b"first\nthird\n"

    assert path.read_bytes() == b"first\nthird\n"


def test_a_disk_that_is_gone_altogether_is_told_as_what_it_was_first(tmp_path, monkeypatch):
    path = begun(tmp_path)

    def gone(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", full)
    monkeypatch.setattr(os, "ftruncate", gone)

    with logbook.opened(path) as book, pytest.raises(OutputError, match=named(path)):
        book.append(b"second\n")


def test_an_unfinished_line_that_cannot_be_removed_is_told(tmp_path, monkeypatch):
    path = begun(tmp_path)
    monkeypatch.setattr(os, "ftruncate", full)

    with logbook.opened(path) as book, pytest.raises(OutputError, match=named(path)):
        book.cut(3)


def test_what_is_cut_off_is_gone_from_the_file_and_from_what_was_read(tmp_path):
    path = begun(tmp_path)

    with logbook.opened(path) as book:
        book.cut(3)
        book.append(b"e\n")

    assert path.read_bytes() == book.data == b"fire\n"


def test_a_log_that_cannot_be_begun_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "write", full)

    with pytest.raises(OutputError, match=named(tmp_path / "log")):
        logbook.create(tmp_path / "log", b"first\n")

    assert list(tmp_path.iterdir()) == []


def test_a_log_that_is_not_there_cannot_be_opened(tmp_path):
    path = tmp_path / "log"

    with (
        pytest.raises(OutputError, match=named(path, "No such file or directory")),
        logbook.opened(path),
    ):
        pass


def test_a_disk_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    path = begun(tmp_path)
    monkeypatch.setattr(os, "dup", full)

    with pytest.raises(OutputError, match=named(path)), logbook.opened(path):
        pass


def test_a_log_longer_than_any_roll_call_is_not_read_in_part_and_cut(tmp_path, monkeypatch):
    path = begun(tmp_path)
    size = path.stat().st_size

    monkeypatch.setattr(logbook, "BYTES_AT_MOST", size)
    with logbook.opened(path) as book:
        assert book.data == b"first\n"

    monkeypatch.setattr(logbook, "BYTES_AT_MOST", size - 1)
    with pytest.raises(OutputError, match=named(path, "File too large")), logbook.opened(path):
        pass
    assert path.read_bytes() == b"first\n"


def test_two_operators_never_write_at_once(tmp_path):
    path = begun(tmp_path)

    with logbook.opened(path), path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
