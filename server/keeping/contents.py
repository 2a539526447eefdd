"""What a log holds: how far it goes, the tree over it, where each machine's part ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, tuple_

from core.wire.checkpoint import LogTree
from server.store.settings import read_epoch
from server.store.tables import event

AT_ONCE = 400
Chain = tuple[bytes, int]
Place = tuple[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """``heads``: per machine and incarnation the last ``(seq, hash)``."""

    epoch: bytes
    size: int
    root: bytes
    heads: Mapping[Chain, Place]


def read_contents(connection: Connection) -> Contents:
    """Of the whole log of a database."""
    tree = LogTree()
    heads: dict[Chain, Place] = {}
    columns = (event.c.dev, event.c.inc, event.c.seq, event.c.eh)
    rows = connection.execution_options(yield_per=AT_ONCE).execute(
        select(*columns).order_by(event.c.log_index)
    )
    for row in rows:
        tree.append(row.eh)
        heads[row.dev, row.inc] = (row.seq, row.eh)
    return Contents(epoch=read_epoch(connection), size=tree.size, root=tree.root(), heads=heads)


def holds(connection: Connection, contents: Contents) -> bool:
    """Whether the log of this database begins exactly as these contents say, machine by machine."""
    last = func.max(event.c.seq).label("seq")
    ends = (
        select(event.c.dev, event.c.inc, last)
        .where(event.c.log_index <= contents.size)
        .group_by(event.c.dev, event.c.inc)
    )
    places = [(row.dev, row.inc, row.seq) for row in connection.execute(ends)]
    found: dict[Chain, Place] = {}
    for start in range(0, len(places), AT_ONCE):
        chunk = places[start : start + AT_ONCE]
        rows = connection.execute(
            select(event.c.dev, event.c.inc, event.c.seq, event.c.eh).where(
                tuple_(event.c.dev, event.c.inc, event.c.seq).in_(chunk)
            )
        )
        found |= {(row.dev, row.inc): (row.seq, row.eh) for row in rows}
    return found == contents.heads
