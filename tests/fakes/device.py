"""A kiosk for tests without a kiosk: keys, a log in memory, batches and statements. No network."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import msgspec

from core.domain.application import Claim, Wishes
from core.domain.ids import generate_national_id
from core.domain.school import Stage
from core.sealing import SigningKey, keyed_id
from core.signature import SignatureType
from core.wire.batch import EVENTS_AT_MOST, UNSAID, BatchHeader, encode_batch
from core.wire.beacon import HeadStatement
from core.wire.canon import to_wire
from core.wire.chain import Head, Link
from core.wire.document import sign_document
from core.wire.event import (
    SYSTEM,
    Cosignature,
    Event,
    Frame,
    Who,
    encode_frame,
    payload_hash,
    sign_event,
)
from core.wire.identity import SigningRequest, certificate_hash, make_request
from core.wire.kind import Boot, Decision, Revision, TeacherRegister, Withdrawal
from core.wire.payload import (
    DecisionPayload,
    PointsAwarded,
    RosterPayload,
    encode_application,
    part_hashes,
    sign_decision,
)
from tests.fakes.centre import SEASON, Centre

SCHOOL = "014601"
SEASON_SECRET = bytes(range(32))
LETTER_CODE = "8F3K29QDXW4M"
NOON_MS = 1_777_000_000_000
POINTS = PointsAwarded(
    reason_a=1000, reason_b=0, service=600, appraisal=400, awards=150, training=0, special=0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """An invented person."""

    name: str
    national_id: str
    pseudonym: bytes
    app: bytes
    school: str

    @property
    def who(self) -> Who:
        """As an event names her."""
        return Who(role="teacher", id=self.pseudonym)


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A personnel officer with the own key."""

    key: SigningKey
    id: bytes
    certificate: bytes

    @property
    def who(self) -> Who:
        """As an event names him."""
        return Who(role="officer", id=self.id)


def make_teacher(number: int, school: str = SCHOOL) -> Teacher:
    """The same person for the same number, whichever machine she stands at."""
    national_id = generate_national_id("KLMN"[number % 4], "2", f"{number:07d}").text
    return Teacher(
        name=f"測試{number:04d}",
        national_id=national_id,
        pseudonym=keyed_id(SEASON_SECRET, "teacher", national_id),
        app=keyed_id(SEASON_SECRET, "application", SEASON, "elementary", national_id),
        school=school,
    )


def make_officer(centre: Centre, *schools: str) -> Officer:
    """An officer the desk has certified."""
    key = SigningKey(centre.random.randbytes(32))
    signed, certificate = centre.certify(
        key, subject="officer", role="personnel", schools=schools or (SCHOOL,), name="王主任"
    )
    return Officer(key=key, id=certificate.id, certificate=signed)


class Device:
    """One machine and its log, from entry 1 on."""

    def __init__(self, centre: Centre, *schools: str, role: str = "kiosk") -> None:
        self.random = Random(centre.random.random())  # noqa: S311 - the same each time
        self.key = SigningKey(self.random.randbytes(32))
        self.certificate, certificate = centre.certify(
            self.key, role=role, schools=schools or (SCHOOL,)
        )
        self.id = certificate.id
        self.schools = certificate.schools
        self.links: list[Link] = []
        self.inc = 1
        self.boot = self.random.randbytes(8)
        self.now_ms = NOON_MS

    @property
    def root(self) -> bytes:
        """What the first entry hangs on."""
        return certificate_hash(self.certificate)

    @property
    def head(self) -> Head:
        """Where the log stands."""
        return self.links[-1].head if self.links else Head(inc=self.inc, seq=0, hash=self.root)

    def add(
        self,
        kind: str,
        body: msgspec.Struct,
        *,
        who: Who = SYSTEM,
        payload: bytes | None = None,
        cosignatures: tuple[Cosignature, ...] = (),
        **changed: Any,
    ) -> Link:
        """Append an entry; ``changed`` overrides fields of the event."""
        event = msgspec.structs.replace(self._event(kind, body, who, payload), **changed)
        return self._append(event, sign_event(event, self.key, payload, cosignatures))

    def add_unread(self, kind: str, body: msgspec.Struct, payload: bytes) -> Link:
        """As `add`, whatever the payload is: a hostile machine signs what nobody would read."""
        event = self._event(kind, body, SYSTEM, payload)
        signed = to_wire(event)
        signature = self.key.sign(SignatureType.EVENT, signed)
        return self._append(event, Frame(event=signed, signature=signature, payload=payload))

    def _event(self, kind: str, body: msgspec.Struct, who: Who, payload: bytes | None) -> Event:
        self.now_ms += 1000
        return Event(
            v=1,
            dev=self.id,
            inc=self.inc,
            seq=self.head.seq + 1,
            prev=self.head.hash,
            kind=kind,
            t=self.now_ms,
            m=self.now_ms - NOON_MS,
            boot=self.boot,
            bcn=None,
            ref=(0, bytes(8)),
            who=who,
            body=msgspec.to_builtins(body, builtin_types=(bytes,)),
            ph=None if payload is None else payload_hash(payload),
        )

    def _append(self, event: Event, frame: Frame) -> Link:
        link = Link(frame=frame, event=event, hash=frame.hash)
        self.links.append(link)
        return link

    def add_boot(self) -> Link:
        """The smallest entry."""
        return self.add("boot", Boot(software="1.0.0", unclean=False))

    def register(self, teacher: Teacher, officer: Officer, school: str | None = None) -> Link:
        """The officer enters a teacher."""
        payload = to_wire(
            RosterPayload(
                salt=self.salt(),
                national_id=teacher.national_id,
                name=teacher.name,
                birth="1985-04-01",
                sex="F",
                title="教師",
                school=school or teacher.school,
                stage="elementary",
                subject="general",
            )
        )
        body = TeacherRegister(teacher=teacher.pseudonym)
        return self.add("teacher.register", body, who=officer.who, payload=payload)

    def revise(  # noqa: PLR0913 - the fields of a version
        self,
        teacher: Teacher,
        *,
        wishes: int = 3,
        parents: tuple[bytes, ...] = (),
        version: int = 1,
        claim: Claim | None = None,
        kind: str = "app.revise",
        schools: tuple[str, ...] | None = None,
        ref: tuple[int, bytes] = (0, bytes(8)),
    ) -> Link:
        """The teacher submits a version, made under the lists ``ref`` names."""
        claim = claim or self.claim(teacher)
        if schools is None:
            schools = tuple(f"{34 + n % 2}{3600 + n // 2:04d}" for n in range(wishes))
        listed = Wishes(salt=self.salt(), county_a="34", county_b="35", schools=schools)
        payload = encode_application(claim, listed, self.salt())
        claim_hash, wishes_hash = part_hashes(payload)
        body = Revision(
            app=teacher.app,
            version=version,
            parents=parents,
            claim=claim_hash,
            wishes=wishes_hash,
        )
        return self.add(kind, body, who=teacher.who, payload=payload, ref=ref)

    def withdraw(self, teacher: Teacher, *parents: bytes, version: int = 2) -> Link:
        """The teacher takes it back."""
        body = Withdrawal(app=teacher.app, version=version, parents=parents)
        return self.add("app.withdraw", body, who=teacher.who)

    def decide(
        self,
        officer: Officer,
        revision: Link,
        *,
        approve: bool = True,
        earlier: tuple[bytes, ...] = (),
        signed_by: SigningKey | None = None,
        **changed: Any,
    ) -> Link:
        """The officer approves or returns a version."""
        said = revision.event.body
        decision = DecisionPayload(
            salt=self.salt(),
            app=said["app"],
            revision=revision.hash,
            claim=said["claim"],
            officer=officer.id,
            verdict="approved" if approve else "returned",
            points=POINTS if approve else None,
            reasons=() if approve else ("證件不齊",),
            remark="",
        )
        payload, cosignature = sign_decision(decision, signed_by or officer.key)
        body = Decision(
            app=said["app"], revision=revision.hash, claim=said["claim"], earlier=earlier
        )
        return self.add(
            "officer.approve" if approve else "officer.return",
            msgspec.structs.replace(body, **changed),
            who=officer.who,
            payload=payload,
            cosignatures=(cosignature,),
        )

    def claim(self, teacher: Teacher, **changed: Any) -> Claim:
        """What the teacher declares."""
        claim = Claim(
            salt=self.salt(),
            season=SEASON,
            stage=Stage.ELEMENTARY,
            teacher_name=teacher.name,
            national_id=teacher.national_id,
            birth="1985-04-01",
            sex="F",
            card_name_raw=teacher.name.encode("cp950"),
            phone1="02-23456789",
            phone2=None,
            email="teacher@example.tw",
            indigenous=False,
            language=False,
            area_limit="general",
            service_years=12,
            school=teacher.school,
            subject="general",
            subjects=("general",),
            declared=True,
        )
        return msgspec.structs.replace(claim, **changed)

    def salt(self) -> bytes:
        """16 fresh bytes."""
        return self.random.randbytes(16)

    def batch(
        self,
        first: int = 1,
        last: int | None = None,
        *,
        frames: list[Frame] | None = None,
        key: SigningKey | None = None,
        **changed: Any,
    ) -> bytes:
        """Wire bytes of entries ``first`` … ``last``; ``changed`` overrides header fields."""
        links = self.links[first - 1 : last][:EVENTS_AT_MOST]
        before = self.links[first - 2].hash if first > 1 else self.root
        header = BatchHeader(
            dev=self.id,
            inc=self.inc,
            epoch=None,
            first=first,
            prev=before,
            n=len(links),
            head=links[-1].hash if links else before,
            last=first + len(links) - 1,
            frames=UNSAID,
            nonce=self.random.randbytes(16),
            sent_m=self.now_ms - NOON_MS,
        )
        header = msgspec.structs.replace(header, **changed)
        if frames is None:
            frames = [link.frame for link in links]
        return encode_batch(header, frames, key or self.key)

    def statement(self, beacon: bytes, purpose: str = "inbox", **changed: Any) -> bytes:
        """A signed question about what is this machine's own."""
        statement = HeadStatement(
            dev=self.id,
            inc=self.inc,
            seq=self.head.seq,
            head=self.head.hash,
            beacon=beacon,
            purpose=purpose,
            after=0,
        )
        statement = msgspec.structs.replace(statement, **changed)
        return sign_document(SignatureType.HEAD, statement, self.key)

    def form(self, subject: str = "device", key: SigningKey | None = None) -> bytes:
        """The request this machine was certified for, or one for an officer's ``key``."""
        key = key or self.key
        request = SigningRequest(
            subject=subject,
            key=key.public,
            seal=self.random.randbytes(32) if subject == "device" else None,
            schools=self.schools,
            name="KH-0001",
            asset="A-1",
            software="1.0.0",
            holder=None,
            nonce=self.random.randbytes(16),
        )
        return to_wire(make_request(request, key, LETTER_CODE))

    def branch(self, at: int) -> "Device":
        """A clone of the disk image as it was after entry ``at``."""
        clone = object.__new__(Device)
        clone.__dict__.update(self.__dict__)
        clone.links = self.links[:at]
        clone.random = Random(self.random.random())  # noqa: S311 - the same each time
        return clone


def spoiled(link: Link) -> Frame:
    """The frame with one bit of its signed bytes turned."""
    event = bytearray(link.frame.event)
    event[len(event) // 2] ^= 1
    return replace(link.frame, event=bytes(event))


def frame_bytes(link: Link) -> int:
    """Length of an entry on the wire, before compression."""
    return len(encode_frame(link.frame))
