"""One row per application: the version in force and its review, or an open conflict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from core.season.merge import ApplicationState, DecisionFact, VersionFact, state_of
from server.store import dialect
from server.store.tables import application, decision, revision, verdict

HASH_BYTES = 32
CONTENT = (
    "teacher",
    "national_id",
    "name",
    "school",
    "stage",
    "subject",
    "county_a",
    "county_b",
    "wish_count",
    "recv_ms",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the fold knows of one application.

    ``clean`` are the hashes of versions nothing is held against; their machines and the schools
    they name may be told about the application, others not: a flagged version proves nothing.
    """

    state: ApplicationState
    clean: frozenset[bytes]
    devices: frozenset[bytes]
    schools: frozenset[str]


def renew(connection: Connection, apps: Iterable[bytes]) -> Mapping[bytes, Overview]:
    """Recompute these applications from their versions and decisions; their new state."""
    wanted = sorted(apps)
    if not wanted:
        return {}
    versions: dict[bytes, list[Row[Any]]] = {app: [] for app in wanted}
    decisions: dict[bytes, list[Row[Any]]] = {app: [] for app in wanted}
    flagged = select(revision, verdict.c.code).join(verdict, verdict.c.eh == revision.c.eh)
    for row in connection.execute(flagged.where(revision.c.app.in_(wanted))):
        versions[row.app].append(row)
    for row in connection.execute(select(decision).where(decision.c.app.in_(wanted))):
        decisions[row.app].append(row)
    overviews = {app: _overview(app, versions[app], decisions[app]) for app in wanted}
    dialect.upsert(
        connection,
        application,
        [_row(overviews[app].state, versions[app], decisions[app]) for app in wanted],
    )
    return overviews


def hashes(joined: bytes) -> tuple[bytes, ...]:
    """The 32-byte hashes of a column that joins them."""
    return tuple(joined[i : i + HASH_BYTES] for i in range(0, len(joined), HASH_BYTES))


def _overview(app: bytes, versions: Sequence[Row[Any]], decisions: Sequence[Row[Any]]) -> Overview:
    clean = [row for row in versions if row.code is None]
    return Overview(
        state=state_of(
            app,
            [_version(row) for row in versions if row.valid],
            [decision_fact(row) for row in decisions if row.valid],
            without_effect=[_version(row) for row in versions if not row.valid],
        ),
        clean=frozenset(row.eh for row in clean),
        devices=frozenset(row.dev for row in clean),
        schools=frozenset(row.school for row in clean if row.school is not None),
    )


def _row(
    state: ApplicationState, versions: Sequence[Row[Any]], decisions: Sequence[Row[Any]]
) -> dict[str, Any]:
    current = state.current
    content = next((row for row in versions if current and row.eh == current.hash), None)
    settled = _settling(state, decisions)
    return {
        "app": state.app,
        "state": _name(state),
        "heads": b"".join(each.hash for each in state.heads),
        "revision": current.hash if current else None,
        "version": current.version if current else None,
        "review": state.review_of(current).value if current else None,
        "decision": settled.eh if settled else None,
        "points_a": settled.points_a if settled else None,
        "points_b": settled.points_b if settled else None,
        "flag": content.code if content else None,
    } | {name: getattr(content, name) if content else None for name in CONTENT}


def _name(state: ApplicationState) -> str:
    if state.in_conflict:
        return "conflict"
    if state.current is None:
        return "unknown"  # decisions, or rejected versions, of an application never seen
    return "withdrawn" if state.current.withdrawn else "current"


def _settling(state: ApplicationState, decisions: Sequence[Row[Any]]) -> Row[Any] | None:
    """The decision whose points hold: none while those in force do not say the same."""
    if state.current is None:
        return None
    in_force = {each.hash for each in state.decisions_on(state.current.claim)}
    standing = sorted((row for row in decisions if row.eh in in_force), key=lambda row: row.eh)
    said = {(row.verdict, row.points_a, row.points_b) for row in standing}
    return standing[0] if len(said) == 1 else None


def _version(row: Row[Any]) -> VersionFact:
    return VersionFact(
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
    )


def decision_fact(row: Row[Any]) -> DecisionFact:
    """A row of the view as the fact it was."""
    return DecisionFact(
        hash=row.eh,
        app=row.app,
        revision=row.revision,
        claim=row.claim,
        earlier=hashes(row.earlier),
        approved=row.approved,
        officer=row.officer,
        claimed_ms=row.claimed_ms,
    )
