"""Certificates, the machines and officers they name, and revocations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.wire.canon import typed
from core.wire.event import decode_frame, read_event
from core.wire.identity import Certificate, Revocations, certificate_hash
from core.wire.kind import KeyRotation
from core.wire.rotation import KIND as ROTATION
from server.identity import Identity
from server.store.settings import REVOCATIONS_VERSION, read_number, write_number
from server.store.tables import certificate, device, device_school, event, head, revocation

FIRST_INCARNATION = 1
FINGERPRINT_BYTES = 16
ANY_REVOCATION = select(revocation.c.id).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A revoked certificate: entries up to ``last_seq`` stay good, None: none do."""

    last_seq: int | None
    t_ms: int


def find_device(connection: Connection, dev: bytes, inc: int) -> Identity | None:
    """The identity behind one incarnation of a machine's log."""
    row = connection.execute(
        select(certificate)
        .join(head, head.c.certificate == certificate.c.hash)
        .where(head.c.dev == dev, head.c.inc == inc)
    ).one_or_none()
    if row is None:
        return None
    return replace(_identity(row), later_keys=_later_keys(connection, dev, inc))


def find_devices(connection: Connection) -> dict[tuple[bytes, int], Identity]:
    """Every incarnation of every machine."""
    rows = connection.execute(
        select(certificate, head.c.dev, head.c.inc).join(
            head, head.c.certificate == certificate.c.hash
        )
    )
    found = {(row.dev, row.inc): _identity(row) for row in rows}
    rotated = select(event.c.dev, event.c.inc).where(event.c.kind == ROTATION).distinct()
    for dev, inc in connection.execute(rotated).all():
        keys = _later_keys(connection, dev, inc)
        found[dev, inc] = replace(found[dev, inc], later_keys=keys)
    return found


def incarnations(connection: Connection, dev: bytes) -> tuple[int, ...]:
    """Those of one machine, in order; none for a stranger."""
    known = select(head.c.inc).where(head.c.dev == dev).order_by(head.c.inc)
    return tuple(connection.execute(known).scalars())


def find_officer(connection: Connection, officer: bytes) -> Identity | None:
    """The newest certificate of an officer."""
    row = connection.execute(
        select(certificate)
        .where(certificate.c.id == officer, certificate.c.subject == "officer")
        .order_by(certificate.c.serial.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _identity(row)


def officer_certificates(connection: Connection) -> tuple[bytes, ...]:
    """Every signed officer certificate, in a fixed order, as the reference file carries them."""
    return tuple(
        connection.execute(
            select(certificate.c.signed)
            .where(certificate.c.subject == "officer")
            .order_by(certificate.c.id, certificate.c.serial)
        ).scalars()
    )


def add_certificate(
    connection: Connection, signed: bytes, content: Certificate, now_ms: int
) -> bool:
    """Keep a verified certificate; a machine's opens the empty log of its incarnation.

    False: it was known, or another one opened that log. The highest incarnation is in service,
    whichever came first (PROTOCOL 2.12).
    """
    fingerprint = certificate_hash(signed)
    if is_certificate(connection, signed):
        return False
    if content.inc is not None and find_device(connection, content.id, content.inc) is not None:
        return False
    connection.execute(
        insert(certificate).values(
            hash=fingerprint,
            id=content.id,
            serial=content.serial,
            subject=content.subject,
            role=content.role,
            name=content.name,
            schools=" ".join(content.schools),
            key=content.key,
            signed=signed,
            known_ms=now_ms,
        )
    )
    if content.inc is not None:
        _open_log(connection, content, (content.inc, fingerprint), now_ms)
    return True


def is_certificate(connection: Connection, signed: bytes) -> bool:
    """Whether this very certificate is known."""
    known = select(certificate.c.hash).where(certificate.c.hash == certificate_hash(signed))
    return connection.execute(known).one_or_none() is not None


def schools_of(connection: Connection, dev: bytes) -> tuple[str, ...]:
    """Codes of the schools a machine serves, sorted."""
    return tuple(
        connection.execute(
            select(device_school.c.school)
            .where(device_school.c.dev == dev)
            .order_by(device_school.c.school)
        ).scalars()
    )


def revocations_of(connection: Connection, ids: Sequence[bytes]) -> dict[bytes, Withdrawn]:
    """The revoked ones among these certificates."""
    rows = connection.execute(
        select(revocation.c.id, revocation.c.last_seq, revocation.c.t_ms).where(
            revocation.c.id.in_(ids)
        )
    )
    return {row.id: Withdrawn(last_seq=row.last_seq, t_ms=row.t_ms) for row in rows}


def incarnation_of(connection: Connection, dev: bytes) -> int | None:
    """The incarnation of a machine that is in service; None when there is no such machine."""
    found: int | None = connection.execute(
        select(device.c.inc).where(device.c.dev == dev)
    ).scalar_one_or_none()
    return found


def withdrawals(
    connection: Connection, incarnations: Sequence[tuple[bytes, int]]
) -> dict[tuple[bytes, int], Withdrawn]:
    """The revoked ones among these ``(device, incarnation)``.

    A list names a device, which is then revoked for good, or one certificate by its fingerprint.
    """
    if connection.execute(ANY_REVOCATION).first() is None:
        return {}  # asked for every group of uploads
    devices = sorted({dev for dev, _ in incarnations})
    rows = connection.execute(
        select(head.c.dev, head.c.inc, head.c.certificate).where(head.c.dev.in_(devices))
    ).all()
    fingerprints = {row.certificate[:FINGERPRINT_BYTES] for row in rows}
    listed = revocations_of(connection, sorted({*devices, *fingerprints}))
    if not listed:
        return {}
    wanted = set(incarnations)
    found = {
        (row.dev, row.inc): listed.get(row.dev) or listed.get(row.certificate[:FINGERPRINT_BYTES])
        for row in rows
    }
    return {name: each for name, each in found.items() if each is not None and name in wanted}


def devices_named(connection: Connection, ids: Sequence[bytes]) -> tuple[bytes, ...]:
    """The machines that these device ids and fingerprints speak of, sorted."""
    named = set(ids)
    rows = connection.execute(select(head.c.dev, head.c.certificate))
    found = {row.dev for row in rows if named & {row.dev, row.certificate[:FINGERPRINT_BYTES]}}
    return tuple(sorted(found))


def replace_revocations(connection: Connection, content: Revocations) -> frozenset[bytes]:
    """Install a newer list; certificates whose state changed. An older list changes nothing."""
    if content.v <= read_number(connection, REVOCATIONS_VERSION):
        return frozenset()
    before = {
        (row.id, row.last_seq, row.t_ms)
        for row in connection.execute(
            select(revocation.c.id, revocation.c.last_seq, revocation.c.t_ms)
        )
    }
    connection.execute(delete(revocation))
    rows = [
        {"id": each, "last_seq": last_seq, "t_ms": t_ms, "reason": reason}
        for each, last_seq, t_ms, reason in content.items
    ]
    if rows:
        connection.execute(insert(revocation), rows)
    write_number(connection, REVOCATIONS_VERSION, content.v)
    after = {(each, last_seq, t_ms) for each, last_seq, t_ms, _ in content.items}
    return frozenset(each for each, _, _ in before ^ after)


def _open_log(
    connection: Connection, content: Certificate, opened: tuple[int, bytes], now_ms: int
) -> None:
    inc, fingerprint = opened
    newest = incarnation_of(connection, content.id)
    described = {
        "name": content.name,
        "role": content.role,
        "schools": " ".join(content.schools),
    }
    if newest is None:
        connection.execute(
            insert(device).values(dev=content.id, inc=inc, enrolled_ms=now_ms, **described)
        )
    elif inc > newest:
        connection.execute(
            update(device).where(device.c.dev == content.id).values(inc=inc, **described)
        )
        connection.execute(delete(device_school).where(device_school.c.dev == content.id))
    if newest is None or inc > newest:
        connection.execute(
            insert(device_school),
            [{"school": school, "dev": content.id} for school in sorted(set(content.schools))],
        )
    connection.execute(
        insert(head).values(
            dev=content.id,
            inc=inc,
            seq=0,
            hash=fingerprint,
            certificate=fingerprint,
            day=0,
            day_events=0,
            day_bytes=0,
            season_bytes=0,
            evidence_bytes=0,
        )
    )


def _later_keys(connection: Connection, dev: bytes, inc: int) -> tuple[tuple[int, bytes], ...]:
    """Keys that took the log over; each entry was verified before it was stored."""
    rows = connection.execute(
        select(event.c.seq, event.c.frame)
        .where(event.c.dev == dev, event.c.inc == inc, event.c.kind == ROTATION)
        .order_by(event.c.seq)
    )
    return tuple(
        (row.seq, typed(read_event(decode_frame(row.frame)).body, KeyRotation).key) for row in rows
    )


def _identity(row: Row[tuple[object, ...]]) -> Identity:
    return Identity(
        id=row.id,
        hash=row.hash,
        role=row.role,
        key=row.key,
        schools=frozenset(row.schools.split()),
    )
