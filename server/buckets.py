"""What each of many may take: so much at once, so much in the long run (token buckets).

In memory, bounded, clock handed in.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

HOLDERS_AT_MOST = 10_000


@dataclass(slots=True)
class Bucket:
    """What is ``left`` at ``at_ms``; never more than ``burst``, and ``a_ms`` more every ms."""

    burst: float
    a_ms: float
    left: float
    at_ms: int

    def refill(self, now_ms: int) -> None:
        """A clock put back gives nothing, and keeps nobody waiting until it has caught up."""
        passed_ms = max(0, now_ms - self.at_ms)
        self.left = min(self.burst, self.left + passed_ms * self.a_ms)
        self.at_ms = now_ms


class Buckets:
    """One for each holder, full at first; who was not heard of for longest is forgotten first."""

    def __init__(self, burst: float, a_ms: float) -> None:
        """Shapes as of `Bucket`."""
        self._burst, self._a_ms = burst, a_ms
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many holders are remembered."""
        return len(self._buckets)

    def peek(self, holder: Hashable, now_ms: int) -> Bucket | None:
        """The bucket as it is now; None for whom nobody has heard of, and so it stays."""
        bucket = self._buckets.get(holder)
        if bucket is not None:
            bucket.refill(now_ms)
        return bucket

    def of(self, holder: Hashable, now_ms: int) -> Bucket:
        """The bucket as it is now, of somebody heard of just now."""
        bucket = self._buckets.pop(holder, None)
        if bucket is None:
            bucket = Bucket(self._burst, self._a_ms, self._burst, now_ms)
        self._buckets[holder] = bucket
        while len(self._buckets) > HOLDERS_AT_MOST:
            self._buckets.popitem(last=False)
        bucket.refill(now_ms)
        return bucket
