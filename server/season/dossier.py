"""Everything the log holds that bears on when one entry was made, for people to judge (2.10 D)."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from core.season.deadline import Evidence, Timeliness, timeliness
from core.season.ruling import Ruling
from core.wire.canon import FILE_LIMITS, encode, from_wire
from core.wire.event import Event, decode_frame, read_event
from core.wire.payload import StaffPayload
from server.lists import Season
from server.season.candidate import deadlines_of
from server.season.evidence import beside, evidence_of
from server.season.marks import Beacon, Mark, Marks, marks_of
from server.store.events import places
from server.store.identities import Withdrawn, revocations_of, withdrawals
from server.store.tables import decision, device, event, payload, revision, verdict, vote, witness
from server.views.rulings import read_rulings

BEACONS_BESIDE = 3
NEIGHBOURS_BESIDE = 3
FORMAT = "jiepin-evidence/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An entry of the same chain; ``itself`` for the one in question."""

    seq: int
    eh: bytes
    kind: str
    wall: int
    m: int
    boot: bytes
    recv_ms: int
    log_index: int
    frame: bytes
    itself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an officer of the centre said of the entry; login and reason may have been erased."""

    eh: bytes
    ruling: Ruling
    login: str | None
    reason: str
    t_ms: int
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One entry and its evidence; nothing of the person is in it but the application's name.

    ``lost_ms`` and ``dismissed_ms`` are since when its machine, and its officer, are revoked.
    """

    eh: bytes
    app: bytes
    kind: str
    entry: Event
    device_name: str
    recv_ms: int
    log_index: int
    code: str | None
    lost_ms: int | None
    dismissed_ms: int | None
    deadline_ms: int
    drain_ms: int
    evidence: Evidence
    timeliness: Timeliness
    marks: Marks
    heads: Sequence[tuple[Mark, str]]
    neighbours: Sequence[Neighbour]
    frames: Sequence[bytes]
    said: Sequence[Said]
    ruling: Ruling | None

    @property
    def before(self) -> Sequence[Beacon]:
        """The beacons before the entry, the newest last."""
        return beside(self.marks.beacons, self.entry.seq)[0][-BEACONS_BESIDE:]

    @property
    def after(self) -> Sequence[Beacon]:
        """The beacons after it."""
        return beside(self.marks.beacons, self.entry.seq)[1][:BEACONS_BESIDE]

    @property
    def closing(self) -> int | None:
        """The first ``season.close`` after the entry."""
        return next((each for each in self.marks.closings if each > self.entry.seq), None)


def find_dossier(connection: Connection, eh: bytes, season: Season) -> Dossier | None:
    """The dossier of a version or a decision; None for any other entry."""
    place = places()
    row = connection.execute(
        select(place, device.c.name.label("device_name"), verdict.c.verdict, verdict.c.code)
        .join(device, device.c.dev == place.c.dev)
        .join(verdict, verdict.c.eh == place.c.eh)
        .where(place.c.eh == eh)
    ).one_or_none()
    if row is None:
        return None
    own = connection.execute(select(revision.c.app).where(revision.c.eh == eh)).scalar()
    about = connection.execute(select(decision.c.app).where(decision.c.eh == eh)).scalar()
    app = own or about
    if app is None:
        return None
    deadlines = deadlines_of(season)
    limit = deadlines.submit if own is not None else deadlines.officer
    chain = (row.dev, row.inc)
    marks = marks_of(connection, [row], [chain], deadlines.submit)[chain]
    entry = read_event(decode_frame(row.frame))
    evidence = evidence_of(row, entry, marks)
    who = entry.who.id or b""
    heads = _heads(connection, marks, row.seq)
    return Dossier(
        eh=eh,
        app=app,
        kind=row.kind,
        entry=entry,
        device_name=row.device_name,
        recv_ms=row.recv_ms,
        log_index=row.log_index,
        code=row.code,
        lost_ms=_since(withdrawals(connection, [chain]).get(chain)),
        dismissed_ms=_since(revocations_of(connection, [who]).get(who)),
        deadline_ms=limit,
        drain_ms=deadlines.drain,
        evidence=evidence,
        timeliness=timeliness(evidence, limit, deadlines.drain),
        marks=marks,
        heads=heads,
        neighbours=_neighbours(connection, row),
        frames=_frames(connection, row, marks, [each.source for each, _ in heads]),
        said=read_said(connection, eh),
        ruling=read_rulings(connection, [eh]).get(eh),
    )


def read_said(connection: Connection, eh: bytes) -> tuple[Said, ...]:
    """What was said of an entry, in order; of each officer only the last word counts."""
    rows = connection.execute(
        select(vote, payload.c.data)
        .outerjoin(payload, payload.c.eh == vote.c.eh)
        .where(vote.c.entry == eh)
        .order_by(vote.c.log_index)
    ).all()
    last = {row.officer: row.eh for row in rows}
    return tuple(_said(row, counts=last[row.officer] == row.eh) for row in rows)


def as_json(dossier: Dossier) -> bytes:
    """The dossier for people and programs; byte strings in hex."""
    return json.dumps(_hexed(contents(dossier)), ensure_ascii=False, indent=1).encode()


def as_ttc(dossier: Dossier) -> bytes:
    """The same in canonical bytes."""
    return encode(contents(dossier), FILE_LIMITS)


def contents(dossier: Dossier) -> dict[str, Any]:
    """What both files hold. ``frames`` are the signed entries themselves, without payloads."""
    entry, evidence, marks = dossier.entry, dossier.evidence, dossier.marks
    return {
        "format": FORMAT,
        "entry": {
            "hash": dossier.eh,
            "app": dossier.app,
            "kind": dossier.kind,
            "device": entry.dev,
            "device_name": dossier.device_name,
            "inc": entry.inc,
            "seq": entry.seq,
            "boot": entry.boot,
            "m": entry.m,
            "t_claimed": entry.t,
            "received": dossier.recv_ms,
            "log_index": dossier.log_index,
        },
        "code": dossier.code,
        "device_revoked": dossier.lost_ms,
        "officer_revoked": dossier.dismissed_ms,
        "deadline": dossier.deadline_ms,
        "drain": dossier.drain_ms,
        "class": dossier.timeliness.value,
        "not_before": evidence.not_before,
        "not_after": evidence.not_after,
        "estimate": evidence.estimate,
        "error": evidence.error,
        "enclosed": evidence.enclosed,
        "closed_after": dossier.closing,
        "quarantined": marks.quarantined_ms,
        "clock_steps": list(marks.steps),
        "beacon_invented": marks.invented,
        "code_missing": marks.missing,
        "beacons_before": [_beacon(each) for each in dossier.before],
        "beacons_after": [_beacon(each) for each in dossier.after],
        "known_outside": [
            {"seq": each.seq, "t": each.t, "by": each.source, "way": way}
            for each, way in dossier.heads
        ],
        "neighbours": [
            {
                "seq": each.seq,
                "hash": each.eh,
                "kind": each.kind,
                "t_claimed": each.wall,
                "m": each.m,
                "boot": each.boot,
                "received": each.recv_ms,
                "log_index": each.log_index,
            }
            for each in dossier.neighbours
        ],
        "said": [
            {
                "entry": each.eh,
                "ruling": each.ruling.value,
                "login": each.login,
                "reason": each.reason,
                "t": each.t_ms,
                "counts": each.counts,
            }
            for each in dossier.said
        ],
        "ruling": dossier.ruling.value if dossier.ruling else None,
        "frames": list(dossier.frames),
    }


def _since(withdrawn: Withdrawn | None) -> int | None:
    return None if withdrawn is None else withdrawn.t_ms


def _said(row: Row[*tuple[Any, ...]], *, counts: bool) -> Said:
    staff = from_wire(row.data, StaffPayload) if row.data is not None else None
    return Said(
        eh=row.eh,
        ruling=Ruling(row.ruling),
        login=staff.login if staff else None,
        reason=staff.reason if staff else "",
        t_ms=row.t_ms,
        counts=counts,
    )


def _heads(connection: Connection, marks: Marks, seq: int) -> tuple[tuple[Mark, str], ...]:
    """What shows that the entry or a later one was known outside, and how it was heard of."""
    place = bisect_left(marks.heads, seq, key=lambda each: each.seq)
    found = marks.heads[place:]
    ways: Mapping[bytes, str] = {
        row.eh: row.way
        for row in connection.execute(
            select(witness.c.eh, witness.c.way).where(
                witness.c.eh.in_([each.source for each in found])
            )
        )
    }
    return tuple((each, ways.get(each.source, "named")) for each in found)


def _neighbours(connection: Connection, row: Row[*tuple[Any, ...]]) -> tuple[Neighbour, ...]:
    near = connection.execute(
        select(event)
        .where(
            event.c.dev == row.dev,
            event.c.inc == row.inc,
            event.c.seq >= row.seq - NEIGHBOURS_BESIDE,
            event.c.seq <= row.seq + NEIGHBOURS_BESIDE,
        )
        .order_by(event.c.seq)
    )
    return tuple(_neighbour(each, itself=each.eh == row.eh) for each in near)


def _neighbour(row: Row[*tuple[Any, ...]], *, itself: bool) -> Neighbour:
    entry = read_event(decode_frame(row.frame))
    return Neighbour(
        seq=row.seq,
        eh=row.eh,
        kind=row.kind,
        wall=entry.t,
        m=entry.m,
        boot=entry.boot,
        recv_ms=row.recv_ms,
        log_index=row.log_index,
        frame=row.frame,
        itself=itself,
    )


def _frames(
    connection: Connection, row: Row[*tuple[Any, ...]], marks: Marks, sources: Sequence[bytes]
) -> tuple[bytes, ...]:
    """The entry, the beacons beside it, the closing, and the entries of other logs that name it."""
    before, after = beside(marks.beacons, row.seq)
    wanted = {each.seq for each in (*before[-BEACONS_BESIDE:], *after[:BEACONS_BESIDE])}
    wanted |= {each for each in marks.closings if each > row.seq}
    place = places().c
    rows = connection.execute(
        select(place.frame)
        .where(
            or_(
                (place.dev == row.dev) & (place.inc == row.inc) & place.seq.in_(wanted),
                place.eh.in_(sources[:64]),
            )
        )
        .order_by(place.log_index)
    ).scalars()
    return (row.frame, *rows)


def _beacon(each: Beacon) -> dict[str, Any]:
    return {
        "seq": each.seq,
        "t": each.t,
        "t_claimed": each.wall,
        "m": each.m,
        "boot": each.boot,
        "carried": each.carried,
    }


def _hexed(value: Any) -> Any:  # noqa: ANN401 - any value of a canonical map
    match value:
        case bytes():
            return value.hex()
        case dict():
            return {name: _hexed(each) for name, each in value.items()}
        case list():
            return [_hexed(each) for each in value]
        case _:
            return value
