"""A release becomes what every kiosk is told; its revocations and lists take effect here."""

from collections.abc import Sequence

from sqlalchemy import Connection

from server.directory import Directory
from server.keys import ServerKeys
from server.notices import Stamp, announce
from server.notifying.hits import note_lists
from server.store import references
from server.store.references import Installed
from server.views.fold import judge_again


def publish_reference(
    connection: Connection,
    release: tuple[bytes, Sequence[bytes]],
    keys: ServerKeys,
    directory: Directory,
    now_ms: int,
) -> Installed:
    """Install a signed snapshot with its files; judgements that revocations change are renewed.

    Machines are told what was rejected by that, and what counts after all.
    Teachers whose wishes its lists close, or open again, are told (U-020).

    Raises:
        WireError: As `references.publish`.
    """
    signed, files = release
    before = references.current(connection)
    installed = references.publish(connection, signed, files, keys, now_ms)
    if installed.withdrawn:
        folded = judge_again(connection, sorted(installed.withdrawn), directory)
        announce(connection, folded, {}, Stamp(now_ms=now_ms, key=keys.receipt))
    if installed.fresh:
        note_lists(connection, None if before is None else before.signed, now_ms)
    return installed
