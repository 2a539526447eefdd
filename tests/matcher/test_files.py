"""Files are read whole, written whole or not at all."""

import errno
import os
from importlib import resources

import pytest
import zstandard

from matcher.files.canon import encode
from matcher.files.disk import (
    BYTES_AT_MOST,
    OutputError,
    read_bytes,
    read_default_rules,
    read_problem,
    read_rules,
    write_bytes,
)
from matcher.files.refusal import FaultCode, RefusedFileError
from matcher.files.rulebook import DEFAULT, RingPhase, VacancyPhase


def refusal_of(path, limit=BYTES_AT_MOST):
    with pytest.raises(RefusedFileError) as refused:
        read_bytes(path, limit)
    (fault,) = refused.value.faults
    assert fault.file == str(path)
    return fault.code


def test_what_is_written_is_read_back_plain_and_packed(tmp_path):
    for name in ("a.json", "a.json.zst"):
        write_bytes(tmp_path / name, b"{}" * 1000)

        assert read_bytes(tmp_path / name) == b"{}" * 1000
    assert (tmp_path / "a.json.zst").stat().st_size < 100


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path):
    write_bytes(tmp_path / "a.json", b"old")
    write_bytes(tmp_path / "a.json", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert read_bytes(tmp_path / "a.json") == b"new"


def test_a_directory_that_is_missing_is_told(tmp_path):
    with pytest.raises(OutputError, match="No such file"):
        write_bytes(tmp_path / "nowhere" / "a.json", b"{}")


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    write_bytes(tmp_path / "a.json", b"old")

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_bytes(tmp_path / "a.json", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert read_bytes(tmp_path / "a.json") == b"old"


def test_what_is_not_there_or_not_packed_is_refused(tmp_path):
    (tmp_path / "a.json.zst").write_bytes(b"{}")

    assert refusal_of(tmp_path / "b.json") == FaultCode.UNREADABLE
    assert refusal_of(tmp_path / "a.json.zst") == FaultCode.UNREADABLE
    assert refusal_of(tmp_path) == FaultCode.UNREADABLE


def test_a_packed_file_that_is_cut_off_is_refused_by_what_is_missing(tmp_path):
    packed = zstandard.ZstdCompressor().compress(os.urandom(4000))
    (tmp_path / "a.json.zst").write_bytes(packed[:-500])

    with pytest.raises(RefusedFileError):
        read_problem(tmp_path / "a.json.zst")


def test_a_file_that_unpacks_to_more_than_the_limit_is_not_unpacked_further(tmp_path):
    limit = 3 * 2**20
    bomb = zstandard.ZstdCompressor().compress(b" " * 2**26)
    (tmp_path / "a.json.zst").write_bytes(bomb)
    (tmp_path / "a.json").write_bytes(b" " * (limit + 1))

    assert refusal_of(tmp_path / "a.json.zst", limit) == FaultCode.TOO_BIG
    assert refusal_of(tmp_path / "a.json", limit) == FaultCode.TOO_BIG


def test_the_default_rules_are_canonical_and_marked_as_an_example(tmp_path):
    rules = read_default_rules()
    write_bytes(tmp_path / "rules.json", encode(rules.document()))

    assert (rules.name, rules.source) == (DEFAULT, "範例")
    assert [phase.name for phase in rules.phases] == [
        *("indigenous", "single", "swap", "triangle", "ring")
    ]
    assert [type(phase) for phase in rules.phases] == [VacancyPhase] * 2 + [RingPhase] * 3
    assert read_rules(tmp_path / "rules.json") == rules
    packaged = resources.files("matcher.rules").joinpath(f"{DEFAULT}.json").read_bytes()
    assert packaged == (tmp_path / "rules.json").read_bytes()
