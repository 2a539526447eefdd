"""Signed frames as rows: the bytes that were signed, never re-encoded.

Retention erases the payload column; everything else of a row is append-only.
"""

from collections.abc import Callable
from typing import Any

from core.wire.canon import decode, encode
from core.wire.chain import Link
from core.wire.event import Cosignature, Event, Frame, read_event

SEQ_BITS = 32
COLUMNS = "hash, body, signature, cosignatures, payload"


def entry_id(inc: int, seq: int) -> int:
    """The number of an entry's row: incarnation in the high half, ``seq`` in the low one."""
    return inc << SEQ_BITS | seq


def frame_record(link: Link) -> dict[str, object]:
    """The columns that own and server's entries share."""
    app = link.event.body.get("app")
    return {
        "hash": link.hash,
        "kind": link.event.kind,
        "app": app if isinstance(app, bytes) else None,
        "body": link.frame.event,
        "signature": link.frame.signature,
        "cosignatures": encode(
            [[each.key, each.algorithm, each.signature] for each in link.frame.cosignatures]
        ),
        "payload": link.frame.payload,
    }


def link_of(row: dict[str, Any], read: Callable[[Frame], Event] = read_event) -> Link:
    """The entry of a row; ``read`` is `core.wire.event.read_notice` for one of the server's log.

    Its signature was checked before it was stored and the file is authenticated.
    """
    frame = Frame(
        event=row["body"],
        signature=row["signature"],
        cosignatures=tuple(Cosignature(*each) for each in decode(row["cosignatures"])),
        payload=row["payload"],
    )
    return Link(frame=frame, event=read(frame), hash=row["hash"])
