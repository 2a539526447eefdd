"""How the simulator's messages look: bytes in both cases, so that a line can cut and spoil them.

`Model` writes the real message types by plain msgpack under keyed hashes: fast. `Real` writes what
travels in earnest: TTC-1, zstd and Ed25519, read by the server's own code. Chain rule, decisions
and the client's machine are the product's in both.
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.ack import Ack
from core.wire.batch import UNSAID, BatchHeader, encode_batch
from core.wire.beacon import Beacon
from core.wire.chain import Broken, Head, Link, continues
from core.wire.document import open_document, sign_document
from core.wire.event import (
    SYSTEM,
    Event,
    Frame,
    Who,
    decode_frame,
    encode_frame,
    payload_hash,
    read_event,
    sign_event,
)
from core.wire.fault import WireError
from core.wire.refile import refile
from server.identity import Identity
from server.upload import Unusable, open_batch, verify_batch

M = TypeVar("M", Ack, Beacon)
MAC_BYTES = 16
CHECKSUM_BYTES = 4
SCHOOL = "013601"
OFFICER = Who(role="officer", id=bytes(16))
TEACHER = Who(role="teacher", id=bytes(16))
NO_REFERENCE = (0, bytes(8))


@dataclass(frozen=True, slots=True)
class Badge:
    """One incarnation of a machine: its key, and the hash its log hangs on."""

    dev: bytes
    inc: int
    secret: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Tick:
    """What a machine's clocks say: wall, boot clock, which boot, and the newest beacon."""

    wall: int
    boot_ms: int
    boot: bytes
    seen: tuple[bytes, int] | None


@dataclass(frozen=True, slots=True)
class Deed:
    """What an entry says, and who did it."""

    kind: str
    body: dict[str, Any]
    who: Who = SYSTEM


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of a log and its bytes on the wire."""

    link: Link
    blob: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch whose header its machine signed: the good beginning, and where it breaks."""

    header: BatchHeader
    records: Sequence[Record]
    broken: Broken | None


BadgeOf = Callable[[bytes, int], Badge | None]


class Craft(Protocol):
    """How messages are written and read."""

    def badge(self, dev: bytes, inc: int, secret: bytes) -> Badge: ...

    def write(self, badge: Badge, head: Head, deed: Deed, tick: Tick) -> Record: ...

    def refile(self, badge: Badge, head: Head, old: Link, tick: Tick) -> Record: ...

    def pack(
        self, badge: Badge, records: Sequence[Record], epoch: bytes | None, nonce: bytes
    ) -> bytes: ...

    def open(self, data: bytes, dev: bytes, badge: BadgeOf) -> Opened | Unusable: ...

    def say(self, message: Ack | Beacon) -> bytes: ...

    def hear(self, data: bytes, kind: type[M]) -> M | None: ...


def _header(
    badge: Badge, records: Sequence[Record], epoch: bytes | None, nonce: bytes
) -> BatchHeader:
    first, last = records[0].link.event, records[-1].link
    return BatchHeader(
        dev=badge.dev,
        inc=badge.inc,
        epoch=epoch,
        first=first.seq,
        prev=first.prev,
        n=len(records),
        head=last.hash,
        last=last.event.seq,
        frames=UNSAID,
        nonce=nonce,
        sent_m=0,
    )


def _event(badge: Badge, head: Head, deed: Deed, tick: Tick, ph: bytes | None = None) -> Event:
    return Event(
        v=1,
        dev=badge.dev,
        inc=badge.inc,
        seq=head.seq + 1,
        prev=head.hash,
        kind=deed.kind,
        t=tick.wall,
        m=tick.boot_ms,
        boot=tick.boot,
        bcn=tick.seen,
        ref=NO_REFERENCE,
        who=deed.who,
        body=deed.body,
        ph=ph,
    )


def _mac(secret: bytes, kind: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(body, key=secret, person=kind, digest_size=MAC_BYTES).digest()


class _Sheet(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    header: bytes
    mac: bytes
    frames: tuple[bytes, ...]


class Model:
    """Keyed hashes for signatures, plain msgpack for TTC-1, no compression."""

    _SERVER = b"server"
    _encode = msgspec.msgpack.Encoder().encode
    _sheet = msgspec.msgpack.Decoder(_Sheet).decode
    _head = msgspec.msgpack.Decoder(BatchHeader).decode
    _entry = msgspec.msgpack.Decoder(Event).decode
    _spoken: dict[type, Callable[[bytes], Any]] = {  # noqa: RUF012 - never changed
        Ack: msgspec.msgpack.Decoder(Ack).decode,
        Beacon: msgspec.msgpack.Decoder(Beacon).decode,
    }

    def badge(self, dev: bytes, inc: int, secret: bytes) -> Badge:
        return Badge(dev, inc, secret, hashlib.sha256(secret).digest())

    def write(self, badge: Badge, head: Head, deed: Deed, tick: Tick) -> Record:
        event = _event(badge, head, deed, tick)
        data = self._encode(event)
        mac = _mac(badge.secret, b"event", data)
        link = Link(
            frame=Frame(event=data, signature=mac),
            event=event,
            hash=hashlib.sha256(data).digest(),
        )
        return Record(link, mac + data)

    def refile(self, badge: Badge, head: Head, old: Link, tick: Tick) -> Record:
        body = (
            old.event.body
            if old.event.kind == "replay"
            else {"inc": old.event.inc, "seq": old.event.seq, "hash": old.hash}
        )
        return self.write(badge, head, Deed("replay", body), tick)

    def pack(
        self, badge: Badge, records: Sequence[Record], epoch: bytes | None, nonce: bytes
    ) -> bytes:
        header = self._encode(_header(badge, records, epoch, nonce))
        mac = _mac(badge.secret, b"batch", header)
        data = self._encode(_Sheet(header, mac, tuple(each.blob for each in records)))
        return zlib.crc32(data).to_bytes(CHECKSUM_BYTES, "big") + data

    def open(self, data: bytes, dev: bytes, badge: BadgeOf) -> Opened | Unusable:
        checksum, data = data[:CHECKSUM_BYTES], data[CHECKSUM_BYTES:]
        if zlib.crc32(data).to_bytes(CHECKSUM_BYTES, "big") != checksum:
            return Unusable(status=400, code="compression")
        sheet = self._sheet(data)
        header = self._head(sheet.header)
        if header.n != len(sheet.frames) or header.last != header.first + header.n - 1:
            return Unusable(status=400, code="schema")
        if header.dev != dev:
            return Unusable(status=403, code="other_device")
        known = badge(dev, header.inc)
        if known is None:
            return Unusable(status=401, code="device_unknown")
        if _mac(known.secret, b"batch", sheet.header) != sheet.mac:
            return Unusable(status=403, code="signature")
        return self._frames(header, sheet.frames, known)

    def _frames(
        self, header: BatchHeader, frames: Sequence[bytes], badge: Badge
    ) -> Opened | Unusable:
        head = Head(inc=header.inc, seq=header.first - 1, hash=header.prev)
        records: list[Record] = []
        for index, blob in enumerate(frames):
            mac, data = blob[:MAC_BYTES], blob[MAC_BYTES:]
            if _mac(badge.secret, b"event", data) != mac:
                broken = Broken(index=index, code="signature")
                return Opened(header, records, broken)
            event = self._entry(data)
            found = hashlib.sha256(data).digest()
            link = Link(frame=Frame(event=data, signature=mac), event=event, hash=found)
            code = continues(link, header.dev, head)
            if code is not None:
                broken = Broken(index=index, code=code)
                return Opened(header, records, broken)
            records.append(Record(link, blob))
            head = Head(inc=event.inc, seq=event.seq, hash=found)
        if head.hash != header.head:
            return Unusable(status=400, code="head")
        return Opened(header, records, None)

    def say(self, message: Ack | Beacon) -> bytes:
        data = self._encode(message)
        return _mac(self._SERVER, type(message).__name__.encode(), data) + data

    def hear(self, data: bytes, kind: type[M]) -> M | None:
        mac, body = data[:MAC_BYTES], data[MAC_BYTES:]
        if _mac(self._SERVER, kind.__name__.encode(), body) != mac:
            return None
        found: M = self._spoken[kind](body)
        return found


class Real:
    """The product's bytes and signatures, and the server's own reading of an upload."""

    _TYPES = {Ack: SignatureType.ACK, Beacon: SignatureType.BEACON}  # noqa: RUF012 - never changed

    def __init__(self) -> None:
        self._server = SigningKey(bytes(31) + b"\x01")
        self._keys: dict[bytes, SigningKey] = {}

    def badge(self, dev: bytes, inc: int, secret: bytes) -> Badge:
        self._keys[secret] = SigningKey(secret)
        return Badge(dev, inc, secret, hashlib.sha256(secret).digest())

    def write(self, badge: Badge, head: Head, deed: Deed, tick: Tick) -> Record:
        return self._signed(badge, _event(badge, head, deed, tick), None)

    def refile(self, badge: Badge, head: Head, old: Link, tick: Tick) -> Record:
        body, payload = refile(old, bytes(16))
        plain = msgspec.to_builtins(body, builtin_types=(bytes,))
        ph = payload_hash(payload)
        event = _event(badge, head, Deed("replay", plain), tick, ph)
        return self._signed(badge, event, payload)

    def _signed(self, badge: Badge, event: Event, payload: bytes | None) -> Record:
        frame = sign_event(event, self._keys[badge.secret], payload)
        return Record(Link(frame=frame, event=event, hash=frame.hash), encode_frame(frame))

    def pack(
        self, badge: Badge, records: Sequence[Record], epoch: bytes | None, nonce: bytes
    ) -> bytes:
        frames = [each.link.frame for each in records]
        return encode_batch(_header(badge, records, epoch, nonce), frames, self._keys[badge.secret])

    def open(self, data: bytes, dev: bytes, badge: BadgeOf) -> Opened | Unusable:
        def identity(dev: bytes, inc: int) -> Identity | None:
            known = badge(dev, inc)
            return known and Identity(
                id=known.dev,
                hash=known.certificate,
                role="kiosk",
                key=self._keys[known.secret].public,
                schools=frozenset({SCHOOL}),
            )

        opened = open_batch(data, dev, identity)
        if isinstance(opened, Unusable):
            return opened
        upload = verify_batch(data, *opened)
        if isinstance(upload, Unusable):
            return upload
        records = [
            Record(_link(blob), blob)
            for _, blob in zip(upload.entries, opened[0].frames, strict=False)
        ]
        return Opened(upload.header, records, upload.broken)

    def say(self, message: Ack | Beacon) -> bytes:
        return sign_document(self._TYPES[type(message)], message, self._server)

    def hear(self, data: bytes, kind: type[M]) -> M | None:
        keys = {self._server.id: self._server.public}
        try:
            return open_document(self._TYPES[kind], data, kind, keys)
        except WireError:
            return None


def _link(encoded: bytes) -> Link:
    frame = decode_frame(encoded)
    return Link(frame=frame, event=read_event(frame), hash=frame.hash)
