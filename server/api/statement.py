"""What a machine or a desk says under its key over a fresh beacon, so it cannot be repeated."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import msgspec
from sqlalchemy import Connection

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.beacon import HeadStatement
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import open_document, split_document
from core.wire.errand import Errand
from core.wire.fault import WireError
from core.wire.incident import Incident
from server.api.answers import ProblemError
from server.context import Context
from server.identity import Identity
from server.store.identities import incarnation_of, withdrawals

STATEMENT_BYTES = 4096
Said = HeadStatement | Errand | Incident
"""Names the machine, its incarnation, how long its log is, and a beacon it has seen."""
T = TypeVar("T", bound=msgspec.Struct)


def claimed(data: bytes, schema: type[T]) -> T:
    """What the document says, not verified: only to look up whose key must have signed it.

    Raises:
        ProblemError: 400 when it is no such document.
    """
    try:
        return from_wire(split_document(data)[0], schema, FILE_LIMITS)
    except WireError as error:
        raise ProblemError(400, error.code) from error


def opened(kind: SignatureType, data: bytes, schema: type[T], keys: Mapping[bytes, bytes]) -> T:
    """The document, signed by one of ``keys``.

    Raises:
        ProblemError: 403 when it is not.
    """
    try:
        return open_document(kind, data, schema, keys)
    except WireError as error:
        raise ProblemError(403, error.code) from error


def verified(
    data: bytes, keys: Mapping[bytes, bytes], purpose: Literal["inbox", "enrol"]
) -> HeadStatement:
    """The statement, signed by one of ``keys`` for this purpose.

    Raises:
        ProblemError: 403 when it is not.
    """
    statement = opened(SignatureType.HEAD, data, HeadStatement, keys)
    if statement.purpose != purpose:
        raise ProblemError(403, "purpose")
    return statement


async def believe(
    context: Context, dev: bytes, said: Said, verify: Callable[[Mapping[bytes, bytes]], object]
) -> None:
    """Make sure that the machine ``dev`` says this itself, and now.

    Args:
        context: The server.
        dev: The machine the request is addressed as.
        said: What it claims.
        verify: Opens the document under the machine's key in force; raises when it is another's.

    Raises:
        ProblemError: 401, 403 or 410 when it is not; 404 when its beacon is not a fresh one.
    """
    if said.dev != dev:
        raise ProblemError(403, "other_device")
    identity = await context.store.read(
        lambda connection: _admitted(connection, context, dev, said.inc)
    )
    key = identity.key_at(said.seq + 1)
    verify({key_id(key): key})
    if not context.beacons.fresh(dev, said.beacon, context.now_ms()):
        raise ProblemError(404, "beacon_unknown")  # 404 means: fetch a beacon and ask again


def _admitted(connection: Connection, context: Context, dev: bytes, inc: int) -> Identity:
    """The machine as it may speak for itself now.

    Raises:
        ProblemError: 401 when it is unknown, 410 when it is revoked or retired.
    """
    identity = context.directory.machine(connection, dev).get(inc)  # it may have another key now
    if identity is None:
        raise ProblemError(401, "device_unknown")
    if (dev, inc) in withdrawals(connection, [(dev, inc)]):
        raise ProblemError(410, "revoked")
    if incarnation_of(connection, dev) != inc:
        raise ProblemError(410, "retired")
    return identity
