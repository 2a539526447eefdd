"""The server's HTTP interface as values: what it answered, verified.

It decides nothing and retries nothing.

An answer counts only when it is ours: by signature, or by form for refusals. Everything else, such
as the
page of a captive portal, is no answer (`LineError`).
"""

import json
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp

from core.signature import SignatureType, digest
from core.wire.ack import Ack
from core.wire.batch import MEDIA_TYPE
from core.wire.beacon import Beacon, beacon_id
from core.wire.canon import FILE_LIMITS, Limits, decode, encode, from_wire, typed
from core.wire.document import open_document, split_document
from core.wire.errand import ErrandAnswer
from core.wire.event import Frame, decode_frame
from core.wire.fault import WireError
from core.wire.reference import FILE_BYTES, Trust, keys_by_id

TOTAL_S = 30  # PROTOCOL 2.7: deadline of a request
CONNECT_S = 10
SMALL_BYTES = 64 * 1024
DOCUMENT_BYTES = FILE_BYTES
INBOX_BYTES = 4 * 1024 * 1024
INBOX_LIMITS = Limits(size=INBOX_BYTES)
BINARY = "application/octet-stream"
OK = 200
ACCEPTED = 202
SIGNED_STATUSES = frozenset({OK, 409, 410, 422})
RETRY_LATER = frozenset({408, 413, 425, 429, *range(500, 600)})
SECOND_MS = 1000
RETRY_AFTER_DIGITS = 6
TICKET = re.compile(r"[0-9a-f]{16,128}")


class LineError(Exception):
    """No answer, or one that is not ours."""


class ForeignSignatureError(LineError):
    """An answer in our form under a key we do not know: perhaps the centre's keys changed."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not 2xx, in our form or one of those every proxy may give. ``code`` is empty without ours."""

    status: int
    code: str = ""
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBeacon:
    """A verified beacon.

    ``id`` (8 bytes) and ``digest`` (32) are over the bytes that were signed.
    """

    beacon: Beacon
    id: bytes
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAnswer:
    """A verified acknowledgement, its bytes and the status it came with."""

    status: int
    ack: Ack
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    body: bytes
    refusal: Refusal | None


class Client:
    """One server, one connection pool. Open it with ``async with``."""

    def __init__(
        self, server: str, ca_file: str | None = None, *, total_s: float = TOTAL_S
    ) -> None:
        """Name the server; ``ca_file`` narrows who may vouch for it.

        ``total_s`` is how long one request may take.
        """
        self._server = server.rstrip("/")
        self._ca_file = ca_file
        self._total_s = total_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        context = ssl.create_default_context(cafile=self._ca_file)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=context, limit=2),
            timeout=aiohttp.ClientTimeout(total=self._total_s, connect=CONNECT_S),
            # What was compressed by anyone but us would be unpacked without a limit.
            auto_decompress=False,
            headers={"Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def beacon(self, device: bytes, nonce: bytes, trust: Trust) -> SeenBeacon | Refusal:
        """Time, news and the server's head for this machine.

        Raises:
            LineError: No answer, another's signature, or the answer to another question.
        """
        query = {"dev": device.hex(), "nonce": nonce.hex()}
        answer = await self._call("GET", "/v1/beacon", query=query)
        if answer.refusal is not None:
            return answer.refusal
        try:
            beacon = open_document(
                SignatureType.BEACON, answer.body, Beacon, keys_by_id(trust.beacon)
            )
            body, _ = split_document(answer.body)
        except WireError as error:
            foreign = error.code == "signature"
            raise (ForeignSignatureError if foreign else LineError)(error.code) from error
        if beacon.nonce != nonce or beacon.dev != device:
            raise LineError("beacon: not to this question")
        return SeenBeacon(
            beacon=beacon, id=beacon_id(body), digest=digest(SignatureType.BEACON, body)
        )

    async def upload(
        self, device: bytes, batch: bytes, nonce: bytes, trust: Trust
    ) -> SignedAnswer | Refusal:
        """Send a batch; ``nonce`` is the one in its header.

        Raises:
            LineError: No answer, another's signature, or the answer to another batch.
        """
        path = f"/v1/log/{device.hex()}"
        answer = await self._call(
            "POST", path, body=batch, kind=MEDIA_TYPE, expected=SIGNED_STATUSES
        )
        if answer.refusal is not None:
            return answer.refusal
        code = _json_text(answer.body, "code")
        if code is not None and answer.status != OK:
            return Refusal(answer.status, code)
        try:
            ack = open_document(SignatureType.ACK, answer.body, Ack, keys_by_id(trust.receipt))
        except WireError as error:
            raise LineError(f"ack: {error.code}") from error
        if ack.nonce != nonce or ack.dev != device:
            raise LineError("ack: not to this batch")
        return SignedAnswer(status=answer.status, ack=ack, document=answer.body)

    async def evidence(self, device: bytes, batch: bytes) -> Refusal | None:
        """Send a batch to where forks are judged; None when it was taken.

        Raises:
            LineError: No answer, or one that is not ours.
        """
        answer = await self._call(
            "POST",
            f"/v1/evidence/{device.hex()}",
            body=batch,
            kind=MEDIA_TYPE,
            expected=frozenset({ACCEPTED}),
        )
        return _ours(answer, "code")

    async def inbox(self, device: bytes, statement: bytes) -> tuple[Frame, ...] | Refusal:
        """Frames of the server's log for this machine, not verified yet.

        Raises:
            LineError: No answer, or not a list of frames.
        """
        path = f"/v1/inbox/{device.hex()}"
        answer = await self._call("POST", path, body=statement, limit=INBOX_BYTES)
        if answer.refusal is not None:
            return answer.refusal
        try:
            rows = typed(decode(answer.body, INBOX_LIMITS), tuple[bytes, ...])
            return tuple(decode_frame(row) for row in rows)
        except WireError as error:
            raise LineError(f"inbox: {error.code}") from error

    async def trust(self, version: int) -> bytes | Refusal:
        """The trust document of that version, or the newest one; not verified yet.

        Raises:
            LineError: No answer.
        """
        answer = await self._call(
            "GET", "/v1/trust", query={"v": str(version)}, limit=DOCUMENT_BYTES
        )
        return answer.refusal or answer.body

    async def snapshot(self) -> bytes | Refusal:
        """The signed list of reference files, not verified yet.

        Raises:
            LineError: No answer.
        """
        answer = await self._call("GET", "/v1/snapshot", limit=DOCUMENT_BYTES)
        return answer.refusal or answer.body

    async def file(self, sha256: bytes, size: int) -> bytes | Refusal:
        """A reference file by its hash, at most ``size`` bytes; not checked yet.

        Raises:
            LineError: No answer, or more bytes than asked for.
        """
        answer = await self._call("GET", f"/v1/file/{sha256.hex()}", limit=size)
        return answer.refusal or answer.body

    async def delta(self, older: bytes, newer: bytes, size: int) -> bytes | Refusal:
        """What makes the file with one hash of that with another; at most ``size`` bytes.

        Raises:
            LineError: No answer, or more bytes than asked for.
        """
        path = f"/v1/delta/{older.hex()}/{newer.hex()}"
        answer = await self._call("GET", path, limit=size)
        return answer.refusal or answer.body

    async def request_enrolment(self, form: bytes) -> str | Refusal:
        """Post an `EnrolmentForm`; the ticket to ask for the answer with.

        Raises:
            LineError: No answer, or one that is not ours.
        """
        answer = await self._call("POST", "/v1/enrol", body=form, expected=frozenset({ACCEPTED}))
        if answer.refusal is not None:
            return answer.refusal
        ticket = _json_text(answer.body, "id")
        if ticket is None or not TICKET.fullmatch(ticket):
            raise LineError("enrolment: not our answer")
        return ticket

    async def present(self, certificates: Sequence[bytes]) -> Refusal | None:
        """Show certificates, of machines and of officers.

        Raises:
            LineError: No answer, or one that is not ours.
        """
        body = encode(list(certificates), FILE_LIMITS)
        return _ours(await self._call("POST", "/v1/certificates", body=body), "added")

    async def errand(self, device: bytes, document: bytes) -> ErrandAnswer | Refusal:
        """How a signed `Errand` stands.

        Raises:
            LineError: No answer, or not one of ours.
        """
        answer = await self._call("POST", f"/v1/errand/{device.hex()}", body=document)
        if answer.refusal is not None:
            return answer.refusal
        try:
            return from_wire(answer.body, ErrandAnswer)
        except WireError as error:
            raise LineError(f"errand: {error.code}") from error

    async def incident(self, device: bytes, document: bytes) -> Refusal | None:
        """Tell a signed `Incident`; None when the centre has it.

        Raises:
            LineError: No answer, or one that is not ours.
        """
        path = f"/v1/incident/{device.hex()}"
        expected = frozenset({ACCEPTED})
        return _ours(await self._call("POST", path, body=document, expected=expected), "number")

    async def enrolment(self, ticket: str) -> bytes | Refusal | None:
        """The desk's `Grant` in wire bytes; None while it has not decided.

        Raises:
            LineError: No answer.
        """
        path = f"/v1/enrol/{ticket}"
        decided_or_not = frozenset({OK, ACCEPTED})
        answer = await self._call("GET", path, limit=DOCUMENT_BYTES, expected=decided_or_not)
        if answer.status == ACCEPTED:
            return None
        return answer.refusal or answer.body

    async def _call(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        kind: str = BINARY,
        limit: int = SMALL_BYTES,
        expected: frozenset[int] = frozenset({OK}),
    ) -> _Answer:
        if self._session is None:
            raise RuntimeError("open the client with async with")
        headers = {} if body is None else {"Content-Type": kind}
        try:
            async with self._session.request(
                method,
                self._server + path,
                params=query,
                data=body,
                headers=headers,
                allow_redirects=False,
            ) as response:
                content = await _read(response, limit)
                return _judged(response, content, expected)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise LineError(type(error).__name__) from error


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(SMALL_BYTES):
        content += chunk
        if len(content) > limit:
            raise LineError("answer too large")
    return bytes(content)


def _judged(response: aiohttp.ClientResponse, content: bytes, expected: frozenset[int]) -> _Answer:
    status = response.status
    if status in expected:
        return _Answer(status=status, body=content, refusal=None)
    code = _json_text(content, "code")
    if code is None and status not in RETRY_LATER:
        raise LineError(f"status {status} without a code of ours")
    return _Answer(
        status=status, body=content, refusal=Refusal(status, code or "", _retry_after(response))
    )


def _ours(answer: _Answer, key: str) -> Refusal | None:
    """The refusal, if there is one. Whoever stands in the line may say yes to anything."""
    if answer.refusal is None and key not in _json_object(answer.body):
        raise LineError(f"status {answer.status} without a {key} of ours")
    return answer.refusal


def _retry_after(response: aiohttp.ClientResponse) -> int | None:
    """Seconds only; a date would need a clock we do not trust."""
    text = response.headers.get("Retry-After", "")
    seconds = text.isascii() and text.isdecimal() and len(text) <= RETRY_AFTER_DIGITS
    return int(text) * SECOND_MS if seconds else None


def _json_text(content: bytes, key: str) -> str | None:
    found = _json_object(content).get(key)
    return found if isinstance(found, str) else None


def _json_object(content: bytes) -> Mapping[str, object]:
    """Empty for anything else."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):  # brackets within brackets, from whoever is on the line
        return {}
    return value if isinstance(value, dict) else {}
