"""How much of the processors one sender's uploads may take, booked once it is known.

A quota bounds what a machine may store; what is refused, or sent again, stores nothing and has to
be looked at all the same. It refuses to know what was sent. In memory, bounded, clock handed in.
"""

from collections import OrderedDict
from dataclasses import dataclass

MINUTE_MS, SECOND_MS = 60_000, 1_000
SENDERS_AT_MOST = 10_000
BESIDES_MS = 2.0
"""What an upload takes that nobody measures: the event loop, a share of a commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Time of a processor: ``burst_s`` at once, and ``s_a_minute`` in the long run."""

    burst_s: float
    s_a_minute: float


@dataclass(slots=True)
class _Account:
    left_ms: float
    at_ms: int


class Spending:
    """An account per sender; who was not heard of for longest is forgotten first."""

    def __init__(self, budget: Budget) -> None:
        """Everyone starts with a full burst."""
        self._burst_ms = budget.burst_s * SECOND_MS
        self._refill = budget.s_a_minute * SECOND_MS / MINUTE_MS
        self._accounts: OrderedDict[bytes, _Account] = OrderedDict()

    def wait_ms(self, sender: bytes, now_ms: int) -> int:
        """For how long nothing more is taken from this sender; 0 when it is welcome."""
        account = self._accounts.get(sender)
        if account is None:
            return 0
        self._refilled(account, now_ms)
        # Whoever is in debt waits until it is paid: what an upload takes is known only afterwards.
        return 0 if account.left_ms > 0 else int(-account.left_ms / self._refill) + 1

    def book(self, sender: bytes, spent_ms: float, now_ms: int) -> bool:
        """Note what something took; whether that was more than there was left."""
        account = self._accounts.pop(sender, None) or _Account(self._burst_ms, now_ms)
        self._accounts[sender] = account
        while len(self._accounts) > SENDERS_AT_MOST:
            self._accounts.popitem(last=False)
        self._refilled(account, now_ms)
        had = account.left_ms > 0
        account.left_ms -= spent_ms
        return had and account.left_ms <= 0

    def _refilled(self, account: _Account, now_ms: int) -> None:
        # A clock put back gives nothing, and keeps nobody waiting until it has caught up.
        passed_ms = max(0, now_ms - account.at_ms)
        account.left_ms = min(self._burst_ms, account.left_ms + passed_ms * self._refill)
        account.at_ms = now_ms
