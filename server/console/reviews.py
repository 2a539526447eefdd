"""W08 積分審查: a county's queue of what its schools passed, one case, and several at once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from core.rules.evidence import Document, load_documents
from core.season.county import CountyVerdict, Hold
from server.barring import Bar, find_bars
from server.console.layout import Crumb
from server.console.review_form import ReviewForm, fresh_form, posted_form
from server.console.visit import Visit
from server.lists import day_of, moment, read_table
from server.season.caseload import (
    LINES,
    Case,
    Content,
    changed_lines,
    read_cases,
    read_content,
    read_history,
)
from server.season.county import (
    as_the_school,
    check_review,
    is_own,
    review,
    settings_for,
    why_not_now,
)
from server.season.text import COUNTY_VERDICTS
from server.staff.role import Act
from server.terminal import RefusedError

HOME = Crumb("總覽", "/")
QUEUE = Crumb("積分審查", "/reviews")
STATES = ("waiting", "outdated", "returned", "passed", "refused", "barred")
PAGE = 200
TOGETHER_AT_MOST = 100
KEPT_ON_THE_FORM = frozenset({"reason", "points", "supplement"})
"""Refusals that the person can put right on the page; the others end it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case in the queue; ``state`` is the review's, ``bar`` a hit on the control list."""

    case: Case
    state: str
    bar: Bar | None

    def is_in(self, state: str) -> bool:
        """Whether a filter shows it."""
        return not state or state == self.state or (state == "barred" and self.bar is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One case with everything its page shows."""

    line: Line
    content: Content | None
    next: bytes | None


async def list_reviews(visit: Visit) -> web.StreamResponse:
    """The queue by school, as its address says."""
    query = visit.request.query
    state = query.get("state", "")
    state = state if state in STATES else ""
    county = visit.county or query.get("county", "")[:2]
    page = query.get("page", "")
    number = max(1, int(page)) if page.isdecimal() and len(page) < len("10000") else 1
    lines = await visit.read(
        lambda connection: read_queue(connection, county or None, visit.now_ms)
    )
    shown = [line for line in lines if line.is_in(state)]
    pages = max(1, -(-len(shown) // PAGE))
    number = min(number, pages)
    return visit.page(
        "reviews.html",
        (HOME, Crumb("積分審查")),
        lines=shown[(number - 1) * PAGE : number * PAGE],
        total=len(shown),
        counts=Counter(line.state for line in lines)
        + Counter("barred" for line in lines if line.bar is not None),
        every=len(lines),
        state=state,
        states=STATES,
        county=county,
        page=number,
        pages=pages,
        closed=why_not_now(visit.season, moment(visit.now_ms)),
        address=lambda **changed: _address(
            {"state": state, "county": county, "page": number} | changed
        ),
        together=TOGETHER_AT_MOST,
    )


async def show_review(visit: Visit) -> web.StreamResponse:
    """One case, with the form for whoever may review it now."""
    opened = await _open(visit)
    if opened is None:
        return _not_there(visit)
    if opened.content is None:
        return await _case_page(visit, opened, None)
    case = opened.line.case
    history = await visit.read(lambda connection: read_history(connection, case.app))
    before = history[0][1] if history and case.verdict is CountyVerdict.PASSED else None
    return await _case_page(visit, opened, fresh_form(case, opened.content, before))


async def check_form(visit: Visit) -> web.StreamResponse:
    """The first step: what would be signed, or the form again with what is wrong."""
    opened = await _open(visit)
    if opened is None or opened.content is None:
        return _not_there(visit)
    form = posted_form(await visit.form())
    if await visit.field("edit"):
        return await _case_page(visit, opened, form)
    wanted, problem = form.wanted(opened.line.case.app)
    if wanted is None:
        return await _case_page(visit, opened, form, problem)
    try:
        await visit.read(
            lambda connection: check_review(
                connection, wanted, visit.account, visit.season, visit.now_ms
            )
        )
    except RefusedError as error:
        if error.code not in KEPT_ON_THE_FORM:
            raise
        return await _case_page(visit, opened, form, str(error))
    return visit.page(
        "review_confirm.html",
        (HOME, QUEUE, Crumb("確認")),
        opened=opened,
        case=opened.line.case,
        content=opened.content,
        form=form,
        wanted=wanted,
        changed=[]
        if wanted.points is None
        else list(changed_lines(opened.content.points, wanted.points)),
        lines=LINES,
        verdicts=COUNTY_VERDICTS,
    )


async def sign_form(visit: Visit) -> web.StreamResponse:
    """The second step: the review becomes an entry of the centre's log."""
    app = bytes.fromhex(visit.request.match_info["app"])
    form = posted_form(await visit.form())
    wanted, problem = form.wanted(app)
    if wanted is None:
        raise RefusedError("points", problem)
    key = visit.context.keys.receipt
    await visit.write(
        lambda connection: review(
            connection,
            wanted,
            account=visit.account,
            season=visit.season,
            key=key,
            now_ms=visit.now_ms,
        )
    )
    return _see(f"/reviews/{app.hex()}")


async def check_several(visit: Visit) -> web.StreamResponse:
    """The first step of passing several with the school's figures."""
    chosen = await _chosen(visit)
    lines = await visit.read(lambda connection: _picked(connection, visit, chosen))
    return visit.page(
        "review_several.html", (HOME, QUEUE, Crumb("批次通過")), lines=lines, chosen=chosen
    )


async def sign_several(visit: Visit) -> web.StreamResponse:
    """The second step: all of them or none."""
    chosen = await _chosen(visit)
    key = visit.context.keys.receipt

    def work(connection: Connection) -> None:
        for line in _picked(connection, visit, chosen):
            content = read_content(connection, line.case)
            if content is None:
                raise RefusedError("not_there", "有一件申請的內容已不在系統中，全部未簽入。")
            review(
                connection,
                as_the_school(line.case, content),
                account=visit.account,
                season=visit.season,
                key=key,
                now_ms=visit.now_ms,
            )

    await visit.write(work)
    return _see("/reviews?state=passed")


def _address(asked: Mapping[str, object]) -> str:
    return "?" + urlencode({name: value for name, value in asked.items() if value})


def state_of_case(case: Case) -> str:
    """How far the county's review of a case is, as the queue names it."""
    if case.last is None:
        return "waiting"
    return case.last.verdict.value if case.hold is Hold.HOLDS else "outdated"


async def _chosen(visit: Visit) -> dict[bytes, str]:
    """Application → mark of the case as it was shown."""
    chosen: dict[bytes, str] = {}
    for each in (await visit.form()).getall("case", []):
        app, _, mark = each.partition(":")
        try:
            chosen[bytes.fromhex(app)] = mark
        except ValueError:
            raise RefusedError("changed", "選取的申請無法辨識，請重新選取。") from None
    if not chosen:
        raise RefusedError("none_chosen", "沒有選取任何申請。")
    if len(chosen) > TOGETHER_AT_MOST:
        raise RefusedError("too_many", f"一次最多選取 {TOGETHER_AT_MOST} 件。")
    return chosen


def _picked(connection: Connection, visit: Visit, chosen: dict[bytes, str]) -> list[Line]:
    """The chosen cases as they were shown; none of them needs a look of its own."""
    lines = [
        line
        for line in read_queue(connection, visit.county, visit.now_ms)
        if line.case.app in chosen
    ]
    if len(lines) != len(chosen) or any(chosen[each.case.app] != each.case.mark for each in lines):
        raise RefusedError("changed", "選取之後資料已有變動，請回清單重新選取。")
    if any(line.bar is not None or line.case.row.flag is not None for line in lines):
        raise RefusedError("look", "與管制名單相符或待查的申請須逐件審查。")
    return lines


def read_queue(connection: Connection, county: str | None, now_ms: int) -> list[Line]:
    """Everything the schools of a county (None: of all) have passed, by school."""
    cases = read_cases(connection, county)
    bars = find_bars(
        connection, [case.row.national_id for case in cases if case.row.national_id], day_of(now_ms)
    )
    return [
        Line(case=case, state=state_of_case(case), bar=bars.get(case.row.national_id))
        for case in cases
    ]


async def _open(visit: Visit) -> Opened | None:
    app = bytes.fromhex(visit.request.match_info["app"])

    def work(connection: Connection) -> Opened | None:
        lines = read_queue(connection, visit.county, visit.now_ms)
        line = next((each for each in lines if each.case.app == app), None)
        if line is None:
            return None
        waiting = [each.case.app for each in lines if each.state in {"waiting", "outdated"}]
        after = [each for each in waiting if each != app]
        return Opened(
            line=line, content=read_content(connection, line.case), next=next(iter(after), None)
        )

    return await visit.read(work)


async def _case_page(
    visit: Visit, opened: Opened, form: ReviewForm | None, problem: str = ""
) -> web.Response:
    case, content = opened.line.case, opened.content
    history = await visit.read(lambda connection: read_history(connection, case.app))
    why_not = _why_not(visit, opened)
    return visit.page(
        "review.html",
        (HOME, QUEUE, Crumb(case.app.hex()[:8])),
        status=HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
        opened=opened,
        case=case,
        content=content,
        form=None if why_not else form,
        why_not=why_not,
        problem=problem,
        history=history,
        lines=LINES,
        settings=settings_for(case.county),
        documents=_documents(),
        verdicts=COUNTY_VERDICTS,
        CountyVerdict=CountyVerdict,
    )


def _why_not(visit: Visit, opened: Opened) -> str:
    """Why this person cannot review this case now; empty when nothing is in the way."""
    if not visit.may(Act.REVIEW) or visit.county is None:
        return "您的身分不能審查；可以審查的是申請人學校所在縣市的承辦人。"
    if opened.content is None:
        return "申請內容不在系統中，或學校的審查互不相同，不能審查。"
    if is_own(visit.account, opened.content.claim):
        return "申請人與您同名。自己的申請不能由自己審查，請由同仁審查。"
    return why_not_now(visit.season, moment(visit.now_ms))


def _not_there(visit: Visit) -> web.Response:
    return visit.told(
        HTTPStatus.NOT_FOUND,
        "查無可審查的申請",
        "沒有這件申請、學校尚未審查通過，或不屬於您的縣市。",
    )


@cache
def _documents() -> dict[str, list[Document]]:
    """What is to be seen, by group, in the order of the printed list."""
    groups: dict[str, list[Document]] = {}
    for each in load_documents(read_table("evidence_115.toml")):
        groups.setdefault(each.group.value, []).append(each)
    return groups


def _see(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
