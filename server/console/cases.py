"""Pages about cases: what people have to decide, the evidence for one entry, officers' words."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from core.season.deadline import Timeliness
from core.season.ruling import OFFICERS_NEEDED, STEPS, Ruling, SeasonRules
from server.audit import AuditCode, record
from server.console.layout import Crumb
from server.console.register import may_see
from server.console.visit import Visit
from server.season.committee import Case, Conflict, Docket, Matter, read_docket
from server.season.dossier import Dossier, as_json, as_ttc, find_dossier
from server.season.ruling import read_rules_of_season, rule_on
from server.season.text import (
    CONFLICT_RULES,
    COUNTY_RULES,
    DOUBTFUL_RULES,
    RULINGS,
    STEPS_TEXT,
    TIMELINESS,
)
from server.season.turns import OF_A_MACHINE, piles
from server.terminal import RefusedError

MATTERS = {
    Matter.DOUBTFUL: "時間存疑",
    Matter.CONFLICT: "版本衝突",
    Matter.SEALED: "離線封箱",
    Matter.LATE: "逾期",
}
PAGE = 200
CASES = Crumb("疑義案件", "/cases")
HOME = Crumb("總覽", "/")


async def list_cases(visit: Visit) -> web.StreamResponse:
    """The docket, one matter at a time, of one machine if its address says so."""
    query = visit.request.query
    asked = query.get("matter", "")
    matter = Matter(asked) if asked in set(Matter) else Matter.DOUBTFUL
    machine, page = query.get("machine", ""), query.get("page", "")

    def work(connection: Connection) -> tuple[Docket, SeasonRules]:
        rules = read_rules_of_season(connection, visit.season.name)
        return read_docket(connection, visit.season, visit.county), rules

    docket, rules = await visit.read(work)
    counts = {each: len(docket.of(each)) for each in Matter} | {
        Matter.CONFLICT: len(docket.conflicts)
    }
    every: Sequence[Case | Conflict] = (
        docket.conflicts if matter is Matter.CONFLICT else docket.of(matter)
    )
    shown = [each for each in every if machine in {"", each.dev.hex()}]
    pages = max(1, -(-len(shown) // PAGE))
    number = max(1, int(page)) if page.isdecimal() and len(page) < len("10000") else 1
    number = min(number, pages)
    return visit.page(
        "cases.html",
        (HOME, Crumb("疑義案件")),
        matter=matter,
        matters=MATTERS,
        counts=counts,
        listed=shown[(number - 1) * PAGE : number * PAGE],
        total=len(shown),
        page=number,
        pages=pages,
        piles=piles((each.dev, each.machine) for each in every),
        together=OF_A_MACHINE,
        only=shown[0] if machine and shown else None,
        address=lambda **changed: _address(
            {"matter": matter, "machine": machine, "page": number} | changed
        ),
        Matter=Matter,
        rulings=RULINGS,
        ruled=rules_shown(rules),
    )


def _address(parts: Mapping[str, object]) -> str:
    return "/cases?" + urlencode({name: str(part) for name, part in parts.items() if part})


async def show_case(visit: Visit) -> web.StreamResponse:
    """The evidence for one entry on one page, and what two officers say of it."""
    found = await _find(visit)
    if not isinstance(found, Dossier):
        return found
    mine = next(
        (
            each.ruling
            for each in reversed(found.said)
            if each.counts and each.login == visit.account.login
        ),
        None,
    )
    return visit.page(
        "case.html",
        (HOME, CASES, Crumb(found.eh.hex()[:16])),
        case=found,
        evidence=found.evidence,
        doubtful=found.timeliness is Timeliness.DOUBTFUL,
        mine=mine,
        needed=OFFICERS_NEEDED,
        timeliness_text=TIMELINESS,
        rulings=RULINGS,
        Ruling=Ruling,
    )


async def decide_case(visit: Visit) -> web.StreamResponse:
    """One officer's word, as an entry of the centre's log under the officer's own account."""
    found = await _find(visit)
    if not isinstance(found, Dossier):
        return found
    if found.timeliness is not Timeliness.DOUBTFUL:
        raise RefusedError("not_doubtful", "這一筆的時間沒有疑義，不需要也不能決定。")
    asked = await visit.field("ruling")
    if asked not in set(Ruling):
        raise RefusedError("ruling_missing", "請選擇採用或不採用。")
    reason = await visit.field("reason")
    key, login = visit.context.keys.receipt, visit.account.login
    await visit.write(
        lambda connection: rule_on(
            connection,
            found.eh,
            Ruling(asked),
            login=login,
            reason=reason,
            directory=visit.context.directory,
            key=key,
            now_ms=visit.now_ms,
        )
    )
    return web.Response(
        status=HTTPStatus.SEE_OTHER, headers={"Location": f"/cases/{found.eh.hex()}"}
    )


async def take_case(visit: Visit) -> web.StreamResponse:
    """The evidence as a file."""
    found = await _find(visit)
    if not isinstance(found, Dossier):
        return found
    kind = visit.request.match_info["kind"]
    body, content_type = (
        (as_json(found), "application/json")
        if kind == "json"
        else (as_ttc(found), "application/octet-stream")
    )
    await visit.write(
        lambda connection: record(
            connection,
            AuditCode.EVIDENCE_TAKEN,
            account=visit.account.login,
            target=f"entry {found.eh.hex()[:16]}",
            after=kind,
            now_ms=visit.now_ms,
        )
    )
    name = f"evidence-{found.eh.hex()[:16]}.{kind}"
    return web.Response(
        body=body,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def rules_shown(rules: SeasonRules) -> dict[str, object]:
    """The rules of the season in words, as several pages print them."""
    return {
        "rules": rules,
        "conflict_rule": CONFLICT_RULES[rules.conflict],
        "doubtful_rule": DOUBTFUL_RULES[rules.doubtful],
        "county_rule": COUNTY_RULES[rules.county],
        "steps": [STEPS_TEXT[step] for step in STEPS[rules.conflict]],
    }


async def _find(visit: Visit) -> Dossier | web.StreamResponse:
    eh = bytes.fromhex(visit.request.match_info["entry"])

    def work(connection: Connection) -> Dossier | None:
        found = find_dossier(connection, eh, visit.season)
        seen = found is not None and may_see(connection, found.app, visit.county)
        return found if seen else None

    found = await visit.read(work)
    if found is None:
        return visit.told(HTTPStatus.NOT_FOUND, "查無案件", "沒有這一筆，或不屬於您的縣市。")
    return found
