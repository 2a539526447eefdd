"""LINE by the Messaging API: one POST a message, repeated safely by its retry key.

Errors as documented: 409 says that an earlier try was taken, 429 that there were too many, or that
the month's messages are spent; 401 and 403 are ours to mend; other 4xx are for ever.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp

from server.notifying.delivery import Outcome, Parcel, PutOff, Refused, Sent
from server.notifying.settings import Credentials, LineSettings

PUSH, REPLY = "/v2/bot/message/push", "/v2/bot/message/reply"
TIMEOUT_S = 30.0
ANSWER_BYTES = 64 * 1024
SPENT = "monthly limit"
OK = 200
SERVER_FAULTS = 500
SECOND_MS = 1000
MONTH_SPENT_MS = 6 * 3_600_000


class Line:
    """Speaks to the platform as one official account."""

    def __init__(self, settings: LineSettings, credentials: Credentials) -> None:
        """Nothing is opened before the first message."""
        self._api = settings.api.rstrip("/")
        self._token = credentials.line_token
        self._session: aiohttp.ClientSession | None = None

    async def send(self, parcel: Parcel) -> Outcome:
        """One try; the same parcel always carries the same retry key."""
        key = str(uuid.UUID(bytes=parcel.id))
        content = {"to": parcel.target, "messages": [_text(parcel.message.text)]}
        try:
            status, answer, after_ms = await self._post(PUSH, content, {"X-Line-Retry-Key": key})
        except (aiohttp.ClientError, TimeoutError, OSError):
            return PutOff(code="unreachable", everything=True)
        return _judged(status, answer, after_ms)

    async def reply(self, token: str, text: str) -> bool:
        """Answer somebody who wrote; it costs nothing, is tried once and is not important."""
        content = {"replyToken": token, "messages": [_text(text)]}
        try:
            status, _, _ = await self._post(REPLY, content, {})
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
        return status == OK

    async def rest(self) -> None:
        """Close the line."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _post(
        self, path: str, content: Mapping[str, Any], headers: Mapping[str, str]
    ) -> tuple[int, str, int | None]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
                headers={"Authorization": f"Bearer {self._token}"},
            )
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **headers}
        async with self._session.post(
            self._api + path, data=body, headers=headers, allow_redirects=False
        ) as response:
            answer = await response.content.read(ANSWER_BYTES)
            waits = response.headers.get("Retry-After", "")
            after_ms = int(waits) * SECOND_MS if waits.isascii() and waits.isdecimal() else None
            return response.status, answer.decode("utf-8", "replace"), after_ms


def _judged(status: int, answer: str, after_ms: int | None) -> Outcome:
    match status:
        case 200 | 409:
            return Sent()
        case 429 if SPENT in answer:
            return PutOff(code="quota", everything=True, after_ms=MONTH_SPENT_MS)
        case 429:
            return PutOff(code="too_many", everything=True, after_ms=after_ms)
        case 401 | 403:
            return PutOff(code="login_refused", everything=True)
        case _ if status >= SERVER_FAULTS:
            return PutOff(code="server_fault", everything=True, after_ms=after_ms)
        case _:
            return Refused("refused")


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}
