"""One recorded run of the store, and every disk the power may leave behind during it."""

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.faults.disk import Image, images
from tests.faults.judgement import Judge
from tests.faults.shim import build_shim
from tests.faults.trace import record
from tests.soak.spread import Case

MEMORY = Path("/dev/shm")  # noqa: S108 - thousands of files a second, none of which has to last
ROOM_BYTES = 512 * 1024 * 1024


class Judging(Protocol):
    """Says what is wrong with the files in a folder, given what people had been told."""

    def judge(self, folder: Path, told: bytes) -> str | None:
        """None when nothing is."""


def cut_power(  # noqa: PLR0913 - what is recorded, how, and how thoroughly
    rng: random.Random,
    acts: int,
    variants: int,
    synchronous: str = "FULL",
    *,
    program: str = "tests.faults.work",
    judge: Judging | None = None,
) -> Case:
    """Record ``acts`` acts and judge every image of them."""
    seed = rng.getrandbits(32)
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with memory_folder() as scratch:
        trace = record(program, build_shim(scratch), scratch, seed, acts, synchronous)
        judge = judge or Judge()
        for image in images(trace, rng, variants):
            counts["images"] += 1
            counts[image.how] += 1
            if found := judge.judge(put_down(image, scratch / "image"), image.told):
                counts["bad"] += 1
                violations.append(f"{image.how} at {image.at} of seed {seed}: {found}")
    return Case(tuple(violations[:3]), counts)


def put_down(image: Image, folder: Path) -> Path:
    """The image as files."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in image.files.items():
        (folder / name).write_bytes(content)
    return folder


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder in memory where there is such a thing, with room enough."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="jiepin-", dir=MEMORY if roomy else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
