"""The officer's queue, one case, and a decision signed with the officer's own key (O01 to O03)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET

from core.domain.application import Claim
from core.domain.ids import ApplicationId, EventHash, NationalId, SchoolId, TeacherId
from core.season.merge import ApplicationState, Review, VersionFact
from core.season.numbering import receipt_number
from core.season.pseudonym import teacher_id
from core.wire.canon import typed
from core.wire.chain import Link
from core.wire.event import SALT_BYTES, Event, Who
from core.wire.kind import Decision, VerdictNotice
from core.wire.payload import DecisionPayload, sign_decision
from core.wire.receipt import check_code
from kiosk.desk.awarding import (
    held_against,
    points_typed,
    proposal,
    reasons_before,
    signed_reasons,
)
from kiosk.desk.equipment import DeskError, Equipment
from kiosk.desk.officers import certified, current
from kiosk.desk.passwords import check, unwrap_key
from kiosk.desk.people import barred_of
from kiosk.desk.records import (
    decision_in,
    parts_of,
    payloads_of,
    read_record,
    time_of,
)
from kiosk.session.answer import CaseLoaded, Decided, PasswordRefused, QueueLoaded
from kiosk.session.bureau import (
    Case,
    CertificateState,
    Officer,
    Row,
    Standing,
)
from kiosk.session.draft_bytes import decode_draft
from kiosk.session.effect import Decide, LoadCase, LoadQueue
from kiosk.session.person import Lock
from kiosk.session.record import Delivery, ReviewView
from kiosk.session.season import Window, officers_window
from kiosk.session.self_check import UNCHECKED, SelfCheck
from syncd.store.audit import AuditCode
from syncd.store.identity import Identity
from syncd.store.ledger import Entry

PAGE = 500
"""Entries read at a time while looking for new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A row of the queue, and whose application it is."""

    row: Row
    teacher: TeacherId


class Cases:
    """The applications this machine knows of, found by reading each log once."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._known: dict[ApplicationId, _Known | None] = {}
        self._stale: set[ApplicationId] = set()
        self._own = self._inbox = self._inc = 0

    def load(self, effect: LoadQueue, now: datetime) -> QueueLoaded:
        """The school's cases; none while the county has not certified the officer."""
        officer = current(self._equipment, effect.officer)
        rows: tuple[Row, ...] = ()
        own = False
        if officer.state is CertificateState.GRANTED:
            rows, own = self._rows(officer)
        return QueueLoaded(ticket=effect.ticket, at=now, rows=rows, own=own, officer=officer)

    def open(self, effect: LoadCase, now: datetime) -> CaseLoaded:
        """One case.

        Raises:
            DeskError: ``case_conflict``, ``case_withdrawn``, ``case_missing``, ``own_case``, or as
                `certified`.
        """
        certified(self._equipment, effect.officer)
        case = self._case(effect.app)
        if case is None:
            undecided = self._undecided(effect.app)
            standing = "missing" if undecided is None else undecided.row.standing.value
            raise DeskError(f"case_{standing}")
        if case.teacher == effect.officer.person.teacher:
            raise DeskError("own_case")
        with self._equipment.store.transaction():
            self._equipment.store.audit.add(
                AuditCode.APPLICATION_OPENED,
                self._equipment.clock.moment(),
                who=effect.officer.certificate,
                detail=case.row.number,
            )
        return CaseLoaded(ticket=effect.ticket, at=now, case=self._with_paper(case))

    def _with_paper(self, case: Case) -> Case:
        """The case with the version its forms are filled in from, wherever that was sent."""
        record = read_record(self._equipment, case.row.app, case.row.stage)
        found = next((each for each in record.versions if each.hash == case.revision), None)
        if found is None:
            return case
        number = found.number or case.row.number
        version = replace(
            found,
            claim=case.claim,
            wishes=case.wishes,
            number=number,
            check_code=found.check_code or case.row.number,
            submitted=found.submitted or case.row.submitted,
        )
        return replace(case, version=version)

    def decide(self, effect: Decide, now: datetime) -> Decided | PasswordRefused:
        """A decision about exactly the claim that was shown.

        Raises:
            DeskError: ``own_case``, ``case_changed``, ``closed``, ``points_form``, as `certified`.
            StoreError: Nothing was written.
        """
        equipment, officer = self._equipment, effect.officer
        certificate = certified(equipment, officer)
        holder = officer.person.teacher
        checked = check(equipment, holder, effect.password, now)
        if isinstance(checked, Lock):
            return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
        self._must_be_open(now)
        account = equipment.store.accounts.find(holder)
        if account is None or account.wrapped_key is None:
            raise DeskError("not_officer")
        key = unwrap_key(account.wrapped_key, checked, holder)
        payload, cosignature = sign_decision(_payload(equipment, effect, certificate), key)
        verdict = effect.form.verdict or "returned"
        moment = equipment.clock.moment()
        approved = verdict == "approved"
        with equipment.store.transaction():
            case = self._must_be_current(effect)
            link = equipment.store.ledger.append(
                Entry(
                    kind="officer.approve" if approved else "officer.return",
                    body=Decision(
                        app=case.row.app,
                        revision=case.revision,
                        claim=case.claim_hash,
                        earlier=case.earlier,
                    ),
                    who=Who(role="officer", id=certificate),
                    payload=payload,
                    cosignatures=(cosignature,),
                ),
                moment,
                equipment.log_key,
            )
            code = AuditCode.APPLICATION_APPROVED if approved else AuditCode.APPLICATION_RETURNED
            equipment.store.audit.add(code, moment, who=certificate, detail=case.row.number)
        rows, _ = self._rows(officer)
        row = next(each for each in rows if each.app == case.row.app)
        return Decided(
            ticket=effect.ticket,
            at=now,
            row=row,
            verdict=verdict,
            hash=EventHash(link.hash),
            rows=rows,
        )

    def _must_be_open(self, now: datetime) -> None:
        stored = self._equipment.store.reference.current()
        calendar = () if stored is None else stored.calendar
        if officers_window(calendar, now) is not Window.OPEN:
            raise DeskError("closed")

    def _must_be_current(self, effect: Decide) -> Case:
        """The case as it is on the disk now; nobody signs what she has not seen."""
        shown, now = effect.case, self._case(effect.case.row.app)
        if now is None or (now.revision, now.claim_hash, now.earlier) != (
            shown.revision,
            shown.claim_hash,
            shown.earlier,
        ):
            raise DeskError("case_changed")
        if now.teacher == effect.officer.person.teacher:
            raise DeskError("own_case")
        return now

    def _rows(self, officer: Officer) -> tuple[tuple[Row, ...], bool]:
        """Oldest first, without the officer's own, and whether there is such a one (U-045)."""
        self._look()
        # What was rejected may have been taken after all, which no new entry need say.
        self._stale |= {
            app
            for app, each in self._known.items()
            if each and (each.row.rejection or each.row.review_rejection)
        }
        for app in sorted(self._stale):
            case = self._case(app)
            self._known[app] = (
                self._undecided(app) if case is None else _Known(row=case.row, teacher=case.teacher)
            )
        self._stale.clear()
        known = [each for each in self._known.values() if each is not None]
        others = [
            self._delivered(each.row) for each in known if each.teacher != officer.person.teacher
        ]
        rows = tuple(sorted(others, key=lambda row: (row.submitted, row.number)))
        return rows, len(others) < len(known)

    def _look(self) -> None:
        """Note the applications of entries that are new since the last look."""
        store, identity = self._equipment.store, self._equipment.identity()
        if identity.inc != self._inc:
            self._inc, self._own = identity.inc, 0
        while links := store.ledger.links(self._own + 1, PAGE):
            self._note(links)
            self._own = links[-1].event.seq
        while links := store.inbox.since(self._inbox, PAGE):
            self._note(links)
            self._inbox = links[-1].event.seq

    def _note(self, links: tuple[Link, ...]) -> None:
        for link in links:
            app = self._about(link.event).get("app")
            if isinstance(app, bytes):
                self._stale.add(ApplicationId(app))

    def _about(self, event: Event) -> Mapping[str, object]:
        """The body of the entry; of what the centre says of one here, that one's."""
        if event.kind != "inbox.verdict":
            return event.body
        own = self._equipment.store.ledger.link(typed(event.body, VerdictNotice).hash)
        return {} if own is None else own.event.body

    def _delivered(self, row: Row) -> Row:
        """The row as it stands now: how far an entry has come changes without a new one."""
        if row.delivery is Delivery.ELSEWHERE:
            return row
        state = self._equipment.store.outbox.delivery(row.seq)
        return replace(row, delivery=Delivery(state) if state else row.delivery)

    def _undecided(self, app: ApplicationId) -> "_Known | None":
        """An application without a version in force: in conflict, or taken back.

        Named after the newest content there is; None without content, or of another school.
        """
        identity, state = self._equipment.identity(), self._equipment.store.ledger.application(app)
        current_version = state.current
        if not state.heads or (current_version is not None and not current_version.withdrawn):
            return None
        payloads = payloads_of(self._equipment, app)
        newest = sorted(state.versions, key=lambda each: (each.version, each.claimed_ms))[::-1]
        claims = (parts_of(payloads.get(each.hash))[0] for each in newest)
        claim = next((each for each in claims if each is not None), None)
        if claim is None or claim.school not in identity.schools:
            return None
        head = max(state.heads, key=lambda each: (each.claimed_ms, each.hash))
        standing = Standing.CONFLICT if state.in_conflict else Standing.WITHDRAWN
        row = replace(
            self._row(identity, state, head, claim, None),
            review=Review.WAITING,
            reopened=False,
            standing=standing,
            rejection=self._equipment.store.outbox.rejections().get(head.hash, ""),
        )
        return _Known(
            row=row, teacher=teacher_id(identity.season_secret, NationalId(claim.national_id))
        )

    def _case(self, app: ApplicationId) -> Case | None:
        """The case of an application in force here; None without content, or of another school."""
        equipment = self._equipment
        identity = equipment.identity()
        state = equipment.store.ledger.application(app)
        current_version = state.current
        if current_version is None or current_version.withdrawn:
            return None
        payloads = payloads_of(equipment, app)
        claim, wishes = parts_of(payloads.get(current_version.hash))
        if claim is None or wishes is None or claim.school not in identity.schools:
            return None
        teacher = teacher_id(identity.season_secret, NationalId(claim.national_id))
        rejections = equipment.store.outbox.rejections()
        view = decision_in(state, current_version, payloads, rejections)
        row = self._row(identity, state, current_version, claim, view)
        return Case(
            row=replace(row, rejection=rejections.get(current_version.hash, "")),
            teacher=teacher,
            revision=EventHash(current_version.hash),
            claim_hash=current_version.claim or b"",
            claim=claim,
            wishes=wishes,
            earlier=tuple(
                EventHash(each.hash) for each in state.decisions_on(current_version.claim)
            ),
            decision=view,
            points=proposal(claim, equipment.scales, view),
            because=reasons_before(view),
            held_against=held_against(claim, equipment.scales, view),
            check=self._check(app),
            barred=barred_of(equipment.store.roster.find(teacher)),
        )

    def _check(self, app: ApplicationId) -> SelfCheck:
        """What the teacher answered of her service, where her draft is here."""
        stored = self._equipment.store.drafts.find(app)
        if stored is None:
            return UNCHECKED
        try:
            return decode_draft(stored.content).check
        except ValueError:
            return UNCHECKED  # of another program version

    def _row(
        self,
        identity: Identity,
        state: ApplicationState,
        version: VersionFact,
        claim: Claim,
        decision: ReviewView | None,
    ) -> Row:
        review = state.review_of(version)
        own = version.device == identity.device and version.inc == identity.inc
        delivery = self._equipment.store.outbox.delivery(version.seq) if own else None
        reviewed_before = any(each.claim != version.claim for each in state.decisions)
        return Row(
            app=ApplicationId(version.app),
            number=receipt_number(identity.season, claim.stage, identity.name, version.seq)
            if own
            else check_code(version.hash),
            name=claim.teacher_name,
            stage=claim.stage,
            school=SchoolId(claim.school),
            submitted=time_of(version.claimed_ms),
            version=version.version,
            seq=version.seq,
            review=review,
            verdict=None if decision is None else decision.verdict,
            reopened=review is Review.WAITING and reviewed_before,
            delivery=Delivery.ELSEWHERE if delivery is None else Delivery(delivery),
            review_rejection="" if decision is None else decision.rejection,
        )


def _payload(equipment: Equipment, effect: Decide, certificate: bytes) -> DecisionPayload:
    form, case = effect.form, effect.case
    verdict = form.verdict or "returned"
    return DecisionPayload(
        salt=equipment.random_bytes(SALT_BYTES),
        app=case.row.app,
        revision=case.revision,
        claim=case.claim_hash,
        officer=certificate,
        verdict=verdict,
        points=points_typed(form) if verdict == "approved" else None,
        reasons=tuple(sorted(form.reasons)) if verdict != "approved" else (),
        remark=form.remark.strip(),
        because=signed_reasons(effect) if verdict == "approved" else UNSET,
    )
