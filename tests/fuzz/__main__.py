"""Fuzz one target, guided by coverage, in a process of its own (`runs` starts it).

``python -m tests.fuzz TARGET FOLDER [libFuzzer options]``. Memory is bounded by the system and time
by libFuzzer; a fault ends the process, and the input lies in FOLDER as ``crash-…``.
"""

import contextlib
import importlib
import io
import resource
import signal
import sys
from collections.abc import Callable

import atheris

MEBIBYTE = 1024 * 1024
ROOM_BYTES = 512 * MEBIBYTE


def unhurried(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The same; libFuzzer's clock stands still once it has found something.

    Its alarm would end the process while the input is being written down.
    """

    def tried(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise

    return tried


def main() -> None:
    """Instrument what reads bytes, and nothing else; then never return."""
    name, *options = sys.argv[1:]
    # The nouns of the domain and the ciphers come first: only what is imported below is watched.
    for module in ("core.domain.application", "core.domain.roc", "core.sealing"):
        importlib.import_module(module)
    with (
        contextlib.redirect_stderr(io.StringIO()),
        atheris.instrument_imports(include=["core", "matcher.files"]),
    ):
        targets = importlib.import_module("tests.fuzz.targets")
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a file of the kernel
        here = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (here + ROOM_BYTES, here + ROOM_BYTES))
    target = unhurried((targets.TARGETS | targets.FAULTY)[name])
    atheris.Setup([sys.argv[0], *options], target, internal_libfuzzer=True)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
