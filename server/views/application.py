"""One row per application: the version in force and its review, or an open conflict."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from core.season.merge import ApplicationState, DecisionFact, VersionFact, heads_of, state_of
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
LINEAGE = (
    select(
        revision.c.app,
        revision.c.eh,
        revision.c.parents,
        revision.c.valid,
        revision.c.dev,
        revision.c.school,
        verdict.c.code,
    )
    .join(verdict, verdict.c.eh == revision.c.eh)
    .where(revision.c.app.in_(bindparam("apps", expanding=True)))
)
CURRENT = (
    select(revision, verdict.c.code)
    .join(verdict, verdict.c.eh == revision.c.eh)
    .where(revision.c.eh.in_(bindparam("wanted", expanding=True)))
)
DECISIONS = select(decision).where(
    decision.c.app.in_(bindparam("apps", expanding=True)),
    decision.c.claim.in_(bindparam("claims", expanding=True)),
    decision.c.valid,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the fold knows of one application.

    ``heads`` are the versions in force, ``state`` is of the only one alone, with the decisions on
    its claim, and empty when there are several. ``clean`` are the heads nothing is held against.
    ``devices`` and ``schools`` of versions nothing is held against may be told about the
    application, others not: a flagged version proves nothing.
    """

    heads: tuple[bytes, ...]
    state: ApplicationState
    clean: frozenset[bytes]
    devices: frozenset[bytes]
    schools: frozenset[str]


@dataclass(slots=True)
class _Lineage:
    """How the versions of an application hang together, and who may be told of it."""

    parents: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    without_effect: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    clean: set[bytes] = field(default_factory=set)
    devices: set[bytes] = field(default_factory=set)
    schools: set[str] = field(default_factory=set)


def renew(connection: Connection, apps: Iterable[bytes]) -> Mapping[bytes, Overview]:
    """Recompute these applications from their versions and decisions; their new state."""
    wanted = sorted(apps)
    if not wanted:
        return {}
    lineages = _lineages(connection, wanted)
    heads = {app: heads_of(each.parents, each.without_effect) for app, each in lineages.items()}
    alone = {app: found[0] for app, found in heads.items() if len(found) == 1}
    current = _current(connection, alone)
    decisions = _decisions(connection, current)
    overviews = {
        app: Overview(
            heads=heads[app],
            state=state_of(
                app,
                [_version(current[app])] if app in current else (),
                [decision_fact(row) for row in decisions[app]],
            ),
            clean=frozenset(each.clean.intersection(heads[app])),
            devices=frozenset(each.devices),
            schools=frozenset(each.schools),
        )
        for app, each in lineages.items()
    }
    dialect.upsert(
        connection,
        application,
        [_row(overviews[app], current.get(app), decisions[app]) for app in wanted],
    )
    return overviews


def _lineages(connection: Connection, apps: Sequence[bytes]) -> dict[bytes, _Lineage]:
    """Read as little of each version as there may be: some applications have very many."""
    found = {app: _Lineage() for app in apps}
    for app, eh, parents, valid, dev, school, code in connection.execute(LINEAGE, {"apps": apps}):
        lineage = found[app]
        (lineage.parents if valid else lineage.without_effect)[eh] = hashes(parents)
        if code is None:
            lineage.clean.add(eh)
            lineage.devices.add(dev)
            if school is not None:
                lineage.schools.add(school)
    return found


def _current(connection: Connection, alone: Mapping[bytes, bytes]) -> dict[bytes, Row[Any]]:
    """The version in force with its content, of applications that have just one."""
    if not alone:
        return {}
    rows = connection.execute(CURRENT, {"wanted": sorted(alone.values())})
    return {row.app: row for row in rows}


def _decisions(
    connection: Connection, current: Mapping[bytes, Row[Any]]
) -> dict[bytes, list[Row[Any]]]:
    """The decisions that count about the claim in force."""
    found: dict[bytes, list[Row[Any]]] = defaultdict(list)
    claims = {row.app: row.claim for row in current.values() if row.claim is not None}
    if claims:
        about = {"apps": sorted(claims), "claims": sorted(set(claims.values()))}
        for row in connection.execute(DECISIONS, about):
            if claims[row.app] == row.claim:
                found[row.app].append(row)
    return found


def hashes(joined: bytes) -> tuple[bytes, ...]:
    """The 32-byte hashes of a column that joins them."""
    if len(joined) <= HASH_BYTES:  # nearly always
        return (joined,) if joined else ()
    return tuple(joined[i : i + HASH_BYTES] for i in range(0, len(joined), HASH_BYTES))


def _row(
    overview: Overview, content: Row[Any] | None, decisions: Sequence[Row[Any]]
) -> dict[str, Any]:
    state = overview.state
    current = state.current
    settled = _settling(state, decisions)
    return {
        "app": state.app,
        "state": _name(overview),
        "heads": b"".join(overview.heads),
        "revision": current.hash if current else None,
        "version": current.version if current else None,
        "review": state.review_of(current).value if current else None,
        "decision": settled.eh if settled else None,
        "points_a": settled.points_a if settled else None,
        "points_b": settled.points_b if settled else None,
        "flag": content.code if content else None,
    } | {name: getattr(content, name) if content else None for name in CONTENT}


def _name(overview: Overview) -> str:
    if len(overview.heads) > 1:
        return "conflict"
    current = overview.state.current
    if current is None:
        return "unknown"  # decisions, or rejected versions, of an application never seen
    return "withdrawn" if current.withdrawn else "current"


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
