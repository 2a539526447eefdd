"""The server's own keys and the trust document that vouches for them (PROTOCOL 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.sealing import KEY_BYTES, SigningKey
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import split_document
from core.wire.fault import WireError
from core.wire.reference import Trust, keys_by_id


class KeysError(Exception):
    """The home folder has no usable keys; the message says which file and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKeys:
    """What this server signs with, and whom it believes. ``signed_trust`` goes out as it is.

    ``steps`` are this and, as far as they were handed over, earlier documents by version.
    """

    beacon: SigningKey
    receipt: SigningKey
    trust: Trust
    signed_trust: bytes = field(repr=False)
    steps: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    @property
    def enrol(self) -> Mapping[bytes, bytes]:
        """Keys that sign certificates and revocations: key id → raw public key."""
        return keys_by_id(self.trust.enrol)

    @property
    def release(self) -> Mapping[bytes, bytes]:
        """Keys that sign the reference snapshot: key id → raw public key."""
        return keys_by_id(self.trust.release)


def read_keys(home: Path) -> ServerKeys:
    """The keys under ``home``: ``keys``, ``trust.ttc``, and ``trust`` if there is one.

    The document's own signatures are checked by every kiosk against the root keys it was born with;
    here it only has to name the keys this server holds.

    Raises:
        KeysError: A file is missing or malformed, or the trust document names other keys.
    """
    beacon = _read_key(home / "keys" / "beacon.key")
    receipt = _read_key(home / "keys" / "receipt.key")
    place = home / "trust.ttc"
    try:
        signed = place.read_bytes()
        trust = from_wire(split_document(signed)[0], Trust, FILE_LIMITS)
    except OSError as error:
        raise KeysError(f"cannot read the trust document {place}") from error
    except WireError as error:
        raise KeysError(f"{place} is not a trust document: {error.code}") from error
    for key, named, role in (
        (beacon, trust.beacon, "beacon"),
        (receipt, trust.receipt, "receipt"),
    ):
        if key.public not in named:
            raise KeysError(f"{place} does not name the {role} key of this server")
    return ServerKeys(
        beacon=beacon,
        receipt=receipt,
        trust=trust,
        signed_trust=signed,
        steps={**_earlier(home / "trust"), trust.v: signed},
    )


def _earlier(folder: Path) -> dict[int, bytes]:
    """Documents in the folder that `jiepin provision trust` keeps, as the ceremony left it."""
    found: dict[int, bytes] = {}
    for place in sorted(folder.glob("*.ttc")):
        try:
            signed = place.read_bytes()
            found[from_wire(split_document(signed)[0], Trust, FILE_LIMITS).v] = signed
        except OSError as error:
            raise KeysError(f"cannot read the trust document {place}") from error
        except WireError as error:
            raise KeysError(f"{place} is not a trust document: {error.code}") from error
    return found


def _read_key(place: Path) -> SigningKey:
    try:
        private = place.read_bytes()
    except OSError as error:
        raise KeysError(f"cannot read the key file {place}") from error
    if len(private) != KEY_BYTES:
        raise KeysError(f"{place} does not hold a key of {KEY_BYTES} bytes")
    return SigningKey(private)
