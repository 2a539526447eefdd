"""An unsent entry of an earlier incarnation, carried into the new one as it was (PROTOCOL 2.12).

The old frame, its signature untouched, is the payload of a ``replay`` entry. Whoever reads it takes
the old entry for what it is: its hash stays its name, so the same entry never counts twice.
"""

import msgspec

from core.wire.canon import from_wire, to_wire, typed
from core.wire.chain import Link, verify_frame
from core.wire.event import Bytes16, Frame, decode_frame, encode_frame
from core.wire.fault import WireError
from core.wire.kind import Replay

REPLAY = "replay"


class ReplayPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``frame`` is the whole old entry as it was signed, its own payload included."""

    salt: Bytes16
    frame: bytes


def refile(link: Link, salt: bytes) -> tuple[Replay, bytes]:
    """Body and payload of the entry that carries ``link`` into a new incarnation.

    An entry that was itself carried is carried on, not wrapped twice.

    Raises:
        WireError: It is too large to be carried.
    """
    if link.event.kind == REPLAY:
        carried = from_wire(link.frame.payload or b"", ReplayPayload)
        body, frame = typed(link.event.body, Replay), carried.frame
    else:
        body = Replay(inc=link.event.inc, seq=link.event.seq, hash=link.hash)
        frame = encode_frame(link.frame)
    return body, to_wire(ReplayPayload(salt=salt, frame=frame))


def carried_frame(link: Link) -> Frame:
    """The old frame inside a ``replay`` entry; its signature is not checked yet.

    Raises:
        WireError: ``payload_missing``, ``replay_differs`` when it is not the one the signed entry
        names, or as `decode_frame`.
    """
    if link.frame.payload is None:
        raise WireError("payload_missing")
    body = typed(link.event.body, Replay)
    frame = decode_frame(from_wire(link.frame.payload, ReplayPayload).frame)
    if frame.hash != body.hash:
        raise WireError("replay_differs")
    return frame


def carried_link(link: Link, key: bytes) -> Link:
    """The old entry inside a ``replay`` entry, signed by ``key``, that of its own incarnation.

    Raises:
        WireError: It is not, or it comes from another machine or a later incarnation.
    """
    body = typed(link.event.body, Replay)
    old = verify_frame(carried_frame(link), key)
    if (old.event.inc, old.event.seq) != (body.inc, body.seq) or old.event.kind == REPLAY:
        raise WireError("replay_differs")
    if old.event.dev != link.event.dev or old.event.inc >= link.event.inc:
        raise WireError("replay_foreign")
    if old.frame.payload is None and old.event.ph is not None:
        raise WireError("payload_missing")
    return old
