"""What stands where: applications by state, the calendar, machines, and what needs somebody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from sqlalchemy import Connection, func, select

from core.domain.school import Stage
from core.rules.calendar import phase_at, phases_at
from server.console.fleet import NAMES, Machine, Standing, machines, read_fleet
from server.console.incidents import reported_lately
from server.console.layout import Crumb
from server.console.register import View, read_listing
from server.console.reviews import read_queue
from server.console.visit import Visit
from server.lists import moment
from server.season.witness import read_sightings
from server.store.season_tables import freeze, school
from server.store.season_tables import vacancy as vacancies
from server.store.tables import enrolment


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something a person has to look at; ``address`` leads there."""

    sentence: str
    count: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the page counts."""

    by_state: Mapping[str, int]
    fleet: tuple[Machine, ...]
    waiting_enrolments: int
    schools: Mapping[str, int]
    seats: Mapping[str, int]
    frozen: int
    unmatched: int
    incidents: int
    reviews: Mapping[str, int]


async def show_overview(visit: Visit) -> web.StreamResponse:
    """The first page."""
    stage = visit.request.query.get("stage", "")
    stage = stage if stage in set(Stage) else ""
    figures = await visit.read(
        lambda connection: _figures(
            connection, View(stage=stage), visit.county, visit.season.name, visit.now_ms
        )
    )
    now = moment(visit.now_ms)
    current = phase_at(visit.season.calendar, now)
    return visit.page(
        "overview.html",
        (Crumb("總覽"),),
        stage=stage,
        figures=figures,
        by_standing=_by_standing(figures.fleet),
        needs=tuple(_needs(figures)),
        phases=visit.season.calendar,
        open_now=phases_at(visit.season.calendar, now),
        current=current,
        left=_left(current.closes - now) if current else "",
        standings=NAMES,
    )


def _figures(
    connection: Connection, view: View, county: str | None, season: str, now_ms: int
) -> Figures:
    seats = (
        select(school.c.stage, func.sum(vacancies.c.count))
        .join(school, school.c.id == vacancies.c.school)
        .where(vacancies.c.season == season)
        .group_by(school.c.stage)
    )
    schools = (
        select(school.c.stage, func.count()).where(school.c.delegated).group_by(school.c.stage)
    )
    if county is not None:
        seats, schools = (each.where(school.c.county == county) for each in (seats, schools))
    waiting = select(func.count()).where(enrolment.c.state == "pending")
    fleet = machines(read_fleet(connection, county), now_ms)
    owned = None if county is None else {each.dev for each in fleet}
    # The whole country's queue is long, and it is nobody's but the counties' to work through.
    queue = [] if county is None else read_queue(connection, county, now_ms)
    return Figures(
        by_state=read_listing(connection, view, county).by_state,
        fleet=fleet,
        waiting_enrolments=connection.execute(waiting).scalar_one(),
        schools={row[0]: row[1] for row in connection.execute(schools)},
        seats={row[0]: int(row[1]) for row in connection.execute(seats)},
        frozen=connection.execute(
            select(func.count()).where(freeze.c.season == season)
        ).scalar_one(),
        incidents=reported_lately(connection, county, now_ms),
        unmatched=sum(each.place is None for each in read_sightings(connection, owned)),
        reviews=Counter(each.state for each in queue)
        + Counter("barred" for each in queue if each.bar is not None),
    )


def _needs(figures: Figures) -> Iterable[Need]:
    sentences = {
        "conflict": "件申請有兩個以上的版本互相衝突",
        "contradictory": "件申請的初審結果互相矛盾",
        "flagged": "件申請的資料有待查明",
        "unknown": "件審查找不到對應的申請",
    }
    for state, sentence in sentences.items():
        count = figures.by_state.get(state, 0)
        if count:
            yield Need(
                sentence=sentence, count=count, address=f"/applications?{View(state=state).query}"
            )
    for state, sentence in (
        ("waiting", "件申請等待縣市積分審查"),
        ("outdated", "件申請在縣市審查後有變動，須重審"),
        ("barred", "件申請與管制名單相符"),
    ):
        if figures.reviews.get(state):
            address = f"/reviews?state={state}"
            yield Need(sentence=sentence, count=figures.reviews[state], address=address)
    if figures.unmatched:
        yield Need(
            sentence="個封箱碼等待服務站上傳比對", count=figures.unmatched, address="/witnesses"
        )
    if figures.incidents:
        yield Need(
            sentence="件服務站的問題回報在 24 小時內收到",
            count=figures.incidents,
            address="/incidents",
        )
    standings = _by_standing(figures.fleet)
    for standing, sentence in (
        (Standing.QUARANTINED, "台服務站的紀錄分岔，已隔離"),
        (Standing.REVOKED, "台服務站的憑證已撤銷"),
        (Standing.LOST, "台服務站超過 24 小時沒有上傳"),
        (Standing.NEVER, "台服務站從未上傳"),
    ):
        if standings.get(standing):
            yield Need(sentence=sentence, count=standings[standing], address="/fleet")
    if figures.waiting_enrolments:
        yield Need(
            sentence="件服務站或人事的憑證申請等待核發",
            count=figures.waiting_enrolments,
            address="/fleet",
        )


def _by_standing(fleet: Iterable[Machine]) -> dict[Standing, int]:
    counts = dict.fromkeys(Standing, 0)
    for machine in fleet:
        counts[machine.standing] += 1
    return counts


def _left(rest: timedelta) -> str:
    hours = int(rest.total_seconds()) // 3600
    return f"尚 {hours // 24} 天 {hours % 24:02} 時"
