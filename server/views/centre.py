"""What the centre's own log says: heads that were witnessed, what officers hold, county reviews."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from core.season.county import county_fact
from core.wire.canon import typed
from core.wire.event import Event, reopen_event
from core.wire.kind import CountyReviewed, EntryRuled, HeadWitnessed
from server.store import dialect
from server.store.centre import PREFIX, find_centre_key
from server.store.events import StoredEntry
from server.store.tables import county_review, vote, witness


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreFact:
    """One stored entry of the centre's log."""

    eh: bytes
    event: Event
    log_index: int
    recv_ms: int


def centre_facts(connection: Connection, stored: Iterable[StoredEntry]) -> Iterator[CentreFact]:
    """The centre's among these entries; what a machine writes under such a kind says nothing."""
    for each in stored:
        entry = reopen_event(each.frame)
        if entry.kind.startswith(PREFIX) and find_centre_key(connection, entry.dev) is not None:
            yield CentreFact(
                eh=each.frame.hash, event=entry, log_index=each.log_index, recv_ms=each.recv_ms
            )


def fold_centre(connection: Connection, facts: Iterable[CentreFact]) -> frozenset[bytes]:
    """Bring these views up to date; the entries that officers ruled on."""
    witnesses: list[dict[str, Any]] = []
    votes: list[dict[str, Any]] = []
    reviews: list[dict[str, Any]] = []
    for fact in facts:
        match fact.event.kind:
            case "centre.witness":
                seen = typed(fact.event.body, HeadWitnessed)
                witnesses.append(
                    {
                        "eh": fact.eh,
                        "head": seen.head,
                        "dev": seen.device,
                        "way": seen.way,
                        "t_ms": fact.recv_ms,
                    }
                )
            case "centre.decide":
                said = typed(fact.event.body, EntryRuled)
                votes.append(
                    {
                        "eh": fact.eh,
                        "entry": said.entry,
                        "ruling": said.ruling,
                        "officer": said.officer,
                        "log_index": fact.log_index,
                        "t_ms": fact.recv_ms,
                    }
                )
            case "centre.review":
                reviews += _review(fact)
            case _:
                pass
    dialect.upsert(connection, witness, witnesses)
    dialect.upsert(connection, vote, votes)
    dialect.upsert(connection, county_review, reviews)
    return frozenset(each["entry"] for each in votes)


def _review(fact: CentreFact) -> Iterator[dict[str, Any]]:
    said = county_fact(fact.event, fact.eh)
    if said is not None:
        yield {
            "eh": fact.eh,
            "app": said.app,
            "claim": said.claim,
            "decisions": b"".join(said.decisions),
            "earlier": b"".join(said.earlier),
            "verdict": said.verdict.value,
            "number": said.number,
            "officer": typed(fact.event.body, CountyReviewed).officer,
            "log_index": fact.log_index,
            "t_ms": fact.recv_ms,
        }
