"""Signed frames as rows.

The bytes that were signed, never re-encoded, payload in a table of its own.

Retention deletes payloads; the table of frames itself is append-only.
"""

from typing import Any

from core.wire.canon import decode, encode
from core.wire.chain import Link
from core.wire.event import Cosignature, Frame, read_event

COLUMNS = "frame.hash, frame.body, frame.signature, frame.cosignatures, payload.content AS payload"


def frame_record(link: Link) -> dict[str, object]:
    """The columns of `event` and `inbox` that both share."""
    app = link.event.body.get("app")
    return {
        "seq": link.event.seq,
        "hash": link.hash,
        "kind": link.event.kind,
        "app": app if isinstance(app, bytes) else None,
        "body": link.frame.event,
        "signature": link.frame.signature,
        "cosignatures": encode(
            [[c.key, c.algorithm, c.signature] for c in link.frame.cosignatures]
        ),
    }


def link_of(row: dict[str, Any]) -> Link:
    """The entry of a row.

    Its signature was checked before it was stored and the file is authenticated.
    """
    frame = Frame(
        event=row["body"],
        signature=row["signature"],
        cosignatures=tuple(Cosignature(*each) for each in decode(row["cosignatures"])),
        payload=row["payload"],
    )
    return Link(frame=frame, event=read_event(frame), hash=row["hash"])
