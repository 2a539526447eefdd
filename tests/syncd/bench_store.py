"""What encryption costs a commit: SQLCipher beside plain SQLite, same rows, same run (DESIGN 9)."""

import secrets
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from core.wire.canon import to_wire
from core.wire.event import Who
from core.wire.payload import RosterPayload
from syncd.store.driver import PAGE_BYTES, connect
from syncd.store.ledger import Entry
from syncd.store.migrations import FIRST
from tests.syncd.machine import STORE_KEY, TestClock, append, enrolled_store

COMMITS = 2000
APPENDS = 250
EVENT_BYTES = 400
PAYLOAD_BYTES = 2200  # an application of a hundred wishes (PROTOCOL 7.2)
EVENT = (
    "INSERT INTO event (id, hash, kind, app, body, signature, cosignatures, payload) "
    "VALUES (?, ?, 'app.revise', ?, ?, ?, x'90', ?)"
)
OUTBOX = "INSERT INTO outbox (event, queued_ms) VALUES (?, 0)"


def open_plain(path):
    """Plain SQLite with the same pages, journal and durability."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def open_encrypted(path):
    """SQLCipher as the store opens it, without the store's own checks."""
    return connect(path, STORE_KEY, 1000).raw


def prepare(connection):
    """The store's own tables."""
    for statement in FIRST.split(";"):
        if statement.strip():
            connection.execute(statement)


def draw_row():
    """An entry of the size an application of a hundred wishes has; each of another teacher."""
    sizes = {"hash": 32, "app": 16, "body": EVENT_BYTES, "signature": 64, "payload": PAYLOAD_BYTES}
    return tuple(map(secrets.token_bytes, sizes.values()))


def commit_row(connection, number, row):
    """Seconds for one entry with everything that belongs to it."""
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(EVENT, (number, *row))
    connection.execute(OUTBOX, (number,))
    connection.execute("COMMIT")
    return time.perf_counter() - started


def append_rows(folder):
    """Seconds per `Ledger.append` with its transaction: encode, chain, sign, insert, commit."""
    payload = to_wire(
        RosterPayload(
            salt=b"s" * 16,
            national_id="範例",
            name="範例" * 200,
            birth="1980-01-01",
            sex="F",
            title="範例" * 150,
            school="013601",
            stage="elementary",
            subject="general",
        )
    )
    entry = Entry(
        kind="teacher.register",
        body={"teacher": b"t" * 16},
        who=Who(role="officer", id=b"o" * 16),
        payload=payload,
    )
    moment = TestClock()()
    with enrolled_store(folder / "store.db") as store:
        started = time.perf_counter()
        for _ in range(APPENDS):
            append(store, entry, moment)
        return (time.perf_counter() - started) / APPENDS


def measure():
    """Median microseconds per commit, and their ratio. The two take turns commit by commit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, encrypted = open_plain(folder / "plain.db"), open_encrypted(folder / "cipher.db")
        for connection in (plain, encrypted):
            prepare(connection)
        plain_s, encrypted_s = [], []
        for number in range(1, COMMITS + 1):
            row = draw_row()
            plain_s.append(commit_row(plain, number, row))
            encrypted_s.append(commit_row(encrypted, number, row))
        plain.close()
        encrypted.close()
        plain_us = statistics.median(plain_s) * 1e6
        encrypted_us = statistics.median(encrypted_s) * 1e6
        return {
            "commits": COMMITS,
            "plain_us": round(plain_us, 1),
            "sqlcipher_us": round(encrypted_us, 1),
            "ratio": round(encrypted_us / plain_us, 3),
            "limit": 1.25,
            "append_us": round(append_rows(folder) * 1e6, 1),
        }


if __name__ == "__main__":
    print(measure())  # noqa: T201 - a benchmark
