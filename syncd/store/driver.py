"""The database engine: opens encrypted files and gives their errors our names.

The only importer of SQLCipher.

The engine is registered under the name `sqlite_utils` looks for (`syncd.store.migrator` loads it);
without it, its handling of errors and of ``INSERT … RETURNING`` breaks (PROTOCOL 5.3).
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3
import sqlcipher3.dbapi2 as engine

from syncd.store.fault import (
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreKeyError,
    StoreLocked,
    StoreUnreachable,
)
from syncd.store.notebook import Note

sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = engine

KEY_BYTES = 32
INDEX_BYTES = 32 * 1024  # of the index programs share
PAGE_BYTES = (
    8192  # 2.4 KB entries: 2,789 bytes each in 8 KB pages, 4,609 in 4 KB ones (PROTOCOL 5.3)
)

_FAULTS: Mapping[int, type[StoreError]] = {
    engine.SQLITE_FULL: StoreFull,
    engine.SQLITE_BUSY: StoreLocked,
    engine.SQLITE_LOCKED: StoreLocked,
    engine.SQLITE_CORRUPT: StoreDamaged,
    engine.SQLITE_NOTADB: StoreDamaged,
    engine.SQLITE_CANTOPEN: StoreUnreachable,
    engine.SQLITE_READONLY: StoreUnreachable,
    engine.SQLITE_PERM: StoreUnreachable,
    engine.SQLITE_IOERR: StoreUnreachable,
}

Row = dict[str, Any]


class Connection:
    """One thread's line to the file. Reads come back whole, so no cursor outlives its statement."""

    def __init__(self, raw: engine.Connection) -> None:
        self.raw = raw
        self.poisoned = False
        self.appended: Note | None = None  # the newest entry of the transaction that is open

    @property
    def in_transaction(self) -> bool:
        """Whether `begin` was called and neither `commit` nor `rollback` yet."""
        return bool(self.raw.in_transaction)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Every row as a dict by column name."""
        with self.translated():
            cursor = self.raw.execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def value(self, sql: str, *values: object) -> Any:  # noqa: ANN401 - the caller's column
        """The first column of the first row, or None."""
        row = self.row(sql, *values)
        return None if row is None else next(iter(row.values()))

    def run(self, sql: str, *values: object) -> int:
        """Execute a writing statement; the number of rows it touched."""
        with self.translated():
            return int(self.raw.execute(sql, values).rowcount)

    def insert(self, table: str, record: Mapping[str, object]) -> int:
        """Insert one row; its rowid."""
        names = ", ".join(f'"{name}"' for name in record)
        marks = ", ".join("?" * len(record))
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - our own names
        with self.translated():
            cursor = self.raw.execute(statement, tuple(record.values()))
            return int(cursor.lastrowid or 0)

    def upsert(self, table: str, record: Mapping[str, object], *, key: str) -> None:
        """Insert one row, or change the one with the same ``key`` column."""
        names = ", ".join(f'"{name}"' for name in record)
        marks = ", ".join("?" * len(record))
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in record if name != key)
        self.run(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks}) '  # noqa: S608 - our own names
            f'ON CONFLICT ("{key}") DO UPDATE SET {changes}',
            *record.values(),
        )

    def begin(self) -> None:
        """Start a transaction that holds the write lock from its first statement on."""
        self.appended = None
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make it durable: the log is on the disk when this returns."""
        self.run("COMMIT")

    def rollback(self) -> None:
        """Forget it. The engine may have done so itself, on a full disk for one.

        Then this does nothing.
        """
        if self.in_transaction:
            self.run("ROLLBACK")

    def close(self) -> None:
        """Close the line; harmless when repeated."""
        with self.translated():
            self.raw.close()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Give the engine's errors our names, for work on `raw` itself.

        Raises:
            StoreError: As `translate`.
        """
        try:
            yield
        except MemoryError as error:
            # The engine also says so when it could not read what it needed to go on.
            raise StoreUnreachable("memory") from error
        except engine.Error as error:
            fault = translate(error)
            # A page that failed its check spoils everything read after it on the same
            # line (PROTOCOL 5.3).
            self.poisoned = self.poisoned or isinstance(fault, StoreDamaged)
            raise fault from error


def connect(path: Path, key: bytes, busy_ms: int) -> Connection:
    """Open or create an encrypted file, in the order of PROTOCOL 5.3.

    Raises:
        StoreKeyError: Wrong key, or not a store.
        StoreError: As `translate`.
    """
    if len(key) != KEY_BYTES:
        raise StoreKeyError("a key has 32 bytes")
    try:
        return _connect(path, key, busy_ms)
    except StoreKeyError:
        # To the engine, a first page that the disk did not give looks like a wrong key.
        _read_first_page(path)
        return _connect(path, key, busy_ms)
    except StoreUnreachable as error:
        # And an index that found no room, like a failing disk.
        if _is_full(path.parent):
            raise StoreFull("no room to open") from error
        raise


def _connect(path: Path, key: bytes, busy_ms: int) -> Connection:
    try:
        raw = engine.connect(
            str(path), timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False
        )
    except engine.Error as error:
        raise translate(error) from error
    try:
        # Without this the engine writes to stderr, over a full-screen program.
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute(f"PRAGMA cipher_page_size = {PAGE_BYTES}")
        _probe(raw)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA trusted_schema = OFF")
        raw.execute("PRAGMA recursive_triggers = ON")  # a row that is replaced is a row deleted
        raw.execute(f"PRAGMA busy_timeout = {busy_ms}")
        return Connection(raw)
    except engine.Error as error:
        raw.close()
        raise translate(error) from error
    except MemoryError as error:
        raw.close()
        raise StoreUnreachable("memory") from error
    except StoreError:
        raw.close()
        raise


def _is_full(folder: Path) -> bool:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < INDEX_BYTES


def _read_first_page(path: Path) -> None:
    try:
        with path.open("rb", buffering=0) as file:
            file.read(PAGE_BYTES)
    except OSError as error:
        raise StoreUnreachable(error.strerror) from error


def _probe(raw: engine.Connection) -> None:
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except engine.DatabaseError as error:
        if _code(error) == engine.SQLITE_NOTADB:
            raise StoreKeyError("the key does not open this file") from error
        raise


def translate(error: engine.Error) -> StoreError:
    """Our name for the engine's error."""
    return _FAULTS.get(_code(error), StoreError)(str(error))


def _code(error: engine.Error) -> int:
    """The primary result code; -1 for errors the engine raised without asking the library."""
    return int(getattr(error, "sqlite_errorcode", -1)) & 0xFF
