"""Start the fuzzer and read what it says."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.corpus import LONGEST, unpack

ROOT = Path(__file__).parents[2]
SLOWEST_S = 5
CONTROLS = {"loose": "canon", "shut": "document", "hungry": "canon"}
"""Readers with a fault, and whose kept inputs they start from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How many inputs were tried, what they reached, and the one that broke it, if one did."""

    name: str
    tried: int
    reached: int
    found: tuple[bytes, ...]
    crash: bytes | None
    said: str


def fuzz(
    name: str,
    *options: str,
    words: Sequence[str] = (),
    longest: int = LONGEST,
    start: str | None = None,
) -> Run:
    """Fuzz one target from its kept inputs, or those of ``start``.

    ``options`` are libFuzzer's, ``words`` its hints.
    """
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        folder = Path(place)
        inputs = folder / name
        unpack(start or name, inputs)
        hints = folder / "words"
        hints.write_text("".join(f'"{word}"\n' for word in words), encoding="ascii")
        # The target bounds its own memory: libFuzzer would count the peak of whoever started it.
        command = [
            *(sys.executable, "-m", "tests.fuzz", name),
            *(f"-artifact_prefix={folder}/", f"-dict={hints}", f"-max_len={longest}"),
            *(f"-timeout={SLOWEST_S}", "-rss_limit_mb=0", "-print_final_stats=1"),
            *options,
            str(inputs),
        ]
        ran = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        said = ran.stderr.decode("utf-8", "replace") + ran.stdout.decode("utf-8", "replace")
        crash = next(
            (
                path.read_bytes()
                for path in sorted(folder.glob("*-*"))
                if path.name.startswith(("crash-", "timeout-", "oom-", "leak-"))
            ),
            None,
        )
        if ran.returncode and crash is None:
            crash = b""
        return Run(
            name=name,
            tried=_number(r"stat::number_of_executed_units:\s+(\d+)", said),
            reached=_number(r"cov: (\d+)", said),
            found=tuple(
                path.read_bytes()
                for path in sorted(inputs.iterdir())
                if not path.name.startswith("kept-")
            ),
            crash=crash,
            said=said,
        )


def _number(pattern: str, text: str) -> int:
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0
