"""The server's signed answer to an upload (PROTOCOL 2.7): what is stored, and what to do next."""

from enum import IntEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.wire.event import Bytes8, Bytes16, Bytes32, Natural, Positive


class Verdict(IntEnum):
    """Business judgement of a stored entry; never a reason not to store it."""

    STORED = 0
    VALID = 1
    REJECTED = 2
    REVIEW = 3


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the next batch is welcome, in milliseconds from now, and how large."""

    after_ms: Natural
    max_events: Positive


class Ack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``code`` is ``ok``, ``gap``, ``fork``, ``revoked``, or that of an entry which does not hold.

    ``failed`` is that entry's place in the batch, counted from 0: its ``seq`` is ``from + failed``.
    ``through``/``head`` is the server's head at ``t``, server time in ms since 1970 UTC.

    ``nonce`` repeats the batch header's, so that an old answer cannot stand in for this one.
    ``items`` are
    ``[seq, log index, verdict]`` of the entries this answer speaks of. Entries up to
    ``durable_through`` are in an off-site backup.
    """

    dev: Bytes16
    nonce: Bytes16
    t: Natural
    code: Annotated[str, Meta(max_length=32)]
    failed: Natural | None
    epoch: Bytes8
    inc: Positive
    through: Natural
    head: Bytes32
    items: tuple[tuple[Positive, Natural, Literal[0, 1, 2, 3]], ...]
    durable_through: Natural
    next: Pace
