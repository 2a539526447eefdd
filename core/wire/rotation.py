"""A log that goes on under another key (PROTOCOL 2.12).

Both keys sign where in which log the one follows the other, so that whoever knows the first key
finds the second, with the log or without it, and nobody can be given a key that is not there.
"""

from collections.abc import Iterable

import msgspec

from core.sealing import SigningKey, key_id, verify
from core.signature import SignatureType
from core.wire.canon import encode, from_wire, to_wire, typed
from core.wire.document import open_document, split_document
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


def statement(event: Event, key: bytes) -> bytes:
    """Both keys' word for a change of key, as a document that needs no log to be read.

    Args:
        event: A ``key.rotate`` entry.
        key: The raw public key that signed it.
    """
    body = typed(event.body, KeyRotation)
    place = (event.dev, event.inc, event.seq, event.prev)
    proofs = [[key_id(key), body.old_proof], [key_id(body.key), body.new_proof]]
    return encode([to_wire(_statement(place, key, body.key)), proofs])


def key_through(documents: Iterable[bytes], key: bytes, place: tuple[bytes, int, int]) -> bytes:
    """The raw public key of an entry ``(dev, inc, seq)`` when ``key`` signed one before it.

    ``documents`` are in the order of the log; those that say nothing of this change nothing.
    """
    dev, inc, seq = place
    for document in documents:
        try:
            claimed = from_wire(split_document(document)[0], Rotation)
            keys = {key_id(each): each for each in (claimed.old, claimed.new)}
            said = open_document(SignatureType.ROTATION, document, Rotation, keys, threshold=2)
        except WireError:
            continue
        if (said.dev, said.inc, said.old) == (dev, inc, key) and said.seq < seq:
            key = said.new
    return key


def _statement(place: tuple[bytes, int, int, bytes], old: bytes, new: bytes) -> Rotation:
    dev, inc, seq, prev = place
    return Rotation(dev=dev, inc=inc, seq=seq, prev=prev, old=old, new=new)
