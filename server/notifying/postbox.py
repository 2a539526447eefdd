"""What waits to be sent, taken one by one so that no two senders take the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from core.domain.roc import TAIPEI
from core.sealing import SealError, unwrap
from core.wire.fault import WireError
from core.wire.payload import read_application
from server.notifying.delivery import Outcome, Parcel, PutOff, Refused, Sent
from server.notifying.hit_letter import OVERTAKEN, News, find_letter
from server.notifying.queue import Channel, State
from server.notifying.receipt import NO_ADDRESS, UNPROVED, find_receipt, is_proved
from server.notifying.text import LISTS, Message, Topic, code_message, message_of
from server.store.notify_tables import line_link, notification
from server.store.tables import application, payload

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
LEASE_MS = 2 * MINUTE_MS
CODE_MINUTES = 15  # UX K10
GIVEN_UP_MS = {
    Channel.MAIL: 72 * HOUR_MS,
    Channel.LINE: 23 * HOUR_MS,  # a retry key is remembered for a day
}
LINE_LABEL = b"jiepin/line/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One message that is ours to send now: the parcel, or the code of why there is none."""

    id: bytes
    attempts: int
    parcel: Parcel | None
    code: str = ""


def is_due(channel: Channel, now_ms: int, connection: Connection) -> bool:
    """Whether a message of the channel waits for nothing but its turn."""
    return connection.execute(_due(channel, now_ms).limit(1)).first() is not None


def take(
    connection: Connection, channel: Channel, key: bytes, now_ms: int, public: str = ""
) -> Taken | None:
    """The next message of a channel that is due; nobody else takes it for a while.

    Test codes go first: somebody waits for them at a kiosk. ``public`` is the address of the page
    where anybody may check a receipt.
    """
    row = connection.execute(
        _due(channel, now_ms)
        .order_by(notification.c.code.is_(None), notification.c.due_ms, notification.c.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(notification)
        .where(notification.c.id == row.id)
        .values(due_ms=now_ms + LEASE_MS, attempts=row.attempts + 1)
    )
    lives_ms = CODE_MINUTES * MINUTE_MS if row.code else GIVEN_UP_MS[channel]
    if now_ms - row.t_ms > lives_ms:
        return Taken(id=row.id, attempts=row.attempts + 1, parcel=None, code="expired")
    found = _parcel(connection, row, key, public, now_ms)
    if isinstance(found, str):
        return Taken(id=row.id, attempts=row.attempts + 1, parcel=None, code=found)
    return Taken(id=row.id, attempts=row.attempts + 1, parcel=found)


def settle(
    connection: Connection, taken: Taken, outcome: Outcome, now_ms: int, due_ms: int
) -> None:
    """Write down what became of it; ``due_ms`` is when it is tried again if it was put off."""
    values: dict[str, Any]
    match outcome:
        case Sent():
            values = _done(State.SENT, None, now_ms)
        case Refused(code=code):
            values = _done(State.FAILED, code, now_ms)
        case PutOff(code=code):
            values = {"due_ms": due_ms, "detail": code}
    connection.execute(
        update(notification)
        .where(notification.c.id == taken.id, notification.c.state == State.WAITING.value)
        .values(**values)
    )


def sent_this_month(connection: Connection, now_ms: int) -> int:
    """LINE messages that were taken since the first of the month in Taipei: they are paid."""
    now = datetime.fromtimestamp(now_ms // 1000, TAIPEI)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return connection.execute(
        select(func.count()).where(
            notification.c.channel == Channel.LINE.value,
            notification.c.state == State.SENT.value,
            notification.c.done_ms >= int(first.timestamp()) * 1000,
        )
    ).scalar_one()


def count_waiting(connection: Connection) -> Mapping[str, int]:
    """Messages in line, by channel."""
    rows = connection.execute(
        select(notification.c.channel, func.count().label("waiting"))
        .where(notification.c.state == State.WAITING.value)
        .group_by(notification.c.channel)
    )
    return {row.channel: row.waiting for row in rows}


def try_again(connection: Connection, now_ms: int) -> int:
    """Put every message that failed in line again; how many.

    Codes are not: they are too old. What was overtaken is no longer so.
    """
    done = connection.execute(
        update(notification)
        .where(notification.c.state == State.FAILED.value, notification.c.app.is_not(None))
        .where(notification.c.detail.is_distinct_from(OVERTAKEN))
        .values(
            state=State.WAITING.value,
            t_ms=now_ms,
            due_ms=now_ms,
            attempts=0,
            detail=None,
            done_ms=None,
        )
    )
    return done.rowcount


def _due(channel: Channel, now_ms: int) -> Select[*tuple[Any, ...]]:
    return select(notification).where(
        notification.c.state == State.WAITING.value,
        notification.c.channel == channel.value,
        notification.c.due_ms <= now_ms,
    )


def _done(state: State, code: str | None, now_ms: int) -> dict[str, Any]:
    """What was needed to send a code is not kept any longer than that."""
    return {
        "state": state.value,
        "detail": code,
        "done_ms": now_ms,
        "address": None,
        "code": None,
    }


def _parcel(
    connection: Connection, row: Row[Any], key: bytes, public: str, now_ms: int
) -> Parcel | str:
    topic = Topic(row.topic)
    if topic is Topic.RECEIPT:
        found = find_receipt(connection, row.app, row.id, key, public)
    elif row.code is not None:
        found = row.address, code_message(row.code, CODE_MINUTES)
    else:
        found = _letter(connection, row, key, now_ms)
    if isinstance(found, str):
        return found
    target, message = found
    return Parcel(id=row.id, topic=topic, target=target, message=message, t_ms=row.t_ms)


def _letter(
    connection: Connection, row: Row[Any], key: bytes, now_ms: int
) -> tuple[str, Message] | str:
    """Where an event's message goes and what it says, or the code of why it does not go."""
    topic = Topic(row.topic)
    content = connection.execute(
        select(payload.c.data, application.c.teacher, application.c.version, application.c.recv_ms)
        .join(payload, payload.c.eh == application.c.revision)
        .where(application.c.app == row.app)
    ).one_or_none()
    if content is None:
        return NO_ADDRESS  # withdrawn, or in conflict
    try:
        claim, wishes = read_application(content.data or b"")
    except WireError:
        return NO_ADDRESS  # erased
    by_line = row.channel == Channel.LINE.value
    target = line_user(connection, content.teacher, key) if by_line else claim.email
    if not target:
        return NO_ADDRESS
    if topic not in LISTS:
        return target, message_of(topic, claim.season)
    if not by_line and not is_proved(connection, content.teacher, target, key):
        return UNPROVED
    news = News(
        row=row,
        claim=claim,
        wishes=wishes,
        version=content.version,
        recv_ms=content.recv_ms,
    )
    message = find_letter(connection, news, now_ms)
    return OVERTAKEN if message is None else (target, message)


def line_user(connection: Connection, teacher: bytes, key: bytes) -> str | None:
    """The LINE user id a teacher linked; None when there is none, or it does not open."""
    sealed = connection.execute(
        select(line_link.c.sealed).where(line_link.c.teacher == teacher)
    ).scalar_one_or_none()
    if sealed is None:
        return None
    try:
        return unwrap(sealed, key, LINE_LABEL + teacher).decode()
    except SealError:
        return None
