"""Fuzz one target, guided by coverage, in a process of its own (`runs` starts it).

``python -m tests.fuzz TARGET FOLDER [libFuzzer options]``. Memory is bounded by the system and time
by libFuzzer; a fault ends the process, and the input lies in FOLDER as ``crash-…``.
"""

import contextlib
import importlib
import io
import resource
import sys

import atheris

MEBIBYTE = 1024 * 1024
ROOM_BYTES = 512 * MEBIBYTE


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
    atheris.Setup(
        [sys.argv[0], *options], (targets.TARGETS | targets.FAULTY)[name], internal_libfuzzer=True
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
