"""The list of applications as a table: filters, order, pages, counts. Statements only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from core.domain.school import Stage
from server.store.season_tables import school
from server.store.tables import application, revision, verdict

SIZES = (25, 50, 100)
SORTS = ("recv", "school", "points", "wishes", "version")
STATES = (
    "waiting",
    "approved",
    "returned",
    "contradictory",
    "flagged",
    "conflict",
    "withdrawn",
    "unknown",
)
BORROWED = ("name", "national_id", "school", "stage", "subject", "recv_ms")
READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of the list is shown, exactly as the address says it; empty texts filter nothing."""

    q: str = ""
    state: str = ""
    stage: str = ""
    county: str = ""
    sort: str = "recv"
    down: bool = True
    page: int = 1
    size: int = SIZES[0]

    @property
    def query(self) -> str:
        """The address's query that gives this view again."""
        plain = View()
        values = {
            name: getattr(self, name) for name in ("q", "state", "stage", "county", "sort", "size")
        }
        values["dir"] = "down" if self.down else "up"
        values["page"] = self.page
        default = {"sort": plain.sort, "size": plain.size, "dir": "down", "page": 1}
        kept = {name: value for name, value in values.items() if value != default.get(name, "")}
        return urlencode(kept)

    def with_(self, **changes: object) -> "View":
        """Another view; what changes the selection starts at its first page."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]

    def sorted_by(self, sort: str) -> "View":
        """The view after a click on a column's head."""
        return self.with_(sort=sort, down=not self.down if sort == self.sort else sort != "school")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list with the total, and how many of each state the other filters leave."""

    rows: tuple[Mapping[str, Any], ...]
    total: int
    by_state: Mapping[str, int]

    def pages(self, view: View) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // view.size))


def view_of(query: Mapping[str, str]) -> View:
    """The view an address asks for; what makes no sense there is as if it were not there."""
    page, size = query.get("page", ""), query.get("size", "")
    state, stage, sort = query.get("state", ""), query.get("stage", ""), query.get("sort", "")
    return View(
        q=query.get("q", "").strip()[:60],
        state=state if state in STATES else "",
        stage=stage if stage in set(Stage) else "",
        county=query.get("county", "")[:2],
        sort=sort if sort in SORTS else "recv",
        down=query.get("dir", "down") != "up",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,  # noqa: PLR2004
        size=int(size) if size in {str(each) for each in SIZES} else SIZES[0],
    )


def read_listing(connection: Connection, view: View, county: str | None) -> Listing:
    """The page; ``county`` is the only one this person sees, or None."""
    states = (
        select(state_of_row.label("state"))
        .select_from(rows_with_school)
        .where(*_conditions(replace(view, state=""), county))
        .subquery()
    )
    counts = connection.execute(select(states.c.state, func.count()).group_by(states.c.state))
    by_state = {state: count for state, count in counts if state is not None}
    total = by_state.get(view.state, 0) if view.state else sum(by_state.values())
    rows = connection.execute(
        _ordered(_columns(view, county), view).limit(view.size).offset((view.page - 1) * view.size)
    ).all()
    return Listing(rows=tuple(_complete(connection, rows)), total=total, by_state=by_state)


def read_all(connection: Connection, view: View, county: str | None) -> Iterator[Mapping[str, Any]]:
    """Every row of the view, whatever its page."""
    offset = 0
    while True:
        rows = connection.execute(
            _ordered(_columns(view, county), view).limit(READ_AT_ONCE).offset(offset)
        ).all()
        yield from _complete(connection, rows)
        if len(rows) < READ_AT_ONCE:
            return
        offset += READ_AT_ONCE


def may_see(connection: Connection, app: bytes, county: str | None) -> bool:
    """Whether there is such an application, and this person's county has to do with it."""
    wanted = [application.c.app == app]
    if county is not None:
        wanted.append(school.c.county == county)
    found = select(application.c.app).select_from(rows_with_school).where(*wanted)
    return connection.execute(found).scalar() is not None


def _columns(view: View, county: str | None) -> Select[Any]:
    return (
        select(
            application,
            state_of_row.label("shown_state"),
            school_of_row.label("any_school"),
            school.c.name.label("school_name"),
            school.c.county.label("school_county"),
        )
        .select_from(rows_with_school)
        .where(*_conditions(view, county))
    )


def _conditions(view: View, county: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if county is not None:
        conditions.append(school.c.county == county)
    if view.county:
        conditions.append(school.c.county == view.county)
    if view.stage:
        conditions.append(stage_of_row == view.stage)
    if view.state:
        conditions.append(state_of_row == view.state)
    if view.q:
        conditions.append(
            or_(
                application.c.name.contains(view.q, autoescape=True),
                application.c.national_id == view.q.upper(),
                school_of_row == view.q.upper(),
                school.c.name.contains(view.q, autoescape=True),
            )
        )
    return conditions


def _ordered(statement: Select[Any], view: View) -> Select[Any]:
    column: ColumnElement[Any] = {
        "recv": application.c.recv_ms,
        "school": school_of_row,
        "points": application.c.points_a,
        "wishes": application.c.wish_count,
        "version": application.c.version,
    }[view.sort]
    # Empty cells come last both ways, and equal ones in a fixed order on every database.
    direction = column.desc() if view.down else column.asc()
    return statement.order_by(column.is_(None), direction, application.c.app)


def _complete(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Mapping[str, Any]]:
    """Rows without a version in force borrow the person from the version `_newest` would take."""
    open_ones = [row.app for row in rows if row.name is None]
    newest: dict[bytes, Row[Any]] = {}
    if open_ones:
        versions = connection.execute(
            select(revision)
            .join(verdict, verdict.c.eh == revision.c.eh)
            .where(revision.c.app.in_(open_ones), revision.c.name.is_not(None))
            .order_by(verdict.c.code.is_(None), revision.c.valid, revision.c.version, revision.c.eh)
        )
        newest = {row.app: row for row in versions}
    for row in rows:
        known, other = row._asdict(), newest.get(row.app)
        if other is not None:
            known |= {name: getattr(other, name) for name in BORROWED if known[name] is None}
        yield known


def _newest(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A version's value for applications without one in force (conflicts, withdrawals).

    Of a version that something is held against only where there is no other: it proves nothing,
    and would take a case out of its county's sight.
    """
    other, said = revision.alias(), verdict.alias()
    wanted = other.c[column.key or ""]
    return (
        select(wanted)
        .join(said, said.c.eh == other.c.eh)
        .where(other.c.app == application.c.app, wanted.is_not(None))
        .order_by(
            said.c.code.is_(None).desc(),
            other.c.valid.desc(),
            other.c.version.desc(),
            other.c.eh.desc(),
        )
        .limit(1)
        .correlate(application)
        .scalar_subquery()
    )


school_of_row = func.coalesce(application.c.school, _newest(revision.c.school))
stage_of_row = func.coalesce(application.c.stage, _newest(revision.c.stage))
state_of_row = case(
    (application.c.state != "current", application.c.state),
    (application.c.flag.is_not(None), "flagged"),
    else_=application.c.review,
)
rows_with_school = application.outerjoin(
    school, and_(school.c.id == school_of_row, school.c.stage == stage_of_row)
)
