"""How often strangers may ask: so much per address, so much in all. In memory, bounded."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "::1"})
ADDRESS_AT_MOST = 64
MINUTE_MS = 60_000
ADDRESSES_AT_MOST = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``burst`` at once, and ``per_minute`` in the long run."""

    burst: int
    per_minute: int


PER_ADDRESS = Rate(burst=30, per_minute=30)
IN_ALL = Rate(burst=300, per_minute=3_000)


class Limiter:
    """Token buckets; the address not heard of for longest is forgotten first."""

    def __init__(self, per_address: Rate = PER_ADDRESS, in_all: Rate = IN_ALL) -> None:
        """Everyone starts with a full burst."""
        self._per_address, self._in_all = per_address, in_all
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._all = _Bucket(left=in_all.burst, at_ms=0)

    def take(self, address: str, now_ms: int) -> bool:
        """Whether this address may ask once more now."""
        bucket = self._buckets.pop(address, None) or _Bucket(
            left=self._per_address.burst, at_ms=now_ms
        )
        self._buckets[address] = bucket
        while len(self._buckets) > ADDRESSES_AT_MOST:
            self._buckets.popitem(last=False)
        _refill(bucket, self._per_address, now_ms)
        _refill(self._all, self._in_all, now_ms)
        if bucket.left < 1 or self._all.left < 1:
            return False
        bucket.left -= 1
        self._all.left -= 1
        return True


def may_ask(limiter: Limiter, request: web.Request) -> bool:
    """Whether who sent this may ask once more now."""
    return limiter.take(address_of(request), time.monotonic_ns() // 1_000_000)


def address_of(request: web.Request) -> str:
    """Who asks; behind a proxy on this machine, whom the proxy says it asks for."""
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if remote in LOOPBACK and forwarded:
        return forwarded.rpartition(",")[2].strip()[:ADDRESS_AT_MOST]
    return remote


def _refill(bucket: _Bucket, rate: Rate, now_ms: int) -> None:
    passed = max(0, now_ms - bucket.at_ms)
    bucket.left = min(rate.burst, bucket.left + passed * rate.per_minute / MINUTE_MS)
    bucket.at_ms = max(bucket.at_ms, now_ms)
