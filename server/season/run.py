"""Runs of the matcher on a frozen problem, and the independent check of what comes out.

The matcher is another program: it gets files in an empty folder and gives files back, so it cannot
see the database and its output depends on its input alone (DESIGN D7).
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from core.domain.school import Stage
from server.audit import AuditCode, record
from server.season.explanation import pack_explanations
from server.store.season_tables import freeze, problem, publication, run
from server.terminal import Exit, RefusedError

SOLVE_S = 1800
PROBLEM, PLACEMENT, TRACE = "problem.json", "placement.json", "trace.jsonl"
DEFAULT_RULES = "national-default-1.json"
REPORT_AT_MOST = 4000
RUNNING, FAILED, CHECKED = "running", "failed", "checked"


class MatcherError(Exception):
    """The matcher did not give a result; the message is what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A run that has been written down and now has to be computed."""

    run: int
    stage: Stage
    problem: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What came out: ``explanations`` as packed, ``report`` the words of the check."""

    placement: bytes
    trace: bytes
    explanations: bytes
    check_ok: bool
    report: str


def read_rules(path: Path | None = None) -> dict[str, object]:
    """A rule file, or the default one that the matcher brings (every line of it 範例).

    Raises:
        RefusedError: ``rules_unreadable``.
    """
    place = path or default_rules()
    try:
        rules = json.loads(place.read_bytes())
    except (OSError, ValueError) as error:
        raise RefusedError("rules_unreadable", f"規則檔 {place} 無法讀取。") from error
    if not isinstance(rules, dict) or not isinstance(rules.get("tie"), list):
        raise RefusedError("rules_unreadable", f"{place} 不是媒合規則檔。")
    return rules


def default_rules() -> Path:
    """Where the matcher keeps its rule file; found without importing the matcher."""
    spec = find_spec("matcher")
    if spec is None or spec.origin is None:
        raise RefusedError("matcher_missing", "這台主機沒有安裝媒合程式。")
    return Path(spec.origin).parent / "rules" / DEFAULT_RULES


def find_freeze(connection: Connection, number: int | None = None) -> Row[*tuple[Any, ...]]:
    """That freeze, or the newest.

    Raises:
        RefusedError: ``not_frozen``.
    """
    statement = select(freeze).order_by(freeze.c.id.desc()).limit(1)
    if number is not None:
        statement = select(freeze).where(freeze.c.id == number)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise RefusedError("not_frozen", "還沒有凍結資料，不能媒合。")
    return row


def stages_of(connection: Connection, number: int) -> tuple[Stage, ...]:
    """The stages a freeze has a problem for."""
    rows = select(problem.c.stage).where(problem.c.freeze == number).order_by(problem.c.stage)
    return tuple(Stage(each) for each in connection.execute(rows).scalars())


def start_run(connection: Connection, number: int, stage: Stage, *, by: str, now_ms: int) -> Task:
    """Write down that a run begins.

    Raises:
        RefusedError: ``published`` (nothing changes a published result), ``not_frozen`` or
            ``run_underway``.
    """
    done = select(publication.c.run).where(
        publication.c.freeze == number, publication.c.stage == stage.value
    )
    if connection.execute(done).scalar() is not None:
        raise RefusedError("published", "這一階段別的結果已公告，不能再媒合。")
    data = connection.execute(
        select(problem.c.data).where(problem.c.freeze == number, problem.c.stage == stage.value)
    ).scalar()
    if data is None:
        raise RefusedError("not_frozen", "這次凍結沒有這個階段別的申請。")
    abandon_stale(connection, now_ms)
    underway = select(run.c.id).where(
        run.c.freeze == number, run.c.stage == stage.value, run.c.state == RUNNING
    )
    if connection.execute(underway).scalar() is not None:
        raise RefusedError("run_underway", "同一階段別的媒合正在計算，請等它完成。")
    started: int = connection.execute(
        insert(run)
        .values(freeze=number, stage=stage.value, state=RUNNING, by=by, started_ms=now_ms)
        .returning(run.c.id)
    ).scalar_one()
    return Task(run=started, stage=stage, problem=data)


def abandon_stale(connection: Connection, now_ms: int) -> None:
    """Runs whose process must be gone are failed ones."""
    connection.execute(
        update(run)
        .where(run.c.state == RUNNING, run.c.started_ms < now_ms - 3 * SOLVE_S * 1000)
        .values(state=FAILED, ended_ms=now_ms, report="interrupted")
    )


def compute(data: bytes) -> Solved:
    """Solve, check and explain a problem with the matcher; blocks for as long as that takes.

    Raises:
        MatcherError: It refused the problem, failed, or took too long.
    """
    with TemporaryDirectory(prefix="jiepin-match-") as name:
        folder = Path(name)
        (folder / PROBLEM).write_bytes(data)
        _call(folder, "solve", PROBLEM, "--output", PLACEMENT, "--trace", TRACE)
        checked = _call(folder, "check", PROBLEM, PLACEMENT, "--json", wrong_is_an_answer=True)
        accepted = checked.returncode == Exit.OK
        told = _call(folder, "explain-all", PROBLEM, PLACEMENT).stdout if accepted else b""
        return Solved(
            placement=(folder / PLACEMENT).read_bytes(),
            trace=(folder / TRACE).read_bytes(),
            explanations=pack_explanations(told),
            check_ok=accepted,
            report=checked.stdout.decode(errors="replace")[:REPORT_AT_MOST],
        )


def finish_run(
    connection: Connection, task: Task, solved: Solved | MatcherError, *, by: str, now_ms: int
) -> None:
    """Write down what became of a run."""
    if isinstance(solved, MatcherError):
        values: Mapping[str, object] = {"state": FAILED, "report": str(solved)[:REPORT_AT_MOST]}
    else:
        values = {
            "state": CHECKED,
            "placement": solved.placement,
            "placement_sha256": sha256(solved.placement).digest(),
            "trace": solved.trace,
            "trace_sha256": sha256(solved.trace).digest(),
            "explanations": solved.explanations,
            "check_ok": solved.check_ok,
            "report": solved.report,
        }
    connection.execute(update(run).where(run.c.id == task.run).values(**values, ended_ms=now_ms))
    failed = isinstance(solved, MatcherError)
    record(
        connection,
        AuditCode.RUN_FAILED if failed else AuditCode.RUN_CHECKED,
        account=by,
        target=f"run {task.run}",
        after=None if isinstance(solved, MatcherError) else f"check {solved.check_ok}",
        now_ms=now_ms,
    )


def _call(
    folder: Path, *words: str, wrong_is_an_answer: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """One command of the matcher; with ``wrong_is_an_answer`` exit code 1 is no fault."""
    # Our own words and files; -P: the folder of the files is no place to import from.
    command = [sys.executable, "-P", "-m", "matcher", *words]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, capture_output=True, timeout=SOLVE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise MatcherError(f"{words[0]}: longer than {SOLVE_S} s") from error
    answered = done.returncode == Exit.OK or (
        wrong_is_an_answer and done.returncode == Exit.FAILED and done.stdout
    )
    if not answered:
        told = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise MatcherError(f"{words[0]}: exit {done.returncode}: {told}")
    return done
