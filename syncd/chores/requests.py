"""Officers' enrolment forms: posted, asked after, and the answer checked (PROTOCOL 2.6)."""

from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import open_document, split_document
from core.wire.fault import WireError
from core.wire.identity import Certificate, EnrolmentForm, Grant, SigningRequest
from core.wire.reference import Trust, keys_by_id
from syncd.client import LineError, Refusal
from syncd.kit import Kit
from syncd.store.audit import AuditCode
from syncd.store.requests import Request, RequestState

NOT_FOUND = 404
FORBIDDEN = 403
OTHER = "other_certificate"


async def carry_requests(kit: Kit, trust: Trust) -> None:
    """Take every open request one step further.

    Raises:
        LineError: No answer.
    """
    for request in kit.store.requests.open():
        if request.state is RequestState.WAITING:
            await _post(kit, request)
        elif request.ticket is not None:
            await _ask(kit, trust, request, request.ticket)


async def _post(kit: Kit, request: Request) -> None:
    ticket = await kit.client.request_enrolment(request.form)
    if isinstance(ticket, str):
        kit.store.requests.mark_posted(request.id, ticket)
    elif ticket.status == FORBIDDEN:
        _refuse(kit, request, "status_403")


async def _ask(kit: Kit, trust: Trust, request: Request, ticket: str) -> None:
    answer = await kit.client.enrolment(ticket)
    match answer:
        case None:
            return
        case Refusal(status=status):
            if status == FORBIDDEN:
                _refuse(kit, request, "desk")
            elif status == NOT_FOUND:
                kit.store.requests.mark_waiting(request.id)
        case bytes():
            try:
                document = granted_certificate(request, trust, answer)
            except WireError as error:
                if error.code != OTHER:  # a login page is no word of the desk's
                    raise LineError(f"enrolment: {error.code}") from error
                _refuse(kit, request, error.code)
                return
            _certify(kit, request, document, answer)


def granted_certificate(request: Request, trust: Trust, answer: bytes) -> bytes:
    """The signed certificate in a grant, if it is for exactly this request.

    Raises:
        WireError: ``other_certificate`` when the desk signed another one; otherwise it is no grant.
    """
    form = from_wire(request.form, EnrolmentForm)
    asked = from_wire(split_document(form.request)[0], SigningRequest)
    grant = from_wire(answer, Grant, FILE_LIMITS)
    certificate = open_document(
        SignatureType.CERTIFICATE, grant.certificate, Certificate, keys_by_id(trust.enrol)
    )
    same = (certificate.subject, certificate.key, certificate.holder) == (
        asked.subject,
        asked.key,
        asked.holder,
    )
    if not same or trust.season not in certificate.seasons:
        raise WireError(OTHER)
    return grant.certificate


def _certify(kit: Kit, request: Request, document: bytes, answer: bytes) -> None:
    with kit.store.transaction():
        officer = kit.store.officers.add(document)
        kit.store.accounts.certify(request.holder, document)
        kit.store.requests.mark_granted(request.id, answer)
        kit.store.audit.add(AuditCode.OFFICER_CERTIFIED, kit.clock(), who=officer.id)


def _refuse(kit: Kit, request: Request, detail: str) -> None:
    with kit.store.transaction():
        kit.store.requests.mark_refused(request.id)
        kit.store.audit.add(AuditCode.OFFICER_REFUSED, kit.clock(), detail=detail)
