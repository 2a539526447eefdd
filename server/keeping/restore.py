"""A server begins again from a backup: checked first, then a new life under a new epoch.

Kiosks see that their heads are ahead and send again what is newer (PROTOCOL 2.12). Until a machine
has done so its inbox rests, for it may hold answers of ours that are in no backup (ADR 0016).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, inspect, select

from server.audit import AuditCode, record
from server.keeping.backup import (
    DIGEST_BYTES,
    Noted,
    examine,
    note_backup,
    says_the_same,
    unpacked,
    vouched,
)
from server.keeping.contents import Contents
from server.keeping.pouring import dialect_of, scratch
from server.keeping.sealed import BackupError, opened_by
from server.keys import ServerKeys
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.season_tables import console_session
from server.store.settings import EPOCH, EPOCH_BYTES, RESTORED_MS, write_number, write_setting
from server.store.tables import head, inbox, resumption

RANDOM_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The file, its key, and where to; ``room`` is a folder for a database to try it in."""

    file: Path
    seal_key: bytes
    url: str
    room: Path
    keys: ServerKeys
    account: str
    now_ms: Callable[[], int]
    random_bytes: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """``awaited`` machines have not said yet what they hold."""

    contents: Contents
    epoch: bytes
    awaited: int


def try_backup(wanted: Wanted) -> Contents:
    """Restore into a place of its own, check everything, and leave nothing behind: the drill.

    Raises:
        BackupError: Something about the file is not in order.
        SealError: It is sealed for another key.
        OSError: It cannot be read, or there is no room.
    """
    name = f"jiepin_check_{wanted.random_bytes(RANDOM_BYTES).hex()}"
    with scratch(wanted.url, wanted.room, name) as url:
        return _filled(wanted, url)[0]


def restore(wanted: Wanted) -> Restored:
    """Try the backup, then begin anew from it where no database is yet.

    Raises:
        BackupError: ``database_exists``, or as `try_backup`.
        SealError: The file is sealed for another key.
        OSError: It cannot be read, or there is no room.
    """
    _refuse_existing(wanted.url)
    try_backup(wanted)
    if dialect_of(wanted.url) == "postgresql":
        return _begin_anew(wanted, wanted.url, *_filled(wanted, wanted.url))
    place = Path(wanted.url.removeprefix("sqlite:///"))
    unfinished = place.with_name(f"{place.name}.restoring")
    unfinished.unlink(missing_ok=True)
    url = f"sqlite:///{unfinished}"
    restored = _begin_anew(wanted, url, *_filled(wanted, url))
    unfinished.replace(place)
    descriptor = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return restored


def _filled(wanted: Wanted, url: str) -> tuple[Contents, bytes]:
    """What the file holds, and its signed checkpoint."""
    with wanted.file.open("rb") as source:
        found = unpacked(source, opened_by(wanted.seal_key), url)
    checkpoint = vouched(found, wanted.keys)
    store = open_store(url)
    try:
        migrate(store)
    finally:
        store.close()
    contents = examine(url)
    if not says_the_same(checkpoint, contents):
        raise BackupError("checkpoint")
    return contents, found[DIGEST_BYTES:]


def _begin_anew(wanted: Wanted, url: str, contents: Contents, checkpoint: bytes) -> Restored:
    store = open_store(url)
    try:
        with store.writing() as connection:
            note_backup(
                connection,
                contents,
                Noted(
                    made_ms=wanted.now_ms(),
                    verified_ms=wanted.now_ms(),
                    file=wanted.file.name,
                    size=wanted.file.stat().st_size,
                    checkpoint=checkpoint,
                ),
            )
            return _new_life(connection, wanted, contents)
    finally:
        store.close()


def _new_life(connection: Connection, wanted: Wanted, contents: Contents) -> Restored:
    now_ms, epoch = wanted.now_ms(), wanted.random_bytes(EPOCH_BYTES)
    before = contents.epoch.hex()
    write_setting(connection, EPOCH, epoch)
    write_number(connection, RESTORED_MS, now_ms)
    connection.execute(delete(console_session))
    awaited = await_machines(connection)
    record(
        connection,
        AuditCode.BACKUP_RESTORED,
        account=wanted.account,
        target=wanted.file.name,
        now_ms=now_ms,
        before=before,
        after=f"{epoch.hex()} {contents.size}",
    )
    return Restored(contents=contents, epoch=epoch, awaited=awaited)


def await_machines(connection: Connection) -> int:
    """Let every inbox rest where it stands until its machine is heard; how many do."""
    newest = select(inbox.c.dev, func.max(inbox.c.seq).label("seq")).group_by(inbox.c.dev)
    last = {row.dev: row.seq for row in connection.execute(newest)}
    connection.execute(delete(resumption))
    rows = []
    roots = connection.execute(
        select(head.c.dev, head.c.certificate).order_by(head.c.dev, head.c.inc.desc())
    )
    for row in {each.dev: each for each in roots}.values():  # the first certificate of each
        seq = last.get(row.dev, 0)
        eh = row.certificate
        if seq:
            eh = connection.execute(
                select(inbox.c.eh).where(inbox.c.dev == row.dev, inbox.c.seq == seq)
            ).scalar_one()
        rows.append({"dev": row.dev, "seq": seq, "hash": eh, "waits": True})
    if rows:
        connection.execute(insert(resumption), rows)
    return len(rows)


def _refuse_existing(url: str) -> None:
    if dialect_of(url) == "sqlite":
        place = Path(url.removeprefix("sqlite:///"))
        beside = (place.with_name(f"{place.name}{end}") for end in ("", "-wal", "-shm"))
        if any(each.exists() for each in beside):
            raise BackupError("database_exists")
        return
    store = open_store(url)
    try:
        with store.reading() as connection:
            if inspect(connection).get_table_names():
                raise BackupError("database_exists")
    finally:
        store.close()
