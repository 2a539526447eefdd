"""What a machine is told when it begins a new incarnation: what it sent itself before.

Its disk may be new, or older than what it sent. Other machines' entries are in its inbox already.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from core.sealing import SigningKey
from core.wire.ack import Verdict
from core.wire.kind import ReviewNotice, VersionNotice
from server.inbox import Notice, append_notices, copy_of
from server.store import events
from server.store.tables import decision, revision, verdict

AT_ONCE = 500


def tell_again(connection: Connection, dev: bytes, now_ms: int, key: SigningKey) -> int:
    """Put copies of the machine's own valid versions and decisions into its inbox; how many."""
    bodies = dict(_bodies(connection, dev))
    hashes = sorted(bodies)
    notices: list[Notice] = []
    for start in range(0, len(hashes), AT_ONCE):
        for each in events.named(connection, hashes[start : start + AT_ONCE]):
            eh = each.frame.hash
            kind, body = bodies[eh]
            notices.append(Notice(dev=dev, kind=kind, body=body, content=copy_of(each.frame)))
    append_notices(connection, notices, now_ms, key)
    return len(notices)


def _bodies(
    connection: Connection, dev: bytes
) -> Iterator[tuple[bytes, tuple[str, VersionNotice | ReviewNotice]]]:
    versions = connection.execute(
        select(revision.c.eh, revision.c.app, revision.c.version)
        .join(verdict, verdict.c.eh == revision.c.eh)
        .where(revision.c.dev == dev, verdict.c.verdict == Verdict.VALID.value)
    )
    for row in versions:
        body = VersionNotice(app=row.app, revision=row.eh, version=row.version)
        yield row.eh, ("inbox.version", body)
    place = events.places()
    decisions = connection.execute(
        select(decision.c.eh, decision.c.app, decision.c.verdict)
        .join(place, place.c.eh == decision.c.eh)
        .where(place.c.dev == dev, decision.c.valid)
    )
    for row in decisions:
        notice = ReviewNotice(app=row.app, decision=row.eh, verdict=row.verdict or "")
        yield row.eh, ("inbox.review", notice)
