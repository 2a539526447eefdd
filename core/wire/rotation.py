"""A log that goes on under another key (PROTOCOL 2.12).

Both keys sign where in which log the one follows the other, so that whoever knows the first key
finds the second, with the log or without it, and nobody can be given a key that is not there.
"""

import msgspec

from core.sealing import SigningKey, verify
from core.signature import SignatureType
from core.wire.canon import to_wire, typed
from core.wire.event import Bytes16, Bytes32, Event, Positive
from core.wire.fault import WireError
from core.wire.kind import KeyRotation

KIND = "key.rotate"


class Rotation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``tt/rotation/1``.

    Entry ``seq`` after ``prev`` is the last one that ``old`` signs; ``new`` signs the next.
    """

    dev: Bytes16
    inc: Positive
    seq: Positive
    prev: Bytes32
    old: Bytes32
    new: Bytes32


def rotation(place: tuple[bytes, int, int, bytes], old: SigningKey, new: SigningKey) -> KeyRotation:
    """The body of ``key.rotate`` at ``(dev, inc, seq, prev)``; ``old`` signs the entry itself."""
    statement = to_wire(_statement(place, old.public, new.public))
    return KeyRotation(
        key=new.public,
        old_proof=old.sign(SignatureType.ROTATION, statement),
        new_proof=new.sign(SignatureType.ROTATION, statement),
    )


def key_after(event: Event, key: bytes) -> bytes:
    """The raw public key that signs the entry after ``event``, which ``key`` signed.

    Raises:
        WireError: ``rotation`` when the entry names a key that did not take the log over.
    """
    if event.kind != KIND:
        return key
    body = typed(event.body, KeyRotation)
    if body.key == key:
        raise WireError("rotation")
    place = (event.dev, event.inc, event.seq, event.prev)
    statement = to_wire(_statement(place, key, body.key))
    proofs = ((key, body.old_proof), (body.key, body.new_proof))
    if not all(verify(each, SignatureType.ROTATION, statement, proof) for each, proof in proofs):
        raise WireError("rotation")
    return body.key


def _statement(place: tuple[bytes, int, int, bytes], old: bytes, new: bytes) -> Rotation:
    dev, inc, seq, prev = place
    return Rotation(dev=dev, inc=inc, seq=seq, prev=prev, old=old, new=new)
