"""Parcels from a stick into the log, by the same ingest as the line, and the answers to them.

A parcel counts from the moment it is taken in here: that time is an outside witness.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal

from aiohttp import web
from sqlalchemy import Connection, select

from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import sign_document, split_document
from core.wire.fault import WireError
from core.wire.manifest import AnswerManifest, ParcelManifest
from core.wire.reference import Snapshot
from core.wire.usb import (
    DOCUMENTS_AT_MOST,
    INBOX_AT_MOST,
    MEBIBYTE,
    AnswerContent,
    Parcel,
    documents_of,
    read_parcel,
    write_answer,
)
from server import inbox
from server.api.answers import ProblemError
from server.api.beacon import compose_beacon
from server.api.enrolment import keep_form
from server.application import create_app
from server.certification import readmit
from server.config import ServerConfig
from server.context import CONTEXT, Context
from server.ingest import Answer, Sender
from server.store import enrolments, references, trusts
from server.store.enrolments import EnrolmentState
from server.store.identities import find_device, incarnation_of, withdrawals
from server.store.tables import head

INBOX_BYTES = 4 * MEBIBYTE
FILES_BYTES = 10 * MEBIBYTE
HASH_BYTES, ID_BYTES = 32, 16
FormState = Literal["pending", "granted", "refused"]
STATES: Mapping[EnrolmentState, FormState] = MappingProxyType(
    {
        EnrolmentState.PENDING: "pending",
        EnrolmentState.GRANTED: "granted",
        EnrolmentState.REFUSED: "refused",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a parcel; ``answer`` are the bytes of the file to carry back.

    ``code`` is that of the first batch that was not taken whole, or ``ok``; ``through`` the
    server's head; ``added`` entries are new.
    """

    manifest: ParcelManifest
    code: str
    through: int
    added: int
    inbox: int
    answer: bytes = field(repr=False)


@asynccontextmanager
async def open_server(config: ServerConfig) -> AsyncIterator[Context]:
    """The server's parts at work without a socket, beside a running server or alone.

    Raises:
        KeysError: The home folder has no usable keys.
    """
    runner = web.AppRunner(create_app(config), access_log=None)
    await runner.setup()
    try:
        yield runner.app[CONTEXT]
    finally:
        await runner.cleanup()


async def take(context: Context, private: Sequence[bytes], data: bytes) -> Taken:
    """Give a parcel's batches to the ingest, and write the answer.

    Args:
        context: A server at work.
        private: Raw seal keys, the newest and those before it.
        data: The whole file.

    Raises:
        WireError: Not a parcel of a machine of ours; nothing was taken.
        StoreError: The database refused; taking it again goes on.
    """
    await readmit(context, documents_of(data))
    parcel = await asyncio.to_thread(read_parcel, data, partial(_key_of, context), private)
    await readmit(context, parcel.certificates)
    manifest = parcel.manifest
    before = await context.store.read(lambda connection: _seq(connection, manifest))
    answers = [await _give(context, parcel, batch) for batch in parcel.batches]
    await _keep_forms(context, parcel.forms)
    said = await context.store.read(lambda connection: _say(connection, context, parcel))
    acks = tuple(each.ack for each in answers if each.ack is not None)
    content = AnswerContent(
        acks=acks,
        beacon=said.beacon,
        inbox=said.inbox,
        snapshot=said.snapshot,
        files=said.files,
        forms=said.forms,
    )
    answer = write_answer(
        AnswerManifest(
            way="answer",
            dev=manifest.dev,
            inc=manifest.inc,
            first=manifest.first,
            last=manifest.last,
            hash=bytes(HASH_BYTES),
            size=0,
            seal=bytes(ID_BYTES),
            documents=bytes(HASH_BYTES),
            parcel=hashlib.sha256(data).digest(),
            t=said.t,
        ),
        content,
        context.keys.receipt,
        manifest.reply,
        said.documents,
    )
    after = await context.store.read(lambda connection: _seq(connection, manifest))
    refused = (each.code for each in answers if each.code != "ok")
    return Taken(
        manifest=manifest,
        code=next(refused, "ok"),
        through=after,
        added=after - before,
        inbox=len(said.inbox),
        answer=answer,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What goes into an answer, read in one state of the database."""

    t: int
    beacon: bytes
    documents: tuple[bytes, ...]
    inbox: tuple[bytes, ...]
    snapshot: bytes | None
    files: tuple[bytes, ...]
    forms: tuple[tuple[bytes, FormState, bytes | None], ...]


async def _give(context: Context, parcel: Parcel, batch: bytes) -> Answer:
    """One batch to where uploads go."""
    ingest, sender = context.ingest, Sender(dev=parcel.manifest.dev, address="")
    if parcel.manifest.purpose == "evidence":
        return await ingest.keep_evidence(sender, batch)
    return await ingest.receive(sender, batch)


async def _keep_forms(context: Context, forms: Sequence[bytes]) -> None:
    """Leave officers' requests for the desk; one that is none is nobody's."""
    for form in forms:
        try:
            await keep_form(context, form)
        except (WireError, ProblemError):
            continue


def _key_of(context: Context, dev: bytes, inc: int, seq: int) -> bytes | None:
    with context.store.reading() as connection:
        identity = find_device(connection, dev, inc)
    return None if identity is None else identity.key_at(seq)


def _seq(connection: Connection, manifest: ParcelManifest) -> int:
    """Up to which entry the log of this machine is here."""
    mine = (head.c.dev == manifest.dev) & (head.c.inc == manifest.inc)
    return connection.execute(select(head.c.seq).where(mine)).scalar_one_or_none() or 0


def _say(connection: Connection, context: Context, parcel: Parcel) -> _Said:
    manifest = parcel.manifest
    beacon, _ = compose_beacon(connection, context, manifest.dev, manifest.nonce)
    snapshot, files = _news(connection, manifest)
    return _Said(
        t=beacon.t,
        beacon=sign_document(SignatureType.BEACON, beacon, context.keys.beacon),
        documents=tuple(_successors(connection, manifest.trust, context.keys.trust.v)),
        inbox=_inbox(connection, manifest),
        snapshot=snapshot,
        files=files,
        forms=tuple(_forms(connection, parcel.forms)),
    )


def _successors(connection: Connection, known: int, newest: int) -> Iterator[bytes]:
    """Trust documents after the one a machine has, one by one; more come with the next answer."""
    for version in range(known + 1, min(newest, known + DOCUMENTS_AT_MOST) + 1):
        document = trusts.find(connection, version)
        if document is None:
            return  # those behind a gap lead nowhere
        yield document


def _inbox(connection: Connection, manifest: ParcelManifest) -> tuple[bytes, ...]:
    """What the machine lacks of its inbox, if it may still read it; in all as a file holds."""
    dev, inc = manifest.dev, manifest.inc
    if (dev, inc) in withdrawals(connection, [(dev, inc)]):
        return ()
    if incarnation_of(connection, dev) != inc:
        return ()
    frames: list[bytes] = []
    size = 0
    while page := inbox.page(connection, dev, manifest.inbox + len(frames)):
        for frame in page:
            size += len(frame)
            if size > INBOX_BYTES or len(frames) == INBOX_AT_MOST:
                return tuple(frames)
            frames.append(frame)
    return tuple(frames)


def _news(
    connection: Connection, manifest: ParcelManifest
) -> tuple[bytes | None, tuple[bytes, ...]]:
    """The published lists, without files that the machine has; nothing if it has them all."""
    newest = references.current(connection)
    if newest is None or manifest.snapshot == (newest.version, newest.hash):
        return None, ()
    known = references.find_snapshot(connection, *manifest.snapshot)
    here = frozenset() if known is None else frozenset(_hashes(known))
    files = []
    for sha256 in sorted(_hashes(newest.signed) - here):
        data = references.find_file(connection, sha256)
        if data is not None:
            files.append(data)
    if sum(map(len, files)) > FILES_BYTES:
        return None, ()  # the rest of the answer matters more
    return newest.signed, tuple(files)


def _hashes(signed: bytes) -> frozenset[bytes]:
    snapshot = from_wire(split_document(signed)[0], Snapshot, FILE_LIMITS)
    return frozenset(sha256 for _, _, sha256 in snapshot.files.values())


def _forms(
    connection: Connection, forms: Sequence[bytes]
) -> Iterator[tuple[bytes, FormState, bytes | None]]:
    """How far each request has come; those that found no room come again with the next parcel."""
    for form in forms:
        found = enrolments.find(connection, enrolments.enrolment_id(form))
        if found is not None:
            yield found.id, STATES[found.state], found.grant
