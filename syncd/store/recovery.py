"""Was the last stop orderly.

And is everything still there? Asked once at every start (PROTOCOL 5.3).
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from core.wire.canon import from_wire
from core.wire.chain import Head, follow
from core.wire.document import split_document
from core.wire.fault import WireError
from core.wire.identity import Certificate, certificate_hash
from syncd.store.connections import Connections
from syncd.store.driver import Connection
from syncd.store.fault import StoreDamaged, StoreFull
from syncd.store.ledger import Ledger
from syncd.store.moment import read_boot_id

CHAIN_CHECKED = 200
STARTED_FIELD = 22  # proc(5): clock ticks after boot at which the process started


def sign_in(connections: Connections) -> bytes:
    """Note that this process has the store open; the token is for `sign_out`.

    On a full disk nothing is noted: reading must stay possible, and the next start then merely
    skips the long check.
    """
    token = secrets.token_bytes(16)
    pid = os.getpid()
    record = {"token": token, "pid": pid, "started": _started(pid), "boot": read_boot_id()}
    with suppress(StoreFull):
        connections.here.insert("opening", record)
    return token


def sign_out(connections: Connections, token: bytes) -> None:
    """Note an orderly stop."""
    # On a full disk the note stays: then the next start checks more than it needs to.
    with suppress(StoreFull):
        connections.here.run("DELETE FROM opening WHERE token = ?", token)


def last_stop_was_unclean(connections: Connections) -> bool:
    """Whether a process that had the store open is gone without having said so."""
    gone, _ = _openings(connections)
    return bool(gone)


def check_everything(connections: Connections, ledger: Ledger, own: bytes | None = None) -> None:
    """Check pages, structure and the end of the chain, then forget unclean stops.

    ``own`` is this program's token. Pages are checked only if nobody else has the store open: those
    still in another's log would be false alarms.

    Raises:
        StoreDamaged: Pages, structure or the end of the chain do not hold.
        StoreError: As the driver.
    """
    gone, alive = _openings(connections)
    if not set(alive) - {own}:
        _check_pages(connections)
    found = connections.here.value("PRAGMA integrity_check")
    if found != "ok":
        raise StoreDamaged("structure")
    check_chain(connections, ledger)
    for token in gone:
        sign_out(connections, token)


def check_chain(connections: Connections, ledger: Ledger, count: int = CHAIN_CHECKED) -> None:
    """Verify signatures and links of the last ``count`` entries, and that each was queued.

    Raises:
        StoreDamaged: They do not.
    """
    connection = connections.here
    # One moment for all reads: the other program may be writing.
    connection.run("BEGIN")
    try:
        _check_end(connection, ledger, count)
    finally:
        connection.rollback()


def _check_end(connection: Connection, ledger: Ledger, count: int) -> None:
    head = ledger.head()
    document = connection.value("SELECT certificate FROM identity")
    if head is None or document is None:
        return
    certificate = from_wire(split_document(document)[0], Certificate)
    first = max(1, head.seq - count + 1)
    before = Head(
        inc=head.inc, seq=first - 1, hash=ledger.hash_at(first - 1) or certificate_hash(document)
    )
    try:
        frames = [link.frame for link in ledger.links(first, count)]
    except WireError as error:
        raise StoreDamaged("entry") from error
    links, broken = follow(frames, ledger.key_at(first), certificate.id, before)
    if broken is not None or (links[-1].head if links else before) != head:
        raise StoreDamaged("chain")
    unqueued = connection.value(
        "SELECT count(*) FROM event LEFT JOIN outbox ON outbox.event = event.id "
        "WHERE outbox.event IS NULL"
    )
    if unqueued:
        raise StoreDamaged("outbox")


def _check_pages(connections: Connections) -> None:
    """Every page against its authentication code, after the log was written back."""
    connections.here.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    if connections.here.rows("PRAGMA cipher_integrity_check"):
        raise StoreDamaged("pages")


def _openings(connections: Connections) -> tuple[list[bytes], list[bytes]]:
    """Tokens of those gone without a word, and of those still there."""
    gone: list[bytes] = []
    alive: list[bytes] = []
    for row in connections.here.rows("SELECT token, pid, started, boot FROM opening"):
        (alive if _alive(row["pid"], row["started"], row["boot"]) else gone).append(row["token"])
    return gone, alive


def _alive(pid: int, started: int, boot: bytes) -> bool:
    return boot == read_boot_id() and _started(pid) == started


def _started(pid: int) -> int:
    """When a process started, so that a reused number is not mistaken for it.

    -1 when there is none.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return -1
    # The second field is the name in brackets and may hold spaces.
    return int(text.rpartition(")")[2].split()[STARTED_FIELD - 3])
