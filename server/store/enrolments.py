"""Requests for certificates, from the asking machine to the county desk's answer (PROTOCOL 2.6)."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update

from server.store.tables import enrolment

ID_BYTES = 16


class EnrolmentState(StrEnum):
    """How far a request has come."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A request as stored; ``grant`` only when it was granted."""

    id: bytes
    form: bytes
    state: EnrolmentState
    grant: bytes | None


def enrolment_id(form: bytes) -> bytes:
    """16 bytes that only those can name who know the form; asking twice gives the same."""
    return hashlib.sha256(form).digest()[:ID_BYTES]


def add(connection: Connection, form: bytes, subject: str, now_ms: int) -> bytes:
    """Keep a request; its id. One that is here already changes nothing."""
    name = enrolment_id(form)
    if find(connection, name) is None:
        connection.execute(
            insert(enrolment).values(
                id=name,
                subject=subject,
                form=form,
                state=EnrolmentState.PENDING.value,
                asked_ms=now_ms,
            )
        )
    return name


def find(connection: Connection, name: bytes) -> Enrolment | None:
    """A request by its id."""
    row = connection.execute(select(enrolment).where(enrolment.c.id == name)).one_or_none()
    if row is None:
        return None
    return Enrolment(id=row.id, form=row.form, state=EnrolmentState(row.state), grant=row.grant)


def pending(connection: Connection, limit: int) -> tuple[tuple[bytes, bytes], ...]:
    """Id and form of requests that wait for the desk, oldest first."""
    rows = connection.execute(
        select(enrolment.c.id, enrolment.c.form)
        .where(enrolment.c.state == EnrolmentState.PENDING.value)
        .order_by(enrolment.c.asked_ms, enrolment.c.id)
        .limit(limit)
    )
    return tuple((row.id, row.form) for row in rows)


def pending_count(connection: Connection) -> int:
    """How many requests wait for the desk."""
    count: int = connection.execute(
        select(func.count()).where(enrolment.c.state == EnrolmentState.PENDING.value)
    ).scalar_one()
    return count


def expire(connection: Connection, before_ms: int) -> int:
    """Forget requests that were asked before then and never answered; how many."""
    old = (enrolment.c.state == EnrolmentState.PENDING.value) & (enrolment.c.asked_ms < before_ms)
    return connection.execute(delete(enrolment).where(old)).rowcount


def decide(connection: Connection, name: bytes, grant: bytes | None, now_ms: int) -> None:
    """Store the desk's answer: a grant, or None for a refusal."""
    state = EnrolmentState.REFUSED if grant is None else EnrolmentState.GRANTED
    connection.execute(
        update(enrolment)
        .where(enrolment.c.id == name)
        .values(state=state.value, grant=grant, decided_ms=now_ms)
    )
