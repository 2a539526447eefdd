"""A drill on real programs, and what it says."""

import subprocess
import sys

from provisioning.drill import text

PATIENCE_S = 240


def jiepin(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as people call it."""
    return subprocess.run(
        [sys.executable, "-m", "jiepin", *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def faults(name: str) -> tuple[str, ...]:
    """What is wrong with a drill that was run; nothing when every step held."""
    done = jiepin("provision", "drill", name)
    lines = done.stdout.splitlines()
    passed = (
        done.returncode == 0
        and lines[:1] == [text.title(name)]
        and "✗" not in done.stdout
        and text.step("verified", done=True) in done.stdout
    )
    return () if passed else (f"{name}: exit {done.returncode}\n{done.stdout}{done.stderr}",)
