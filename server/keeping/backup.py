"""A backup: made while the server runs, sealed, and read back whole before anybody relies on it.

What is verified is the file in its place: opened again, restored into a database of its own, every
signature and chain of the log checked, every view rebuilt and compared. Only then is it recorded,
and only what it was found to hold is called durable (PROTOCOL 2.7).
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from sqlalchemy import Connection, bindparam, insert, update

from core.sealing import SealError
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.checkpoint import Checkpoint
from core.wire.document import open_document, sign_document, split_document
from core.wire.fault import WireError
from core.wire.reference import Trust, keys_by_id
from server.audit import AuditCode, record
from server.keeping.contents import Contents, holds, read_contents
from server.keeping.pouring import dialect_of, pour_in, pour_out, scratch
from server.keeping.sealed import BackupError, DataKey, SealedHeader, SealedReader, SealedWriter
from server.keys import ServerKeys
from server.store.database import open_store
from server.store.settings import read_epoch
from server.store.tables import backup, head
from server.views.check import check_views

LEVEL = 3
NAME = re.compile(r"jiepin-\d{8}T\d{9}Z-[0-9a-f]{16}\.jpb\Z")
UNFINISHED = ".part"
OURS_ALONE = 0o600
RANDOM_BYTES = 8
DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to back up and where to. ``room`` takes plain copies for a while, as private as it."""

    url: str
    room: Path
    folder: Path
    keep: int
    keys: ServerKeys
    account: str
    now_ms: Callable[[], int]
    random_bytes: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What is kept of a verified backup; ``checkpoint`` is the signed one behind its pieces."""

    made_ms: int
    verified_ms: int
    file: str
    size: int
    checkpoint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A verified backup; ``removed`` are older files that made room for it."""

    file: Path
    size: int
    contents: Contents
    removed: tuple[str, ...]


def make_backup(order: Order) -> Made:
    """Copy, seal, verify, record; a file that fails a check does not stay.

    Raises:
        BackupError: ``damaged``, ``views_differ``, ``log_differs``, … or as `pour_out`.
        OSError: The folder takes no file, or is full.
    """
    made_ms = order.now_ms()
    place = order.folder / _name(made_ms, order.random_bytes(RANDOM_BYTES))
    part = place.with_name(place.name + UNFINISHED)
    try:
        data_key = DataKey.fresh(order.keys.trust.seal, dialect_of(order.url), order.random_bytes)
    except SealError as error:
        raise BackupError("seal_key") from error
    try:
        digest = _write(order, part, data_key)
        contents = _restored(order, part, data_key, digest)
        checkpoint = _vouch(order, part, contents, digest)
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(order.folder)
    size = place.stat().st_size
    store = open_store(order.url)
    try:
        with store.writing() as connection:
            noted = Noted(
                made_ms=made_ms,
                verified_ms=order.now_ms(),
                file=place.name,
                size=size,
                checkpoint=checkpoint,
            )
            _record(connection, order, contents, noted)
    except BackupError:
        place.unlink()
        raise
    finally:
        store.close()
    return Made(file=place, size=size, contents=contents, removed=_prune(order, place))


def examine(url: str) -> Contents:
    """What a restored database holds, once all of it is found in order.

    Raises:
        BackupError: ``damaged`` or ``views_differ``.
    """
    store = open_store(url)
    try:
        checked = check_views(store)
        if checked.damages:
            raise BackupError("damaged")
        if not checked.equal:
            raise BackupError("views_differ")
        with store.reading() as connection:
            return read_contents(connection)
    finally:
        store.close()


def unpacked(source: BinaryIO, open_key: Callable[[SealedHeader], bytes], url: str) -> bytes:
    """Fill the empty database at ``url`` from a sealed file.

    Returns the signed checkpoint behind the pieces, and the SHA-256 of what stands before it in
    its first 32 bytes.

    Raises:
        BackupError: Altered, cut short, or made from the other kind of database.
        SealError: Sealed for someone else.
    """
    reader = SealedReader(source, open_key)
    if reader.header.content != dialect_of(url):
        raise BackupError("other_database")
    try:
        with zstandard.ZstdDecompressor().stream_reader(
            cast(BinaryIO, reader), closefd=False
        ) as plain:
            pour_in(cast(BinaryIO, plain), url)
    except zstandard.ZstdError as error:
        raise BackupError("altered") from error
    digest, trailer = reader.finish()
    return digest + trailer


def vouched(found: bytes, keys: ServerKeys) -> Checkpoint:
    """The checkpoint that `unpacked` gave, signed by a receipt key and about this very file.

    Raises:
        BackupError: ``checkpoint``.
    """
    digest, signed = found[:DIGEST_BYTES], found[DIGEST_BYTES:]
    try:
        checkpoint = open_document(
            SignatureType.CHECKPOINT, signed, Checkpoint, _receipt_keys(keys)
        )
    except WireError as error:
        raise BackupError("checkpoint") from error
    if checkpoint.sealed != digest:
        raise BackupError("checkpoint")
    return checkpoint


def _receipt_keys(keys: ServerKeys) -> dict[bytes, bytes]:
    """Of every step of trust that is at hand: a backup may be older than today's key."""
    steps = [from_wire(split_document(each)[0], Trust, FILE_LIMITS) for each in keys.steps.values()]
    return {
        name: key
        for trust in (*steps, keys.trust)
        for name, key in keys_by_id(trust.receipt).items()
    }


def says_the_same(checkpoint: Checkpoint, contents: Contents) -> bool:
    """Whether a checkpoint is about these contents."""
    return (checkpoint.epoch, checkpoint.size, checkpoint.root) == (
        contents.epoch,
        contents.size,
        contents.root,
    )


def _write(order: Order, part: Path, data_key: DataKey) -> bytes:
    with part.open("xb") as target:
        part.chmod(OURS_ALONE)
        sealed = SealedWriter(target, data_key)
        compressor = zstandard.ZstdCompressor(level=LEVEL)
        with compressor.stream_writer(cast(BinaryIO, sealed), closefd=False) as packed:
            pour_out(order.url, packed, order.room)
        digest = sealed.finish()
        target.flush()
        os.fsync(target.fileno())
    return digest


def _restored(order: Order, part: Path, data_key: DataKey, digest: bytes) -> Contents:
    name = f"jiepin_check_{order.random_bytes(RANDOM_BYTES).hex()}"
    with scratch(order.url, order.room, name) as url:
        with part.open("rb") as source:
            found = unpacked(source, lambda _: data_key.key, url)
        if found != digest:
            raise BackupError("altered")
        return examine(url)


def _vouch(order: Order, part: Path, contents: Contents, digest: bytes) -> bytes:
    checkpoint = Checkpoint(
        v=1,
        epoch=contents.epoch,
        size=contents.size,
        root=contents.root,
        t=order.now_ms(),
        sealed=digest,
    )
    signed = sign_document(SignatureType.CHECKPOINT, checkpoint, order.keys.receipt)
    with part.open("ab") as target:
        target.write(signed)
        target.flush()
        os.fsync(target.fileno())
    return signed


def _record(connection: Connection, order: Order, contents: Contents, noted: Noted) -> None:
    if read_epoch(connection) != contents.epoch or not holds(connection, contents):
        raise BackupError("log_differs")
    note_backup(connection, contents, noted)
    record(
        connection,
        AuditCode.BACKUP_MADE,
        account=order.account,
        target=noted.file,
        now_ms=noted.verified_ms,
        after=f"{contents.size} {contents.root.hex()}",
    )


def note_backup(connection: Connection, contents: Contents, noted: Noted) -> None:
    """Keep that this file was verified: the entries it holds are durable, and no others."""
    ends = [
        {"of_dev": dev, "of_inc": inc, "through": seq}
        for (dev, inc), (seq, _) in sorted(contents.heads.items())
    ]
    if ends:
        connection.execute(
            update(head)
            .where(head.c.dev == bindparam("of_dev"), head.c.inc == bindparam("of_inc"))
            .values(durable=bindparam("through")),
            ends,
        )
    connection.execute(
        insert(backup).values(
            made_ms=noted.made_ms,
            verified_ms=noted.verified_ms,
            last_index=contents.size,
            file=noted.file,
            bytes=noted.size,
            checkpoint=noted.checkpoint,
        )
    )


def _name(now_ms: int, random: bytes) -> str:
    """Sorts by time; the random part keeps two of the same millisecond apart."""
    when = datetime.fromtimestamp(now_ms // 1000, UTC)
    return f"jiepin-{when:%Y%m%dT%H%M%S}{now_ms % 1000:03d}Z-{random.hex()}.jpb"


def _prune(order: Order, newest: Path) -> tuple[str, ...]:
    """Remove the oldest of our files beyond those to keep; never the newest."""
    ours = sorted(
        path.name
        for path in order.folder.iterdir()
        if NAME.match(path.name) and path.is_file() and path.name < newest.name
    )
    removed = ours[: max(0, len(ours) + 1 - order.keep)]
    for name in removed:
        (order.folder / name).unlink()
    return tuple(removed)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
