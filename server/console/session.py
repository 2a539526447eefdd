"""Signed-in sessions: a random cookie whose hash is stored, and a form token made from it."""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from server.audit import AuditCode, record
from server.staff.account import Account, find_account
from server.store.season_tables import console_session as table

COOKIE = "jiepin_console"
DOOR_COOKIE = "jiepin_door"
TOKEN_BYTES = 32
IDLE_MS = 30 * 60 * 1000
AT_MOST_MS = 10 * 60 * 60 * 1000
SEEN_EVERY_MS = 60 * 1000
FORM_LABEL = b"jiepin/form/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is signed in; ``stale`` when the time last seen should be written anew."""

    account: Account
    stale: bool


def form_token(cookie: str) -> str:
    """What every form carries: only pages shown to the holder of the cookie contain it."""
    return hmac.digest(cookie.encode(), FORM_LABEL, "sha256").hex()


def form_fits(cookie: str, token: str) -> bool:
    """Whether a form came from a page of this cookie's holder."""
    return bool(cookie) and hmac.compare_digest(form_token(cookie).encode(), token.encode())


def open_session(connection: Connection, cookie: str, login: str, now_ms: int) -> None:
    """Keep a session; ended ones are swept out."""
    connection.execute(delete(table).where(table.c.ends_ms <= now_ms))
    connection.execute(
        insert(table).values(
            id=_id(cookie),
            account=login,
            created_ms=now_ms,
            seen_ms=now_ms,
            ends_ms=now_ms + AT_MOST_MS,
        )
    )


def find_session(connection: Connection, cookie: str, now_ms: int) -> Session | None:
    """The session of a cookie, while it lasts and its account does."""
    row = (
        connection.execute(select(table).where(table.c.id == _id(cookie))).mappings().one_or_none()
    )
    if row is None or now_ms >= row["ends_ms"] or now_ms >= row["seen_ms"] + IDLE_MS:
        return None
    account = find_account(connection, row["account"])
    if account is None:
        return None
    return Session(account=account, stale=now_ms >= row["seen_ms"] + SEEN_EVERY_MS)


def touch_session(connection: Connection, cookie: str, now_ms: int) -> None:
    """Remember that the session is in use."""
    connection.execute(update(table).where(table.c.id == _id(cookie)).values(seen_ms=now_ms))


def end_session(connection: Connection, cookie: str, login: str, now_ms: int) -> None:
    """Forget the session."""
    connection.execute(delete(table).where(table.c.id == _id(cookie)))
    record(connection, AuditCode.LOGGED_OUT, account=login, target="console", now_ms=now_ms)


def _id(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
