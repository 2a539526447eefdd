"""The NHI card of a console account as its second factor, beside the password (ADR 0035).

Who runs the server issues a one-time code for an account; its holder brings code and card. From
then on a password alone opens nothing for that account.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, select

from core.card.proof import SALT_BYTES
from server.audit import AuditCode, record
from server.staff.account import find_account
from server.staff.role import Role
from server.store import dialect
from server.store.settings import read_setting, write_setting
from server.store.staff_tables import account_card, card_code, half_way

CODE_MS = 7 * 24 * 60 * 60 * 1000  # 範例: as long as a letter takes
CODE_BYTES = 10
GROUP = 4
REQUIRED = "card_required"
"""Setting: roles parted by spaces that cannot do without a card. 範例: none until it is set."""


class Wanted(StrEnum):
    """What an account has to show after its password."""

    NOTHING = "nothing"
    CARD = "card"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is kept of a card."""

    salt: bytes
    verifier: bytes


def new_code() -> str:
    """80 random bits as 16 letters and digits in groups of four."""
    text = b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def find_card(connection: Connection, login: str) -> Card | None:
    """The card of an account."""
    row = connection.execute(
        select(account_card.c.salt, account_card.c.verifier).where(account_card.c.account == login)
    ).one_or_none()
    return None if row is None else Card(salt=row.salt, verifier=row.verifier)


def wanted(connection: Connection, login: str, role: Role, now_ms: int) -> Wanted:
    """A card that is enrolled is always asked for; one that has to be is enrolled first."""
    if find_card(connection, login) is not None:
        return Wanted.CARD
    if role in required_roles(connection) or _open_code(connection, login, now_ms) is not None:
        return Wanted.ENROLMENT
    return Wanted.NOTHING


def issue_code(connection: Connection, login: str, code: str, *, by: str, now_ms: int) -> None:
    """Let the holder of ``code`` enrol a card for the account; a code before it is void.

    Raises:
        ValueError: ``login_unknown`` or ``card_there``.
    """
    if find_account(connection, login) is None:
        raise ValueError("login_unknown")
    if find_card(connection, login) is not None:
        raise ValueError("card_there")
    row = {
        "account": login,
        "code_hash": _hash(code),
        "issued_ms": now_ms,
        "ends_ms": now_ms + CODE_MS,
    }
    dialect.upsert(connection, card_code, [row])
    record(connection, AuditCode.CARD_CODE_ISSUED, account=by, target=login, now_ms=now_ms)


def code_fits(connection: Connection, login: str, code: str, now_ms: int) -> bool:
    """Whether this is the account's code, and still good."""
    kept = _open_code(connection, login, now_ms)
    return kept is not None and hmac.compare_digest(kept, _hash(code))


def bind_card(connection: Connection, login: str, card: Card, now_ms: int) -> None:
    """Ask for this card from now on; the code is used up."""
    connection.execute(delete(card_code).where(card_code.c.account == login))
    row = {"account": login, "salt": card.salt, "verifier": card.verifier, "bound_ms": now_ms}
    dialect.upsert(connection, account_card, [row])
    record(connection, AuditCode.CARD_ENROLLED, account=login, target=login, now_ms=now_ms)


def forget_card(connection: Connection, login: str, *, by: str, now_ms: int) -> None:
    """The card is lost or replaced: it opens nothing any more, nor does an open code.

    Raises:
        ValueError: ``no_card``.
    """
    if find_card(connection, login) is None:
        raise ValueError("no_card")
    for table in (account_card, card_code, half_way):
        connection.execute(delete(table).where(table.c.account == login))
    record(connection, AuditCode.CARD_FORGOTTEN, account=by, target=login, now_ms=now_ms)


def required_roles(connection: Connection) -> frozenset[Role]:
    """The roles that cannot do without a card."""
    text = read_setting(connection, REQUIRED)
    return frozenset(Role(each) for each in text.decode().split()) if text else frozenset()


def require_cards(connection: Connection, roles: Iterable[Role], *, by: str, now_ms: int) -> None:
    """From the next sign-in on these roles need a card, and no others."""
    before = _listed(required_roles(connection))
    after = _listed(roles)
    write_setting(connection, REQUIRED, after.encode())
    record(
        connection,
        AuditCode.CARD_RULE_SET,
        account=by,
        target="console",
        before=before,
        after=after,
        now_ms=now_ms,
    )


def new_salt() -> bytes:
    """For a card that is to be enrolled."""
    return secrets.token_bytes(SALT_BYTES)


def _listed(roles: Iterable[Role]) -> str:
    return " ".join(sorted(each.value for each in roles))


def _open_code(connection: Connection, login: str, now_ms: int) -> bytes | None:
    code: bytes | None = connection.execute(
        select(card_code.c.code_hash).where(
            card_code.c.account == login, card_code.c.ends_ms > now_ms
        )
    ).scalar_one_or_none()
    return code


def _hash(code: str) -> bytes:
    plain = code.replace("-", "").replace(" ", "").upper()
    return hashlib.sha256(plain.encode()).digest()
