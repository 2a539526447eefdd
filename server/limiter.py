"""How often strangers may ask: so much per address, so much in all."""

import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address

from aiohttp import web

from server.buckets import Bucket, Buckets

LOOPBACK = frozenset({"127.0.0.1", "::1"})
ADDRESS_AT_MOST = 64
MINUTE_MS = 60_000
SUBSCRIBER_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``burst`` at once, and ``per_minute`` in the long run."""

    burst: int
    per_minute: int


PER_ADDRESS = Rate(burst=30, per_minute=30)
IN_ALL = Rate(burst=300, per_minute=3_000)


class Limiter:
    """Whoever finds either bucket empty is to ask later."""

    def __init__(self, per_address: Rate = PER_ADDRESS, in_all: Rate = IN_ALL) -> None:
        """Everyone starts with a full burst."""
        self._buckets = Buckets(per_address.burst, per_address.per_minute / MINUTE_MS)
        self._all = Bucket(in_all.burst, in_all.per_minute / MINUTE_MS, in_all.burst, 0)

    def take(self, address: str, now_ms: int) -> bool:
        """Whether this address may ask once more now."""
        bucket = self._buckets.of(address, now_ms)
        self._all.refill(now_ms)
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
        return holder_of(forwarded.rpartition(",")[2].strip()[:ADDRESS_AT_MOST])
    return holder_of(remote)


def holder_of(address: str) -> str:
    """Who has this address: of IPv6 the network, as one customer has all addresses in it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), SUBSCRIBER_BITS), strict=False))
