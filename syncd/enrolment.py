"""A machine becomes one of ours: request, one-time code, certificate (PROTOCOL 2.6).

Can be interrupted and repeated.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.domain.ids import DeviceId, SchoolId
from core.sealing import SealError, code_proof, seal_public, unseal
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.client import ClientState
from core.wire.document import open_document, split_document
from core.wire.fault import WireError
from core.wire.identity import (
    Certificate,
    EnrolmentForm,
    Grant,
    SeasonSecrets,
    SigningRequest,
    make_request,
)
from core.wire.reference import Trust, keys_by_id
from syncd.client import Client, LineError, Refusal
from syncd.kit import Clock
from syncd.station import Station, replace_file
from syncd.store.audit import AuditCode
from syncd.store.database import Store
from syncd.store.identity import Identity
from syncd.store.link_state import LinkState

PENDING = "enrolment.ttc"
POLL_S = 1.0
RETRY_S = 2.0
NONCE_BYTES = 16
FIRST_INCARNATION = 1
LATER = frozenset({408, 425, 429, *range(500, 600)})
FORBIDDEN = 403
NOT_FOUND = 404


class EnrolmentError(Exception):
    """No certificate; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What the machine says of itself."""

    name: str
    schools: tuple[str, ...]
    software: str
    asset: str = ""


class Enrolment:
    """One machine's way from keys to certificate."""

    def __init__(
        self, station: Station, client: Client, sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        """Nothing is sent yet."""
        self._station = station
        self._client = client
        self._sleep = sleep
        self._path = station.folder / PENDING
        self._ticket: str | None = None

    async def obtain(self, applicant: Applicant, code: str, waiting_s: float) -> Grant:
        """The desk's answer, asked for until it comes.

        Raises:
            EnrolmentError: ``refused``; ``offline`` when the server, ``undecided`` when
                the desk gave
                no answer in time; or the server's code of what is wrong.
        """
        form = to_wire(self._form(applicant, code))
        waited = 0.0
        while True:
            try:
                grant = await self._ask(form)
                missing, pause = "undecided", POLL_S
            except LineError:
                grant, missing, pause = None, "offline", RETRY_S
            if grant is not None:
                return grant
            if waited >= waiting_s:
                raise EnrolmentError(missing)
            await self._sleep(pause)
            waited += pause

    def accept(self, store: Store, grant: Grant, clock: Clock) -> Identity:
        """Verify a grant against the keys this machine was born with, and become what it says.

        Raises:
            EnrolmentError: It is not for this machine, or not from the centre.
            StoreError: It could not be stored.
        """
        try:
            identity = granted_identity(self._station, grant, first_trust(self._station, grant))
        except (WireError, SealError) as error:
            code = error.code if isinstance(error, WireError) else "sealed_for_another"
            raise EnrolmentError(f"grant_{code}") from error
        if identity.inc != FIRST_INCARNATION:
            raise EnrolmentError("grant_renews")
        with store.transaction():
            store.identity.write(identity)
            offline = LinkState(client=ClientState.OFFLINE, changed_ms=clock().wall_ms)
            store.link_state.write(offline)
            store.audit.add(AuditCode.DEVICE_ENROLLED, clock(), who=identity.device)
        self.finish()
        return identity

    def asks(self) -> bool:
        """Whether an earlier try has asked for a certificate for the present key already."""
        kept = self._kept()
        return kept is not None and _request(kept).key == self._station.log_key.public

    def finish(self) -> None:
        """The form has done its work."""
        self._path.unlink(missing_ok=True)

    async def _ask(self, form: bytes) -> Grant | None:
        """One step: post the form, or ask after it."""
        if self._ticket is None:
            posted = await self._client.request_enrolment(form)
            if isinstance(posted, str):
                self._ticket = posted
            else:
                self._judge(posted)
            return None
        answer = await self._client.enrolment(self._ticket)
        match answer:
            case None:
                return None
            case Refusal(status=status) if status == NOT_FOUND:
                self._ticket = None  # the server was restored: post again
                return None
            case Refusal():
                self._judge(answer)
                return None
            case bytes():
                try:
                    return from_wire(answer, Grant, FILE_LIMITS)
                except WireError as error:
                    raise LineError(error.code) from error

    def _judge(self, refusal: Refusal) -> None:
        """Go on after a refusal that may pass.

        Raises:
            EnrolmentError: It will not.
        """
        if refusal.status in LATER:
            return
        if refusal.status == FORBIDDEN:
            self._path.unlink(missing_ok=True)  # another code needs another form
            raise EnrolmentError("refused")
        raise EnrolmentError(refusal.code or f"status_{refusal.status}")

    def _form(self, applicant: Applicant, code: str) -> EnrolmentForm:
        """The form of an earlier try with the same words and code, else a new one.

        A code counts for one form.
        """
        kept = self._kept()
        if kept is not None:
            body, request = split_document(kept.request)[0], _request(kept)
            same = (request.key, request.name, request.schools) == (
                self._station.log_key.public,
                applicant.name,
                applicant.schools,
            )
            if same and hmac.compare_digest(code_proof(code, body), kept.proof):
                return kept
        request = SigningRequest(
            subject="device",
            key=self._station.log_key.public,
            seal=seal_public(self._station.seal_key),
            schools=applicant.schools,
            name=applicant.name,
            asset=applicant.asset,
            software=applicant.software,
            holder=None,
            nonce=secrets.token_bytes(NONCE_BYTES),
        )
        form = make_request(request, self._station.log_key, code)
        replace_file(self._path, to_wire(form))
        return form

    def _kept(self) -> EnrolmentForm | None:
        """The form of an earlier try; none when it cannot be read."""
        try:
            return from_wire(self._path.read_bytes(), EnrolmentForm, FILE_LIMITS)
        except (OSError, WireError):
            return None


def _request(form: EnrolmentForm) -> SigningRequest:
    return from_wire(split_document(form.request)[0], SigningRequest)


def first_trust(station: Station, grant: Grant) -> Trust:
    """The trust document in a grant, signed by the root keys this machine was born with.

    Raises:
        WireError: It is not.
    """
    root = station.root()
    return open_document(
        SignatureType.TRUST, grant.trust, Trust, root.by_id, threshold=root.threshold
    )


def granted_identity(station: Station, grant: Grant, trust: Trust) -> Identity:
    """What a grant makes of this machine, checked from the root keys down.

    Raises:
        WireError: A signature, the key, the season or the sealed secrets do not fit.
        SealError: The season's secrets are sealed for another machine.
    """
    certificate = open_document(
        SignatureType.CERTIFICATE, grant.certificate, Certificate, keys_by_id(trust.enrol)
    )
    if certificate.inc is None or certificate.key != station.log_key.public:
        raise WireError("other_machine")
    if grant.sealed is None:
        raise WireError("no_season")
    season = from_wire(unseal(grant.sealed, station.seal_key), SeasonSecrets)
    if season.season != trust.season or season.season not in certificate.seasons:
        raise WireError("other_season")
    return Identity(
        device=DeviceId(certificate.id),
        inc=certificate.inc,
        certificate=grant.certificate,
        trust=grant.trust,
        name=certificate.name,
        schools=tuple(SchoolId(each) for each in certificate.schools),
        season=season.season,
        season_secret=season.secret,
        server_url=station.settings.server,
    )
