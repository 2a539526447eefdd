"""What ought to be there and is not (PROTOCOL 2.14): zero is the figure to reach, others are named.

Entries are named by their hash, machines by their id: an application's id would be personal data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from server.store.tables import (
    application,
    backup,
    deferred_notice,
    event,
    head,
    receipt,
    resumption,
)
from server.views.application import hashes

RECEIPTED = ("app.revise", "app.resolve", "app.withdraw")
REPLAY = "replay"
AT_ONCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A machine not heard since a restore; the server had seen it at ``seq`` of ``inc``."""

    dev: bytes
    inc: int
    seq: int
    laid_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """Hashes of entries, in the order of the log, and machines.

    ``orphans`` are receipts whose entry is not where they say; ``unwitnessed`` versions without a
    receipt; ``exposed`` heads of applications that the newest backup does not hold.
    """

    entries: int
    backed_up: int
    orphans: tuple[bytes, ...]
    unwitnessed: tuple[bytes, ...]
    exposed: tuple[bytes, ...]
    awaited: tuple[Awaited, ...]

    @property
    def zero(self) -> bool:
        """Whether nothing is missing."""
        return not (self.orphans or self.unwitnessed or self.exposed or self.awaited)


def reconcile(connection: Connection) -> Reconciled:
    """Every report over one state of the database."""
    through = _backed_up(connection)
    return Reconciled(
        entries=connection.execute(select(func.count()).select_from(event)).scalar_one(),
        backed_up=through,
        orphans=_orphans(connection),
        unwitnessed=_unwitnessed(connection),
        exposed=tuple(_exposed(connection, through)),
        awaited=_awaited(connection),
    )


def _backed_up(connection: Connection) -> int:
    """How far into the log the newest backup reaches."""
    newest = select(backup.c.last_index).order_by(backup.c.id.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none() or 0


def _orphans(connection: Connection) -> tuple[bytes, ...]:
    """A receipt stands at its entry, or at the one that carries it on from an older log."""
    found = (
        select(receipt.c.eh)
        .outerjoin(event, event.c.log_index == receipt.c.log_index)
        .where(
            or_(
                event.c.eh.is_(None),
                (event.c.eh != receipt.c.eh) & (event.c.kind != REPLAY),
            )
        )
        .order_by(receipt.c.log_index)
    )
    return tuple(connection.execute(found).scalars())


def _unwitnessed(connection: Connection) -> tuple[bytes, ...]:
    found = (
        select(event.c.eh)
        .outerjoin(receipt, receipt.c.eh == event.c.eh)
        .where(event.c.kind.in_(RECEIPTED), receipt.c.eh.is_(None))
        .order_by(event.c.log_index)
    )
    return tuple(connection.execute(found).scalars())


def _exposed(connection: Connection, through: int) -> Iterator[bytes]:
    joined = connection.execute(select(application.c.heads)).scalars()
    heads = sorted({each for row in joined for each in hashes(row)})
    for chunk in _chunks(heads):
        covered = set(
            connection.execute(
                select(event.c.eh).where(event.c.eh.in_(chunk), event.c.log_index <= through)
            ).scalars()
        )
        carried = set(
            connection.execute(
                select(receipt.c.eh).where(receipt.c.eh.in_(chunk), receipt.c.log_index <= through)
            ).scalars()
        )
        yield from (each for each in chunk if each not in covered | carried)


def _awaited(connection: Connection) -> tuple[Awaited, ...]:
    laid_by = (
        select(deferred_notice.c.dev, func.count().label("number"))
        .group_by(deferred_notice.c.dev)
        .subquery()
    )
    newest = select(head.c.dev, func.max(head.c.inc).label("inc")).group_by(head.c.dev).subquery()
    rows = connection.execute(
        select(
            head.c.dev, head.c.inc, head.c.seq, func.coalesce(laid_by.c.number, 0).label("number")
        )
        .join(newest, (newest.c.dev == head.c.dev) & (newest.c.inc == head.c.inc))
        .join(resumption, resumption.c.dev == head.c.dev)
        .outerjoin(laid_by, laid_by.c.dev == head.c.dev)
        .where(resumption.c.waits)
        .order_by(head.c.dev)
    )
    return tuple(Awaited(dev=row.dev, inc=row.inc, seq=row.seq, laid_by=row.number) for row in rows)


def _chunks(items: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
