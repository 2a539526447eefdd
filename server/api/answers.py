"""What every handler of ``/v1`` shares: reading bounded bodies, codes as answers."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import structlog
from aiohttp import hdrs, web

from core.wire.fault import WireError
from server.attendance import ATTENDANCE
from server.context import CONTEXT, Context
from server.limiter import address_of
from server.store.writer import BusyError, StoreError

BINARY = "application/octet-stream"
MACHINE_PATHS = "/v1/"
LOWER_HEX = re.compile("[0-9a-f]*")
RETRY_SOON_S, RETRY_LATER_S = 2, 10
PIECE_BYTES = 64 * 1024
log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ProblemError(Exception):
    """An answer other than success: an HTTP status and a code for machines."""

    def __init__(self, status: int, code: str, retry_after_s: int | None = None) -> None:
        """Keep all three."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s


def problem(status: int, code: str, retry_after_s: int | None = None) -> web.Response:
    """``{"code": …}``, with ``Retry-After`` when it is worth trying again."""
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return web.json_response({"code": code}, status=status, headers=headers)


def binary(body: bytes, status: int = 200) -> web.Response:
    """Signed or canonical bytes."""
    return web.Response(body=body, status=status, content_type=BINARY)


async def sent(request: web.Request, body: bytes, headers: Mapping[str, str]) -> web.StreamResponse:
    """Large bytes, sent in pieces before this returns: under the deadline of its request.

    A body that is handed over whole lies in memory, once for each who asks and does not read.
    HEAD is answered by its size: bytes behind that would be taken for the next answer.
    """
    response = web.StreamResponse(headers=headers)
    response.content_type, response.content_length = BINARY, len(body)
    await response.prepare(request)
    wanted = b"" if request.method == hdrs.METH_HEAD else body
    try:
        for begin in range(0, len(wanted), PIECE_BYTES):
            await response.write(wanted[begin : begin + PIECE_BYTES])
        await response.write_eof()
    except asyncio.CancelledError:  # the deadline: what was begun has no other end
        if request.transport is not None:
            request.transport.abort()
        raise
    return response


class Room:
    """Memory for one body, taken as the body arrives: what is only promised costs nobody."""

    def __init__(self, reserve: Callable[[int], bool], release: Callable[[int], None]) -> None:
        """Nothing is taken yet."""
        self._reserve, self._release = reserve, release
        self._taken = 0

    def take(self, size: int) -> None:
        """Room for ``size`` bytes more.

        Raises:
            ProblemError: 503 when as much as may be is under way already.
        """
        if not self._reserve(size):
            raise ProblemError(503, "busy", RETRY_SOON_S)
        self._taken += size

    def give_back(self) -> None:
        """The body is done with."""
        self._release(self._taken)
        self._taken = 0


async def read_body(request: web.Request, limit: int, room: Room | None = None) -> bytes:
    """The whole body, never more than ``limit`` bytes of memory for it.

    Raises:
        ProblemError: 413 when it is larger, 400 when it is compressed by someone else, 503 when
        there is no ``room``.
    """
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise ProblemError(400, "content_encoding")
    if (request.content_length or 0) > limit:
        raise ProblemError(413, "too_large")
    body = bytearray()
    async for chunk in request.content.iter_any():
        if len(body) + len(chunk) > limit:
            raise ProblemError(413, "too_large")
        if room is not None:
            room.take(len(chunk))
        body += chunk
    return bytes(body)


@contextmanager
def room_for(context: Context) -> Iterator[Room]:
    """Memory for the body of a machine, given back at the end."""
    with _lent(Room(context.ingest.reserve, context.ingest.release)) as room:
        yield room


@contextmanager
def room_for_strangers(request: web.Request) -> Iterator[Room]:
    """Memory for a body that anybody may send: none of what is set aside for machines."""
    strangers, address = request.app[CONTEXT].strangers, address_of(request)
    take, give_back = partial(strangers.take, address), partial(strangers.give_back, address)
    with _lent(Room(take, give_back)) as room:
        yield room


@contextmanager
def _lent(room: Room) -> Iterator[Room]:
    try:
        yield room
    finally:
        room.give_back()


@contextmanager
def turn(context: Context, name: bytes, refusal: ProblemError) -> Iterator[None]:
    """A place under this name, given up at the end.

    Raises:
        ProblemError: ``refusal``, while as many as may have a place under it.
    """
    if not context.ingest.arrive(name):
        raise refusal
    try:
        yield
    finally:
        context.ingest.depart(name)


def hex_parameter(text: str, size: int) -> bytes:
    """``size`` bytes written in lower-case hex.

    Raises:
        ProblemError: 400 when it is anything else.
    """
    if len(text) != 2 * size or LOWER_HEX.fullmatch(text) is None:
        raise ProblemError(400, "parameter")
    return bytes.fromhex(text)


@web.middleware
async def codes_for_machines(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Under ``/v1/`` every refusal carries a code, and nobody takes longer than the deadline."""
    ours = request.path.startswith(MACHINE_PATHS)
    deadline_s = request.app[CONTEXT].config.limits.deadline_s if ours else None
    try:
        with request.app[ATTENDANCE].serving(request.protocol):
            async with asyncio.timeout(deadline_s):
                return await handler(request)
    except (ProblemError, WireError, StoreError, TimeoutError, web.HTTPException) as error:
        if not ours:
            raise
        return _told(error)


def _told(error: Exception) -> web.Response:
    match error:
        case ProblemError(status=status, code=code, retry_after_s=retry_after_s):
            return problem(status, code, retry_after_s)
        case WireError(code=code):
            return problem(400, code)
        case BusyError():
            return problem(503, "busy", RETRY_SOON_S)
        case StoreError(__cause__=cause):
            # The cause's own words may hold a row, and rows are personal data.
            log.error("store_failed", cause=type(cause).__name__)
            return problem(503, "store", RETRY_LATER_S)
        case web.HTTPException(status=status, reason=reason):
            return problem(status, reason.lower().replace(" ", "_"))
        case _:
            return problem(408, "timeout")
