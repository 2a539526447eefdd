"""Files are read whole, written whole or not at all."""

import errno
import os
from importlib import resources
from itertools import chain
from pathlib import Path

import pytest
import zstandard

from matcher.files.canon import encode, identity
from matcher.files.disk import (
    OutputError,
    read_bytes,
    read_default_rules,
    read_placement,
    read_problem,
    read_rules,
    write_bytes,
    write_pieces,
)
from matcher.files.problem import stream_problem
from matcher.files.refusal import FaultCode, RefusedFileError
from matcher.files.rulebook import DEFAULT, RingPhase, VacancyPhase
from matcher.files.source import BYTES_AT_MOST, open_source

NOBODY = 65534


def refusal_of(path, limit=BYTES_AT_MOST, read=read_bytes):
    with pytest.raises(RefusedFileError) as refused:
        read(path, limit) if read is read_bytes else read(path)
    (fault,) = refused.value.faults
    assert (fault.file, fault.path) == (str(path), "$")
    return fault.code


@pytest.mark.parametrize("read", [read_problem, read_placement, read_rules])
def test_a_refusal_names_the_file(tmp_path, read):
    path = tmp_path / "a.json"
    path.write_bytes(b"")

    assert refusal_of(path, read=read) == FaultCode.EMPTY_FILE


def test_a_rule_file_is_no_longer_than_rules_are(tmp_path):
    rules = encode(read_default_rules().document())
    (tmp_path / "a.json").write_bytes(rules.ljust(2**20))
    (tmp_path / "b.json").write_bytes(rules.ljust(2**20 + 1))

    assert read_rules(tmp_path / "a.json") == read_default_rules()
    assert refusal_of(tmp_path / "b.json", read=read_rules) == FaultCode.TOO_BIG


def test_what_is_written_is_read_back_plain_and_packed(tmp_path):
    for name in ("a.json", "a.json.zst"):
        write_bytes(tmp_path / name, b"{}" * 1000)

        assert read_bytes(tmp_path / name) == b"{}" * 1000
    assert (tmp_path / "a.json.zst").stat().st_size < 100


def test_how_the_pieces_come_changes_nothing(tmp_path):
    data = os.urandom(2**20) + b"0123456789" * 2**18
    whole = write_pieces(tmp_path / "a.zst", (data,))
    bits = write_pieces(tmp_path / "b.zst", (data[n : n + 999] for n in range(0, len(data), 999)))

    assert whole == bits == identity(data)
    assert (tmp_path / "a.zst").read_bytes() == (tmp_path / "b.zst").read_bytes()
    assert read_bytes(tmp_path / "a.zst") == data


def test_pieces_that_stop_coming_leave_nothing(tmp_path):
    def pieces():
        yield b"x" * 2**21
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pieces(tmp_path / "a.json", pieces())

    assert list(tmp_path.iterdir()) == []


def test_writing_replaces_the_file_and_leaves_nothing_else(tmp_path):
    write_bytes(tmp_path / "a.json", b"old")
    write_bytes(tmp_path / "a.json", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert read_bytes(tmp_path / "a.json") == b"new"


def test_a_directory_that_is_missing_is_told(tmp_path):
    path = tmp_path / "nowhere" / "a.json"

    with pytest.raises(OutputError, match=f"^{path}: No such file or directory$"):
        write_bytes(path, b"{}")


def test_what_is_no_ordinary_file_is_not_written_over(tmp_path):
    with pytest.raises(OutputError, match=f"^{tmp_path}: not an ordinary file$"):
        write_bytes(tmp_path, b"{}")


def test_links_in_a_circle_are_told(tmp_path):
    (tmp_path / "a.json").symlink_to(tmp_path / "b.json")
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")

    with pytest.raises(OutputError) as told:
        write_bytes(tmp_path / "a.json", b"{}")

    assert str(told.value).startswith(f"{tmp_path / 'a.json'}: ")


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

    assert refusal_of(tmp_path / "b.json") == FaultCode.NO_FILE
    assert refusal_of(tmp_path / "a.json.zst") == FaultCode.BAD_PACKING


def test_a_refusal_says_what_the_machine_said(tmp_path):
    missing, packed, large = (tmp_path / name for name in ("a.json", "b.zst", "c.json"))
    packed.write_bytes(b"{}")
    large.write_bytes(b"{}   ")
    told = {}
    for path in (missing, packed, large):
        with pytest.raises(RefusedFileError) as refused:
            read_bytes(path, 4)
        told[path] = str(refused.value)

    assert told[missing] == f"{missing}: $: no_file"
    assert told[packed].startswith(f"{packed}: $: bad_packing: zstd decompressor error: ")
    assert told[large] == f"{large}: $: too_big: > 4"
    large.write_bytes(b"{}  ")
    assert read_bytes(large, 4) == b"{}  "
    packed.write_bytes(zstandard.ZstdCompressor().compress(b" " * 5000))
    with pytest.raises(RefusedFileError, match=f"^{packed}: \\$: too_big: > 4999$"):
        read_bytes(packed, 4999)
    assert read_bytes(packed, 5000) == b" " * 5000
    with pytest.raises(RefusedFileError, match=f"^{tmp_path}: \\$: not_a_file$"):
        read_bytes(tmp_path)


def test_what_is_no_ordinary_file_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")

    assert refusal_of(tmp_path / "pipe.json") == FaultCode.NOT_A_FILE
    assert refusal_of(Path("/dev/zero")) == FaultCode.NOT_A_FILE
    assert refusal_of(tmp_path) == FaultCode.NOT_A_FILE


def test_a_file_one_may_not_read_is_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "a.json").chmod(0)
    me = os.geteuid()
    os.seteuid(me or NOBODY)  # the superuser may read everything
    try:
        with pytest.raises(RefusedFileError) as refused:
            read_bytes(tmp_path / "a.json")
    finally:
        os.seteuid(me)

    assert str(refused.value) == f"{tmp_path / 'a.json'}: $: unreadable: Permission denied"


@pytest.mark.parametrize("more", [b" ", b"{", b""])
def test_a_file_that_is_written_to_while_it_is_read_is_refused_for_that(tmp_path, more):
    path = tmp_path / "a.json"
    path.write_bytes(b'{"format":' + b" " * 3 * 2**20 + b"1}")

    def read_while_somebody_writes():
        with open_source(path) as source:
            chunks = source.chunks()
            first = next(chunks)
            path.write_bytes(path.read_bytes()[: 2**21] + more)
            os.utime(path, ns=(1, 1))
            stream_problem(chain((first,), chunks), str(path))

    with pytest.raises(RefusedFileError) as refused:
        read_while_somebody_writes()

    assert [fault.code for fault in refused.value.faults] == [FaultCode.CHANGED]


@pytest.mark.parametrize("gone", [1, 4, 500, 2900])
def test_a_packed_file_that_is_cut_off_is_refused_for_that(tmp_path, gone):
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(
        encode({"format": os.urandom(3000).hex()})
    )
    (tmp_path / "a.json.zst").write_bytes(packed[:-gone])

    assert refusal_of(tmp_path / "a.json.zst") == FaultCode.CUT_OFF
    with pytest.raises(RefusedFileError, match="cut_off"):
        read_problem(tmp_path / "a.json.zst")


@pytest.mark.parametrize("behind", [b"x", b"x" * 5000])
def test_a_packed_file_with_something_behind_its_end_is_refused(tmp_path, behind):
    packed = zstandard.ZstdCompressor().compress(b"{}")
    (tmp_path / "a.json.zst").write_bytes(packed + behind)

    assert refusal_of(tmp_path / "a.json.zst") == FaultCode.BAD_PACKING


def test_a_packed_file_that_asks_for_much_memory_is_refused(tmp_path):
    large = zstandard.ZstdCompressionParameters(window_log=28, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=large).compressobj()
    packed = packer.compress(b"{}" * 2**20) + packer.flush()
    (tmp_path / "a.json.zst").write_bytes(packed)

    assert refusal_of(tmp_path / "a.json.zst") == FaultCode.BAD_PACKING


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
