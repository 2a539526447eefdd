"""Publishing: every applicant's outcome goes into the inbox of the machines that know her.

All of it in one transaction, once: a second call finds it done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from core.domain.subject import load_subjects
from core.sealing import SigningKey
from core.wire.canon import to_wire
from core.wire.kind import ResultNotice
from core.wire.payload import ResultPayload
from server.audit import AuditCode, record
from server.inbox import Notice, append_notices, fresh_salt, kiosks_of
from server.lists import day_of, read_schools, read_table
from server.notifying.queue import Told, queue
from server.notifying.text import Topic
from server.past import keep_results
from server.season.approval import approvals_of, check_current
from server.season.explanation import left_out_line, more_lines, named, unpack_explanations
from server.season.result import Move, read_placement
from server.season.sift import Reason
from server.season.tally import tally
from server.store.season_tables import freeze, freeze_entry, problem, publication
from server.terminal import RefusedError

RESULT = "inbox.result"
LINES_AT_MOST = 599
LINE_AT_MOST = 500
BYTES_AT_MOST = 40_000  # an entry holds 64 KiB in all
APPROVALS_NEEDED = 1  # beside whoever ran it: two people in all (DESIGN §5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was sent; ``fresh`` is False when it had been published before."""

    run: int
    notices: int
    fresh: bool


def publish(
    connection: Connection, number: int, *, by: str, key: SigningKey, now_ms: int
) -> Published:
    """Publish a run under the receipt ``key``.

    Raises:
        RefusedError: ``not_approved``, ``other_published``, or as `check_current`.
    """
    done = connection.execute(
        select(publication.c.notices).where(publication.c.run == number)
    ).scalar()
    if done is not None:
        return Published(run=number, notices=done, fresh=False)
    row = check_current(connection, number)
    if len(approvals_of(connection, number)) < APPROVALS_NEEDED:
        raise RefusedError("not_approved", "還沒有第二位承辦人核可，不能公告。")
    taken = select(publication.c.run).where(
        publication.c.freeze == row.freeze, publication.c.stage == row.stage
    )
    if connection.execute(taken).scalar() is not None:
        raise RefusedError("other_published", "這一階段別已公告另一次結果，不能再改。")
    notices = list(_notices(connection, row))
    append_notices(connection, notices, now_ms, key)
    apps = dict.fromkeys(each.body.app for each in notices if isinstance(each.body, ResultNotice))
    told = [Told(Topic.RESULT, app, row.placement_sha256) for app in apps]
    queue(connection, told, now_ms)
    connection.execute(
        insert(publication).values(
            freeze=row.freeze,
            stage=row.stage,
            run=number,
            by=by,
            t_ms=now_ms,
            notices=len(notices),
        )
    )
    _remember(connection, row, now_ms)
    record(
        connection,
        AuditCode.RESULT_PUBLISHED,
        account=by,
        target=f"run {number}",
        after=f"{len(notices)} notices, placement {row.placement_sha256.hex()}",
        now_ms=now_ms,
    )
    return Published(run=number, notices=len(notices), fresh=True)


def _remember(connection: Connection, row: Row[*tuple[Any, ...]], now_ms: int) -> None:
    """Keep what later years may be told of this one."""
    year = connection.execute(select(freeze.c.season).where(freeze.c.id == row.freeze)).scalar_one()
    if not year.isdecimal():
        return  # a rehearsal under another name is nobody's past
    data = connection.execute(
        select(problem.c.data).where(problem.c.freeze == row.freeze, problem.c.stage == row.stage)
    ).scalar_one()
    day = day_of(now_ms)
    keep_results(connection, tally(data, read_placement(row.placement), int(year), day))


def _notices(connection: Connection, row: Row[*tuple[Any, ...]]) -> Iterator[Notice]:
    moves = {move.alias: move for move in read_placement(row.placement).moves}
    explanations = unpack_explanations(row.explanations)
    schools = {str(code): each.name for (_, code), each in read_schools(connection).items()}
    subjects = {
        str(each.code): each.name
        for each in load_subjects(read_table("subjects.toml"))
        if each.stage == row.stage
    }
    entries = connection.execute(
        select(freeze_entry)
        .where(freeze_entry.c.freeze == row.freeze, freeze_entry.c.stage == row.stage)
        .order_by(freeze_entry.c.app)
    ).all()
    for entry in entries:
        # Who took the application back, or was never heard of, expects no answer.
        if not entry.included and entry.reason in {Reason.WITHDRAWN, Reason.NO_VERSION}:
            continue
        lines: Sequence[str] = (
            tuple(named(explanations[entry.alias], schools, subjects))
            if entry.included
            else (left_out_line(Reason(entry.reason)),)
        )
        payload = to_wire(_payload(moves.get(entry.alias), lines))
        body = ResultNotice(app=entry.app, run=row.placement_sha256)
        for dev in kiosks_of(connection, entry.app):
            yield Notice(dev=dev, kind=RESULT, body=body, content=payload)


def _payload(move: Move | None, lines: Sequence[str]) -> ResultPayload:
    return ResultPayload(
        salt=fresh_salt(),
        moved=move is not None,
        school=move.destination[0] if move else "",
        subject=move.destination[1] if move else "",
        wish=move.wish if move else 0,
        phase=move.phase if move else "",
        explanation=fitting(lines),
    )


def fitting(lines: Sequence[str]) -> tuple[str, ...]:
    """As many lines as an entry holds; what is left away is counted."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line.encode())
        if size > BYTES_AT_MOST or len(kept) == LINES_AT_MOST:
            return (*kept, more_lines(len(lines) - len(kept)))
        kept.append(line[:LINE_AT_MOST])
    return tuple(kept)
