"""Memory for what strangers send: so much in all, and of it a share for each address."""

from collections import Counter


class Shares:
    """Bytes that are taken and given back, by holder."""

    def __init__(self, in_all: int, each: int) -> None:
        """Nothing is taken yet."""
        self._in_all, self._each = in_all, each
        self._taken: Counter[str] = Counter()

    @property
    def holders(self) -> int:
        """How many have something."""
        return len(self._taken)

    def take(self, holder: str, size: int) -> bool:
        """Whether ``size`` bytes more are free for this holder, who has them then."""
        mine = self._taken.get(holder, 0)
        if mine + size > self._each or self._taken.total() + size > self._in_all:
            return False
        self._taken[holder] += size
        return True

    def give_back(self, holder: str, size: int) -> None:
        """The holder is done with them."""
        self._taken[holder] -= size
        if not self._taken[holder]:
            del self._taken[holder]
