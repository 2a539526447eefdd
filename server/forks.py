"""What evidence shows of a log: entries by number, so that two stories under one number are seen.

A restored server may have lost both of them; then the machines bring them back as evidence, and
nothing in the log contradicts either. It refuses to know how evidence is kept.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from server.store import dialect
from server.store.tables import claim, event

Log = tuple[bytes, int]
"""A machine and an incarnation."""


def note_claims(
    connection: Connection, log: Log, hashes: Mapping[int, bytes], recv_ms: int
) -> None:
    """Keep which entries, by ``seq``, a machine handed in as evidence; the first time counts."""
    dev, inc = log
    rows = [
        {"dev": dev, "inc": inc, "seq": seq, "eh": eh, "recv_ms": recv_ms}
        for seq, eh in sorted(hashes.items())
    ]
    dialect.insert_new(connection, claim, rows)


def contradicts_evidence(connection: Connection, log: Log, hashes: Mapping[int, bytes]) -> bool:
    """Whether evidence holds another signed entry under one of these numbers."""
    if not hashes:
        return False
    dev, inc = log
    of_it = (claim.c.dev == dev) & (claim.c.inc == inc)
    within = claim.c.seq.between(min(hashes), max(hashes))
    claimed = connection.execute(select(claim.c.seq, claim.c.eh).where(of_it, within))
    return any(hashes.get(row.seq, row.eh) != row.eh for row in claimed)


def contradicts_log(connection: Connection, log: Log, hashes: Mapping[int, bytes]) -> bool:
    """Whether the log holds another entry under one of these numbers."""
    dev, inc = log
    same = (event.c.dev == dev) & (event.c.inc == inc) & event.c.seq.in_(sorted(hashes))
    stored = connection.execute(select(event.c.seq, event.c.eh).where(same))
    return any(hashes[row.seq] != row.eh for row in stored)


def was_contradicted(
    connection: Connection, place: tuple[bytes, int, int], eh: bytes, before_ms: int
) -> bool:
    """Whether evidence that came before then tells of another entry at ``(dev, inc, seq)``."""
    dev, inc, seq = place
    found = select(claim.c.eh).where(
        claim.c.dev == dev,
        claim.c.inc == inc,
        claim.c.seq == seq,
        claim.c.eh != eh,
        claim.c.recv_ms < before_ms,
    )
    return connection.execute(found.limit(1)).first() is not None
