"""The kept inputs of each target: one line of base 64 each, so that a change shows in a review.

``python -m tests.fuzz.seeds [FOLDER]`` takes in what a long run left under FOLDER/TARGET: of all
inputs those stay, smallest first, that reach something the ones before did not; and the first
inputs always.
"""

import base64
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.targets import TARGETS

FOLDER = Path(__file__).with_name("corpus")
BYTES_IN_ALL = 300 * 1024
LONGEST = 4096
WATCHED = ("core/wire", "core/card", "matcher/files")


def kept(name: str) -> tuple[bytes, ...]:
    """The inputs of a target, smallest first."""
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        return ()
    return tuple(base64.b64decode(line) for line in path.read_text("ascii").split())


def keep(name: str, inputs: Iterable[bytes]) -> None:
    """Write the corpus of a target."""
    lines = sorted(set(inputs), key=lambda each: (len(each), each))
    text = "".join(f"{base64.b64encode(each).decode()}\n" for each in lines)
    (FOLDER / f"{name}.txt").write_text(text, encoding="ascii")


def unpack(name: str, folder: Path) -> None:
    """The kept inputs as the files that libFuzzer reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(kept(name)):
        (folder / f"kept-{number:04}").write_bytes(data)


def smallest(name: str, inputs: Iterable[bytes], always: Iterable[bytes] = ()) -> tuple[bytes, ...]:
    """``always``, and of ``inputs`` those that go a way none before went."""
    chosen = sorted(set(always))
    seen = {step for data in chosen for step in _steps(name, data)}
    for data in sorted(set(inputs), key=lambda each: (len(each), each)):
        if len(data) > LONGEST:
            continue
        steps = _steps(name, data)
        if not steps <= seen:
            seen |= steps
            chosen.append(data)
    return tuple(chosen)


def _steps(name: str, data: bytes) -> set[tuple[str, int, int]]:
    """From which line to which line of what is watched an input leads."""
    steps: set[tuple[str, int, int]] = set()
    lines: dict[int, int] = {}

    def watch(frame, event, _argument):
        file = frame.f_code.co_filename
        if not any(f"/{place}/" in file for place in WATCHED):
            return None
        if event == "line":
            steps.add((file, lines.get(id(frame), 0), frame.f_lineno))
            lines[id(frame)] = frame.f_lineno
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        TARGETS[name](data)
    finally:
        sys.settrace(before)
    return steps
