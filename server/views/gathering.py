"""What judgements may rest on, read once for a group of entries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from server.directory import Directory
from server.store import events, identities
from server.store.tables import revision, roster
from server.views.finding import Decided, Finding, Present, Versioned
from server.views.judgement import Known, Listed, Version
from server.views.rulings import read_rulings


def gather(connection: Connection, findings: Sequence[Finding], directory: Directory) -> Known:
    """What is known now that judgements on these may rest on."""
    officers = {f.actor for f in findings if f.role == "officer" and f.actor is not None}
    officers |= {f.says.witness for f in findings if isinstance(f.says, Present) and f.says.witness}
    devices = {(f.dev, f.inc) for f in findings}
    withdrawn = identities.revocations_of(connection, sorted(officers))
    lost = identities.withdrawals(connection, sorted(devices))
    known = Known(
        devices=directory.devices(connection, devices),
        officers=directory.officers(connection, officers),
        withdrawn=withdrawn,
        lost=lost,
        not_before=_not_before(connection, [f for f in findings if f.actor in withdrawn]),
        rulings=read_rulings(
            connection,
            {
                f.eh
                for f in findings
                if f.disputed or f.actor in withdrawn or (f.dev, f.inc) in lost
            },
        ),
    )
    teachers = {f.actor for f in findings if isinstance(f.says, Versioned) and f.actor is not None}
    teachers |= {f.says.teacher for f in findings if isinstance(f.says, Present)}
    if teachers:
        listed = select(roster).where(roster.c.teacher.in_(sorted(teachers)), roster.c.valid)
        for row in connection.execute(listed):
            entry = Listed(national_id=row.national_id, school=row.school)
            known.roster.setdefault(row.teacher, {})[row.eh] = entry
    decided = {f.says.fact.revision for f in findings if isinstance(f.says, Decided)}
    if decided:
        found = select(revision).where(revision.c.eh.in_(sorted(decided)))
        for row in connection.execute(found):
            known.versions[row.eh] = Version(claim=row.claim, school=row.school)
    return known


def _not_before(connection: Connection, findings: Iterable[Finding]) -> dict[bytes, int]:
    """The newest beacon in front of each of these entries, in its own log.

    None at all behind one that was here before it can have been given: who invents one is believed
    none.
    """
    by_chain: dict[tuple[bytes, int], list[Finding]] = defaultdict(list)
    for each in findings:
        by_chain[each.dev, each.inc].append(each)
    newest: dict[bytes, int] = {}
    for (dev, inc), theirs in by_chain.items():
        last = max(each.seq for each in theirs)
        heard = list(events.beacons_before(connection, (dev, inc, last)))
        for each in theirs:
            before = [one for one in heard if one.seq < each.seq]
            if before and not any(events.is_invented(one.t, one.recv_ms) for one in before):
                newest[each.eh] = max(one.t for one in before)
    return newest
