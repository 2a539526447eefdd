"""What is fuzzed: each target takes any bytes and knows what may come of them.

Only `WireError` may come out of a reader, and what it lets in it has to write again as the same
bytes. The first byte of an input chooses how much of the way it is helped along: raw, or signed,
packed or sealed as an honest sender would, so that what lies behind a signature is reached, too.
"""

import hashlib
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

import msgpack
import msgspec
import zstandard

from core.card.apdu import Command, Response
from core.card.atr import find_kind
from core.card.dialogue import run
from core.card.nhi import NotAnNhiCard, Profile, UnreadableProfile, parse_profile, read_profile
from core.sealing import SigningKey, key_id, seal, seal_public
from core.signature import SignatureType
from core.wire.ack import Ack
from core.wire.batch import MAGIC, RAW_BYTES, BatchHeader, decode_batch, decompress, frames_hash
from core.wire.beacon import Beacon, HeadStatement
from core.wire.canon import EVENT_LIMITS, FILE_LIMITS, decode, encode, from_wire, to_wire
from core.wire.chain import Head, follow, verify_frame
from core.wire.document import open_document, split_document
from core.wire.entry import read_entries
from core.wire.event import Event, Frame, decode_frame, encode_frame
from core.wire.fault import WireError
from core.wire.identity import (
    Certificate,
    EnrolmentForm,
    Grant,
    Revocations,
    SeasonSecrets,
    SigningRequest,
)
from core.wire.payload import (
    ApplicationPayload,
    CopyPayload,
    DecisionPayload,
    ReceiptPayload,
    ResultPayload,
    RosterPayload,
    read_application,
)
from core.wire.receipt import encode_receipt, from_base45, open_receipt, to_base45
from core.wire.reference import (
    ReferenceFile,
    Snapshot,
    Trust,
    check_file,
    check_successor,
    check_trust,
)
from core.wire.stick_name import parse_name
from core.wire.usb import (
    ANSWER_INFO,
    PARCEL_INFO,
    check_parcel,
    file_name,
    read_answer,
    read_parcel,
)
from core.wire.usb import MAGIC as USB_MAGIC
from tests.core.wire import independent
from tests.fuzz.matching import fuzz_files

KEY = SigningKey(bytes(range(32)))
SEAL = bytes(range(32, 64))
KEYS = {KEY.id: KEY.public}
TRUST = Trust(
    v=1,
    season="115",
    root=(KEY.public,),
    threshold=1,
    enrol=(KEY.public,),
    release=(KEY.public,),
    beacon=(KEY.public,),
    receipt=(KEY.public,),
    seal=seal_public(SEAL),
)
SMALL = 64  # so few bytes hold no more keys, items or levels than allowed
DOCUMENTS: tuple[tuple[SignatureType, type[msgspec.Struct]], ...] = (
    (SignatureType.CERTIFICATE, Certificate),
    (SignatureType.TRUST, Trust),
    (SignatureType.SNAPSHOT, Snapshot),
    (SignatureType.REVOCATION, Revocations),
    (SignatureType.BEACON, Beacon),
    (SignatureType.ACK, Ack),
    (SignatureType.REQUEST, SigningRequest),
    (SignatureType.HEAD, HeadStatement),
)
PLAIN: tuple[type[msgspec.Struct], ...] = (ReferenceFile, EnrolmentForm, Grant, SeasonSecrets)
PAYLOADS: tuple[type[msgspec.Struct], ...] = (
    ApplicationPayload,
    RosterPayload,
    DecisionPayload,
    ResultPayload,
    CopyPayload,
    ReceiptPayload,
)


class OracleError(AssertionError):
    """A reader let something in that its writer does not write."""


def same(one: object, other: object) -> None:
    """Fail unless both are equal."""
    if one != other:
        raise OracleError(f"{one!r} is not {other!r}")


def holds(condition: bool) -> None:  # noqa: FBT001 - it is what is asserted
    """Fail unless it does."""
    if not condition:
        raise OracleError("what was let in is not what was promised")


def fuzz_canon(data: bytes) -> None:
    """TTC-1: what is let in is written again, and another implementation agrees."""
    try:
        value = decode(data, EVENT_LIMITS)
    except WireError:
        if len(data) <= SMALL:
            _refused_by_the_other(data)
        return
    same(encode(value, EVENT_LIMITS), data)
    same(independent.read(data), value)


def _refused_by_the_other(data: bytes) -> None:
    try:
        value = independent.read(data)
    except ValueError:
        return
    raise OracleError(f"the other decoder reads {value!r}")


def fuzz_batch(data: bytes) -> None:
    """Uploads: as they come, with the magic, around a frame of zstd, and around signed frames."""
    help_, rest = _split(data)
    match help_ % 4:
        case 0:
            wire = rest
        case 1:
            wire = MAGIC + rest
        case 2:
            wire = MAGIC + _packed(rest)
        case _:
            wire = MAGIC + _packed(_signed_row(rest))
    try:
        batch = decode_batch(wire)
    except WireError:
        return
    same(to_wire(batch.header), batch.header_bytes)
    same(len(batch.frames), batch.header.n)
    holds(len(decompress(wire[len(MAGIC) :], RAW_BYTES)) <= RAW_BYTES)
    try:
        frames = batch.open_frames()
    except WireError:
        return
    same(tuple(encode_frame(each) for each in frames), batch.frames)
    header = batch.header
    before = Head(inc=header.inc, seq=header.first - 1, hash=header.prev)
    links, broken = follow(frames, KEY.public, header.dev, before)
    same(len(links), len(frames) if broken is None else broken.index)


def _packed(raw: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=1, write_content_size=True).compress(raw)


def _signed_row(data: bytes) -> bytes:
    """``[header, its signature, frames]`` of a header and frames, each behind two bytes of size.

    A header that is one is told which frames follow it, or nothing behind that would be reached.
    """
    header, *frames = _pieces(data) or [b""]
    with suppress(WireError):
        said = from_wire(header, BatchHeader)
        header = to_wire(msgspec.structs.replace(said, frames=frames_hash(frames)))
    return bytes(encode([header, KEY.sign(SignatureType.BATCH, header), frames], FILE_LIMITS))


def fuzz_entry(data: bytes) -> None:
    """Frames as they come; events signed; payloads of each kind."""
    help_, rest = _split(data)
    match help_ % 4:
        case 0:
            _frame(rest)
        case 1:
            _entry(Frame(event=rest, signature=KEY.sign(SignatureType.EVENT, rest)))
        case 2:
            event, payload, *_ = [*_pieces(rest), b"", b""]
            signature = KEY.sign(SignatureType.EVENT, event)
            _entry(Frame(event=event, signature=signature, payload=payload))
        case _:
            _payload(rest)


def _frame(data: bytes) -> None:
    try:
        frame = decode_frame(data)
    except WireError:
        return
    same(encode_frame(frame), data)
    _entry(frame)


def _entry(frame: Frame) -> None:
    told: str | None = None
    try:
        link = verify_frame(frame, KEY.public)
    except WireError as error:
        told = error.code
    else:
        same(to_wire(link.event), frame.event)
        same(from_wire(frame.event, Event), link.event)
    try:
        sent = encode_frame(frame)
    except WireError:  # larger than it may be to be sent
        return
    entries, code = read_entries([sent], KEY.public)
    same(code, told)
    same([each.hash for each in entries], [frame.hash] if told is None else [])


def _payload(data: bytes) -> None:
    chosen, rest = _split(data)
    schema = PAYLOADS[chosen % len(PAYLOADS)]
    _message(rest, schema)
    if schema is ApplicationPayload:
        try:
            read_application(rest)
        except WireError:
            return


def _message(data: bytes, schema: type[msgspec.Struct]) -> None:
    try:
        message = from_wire(data, schema, FILE_LIMITS)
    except WireError:
        return
    same(to_wire(message, FILE_LIMITS), data)


def fuzz_receipt(data: bytes) -> None:
    """Receipts as they come, signed, and as the text of a QR code."""
    help_, rest = _split(data)
    match help_ % 3:
        case 0:
            _receipt(rest)
        case 1:
            _receipt(rest + KEY.sign(SignatureType.RECEIPT, rest))
        case _:
            text = rest.decode("latin-1")
            try:
                inside = from_base45(text)
            except WireError:
                return
            same(to_base45(inside), text)
            _receipt(inside)


def _receipt(data: bytes) -> None:
    try:
        receipt = open_receipt(data, KEY.public)
    except WireError:
        return
    if data[37:45] == KEY.id[:8]:  # what names the key is signed, but not looked at
        same(encode_receipt(receipt, KEY), data)


def fuzz_document(data: bytes) -> None:
    """Signed documents of every kind, as they come and signed; and what trust and snapshot say."""
    help_, rest = _split(data)
    number = help_ % (2 * len(DOCUMENTS) + len(PLAIN))
    if number >= 2 * len(DOCUMENTS):
        _message(rest, PLAIN[number - 2 * len(DOCUMENTS)])
        return
    kind, schema = DOCUMENTS[number // 2]
    signed = rest
    if number % 2:
        signed = encode([rest, [[KEY.id, KEY.sign(kind, rest)]]], FILE_LIMITS)
    try:
        message = open_document(kind, signed, schema, KEYS)
    except WireError:
        return
    same(to_wire(message, FILE_LIMITS), split_document(signed)[0])
    _rules(message, signed)


def _rules(message: msgspec.Struct, signed: bytes) -> None:
    try:
        if isinstance(message, Trust):
            same(check_trust(TRUST, signed).v, TRUST.v + 1)
        if isinstance(message, Snapshot):
            check_successor(message, message)
            for name in message.files:
                check_file(message, name, signed)
    except WireError:
        return


def fuzz_usb(data: bytes) -> None:
    """Files on a stick: as they come; a signed manifest; sealed content under a right manifest."""
    help_, rest = _split(data)
    match help_ % 6:
        case 0:
            _stick(rest)
        case 1:
            _stick(USB_MAGIC + rest)
        case 2:
            manifest, sealed, *documents = [*_pieces(rest), b"", b""]
            _stick(_stick_file(manifest, sealed, documents))
        case 3:
            _stick(_with_content(rest, PARCEL_INFO))
        case 4:
            _stick(_with_content(rest, ANSWER_INFO))
        case _:
            _stick_name(rest.decode("latin-1"))


def _stick(data: bytes) -> None:
    with suppress(WireError):
        manifest = check_parcel(data, KEY.public)
        with suppress(ValueError):  # a name has ten digits, a number in a manifest may have more
            holds(parse_name(file_name(manifest).text).last == manifest.last)
    with suppress(WireError):
        parcel = read_parcel(data, lambda *_: KEY.public, (SEAL,))
        holds(0 < len(parcel.batches) <= parcel.manifest.count)
    with suppress(WireError):
        answer = read_answer(data, TRUST, bytes(16), SEAL)
        same(answer.manifest.dev, bytes(16))


def _stick_name(text: str) -> None:
    try:
        name = parse_name(text)
    except ValueError:
        return
    same(name.text, text)


def _stick_file(manifest: bytes, sealed: bytes, documents: list[bytes]) -> bytes:
    signed = encode([manifest, [[KEY.id, KEY.sign(SignatureType.USB, manifest)]]], FILE_LIMITS)
    return USB_MAGIC + bytes(encode([signed, sealed, documents], FILE_LIMITS))


def _with_content(data: bytes, info: bytes) -> bytes:
    """A file whose manifest is the first piece, made right for its content, which is the rest."""
    manifest, content, *documents = [*_pieces(data), b"", b""]
    packed = _packed(content) if info is ANSWER_INFO else content
    sealed = seal(packed, TRUST.seal, info)
    try:
        fields = decode(manifest)
    except WireError:
        return b""
    if isinstance(fields, dict):
        right = {
            "hash": hashlib.sha256(sealed).digest(),
            "size": len(sealed),
            "seal": key_id(TRUST.seal),
        }
        try:
            manifest = encode(fields | right)
        except WireError:
            return b""
    return _stick_file(manifest, sealed, documents)


def fuzz_card(data: bytes) -> None:
    """The public profile, and a card that answers whatever it likes, as often as it likes."""
    help_, rest = _split(data)
    if help_ % 2:
        find_kind(rest)
        answers = iter(_pieces(rest))

        def transmit(command: Command) -> Response:
            holds(len(command.data) <= 261)
            answer = next(answers, b"\x6f\x00")
            head, status = answer[:-2], answer[-2:].rjust(2, b"\x00")
            return Response(head, int.from_bytes(status, "big"))

        read = run(read_profile(), transmit)
    else:
        read = parse_profile(rest)
    match read:
        case Profile():
            same(len(read.name_raw), 20)
            holds("\ufffd" not in read.name)
        case NotAnNhiCard():
            holds(read.status != 0x9000)
        case UnreadableProfile():
            holds(read.reason.isascii())


def _split(data: bytes) -> tuple[int, bytes]:
    return (data[0] if data else 0), data[1:]


def _pieces(data: bytes) -> list[bytes]:
    """Parts of the input, each behind its size in two bytes; the last may be short."""
    pieces = []
    while len(data) > 2:
        (size,) = struct.unpack_from(">H", data)
        pieces.append(data[2 : 2 + size])
        data = data[2 + size :]
    return pieces


def joined(*pieces: bytes) -> bytes:
    """The input that `_pieces` takes apart."""
    return b"".join(struct.pack(">H", len(each)) + each for each in pieces)


def fuzz_loose(data: bytes) -> None:
    """A negative control: a decoder that forgets to compare. Whoever is not blind finds it."""
    try:
        value = msgpack.unpackb(data)
    except (ValueError, msgpack.UnpackException):
        return
    same(msgpack.packb(value), data)


def fuzz_shut(data: bytes) -> None:
    """A negative control: a reader that lets another error out, behind a signature."""
    help_, rest = _split(data)
    if help_ % 2:
        with suppress(WireError):
            text = from_wire(rest, Snapshot).season
            int(text)


def fuzz_hungry(data: bytes) -> None:
    """A negative control: a reader that makes room for as many GiB as the input says."""
    help_, rest = _split(data)
    if help_ > 0x80:
        bytearray(rest[0] << 30 if rest else 0)


FAULTY: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {"loose": fuzz_loose, "shut": fuzz_shut, "hungry": fuzz_hungry}
)
TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        "canon": fuzz_canon,
        "batch": fuzz_batch,
        "entry": fuzz_entry,
        "receipt": fuzz_receipt,
        "document": fuzz_document,
        "usb": fuzz_usb,
        "card": fuzz_card,
        "files": fuzz_files,
    }
)
