"""When a season is over, what it says about people is erased; its chains verify for ever (D3).

Payloads and evidence become null, and nothing else changes: the database forbids it. The views are
rebuilt from what is left in the same transaction, so that no name survives in them. Messages, and
ties to telephones, go with it, and so do notices laid by for machines not heard since a restore.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from server.audit import AuditCode, record
from server.config import PICTURES
from server.directory import Directory
from server.store.notify_tables import display, errand, line_link, notification
from server.store.season_tables import phase
from server.store.tables import deferred_notice, event, evidence, inbox, payload, refiled
from server.terminal import RefusedError
from server.views.fold import refold

CODE_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What would be erased; ``code`` names exactly this, for the second step."""

    season: str
    before_ms: int
    payloads: int
    evidence: int
    code: str


def due_before(connection: Connection, season: str, now_ms: int) -> Due:
    """What came before the first window of ``season`` opened.

    Raises:
        RefusedError: Nobody imported that season's calendar, or it has not begun.
    """
    opens: int | None = connection.execute(
        select(func.min(phase.c.opens_ms)).where(phase.c.season == season)
    ).scalar_one()
    if opens is None:
        raise RefusedError("season_unknown", f"沒有 {season} 學年度的日程")
    if now_ms < opens:
        raise RefusedError("season_not_begun", f"{season} 學年度尚未開始，先前的資料仍須保留")
    hashes = connection.execute(
        select(payload.c.eh).where(_old_payload(opens)).order_by(payload.c.eh)
    ).scalars()
    pieces = connection.execute(
        select(evidence.c.sha256).where(_old_evidence(opens)).order_by(evidence.c.id)
    ).scalars()
    counts = []
    named = hashlib.sha256()
    for found in (hashes, pieces):
        count = 0
        for each in found:
            named.update(each)
            count += 1
        counts.append(count)
        named.update(count.to_bytes(8, "big"))
    return Due(
        season=season,
        before_ms=opens,
        payloads=counts[0],
        evidence=counts[1],
        code=named.hexdigest()[:CODE_DIGITS],
    )


def erase(connection: Connection, due: Due, account: str, now_ms: int) -> None:
    """Erase what `due_before` counted, in the transaction that counted it."""
    connection.execute(update(payload).where(_old_payload(due.before_ms)).values(data=None))
    connection.execute(update(evidence).where(_old_evidence(due.before_ms)).values(data=None))
    for column in (
        notification.c.t_ms,
        errand.c.t_ms,
        line_link.c.linked_ms,
        display.c.kept_ms,
    ):
        connection.execute(delete(column.table).where(column < due.before_ms))
    connection.execute(delete(deferred_notice).where(_old_notice(due.before_ms)))
    refold(connection, Directory())
    record(
        connection,
        AuditCode.CONTENT_ERASED,
        account=account,
        target=due.season,
        now_ms=now_ms,
        after=f"{due.payloads} {due.evidence}",
    )


def erase_pictures(home: Path) -> None:
    """Every picture of a run: aliases and schools are on them, and each can be drawn again.

    Raises:
        OSError: Something is left of them.
    """
    folder = home / PICTURES
    if folder.exists():
        rmtree(folder)


def _old_payload(before_ms: int) -> ColumnElement[bool]:
    arrived = select(event.c.eh).where(event.c.recv_ms < before_ms)
    carried = (
        select(refiled.c.eh)
        .join(event, event.c.log_index == refiled.c.log_index)
        .where(event.c.recv_ms < before_ms)
    )
    sent = select(inbox.c.eh).where(inbox.c.sent_ms < before_ms)
    belongs = or_(*(payload.c.eh.in_(each) for each in (arrived, carried, sent)))
    return payload.c.data.is_not(None) & belongs


def _old_evidence(before_ms: int) -> ColumnElement[bool]:
    return evidence.c.data.is_not(None) & (evidence.c.recv_ms < before_ms)


def _old_notice(before_ms: int) -> ColumnElement[bool]:
    """One that says something of people; the others are told when their machine comes."""
    laid_by = deferred_notice.c
    return laid_by.content.is_not(None) & (laid_by.t_ms < before_ms)
