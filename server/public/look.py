"""What the log says to a receipt or a 封箱碼 that somebody holds. No page, no request."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from core.sealing import SigningKey
from core.season.address import from_base32
from core.season.seal_code import Misheard, decode_seal_code
from core.wire.canon import typed
from core.wire.event import decode_frame, read_event
from core.wire.fault import WireError
from core.wire.kind import KeyRotation
from core.wire.receipt import (
    Receipt,
    ShortReceipt,
    check_code,
    claimed_place,
    from_base45,
    open_receipt,
    parse_short,
)
from server.season.witness import Place, Way, begins, find_place, leave_witness
from server.store.events import places
from server.store.settings import RESTORED_MS, read_number
from server.store.tables import certificate, device, event, head

MINUTE_MS = 60_000
RECEIPT_BYTES = frozenset({109, 114})
CODE_LETTERS = 40
"""At most, with whatever stands between the groups; a receipt has over 160."""
TEXT_AT_MOST = 600


class Standing(StrEnum):
    """What can be said of it."""

    DELIVERED = "delivered"
    MOVED = "moved"
    WAITING = "waiting"
    AWAITED = "awaited"
    DIFFERENT = "different"
    DISPLACED = "displaced"
    DISPUTED = "disputed"
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    MISHEARD = "misheard"


HERE = frozenset({Standing.DELIVERED, Standing.MOVED})
"""The entry is in the log, as whoever asks holds it."""


class Brought(StrEnum):
    """What somebody holds."""

    DEVICE_RECEIPT = "device_receipt"
    SERVER_RECEIPT = "server_receipt"
    SEAL_CODE = "seal_code"
    SHORT_RECEIPT = "short_receipt"
    SOMETHING = "something"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the page says. Nothing in it is about a person.

    ``log_index`` is what a receipt names, where that is another than the entry's place.
    """

    brought: Brought
    standing: Standing
    machine: str | None = None
    inc: int | None = None
    seq: int | None = None
    minute_ms: int | None = None
    code: str | None = None
    place: Place | None = None
    log_index: int | None = None
    known_ms: int | None = None
    groups: tuple[int, ...] = ()
    head: bytes = b""
    device_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was brought, read as far as it goes without the log."""

    brought: Brought
    signed: bytes = b""
    beginning: bytes = b""
    short: ShortReceipt | None = None
    groups: tuple[int, ...] = ()
    standing: Standing | None = None


def read_text(text: str) -> Asked:
    """What the text of a QR code, or what somebody typed, may be."""
    text = text.strip()[:TEXT_AT_MOST]
    if text[:4].upper() == "HTTP" and "/V/" in text.upper():
        text = text[text.upper().rindex("/V/") + 3 :]
    with suppress(WireError):
        return Asked(brought=Brought.SHORT_RECEIPT, short=parse_short(text))
    if len(text) <= CODE_LETTERS:
        told = decode_seal_code(text)
        if isinstance(told, Misheard):
            return Asked(brought=Brought.SEAL_CODE, standing=Standing.MISHEARD, groups=told.groups)
        return Asked(brought=Brought.SEAL_CODE, beginning=told)
    for read in (from_base32, from_base45):
        try:
            signed = read(text.upper())
        except WireError:
            continue
        if len(signed) in RECEIPT_BYTES:
            return Asked(brought=_kind(signed), signed=signed)
    return Asked(brought=Brought.SOMETHING, standing=Standing.UNREADABLE)


def look(connection: Connection, asked: Asked, centre_keys: Sequence[bytes]) -> Answer:
    """What the log says; ``centre_keys`` are the receipt keys the trust document names."""
    if asked.standing is not None:
        return Answer(brought=asked.brought, standing=asked.standing, groups=asked.groups)
    if asked.short is not None:
        return _short(connection, asked.short)
    match asked.brought:
        case Brought.SERVER_RECEIPT:
            receipt = _opened(asked.signed, centre_keys)
            return _not_ours(asked) if receipt is None else _server(connection, receipt, asked)
        case Brought.DEVICE_RECEIPT:
            return _device(connection, asked)
        case _:
            return _seal(connection, asked.beginning)


def keep(
    connection: Connection, asked: Asked, answer: Answer, *, key: SigningKey, now_ms: int
) -> Answer:
    """Leave the head as a witness where that can prove something later.

    A short receipt cannot: of 40 bits anybody finds a second log that begins so.
    """
    if answer.standing is not Standing.WAITING or not answer.head:
        return answer
    way = Way.RECEIPT if asked.brought is Brought.DEVICE_RECEIPT else Way.PAGE
    left = leave_witness(
        connection, answer.head, way, device_id=answer.device_id, key=key, now_ms=now_ms
    )
    return replace(answer, known_ms=left.t_ms if left.kept else None)


def _device(connection: Connection, asked: Asked) -> Answer:
    row = _speaker(connection, asked.signed)
    receipt = None if row is None else _opened(asked.signed, _keys(connection, row))
    if row is None or receipt is None:
        return _not_ours(asked)
    answer = replace(
        _about(connection, Brought.DEVICE_RECEIPT, receipt, row.name), device_id=row.dev
    )
    if row.quarantined_ms is not None and answer.standing is not Standing.DELIVERED:
        return replace(answer, standing=Standing.DISPUTED)
    return answer


def _server(connection: Connection, receipt: Receipt, asked: Asked) -> Answer:
    row = _speaker(connection, asked.signed)
    name = None if row is None else row.name
    answer = _about(connection, Brought.SERVER_RECEIPT, receipt, name)
    place = answer.place
    if answer.standing is Standing.WAITING:
        awaited = _is_from_before(connection, receipt)
        return replace(answer, standing=Standing.AWAITED if awaited else Standing.DIFFERENT)
    if place and answer.standing is Standing.DELIVERED and place.log_index != receipt.log_index:
        moved = _is_from_before(connection, receipt)
        standing = Standing.MOVED if moved else Standing.DISPLACED
        return replace(answer, standing=standing, log_index=receipt.log_index)
    return answer


def _is_from_before(connection: Connection, receipt: Receipt) -> bool:
    """Whether the server was restored since it gave this receipt.

    Such a server waits for what machines send it again, and numbers it anew (PROTOCOL 2.12). Of no
    other may an entry be missing or at another place than its receipt names.
    """
    return receipt.minute * MINUTE_MS <= read_number(connection, RESTORED_MS)


def _about(
    connection: Connection, brought: Brought, receipt: Receipt, machine: str | None
) -> Answer:
    place = find_place(connection, receipt.event)
    answer = Answer(
        brought=brought,
        standing=Standing.WAITING,
        machine=machine,
        inc=receipt.inc,
        seq=receipt.seq,
        minute_ms=receipt.minute * MINUTE_MS,
        code=check_code(receipt.event),
        place=place,
        head=receipt.event,
    )
    if place is not None:
        said = (place.dev[:8], place.inc, place.seq)
        agrees = said == (receipt.device, receipt.inc, receipt.seq)
        return replace(answer, standing=Standing.DELIVERED if agrees else Standing.DIFFERENT)
    taken = select(event.c.eh).where(
        begins(event.c.dev, receipt.device),
        event.c.inc == receipt.inc,
        event.c.seq == receipt.seq,
    )
    other = connection.execute(taken).first() is not None
    return replace(answer, standing=Standing.DIFFERENT) if other else answer


def _seal(connection: Connection, beginning: bytes) -> Answer:
    place = find_place(connection, beginning)
    if place is None:
        return Answer(brought=Brought.SEAL_CODE, standing=Standing.WAITING, head=beginning)
    name = select(device.c.name).where(device.c.dev == place.dev)
    return Answer(
        brought=Brought.SEAL_CODE,
        standing=Standing.DELIVERED,
        machine=connection.execute(name).scalar(),
        inc=place.inc,
        seq=place.seq,
        code=check_code(place.eh),
        place=place,
    )


def _short(connection: Connection, short: ShortReceipt) -> Answer:
    """Whether an entry of that number and beginning is here, of a machine so named."""
    entry = places()
    rows = connection.execute(
        select(entry.c.eh, device.c.name)
        .join(device, device.c.dev == entry.c.dev)
        .where(begins(entry.c.eh, short.event), entry.c.seq == short.seq)
        .order_by(entry.c.log_index)
    )
    named = (row for row in rows if _digits(row.name)[-4:].zfill(4) == short.machine)
    found = next(named, None)
    answer = Answer(
        brought=Brought.SHORT_RECEIPT,
        standing=Standing.WAITING,
        code=check_code(short.event),
    )
    place = None if found is None else find_place(connection, found.eh)
    if found is None or place is None:
        return answer
    return replace(
        answer,
        standing=Standing.DELIVERED,
        machine=found.name,
        inc=place.inc,
        seq=place.seq,
        place=place,
    )


def _digits(name: str) -> str:
    return "".join(each for each in name if each.isascii() and each.isdecimal())


def _speaker(connection: Connection, signed: bytes) -> Row[*tuple[Any, ...]] | None:
    """The machine a receipt claims to be of, with the certificate of that incarnation."""
    short, inc = claimed_place(signed)
    return connection.execute(
        select(head.c.dev, head.c.inc, head.c.quarantined_ms, device.c.name, certificate.c.key)
        .join(certificate, certificate.c.hash == head.c.certificate)
        .join(device, device.c.dev == head.c.dev)
        .where(begins(head.c.dev, short), head.c.inc == inc)
        .limit(1)
    ).one_or_none()


def _keys(connection: Connection, row: Row[*tuple[Any, ...]]) -> Iterable[bytes]:
    """The key of the certificate, and those the log was handed over to."""
    rotations = connection.execute(
        select(event.c.frame).where(
            event.c.dev == row.dev, event.c.inc == row.inc, event.c.kind == "key.rotate"
        )
    ).scalars()
    return [row.key, *map(key_given, rotations)]


def key_given(frame: bytes) -> bytes:
    """The raw public key that a stored ``key.rotate`` entry hands its log over to."""
    return typed(read_event(decode_frame(frame)).body, KeyRotation).key


def _opened(signed: bytes, keys: Iterable[bytes]) -> Receipt | None:
    for key in keys:
        try:
            return open_receipt(signed, key)
        except WireError:
            continue
    return None


def _kind(signed: bytes) -> Brought:
    return Brought.SERVER_RECEIPT if signed[0] == 2 else Brought.DEVICE_RECEIPT  # noqa: PLR2004


def _not_ours(asked: Asked) -> Answer:
    return Answer(brought=asked.brought, standing=Standing.NOT_OURS)
