"""The second person: a checked result is approved by somebody other than who ran it."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select

from core.domain.school import Stage
from server.audit import AuditCode, record
from server.season.run import CHECKED, find_freeze
from server.store.season_tables import publication, run, run_approval
from server.terminal import RefusedError


def newest_runs(connection: Connection, number: int) -> dict[Stage, Row[*tuple[Any, ...]]]:
    """The newest run of each stage of a freeze."""
    rows = connection.execute(select(run).where(run.c.freeze == number).order_by(run.c.id))
    return {Stage(row.stage): row for row in rows}


def approvals_of(connection: Connection, number: int) -> tuple[str, ...]:
    """Who approved a run, in order of time."""
    rows = select(run_approval.c.account).where(run_approval.c.run == number)
    return tuple(connection.execute(rows.order_by(run_approval.c.t_ms)).scalars())


def check_current(connection: Connection, number: int) -> Row[*tuple[Any, ...]]:
    """The run, if it is the one that counts: checked, the newest of its stage and freeze.

    Raises:
        RefusedError: ``run_unknown``, ``check_failed``, ``freeze_superseded`` or
            ``run_superseded``.
    """
    row = connection.execute(select(run).where(run.c.id == number)).one_or_none()
    if row is None:
        raise RefusedError("run_unknown", f"沒有第 {number} 次媒合。")
    if row.state != CHECKED or not row.check_ok:
        raise RefusedError("check_failed", "這次媒合沒有通過獨立檢核，不能核可或公告。")
    if find_freeze(connection).id != row.freeze:
        raise RefusedError("freeze_superseded", "之後又重新凍結過，這個結果已不適用。")
    if newest_runs(connection, row.freeze)[Stage(row.stage)].id != row.id:
        raise RefusedError("run_superseded", "同一階段別之後又媒合過，請核可最新的一次。")
    return row


def approve(connection: Connection, number: int, *, login: str, now_ms: int) -> bool:
    """Approve a run; False when this person had already.

    Raises:
        RefusedError: ``same_person``, ``published``, or as `check_current`.
    """
    row = check_current(connection, number)
    if login == row.by:
        raise RefusedError("same_person", "核可的人不能是執行媒合的人，請由另一位承辦人核可。")
    if login in approvals_of(connection, number):
        return False
    done = select(publication.c.run).where(
        publication.c.freeze == row.freeze, publication.c.stage == row.stage
    )
    if connection.execute(done).scalar() is not None:
        raise RefusedError("published", "這一階段別的結果已公告。")
    connection.execute(insert(run_approval).values(run=number, account=login, t_ms=now_ms))
    record(
        connection,
        AuditCode.RESULT_APPROVED,
        account=login,
        target=f"run {number}",
        after=row.placement_sha256.hex(),
        now_ms=now_ms,
    )
    return True
