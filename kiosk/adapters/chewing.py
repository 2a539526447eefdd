"""注音 by libchewing (LGPL), reached by ctypes: the characters of one syllable.

The library keeps a file in which it learns what people type. Here it lives for one question in a
folder of its own in memory and is gone before the answer is given; since a character is listed and
never committed, there is nothing in it anyway (PLATFORM §3).
"""

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.adapters.composer_port import ComposerError

LIBRARY = "libchewing.so.3"
MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
FOLDERS = ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR")
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a folder of random name and mode 0700 is made in it
_CONTEXT = ctypes.c_void_p
_CALLS = ("chewing_delete", "chewing_handle_Space", "chewing_buffer_Len", "chewing_cand_open")
_LISTING = ("chewing_cand_Enumerate", "chewing_cand_hasNext")


class Chewing:
    """``folder`` is in memory: the library's file is made there."""

    def __init__(self, folder: Path | None, *, library: str = LIBRARY) -> None:
        self._folder, self._name = folder, library

    def characters(self, keys: str) -> tuple[str, ...]:
        """As `kiosk.adapters.composer_port.Composer`."""
        library = self._library
        with self._context() as context:
            for key in keys:
                if key == " ":
                    library.chewing_handle_Space(context)
                else:
                    library.chewing_handle_Default(context, ord(key))
            if library.chewing_buffer_Len(context) != 1:
                return ()
            library.chewing_cand_open(context)
            return tuple(self._listed(context))

    def _listed(self, context: ctypes.c_void_p) -> Iterator[str]:
        library = self._library
        library.chewing_cand_Enumerate(context)
        while library.chewing_cand_hasNext(context):
            held = library.chewing_cand_String(context)
            try:
                yield ctypes.string_at(held).decode()
            finally:
                library.chewing_free(held)

    @contextmanager
    def _context(self) -> Iterator[ctypes.c_void_p]:
        library = self._library
        if self._folder is None:
            raise ComposerError("no folder in memory")
        try:
            with TemporaryDirectory(dir=self._folder, prefix="input-") as home:
                learned = os.fsencode(Path(home) / "session")
                context = library.chewing_new2(None, learned, None, None)
                if not context:
                    raise ComposerError("no dictionary")
                try:
                    yield _CONTEXT(context)
                finally:
                    library.chewing_delete(_CONTEXT(context))
        except OSError as error:
            raise ComposerError("no room in memory") from error

    @cached_property
    def _library(self) -> ctypes.CDLL:
        try:
            library = ctypes.CDLL(self._name)
            _declare(library)
        except (OSError, AttributeError) as error:
            raise ComposerError(f"no {self._name}") from error
        return library


def memory_folder(environment: Mapping[str, str], mounts: Path = MOUNTS) -> Path | None:
    """Where a file never reaches a disk; None where this machine has no such place.

    The service's own folder, the user's, the machine's shared memory, in this order.
    """
    try:
        rows = [line.split(" ") for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return None
    kinds = {Path(row[1]): row[2] for row in rows}
    for place in (*(environment.get(name, "") for name in FOLDERS), SHARED_MEMORY):
        folder = Path(place)
        if place and folder.is_dir() and _kind(folder.resolve(), kinds) in IN_MEMORY:
            return folder
    return None


def _kind(folder: Path, kinds: Mapping[Path, str]) -> str | None:
    """The kind of file system the folder is on."""
    return next((kinds[each] for each in (folder, *folder.parents) if each in kinds), None)


def _declare(library: ctypes.CDLL) -> None:
    """Arguments and results; without them a pointer would be cut to 32 bits."""
    library.chewing_new2.argtypes = [ctypes.c_char_p, ctypes.c_char_p, _CONTEXT, _CONTEXT]
    library.chewing_new2.restype = _CONTEXT
    library.chewing_delete.restype = None
    library.chewing_handle_Default.argtypes = [_CONTEXT, ctypes.c_int]
    library.chewing_cand_String.argtypes = [_CONTEXT]
    library.chewing_cand_String.restype = _CONTEXT
    library.chewing_free.argtypes = [_CONTEXT]
    library.chewing_free.restype = None
    for name in (*_CALLS, *_LISTING):
        getattr(library, name).argtypes = [_CONTEXT]
