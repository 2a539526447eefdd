"""The preload shim (`shim.c`): built where a test runs, and spoken to from within a program."""

import ctypes
import errno
import os
import subprocess
from enum import IntFlag
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
ROOT = Path(__file__).parents[2]
ALWAYS = 1 << 40


class Kind(IntFlag):
    """Calls that can be made to fail, as in `shim.c`."""

    OPEN = 1
    WRITE = 2
    FLUSH = 4
    CUT = 8
    NAME = 16
    READ = 32
    MAP = 64


CHANGING = Kind.OPEN | Kind.WRITE | Kind.FLUSH | Kind.CUT | Kind.NAME


def build_shim(folder: Path) -> Path:
    """Compile the shim into ``folder``; gives the library."""
    library = folder / "shim.so"
    words = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*words, "-o", str(library), str(SOURCE)], check=True)
    return library


def environment(library: Path, watched: Path, trace: Path | None = None) -> dict[str, str]:
    """What a program is started with so that its calls to files in ``watched`` are seen."""
    given = os.environ | {
        "LD_PRELOAD": str(library),
        "FAULTS_FOLDER": str(watched),
        "PYTHONPATH": str(ROOT),
    }
    return given if trace is None else given | {"FAULTS_TRACE": str(trace)}


class Shim:
    """The shim this very program was started with."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faults_calls.restype = ctypes.c_long
        self._library.faults_mark.argtypes = [ctypes.c_char_p, ctypes.c_uint64]
        self._library.faults_arm.argtypes = [
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_long,
            ctypes.c_long,
            ctypes.c_int,
            ctypes.c_int,
        ]

    def mark(self, data: bytes) -> None:
        """Note in the record what people have been told by now."""
        self._library.faults_mark(data, len(data))

    def arm(  # noqa: PLR0913 - what a failing call is made of
        self,
        folder: Path,
        kinds: Kind,
        first: int,
        *,
        count: int = 1,
        number: int = errno.EIO,
        half: bool = False,
    ) -> None:
        """Let ``count`` calls of these kinds fail with errno ``number``, from the ``first``-th on.

        Calls are counted from now; with ``first`` 0 none fails.
        """
        count = count if first else 0
        self._library.faults_arm(os.fsencode(folder), int(kinds), first, count, number, int(half))

    def disarm(self, folder: Path) -> None:
        """Let every call succeed."""
        self.arm(folder, Kind(0), 0)

    @property
    def calls(self) -> int:
        """Calls of the kinds that were named in `arm`, since then."""
        return int(self._library.faults_calls())
