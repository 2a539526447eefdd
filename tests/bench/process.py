"""A command as a whole process: what it took by the clock, of the processor and of memory.

A process is charged with the memory its parent had when it was forked, so the parent has to be a
small one: run as a program, this imports nearly nothing, runs the command and prints its three
figures. Byte code is there, as it is for every installed program: a start compiles nothing.
"""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FAILED = 1
OURS = ("core", "matcher")
"""The packages whose commands are measured."""


def measure(*words: object, cwd: "Path") -> tuple[float, int, float]:
    """Seconds by the clock, megabytes at most, seconds of the processor; of ``python words``.

    Raises:
        RuntimeError: It ended with another exit code than 0.
    """
    import subprocess  # noqa: PLC0415 - not in the small process

    compiling = [sys.executable, "-m", "compileall", "-q", *OURS]
    subprocess.run(compiling, cwd=cwd, check=True)  # at once, if it was done before
    small = [sys.executable, "-S", "-E", __file__, sys.executable, *map(str, words)]
    said = subprocess.run(small, cwd=cwd, stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode != 0:
        raise RuntimeError(f"{words} failed")
    seconds, kilobytes, processor = said.stdout.split()
    return float(seconds), int(kilobytes) // 1024, float(processor)


def main(words: list[str]) -> int:
    """Run these words with nothing on their standard output; 1: they failed."""
    begun = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(words[0], words, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    print(seconds, usage.ru_maxrss, usage.ru_utime + usage.ru_stime)  # noqa: T201 - a program
    return FAILED if status else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
