"""The power goes at any write: what people were told is on the disk (PROTOCOL 4.2, I1, I2)."""

import random

import pytest

from tests.faults.disk import Disk, images
from tests.faults.power import cut_power, memory_folder
from tests.faults.server_work import ServerJudge
from tests.faults.shim import build_shim
from tests.faults.trace import Create, FlushBegins, FlushEnds, Mark, Unlink, Write, record


def test_a_record_rebuilt_whole_is_the_file_that_was_written(seed):
    with memory_folder() as scratch:
        trace = record("tests.faults.work", build_shim(scratch), scratch, seed, 10, "FULL")
        disk = Disk()
        for operation in trace:
            disk.apply(operation)
        found = {
            path.name: path.read_bytes()
            for path in (scratch / "recorded").iterdir()
            if not path.name.endswith("-shm")
        }

        assert disk.everything() == found
        assert {type(each) for each in trace} >= {Write, Create, Unlink, FlushEnds, Mark}


def test_wherever_the_power_goes_nothing_that_was_told_is_lost(seed):
    case = cut_power(random.Random(seed), acts=7, variants=1)  # noqa: S311 - replayable

    assert case.violations == ()
    assert case.counts["images"] > 250


def test_wherever_the_servers_power_goes_nothing_acknowledged_is_lost(seed):
    """I4, on SQLite; PostgreSQL's own tests stand for the other."""
    rng, program = random.Random(seed), "tests.faults.server_work"  # noqa: S311 - replayable

    case = cut_power(rng, acts=2, variants=1, program=program, judge=ServerJudge())

    assert case.violations == ()
    assert case.counts["images"] > 50


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_store_that_does_not_flush_at_each_commit_is_seen_losing_what_was_told(synchronous, seed):
    """Negative control: a harness that sees no loss here is blind."""
    rng = random.Random(seed)  # noqa: S311 - replayable

    case = cut_power(rng, acts=8, variants=0, synchronous=synchronous)

    assert case.counts["bad"] > 0
    assert case.violations


def test_a_server_that_never_flushes_is_seen_losing_what_it_acknowledged(seed):
    """Negative control, as for the kiosk's store."""
    rng, program = random.Random(seed), "tests.faults.server_work"  # noqa: S311 - replayable

    case = cut_power(rng, 2, 0, "OFF", program=program, judge=ServerJudge())

    assert case.counts["bad"] > 0
    assert case.violations


def test_what_was_not_flushed_may_be_there_or_not_and_what_was_is():
    """The disk itself, by a case small enough to write down."""
    trace = (
        Create("a"),
        Write("a", 0, b"first"),
        FlushBegins("a", 1),
        Write("a", 0, b"FIRST"),
        FlushEnds("a", 1),
        FlushBegins("/", 1),
        FlushEnds("/", 1),
        Mark(b"told"),
        Write("a", 5, b"second"),
    )

    found = list(images(trace, random.Random(1), 60))  # noqa: S311 - the same each time

    after = {image.files["a"] for image in found if image.at == 8}
    told = [image for image in found if image.told]
    before = {image.files.get("a") for image in found if image.at == 1}
    assert before == {None, b"", b"first"}
    assert {b"firstsecond", b"FIRSTsecond", b"FIRST", b"first"} <= after
    assert all("a" in image.files for image in told)


def test_a_write_may_be_torn_at_the_sectors_of_the_disk():
    trace = (Create("a"), FlushBegins("/", 1), FlushEnds("/", 1), Write("a", 500, b"x" * 1000))

    found = list(images(trace, random.Random(1), 300))  # noqa: S311 - the same each time

    torn = {image.files["a"] for image in found if image.at == 3 and image.how == "torn"}
    whole, none = bytes(500) + b"x" * 1000, b""
    assert {whole, none, bytes(500) + b"x" * 12, bytes(512) + b"x" * 512} <= torn
    assert bytes(500) + b"x" * 13 not in torn
