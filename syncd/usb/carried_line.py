"""An answer from a stick in place of a line: what the chores ask for, they find in the file.

They verify it as they verify what comes over the network. It refuses to know where it came from.
"""

import hashlib
from typing import NoReturn

from core.wire.beacon import HeadStatement
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import split_document
from core.wire.event import Event, Frame, decode_frame
from core.wire.fault import WireError
from core.wire.reference import Trust
from core.wire.usb import Answer
from syncd.client import Client, LineError, Refusal

ABSENT, REFUSED, LATER = 404, 403, 503
FORM_ID_BYTES = 16
PAGE = 200


class CarriedLine(Client):
    """Speaks for the server as far as one answer goes; what is not in it is absent."""

    def __init__(self, answer: Answer) -> None:
        """Nothing is sent anywhere."""
        super().__init__("")
        self._answer = answer
        self._forms = {name: (state, grant) for name, state, grant in answer.content.forms}

    async def trust(self, version: int) -> bytes | Refusal:
        """The trust document of that version, if it came along; not verified yet."""
        for document in self._answer.documents:
            try:
                if from_wire(split_document(document)[0], Trust, FILE_LIMITS).v == version:
                    return document
            except WireError:
                continue
        return Refusal(ABSENT)

    async def snapshot(self) -> bytes | Refusal:
        """The signed list of reference files, not verified yet."""
        return self._answer.content.snapshot or Refusal(ABSENT)

    async def file(self, sha256: bytes, size: int) -> bytes | Refusal:
        """A reference file by its hash."""
        for content in self._answer.content.files:
            if len(content) <= size and hashlib.sha256(content).digest() == sha256:
                return content
        return Refusal(ABSENT)

    async def delta(self, older: bytes, newer: bytes, size: int) -> bytes | Refusal:  # noqa: ARG002 - as on the line
        """Files come whole on a stick."""
        return Refusal(ABSENT)

    async def inbox(self, device: bytes, statement: bytes) -> tuple[Frame, ...] | Refusal:  # noqa: ARG002 - as on the line
        """Frames that follow the one the statement names, not verified yet.

        Raises:
            LineError: Not a list of frames.
        """
        try:
            asked = from_wire(split_document(statement)[0], HeadStatement)
            frames = [decode_frame(each) for each in self._answer.content.inbox]
            after = [each for each in frames if from_wire(each.event, Event).seq > asked.after]
        except WireError as error:
            raise LineError(f"inbox: {error.code}") from error
        if after and from_wire(after[0].event, Event).seq != asked.after + 1:
            return ()  # an earlier answer is missing; it may still come
        return tuple(after[:PAGE])

    async def request_enrolment(self, form: bytes) -> str | Refusal:
        """The server's name for a form that reached it."""
        name = hashlib.sha256(form).digest()[:FORM_ID_BYTES]
        return name.hex() if name in self._forms else Refusal(LATER)

    async def enrolment(self, ticket: str) -> bytes | Refusal | None:
        """The desk's grant; None while it has not decided, or the answer does not say."""
        state, grant = self._forms.get(bytes.fromhex(ticket), ("pending", None))
        match state:
            case "granted":
                return grant
            case "refused":
                return Refusal(REFUSED)
            case _:
                return None

    async def _call(self, *_: object, **__: object) -> NoReturn:
        """Whatever else is asked: nobody answers.

        Raises:
            LineError: Always.
        """
        raise LineError("not in the file")
