"""How many uploads are under way: whether verdicts can be given at once, or have to wait."""

from collections.abc import Iterator
from contextlib import contextmanager

CALM_AT_MOST = 4


class Traffic:
    """Counted by the event loop, read by the writer."""

    def __init__(self) -> None:
        """Nothing is under way."""
        self._uploads = 0

    @contextmanager
    def upload(self) -> Iterator[None]:
        """One upload more, until it is answered."""
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    def half(self) -> int:
        """How many uploads to store at once: in a rush half of them, as the rest are verified."""
        return 1 if self.calm() else self._uploads // 2

    def calm(self) -> bool:
        """Whether an upload can wait for its verdicts."""
        return self._uploads <= CALM_AT_MOST
