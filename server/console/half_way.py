"""A sign-in between its password and its card: a cookie, and one challenge at a time."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from core.card.proof import CHALLENGE_BYTES, proves
from server.staff.account import Account, find_account
from server.staff.card import (
    Card,
    Wanted,
    bind_card,
    code_fits,
    find_card,
    new_salt,
    wanted,
)
from server.store import dialect
from server.store.staff_tables import half_way as table

COOKIE = "jiepin_card"
LASTS_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfWay:
    """Whose password was right, and what is asked of the card."""

    account: Account
    wanted: Wanted
    challenge: bytes
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a page sends of a card; ``code`` and ``verifier`` when one is enrolled."""

    challenge: bytes
    proof: bytes
    verifier: bytes
    code: str


def begin(connection: Connection, cookie: str, login: str, now_ms: int) -> None:
    """The password was right; a second try elsewhere takes the place of the first."""
    connection.execute(delete(table).where(table.c.ends_ms <= now_ms))
    card = find_card(connection, login)
    row = {
        "account": login,
        "id": _id(cookie),
        "challenge": None,
        "salt": new_salt() if card is None else card.salt,
        "ends_ms": now_ms + LASTS_MS,
    }
    dialect.upsert(connection, table, [row])


def ask(connection: Connection, cookie: str, now_ms: int) -> HalfWay | None:
    """A new challenge in place of the one before; None when there is nobody half way in."""
    found = _find(connection, cookie, now_ms)
    if found is None:
        return None
    account, row = found
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    connection.execute(
        update(table).where(table.c.account == account.login).values(challenge=challenge)
    )
    return HalfWay(
        account=account,
        wanted=wanted(connection, account.login, account.role, now_ms),
        challenge=challenge,
        salt=row[1],
    )


def take(connection: Connection, cookie: str, brought: Brought, now_ms: int) -> bool:
    """Whether what was brought lets this visitor in. A challenge counts once, right or wrong."""
    found = _find(connection, cookie, now_ms)
    if found is None:
        return False
    account, (challenge, salt) = found
    connection.execute(update(table).where(table.c.account == account.login).values(challenge=None))
    if challenge is None or challenge != brought.challenge:  # ours, and not used yet
        return False
    login, card = account.login, find_card(connection, account.login)
    enrolling = card is None
    if enrolling:
        if not code_fits(connection, login, brought.code, now_ms):
            return False
        card = Card(salt=salt, verifier=brought.verifier)
    if card is None or not proves(card.verifier, challenge, brought.proof):
        return False
    if enrolling:
        bind_card(connection, login, card, now_ms)
    return True


def who(connection: Connection, cookie: str, now_ms: int) -> Account | None:
    """Whose password was right a moment ago."""
    found = _find(connection, cookie, now_ms)
    return None if found is None else found[0]


def end(connection: Connection, login: str) -> None:
    """In, or locked out."""
    connection.execute(delete(table).where(table.c.account == login))


def _find(
    connection: Connection, cookie: str, now_ms: int
) -> tuple[Account, tuple[bytes | None, bytes]] | None:
    row = connection.execute(
        select(table).where(table.c.id == _id(cookie), table.c.ends_ms > now_ms)
    ).one_or_none()
    account = None if row is None else find_account(connection, row.account)
    if row is None or account is None:
        return None
    return account, (row.challenge, row.salt)


def _id(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
