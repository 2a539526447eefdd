"""How much of the processors one sender's uploads may take, booked once it is known.

A quota bounds what a machine may store; what is refused, or sent again, stores nothing and has to
be looked at all the same. It refuses to know what was sent.
"""

from dataclasses import dataclass

from server.buckets import Buckets

MINUTE_MS, SECOND_MS = 60_000, 1_000
BESIDES_MS = 2.0
"""What an upload takes that nobody measures: the event loop, a share of a commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Time of a processor: ``burst_s`` at once, and ``s_a_minute`` in the long run."""

    burst_s: float
    s_a_minute: float


class Spending:
    """What is left to each sender, in ms of a processor."""

    def __init__(self, budget: Budget) -> None:
        """Everyone starts with a full burst."""
        self._refill = budget.s_a_minute * SECOND_MS / MINUTE_MS
        self._accounts = Buckets(budget.burst_s * SECOND_MS, self._refill)

    def wait_ms(self, sender: bytes, now_ms: int) -> int:
        """For how long nothing more is taken from this sender; 0 when it is welcome."""
        account = self._accounts.peek(sender, now_ms)
        # Whoever is in debt waits until it is paid: what an upload takes is known only afterwards.
        if account is None or account.left > 0:
            return 0
        return int(-account.left / self._refill) + 1

    def book(self, sender: bytes, spent_ms: float, now_ms: int) -> bool:
        """Note what something took; whether that was more than there was left."""
        account = self._accounts.of(sender, now_ms)
        had = account.left > 0
        account.left -= spent_ms
        return had and account.left <= 0
