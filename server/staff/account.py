"""Console accounts: adding one, and checking a password with a limit on tries.

The verifier is Argon2id of the password; deriving it takes a while on purpose, so it happens
outside the database's transactions.
"""

import hmac
import struct
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from core.sealing import KdfCost, derive
from server.audit import SYSTEM, AuditCode, record
from server.staff.role import Role
from server.store.season_tables import account as table

TRIES_AT_MOST = 5
LOCKED_MS = 10 * 60 * 1000
SALT_BYTES = 16
PASSWORD_AT_LEAST = 10
PASSWORD_AT_MOST = 200
COST = KdfCost()
COST_LAYOUT = struct.Struct(">IHH")  # memory in KiB, passes, lanes; in front of the derived key
NOBODY = bytes(SALT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may log in; ``county`` None means the whole country."""

    login: str
    name: str
    role: Role
    county: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What is needed to try a password, and until when nobody may try."""

    account: Account
    salt: bytes
    cost: KdfCost
    derived: bytes
    locked_until_ms: int


class Entrance(StrEnum):
    """What became of a try."""

    OPENED = "opened"
    REFUSED = "refused"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The outcome; ``tries_left`` before the next lock, ``locked_until_ms`` if locked now."""

    entrance: Entrance
    tries_left: int
    locked_until_ms: int


def find_account(connection: Connection, login: str) -> Account | None:
    """The account, unless disabled."""
    lock = find_lock(connection, login)
    return lock.account if lock else None


def find_lock(connection: Connection, login: str) -> Lock | None:
    """The account with its lock, unless disabled."""
    row = (
        connection.execute(
            select(table).where(table.c.login == login, table.c.disabled_ms.is_(None))
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    memory_kib, passes, lanes = COST_LAYOUT.unpack_from(row["verifier"])
    return Lock(
        account=Account(
            login=row["login"], name=row["name"], role=Role(row["role"]), county=row["county"]
        ),
        salt=row["salt"],
        cost=KdfCost(memory_kib=memory_kib, passes=passes, lanes=lanes),
        derived=row["verifier"][COST_LAYOUT.size :],
        locked_until_ms=row["locked_until_ms"],
    )


def fits(lock: Lock | None, password: str) -> bool:
    """Whether the password opens the lock. Takes as long when there is no such account."""
    secret = password[:PASSWORD_AT_MOST].encode()
    if lock is None:
        derive(secret, NOBODY, COST)
        return False
    return hmac.compare_digest(derive(secret, lock.salt, lock.cost), lock.derived)


def note_attempt(  # noqa: PLR0913 - what there is to say of a try
    connection: Connection,
    login: str,
    *,
    fitted: bool,
    now_ms: int,
    half_way: bool = False,
    target: str = "console",
) -> Attempt:
    """Count a try and audit it; the lock decides first, so a right password waits as well.

    Where a card has to follow the password is only ``half_way``: it forgives no tries before.
    """
    row = (
        connection.execute(
            select(table.c.tries, table.c.locked_until_ms).where(table.c.login == login)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        # What was typed may be anything, a password too: it is not written down.
        record(
            connection,
            AuditCode.LOGIN_REFUSED,
            account=SYSTEM,
            target="unknown login",
            now_ms=now_ms,
        )
        return Attempt(entrance=Entrance.REFUSED, tries_left=0, locked_until_ms=0)
    if now_ms < row["locked_until_ms"]:
        return Attempt(
            entrance=Entrance.LOCKED, tries_left=0, locked_until_ms=row["locked_until_ms"]
        )
    tries = row["tries"] + 1
    if fitted:
        tries = row["tries"] if half_way else 0
    locked = tries >= TRIES_AT_MOST
    until = now_ms + LOCKED_MS if locked else 0
    connection.execute(
        update(table)
        .where(table.c.login == login)
        .values(tries=0 if locked else tries, locked_until_ms=until)
    )
    code = AuditCode.LOGIN_HALF_WAY if half_way else AuditCode.LOGGED_IN
    if not fitted:
        code = AuditCode.LOGIN_LOCKED if locked else AuditCode.LOGIN_REFUSED
    record(connection, code, account=login, target=target, now_ms=now_ms)
    if fitted:
        return Attempt(entrance=Entrance.OPENED, tries_left=TRIES_AT_MOST, locked_until_ms=0)
    return Attempt(
        entrance=Entrance.LOCKED if locked else Entrance.REFUSED,
        tries_left=TRIES_AT_MOST - tries,
        locked_until_ms=until,
    )


def add_account(  # noqa: PLR0913 - one row, each column by name
    connection: Connection,
    account: Account,
    *,
    password: str,
    salt: bytes,
    by: str,
    now_ms: int,
    cost: KdfCost = COST,
) -> None:
    """Write a new account; ``cost`` is kept with it, so that it can be raised for later ones.

    Raises:
        ValueError: ``login_taken``, ``password_short`` or ``county_needed``.
    """
    if len(password) < PASSWORD_AT_LEAST:
        raise ValueError("password_short")
    if (account.role is Role.COUNTY) != (account.county is not None):
        raise ValueError("county_needed")
    taken = select(table.c.login).where(table.c.login == account.login)
    if connection.execute(taken).scalar() is not None:
        raise ValueError("login_taken")
    connection.execute(
        insert(table).values(
            login=account.login,
            name=account.name,
            role=account.role.value,
            county=account.county,
            verifier=COST_LAYOUT.pack(cost.memory_kib, cost.passes, cost.lanes)
            + derive(password.encode(), salt, cost),
            salt=salt,
            tries=0,
            locked_until_ms=0,
            created_ms=now_ms,
            disabled_ms=None,
        )
    )
    record(
        connection,
        AuditCode.ACCOUNT_ADDED,
        account=by,
        target=account.login,
        after=account.role.value,
        now_ms=now_ms,
    )
