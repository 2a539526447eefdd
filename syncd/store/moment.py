"""When and in which boot something happens, and how to read that from this machine."""

import time
from dataclasses import dataclass
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """``wall_ms`` is what the clock claims, since 1970 UTC.

    ``boot_ms`` counts since boot and never goes back.

    ``boot_id`` (8 bytes) names the boot, equal in every program of it.
    """

    wall_ms: int
    boot_ms: int
    boot_id: bytes


def read_moment() -> Moment:
    """Now, on this machine."""
    return Moment(
        wall_ms=time.time_ns() // 1_000_000,
        boot_ms=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000,
        boot_id=read_boot_id(),
    )


def read_boot_id() -> bytes:
    """First 8 bytes of the kernel's random boot id."""
    return bytes.fromhex(BOOT_ID.read_text(encoding="ascii").strip().replace("-", ""))[:8]
