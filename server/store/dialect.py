"""Where SQLite and PostgreSQL differ: opening, locking, upserting, forbidding change; only here."""

import fcntl
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    any_,
    bindparam,
    create_engine,
    event,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 30_000
LOOK_S = 0.1
CONNECTIONS = 8
WRITE_LOCK = 0x6A69_6570_696E  # "jiepin": one advisory lock makes writers of all processes queue
SERVE_LOCK = WRITE_LOCK + 1
WRITING = "jiepin_writing"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    # REPLACE deletes without asking the triggers that forbid it, unless told otherwise.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA wal_autocheckpoint=4000",
)


ROWS_AT_ONCE = 64
_VALUES = re.compile(r"(?<= VALUES )(\([^()]*\))")
SHORT_NAMES = {"bigint": "int8", "integer": "int4"}  # under which the driver knows them
Rows = Sequence[Mapping[str, Any]]


class Conflict(Enum):
    """What to do with a row whose place is taken."""

    FAIL = auto()
    REPLACE = auto()
    KEEP = auto()


def make_engine(url: str) -> Engine:
    """An engine for either database; on SQLite every transaction is ours to begin."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=CONNECTIONS,
            hide_parameters=True,
            connect_args={"cached_statements": 1024},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, pool_size=CONNECTIONS, hide_parameters=True, pool_pre_ping=True, paramstyle="format"
    )


def reading(engine: Engine) -> Engine:
    """The same database for readers: one transaction sees one state of it throughout."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def writing(engine: Engine) -> Engine:
    """The same database for writers, who take turns (`lock`)."""
    return engine.execution_options(**{WRITING: True})


def lock(connection: Connection) -> None:
    """Make this the only writing transaction until it ends; on SQLite `writing` has done so."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})


@contextmanager
def serving_alone(engine: Engine, wait_s: float) -> Iterator[bool]:
    """Whether no other server serves this database, at the latest after ``wait_s``.

    Then none can until the end: a file's lock and a session's lock both end with their process,
    however that ends.
    """
    until_s = time.monotonic() + wait_s
    with _serving_lock(engine) as take:
        while not (taken := take()) and time.monotonic() < until_s:
            time.sleep(LOOK_S)
        yield taken


@contextmanager
def _serving_lock(engine: Engine) -> Iterator[Callable[[], bool]]:
    """What tries to take the lock; it is given back at the end."""
    if engine.dialect.name == "sqlite":
        with Path(f"{engine.url.database}.serving").open("ab") as mark:

            def take() -> bool:
                try:
                    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                return True

            yield take
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ask = text("SELECT pg_try_advisory_lock(:key)")
        try:
            yield lambda: bool(connection.execute(ask, {"key": SERVE_LOCK}).scalar_one())
        finally:
            connection.invalidate()  # a session that went back to the pool would keep the lock


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert ``rows``, which have the same columns."""
    _execute_many(connection, table, rows, Conflict.FAIL)


def insert_tuples(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert ``rows`` of all the table's columns, in its order."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    columns = tuple(column.name for column in table.columns)
    _send(connection, _insert(table, columns, Conflict.FAIL, connection.dialect), rows)


def upsert(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert ``rows``, which have the same columns, replacing those with the same primary key."""
    _execute_many(connection, table, rows, Conflict.REPLACE)


def update_many(connection: Connection, table: Table, rows: Rows) -> None:
    """Change rows, each found by its primary key, one row each; they have the same columns."""
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == "postgresql":
        statement = _update_at_once(table, columns, connection.dialect)
        by_column = tuple([row[name] for row in rows] for name in columns)
        connection.exec_driver_sql(statement, by_column)
        return
    statement, values = _update(table, columns, connection.dialect)
    connection.exec_driver_sql(statement, [values(row) for row in rows])


def is_one_of(column: Column[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether the parameter ``name``, a list, has the column's value; one plan for any length."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=postgresql.ARRAY(column.type)))
    return column.in_(bindparam(name, expanding=True))


def insert_new(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert the rows that break no unique constraint; the others are there already."""
    _execute_many(connection, table, rows, Conflict.KEEP)


def _execute_many(connection: Connection, table: Table, rows: Rows, conflict: Conflict) -> None:
    if rows:
        insert = _insert(table, tuple(rows[0]), conflict, connection.dialect)
        _send(connection, insert, [insert.values(row) for row in rows])


def _send(connection: Connection, insert: "_Insert", rows: Sequence[Sequence[Any]]) -> None:
    # Rows go to the driver as they are, many in one statement: handling each in Python would cost
    # as much as storing it, and between two statements another thread may take the interpreter.
    for start in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows[start : start + ROWS_AT_ONCE]
        connection.exec_driver_sql(insert.text(len(chunk)), tuple(chain.from_iterable(chunk)))


def _copy(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """As `insert_tuples`: nothing to parse, and no parameters to number."""
    statement, types = _copying(table, connection.dialect)
    driver = connection.connection.driver_connection
    # The driver's errors, under the names that they have everywhere else.
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor().copy(statement) as copy:  # type: ignore[union-attr]
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(
            statement, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from error


@lru_cache(maxsize=16)
def _copying(table: Table, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """A statement that takes rows as they are, and the types of their columns."""
    types = [column.type.compile(dialect=dialect).lower() for column in table.columns]
    columns = ", ".join(column.name for column in table.columns)
    statement = f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)"
    return statement, tuple(SHORT_NAMES.get(each, each) for each in types)


@dataclass(frozen=True, slots=True)
class _Insert:
    """A statement for any number of rows, and what takes a row's values as its parameters."""

    before: str
    row: str
    after: str
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]

    def text(self, rows: int) -> str:
        """The statement for so many."""
        return f"{self.before}{', '.join([self.row] * rows)}{self.after}"


@lru_cache(maxsize=64)
def _update(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]]:
    """A statement for one row, and what takes the row's values as its parameters."""
    keys = [column.name for column in table.primary_key]
    found = [table.c[key] == bindparam(f"of_{key}") for key in keys]
    changed: dict[str, Any] = {n: bindparam(f"new_{n}") for n in columns if n not in keys}
    compiled = update(table).where(*found).values(changed).compile(dialect=dialect)
    names = [name.partition("_")[2] for name in compiled.positiontup or ()]
    return str(compiled), itemgetter(*names)


@lru_cache(maxsize=64)
def _update_at_once(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """A statement for any number of rows, which come as one list for each column."""
    quote = dialect.identifier_preparer.quote
    names = {name: quote(name) for name in columns}
    keys = [names.pop(column.name) for column in table.primary_key]
    changed = ", ".join(f"{name} = changed.{name}" for name in names.values())
    lists = ", ".join(f"%b::{table.c[name].type.compile(dialect=dialect)}[]" for name in columns)
    found = " AND ".join(f"{quote(table.name)}.{key} = changed.{key}" for key in keys)
    return (
        f"UPDATE {quote(table.name)} SET {changed} "  # noqa: S608 - names of tables and columns
        f"FROM unnest({lists}) AS changed({', '.join(map(quote, columns))}) WHERE {found}"
    )


@lru_cache(maxsize=256)
def _insert(
    table: Table, columns: tuple[str, ...], conflict: Conflict, dialect: Dialect
) -> _Insert:
    insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    match conflict:
        case Conflict.REPLACE:
            keys = [column.name for column in table.primary_key]
            replaced = {n: statement.excluded[n] for n in columns if n not in keys}
            statement = statement.on_conflict_do_update(index_elements=keys, set_=replaced)
        case Conflict.KEEP:
            statement = statement.on_conflict_do_nothing()
        case Conflict.FAIL:
            pass
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    names = compiled.positiontup or ()
    before, row, after = _VALUES.split(str(compiled))
    if len(names) == 1:
        return _Insert(before, row, after, lambda values: (values[names[0]],))
    return _Insert(before, row, after, itemgetter(*names))


def forbid_change(connection: Connection, table: str) -> None:
    """Make the database itself refuse to update or delete rows of a table of the log."""
    _forbid(connection, table, None)


def forbid_change_but_erasing(
    connection: Connection, table: str, erased: str, kept: Sequence[str]
) -> None:
    """As `forbid_change`, but one column may become null while all others stay (DESIGN D3)."""
    unchanged = [f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in kept]
    if connection.dialect.name == "sqlite":
        unchanged = [f"NEW.{column} IS OLD.{column}" for column in kept]
    _forbid(connection, table, " AND ".join([f"NEW.{erased} IS NULL", *unchanged]))


def _forbid(connection: Connection, table: str, allowed: str | None) -> None:
    """``allowed`` is the condition on OLD and NEW under which an update may pass."""
    if connection.dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            when = f"WHEN NOT ({allowed}) " if allowed and action == "UPDATE" else ""
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
                )
            )
        return
    passing = f"IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; "
    connection.execute(
        text(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {passing if allowed else ''}"
            f"RAISE EXCEPTION '{table} is append only'; END $$"
        )
    )
    for level, actions in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_append_only_{level.lower()} BEFORE {actions} ON {table} "
                f"FOR EACH {level} EXECUTE FUNCTION {table}_is_append_only()"
            )
        )


def allow_change(connection: Connection, table: str) -> None:
    """Undo `forbid_change`, for a step of the schema that puts another rule in its place."""
    if connection.dialect.name == "sqlite":
        for action in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{action}"))
        return
    connection.execute(text(f"DROP FUNCTION {table}_is_append_only() CASCADE"))


def compact(engine: Engine) -> None:
    """Give back the room of what was erased, so that it is on the disk no more."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM FULL"))
            return
    driver = engine.raw_connection()
    try:
        cursor = driver.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        driver.close()


def _prepare_sqlite(connection: SqliteConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin or commit by itself
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
