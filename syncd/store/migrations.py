"""The shape of the store, as steps that are only ever added to.

A step that shipped is never edited.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from syncd.store.driver import Connection
from syncd.store.fault import StoreNewer

# A commit writes every page it touches, and each page costs its encryption: entries carry their
# payload, and (inc, seq) is the row's own number (`frames.entry_id`), unique without an index.
FIRST = """
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    inc INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    seq INTEGER GENERATED ALWAYS AS (id & 4294967295) VIRTUAL,
    hash BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    app BLOB,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    cosignatures BLOB NOT NULL,
    payload BLOB
);
CREATE INDEX event_app ON event (app) WHERE app IS NOT NULL;
CREATE TABLE outbox (
    event INTEGER PRIMARY KEY REFERENCES event (id),
    queued_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'stored'
        CHECK (state IN ('stored', 'sending', 'delivered', 'backed_up', 'attention')),
    verdict INTEGER,
    log_index INTEGER,
    receipt BLOB
);
CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    inc INTEGER NOT NULL,
    through INTEGER NOT NULL,
    durable INTEGER NOT NULL
);
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    app BLOB,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    cosignatures BLOB NOT NULL,
    payload BLOB
);
CREATE INDEX inbox_app ON inbox (app) WHERE app IS NOT NULL;
CREATE TABLE draft (app BLOB PRIMARY KEY, content BLOB NOT NULL, saved_ms INTEGER NOT NULL);
CREATE TABLE roster (
    teacher BLOB PRIMARY KEY,
    national_id TEXT NOT NULL,
    name TEXT NOT NULL,
    birth TEXT NOT NULL,
    sex TEXT NOT NULL CHECK (sex IN ('M', 'F')),
    title TEXT NOT NULL,
    school TEXT NOT NULL,
    stage TEXT NOT NULL,
    subject TEXT NOT NULL,
    registered_by BLOB NOT NULL
);
CREATE TABLE account (
    holder BLOB PRIMARY KEY,
    verifier BLOB NOT NULL,
    salt BLOB NOT NULL,
    memory_kib INTEGER NOT NULL,
    passes INTEGER NOT NULL,
    lanes INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL,
    wrapped_key BLOB,
    certificate BLOB
);
CREATE TABLE officer (id BLOB PRIMARY KEY, holder BLOB, certificate BLOB NOT NULL);
CREATE TABLE request (
    id BLOB PRIMARY KEY,
    holder BLOB NOT NULL,
    form BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'posted', 'granted', 'refused')),
    ticket TEXT,
    answer BLOB
);
CREATE TABLE reference (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    hash BLOB NOT NULL,
    snapshot BLOB NOT NULL,
    installed_ms INTEGER NOT NULL
);
CREATE TABLE reference_file (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    device BLOB NOT NULL,
    inc INTEGER NOT NULL,
    certificate BLOB NOT NULL,
    trust BLOB NOT NULL,
    name TEXT NOT NULL,
    schools TEXT NOT NULL,
    season TEXT NOT NULL,
    season_secret BLOB NOT NULL,
    server_url TEXT NOT NULL
);
CREATE TABLE link (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    client TEXT NOT NULL,
    attention TEXT,
    changed_ms INTEGER NOT NULL,
    offset_ms INTEGER,
    epoch BLOB
);
CREATE TABLE sight (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    beacon BLOB NOT NULL,
    server_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    boot_ms INTEGER NOT NULL,
    boot BLOB NOT NULL
);
CREATE TABLE summons (id INTEGER PRIMARY KEY CHECK (id = 1), asked_ms INTEGER NOT NULL);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    wall_ms INTEGER NOT NULL,
    code TEXT NOT NULL,
    who BLOB,
    detail TEXT NOT NULL
);
CREATE TABLE opening (
    token BLOB PRIMARY KEY,
    pid INTEGER NOT NULL,
    started INTEGER NOT NULL,
    boot BLOB NOT NULL
);
"""

CARRIED = """
CREATE TABLE carried (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    server_ms INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    boot_ms INTEGER NOT NULL,
    boot BLOB NOT NULL
)
"""
CERTIFICATES = """
CREATE TABLE certificate (inc INTEGER PRIMARY KEY, document BLOB NOT NULL);
INSERT INTO certificate SELECT inc, certificate FROM identity
"""
ANSWERS = """
CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    inc INTEGER NOT NULL,
    through INTEGER NOT NULL,
    t_ms INTEGER NOT NULL,
    document BLOB NOT NULL
);
CREATE UNIQUE INDEX answer_place ON answer (inc, through)
"""
DISPLAY = "CREATE TABLE display (holder BLOB PRIMARY KEY, settings BLOB NOT NULL)"
INCIDENTS = """
CREATE TABLE incident (
    number TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    sent_ms INTEGER,
    PRIMARY KEY (number, wall_ms)
)
"""
LEFT_CARD = """
CREATE TABLE left_card (
    place INTEGER PRIMARY KEY,
    left_ms INTEGER NOT NULL,
    taken_ms INTEGER,
    restarted INTEGER NOT NULL
)
"""
PACE = "CREATE TABLE pace (id INTEGER PRIMARY KEY CHECK (id = 1), after_ms INTEGER NOT NULL)"
ERRANDS = """
CREATE TABLE errand (
    teacher BLOB NOT NULL,
    task TEXT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    address TEXT,
    code TEXT,
    token TEXT,
    asked_ms INTEGER NOT NULL,
    progress TEXT,
    detail TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    taken_ms INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    proved_ms INTEGER,
    PRIMARY KEY (teacher, task)
);
CREATE TABLE channels (id INTEGER PRIMARY KEY CHECK (id = 1), names TEXT NOT NULL)
"""
BARRED = "CREATE TABLE barred (teacher BLOB PRIMARY KEY, clause TEXT, until TEXT)"
KEPT = "id hash kind app body signature cosignatures"
UNCHANGED = """
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}
WHEN {exception}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
UNDELETED = """
CREATE TRIGGER {table}_undeleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# Retention erases payloads; the chain still verifies (DESIGN D3).
ERASES_PAYLOAD_ONLY = " OR ".join(
    ["new.payload IS NOT NULL", *(f"new.{each} IS NOT old.{each}" for each in KEPT.split())]
)
EXCEPTIONS = {"event": ERASES_PAYLOAD_ONLY, "inbox": ERASES_PAYLOAD_ONLY, "audit": "TRUE"}
APPEND_ONLY = tuple(
    trigger.format(table=table, exception=exception)
    for table, exception in EXCEPTIONS.items()
    for trigger in (UNCHANGED, UNDELETED)
)

REJECTION = """
ALTER TABLE outbox ADD COLUMN rejection TEXT;
CREATE INDEX outbox_rejection ON outbox (event) WHERE rejection IS NOT NULL;
"""


def _statements(script: str) -> tuple[str, ...]:
    return tuple(each for each in script.split(";") if each.strip())


STEPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "first": _statements(FIRST),
        "append_only": APPEND_ONLY,
        # Null while the log is under the certificate's own key.
        "log_key": ("ALTER TABLE identity ADD COLUMN log_key BLOB",),
        "carried": _statements(CARRIED),
        # A restored server may lack those of earlier incarnations, too (ADR 0021).
        "certificates": _statements(CERTIFICATES),
        # They say since when the server has held the log, also to a server that was restored.
        "answers": _statements(ANSWERS),
        # What a person chose under F2 comes back with her card (UX K12).
        "display": (DISPLAY,),
        # Mail codes and LINE links: asked of the centre beside the log (ADR 0030).
        "errands": _statements(ERRANDS),
        # What people report as wrong reaches the centre (U-063).
        "incidents": _statements(INCIDENTS),
        # How busy the centre says it is, for the screen on the last day (U-064).
        "pace": (PACE,),
        # Who of the school is on the control list, as the centre said last (F-253).
        "barred": (BARRED,),
        # The officer hears of a card that was left in the reader, after a restart too (U-028).
        "left_cards": _statements(LEFT_CARD),
        # Why the centre rejected an entry, in its own word (ADR 0041).
        "rejection": _statements(REJECTION),
        # What she chose under F2 goes to the centre, for every kiosk of her schools (ADR 0046).
        "display_errand": ("ALTER TABLE errand ADD COLUMN display BLOB",),
    }
)
"""Statements by name, in order."""


def migrate(
    connection: Connection, path: Path, steps: Mapping[str, tuple[str, ...]] = STEPS
) -> None:
    """Bring the file to the shape of ``steps``; all pending ones together or none.

    Raises:
        StoreNewer: The file has steps this program does not know.
        StoreError: As the driver.
    """
    known, applied = set(steps), _applied(connection)
    if not applied <= known:
        raise StoreNewer(path.name)
    if applied == known:
        return
    # What takes steps is an eighth of a kiosk's start, and one start in a year has any to take.
    from syncd.store.migrator import take  # noqa: PLC0415

    connection.begin()
    try:
        # Takes what is pending by now: the other program may have migrated meanwhile.
        with connection.translated():
            take(steps, connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _applied(connection: Connection) -> set[str]:
    table = "SELECT name FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if connection.row(table) is None:
        return set()
    rows = connection.rows("SELECT name FROM _sqlite_migrations WHERE migration_set = 'store'")
    return {row["name"] for row in rows}
