"""Applications as the log knows them, judged for the freeze: what counts, and its content."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from core.domain.application import Claim, Wishes
from core.domain.school import Stage
from core.rules.calendar import DRAIN, PhaseName, find_phase
from core.season.deadline import Evidence, timeliness
from core.season.merge import DecisionFact, VersionFact
from core.season.ruling import ConflictRule, Ruling, rulings
from core.wire.ack import Verdict
from core.wire.canon import from_wire
from core.wire.payload import DecisionPayload, read_application
from server.lists import Season, milliseconds
from server.season.earlier import of_earlier_seasons
from server.season.evidence import left_to_people, read_evidence
from server.season.sift import Choice, Reviewed, Version, sift
from server.store.events import places
from server.store.tables import decision, payload, revision, verdict
from server.terminal import RefusedError
from server.views.application import hashes
from server.views.rulings import read_votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An application with the choice made for it; the content is that of the chosen version.

    ``stage`` and ``school`` are its own, too, as far as it says; else another's that counts.
    """

    choice: Choice
    stage: Stage | None
    school: str | None
    claim: Claim | None
    wishes: Wishes | None
    versions: tuple[Version, ...]
    decisions: tuple[Reviewed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """D for teachers and for officers, and how long sealed entries may arrive; milliseconds."""

    submit: int
    officer: int
    drain: int


def deadlines_of(season: Season) -> Deadlines:
    """The deadlines of a calendar.

    Raises:
        RefusedError: ``calendar_incomplete``.
    """
    apply = find_phase(season.calendar, PhaseName.APPLY)
    review = find_phase(season.calendar, PhaseName.OFFICER_REVIEW)
    drain = find_phase(season.calendar, PhaseName.DRAIN)
    if apply is None or review is None:
        raise RefusedError("calendar_incomplete", "日程表缺少教師填報或學校初審的期間。")
    drained: datetime = drain.closes if drain else apply.closes + DRAIN
    return Deadlines(
        submit=milliseconds(apply.closes),
        officer=milliseconds(review.closes),
        drain=milliseconds(drained) - milliseconds(apply.closes),
    )


def read_candidates(
    connection: Connection, season: Season, rule: ConflictRule
) -> tuple[Candidate, ...]:
    """Every application of the log that is not of an earlier season, by its identifier."""
    deadlines = deadlines_of(season)
    place = places()
    versions = _by_app(
        connection.execute(
            select(revision, verdict.c.verdict, verdict.c.code, place.c.log_index)
            .join(verdict, verdict.c.eh == revision.c.eh)
            .join(place, place.c.eh == revision.c.eh)
        ).all()
    )
    decisions = _by_app(
        connection.execute(
            select(decision, payload.c.data)
            .join(payload, payload.c.eh == decision.c.eh)
            .join(verdict, verdict.c.eh == decision.c.eh)
            .where(or_(decision.c.valid, left_to_people()), payload.c.data.is_not(None))
        ).all()
    )
    for over in of_earlier_seasons(connection, versions, season):
        versions.pop(over)
        decisions.pop(over, None)
    hashes_of_all = [row.eh for rows in (*versions.values(), *decisions.values()) for row in rows]
    evidence = read_evidence(connection, hashes_of_all, deadlines.submit)
    decided = rulings(read_votes(connection))
    sifted: list[tuple[Choice, tuple[Version, ...], tuple[Reviewed, ...]]] = []
    for app in sorted(versions.keys() | decisions.keys()):
        own = tuple(
            _version(row, evidence[row.eh], deadlines, decided.get(row.eh))
            for row in versions.get(app, ())
        )
        about = tuple(
            _reviewed(row, evidence[row.eh], deadlines, decided.get(row.eh))
            for row in decisions.get(app, ())
        )
        sifted.append((sift(app, own, about, rule), own, about))
    chosen = {each.revision.hash for each, _, _ in sifted if each.revision is not None}
    contents = _contents(connection, chosen)
    return tuple(
        _candidate(each, (own, about), versions.get(each.app, ()), contents)
        for each, own, about in sifted
    )


def _by_app(rows: Iterable[Row[Any]]) -> dict[bytes, list[Row[Any]]]:
    found: dict[bytes, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.app].append(row)
    return found


def _version(
    row: Row[Any], evidence: Evidence, deadlines: Deadlines, ruling: Ruling | None
) -> Version:
    return Version(
        fact=VersionFact(
            hash=row.eh,
            app=row.app,
            version=row.version,
            parents=hashes(row.parents),
            claim=row.claim,
            wishes=row.wishes,
            device=row.dev,
            inc=row.inc,
            seq=row.seq,
            claimed_ms=row.claimed_ms,
        ),
        teacher=row.teacher,
        # What speaks against it is the doubt itself, and people decide that.
        verdict=Verdict.VALID if evidence.doubted else Verdict(row.verdict),
        timeliness=timeliness(evidence, deadlines.submit, deadlines.drain),
        evidence=evidence,
        log_index=row.log_index,
        ruling=ruling,
    )


def _reviewed(
    row: Row[Any], evidence: Evidence, deadlines: Deadlines, ruling: Ruling | None
) -> Reviewed:
    content = from_wire(row.data, DecisionPayload)
    return Reviewed(
        fact=DecisionFact(
            hash=row.eh,
            app=row.app,
            revision=row.revision,
            claim=row.claim,
            earlier=hashes(row.earlier),
            approved=row.approved,
            officer=row.officer,
            claimed_ms=row.claimed_ms,
        ),
        timeliness=timeliness(evidence, deadlines.officer, deadlines.drain),
        verdict=content.verdict,
        points=content.points,
        evidence=evidence,
        ruling=ruling,
    )


def _contents(
    connection: Connection, chosen: Iterable[bytes]
) -> Mapping[bytes, tuple[Claim, Wishes]]:
    wanted = set(chosen)
    rows = connection.execute(
        select(revision.c.eh, payload.c.data)
        .join(payload, payload.c.eh == revision.c.eh)
        .where(revision.c.claim.is_not(None), payload.c.data.is_not(None))
    )
    return {row.eh: read_application(row.data) for row in rows if row.eh in wanted}


def _candidate(
    choice: Choice,
    facts: tuple[tuple[Version, ...], tuple[Reviewed, ...]],
    rows: Sequence[Row[Any]],
    contents: Mapping[bytes, tuple[Claim, Wishes]],
) -> Candidate:
    chosen = choice.revision.hash if choice.revision is not None else b""
    claim, wishes = contents.get(chosen, (None, None))
    telling = _telling(rows, facts[0], chosen)
    return Candidate(
        choice=choice,
        stage=Stage(telling.stage) if telling is not None else None,
        school=telling.school if telling is not None else None,
        claim=claim,
        wishes=wishes,
        versions=facts[0],
        decisions=facts[1],
    )


def _telling(
    rows: Sequence[Row[Any]], versions: Iterable[Version], chosen: bytes
) -> Row[Any] | None:
    """The version that says of which stage and school the application is: the chosen one.

    Where that has no content, the newest of those that count most. Results are looked up by
    stage, and cases by county: no version without effect may move an application elsewhere.
    """
    counting = {each.fact.hash for each in versions if each.counts}
    return max(
        (row for row in rows if row.stage is not None),
        key=lambda row: (
            row.eh == chosen,
            row.eh in counting,
            row.code is None,
            row.valid,
            row.version,
            row.eh,
        ),
        default=None,
    )
