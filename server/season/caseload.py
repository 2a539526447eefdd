"""What schools have passed and their county reviews: cases, their content and their history."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from core.domain.application import Claim, Wishes
from core.season.county import CountyFact, CountyVerdict, Hold, hold_of, last_review
from core.season.merge import state_of
from core.wire.canon import from_wire
from core.wire.payload import CountyPayload, DecisionPayload, PointsAwarded, read_application
from server.store.season_tables import school
from server.store.tables import application, county_review, decision, payload, revision
from server.views.application import decision_fact, hashes

LINES = ("reason_a", "reason_b", "appraisal", "service", "awards", "special", "training")
"""The lines of points in the order of the form (F-161 … F-167), as `PointsAwarded` names them."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An application a school passed, before its county.

    ``decisions`` are those in force about the claim, ``last`` the county's last review, whether or
    not it holds.
    """

    row: Row[Any]
    school_name: str
    county: str
    claim: bytes
    decisions: tuple[bytes, ...]
    last: CountyFact | None
    number: str

    @property
    def app(self) -> bytes:
        """The application."""
        return bytes(self.row.app)

    @property
    def hold(self) -> Hold | None:
        """Whether the last review still speaks of this; None before there is one."""
        return None if self.last is None else hold_of(self.last, self.claim, self.decisions)

    @property
    def verdict(self) -> CountyVerdict | None:
        """The review in force."""
        return self.last.verdict if self.last is not None and self.hold is Hold.HOLDS else None

    @property
    def mark(self) -> str:
        """16 hex digits that change with everything a review is made on."""
        last = b"" if self.last is None else self.last.hash
        said = b"".join((self.claim, *self.decisions, last))
        return hashlib.sha256(b"jiepin/county/1 " + said).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands in a case: the two parts and the school's figures."""

    claim: Claim
    wishes: Wishes
    points: PointsAwarded
    reasons: tuple[str, ...]
    remark: str


def read_cases(
    connection: Connection, county: str | None, app: bytes | None = None
) -> tuple[Case, ...]:
    """What schools of a county (None: of all) have passed, by school and application."""
    wanted = [application.c.state == "current", application.c.review == "approved"]
    wanted += [] if county is None else [school.c.county == county]
    wanted += [] if app is None else [application.c.app == app]
    rows = connection.execute(
        select(
            application,
            revision.c.claim.label("claim_hash"),
            school.c.name.label("school_name"),
            school.c.county.label("school_county"),
        )
        .join(revision, revision.c.eh == application.c.revision)
        .join(
            school,
            (school.c.id == application.c.school) & (school.c.stage == application.c.stage),
        )
        .where(*wanted)
        .order_by(application.c.school, application.c.app)
    ).all()
    apps = [row.app for row in rows]
    decided = _grouped(connection, decision, apps)
    reviewed = _grouped(connection, county_review, apps)
    return tuple(_case(row, decided.get(row.app, ()), reviewed.get(row.app, ())) for row in rows)


def read_facts(connection: Connection, apps: Sequence[bytes]) -> Mapping[bytes, list[CountyFact]]:
    """Every review ever made of these applications."""
    found = _grouped(connection, county_review, apps)
    return {app: [_fact(row) for row in rows] for app, rows in found.items()}


def read_content(connection: Connection, case: Case) -> Content | None:
    """What is in a case; None when its content is gone, or the school's decisions differ."""
    if case.row.decision is None:
        return None
    rows = connection.execute(
        select(payload.c.eh, payload.c.data).where(
            payload.c.eh.in_([case.row.revision, case.row.decision]), payload.c.data.is_not(None)
        )
    )
    data = {row.eh: row.data for row in rows}
    if len(data) != len({case.row.revision, case.row.decision}):
        return None
    said = from_wire(data[case.row.decision], DecisionPayload)
    if said.points is None:
        return None
    claim, wishes = read_application(data[case.row.revision])
    return Content(
        claim=claim,
        wishes=wishes,
        points=said.points,
        reasons=said.reasons,
        remark=said.remark,
    )


def read_history(
    connection: Connection, app: bytes
) -> tuple[tuple[Row[Any], CountyPayload | None], ...]:
    """Every review of an application, the newest first, with its content where it still is."""
    rows = connection.execute(
        select(county_review, payload.c.data)
        .outerjoin(payload, payload.c.eh == county_review.c.eh)
        .where(county_review.c.app == app)
        .order_by(county_review.c.log_index.desc())
    )
    return tuple(
        (row, None if row.data is None else from_wire(row.data, CountyPayload)) for row in rows
    )


def points_of(connection: Connection, reviews: Iterable[bytes]) -> Mapping[bytes, PointsAwarded]:
    """The county's figures by review, of those that have any."""
    wanted = sorted(reviews)
    found: dict[bytes, PointsAwarded] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(payload.c.eh, payload.c.data).where(
                payload.c.eh.in_(wanted[start : start + AT_ONCE]), payload.c.data.is_not(None)
            )
        )
        for row in rows:
            points = from_wire(row.data, CountyPayload).points
            if points is not None:
                found[row.eh] = points
    return found


def changed_lines(before: PointsAwarded, after: PointsAwarded) -> Iterator[str]:
    """The lines in which two sets of figures differ, in the order of the form."""
    return (line for line in LINES if getattr(before, line) != getattr(after, line))


def _grouped(
    connection: Connection, table: Table, apps: Sequence[bytes]
) -> dict[bytes, list[Row[Any]]]:
    found: dict[bytes, list[Row[Any]]] = {}
    for start in range(0, len(apps), AT_ONCE):
        rows = select(table).where(table.c.app.in_(apps[start : start + AT_ONCE]))
        for row in connection.execute(rows):
            found.setdefault(row.app, []).append(row)
    return found


def _case(row: Row[Any], decided: Iterable[Row[Any]], reviewed: Iterable[Row[Any]]) -> Case:
    facts = [_fact(each) for each in reviewed]
    state = state_of(row.app, (), [decision_fact(each) for each in decided if each.valid])
    return Case(
        row=row,
        school_name=row.school_name,
        county=row.school_county,
        claim=row.claim_hash,
        decisions=tuple(each.hash for each in state.decisions_on(row.claim_hash)),
        last=last_review(facts),
        number=max((each.number for each in facts), default=""),
    )


def _fact(row: Row[Any]) -> CountyFact:
    return CountyFact(
        hash=row.eh,
        app=row.app,
        claim=row.claim,
        decisions=hashes(row.decisions),
        earlier=hashes(row.earlier),
        verdict=CountyVerdict(row.verdict),
        number=row.number,
        t_ms=row.t_ms,
    )
