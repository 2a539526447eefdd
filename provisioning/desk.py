"""The county desk.

Reads the requests that wait at the server, and grants those that a letter allows (PROTOCOL 2.6).
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec

from core.sealing import SealError, SigningKey, key_id, seal
from core.signature import SignatureType
from core.wire.beacon import Beacon, HeadStatement, beacon_id
from core.wire.canon import FILE_LIMITS, decode, from_wire, to_wire, typed
from core.wire.document import open_document, sign_document, split_document
from core.wire.fault import WireError
from core.wire.identity import Certificate, EnrolmentForm, Grant, SeasonSecrets, SigningRequest
from core.wire.reference import Trust
from provisioning.keyring import read_secret, read_signing_key, read_trust, write_json
from provisioning.letter import Letter, Letters
from provisioning.register import Issued, Register, fingerprint

ANSWER_BYTES = 4 * 1024 * 1024
TIMEOUT_S = 20
FIRST_INCARNATION = 1


class DeskError(Exception):
    """The server cannot be reached, or does not answer as itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one request; ``code`` is ``granted`` or the reason it was refused."""

    request: str
    subject: str
    name: str
    schools: tuple[str, ...]
    code: str


class Desk:
    """Enrol key, letters and season secret in one hand."""

    def __init__(self, keys: Path) -> None:
        """Open the desk's key folder.

        Raises:
            KeyringError: Keys are missing.
        """
        self._key: SigningKey = read_signing_key(keys / "desk" / "enrol.key")
        self._secret = read_secret(keys / "desk" / "season.secret")
        self._trust_bytes, self._trust = read_trust(keys)
        self.letters = Letters(keys / "desk" / "letters.json")
        self.register = Register(keys / "desk" / "issued.json")
        self._serials = keys / "desk" / "serial.json"

    @property
    def trust(self) -> Trust:
        """The trust document this desk works under."""
        return self._trust

    def judge(self, form: EnrolmentForm, request_id: str) -> tuple[Grant | None, Outcome]:
        """The grant for a request, or why there is none."""
        body, _ = split_document(form.request)
        request = from_wire(body, SigningRequest)
        own = {key_id(request.key): request.key}
        open_document(SignatureType.REQUEST, form.request, SigningRequest, own)
        letter = self.letters.find(body, form.proof)
        code, sealed = self._refusal(request, letter, request_id), None
        if code is None and request.seal is not None:
            try:
                sealed = self._seal_secret(request.seal)
            except SealError:
                code = "seal_key"
        outcome = Outcome(
            request=request_id,
            subject=request.subject,
            name=letter.name if letter else request.name,
            schools=request.schools,
            code=code or "granted",
        )
        if code is not None or letter is None:
            return None, outcome
        self.letters.use(letter, request_id)
        return self._grant(request, letter, sealed), outcome

    def statement(self, beacon: bytes) -> bytes:
        """Signed proof that the desk asks, bound to a beacon of the server."""
        statement = HeadStatement(
            dev=self._key.id, inc=1, seq=0, head=bytes(32), beacon=beacon, purpose="enrol", after=0
        )
        return sign_document(SignatureType.HEAD, statement, self._key)

    def asker(self) -> bytes:
        """The 16 bytes under which the desk asks for beacons."""
        return self._key.id

    def _seal_secret(self, recipient: bytes) -> bytes:
        season = SeasonSecrets(season=self._trust.season, secret=self._secret)
        return seal(to_wire(season), recipient)

    def _grant(self, request: SigningRequest, letter: Letter, sealed: bytes | None) -> Grant:
        name = bytes.fromhex(letter.renews) if letter.renews else secrets.token_bytes(16)
        inc = self.register.next_incarnation(name) if letter.renews else FIRST_INCARNATION
        certificate = Certificate(
            id=name,
            subject=request.subject,
            role=letter.role,
            key=request.key,
            schools=letter.schools,
            name=letter.name,
            serial=self._next_serial(),
            inc=inc if request.subject == "device" else None,
            holder=request.holder,
            seasons=(self._trust.season,),
        )
        signed = sign_document(SignatureType.CERTIFICATE, certificate, self._key)
        self.register.add(
            Issued(
                id=certificate.id.hex(),
                fingerprint=fingerprint(signed).hex(),
                serial=certificate.serial,
                name=certificate.name,
                inc=certificate.inc or 0,
            )
        )
        return Grant(certificate=signed, sealed=sealed, trust=self._trust_bytes)

    def _refusal(
        self, request: SigningRequest, letter: Letter | None, request_id: str
    ) -> str | None:
        code = _refusal(request, letter, request_id)
        if code is None and letter is not None and letter.renews:
            known = self.register.knows(bytes.fromhex(letter.renews))
            code = None if known else "machine_unknown"
        return code

    def _next_serial(self) -> int:
        serial = 1
        if self._serials.exists():
            serial = msgspec.json.decode(self._serials.read_bytes(), type=int) + 1
        write_json(self._serials, serial)
        return serial


def _refusal(request: SigningRequest, letter: Letter | None, request_id: str) -> str | None:
    if letter is None:
        return "code_unknown"
    if letter.used_by not in {None, request_id}:
        return "code_used"
    if letter.subject != request.subject:
        return "other_subject"
    if not set(request.schools) <= set(letter.schools):
        return "other_school"
    if (request.subject == "device") != (request.seal is not None):
        return "seal_key"
    return None


async def work_through(desk: Desk, server: str) -> tuple[Outcome, ...]:
    """Grant or refuse everything that waits at ``server`` now.

    Raises:
        DeskError: No connection, or an answer that is not the server's.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(server, timeout=timeout) as session:
            statement = desk.statement(await _fresh_beacon(session, desk))
            waiting = await _post(session, "/v1/desk", statement)
            outcomes = []
            for request_id, form_bytes in typed(
                decode(waiting, FILE_LIMITS), tuple[tuple[bytes, bytes], ...]
            ):
                outcomes.append(await _answer(session, desk, request_id, form_bytes))
            return tuple(outcomes)
    except (aiohttp.ClientError, TimeoutError, WireError) as error:
        raise DeskError(f"the server at {server} does not answer as expected") from error


async def _answer(
    session: aiohttp.ClientSession, desk: Desk, request_id: bytes, form_bytes: bytes
) -> Outcome:
    name = request_id.hex()
    try:
        grant, outcome = desk.judge(from_wire(form_bytes, EnrolmentForm), name)
    except WireError as error:
        grant, outcome = (
            None,
            Outcome(request=name, subject="", name="", schools=(), code=error.code),
        )
    if grant is not None:
        await _post(session, f"/v1/enrol/{name}/grant", to_wire(grant))
    else:
        statement = desk.statement(await _fresh_beacon(session, desk))
        await _post(session, f"/v1/enrol/{name}/refuse", statement)
    return outcome


async def _fresh_beacon(session: aiohttp.ClientSession, desk: Desk) -> bytes:
    nonce = secrets.token_bytes(16)
    query = {"dev": desk.asker().hex(), "nonce": nonce.hex()}
    async with session.get("/v1/beacon", params=query) as response:
        response.raise_for_status()
        signed = await response.content.read(ANSWER_BYTES)
    keys = {key_id(each): each for each in desk.trust.beacon}
    beacon = open_document(SignatureType.BEACON, signed, Beacon, keys)
    if beacon.nonce != nonce:
        raise WireError("nonce")
    body, _ = split_document(signed)
    return beacon_id(body)


async def _post(session: aiohttp.ClientSession, path: str, body: bytes) -> bytes:
    async with session.post(path, data=body) as response:
        response.raise_for_status()
        return await response.content.read(ANSWER_BYTES)
