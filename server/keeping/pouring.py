"""A database out into a stream and back in again: one state of it, while others go on writing.

SQLite by its online backup, PostgreSQL by ``pg_dump`` and ``pg_restore`` of the server's own
version. Passwords go to those programs by their environment, never by their arguments.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from server.keeping.sealed import BackupError, Dialect

PIECE_BYTES = 1024 * 1024
SQLITE_MAGIC = b"SQLite format 3\0"
PROGRAMS = Path("/usr/lib/postgresql")


def dialect_of(url: str) -> Dialect:
    """Which of the two databases it is."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def pour_out(url: str, target: BinaryIO, room: Path) -> None:
    """Write one state of the database into ``target``; ``room`` is a folder for a plain copy.

    Raises:
        BackupError: The database, or its program, refused.
        OSError: No room.
    """
    if dialect_of(url) == "sqlite":
        _copy_file(url, target, room)
        return
    words = [_program(url, "pg_dump"), "--format=custom", "--compress=0"]
    _run([*words, "--no-owner", "--no-privileges"], url, output=target)


def pour_in(source: BinaryIO, url: str) -> None:
    """Fill an empty database with what `pour_out` wrote.

    Raises:
        BackupError: What comes is not a database, or its program refused.
        OSError: No room.
    """
    if dialect_of(url) == "sqlite":
        with Path(_path(url)).open("xb") as target:
            shutil.copyfileobj(source, target, PIECE_BYTES)
            target.flush()
            os.fsync(target.fileno())
        return
    words = [_program(url, "pg_restore"), "--exit-on-error", "--single-transaction"]
    _run([*words, "--no-owner", "--no-privileges"], url, source=source, connect="--dbname")


@contextmanager
def scratch(url: str, room: Path, name: str) -> Iterator[str]:
    """The URL of a place of the same kind to restore into; it is gone afterwards.

    Raises:
        BackupError: PostgreSQL does not let this account create a database.
    """
    if dialect_of(url) == "sqlite":
        with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=room) as folder:
            yield f"sqlite:///{Path(folder) / 'restored.db'}"
        return
    _administer(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _copy_file(url: str, target: BinaryIO, room: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="copy-", dir=room) as folder:
        copy = Path(folder) / "copy.db"
        try:
            with (
                closing(sqlite3.connect(f"file:{_path(url)}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as plain,
            ):
                source.backup(plain)
                # The copy stands alone: without this it would want a second file beside it.
                plain.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise BackupError("database") from error
        with copy.open("rb") as plain_bytes:
            shutil.copyfileobj(plain_bytes, target, PIECE_BYTES)


def _path(url: str) -> str:
    return str(make_url(url).database)


def _run(
    words: Sequence[str],
    url: str,
    *,
    source: BinaryIO | None = None,
    output: BinaryIO | None = None,
    connect: str = "--dbname",
) -> None:
    parsed = make_url(url)
    password = {} if parsed.password is None else {"PGPASSWORD": str(parsed.password)}
    plain = _without_secret(parsed)
    with subprocess.Popen(  # noqa: S603 - a program of the database, by its full path
        [*words, f"{connect}={plain}"],
        stdin=subprocess.PIPE if source else subprocess.DEVNULL,
        stdout=subprocess.PIPE if output else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # what it says may hold rows
        env=os.environ | password,
    ) as process:
        try:
            if output is not None:
                shutil.copyfileobj(cast(BinaryIO, process.stdout), output, PIECE_BYTES)
            if source is not None:
                stdin = cast(BinaryIO, process.stdin)
                shutil.copyfileobj(source, stdin, PIECE_BYTES)
                stdin.close()
        except BrokenPipeError as error:
            raise BackupError("database") from error
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise BackupError("database")


def _without_secret(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _program(url: str, name: str) -> str:
    """The program of the server's own version: another's files it would not read.

    Raises:
        BackupError: It is not installed here.
    """
    with _maintenance(url) as connection:
        number = connection.execute(text("SHOW server_version_num")).scalar_one()
    found = PROGRAMS / str(int(number) // 10_000) / "bin" / name
    if not found.is_file():
        raise BackupError("programs_missing")
    return str(found)


def _administer(url: str, statement: str) -> None:
    with _maintenance(url) as connection:
        connection.execute(text(statement))


@contextmanager
def _maintenance(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise BackupError("database") from error
    finally:
        engine.dispose()
