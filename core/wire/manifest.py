"""What stands in front of a sealed file on a stick, for anyone to read (PROTOCOL 2.13)."""

from typing import Literal

import msgspec

from core.wire.event import Bytes8, Bytes16, Bytes32, Natural, Positive


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both directions state: whose log, which entries, and which sealed bytes for which key.

    ``hash`` is SHA-256 of the sealed bytes, ``size`` their number, ``seal`` the id of the key they
    are sealed for. ``documents`` is SHA-256 of the array of documents as it stands in the file.
    """

    dev: Bytes16
    inc: Positive
    first: Positive = msgspec.field(name="from")
    last: Positive = msgspec.field(name="to")
    hash: Bytes32
    size: Natural
    seal: Bytes16
    documents: Bytes32


class ParcelManifest(Manifest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signed by the machine. ``head`` is the hash of entry ``to``; ``count`` says how many.

    ``purpose`` is ``evidence`` when the log may not grow and people shall judge it. ``reply`` is
    the raw X25519 key for the answer; ``snapshot``, ``inbox`` and ``trust`` say what is here
    already. ``t`` is the machine's own clock.
    """

    way: Literal["parcel"]
    purpose: Literal["log", "evidence"]
    head: Bytes32
    count: Positive
    reply: Bytes32
    snapshot: tuple[Natural, Bytes8]
    inbox: Natural
    trust: Positive
    nonce: Bytes16
    t: Natural


class AnswerManifest(Manifest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signed by the receipt key. ``parcel`` is SHA-256 of the file answered, ``t`` server time."""

    way: Literal["answer"]
    parcel: Bytes32
    t: Natural
