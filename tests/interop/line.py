"""The requests of chapter 5, and nothing that decides what an answer means."""

import json
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

BATCH_TYPE = "application/vnd.ttx.batch.v1+zstd"
ANSWER_BYTES = 16 * 1024 * 1024


class Refusal(Exception):  # noqa: N818 - the document's own word
    """The server said no: status and code."""

    def __init__(self, status: int, code: str | None) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and bytes; ``code`` when the body is one in JSON."""

    status: int
    body: bytes
    code: str | None = None

    def content(self) -> bytes:
        """What was asked for.

        Raises:
            Refusal: The server refused.
        """
        return self._of(HTTPStatus.OK)

    def accepted(self) -> bytes:
        """What is said of something that was kept.

        Raises:
            Refusal: The server refused.
        """
        return self._of(HTTPStatus.ACCEPTED)

    def _of(self, status: HTTPStatus) -> bytes:
        if self.status != status:
            raise Refusal(self.status, self.code)
        return self.body


class Line:
    """A server by its address."""

    def __init__(self, url: str) -> None:
        self._session = aiohttp.ClientSession(
            url, timeout=aiohttp.ClientTimeout(total=30), auto_decompress=False
        )

    async def close(self) -> None:
        """Hang up."""
        await self._session.close()

    async def get(self, path: str, **query: str) -> Answer:
        """GET."""
        async with self._session.get(path, params=query, allow_redirects=False) as response:
            return await _read(response)

    async def post(self, path: str, body: bytes, kind: str = "application/octet-stream") -> Answer:
        """POST."""
        headers = {"Content-Type": kind}
        async with self._session.post(
            path, data=body, headers=headers, allow_redirects=False
        ) as response:
            return await _read(response)


async def _read(response: aiohttp.ClientResponse) -> Answer:
    body = await response.content.read(-1)
    if response.content_type == "application/json" and len(body) <= ANSWER_BYTES:
        return Answer(response.status, body, json.loads(body).get("code"))
    return Answer(response.status, body)
