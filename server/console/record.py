"""One application with all its versions, decisions and entries of the log. Reading only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from core.domain.application import Claim, Wishes
from core.season.county import CountyFact, last_review
from core.wire.canon import from_wire
from core.wire.payload import DecisionPayload, read_application
from server.season.caseload import read_facts
from server.store.events import places
from server.store.season_tables import school
from server.store.tables import (
    application,
    certificate,
    decision,
    device,
    payload,
    receipt,
    revision,
    verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version as received; ``claim`` is None for a withdrawal or when its content is gone."""

    row: Row[Any]
    claim: Claim | None
    wishes: Wishes | None
    head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A decision as received, with the name on the officer's certificate."""

    row: Row[Any]
    content: DecisionPayload | None
    officer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything known of one application, the newest first; school names by code."""

    app: bytes
    row: Row[Any]
    versions: tuple[Version, ...]
    decisions: tuple[Reviewed, ...]
    county: CountyFact | None
    entries: Sequence[Row[*tuple[Any, ...]]]
    schools: Mapping[str, str]

    @property
    def newest(self) -> Version | None:
        """The version in force, or else the newest with content."""
        in_force = [each for each in self.versions if each.row.eh == self.row.revision]
        with_content = [each for each in self.versions if each.claim is not None]
        return next(iter([each for each in in_force if each.claim] or with_content), None)


def read_record(connection: Connection, app: bytes) -> Record:
    """The record of an application that exists."""
    row = connection.execute(select(application).where(application.c.app == app)).one()
    heads = {row.heads[i : i + 32] for i in range(0, len(row.heads), 32)}
    versions = tuple(
        _version(each, each.eh in heads)
        for each in connection.execute(
            select(
                revision,
                payload.c.data,
                device.c.name.label("device_name"),
                verdict.c.verdict,
                verdict.c.code,
            )
            .join(verdict, verdict.c.eh == revision.c.eh)
            .join(device, device.c.dev == revision.c.dev)
            .outerjoin(payload, payload.c.eh == revision.c.eh)
            .where(revision.c.app == app)
            .order_by(revision.c.version.desc(), revision.c.recv_ms.desc(), revision.c.eh)
        )
    )
    decisions = _decisions(connection, app)
    place = places()
    hashes = [each.row.eh for each in versions] + [each.row.eh for each in decisions]
    entries = connection.execute(
        select(
            place.c.log_index,
            place.c.eh,
            place.c.kind,
            place.c.seq,
            place.c.inc,
            place.c.recv_ms,
            device.c.name,
            receipt.c.eh.label("receipt"),
        )
        .join(device, device.c.dev == place.c.dev)
        .outerjoin(receipt, receipt.c.eh == place.c.eh)
        .where(place.c.eh.in_(hashes))
        .order_by(place.c.log_index.desc())
    )
    return Record(
        app=app,
        row=row,
        versions=versions,
        decisions=decisions,
        county=last_review(read_facts(connection, [app]).get(app, ())),
        entries=entries.all(),
        schools=_names(connection, versions),
    )


def _version(row: Row[Any], head: bool) -> Version:  # noqa: FBT001 - a fact about the row
    claim, wishes = None, None
    if row.claim is not None and row.data is not None and row.name is not None:
        claim, wishes = read_application(row.data)
    return Version(row=row, claim=claim, wishes=wishes, head=head)


def _decisions(connection: Connection, app: bytes) -> tuple[Reviewed, ...]:
    place = places()
    rows = connection.execute(
        select(
            decision,
            payload.c.data,
            device.c.name.label("device_name"),
            verdict.c.code,
            decision.c.verdict.label("said"),
        )
        .join(place, place.c.eh == decision.c.eh)
        .join(device, device.c.dev == place.c.dev)
        .join(verdict, verdict.c.eh == decision.c.eh)
        .outerjoin(payload, payload.c.eh == decision.c.eh)
        .where(decision.c.app == app)
        .order_by(decision.c.recv_ms.desc(), decision.c.eh)
    ).all()
    officers = {row.officer for row in rows if row.officer is not None}
    named = select(certificate.c.id, certificate.c.name).where(
        certificate.c.id.in_(sorted(officers)), certificate.c.subject == "officer"
    )
    names = {row.id: row.name for row in connection.execute(named)}
    return tuple(
        Reviewed(
            row=row,
            content=from_wire(row.data, DecisionPayload)
            if row.data is not None and row.said is not None
            else None,
            officer=names.get(row.officer),
        )
        for row in rows
    )


def _names(connection: Connection, versions: Sequence[Version]) -> dict[str, str]:
    codes = {each.row.school for each in versions if each.row.school is not None}
    for each in versions:
        codes |= set(each.wishes.schools) if each.wishes else set()
    rows = connection.execute(select(school.c.id, school.c.name).where(school.c.id.in_(codes)))
    return {row.id: row.name for row in rows}
