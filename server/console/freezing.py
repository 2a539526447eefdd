"""The freeze page: what would be frozen now, who is left out and why, and the button."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, Row, func, select

from core.rules.calendar import PhaseName, find_phase
from server.console.cases import rules_shown
from server.console.layout import Crumb
from server.console.visit import Visit
from server.lists import moment
from server.season.freeze import FreezePlan, is_early, plan_freeze, write_freeze
from server.season.run import read_rules
from server.season.text import CONFLICT_RULES, DOUBTFUL_RULES
from server.store.season_tables import freeze, freeze_entry, problem, school
from server.terminal import RefusedError

LISTED_AT_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A freeze that was made, with its problems by stage and how many were left out."""

    row: Row[*tuple[Any, ...]]
    problems: Sequence[Row[*tuple[Any, ...]]]
    left_out: int


async def show_freeze(visit: Visit) -> web.StreamResponse:
    """What a freeze would be now, and the ones made before."""
    rules = read_rules()

    def work(connection: Connection) -> tuple[FreezePlan, tuple[Before, ...], dict[str, str]]:
        return plan_freeze(connection, rules), _before(connection), _schools(connection)

    plan, before, schools = await visit.read(work)
    window = find_phase(visit.season.calendar, PhaseName.FREEZE)
    return visit.page(
        "freeze.html",
        (Crumb("總覽", "/"), Crumb("凍結")),
        plan=plan,
        left_out=plan.left_out[:LISTED_AT_MOST],
        exceptions=[each for each in plan.included if each.reason],
        reasons=Counter(each.reason for each in plan.left_out).most_common(),
        stages=Counter(each.stage for each in plan.included),
        before=before,
        schools=schools,
        early=is_early(visit.season, moment(visit.now_ms)),
        over=window is not None and window.closes <= moment(visit.now_ms),
        window=window,
        conflict_rules=CONFLICT_RULES,
        doubtful_rules=DOUBTFUL_RULES,
        ruled=rules_shown(plan.rules),
    )


async def make_freeze(visit: Visit) -> web.StreamResponse:
    """Freeze, if nothing changed since the page was shown."""
    root = await visit.field("root")
    early = await visit.field("early") == "yes"
    rules = read_rules()

    def work(connection: Connection) -> int:
        visit.context.judge.finish(connection)
        plan = plan_freeze(connection, rules)
        if plan.input_root.hex() != root:
            raise RefusedError(
                "changed", "畫面顯示之後又收到新的資料，請重新檢視凍結內容後再按一次。"
            )
        return write_freeze(
            connection, plan, by=visit.account.login, early=early, now_ms=visit.now_ms
        )

    await visit.write(work)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/runs"})


def _before(connection: Connection) -> tuple[Before, ...]:
    left_out = {
        row[0]: row[1]
        for row in connection.execute(
            select(freeze_entry.c.freeze, func.count())
            .where(freeze_entry.c.included.is_(False))
            .group_by(freeze_entry.c.freeze)
        )
    }
    problems: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for each in connection.execute(
        select(problem.c.freeze, problem.c.stage, problem.c.sha256, problem.c.teachers)
    ):
        problems.setdefault(each.freeze, []).append(each)
    return tuple(
        Before(row=row, problems=problems.get(row.id, ()), left_out=left_out.get(row.id, 0))
        for row in connection.execute(select(freeze).order_by(freeze.c.id.desc()))
    )


def _schools(connection: Connection) -> dict[str, str]:
    return {row.id: row.name for row in connection.execute(select(school.c.id, school.c.name))}
