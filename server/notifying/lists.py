"""The published school lists, as far as wishes care: which schools are open. No person."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection

from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import split_document
from core.wire.past import PAST
from core.wire.reference import ReferenceFile, Snapshot, snapshot_hash
from server.store import references

FILES_KEPT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists of one snapshot: ``open`` are the schools that are on them and take part."""

    hash: bytes
    season: str
    open: frozenset[str]


def lists_now(connection: Connection) -> Lists | None:
    """The lists in force."""
    found = references.current(connection)
    return None if found is None else lists_of(connection, found.signed)


def lists_of(connection: Connection, signed: bytes) -> Lists:
    """The lists of a snapshot that was published here.

    Raises:
        WireError: Not a snapshot.
    """
    snapshot = from_wire(split_document(signed)[0], Snapshot, FILE_LIMITS)
    names = (sha256 for name, (_, _, sha256) in snapshot.files.items() if name != PAST)
    contents = (references.find_file(connection, sha256) for sha256 in names)
    return Lists(
        hash=snapshot_hash(signed),
        season=snapshot.season,
        open=frozenset[str]().union(*(_open_schools(each) for each in contents if each)),
    )


def closed_ranks(wishes: Sequence[str], lists: Lists) -> tuple[int, ...]:
    """Places of the wishes that are not open, from 1."""
    return tuple(rank for rank, each in enumerate(wishes, start=1) if each not in lists.open)


@lru_cache(maxsize=FILES_KEPT)
def _open_schools(data: bytes) -> frozenset[str]:
    rows = from_wire(data, ReferenceFile, FILE_LIMITS).schools
    return frozenset(row.id for row in rows if row.delegated)
