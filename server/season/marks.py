"""What one chain says of time, and what was known of it outside: beacons, closing, witnesses."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from core.sealing import key_id
from core.season.seal_code import HEAD_BYTES
from core.signature import SignatureType
from core.wire.ack import Ack
from core.wire.canon import typed
from core.wire.document import open_document
from core.wire.event import Event, decode_frame, read_event, reopen_event, reopen_frame
from core.wire.fault import WireError
from core.wire.kind import BeaconSeen, Said
from server.season.witness import read_missing
from server.store.centre import receipt_keys
from server.store.events import BEACONS, is_invented
from server.store.events import places as stored_places
from server.store.tables import decision, event, head, refiled, revision, witness
from server.views.application import hashes

AT_ONCE = 500
SAID = "server.said"
CLOCK_KINDS = ("beacon", "beacon.carried", "season.close", "clock.step")

Chain = tuple[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beacon:
    """A beacon in a chain: the server's time ``t``, and what the machine's clocks said.

    One that was ``carried`` on a stick is of unknown age: it bounds from below, no more (ADR 0015).
    So does one of an earlier log that a renewed machine brought: people look at such a log.
    ``recv`` is when the entry that speaks of it arrived.
    """

    seq: int
    t: int
    recv: int
    m: int
    boot: bytes
    wall: int
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Entry ``seq`` was known outside at ``t``, as the entry ``source`` of another log shows."""

    seq: int
    t: int
    source: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is known of one chain's time, each in order of ``seq``; ``steps`` of its wall clock.

    ``told`` is the first ``season.close`` that was known outside. ``missing`` is since when staff
    know a head of this machine that is nowhere: its log is not what they were told. ``invented`` is
    the first beacon that its machine knew before it can have been given: then nothing here says
    what it heard when, and no beacon of the chain is ``believed``.
    """

    beacons: tuple[Beacon, ...] = ()
    closings: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
    heads: tuple[Mark, ...] = ()
    quarantined_ms: int | None = None
    missing: int | None = None
    told: int | None = field(init=False)
    invented: int | None = field(init=False)
    _earliest: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {each.seq for each in self.heads}
        told = next((each for each in self.closings if each in known), None)
        object.__setattr__(self, "told", told)
        times = (each.t for each in reversed(self.heads))
        object.__setattr__(self, "_earliest", tuple(accumulate(times, min))[::-1])
        there = ((each, self.not_after(each.seq, each.recv)) for each in self.beacons)
        invented = next((each.seq for each, ms in there if is_invented(each.t, ms)), None)
        object.__setattr__(self, "invented", invented)

    @property
    def believed(self) -> tuple[Beacon, ...]:
        """The beacons that bound anything."""
        return self.beacons if self.invented is None else ()

    def known_at(self, seq: int) -> int | None:
        """The earliest time at which this or a later entry was known outside."""
        place = bisect_left(self.heads, seq, key=lambda each: each.seq)
        return self._earliest[place] if place < len(self._earliest) else None

    def not_after(self, seq: int, recv_ms: int) -> int:
        """By when an entry was there that arrived at ``recv_ms``: then, or when it was known."""
        known = self.known_at(seq)
        return recv_ms if known is None else min(recv_ms, known)


def marks_of(
    connection: Connection,
    rows: Sequence[Row[*tuple[Any, ...]]],
    late: Iterable[Chain],
    deadline_ms: int,
) -> Mapping[Chain, Marks]:
    """What is known of the chains of these rows; of ``late`` chains every late entry is looked at.

    Of what arrived in time only the rows themselves are: their arrival is evidence enough.
    """
    places = {row.eh: (row.dev, row.inc, row.seq) for row in rows}
    chains = {(row.dev, row.inc) for row in rows}
    entry = stored_places()
    for chunk in _chunks(sorted(late)):
        found = select(entry.c.eh, entry.c.dev, entry.c.inc, entry.c.seq).where(
            tuple_(entry.c.dev, entry.c.inc).in_(chunk), entry.c.recv_ms > deadline_ms
        )
        places |= {row.eh: (row.dev, row.inc, row.seq) for row in connection.execute(found)}
    heads: dict[Chain, list[Mark]] = defaultdict(list)
    known = (*_named(connection), *_witnessed(connection, places), *_answered(connection))
    for eh, t, source in known:
        if eh in places:
            dev, inc, seq = places[eh]
            heads[dev, inc].append(Mark(seq=seq, t=t, source=source))
    return _with_clocks(connection, chains, heads)


def _with_clocks(
    connection: Connection, chains: set[Chain], heads: Mapping[Chain, list[Mark]]
) -> Mapping[Chain, Marks]:
    beacons: dict[Chain, list[Beacon]] = defaultdict(list)
    closings: dict[Chain, list[int]] = defaultdict(list)
    steps: dict[Chain, list[int]] = defaultdict(list)
    for entry, recv_ms, refiled_here in _clock_entries(connection, chains):
        chain = entry.dev, entry.inc
        match entry.kind:
            case "season.close":
                closings[chain].append(entry.seq)
            case "clock.step":
                steps[chain].append(entry.seq)
            case _:
                t = typed(entry.body, BeaconSeen).t
                beacons[chain].append(
                    Beacon(
                        seq=entry.seq,
                        t=t,
                        recv=recv_ms,
                        m=entry.m,
                        boot=entry.boot,
                        wall=entry.t,
                        carried=refiled_here or entry.kind == "beacon.carried",
                    )
                )
    quarantined = {
        (row.dev, row.inc): row.quarantined_ms
        for row in connection.execute(
            select(head.c.dev, head.c.inc, head.c.quarantined_ms).where(
                head.c.quarantined_ms.is_not(None)
            )
        )
    }
    missing = read_missing(connection, {dev for dev, _ in chains})
    return {
        chain: Marks(
            beacons=tuple(sorted(beacons[chain], key=lambda each: each.seq)),
            closings=tuple(closings[chain]),
            steps=tuple(steps[chain]),
            heads=tuple(sorted(heads.get(chain, ()), key=lambda each: (each.seq, each.t))),
            quarantined_ms=quarantined.get(chain),
            missing=missing.get(chain[0]),
        )
        for chain in chains
    }


def _clock_entries(connection: Connection, chains: set[Chain]) -> Iterator[tuple[Event, int, bool]]:
    """What these chains say of time, since when, and whether a later log carried it here.

    A season has a beacon an hour of a machine. Of what was carried only beacons are looked at.
    """
    rows = (
        select(event.c.frame, event.c.recv_ms)
        .where(event.c.kind.in_(CLOCK_KINDS))
        .order_by(event.c.dev, event.c.inc, event.c.seq)
    )
    for chunk in _chunks(sorted(chains)):
        theirs = rows.where(tuple_(event.c.dev, event.c.inc).in_(chunk))
        for row in connection.execute(theirs):
            yield reopen_event(reopen_frame(row.frame, None)), row.recv_ms, False
    brought = (
        select(refiled.c.frame, event.c.recv_ms)
        .join(event, event.c.log_index == refiled.c.log_index)
        .where(refiled.c.kind.in_(BEACONS))
    )
    for chunk in _chunks(sorted(chains)):
        theirs = brought.where(tuple_(refiled.c.dev, refiled.c.inc).in_(chunk))
        for row in connection.execute(theirs):
            yield reopen_event(reopen_frame(row.frame, None)), row.recv_ms, True


def _named(connection: Connection) -> Iterator[tuple[bytes, int, bytes]]:
    """Each version or decision that another names: its hash, when that arrived, and by what."""
    versions = select(revision.c.eh, revision.c.parents, revision.c.recv_ms)
    for row in connection.execute(versions):
        for each in hashes(row.parents):
            yield each, row.recv_ms, row.eh
    decisions = select(decision.c.eh, decision.c.revision, decision.c.earlier, decision.c.recv_ms)
    for said in connection.execute(decisions):
        for each in (said.revision, *hashes(said.earlier)):
            yield each, said.recv_ms, said.eh


def _witnessed(
    connection: Connection, places: Mapping[bytes, object]
) -> Iterator[tuple[bytes, int, bytes]]:
    """Each of these entries whose hash begins as a witnessed head does."""
    by_beginning: dict[bytes, list[bytes]] = defaultdict(list)
    for eh in places:
        by_beginning[eh[:HEAD_BYTES]].append(eh)
    for seen in connection.execute(select(witness.c.eh, witness.c.head, witness.c.t_ms)):
        for eh in by_beginning.get(seen.head[:HEAD_BYTES], ()):
            if eh.startswith(seen.head):
                yield eh, seen.t_ms, seen.eh


def _answered(connection: Connection) -> Iterator[tuple[bytes, int, bytes]]:
    """Each head that we ourselves had confirmed before a restore, as its machine shows us."""
    said = connection.execute(
        select(event.c.eh, event.c.frame).where(event.c.kind == SAID).order_by(event.c.log_index)
    ).all()
    if not said:
        return
    keys = {key_id(each): each for each in receipt_keys(connection)}
    for row in said:
        for answer in typed(read_event(decode_frame(row.frame)).body, Said).answers:
            with suppress(WireError):
                ack = open_document(SignatureType.ACK, answer, Ack, keys)
                yield ack.head, ack.t, row.eh


def _chunks(items: Sequence[Chain]) -> Iterator[Sequence[Chain]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
