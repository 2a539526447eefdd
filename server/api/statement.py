"""Questions that only the key holder may ask, bound to a beacon so that they cannot be repeated."""

from collections.abc import Mapping
from typing import Literal

from core.signature import SignatureType
from core.wire.beacon import HeadStatement
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import open_document, split_document
from core.wire.fault import WireError
from server.api.answers import ProblemError

STATEMENT_BYTES = 4096


def claimed(data: bytes) -> HeadStatement:
    """What the statement says, not verified: only to look up whose key must have signed it.

    Raises:
        ProblemError: 400 when it is not a statement.
    """
    try:
        return from_wire(split_document(data)[0], HeadStatement, FILE_LIMITS)
    except WireError as error:
        raise ProblemError(400, error.code) from error


def verified(
    data: bytes, keys: Mapping[bytes, bytes], purpose: Literal["inbox", "enrol"]
) -> HeadStatement:
    """The statement, signed by one of ``keys`` for this purpose.

    Raises:
        ProblemError: 403 when it is not.
    """
    try:
        statement = open_document(SignatureType.HEAD, data, HeadStatement, keys)
    except WireError as error:
        raise ProblemError(403, error.code) from error
    if statement.purpose != purpose:
        raise ProblemError(403, "purpose")
    return statement
