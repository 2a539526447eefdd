"""The cases people have to know of or to decide: conflicts, doubtful, sealed and late entries."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from core.season.deadline import Evidence, Timeliness
from core.season.ruling import Ruling
from core.wire.ack import Verdict
from server.lists import Season
from server.season.candidate import Candidate, read_candidates
from server.season.ruling import read_rules_of_season
from server.season.sift import Reason, Reviewed, Version, standing_heads
from server.season.turns import in_turns
from server.store.events import places
from server.store.season_tables import school
from server.store.tables import device
from server.views.rulings import read_votes

AT_ONCE = 500


class Matter(StrEnum):
    """What a case is about."""

    DOUBTFUL = "doubtful"
    CONFLICT = "conflict"
    SEALED = "sealed"
    LATE = "late"


OF_CLASS = {
    Timeliness.DOUBTFUL: Matter.DOUBTFUL,
    Timeliness.SEALED: Matter.SEALED,
    Timeliness.LATE: Matter.LATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry whose time is not plain."""

    matter: Matter
    entry: bytes
    app: bytes
    school: str | None
    school_name: str
    dev: bytes
    machine: str
    seq: int
    recv_ms: int
    decision: bool
    evidence: Evidence
    ruling: Ruling | None
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An application with heads that stand against each other; ``reason`` is what a freeze does.

    ``dev`` is the machine among those of the heads that has the most conflicts.
    """

    app: bytes
    school: str | None
    school_name: str
    dev: bytes
    machine: str
    heads: tuple[Version, ...]
    chosen: bytes | None
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """Every case; those that wait for people first, and no machine's before all others'."""

    cases: tuple[Case, ...]
    conflicts: tuple[Conflict, ...]

    def of(self, matter: Matter) -> tuple[Case, ...]:
        """The cases about one matter."""
        return tuple(each for each in self.cases if each.matter is matter)

    @property
    def open(self) -> int:
        """Doubtful entries nobody has settled."""
        return sum(each.ruling is None for each in self.of(Matter.DOUBTFUL))


def read_docket(connection: Connection, season: Season, county: str | None) -> Docket:
    """The cases of the country, or of the schools of one county."""
    rule = read_rules_of_season(connection, season.name).conflict
    candidates = read_candidates(connection, season, rule)
    schools = {
        row.id: row
        for row in connection.execute(select(school.c.id, school.c.name, school.c.county))
    }
    names = {code: row.name for code, row in schools.items()}
    if county is not None:
        candidates = tuple(
            each
            for each in candidates
            if each.school in schools and schools[each.school].county == county
        )
    found = _placed(connection, sorted({item.fact.hash for _, item in _items(candidates)}))
    votes: dict[bytes, set[bytes]] = {}
    for each in read_votes(connection):
        votes.setdefault(each.entry, set()).add(each.officer)
    cases = [
        Case(
            matter=OF_CLASS[item.timeliness],
            entry=item.fact.hash,
            app=candidate.choice.app,
            school=candidate.school,
            school_name=names.get(candidate.school or "", candidate.school or "—"),
            dev=found[item.fact.hash].dev,
            machine=found[item.fact.hash].name,
            seq=found[item.fact.hash].seq,
            recv_ms=found[item.fact.hash].recv_ms,
            decision=isinstance(item, Reviewed),
            evidence=item.evidence,
            ruling=item.ruling,
            votes=len(votes.get(item.fact.hash, ())),
        )
        for candidate, item in _items(candidates)
        if item.fact.hash in found
    ]
    cases.sort(key=lambda each: each.recv_ms)
    fair = in_turns(cases, lambda each: (each.matter, each.ruling is not None, each.dev))
    conflicts = _conflicts(candidates, names, _machines(connection))
    return Docket(
        cases=tuple(sorted(fair, key=lambda each: each.ruling is not None)),
        conflicts=tuple(in_turns(conflicts, lambda each: each.dev)),
    )


def _machines(connection: Connection) -> dict[bytes, str]:
    return {row.dev: row.name for row in connection.execute(select(device.c.dev, device.c.name))}


def _placed(
    connection: Connection, wanted: Sequence[bytes]
) -> Mapping[bytes, Row[*tuple[Any, ...]]]:
    place = places()
    statement = select(place.c.eh, place.c.dev, place.c.seq, place.c.recv_ms, device.c.name).join(
        device, device.c.dev == place.c.dev
    )
    return {
        row.eh: row
        for start in range(0, len(wanted), AT_ONCE)
        for row in connection.execute(
            statement.where(place.c.eh.in_(wanted[start : start + AT_ONCE]))
        )
    }


def _items(
    candidates: Iterable[Candidate],
) -> Iterator[tuple[Candidate, Version | Reviewed]]:
    for candidate in candidates:
        for version in candidate.versions:
            if version.timeliness in OF_CLASS and version.verdict is not Verdict.REJECTED:
                yield candidate, version
        for decision in candidate.decisions:
            if decision.timeliness in OF_CLASS:
                yield candidate, decision


def _conflicts(
    candidates: Iterable[Candidate], names: Mapping[str, str], machines: Mapping[bytes, str]
) -> Iterator[Conflict]:
    standing = [(each, standing_heads(each.versions)) for each in candidates]
    standing = [(each, heads) for each, heads in standing if len(heads) > 1]
    involved = Counter(dev for _, heads in standing for dev in {head.fact.device for head in heads})
    for each, heads in standing:
        choice = each.choice
        dev = max((head.fact.device for head in heads), key=lambda dev: (involved[dev], dev))
        yield Conflict(
            app=choice.app,
            school=each.school,
            school_name=names.get(each.school or "", each.school or "—"),
            dev=dev,
            machine=machines.get(dev, "—"),
            heads=tuple(heads),
            chosen=choice.revision.hash if choice.revision else None,
            reason=choice.reason or Reason.CONFLICT_OPEN,
        )
