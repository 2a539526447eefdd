"""Small values the database itself carries, such as its epoch."""

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, select

from server.store import dialect
from server.store.tables import setting

EPOCH = "epoch"
EPOCH_BYTES = 8
READ = select(setting.c.value).where(setting.c.name == bindparam("of"))
RESTORED_MS = "restored_ms"
REVOCATIONS_VERSION = "revocations_version"
JUDGED = "judged"
"""Place of the last entry of the log that has its verdict (`server.judging`)."""


def read_epoch(connection: Connection) -> bytes:
    """8 bytes that name this life of the log; a restored server gets new ones (PROTOCOL 1)."""
    epoch: bytes = connection.execute(
        select(setting.c.value).where(setting.c.name == EPOCH)
    ).scalar_one()
    return epoch


def ensure_epoch(connection: Connection, random_bytes: Callable[[int], bytes]) -> None:
    """Give a new database its epoch; one that has one keeps it."""
    if read_setting(connection, EPOCH) is None:
        write_setting(connection, EPOCH, random_bytes(EPOCH_BYTES))


def read_setting(connection: Connection, name: str) -> bytes | None:
    """A value, if it was ever written."""
    return connection.execute(READ, {"of": name}).scalar_one_or_none()


def write_setting(connection: Connection, name: str, value: bytes) -> None:
    """Replace a value."""
    dialect.upsert(connection, setting, [{"name": name, "value": value}])


def read_number(connection: Connection, name: str) -> int:
    """A value that counts; 0 before it was written."""
    value = read_setting(connection, name)
    return 0 if value is None else int.from_bytes(value, "big")


def write_number(connection: Connection, name: str, value: int) -> None:
    """Replace a value that counts."""
    write_setting(connection, name, value.to_bytes(8, "big"))
