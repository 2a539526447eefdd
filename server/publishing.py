"""A release becomes what every kiosk is told, and its revocations take effect here."""

from collections.abc import Sequence

from sqlalchemy import Connection

from server.directory import Directory
from server.keys import ServerKeys
from server.rejections import tell_rejections
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

    Raises:
        WireError: As `references.publish`.
    """
    signed, files = release
    installed = references.publish(connection, signed, files, keys, now_ms)
    if installed.withdrawn:
        folded = judge_again(connection, sorted(installed.withdrawn), directory)
        tell_rejections(connection, folded, now_ms, keys.receipt)
    return installed
