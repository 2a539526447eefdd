"""A station's folder: encrypted store, key files, settings, root keys. Two programs read it.

Kiosk and daemon.
"""

import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from core.sealing import KEY_BYTES, SigningKey, key_id
from syncd.store.database import Store, open_store
from syncd.text import station_fault

STORE = "kiosk.db"
SETTINGS = "station.json"
ROOT = "root.json"
CREDENTIALS = "credentials"
STORE_KEY = "store.key"
LOG_KEY = "log.key"
SEAL_KEY = "seal.key"
KIOSK_LOCK = "kiosk.lock"  # held by the kiosk's program while it runs
DAEMON_LOCK = "syncd.lock"
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


class StationError(Exception):
    """The folder is not a station, or a file of it is missing or malformed.

    A sentence says which.
    """


class RootKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``root.json``: what a machine is born with.

    Raw public root keys in hex, and how many sign.
    """

    threshold: int
    keys: tuple[str, ...]

    @property
    def by_id(self) -> dict[bytes, bytes]:
        """Key id → raw public key."""
        raw = [bytes.fromhex(each) for each in self.keys]
        return {key_id(each): each for each in raw}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the daemon reads of ``station.json``; the kiosk has keys of its own in the same file.

    ``ca_file`` names the only certificate authority that may vouch for the server; ``usb`` the
    folder where a stick appears, if it is not to be looked for.
    """

    server: str
    name: str
    ca_file: str | None = None
    usb: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """An open folder. Keys never leave it; their repr shows nothing."""

    folder: Path
    settings: Settings
    store_key: bytes = field(repr=False)
    log_key: SigningKey
    seal_key: bytes = field(repr=False)

    def open_store(self) -> Store:
        """The station's store.

        Raises:
            StoreError: As `syncd.store.database.open_store`.
        """
        return open_store(self.folder / STORE, self.store_key)

    def root(self) -> RootKeys:
        """The root keys this machine was born with.

        Raises:
            StationError: Missing or malformed.
        """
        return read_root(self.folder / ROOT)


def read_station(folder: Path) -> Station:
    """The station in ``folder``.

    Raises:
        StationError: Not a station.
    """
    return Station(
        folder=folder,
        settings=read_settings(folder),
        store_key=read_credential(folder, STORE_KEY),
        log_key=SigningKey(read_credential(folder, LOG_KEY)),
        seal_key=read_credential(folder, SEAL_KEY),
    )


def read_settings(folder: Path) -> Settings:
    """The daemon's part of ``station.json``.

    Raises:
        StationError: Missing or malformed.
    """
    path = folder / SETTINGS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError) as error:
        raise StationError(station_fault("settings", path)) from error


def read_root(path: Path) -> RootKeys:
    """Root keys in a file.

    Raises:
        StationError: Missing or malformed.
    """
    try:
        root = msgspec.json.decode(path.read_bytes(), type=RootKeys)
        usable = root.by_id
    except (OSError, ValueError) as error:
        raise StationError(station_fault("root", path)) from error
    if not 1 <= root.threshold <= len(usable):
        raise StationError(station_fault("threshold", path))
    return root


def read_credential(folder: Path, name: str) -> bytes:
    """32 raw bytes of a key file, from ``CREDENTIALS_DIRECTORY`` when systemd gives one.

    Raises:
        StationError: Missing, or of another length.
    """
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(given or folder / CREDENTIALS) / name
    try:
        secret = path.read_bytes()
    except OSError as error:
        raise StationError(station_fault("missing", path)) from error
    if len(secret) != KEY_BYTES:
        raise StationError(station_fault("size", path))
    return secret


def create_station(folder: Path, settings: Settings, root: bytes) -> Station:
    """Make what is missing: folder, key files (mode 0600, never overwritten), settings, root keys.

    Raises:
        StationError: The folder belongs to another machine, or cannot be written.
    """
    with _writable(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        if not os.environ.get("CREDENTIALS_DIRECTORY"):
            (folder / CREDENTIALS).mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
            for name in (STORE_KEY, LOG_KEY, SEAL_KEY):
                _create_secret(folder / CREDENTIALS / name)
    replace_file(folder / ROOT, root)
    replace_file(folder / SETTINGS, _merged(folder / SETTINGS, settings))
    return read_station(folder)


def replace_lost_log_key(folder: Path) -> None:
    """A new log key where there is none any more; nobody knows it before the county certifies it.

    Raises:
        StationError: It cannot be written.
    """
    if not os.environ.get("CREDENTIALS_DIRECTORY"):
        with _writable(folder):
            _create_secret(folder / CREDENTIALS / LOG_KEY)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, flushed to the disk, mode 0600.

    Raises:
        StationError: It cannot be written; the one before is as it was.
    """
    fresh = path.with_suffix(".new")
    with _writable(path.parent):
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        _write(handle, content)
        fresh.replace(path)
        _flush_folder(path.parent)


@contextmanager
def held(folder: Path, name: str) -> Iterator[bool]:
    """Whether nobody else holds this lock of the station; it is ours until the block ends.

    Raises:
        StationError: The file of the lock cannot be opened.
    """
    with _writable(folder):
        lock = (folder / name).open("wb")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _create_secret(path: Path) -> None:
    """A new key, unless there is one. It comes whole: half a key would stand there for good."""
    if path.exists():
        return
    # A name of its own: what is left of a cut is never written to again, it may be the key itself.
    handle, fresh = tempfile.mkstemp(dir=path.parent)
    try:
        _write(handle, secrets.token_bytes(KEY_BYTES))
        with suppress(FileExistsError):  # of two programs at once, the first
            path.hardlink_to(fresh)
    finally:
        Path(fresh).unlink()
    _flush_folder(path.parent)


def _write(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StationError(station_fault("unwritable", folder)) from error


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _merged(path: Path, settings: Settings) -> bytes:
    """The new settings over those already there: the kiosk's keys stay."""
    there: Mapping[str, Any] = {}
    if path.exists():
        try:
            there = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise StationError(station_fault("settings", path)) from error
    new = {"server": settings.server, "name": settings.name}
    return json.dumps({**there, **new}, ensure_ascii=False, indent=1).encode()
