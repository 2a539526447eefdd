"""A teacher's LINE account and a teacher, tied by a token that only her telephone has seen.

The kiosk shows a QR that opens the official account with the token written out; what she sends
there comes to us under the platform's signature with her user id. Kept is that id alone, under the
contact key, until she unlinks, blocks the account, or the season is erased (F-178).
"""

import hashlib
from urllib.parse import quote

from sqlalchemy import Connection, delete, select, update

from core.sealing import NONCE_BYTES, wrap
from core.wire.errand import TOKEN_LETTERS, Task
from server.notifying.hiding import keyed
from server.notifying.postbox import LINE_LABEL, MINUTE_MS
from server.store import dialect
from server.store.notify_tables import errand, line_link

LINK_MS = 15 * MINUTE_MS
PREFIX = "JP"
SCHEME = "https://line.me/R/oaMessage/"


def link_url(account: str, token: str) -> str:
    """What the QR holds: the chat with the account, the token already written."""
    return f"{SCHEME}{quote(account, safe='')}/?{quote(f'{PREFIX}-{token}', safe='')}"


def token_in(text: str) -> str | None:
    """The token of a message, if it is one."""
    plain = text.strip()
    head, _, token = plain.partition("-")
    good = head == PREFIX and len(token) == TOKEN_LETTERS
    return token if good else None


def token_hash(token: str) -> bytes:
    """How a token is kept here: it opens nothing for who reads the database."""
    return hashlib.sha256(b"jiepin/line-token\x1f" + token.encode()).digest()


def link(  # noqa: PLR0913, PLR0917 - who, by what, when, under which key
    connection: Connection, token: str, user: str, now_ms: int, key: bytes, nonce: bytes
) -> bool:
    """Tie the account to the teacher the token was made for; False when it does not count.

    A token counts once, within its time. A second account of the same teacher takes the place of
    the first.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError("nonce")
    found = connection.execute(
        select(errand.c.id, errand.c.teacher).where(
            errand.c.token_hash == token_hash(token),
            errand.c.task == Task.LINE_LINK.value,
            errand.c.used_ms.is_(None),
            errand.c.t_ms > now_ms - LINK_MS,
        )
    ).first()
    if found is None:
        return False
    connection.execute(update(errand).where(errand.c.id == found.id).values(used_ms=now_ms))
    sealed = wrap(user.encode(), key, nonce, LINE_LABEL + found.teacher)
    row = {
        "teacher": found.teacher,
        "user_hash": keyed(key, b"line", user),
        "sealed": sealed,
        "linked_ms": now_ms,
    }
    dialect.upsert(connection, line_link, [row])
    return True


def unlink_user(connection: Connection, user: str, key: bytes) -> bool:
    """Forget an account, for whomever it was linked; whether there was one."""
    wanted = line_link.c.user_hash == keyed(key, b"line", user)
    return connection.execute(delete(line_link).where(wanted)).rowcount > 0


def unlink_teacher(connection: Connection, teacher: bytes) -> None:
    """Forget a teacher's account, and tokens that were never used."""
    connection.execute(delete(line_link).where(line_link.c.teacher == teacher))
    connection.execute(
        update(errand)
        .where(errand.c.teacher == teacher, errand.c.token_hash.is_not(None))
        .values(token_hash=None)
    )


def is_linked(connection: Connection, teacher: bytes) -> bool:
    """Whether a teacher has linked an account."""
    found = select(line_link.c.teacher).where(line_link.c.teacher == teacher)
    return connection.execute(found).first() is not None
