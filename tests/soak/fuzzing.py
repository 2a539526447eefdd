"""Ten minutes of fuzzing, guided by coverage, for each reader of bytes (PROTOCOL 4.2).

What is new is left in a folder that is named at the end; ``python -m tests.fuzz.seeds FOLDER``
takes of it what reaches something new. A fault is printed as base 64 of its input.
"""

import base64
import hashlib
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.runs import CONTROLS, Run, fuzz
from tests.fuzz.seeds import words
from tests.fuzz.targets import TARGETS
from tests.soak.table import Budget, Row

NAME = "fuzzing"
SECONDS = 600
# What a busy machine still manages in that time; where curves and seals are computed, fewer.
WANTED = {
    "canon": 1_000_000,
    "batch": 200_000,
    "entry": 300_000,
    "receipt": 1_000_000,
    "document": 200_000,
    "usb": 100_000,
    "card": 500_000,
    "files": 100_000,
}
LONG = 70_000  # more than an entry may have
CONTROL_RUNS = 500_000


def run(budget: Budget) -> tuple[Row, ...]:
    """One row per target, and the readers with a fault, which have to be found out."""
    seconds = max(1, round(SECONDS * budget.share))
    with ThreadPoolExecutor(budget.processes) as pool:
        rows = pool.map(lambda name: _row(name, seconds, budget.seed), TARGETS)
        controls = pool.map(lambda name: _control(name, budget.seed), CONTROLS)
        return (*rows, *controls)


def _row(name: str, seconds: int, seed: int) -> Row:
    began = time.monotonic()
    # libFuzzer's seed 0 would be another one each time.
    ran = fuzz(
        *(name, f"-seed={seed + 1}", f"-max_total_time={seconds}"), words=words(), longest=LONG
    )
    if ran.crash is not None:
        sys.stderr.write(f"{ran.said}\n{name}: {base64.b64encode(ran.crash).decode()}\n")
    return Row(
        what=f"fuzz {name}",
        wanted=WANTED[name],
        done=ran.tried,
        violations=int(ran.crash is not None),
        seconds=time.monotonic() - began,
        note=f"{ran.reached} places reached, {_left(ran)}",
    )


def _left(ran: Run) -> str:
    """Where what was found lies."""
    if not ran.found:
        return "nothing new"
    folder = Path(tempfile.gettempdir()) / "jiepin-fuzz" / ran.name
    folder.mkdir(parents=True, exist_ok=True)
    for data in ran.found:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    return f"{len(ran.found)} new in {folder}"


def _control(name: str, seed: int) -> Row:
    began = time.monotonic()
    options = (f"-seed={seed + 1}", f"-runs={CONTROL_RUNS}")
    ran = fuzz(name, *options, words=words(), start=CONTROLS[name])
    return Row(
        what=f"a reader with a fault, {name}",
        wanted=1,
        done=ran.tried or 1,
        violations=int(ran.crash is not None),
        seconds=time.monotonic() - began,
        control=True,
    )
