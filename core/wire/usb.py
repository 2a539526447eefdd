"""Files on a USB stick, one form for both directions (PROTOCOL 2.13).

``TTU1``, then ``[manifest, sealed, documents]``: content sealed by HPKE, and in front of it a
manifest under ``tt/usb/1`` that anyone can hold against the sealed bytes without opening them. A
*parcel* (``.ttx``) carries batches from a machine to the centre, an *answer* (``.tta``) brings back
what the server would have said on the line. Everything inside is signed by itself as on the line.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeVar

import msgspec
import zstandard
from msgspec import Meta

from core.sealing import SealError, SigningKey, key_id, seal, seal_public, unseal
from core.signature import SignatureType
from core.wire.batch import decode_batch, decompress
from core.wire.canon import Limits, encode, from_wire, to_wire
from core.wire.document import open_document, sign_document, split_document
from core.wire.event import Bytes16
from core.wire.fault import WireError
from core.wire.manifest import AnswerManifest, Manifest, ParcelManifest
from core.wire.reference import Trust, check_trust, keys_by_id
from core.wire.rotation import key_through
from core.wire.stick_name import ANSWER_ENDING, PARCEL_ENDING, StickName

MAGIC = b"TTU1"
MEBIBYTE = 1024 * 1024
FILE_BYTES = 16 * MEBIBYTE  # a file as a whole
PARCEL_BYTES = 8 * MEBIBYTE  # batches in one parcel; a longer log takes several files
CONTENT_BYTES = 15 * MEBIBYTE  # inside the seal, unpacked
BATCHES_AT_MOST = 64
DOCUMENTS_AT_MOST = 16
INBOX_AT_MOST = 2000
SHORT_LIST = 64
PARCEL_INFO = b"jiepin/usb/parcel/1"
ANSWER_INFO = b"jiepin/usb/answer/1"
LEVEL = 3
ROW_LIMITS = Limits(size=FILE_BYTES, depth=2, items=DOCUMENTS_AT_MOST)
MANIFEST_LIMITS = Limits(size=4096, depth=3, items=8)
PARCEL_LIMITS = Limits(size=CONTENT_BYTES, depth=2, items=BATCHES_AT_MOST)
ANSWER_LIMITS = Limits(size=CONTENT_BYTES, depth=3, items=INBOX_AT_MOST)

KeyOf = Callable[[bytes, int, int], bytes | None]
"""The raw public key of a machine, an incarnation and an entry; None when there is none such."""
M = TypeVar("M", bound=msgspec.Struct)


class ParcelContent(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Batches in wire bytes, in order; and forms of officers who ask for a certificate.

    ``certificates`` are those of the officers known here, for a centre that was restored.
    """

    batches: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=BATCHES_AT_MOST)]
    forms: Annotated[tuple[bytes, ...], Meta(max_length=SHORT_LIST)] = ()
    certificates: Annotated[tuple[bytes, ...], Meta(max_length=SHORT_LIST)] = ()


class AnswerContent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the server would have said on the line, each part signed as there.

    ``acks`` are one per batch, ``inbox`` encoded frames, ``files`` those of ``snapshot`` that the
    machine lacks (the revocation list is one of them), ``forms`` ``[form id, state, grant]``.
    """

    acks: Annotated[tuple[bytes, ...], Meta(max_length=BATCHES_AT_MOST)]
    beacon: bytes
    inbox: Annotated[tuple[bytes, ...], Meta(max_length=INBOX_AT_MOST)]
    snapshot: bytes | None
    files: Annotated[tuple[bytes, ...], Meta(max_length=SHORT_LIST)]
    forms: Annotated[
        tuple[tuple[Bytes16, Literal["pending", "granted", "refused"], bytes | None], ...],
        Meta(max_length=SHORT_LIST),
    ] = ()


class _FileRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    manifest: bytes
    sealed: bytes
    documents: Annotated[tuple[bytes, ...], Meta(max_length=DOCUMENTS_AT_MOST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A parcel that its machine signed; ``file`` is SHA-256 of the whole file."""

    manifest: ParcelManifest
    file: bytes
    batches: tuple[bytes, ...] = field(repr=False)
    forms: tuple[bytes, ...] = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer the centre signed for this machine.

    ``documents`` are the trust documents that came along, ``trust`` what they lead to.
    """

    manifest: AnswerManifest
    file: bytes
    content: AnswerContent = field(repr=False)
    trust: Trust = field(repr=False)
    documents: tuple[bytes, ...] = field(repr=False)


def file_name(manifest: ParcelManifest | AnswerManifest) -> StickName:
    """The name a file is to have."""
    return StickName(
        dev=manifest.dev,
        inc=manifest.inc,
        first=manifest.first,
        last=manifest.last,
        ending=PARCEL_ENDING if isinstance(manifest, ParcelManifest) else ANSWER_ENDING,
    )


def write_parcel(
    manifest: ParcelManifest,
    content: ParcelContent,
    key: SigningKey,
    recipient: bytes,
    documents: Sequence[bytes] = (),
) -> bytes:
    """A parcel's bytes; what it says of sealed bytes and documents is filled in here.

    Args:
        manifest: What is inside and what is known here.
        content: The batches the manifest speaks of.
        key: The machine's log key, as it was at the first entry: batches are signed so, too.
        recipient: The centre's raw seal key, as trust names it.
        documents: What a centre that was restored needs before it can verify the rest: the
            machine's certificates, and the statements of its changes of key.

    Raises:
        WireError: Too large, or not what the manifest says.
        SealError: ``recipient`` is not a key.
    """
    _check_batches(manifest, content)
    sealed = seal(to_wire(content, PARCEL_LIMITS), recipient, PARCEL_INFO)
    return _file(_over(manifest, sealed, documents, recipient), sealed, documents, key)


def write_answer(
    manifest: AnswerManifest,
    content: AnswerContent,
    key: SigningKey,
    recipient: bytes,
    documents: Sequence[bytes] = (),
) -> bytes:
    """An answer's bytes; what it says of sealed bytes and documents is filled in here.

    Args:
        manifest: Which parcel is answered, and when.
        content: What is said.
        key: The receipt key.
        recipient: ``reply`` of the parcel.
        documents: Trust documents that a machine may need before it can verify the rest.

    Raises:
        WireError: Too large.
        SealError: ``recipient`` is not a key.
    """
    raw = to_wire(content, ANSWER_LIMITS)
    packed = zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress(raw)
    sealed = seal(packed, recipient, ANSWER_INFO)
    return _file(_over(manifest, sealed, documents, recipient), sealed, documents, key)


def check_parcel(data: bytes, key: bytes) -> ParcelManifest:
    """The manifest of a parcel under a raw public key, held against the sealed bytes.

    Nothing is opened: a machine can check its own file, and could not read it.

    Raises:
        WireError: Not a parcel of this key, or damaged.
    """
    row = _row(data)
    manifest = _verified(row.manifest, ParcelManifest, {key_id(key): key})
    _check_whole(manifest, row)
    return manifest


def check_answer(data: bytes, keys: Sequence[bytes]) -> AnswerManifest:
    """The manifest of an answer under one of these raw public keys, held against the sealed bytes.

    Raises:
        WireError: Not an answer under these keys, or damaged.
    """
    row = _row(data)
    manifest = _verified(row.manifest, AnswerManifest, {key_id(key): key for key in keys})
    _check_whole(manifest, row)
    return manifest


def documents_of(data: bytes) -> tuple[bytes, ...]:
    """What travels in front of the seal and speaks for itself; nothing is verified yet.

    Raises:
        WireError: Not a file of ours.
    """
    return _row(data).documents


def read_parcel(data: bytes, key_of: KeyOf, private: Sequence[bytes]) -> Parcel:
    """A parcel, bounded before it is opened and verified before it is decoded.

    The batches have the shape and the range the manifest says; whether the log takes them is
    decided where every upload is.

    Args:
        data: The whole file.
        key_of: Whose signature the manifest needs.
        private: The centre's raw seal keys, those of earlier trust documents too.

    Raises:
        WireError: ``too_large``, ``magic``, ``device_unknown``, ``signature``, ``usb_damaged``,
            ``usb_reply``, ``usb_other_seal``, ``usb_content``, or as `decode` and `decode_batch`.
    """
    row = _row(data)
    # Who claims to have signed is read first, as in a batch: only to look up whose key to try.
    claimed = from_wire(
        split_document(row.manifest, MANIFEST_LIMITS)[0], ParcelManifest, MANIFEST_LIMITS
    )
    key = key_of(claimed.dev, claimed.inc, claimed.first)
    if key is None:
        raise WireError("device_unknown")
    key = key_through(row.documents, key, (claimed.dev, claimed.inc, claimed.first))
    manifest = _verified(row.manifest, ParcelManifest, {key_id(key): key})
    _check_whole(manifest, row)
    _check_reply(manifest.reply)
    packed = _open(manifest, row.sealed, private, PARCEL_INFO)
    content = from_wire(packed, ParcelContent, PARCEL_LIMITS)
    _check_batches(manifest, content)
    return Parcel(
        manifest=manifest,
        file=hashlib.sha256(data).digest(),
        batches=content.batches,
        forms=content.forms,
        certificates=content.certificates,
    )


def read_answer(data: bytes, trust: Trust, device: bytes, private: bytes) -> Answer:
    """An answer for ``device``, bounded before it is opened and verified before it is decoded.

    Args:
        data: The whole file.
        trust: The trust document in use; successors in the file are followed first.
        device: This machine.
        private: This machine's raw seal key.

    Raises:
        WireError: ``too_large``, ``magic``, ``signature``, ``other_device``, ``usb_damaged``,
            ``usb_other_seal``, ``compression``, or as `decode`.
    """
    row = _row(data)
    trust = _followed(trust, row.documents)
    manifest = _verified(row.manifest, AnswerManifest, keys_by_id(trust.receipt))
    if manifest.dev != device:
        raise WireError("other_device")
    _check_whole(manifest, row)
    packed = _open(manifest, row.sealed, (private,), ANSWER_INFO)
    content = from_wire(decompress(packed, CONTENT_BYTES), AnswerContent, ANSWER_LIMITS)
    return Answer(
        manifest=manifest,
        file=hashlib.sha256(data).digest(),
        content=content,
        trust=trust,
        documents=row.documents,
    )


def _file(
    manifest: msgspec.Struct, sealed: bytes, documents: Sequence[bytes], key: SigningKey
) -> bytes:
    signed = sign_document(SignatureType.USB, manifest, key, limits=MANIFEST_LIMITS)
    data = MAGIC + encode([signed, sealed, list(documents)], ROW_LIMITS)
    if len(data) > FILE_BYTES:
        raise WireError("too_large")
    return data


def _over(manifest: M, sealed: bytes, documents: Sequence[bytes], recipient: bytes) -> M:
    return msgspec.structs.replace(
        manifest,
        hash=hashlib.sha256(sealed).digest(),
        size=len(sealed),
        seal=key_id(recipient),
        documents=_digest(documents),
    )


def _digest(documents: Sequence[bytes]) -> bytes:
    return hashlib.sha256(encode(list(documents), ROW_LIMITS)).digest()


def _row(data: bytes) -> _FileRow:
    if len(data) > FILE_BYTES:
        raise WireError("too_large")
    if not data.startswith(MAGIC):
        raise WireError("magic")
    return from_wire(data[len(MAGIC) :], _FileRow, ROW_LIMITS)


def _verified(signed: bytes, schema: type[M], keys: dict[bytes, bytes]) -> M:
    return open_document(SignatureType.USB, signed, schema, keys, limits=MANIFEST_LIMITS)


def _check_whole(manifest: Manifest, row: _FileRow) -> None:
    sealed, documents = row.sealed, row.documents
    same = (manifest.size, manifest.hash, manifest.documents)
    if same != (len(sealed), hashlib.sha256(sealed).digest(), _digest(documents)):
        raise WireError("usb_damaged")


def _check_reply(key: bytes) -> None:
    """Refuse a key that no answer could be sealed for, or only for everybody."""
    try:
        seal(b"", key, ANSWER_INFO)
    except SealError as error:
        raise WireError("usb_reply") from error


def _open(manifest: Manifest, sealed: bytes, private: Sequence[bytes], info: bytes) -> bytes:
    mine = next((each for each in private if key_id(seal_public(each)) == manifest.seal), None)
    if mine is None:
        raise WireError("usb_other_seal")
    try:
        return unseal(sealed, mine, info)
    except SealError as error:
        raise WireError("usb_damaged") from error


def _check_batches(manifest: ParcelManifest, content: ParcelContent) -> None:
    """Refuse batches that are not, one after the other, the range the manifest states."""
    after, count = manifest.first - 1, 0
    head = b""
    for data in content.batches:
        header = decode_batch(data).header
        same = (header.dev, header.inc, header.first) == (manifest.dev, manifest.inc, after + 1)
        if not same or header.n == 0:
            raise WireError("usb_content")
        after, count, head = header.last, count + header.n, header.head
    if (after, count, head) != (manifest.last, manifest.count, manifest.head):
        raise WireError("usb_content")


def _followed(trust: Trust, documents: Sequence[bytes]) -> Trust:
    """The newest trust that ``documents`` lead to; those that do not follow are passed over."""
    for document in documents:
        try:
            trust = check_trust(trust, document)
        except WireError:
            continue
    return trust
