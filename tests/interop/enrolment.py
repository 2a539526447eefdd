"""From a letter of the county to a certificate: what a machine or an officer asks, and takes."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tests.interop import hpke
from tests.interop.line import Line
from tests.interop.published import Trust
from tests.interop.ttc import (
    FILE_BYTES,
    Key,
    Refused,
    digest,
    open_document,
    read,
    signed_bytes,
    split,
    write,
)

PAUSE_S = 0.01  # a desk in the same test answers at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A certificate, the hash its log hangs on, and for a machine the season's secret."""

    document: bytes
    said: dict[str, Any]
    secret: bytes | None

    @property
    def root(self) -> bytes:
        """`prev` of the first entry."""
        return digest("tt/cert/1", split(self.document)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Keys that ask for a certificate; ``seal`` is a machine's private sealing key.

    ``former``: id and incarnation of the log this machine had before.
    """

    key: Key
    seal: bytes | None
    schools: list[str]
    name: str
    former: tuple[bytes, int] | None = None

    def form(self, code: str, random: Callable[[int], bytes]) -> bytes:
        """`EnrolmentForm` under the code of the letter."""
        request = {
            "subject": "device" if self.seal else "officer",
            "key": self.key.public,
            "seal": self.seal and hpke.public_of(self.seal),
            "schools": self.schools,
            "name": self.name,
            "asset": "",
            "software": "second/1",
            "holder": None,
            "nonce": random(16),
        }
        body = write(request)
        secret = code.replace("-", "").encode()
        proof = hmac.digest(secret, signed_bytes("tt/csr/1", body), "sha256")
        return write({"request": self.key.document("tt/csr/1", request), "proof": proof})

    def accept(self, grant: bytes, trust: Trust) -> Granted:
        """What a grant gives; trust goes on to the document in it.

        Raises:
            Refused: It is not for these keys, not of this season, or not the desk's.
        """
        said = read(grant, FILE_BYTES)
        trust.take(said["trust"])
        certificate = open_document("tt/cert/1", said["certificate"], trust.said["enrol"])
        if certificate["key"] != self.key.public:
            raise Refused("a certificate for another key")
        season, secret = trust.said["season"], None
        if self.seal:
            secrets = read(hpke.unseal(said["sealed"], self.seal, hpke.GRANT))
            if secrets["season"] != season:
                raise Refused("another season")
            if self.former is None and certificate["inc"] != 1:
                raise Refused("not a first log")
            if self.former and certificate["inc"] <= self.former[1]:
                raise Refused("no later log")
            secret = secrets["secret"]
        if season not in certificate["seasons"]:
            raise Refused("another season")
        return Granted(document=said["certificate"], said=certificate, secret=secret)


def form_id(form: bytes) -> str:
    """Under which name the form is asked after."""
    return hashlib.sha256(form).hexdigest()[:32]


async def obtain(
    line: Line, applicant: Applicant, code: str, trust: Trust, random: Callable[[int], bytes]
) -> Granted:
    """Post a form and ask after it until it was granted.

    Raises:
        Refusal: The desk or the server refused.
    """
    form = applicant.form(code, random)
    while True:
        answer = await line.post("/v1/enrol", form)
        while answer.status == HTTPStatus.ACCEPTED:
            await asyncio.sleep(PAUSE_S)
            answer = await line.get(f"/v1/enrol/{form_id(form)}")
        if answer.status != HTTPStatus.NOT_FOUND:
            return applicant.accept(answer.content(), trust)
