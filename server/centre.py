"""Acts of the centre become entries of its own log, signed by the receipt key (ADR 0017)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from core.sealing import SigningKey
from core.wire.canon import to_wire
from core.wire.chain import Link
from core.wire.event import SALT_BYTES, Event, Who, encode_frame, payload_hash, sign_event
from core.wire.kind import CentreOpened
from core.wire.payload import StaffPayload
from server.frames import without_payload
from server.store import events, references
from server.store.centre import INCARNATION, OPENED, centre_head
from server.store.events import LogRow
from server.store.settings import JUDGED, read_epoch, read_number, write_number
from server.views.centre import CentreFact, fold_centre

CENTRE = Who(role="server", id=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreEntry:
    """An entry to be; ``login`` and ``reason`` go into its payload, None for what nobody typed.

    Some kinds have a payload of their own, which then says both.
    """

    kind: str
    body: msgspec.Struct
    login: str | None = None
    reason: str = ""
    payload: msgspec.Struct | None = None


def append_centre(
    connection: Connection, entries: Sequence[CentreEntry], *, key: SigningKey, now_ms: int
) -> tuple[Link, ...]:
    """Add entries to the end of the centre's log; the first use of a key opens its chain."""
    seq, prev = centre_head(connection, key)
    wanted = list(entries)
    if seq == 0:
        wanted.insert(0, CentreEntry(kind=OPENED, body=CentreOpened(key=key.public)))
    epoch, ref = read_epoch(connection), references.stamp(connection)
    index = events.last_index(connection)
    links: list[Link] = []
    rows: list[LogRow] = []
    for each in wanted:
        seq, index = seq + 1, index + 1
        payload = _payload(each)
        entry = Event(
            v=1,
            dev=key.id,
            inc=INCARNATION,
            seq=seq,
            prev=prev,
            kind=each.kind,
            t=now_ms,
            m=now_ms,
            boot=epoch,
            bcn=None,
            ref=ref,
            who=CENTRE,
            body=msgspec.to_builtins(each.body, builtin_types=(bytes,)),
            ph=None if payload is None else payload_hash(payload),
        )
        frame = sign_event(entry, key, payload)
        link = Link(frame=frame, event=entry, hash=frame.hash)
        links.append(link)
        prev = link.hash
        rows.append(
            LogRow(
                log_index=index,
                dev=key.id,
                inc=INCARNATION,
                seq=seq,
                eh=link.hash,
                kind=each.kind,
                recv_ms=now_ms,
                frame=without_payload(encode_frame(frame), payload),
                payload=payload,
            )
        )
    events.append(connection, rows)
    if read_number(connection, JUDGED) == index - len(rows):
        write_number(connection, JUDGED, index)  # the centre's own acts wait for no verdict
    fold_centre(
        connection,
        [
            CentreFact(eh=row.eh, event=link.event, log_index=row.log_index, recv_ms=now_ms)
            for row, link in zip(rows, links, strict=True)
        ],
    )
    return tuple(links[len(links) - len(entries) :])


def _payload(entry: CentreEntry) -> bytes | None:
    if entry.payload is not None:
        return to_wire(entry.payload)
    if entry.login is None:
        return None
    return to_wire(
        StaffPayload(salt=secrets.token_bytes(SALT_BYTES), login=entry.login, reason=entry.reason)
    )
