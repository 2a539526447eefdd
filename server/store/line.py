"""Pieces in line for one thread, which is woken when there is enough for it to do.

To wake a thread is to hand it the interpreter: for each upload of a rush, both threads would spend
more on taking turns than the one does on putting the upload in line. It refuses to know what the
pieces are.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Line(Generic[T]):
    """Any thread puts, one waits and takes."""

    def __init__(self) -> None:
        """Nobody waits, and nothing is in line."""
        self._pieces: deque[T] = deque()
        self._enough: Callable[[], int] | None = None
        self._woken = threading.Event()
        self._ended = False

    def __len__(self) -> int:
        """Pieces in line."""
        return len(self._pieces)

    @property
    def ended(self) -> bool:
        """Whether no more come."""
        return self._ended

    def put(self, piece: T) -> None:
        """Stand in line; whoever waits is woken when that makes enough."""
        self._pieces.append(piece)
        enough = self._enough
        if enough is not None and len(self._pieces) >= enough():
            self._woken.set()

    def end(self) -> None:
        """Let whoever waits take what is there, and wait no more."""
        self._ended = True
        self._woken.set()

    def wait(self, enough: Callable[[], int], at_most_s: float | None = None) -> None:
        """Until so many are in line, or the end, or ``at_most_s``; at times it is over too early.

        ``enough`` is asked by this thread, and by each that puts a piece.
        """
        self._woken.clear()
        wanted = enough()
        self._enough = enough
        if len(self._pieces) < wanted and not self._ended:
            self._woken.wait(at_most_s)
        self._enough = None

    def take(self, at_most: int) -> list[T]:
        """The first ones, as far as there are so many."""
        return [self._pieces.popleft() for _ in range(min(at_most, len(self._pieces)))]
