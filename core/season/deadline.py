"""Was an entry made before the deadline? Bounds from beacons and receipts.

Never from the device's clock (PROTOCOL 2.10).
"""

from dataclasses import dataclass
from enum import StrEnum


class Timeliness(StrEnum):
    """Class of an entry against a deadline D."""

    ON_TIME = "A"
    LATE = "B"
    SEALED = "C"
    DOUBTFUL = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of when an entry was made; milliseconds since 1970 UTC.

    ``not_before`` is the newest beacon committed up to the entry (0: none); ``not_after`` the
    earliest outside witness.
    ``estimate`` ± ``error`` is the beacon plus boot-clock time, None when no beacon of the same
    boot bounds it.
    ``enclosed`` says beacons stand on both sides; ``closed_after`` that ``season.close`` follows
    in the chain, that no earlier one was known outside, and that the log has every head that was
    told of its machine. ``doubted`` says the entry came from a machine after it was reported lost,
    or from a log that was told in two ways: then no witness of its time makes it certain.
    """

    not_before: int
    not_after: int
    estimate: int | None = None
    error: int = 0
    enclosed: bool = False
    closed_after: bool = False
    quarantined: bool = False
    received: int = 0
    doubted: bool = False


def timeliness(evidence: Evidence, deadline: int, drain_ms: int) -> Timeliness:
    """The class of an entry.

    ``drain_ms`` is how long after the deadline sealed entries may still arrive.
    """
    if evidence.doubted:
        return Timeliness.LATE if evidence.not_before > deadline else Timeliness.DOUBTFUL
    if evidence.not_after <= deadline:
        return Timeliness.ON_TIME
    if evidence.not_before > deadline:
        return Timeliness.LATE
    sealed = (
        evidence.estimate is not None
        and evidence.estimate + evidence.error <= deadline
        and evidence.enclosed
        and evidence.closed_after
        and not evidence.quarantined
        and evidence.received <= deadline + drain_ms
    )
    return Timeliness.SEALED if sealed else Timeliness.DOUBTFUL
