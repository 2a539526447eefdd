"""Heads that somebody outside knew: left on the public page, or entered by staff (DESIGN D14)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, func, select

from core.sealing import SigningKey
from core.wire.kind import HeadWitnessed
from server.audit import AuditCode, record
from server.centre import CentreEntry, append_centre
from server.store.events import places
from server.store.tables import device, witness
from server.store.tables import head as log_head

STRANGERS_AT_MOST = 20_000
PER_MACHINE_AT_MOST = 2_000
LISTED_AT_MOST = 500


class Way(StrEnum):
    """How a head was heard of."""

    PHONE = "phone"
    PAPER = "paper"
    SEEN = "seen"
    PAGE = "page"
    RECEIPT = "receipt"


BY_STAFF = (Way.PHONE, Way.PAPER, Way.SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A head is known since ``t_ms``; ``fresh`` when this was the first time.

    ``kept`` is False when there was no room for it.
    """

    t_ms: int
    fresh: bool
    kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the log a head stands."""

    eh: bytes
    dev: bytes
    inc: int
    seq: int
    kind: str
    recv_ms: int
    log_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One witnessed head; ``place`` is None until its log has been uploaded that far.

    ``heard_ms`` is when something last came of the machine that was named.
    """

    eh: bytes
    head: bytes
    device: bytes | None
    device_name: str | None
    way: str
    t_ms: int
    place: Place | None
    place_name: str | None
    heard_ms: int | None = None

    @property
    def missing(self) -> bool:
        """Whether staff were told it of a machine that has sent since, and not sent this."""
        heard = self.heard_ms is not None and self.heard_ms >= self.t_ms
        return heard and self.place is None and self.way in BY_STAFF

    @property
    def elsewhere(self) -> bool:
        """Whether it is the head of another machine than was said."""
        return self.place is not None and self.device not in {None, self.place.dev}


def leave_witness(  # noqa: PLR0913 - the fields of one act
    connection: Connection,
    head: bytes,
    way: Way,
    *,
    device_id: bytes | None,
    key: SigningKey,
    now_ms: int,
    login: str | None = None,
    reason: str = "",
) -> Left:
    """Keep that a head was known now, once; what staff enter is audited, too.

    Of which machine staff were told it is kept also of a head that somebody else knew before.
    What strangers leave is bounded: without room nothing is kept.
    """
    known = connection.execute(
        select(func.min(witness.c.t_ms)).where(witness.c.head == head)
    ).scalar_one()
    if known is not None and (login is None or _is_told(connection, head, device_id)):
        return Left(t_ms=known, fresh=False)
    if login is None and not _has_room(connection, way, device_id):
        return Left(t_ms=now_ms, fresh=False, kept=False)
    body = HeadWitnessed(head=head, device=device_id, way=way.value)
    entry = CentreEntry(kind="centre.witness", body=body, login=login, reason=reason)
    append_centre(connection, [entry], key=key, now_ms=now_ms)
    if login is not None:
        record(
            connection,
            AuditCode.HEAD_WITNESSED,
            account=login,
            target=f"device {device_id.hex()[:16]}" if device_id else "device unknown",
            after=f"{way.value} {head.hex()}",
            now_ms=now_ms,
        )
    return Left(t_ms=now_ms if known is None else known, fresh=known is None)


def find_place(connection: Connection, beginning: bytes) -> Place | None:
    """The entry of a machine whose hash begins so."""
    entry = places()
    row = connection.execute(
        select(entry).where(begins(entry.c.eh, beginning)).order_by(entry.c.log_index).limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Place(
        eh=row.eh,
        dev=row.dev,
        inc=row.inc,
        seq=row.seq,
        kind=row.kind,
        recv_ms=row.recv_ms,
        log_index=row.log_index,
    )


def read_sightings(
    connection: Connection, machines: Iterable[bytes] | None = None
) -> tuple[Sighting, ...]:
    """Witnessed heads, the newest first: all, or those of these machines as far as one knows."""
    names = {row.dev: row.name for row in connection.execute(select(device.c.dev, device.c.name))}
    heard = _heard(connection)
    allowed = None if machines is None else set(machines)
    found: list[Sighting] = []
    rows = connection.execute(select(witness).order_by(witness.c.t_ms.desc(), witness.c.eh))
    for row in rows:
        place = find_place(connection, row.head)
        owner = place.dev if place else row.dev
        if allowed is not None and owner not in allowed:
            continue
        found.append(
            Sighting(
                eh=row.eh,
                head=row.head,
                device=row.dev,
                device_name=names.get(row.dev),
                way=row.way,
                t_ms=row.t_ms,
                place=place,
                place_name=names.get(place.dev) if place else None,
                heard_ms=heard.get(row.dev),
            )
        )
        if len(found) == LISTED_AT_MOST:
            break
    return tuple(found)


def read_missing(connection: Connection, machines: Iterable[bytes]) -> Mapping[bytes, int]:
    """Since when staff know a head of each of these machines that its log, sent since, has not.

    Only of machines of which there is one: their logs are not what was told.
    """
    heard = _heard(connection)
    rows = connection.execute(
        select(witness.c.head, witness.c.dev, witness.c.t_ms)
        .where(witness.c.dev.is_not(None), witness.c.way.in_([each.value for each in BY_STAFF]))
        .order_by(witness.c.t_ms.desc(), witness.c.eh)
    ).all()
    wanted = set(machines)
    return {
        row.dev: row.t_ms
        for row in rows
        if row.dev in wanted
        and heard.get(row.dev, 0) >= row.t_ms
        and find_place(connection, row.head) is None
    }


def begins(column: ColumnElement[bytes], beginning: bytes) -> ColumnElement[bool]:
    """Whether bytes begin so, by an index on them."""
    stem = beginning.rstrip(b"\xff")
    if not stem:
        return column >= beginning
    return and_(column >= beginning, column < stem[:-1] + bytes((stem[-1] + 1,)))


def _heard(connection: Connection) -> Mapping[bytes, int]:
    """When an entry of each machine last came, whatever its incarnation."""
    newest = select(log_head.c.dev, func.max(log_head.c.recv_ms).label("ms"))
    rows = connection.execute(newest.group_by(log_head.c.dev))
    return {row.dev: row.ms for row in rows if row.ms is not None}


def _is_told(connection: Connection, beginning: bytes, device_id: bytes | None) -> bool:
    """Whether staff have entered this head of this machine."""
    by_staff = witness.c.way.in_([each.value for each in BY_STAFF])
    same = select(witness.c.eh).where(
        witness.c.head == beginning, witness.c.dev == device_id, by_staff
    )
    return connection.execute(same.limit(1)).first() is not None


def _has_room(connection: Connection, way: Way, device_id: bytes | None) -> bool:
    if device_id is not None:
        of_it = select(func.count()).where(witness.c.dev == device_id, witness.c.way == way.value)
        return connection.execute(of_it).scalar_one() < PER_MACHINE_AT_MOST
    strangers = select(func.count()).where(witness.c.way == Way.PAGE.value)
    return connection.execute(strangers).scalar_one() < STRANGERS_AT_MOST
