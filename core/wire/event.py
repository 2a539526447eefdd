"""One entry of a device's log.

What happened, who did it, and how it hangs on the entry before (PROTOCOL 2.3).
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, TypeVar

import msgspec
from msgspec import Meta

from core.sealing import SigningKey
from core.signature import SignatureType, digest
from core.wire.bounds import INTEGER_MAX, Limits
from core.wire.canon import decode, encode, from_wire, quick, to_wire, typed
from core.wire.fault import WireError
from core.wire.kind import BODIES

Bytes8 = Annotated[bytes, Meta(min_length=8, max_length=8)]
Bytes16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, Meta(min_length=64, max_length=64)]
Natural = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Positive = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]
NOTICE = "inbox."
"""How the kinds begin that a server writes for a device."""
COSIGNATURES_AT_MOST = 4
SALT_BYTES = 16
T = TypeVar("T")


class Who(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who acted: ``id`` is a teacher's pseudonym or an officer's certificate id.

    Nil for the machine itself.
    """

    role: Literal["system", "teacher", "officer", "server"]
    id: Bytes16 | None


SYSTEM = Who(role="system", id=None)


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signed body of a log entry.

    Times are milliseconds; ``t`` is claimed, ``m`` counts since boot.

    ``prev`` is the hash of the entry before; for ``seq`` 1 the hash of the device certificate's
    body, so that a chain
    cannot be grafted on another identity. ``bcn`` is the newest beacon and the ``m`` at which it
    was seen; ``ref`` the
    reference snapshot in use. ``ph`` is the hash of the detached payload, nil when there is none.
    """

    v: Literal[1]
    dev: Bytes16
    inc: Positive
    seq: Positive
    prev: Bytes32
    kind: Annotated[str, Meta(max_length=32)]
    t: Natural
    m: Natural
    boot: Bytes8
    bcn: tuple[Bytes8, Natural] | None
    ref: tuple[Natural, Bytes8]
    who: Who
    body: dict[str, Any]
    ph: Bytes32 | None


class Placed(Protocol):
    """The part of an event that says where it belongs, however its body was read."""

    @property
    def dev(self) -> bytes:
        """The machine."""

    @property
    def inc(self) -> int:
        """Its incarnation."""

    @property
    def seq(self) -> int:
        """The number in its log."""

    @property
    def prev(self) -> bytes:
        """Hash of the entry before."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def ph(self) -> bytes | None:
        """Hash of the payload."""


class FrameRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A frame as it is on the wire."""

    event: bytes
    signature: Bytes64
    cosignatures: tuple[tuple[Bytes16, Literal["ed25519"], Bytes64], ...]
    payload: bytes | None


_EVENT = msgspec.msgpack.Decoder(Event)
_FRAME = msgspec.msgpack.Decoder(FrameRow)
# Its cosignatures are counted below, and none of them is smaller than what it holds.
_ROW = quick(FrameRow, Limits())


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A second person's signature over the payload (an officer's approval)."""

    key: bytes
    algorithm: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An event as it travels and rests: signed bytes, never re-encoded.

    The payload may be gone after retention.
    """

    event: bytes
    signature: bytes
    cosignatures: tuple[Cosignature, ...] = ()
    payload: bytes | None = None

    @property
    def hash(self) -> bytes:
        """``eh``, 32 bytes; the signature is not part of it."""
        return digest(SignatureType.EVENT, self.event)


def payload_hash(payload: bytes) -> bytes:
    """``ph`` of a detached payload, and the hash of each part of an application."""
    return digest(SignatureType.PAYLOAD, payload)


def sign_event(
    event: Event,
    key: SigningKey,
    payload: bytes | None = None,
    cosignatures: tuple[Cosignature, ...] = (),
) -> Frame:
    """The event under its device's signature, with its payload beside it.

    Raises:
        WireError: The body does not fit its kind, or the payload its hash; or no receiver would
        read the frame, and a log that holds one could never be sent.
    """
    check_payload(event, payload)
    data = to_wire(event)
    signature = key.sign(SignatureType.EVENT, data)
    frame = Frame(event=data, signature=signature, cosignatures=cosignatures, payload=payload)
    read_event(decode_frame(encode_frame(frame)))
    return frame


def read_event(frame: Frame) -> Event:
    """The event inside a frame whose signature was checked before; body and payload fit their kind.

    Raises:
        WireError: Not canonical, another shape, unknown kind, or a payload that is not the one
        signed.
    """
    event = from_wire(frame.event, Event)
    check_body(event)
    return _with_its_payload(event, frame)


def read_notice(frame: Frame) -> Event:
    """As `read_event`, of the server's log for a device: one of a newer server's kinds is let pass.

    Its body is anything; the chain goes on.

    Raises:
        WireError: As `read_event`, for every other entry.
    """
    event = from_wire(frame.event, Event)
    if event.kind in BODIES or not event.kind.startswith(NOTICE):
        check_body(event)
    return _with_its_payload(event, frame)


def _with_its_payload(event: Event, frame: Frame) -> Event:
    if frame.payload is not None:
        check_payload(event, frame.payload)
    return event


def reopen_event(frame: Frame) -> Event:
    """The event inside a frame that `read_event` took once before; nothing is checked again.

    Raises:
        WireError: ``malformed``: these cannot be the same bytes.
    """
    return _reopened(_EVENT, frame.event)


def check_body(event: Event) -> None:
    """Refuse a kind that is not on the list and a body of another shape.

    Raises:
        WireError: ``kind`` or ``schema``.
    """
    if event.kind not in BODIES:
        raise WireError("kind")
    typed(event.body, BODIES[event.kind])


def check_payload(event: Placed, payload: bytes | None) -> None:
    """Refuse a payload that is not the signed one, or carries no salt.

    Raises:
        WireError: ``payload_missing``, ``payload_unexpected``, ``payload_hash`` or
        ``payload_salt``.
    """
    if payload is None:
        if event.ph is not None:
            raise WireError("payload_missing")
        return
    if event.ph is None:
        raise WireError("payload_unexpected")
    if payload_hash(payload) != event.ph:
        raise WireError("payload_hash")
    value = decode(payload)
    salt = value.get("salt") if isinstance(value, dict) else None
    if not (isinstance(salt, bytes) and len(salt) == SALT_BYTES):
        raise WireError("payload_salt")


def encode_frame(frame: Frame) -> bytes:
    """``[event, signature, [[key id, alg, cosignature] …], payload or nil]``."""
    cosigned = [[c.key, c.algorithm, c.signature] for c in frame.cosignatures]
    return encode([frame.event, frame.signature, cosigned, frame.payload])


def decode_frame(data: bytes) -> Frame:
    """The frame of `encode_frame`; nothing in it is verified yet.

    Raises:
        WireError: Not a frame.
    """
    row = decode_row(data)
    return _frame(row, row.payload)


def decode_row(data: bytes) -> FrameRow:
    """As `decode_frame`, as it is on the wire.

    Raises:
        WireError: Not a frame.
    """
    row = _ROW(data) or from_wire(data, FrameRow)
    if len(row.cosignatures) > COSIGNATURES_AT_MOST:
        raise WireError("too_many_items")
    return row


def reopen_frame(data: bytes, payload: bytes | None) -> Frame:
    """The frame that `decode_frame` took once before, with this payload; nothing is checked again.

    Raises:
        WireError: ``malformed``: these cannot be the same bytes.
    """
    return _frame(_reopened(_FRAME, data), payload)


def _frame(row: FrameRow, payload: bytes | None) -> Frame:
    return Frame(
        event=row.event,
        signature=row.signature,
        cosignatures=tuple([Cosignature(*each) for each in row.cosignatures]),
        payload=payload,
    )


def _reopened(decoder: msgspec.msgpack.Decoder[T], data: bytes) -> T:
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise WireError("malformed") from error
