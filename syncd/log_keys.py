"""Files of the log key: the one in use, the one to come, those it had before (PROTOCOL 2.12).

A change is committed in the store; the files follow, and are put right at the next start when they
did not. The kiosk and the daemon must both be stopped: each holds the key it was started with.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.sealing import KEY_BYTES, SigningKey
from core.wire.event import SYSTEM
from core.wire.rotation import KIND, rotation
from syncd.station import CREDENTIALS, LOG_KEY, Station, StationError, replace_file
from syncd.store.audit import AuditCode
from syncd.store.database import Store
from syncd.store.ledger import Entry
from syncd.store.moment import Moment
from syncd.text import station_fault

NEXT = "log-next.key"
OLDER = "log-*.old.key"
SHORT = 16


def new_log_key(station: Station) -> Station:
    """The station under a log key nobody has seen; the old one is gone.

    Raises:
        StationError: The key is not ours to change.
    """
    secret = secrets.token_bytes(KEY_BYTES)
    replace_file(_folder(station) / LOG_KEY, secret)
    return replace(station, log_key=SigningKey(secret))


def rotate_log_key(station: Station, store: Store, clock: Callable[[], Moment]) -> Station:
    """Go on under a new log key; the entry that says so is signed by the old one.

    Raises:
        StationError: The key is not ours to change.
        StoreError: The log may not grow, or as the driver.
    """
    folder = _folder(station)
    fresh = SigningKey(secrets.token_bytes(KEY_BYTES))
    with store.transaction():
        # Within it: whoever finds the file before the store speaks of it waits (`settled`).
        replace_file(folder / NEXT, fresh.private)
        identity, head = store.identity.read(), store.ledger.head()
        if identity is None or head is None:
            raise StationError(station_fault("unenrolled", station.folder))
        place = (identity.device, head.inc, head.seq + 1, head.hash)
        body = rotation(place, station.log_key, fresh)
        entry = Entry(kind=KIND, body=body, who=SYSTEM)
        store.ledger.append(entry, clock(), station.log_key)
        store.identity.change_log_key(fresh.public)
        store.audit.add(AuditCode.LOG_KEY_CHANGED, clock(), detail=fresh.id.hex())
    settled(station, store)
    return replace(station, log_key=fresh)


def settled(station: Station, store: Store) -> Station:
    """The station under the key its store names; finishes a change that was cut short.

    Raises:
        StationError: The key is not ours to change.
    """
    if not (_credentials(station) / NEXT).exists():
        return station
    with store.transaction():  # a change under way in another program is over or has not begun
        return _settled(station, store)


def _settled(station: Station, store: Store) -> Station:
    identity, waiting = store.identity.read(), _credentials(station) / NEXT
    if identity is None or not waiting.exists():
        return station
    folder, fresh = _folder(station), SigningKey(waiting.read_bytes())
    if identity.log_key != fresh.public:
        waiting.unlink()  # made, but never put in force
        return station
    name = OLDER.replace("*", station.log_key.id.hex()[:SHORT])
    replace_file(folder / name, station.log_key.private)
    replace_file(folder / LOG_KEY, fresh.private)
    waiting.unlink()
    return replace(station, log_key=fresh)


def holds_log_key(station: Station, store: Store) -> bool:
    """Whether the next entry of an enrolled machine may be under the station's key."""
    head = store.ledger.head()
    return head is not None and store.ledger.key_at(head.seq + 1) == station.log_key.public


def older_log_keys(station: Station) -> tuple[SigningKey, ...]:
    """Keys the log was under before, in no order."""
    folder = _credentials(station)
    return tuple(SigningKey(path.read_bytes()) for path in sorted(folder.glob(OLDER)))


def _folder(station: Station) -> Path:
    if os.environ.get("CREDENTIALS_DIRECTORY"):
        # What the system decrypts for us at the start cannot be written back from here.
        raise StationError(station_fault("given", _credentials(station)))
    return _credentials(station)


def _credentials(station: Station) -> Path:
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    return Path(given) if given else station.folder / CREDENTIALS
