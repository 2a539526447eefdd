"""Holds what people were told against what the stations and the server really keep."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy

from provisioning.keyring import read_secret
from server.store.centre import PREFIX
from server.store.tables import event as event_table
from server.store.tables import head as head_table
from server.store.tables import refiled as refiled_table
from syncd.store.database import open_store

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Counts of entries; ``submitted`` are versions that a person saw accepted (已存妥).

    ``lost``: told to a person or in a station's log, but not in the server's log. ``duplicated``:
    entries stored twice, and versions beyond the acts of the people. ``forks``: logs put aside.
    An entry that a renewed machine carried over counts under its own hash. ``invented``: in the
    server's log, in no station's, and not the centre's own.
    """

    submitted: int
    received: int
    lost: int
    duplicated: int
    invented: int
    forks: int
    entries: int


def told(outputs: Iterable[Path]) -> dict[str, str]:
    """Everything the simulated people saw accepted: entry hash (hex) → kind of act."""
    found: dict[str, str] = {}
    for path in outputs:
        for fact in _facts(path):
            for act in ("submitted", "registered", "decided"):
                if isinstance(fact.get(act), dict) and "hash" in fact[act]:
                    found[fact[act]["hash"]] = act
    return found


def results_seen(outputs: Iterable[Path]) -> tuple[int, int]:
    """How many teachers read a result at their kiosk, and how many of them read that they move."""
    found: dict[tuple[str, int], bool] = {}
    for path in outputs:
        for fact in _facts(path):
            if isinstance(fact.get("result"), dict):
                found[path.name, int(fact["act"])] = bool(fact["result"]["moved"])
    return len(found), sum(found.values())


def _facts(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            fact = json.loads(line)
        except json.JSONDecodeError:  # a line cut short by a kill
            continue
        yield fact


def compare(
    *,
    database: str,
    stations: Iterable[Path],
    outputs: Iterable[Path],
    acts: int,
    copies: Iterable[Path] = (),
) -> Comparison:
    """Server, stations and people held against each other.

    ``acts`` is how many versions people meant to send. ``copies`` of a station's disk wrote, too,
    but a server that died takes what only a thief could send again with it.
    """
    people = told(outputs)
    engine = sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(
            sqlalchemy.select(
                event_table.c.dev,
                event_table.c.inc,
                event_table.c.seq,
                event_table.c.eh,
                event_table.c.kind,
            )
        ).all()
        forks = connection.scalar(
            sqlalchemy.select(sqlalchemy.func.count())
            .select_from(head_table)
            .where(head_table.c.quarantined_ms.is_not(None))
        )
        carried = connection.scalars(sqlalchemy.select(refiled_table.c.eh)).all()
    engine.dispose()
    server = Counter(bytes(row.eh).hex() for row in rows)
    kept = server.keys() | {bytes(each).hex() for each in carried}
    places = Counter((bytes(row.dev), row.inc, row.seq) for row in rows)
    versions = sum(row.kind in {"app.revise", "app.resolve"} for row in rows)
    local = {each for station in stations for each in _station_log(station)}
    own = {bytes(row.eh).hex() for row in rows if row.kind.startswith(PREFIX)}
    thieves = {each for copy in copies for each in _station_log(copy)}
    submitted = [each for each, act in people.items() if act == "submitted"]
    return Comparison(
        submitted=len(submitted),
        received=sum(each in kept for each in submitted),
        lost=len((set(people) | local) - kept),
        duplicated=sum(count - 1 for count in (*server.values(), *places.values()))
        + max(0, versions - acts),
        invented=len(set(server) - own - local - thieves),
        forks=forks or 0,
        entries=len(rows),
    )


def heads(database: str) -> dict[tuple[bytes, int], int]:
    """How many entries the server holds of each incarnation of each machine."""
    engine = sqlalchemy.create_engine(database)
    columns = (head_table.c.dev, head_table.c.inc, head_table.c.seq)
    with engine.connect() as connection:
        rows = connection.execute(sqlalchemy.select(*columns)).all()
    engine.dispose()
    return {(bytes(row.dev), row.inc): row.seq for row in rows}


def _station_log(station: Path) -> Iterable[str]:
    store = open_store(station / "kiosk.db", read_secret(station / "credentials" / "store.key"))
    try:
        head = store.ledger.head()
        for inc in range(1, 1 if head is None else head.inc + 1):
            first = 1
            while links := store.ledger.links(first, PAGE, inc):
                yield from (link.hash.hex() for link in links)
                first = links[-1].event.seq + 1
    finally:
        store.close()
