"""How often a log has gone on under another key, counted in the database.

Another program may take such an entry in beside a running server (`jiepin server usb import`). What
this one keeps in memory is then too old: whoever holds the former key could still speak under it.
"""

from sqlalchemy import Connection

from core.wire.batch import decode_batch
from server.directory import Directory
from server.store.identities import find_device
from server.store.settings import read_number, write_number
from server.upload import Upload

KEY_CHANGES = "key_changes"
WARY_MS = 60_000
"""No upload is under way for longer; those that were verified before are through by then."""


def note_change(connection: Connection) -> None:
    """A log goes on under another key."""
    write_number(connection, KEY_CHANGES, read_number(connection, KEY_CHANGES) + 1)


def is_signed_now(connection: Connection, upload: Upload) -> bool:
    """Whether the header's signature is under the key in force, as the log has it."""
    header = upload.header
    device = find_device(connection, header.dev, header.inc)
    return device is not None and decode_batch(upload.data).signed_by(device.key_at(header.first))


class Watch:
    """Keeps a directory's keys those of the log.

    Says for a while after each change that uploads are to be looked at once more: some were
    verified by what was in memory before.
    """

    def __init__(self, directory: Directory) -> None:
        """`begin` before anything is verified by the directory; whoever does not, asks it newly."""
        self._directory = directory
        self._seen: int | None = None
        self._until_ms = 0

    def begin(self, connection: Connection) -> None:
        """Meet everybody; what changes after this very state of the log will be noticed."""
        self._seen = read_number(connection, KEY_CHANGES)
        self._directory.load(connection)

    def is_wary(self, connection: Connection, now_ms: int) -> bool:
        """Asked once for every group of uploads."""
        changes = read_number(connection, KEY_CHANGES)
        if self._seen is None:
            self._seen = changes
        if changes != self._seen:
            self._directory.load(connection)
            self._seen, self._until_ms = changes, now_ms + WARY_MS
        return now_ms < self._until_ms
