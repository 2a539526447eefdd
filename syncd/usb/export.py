"""The log onto a stick: which entries, in which files, written so that they are there (2.13).

A copy, not a move: entries stay pending until an answer or the line says that they arrived.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field

from core.sealing import SigningKey
from core.wire.chain import Head
from core.wire.event import SYSTEM
from core.wire.fault import WireError
from core.wire.kind import Transfer
from core.wire.manifest import ParcelManifest
from core.wire.reference import Trust
from core.wire.rotation import KIND as ROTATION
from core.wire.rotation import statement
from core.wire.stick import Plan, Stick, StickError, carry_out, confirm, find, place
from core.wire.talk import BATCH
from core.wire.usb import (
    BATCHES_AT_MOST,
    DOCUMENTS_AT_MOST,
    FILE_BYTES,
    PARCEL_BYTES,
    SHORT_LIST,
    ParcelContent,
    check_parcel,
    file_name,
    write_parcel,
)
from syncd.courier import stored_trust
from syncd.kit import Clock
from syncd.parcel import Parcels
from syncd.store.database import Store
from syncd.store.fault import KeyChanged, StoreFull
from syncd.store.identity import Identity
from syncd.store.ledger import Entry

NONCE_BYTES = 16
HASH_BYTES = 32
NO_REFERENCE = (0, bytes(8))
ABOUT_STICKS = "usb.export"
CREDENTIALS_EACH = DOCUMENTS_AT_MOST // 2


class UnenrolledError(Exception):
    """A machine without certificate has nothing to carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What makes parcels of one machine. ``reply`` is its raw public seal key.

    ``file_bytes``: batches in one file, at most.
    """

    store: Store
    key_at: Callable[[int], SigningKey]
    key: SigningKey
    reply: bytes
    clock: Clock
    random_bytes: Callable[[int], bytes]
    file_bytes: int = PARCEL_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """One file to be on the stick. ``evidence``: for people to judge, the log is closed."""

    name: str
    first: int
    last: int
    evidence: bool
    head: bytes
    seal: bytes
    key: bytes = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One file on the stick, read back. ``written`` 0: it was there already."""

    name: str
    first: int
    last: int
    written: int


def export(
    sender: Sender,
    open_stick: Callable[[], AbstractContextManager[Stick]],
    wait: Callable[[], bool],
) -> Iterator[Carried]:
    """Put everything on the stick, file by file.

    Args:
        sender: Whose log.
        open_stick: Opens the folder anew, at first and after it was pulled out.
        wait: Called when the stick is gone; whether to look for it again.

    Raises:
        StickError: What a person has to mend; what is on the stick already stays good.
        UnenrolledError: There is no log.
        StoreError: As the store.
    """
    for consignment in consignments(sender):
        while True:
            try:
                with open_stick() as stick:
                    done = deliver(sender, consignment, stick)
            except StickError as error:
                if error.code == "gone" and wait():
                    continue
                raise
            break
        yield done


def consignments(sender: Sender) -> Iterator[Consignment]:
    """Files that carry everything the server has not confirmed; at least the newest entry.

    A machine with nothing to send asks for an answer that way.

    Raises:
        UnenrolledError: There is no log.
        KeyChanged: Nobody could verify what this key signs.
        StoreError: As the store.
    """
    identity, head = sender.store.identity.read(), sender.store.ledger.head()
    if identity is None or head is None or head.seq == 0:
        raise UnenrolledError
    if sender.key.public != sender.store.ledger.key_at(head.seq + 1):
        raise KeyChanged("another log key")
    evidence = not sender.store.link_state.read().client.may_write
    first, last = (1, head.seq) if evidence else _pending(sender.store, head)
    parcels = Parcels(sender.store, sender.key_at)
    while first <= last:
        made = _consignment(sender, identity, parcels, first, last, evidence=evidence)
        yield made
        first = made.last + 1


def deliver(sender: Sender, consignment: Consignment, stick: Stick) -> Carried:
    """Put a file on the stick and note it in the log; one that is there already is left alone.

    Raises:
        StickError: It is not there, or cannot be read back; nothing was noted.
        StoreError: As the store.
    """
    there = carry_out(_there(consignment.name), stick)
    found = None if there is None else _own(there, consignment)
    wanted = (consignment.head, consignment.seal)
    if there is not None and found is not None and (found.head, found.seal) == wanted:
        _note(sender, consignment, there)
        return _carried(consignment, 0)
    may_give_way = found is None or found.head == consignment.head
    done = carry_out(place(consignment.name, consignment.data, lambda _: may_give_way), stick)
    _note(sender, consignment, consignment.data)
    return _carried(consignment, done.written)


def _there(name: str) -> Plan[bytes | None]:
    """The file of that name, if there is one, as the stick holds it."""
    there = yield from find(name, FILE_BYTES)
    return None if there is None else (yield from confirm(name, FILE_BYTES))


def _pending(store: Store, head: Head) -> tuple[int, int]:
    """First and last entry to carry. Entries that only speak of sticks are no reason for a file."""
    first = min(store.outbox.through() + 1, head.seq)
    last = head.seq
    while last > first and _kind(store, last) == ABOUT_STICKS:
        last -= 1
    return first, last


def _kind(store: Store, seq: int) -> str:
    return store.ledger.links(seq, 1)[0].event.kind


def _consignment(  # noqa: PLR0913 - the parts of a file
    sender: Sender, identity: Identity, parcels: Parcels, first: int, last: int, *, evidence: bool
) -> Consignment:
    store, now = sender.store, sender.clock()
    epoch = store.link_state.read().epoch
    batches: list[bytes] = []
    size, end = 0, first - 1
    while end < last and len(batches) < BATCHES_AT_MOST:
        limit = min(BATCH, last - end)
        nonce = sender.random_bytes(NONCE_BYTES)
        batch = parcels.pack(end + 1, limit, epoch, nonce, now.boot_ms)
        if batch is None or (batches and size + len(batch.data) > sender.file_bytes):
            break
        batches.append(batch.data)
        size, end = size + len(batch.data), batch.last
    head = store.ledger.hash_at(end) or b""
    trust: Trust = stored_trust(identity)
    key = sender.key_at(first)
    manifest = ParcelManifest(
        way="parcel",
        dev=identity.device,
        inc=identity.inc,
        first=first,
        last=end,
        hash=bytes(HASH_BYTES),
        size=0,
        seal=bytes(NONCE_BYTES),
        documents=bytes(HASH_BYTES),
        purpose="evidence" if evidence else "log",
        head=head,
        count=end - first + 1,
        reply=sender.reply,
        snapshot=store.reference.version() or NO_REFERENCE,
        inbox=store.inbox.after(),
        trust=trust.v,
        nonce=sender.random_bytes(NONCE_BYTES),
        t=now.wall_ms,
    )
    forms = tuple(each.form for each in store.requests.open()[:SHORT_LIST])
    officers = tuple(each.document for each in store.officers.all()[-SHORT_LIST:])
    content = ParcelContent(batches=tuple(batches), forms=forms, certificates=officers)
    data = write_parcel(manifest, content, key, trust.seal, _credentials(store))
    sealed = check_parcel(data, key.public)
    return Consignment(
        name=file_name(sealed).text,
        first=first,
        last=end,
        evidence=evidence,
        head=head,
        seal=sealed.seal,
        key=key.public,
        data=data,
    )


def _credentials(store: Store) -> tuple[bytes, ...]:
    """By what a centre that was restored knows this machine again; the newest, if they are many."""
    certificates = store.identity.certificates()[-CREDENTIALS_EACH:]
    changes = store.ledger.of_kind(ROTATION)
    statements = [statement(each.event, store.ledger.key_at(each.event.seq)) for each in changes]
    return (*certificates, *statements[:CREDENTIALS_EACH])


def _own(data: bytes, consignment: Consignment) -> ParcelManifest | None:
    """The manifest of a whole file of this machine; None for one that is damaged."""
    try:
        manifest = check_parcel(data, consignment.key)
    except WireError:
        return None
    return manifest if file_name(manifest).text == consignment.name else None


def _note(sender: Sender, consignment: Consignment, data: bytes) -> None:
    """Write into the log, once, that this file is on a stick.

    Where this machine's own disk is full the file is there all the same, and so are those after it.
    """
    if consignment.evidence:
        return
    file = hashlib.sha256(data).digest()
    later = sender.store.ledger.links(consignment.last + 1, BATCH)
    if any(each.event.kind == ABOUT_STICKS and each.event.body["file"] == file for each in later):
        return
    body = Transfer(file=file, first=consignment.first, last=consignment.last)
    entry = Entry(kind=ABOUT_STICKS, body=body, who=SYSTEM)
    with suppress(StoreFull), sender.store.transaction():
        sender.store.ledger.append(entry, sender.clock(), sender.key)


def _carried(consignment: Consignment, written: int) -> Carried:
    return Carried(
        name=consignment.name,
        first=consignment.first,
        last=consignment.last,
        written=written,
    )
