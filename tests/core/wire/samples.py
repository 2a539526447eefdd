"""One of every message, under keys that are published: the matter of the tests and the vectors.

Everything here is fixed. Nothing may ever be protected by these keys.
"""

import hashlib
from dataclasses import replace
from typing import Any

import msgspec

from core.domain.application import Claim, Wishes
from core.domain.ids import generate_national_id
from core.domain.school import Stage
from core.sealing import SigningKey, seal_public
from core.season.pseudonym import application_id, teacher_id
from core.signature import SignatureType
from core.wire.ack import Ack, Pace
from core.wire.batch import BatchHeader, encode_batch, frames_hash
from core.wire.beacon import Beacon, HeadStatement, Slot, beacon_id
from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.chain import Link, verify_frame
from core.wire.checkpoint import Checkpoint, LogTree
from core.wire.document import sign_document, split_document
from core.wire.errand import Errand, Task
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
from core.wire.identity import (
    Certificate,
    Grant,
    Revocations,
    SeasonSecrets,
    SigningRequest,
    certificate_hash,
    make_request,
)
from core.wire.incident import Incident
from core.wire.kind import (
    Agreed,
    BarredNotice,
    BeaconSeen,
    BlobAdded,
    Boot,
    CentreOpened,
    ClockStep,
    ConflictNotice,
    CountyNotice,
    CountyReviewed,
    Decision,
    DisplayNotice,
    EntryRuled,
    Epoch,
    Failure,
    HeadWitnessed,
    InboxSeen,
    ReceiptNotice,
    ReceiptPrinted,
    Renewal,
    ResultNotice,
    Retirement,
    ReviewNotice,
    Revision,
    RulesSet,
    Said,
    Season,
    StorageAlarm,
    TeacherPresent,
    TeacherRegister,
    Transfer,
    VerdictNotice,
    VersionNotice,
    Withdrawal,
)
from core.wire.manifest import AnswerManifest, ParcelManifest
from core.wire.payload import (
    BarredPayload,
    CopyPayload,
    CountyPayload,
    DecisionPayload,
    DisplayPayload,
    LineChanged,
    PointsAwarded,
    PointsReason,
    ReceiptPayload,
    ResultPayload,
    RosterPayload,
    StaffPayload,
    encode_application,
    part_hashes,
    sign_decision,
)
from core.wire.receipt import Receipt, encode_receipt
from core.wire.reference import PhaseRow, ReferenceFile, SchoolRow, Snapshot, Trust, snapshot_hash
from core.wire.refile import refile
from core.wire.rejection import Rejection
from core.wire.rotation import rotation
from core.wire.usb import AnswerContent, ParcelContent

SEASON = "115"
SCHOOL = "014601"
NOON_MS = 1_777_262_400_000  # 2026-04-27 12:00 in Taipei
CODE = "8F3K-29QD-XW4M"


def seed(name: str) -> bytes:
    """32 bytes that anybody can compute again."""
    return hashlib.sha256(b"jiepin test key: " + name.encode()).digest()


def filled(name: str, size: int) -> bytes:
    """Bytes that stand for a salt, a nonce or a name, different for each ``name``."""
    return hashlib.sha256(b"jiepin test bytes: " + name.encode()).digest()[:size]


def published_key(name: str) -> SigningKey:
    """A published key."""
    return SigningKey(seed(name))


KEYS = {
    name: published_key(name)
    for name in (
        "root-1",
        "root-2",
        "root-3",
        "enrol",
        "release",
        "beacon",
        "receipt",
        "receipt-2",
        "device",
        "device-later",
        "officer",
    )
}
ROOTS = (KEYS["root-1"], KEYS["root-2"], KEYS["root-3"])
DEVICE, OFFICER, ENROL = KEYS["device"], KEYS["officer"], KEYS["enrol"]
RECEIPT, BEACON, RELEASE = KEYS["receipt"], KEYS["beacon"], KEYS["release"]
SEAL_PRIVATE = seed("seal")
SEASON_SECRET = filled("season secret", 32)

DEVICE_ID = filled("device id", 16)
OFFICER_ID = filled("officer id", 16)
PERSON = generate_national_id("K", "2", "0000007")
TEACHER_ID = teacher_id(SEASON_SECRET, PERSON)
SETTINGS = b'{"theme":"contrast","large":true}'
APP = application_id(SEASON_SECRET, SEASON, Stage.ELEMENTARY, PERSON)
TEACHER = Who(role="teacher", id=TEACHER_ID)
OFFICER_WHO = Who(role="officer", id=OFFICER_ID)
SERVER_WHO = Who(role="server", id=None)
EPOCH = filled("epoch", 8)
BOOT = filled("boot", 8)

TRUST = Trust(
    v=1,
    season=SEASON,
    root=tuple(key.public for key in ROOTS),
    threshold=2,
    enrol=(ENROL.public,),
    release=(RELEASE.public,),
    beacon=(BEACON.public,),
    receipt=(RECEIPT.public,),
    seal=seal_public(SEAL_PRIVATE),
)
SIGNED_TRUST = sign_document(SignatureType.TRUST, TRUST, ROOTS[0], ROOTS[2])

NEXT_TRUST = msgspec.structs.replace(TRUST, v=2, receipt=(RECEIPT.public, KEYS["receipt-2"].public))
SIGNED_NEXT_TRUST = sign_document(SignatureType.TRUST, NEXT_TRUST, ROOTS[1], ROOTS[2])

REQUEST = SigningRequest(
    subject="device",
    key=DEVICE.public,
    seal=seal_public(SEAL_PRIVATE),
    schools=(SCHOOL,),
    name="KH-0231",
    asset="A-1",
    software="1.0.0",
    holder=None,
    nonce=filled("request nonce", 16),
)
OFFICER_REQUEST = SigningRequest(
    subject="officer",
    key=OFFICER.public,
    seal=None,
    schools=(SCHOOL,),
    name="王主任",
    asset="",
    software="1.0.0",
    holder=filled("holder", 16),
    nonce=filled("officer request nonce", 16),
)
FORM = make_request(REQUEST, DEVICE, CODE)
OFFICER_FORM = make_request(OFFICER_REQUEST, OFFICER, CODE)

CERTIFICATE = Certificate(
    id=DEVICE_ID,
    subject="device",
    role="kiosk",
    key=DEVICE.public,
    schools=(SCHOOL,),
    name="KH-0231",
    serial=1,
    inc=1,
    holder=None,
    seasons=(SEASON,),
)
OFFICER_CERTIFICATE = Certificate(
    id=OFFICER_ID,
    subject="officer",
    role="personnel",
    key=OFFICER.public,
    schools=(SCHOOL,),
    name="王主任",
    serial=2,
    inc=None,
    holder=OFFICER_REQUEST.holder,
    seasons=(SEASON,),
)
SIGNED_CERTIFICATE = sign_document(SignatureType.CERTIFICATE, CERTIFICATE, ENROL)
SIGNED_OFFICER_CERTIFICATE = sign_document(SignatureType.CERTIFICATE, OFFICER_CERTIFICATE, ENROL)
ROOT_HASH = certificate_hash(SIGNED_CERTIFICATE)

SECRETS = SeasonSecrets(season=SEASON, secret=SEASON_SECRET)
# Sealing draws a random key, so this is one of many: `SECRETS` for the holder of `SEAL_PRIVATE`.
SEALED_SECRETS = bytes.fromhex(
    "87c70f2541880a4a0bf3262cf8b4231f8ea726667d47f048d3e2b65add004a6bfe88ade1faa1b7885fed7e74"
    "099291ce4ec323ec26e7002c65872812bf21b553e8ecabec5bb6906d205e948337d8039b551ac914f4b85314"
    "6baa562838bd93e9f2c773e1e3"
)
GRANT = Grant(certificate=SIGNED_CERTIFICATE, sealed=SEALED_SECRETS, trust=SIGNED_TRUST)

REVOCATIONS = Revocations(
    v=2,
    items=(
        (filled("lost device", 16), 41, NOON_MS, "lost"),
        (filled("former officer", 16), None, NOON_MS, "left"),
    ),
)
SIGNED_REVOCATIONS = sign_document(SignatureType.REVOCATION, REVOCATIONS, ENROL)

SCHOOLS_FILE = ReferenceFile(
    kind="schools",
    schools=(
        SchoolRow(
            id=SCHOOL,
            name="新北市板橋區範例國民小學",
            short_name="範例國小",
            county="01",
            township="板橋區",
            stage="elementary",
            marks=(("remote", "2024-08-01", None),),
            delegated=True,
        ),
    ),
)
CALENDAR_FILE = ReferenceFile(
    kind="calendar", phases=(PhaseRow("submit", NOON_MS, NOON_MS + 86_400_000),)
)
FILES = {
    "calendar": to_wire(CALENDAR_FILE, FILE_LIMITS),
    "schools-elementary": to_wire(SCHOOLS_FILE, FILE_LIMITS),
}
SNAPSHOT = Snapshot(
    v=3,
    season=SEASON,
    t=NOON_MS,
    files={name: (2, len(data), hashlib.sha256(data).digest()) for name, data in FILES.items()},
)
SIGNED_SNAPSHOT = sign_document(SignatureType.SNAPSHOT, SNAPSHOT, RELEASE)

BEACON_MESSAGE = Beacon(
    dev=DEVICE_ID,
    t=NOON_MS,
    epoch=EPOCH,
    nonce=filled("beacon nonce", 16),
    trust_v=1,
    snap_v=3,
    snap_h=snapshot_hash(SIGNED_SNAPSHOT),
    rev_v=2,
    cursor=(1, 0, bytes(32)),
    inbox=0,
    durable=0,
    slot=Slot(after_ms=0, max_events=200, max_bytes=1_048_576),
    next_ms=300_000,
    min_proto=1,
)
SIGNED_BEACON = sign_document(SignatureType.BEACON, BEACON_MESSAGE, BEACON)
BEACON_ID = beacon_id(split_document(SIGNED_BEACON)[0])

CLAIM = Claim(
    salt=filled("claim salt", 16),
    season=SEASON,
    stage=Stage.ELEMENTARY,
    teacher_name="林測試",
    national_id=PERSON.text,
    birth="1985-04-01",
    sex="F",
    card_name_raw="林測試".encode("cp950"),
    phone1="02-23456789",
    phone2=None,
    email="teacher@example.tw",
    indigenous=False,
    language=True,
    area_limit="general",
    service_years=12,
    school=SCHOOL,
    subject="general",
    subjects=("general", "english"),
    declared=True,
)
WISHES = Wishes(
    salt=filled("wishes salt", 16), county_a="34", county_b="35", schools=("343601", "353602")
)
POINTS = PointsAwarded(
    reason_a=1000, reason_b=0, service=600, appraisal=400, awards=150, training=-25, special=0
)

BECAUSE = (
    PointsReason(
        place="service", instead_of=2400, reason="not_countable", remark="九年為代理，不採計"
    ),
    PointsReason(place="training", instead_of=None, reason="originals", remark=""),
)
AGREED = Agreed(number="115-1", text=filled("notices", 32), t=NOON_MS - 60_000)


def event(kind: str, body: msgspec.Struct, **changed: Any) -> Event:
    """The first entry of the device's log unless ``changed`` says otherwise."""
    fields: dict[str, Any] = {
        "v": 1,
        "dev": DEVICE_ID,
        "inc": 1,
        "seq": 1,
        "prev": ROOT_HASH,
        "kind": kind,
        "t": NOON_MS,
        "m": 1000,
        "boot": BOOT,
        "bcn": None,
        "ref": (3, snapshot_hash(SIGNED_SNAPSHOT)),
        "who": SYSTEM,
        "body": msgspec.to_builtins(body, builtin_types=(bytes,)),
        "ph": None,
    }
    return Event(**(fields | changed))


class Log:
    """A log in memory that grows by one signed entry at a time."""

    def __init__(
        self, key: SigningKey = DEVICE, dev: bytes = DEVICE_ID, prev: bytes = ROOT_HASH
    ) -> None:
        self.key, self.dev, self.prev, self.inc = key, dev, prev, 1
        self.links: list[Link] = []
        self.signers: list[SigningKey] = []

    @property
    def frames(self) -> list[Frame]:
        return [link.frame for link in self.links]

    def add(
        self,
        kind: str,
        body: msgspec.Struct,
        *,
        payload: bytes | None = None,
        cosignatures: tuple[Cosignature, ...] = (),
        **changed: Any,
    ) -> Link:
        number = len(self.links) + 1
        entry = event(
            kind,
            body,
            **{
                "dev": self.dev,
                "inc": self.inc,
                "seq": number,
                "prev": self.links[-1].hash if self.links else self.prev,
                "t": NOON_MS + 1000 * number,
                "m": 1000 * number,
                "ph": None if payload is None else payload_hash(payload),
            }
            | changed,
        )
        frame = sign_event(entry, self.key, payload, cosignatures)
        link = verify_frame(frame, self.key.public)
        self.links.append(link)
        self.signers.append(self.key)
        return link

    def rotate(self, new: SigningKey, **changed: Any) -> Link:
        """Hand the log over to another key."""
        place = (self.dev, self.inc, len(self.links) + 1, self.links[-1].hash)
        link = self.add("key.rotate", rotation(place, self.key, new), **changed)
        self.key = new
        return link


def boots(count: int, log: Log | None = None) -> Log:
    """A log of the smallest entries."""
    log = log or Log()
    for _ in range(count):
        log.add("boot", Boot(software="1.0.0", unclean=False))
    return log


def roster() -> bytes:
    """Payload of the registration of `PERSON`."""
    return to_wire(
        RosterPayload(
            salt=filled("roster salt", 16),
            national_id=PERSON.text,
            name="林測試",
            birth="1985-04-01",
            sex="F",
            title="教師",
            school=SCHOOL,
            stage="elementary",
            subject="general",
        )
    )


def revision(version: int, *parents: bytes, wishes: Wishes = WISHES) -> tuple[Revision, bytes]:
    """Body and payload of a version of `PERSON`'s application."""
    payload = encode_application(CLAIM, wishes, filled(f"version {version} salt", 16))
    claim_hash, wishes_hash = part_hashes(payload)
    body = Revision(app=APP, version=version, parents=parents, claim=claim_hash, wishes=wishes_hash)
    return body, payload


def decision(about: Link, *, approve: bool, earlier: tuple[bytes, ...] = ()) -> dict[str, Any]:
    """Arguments of `Log.add` for an officer's decision about a version."""
    claim = about.event.body["claim"]
    payload, cosignature = sign_decision(
        DecisionPayload(
            salt=filled(f"decision salt {approve}", 16),
            app=APP,
            revision=about.hash,
            claim=claim,
            officer=OFFICER_ID,
            verdict="approved" if approve else "returned",
            points=POINTS if approve else None,
            reasons=() if approve else ("證件不齊",),
            remark="",
            because=BECAUSE if approve else msgspec.UNSET,
        ),
        OFFICER,
    )
    return {
        "kind": "officer.approve" if approve else "officer.return",
        "body": Decision(app=APP, revision=about.hash, claim=claim, earlier=earlier),
        "payload": payload,
        "cosignatures": (cosignature,),
        "who": OFFICER_WHO,
    }


def _earlier_answer() -> bytes:
    """What the server said of the first two entries, before it was restored."""
    ack = Ack(
        dev=DEVICE_ID,
        nonce=filled("earlier nonce", 16),
        t=NOON_MS,
        code="ok",
        failed=None,
        epoch=filled("earlier epoch", 8),
        inc=1,
        through=2,
        head=filled("earlier head", 32),
        items=((1, 40, 0), (2, 41, 1)),
        durable_through=0,
        next=Pace(after_ms=0, max_events=200),
    )
    return sign_document(SignatureType.ACK, ack, RECEIPT)


def device_log() -> Log:
    """Every kind of entry a device writes, once, as one chain."""
    log = Log()
    seen = {"bcn": (BEACON_ID, 2000)}
    log.add("boot", Boot(software="1.0.0", unclean=False))
    digest = hashlib.sha256(SIGNED_BEACON).digest()
    log.add("beacon", BeaconSeen(digest=digest, t=NOON_MS), **seen)
    log.add("clock.step", ClockStep(delta_ms=-3_600_000), **seen)
    log.add("storage.alarm", StorageAlarm(code="full"), **seen)
    log.add("season.open", Season(season=SEASON), **seen)
    register = TeacherRegister(teacher=TEACHER_ID)
    log.add("teacher.register", register, payload=roster(), who=OFFICER_WHO, **seen)
    present = TeacherPresent(
        teacher=TEACHER_ID, card=filled("card", 32), witness=OFFICER_ID, citizen=False
    )
    log.add("teacher.present", present, who=TEACHER, **seen)
    body, payload = revision(1)
    first = log.add("app.revise", body, payload=payload, who=TEACHER, **seen)
    returned = log.add(**decision(first, approve=False), **seen)
    log.add(**decision(first, approve=True, earlier=(returned.hash,)), **seen)
    taken_back = log.add(
        "app.withdraw",
        Withdrawal(app=APP, version=2, parents=(first.hash,)),
        who=TEACHER,
        **seen,
    )
    other = filled("a version made elsewhere", 32)
    body, payload = revision(3, taken_back.hash, other)
    body = msgspec.structs.replace(body, agreed=AGREED)
    log.add("app.resolve", body, payload=payload, who=TEACHER, **seen)
    log.add("blob.add", BlobAdded(blob=filled("blob", 32), size=70_000), **seen)
    log.add("sync.fail", Failure(code="timeout", count=10), **seen)
    written = Transfer(file=filled("usb file", 32), first=1, last=14)
    log.add("usb.export", written, **seen)
    log.add("usb.import", written, **seen)
    carried = BeaconSeen(digest=filled("carried beacon", 32), t=NOON_MS - 86_400_000)
    log.add("beacon.carried", carried, **seen)
    log.add("inbox.seen", InboxSeen(seq=6, head=filled("inbox head", 32)), **seen)
    log.add("receipt.print", ReceiptPrinted(seq=8), **seen)
    log.add("server.epoch", Epoch(epoch=EPOCH), **seen)
    log.add("server.said", Said(answers=(_earlier_answer(),)), **seen)
    log.rotate(KEYS["device-later"], **seen)
    replay, old = refile(first, filled("replay salt", 16))
    log.add("replay", replay, payload=old, **seen)
    log.add("season.close", Season(season=SEASON), **seen)
    log.add("device.retire", Retirement(reason="season over"), **seen)
    renewal = Renewal(inc=1, seq=16, head=filled("old head", 32), reason="forked")
    log.add("device.renew", renewal, **seen)
    return log


DEVICE_LOG = device_log()
FIRST_VERSION = next(link for link in DEVICE_LOG.links if link.event.kind == "app.revise")
APPROVAL = next(link for link in DEVICE_LOG.links if link.event.kind == "officer.approve")


def receipts() -> dict[str, tuple[Receipt, SigningKey]]:
    """The receipt of the first version from the device, and from the server."""
    mine = Receipt(
        device=DEVICE_ID[:8],
        inc=1,
        seq=FIRST_VERSION.event.seq,
        event=FIRST_VERSION.hash[:16],
        minute=FIRST_VERSION.event.t // 60_000,
    )
    return {
        "device": (mine, DEVICE),
        # Past 32 bits, so that every byte of the index is in use.
        "server": (replace(mine, minute=mine.minute + 1, log_index=0x01_0000_002A), RECEIPT),
    }


def inbox_log() -> Log:
    """Every kind of entry the server writes for a device, once, as one chain."""
    log = Log(key=RECEIPT)
    about = {"who": SERVER_WHO, "boot": EPOCH, "ref": (3, snapshot_hash(SIGNED_SNAPSHOT))}
    copied = CopyPayload(
        salt=filled("copy salt", 16),
        event=APPROVAL.frame.event,
        payload=APPROVAL.frame.payload,
    )
    log.add(
        "inbox.review",
        ReviewNotice(app=APP, decision=APPROVAL.hash, verdict="approved"),
        payload=to_wire(copied),
        **about,
    )
    copied = CopyPayload(
        salt=filled("copy salt", 16), event=FIRST_VERSION.frame.event, payload=None
    )
    log.add(
        "inbox.version",
        VersionNotice(app=APP, revision=FIRST_VERSION.hash, version=1),
        payload=to_wire(copied),
        **about,
    )
    heads = tuple(sorted((FIRST_VERSION.hash, filled("a version made elsewhere", 32))))
    log.add("inbox.conflict", ConflictNotice(app=APP, heads=heads), **about)
    kept = ReceiptPayload(
        salt=filled("receipt salt", 16), receipt=encode_receipt(*receipts()["server"])
    )
    log.add(
        "inbox.receipt",
        ReceiptNotice(seq=FIRST_VERSION.event.seq, hash=FIRST_VERSION.hash),
        payload=to_wire(kept),
        **about,
    )
    result = ResultPayload(
        salt=filled("result salt", 16),
        moved=True,
        school="343601",
        subject="general",
        wish=1,
        phase="單調",
        explanation=("第 1 志願",),
    )
    log.add(
        "inbox.result",
        ResultNotice(app=APP, run=filled("run", 32)),
        payload=to_wire(result),
        **about,
    )
    log.add("inbox.retire", Retirement(reason="season over"), **about)
    review = CENTRE_LOG.links[-1]
    copied = CopyPayload(
        salt=filled("county copy salt", 16),
        event=review.frame.event,
        payload=review.frame.payload,
    )
    log.add(
        "inbox.county",
        CountyNotice(app=APP, review=review.hash, verdict="passed"),
        payload=to_wire(copied),
        **about,
    )
    barred = BarredPayload(
        salt=filled("barred salt", 16),
        clause="公立國民小學及國民中學教師介聘辦法第十一條",
        since="2020-08-01",
        until="2030-08-01",
    )
    log.add("inbox.barred", BarredNotice(teacher=TEACHER_ID), payload=to_wire(barred), **about)
    rejected = VerdictNotice(
        inc=APPROVAL.event.inc,
        seq=APPROVAL.event.seq,
        hash=APPROVAL.hash,
        code=Rejection.OFFICER_REVOKED.value,
    )
    log.add("inbox.verdict", rejected, **about)
    looks = DisplayPayload(salt=filled("display salt", 16), settings=SETTINGS)
    log.add("inbox.display", DisplayNotice(teacher=TEACHER_ID), payload=to_wire(looks), **about)
    return log


def centre_log() -> Log:
    """Every kind of entry the centre writes for itself, once, as one chain."""
    log = Log(key=RECEIPT, dev=RECEIPT.id, prev=hashlib.sha256(RECEIPT.public).digest())
    about = {"who": SERVER_WHO, "boot": EPOCH, "ref": (3, snapshot_hash(SIGNED_SNAPSHOT))}
    staff = StaffPayload(salt=filled("staff salt", 16), login="host1", reason="學校電話告知")
    account = filled("account", 16)
    log.add("centre.open", CentreOpened(key=RECEIPT.public), **about)
    log.add(
        "centre.witness",
        HeadWitnessed(head=FIRST_VERSION.hash[:10], device=DEVICE_ID, way="seal_code"),
        payload=to_wire(staff),
        **about,
    )
    log.add(
        "centre.decide",
        EntryRuled(entry=FIRST_VERSION.hash, ruling="accept", officer=account),
        payload=to_wire(staff),
        **about,
    )
    rules = RulesSet(season=SEASON, conflict="three-steps", doubtful="block", officer=account)
    log.add("centre.rules", rules, payload=to_wire(staff), **about)
    county = CountyPayload(
        salt=filled("county salt", 16),
        login="county13",
        county="13",
        points=POINTS,
        changes=(LineChanged(line="awards", reason="獎狀一張非主管機關核給"),),
        seen=("教師證（申請科別）",),
        reasons=(),
        remark="",
    )
    reviewed = CountyReviewed(
        app=APP,
        claim=APPROVAL.event.body["claim"],
        decisions=(APPROVAL.hash,),
        earlier=(),
        verdict="passed",
        number="13000001",
        officer=account,
    )
    log.add("centre.review", reviewed, payload=to_wire(county), **about)
    return log


CENTRE_LOG = centre_log()
INBOX_LOG = inbox_log()


def header(log: Log, first: int = 1, last: int | None = None, **changed: Any) -> BatchHeader:
    """The header of a batch of entries ``first`` … ``last``."""
    links = log.links[first - 1 : last]
    before = log.links[first - 2].hash if first > 1 else log.prev
    honest = BatchHeader(
        dev=log.dev,
        inc=log.inc,
        epoch=EPOCH,
        first=first,
        prev=before,
        n=len(links),
        head=links[-1].hash if links else before,
        last=first + len(links) - 1,
        frames=frames_hash(encode_frame(link.frame) for link in links),
        nonce=filled("batch nonce", 16),
        sent_m=5000,
    )
    return msgspec.structs.replace(honest, **changed)


ACK = Ack(
    dev=DEVICE_ID,
    nonce=filled("batch nonce", 16),
    t=NOON_MS,
    code="kind",
    failed=2,
    epoch=EPOCH,
    inc=1,
    through=2,
    head=DEVICE_LOG.links[1].hash,
    items=((1, 40, 0), (2, 41, 1)),
    durable_through=0,
    next=Pace(after_ms=1000, max_events=200),
)
SIGNED_ACK = sign_document(SignatureType.ACK, ACK, RECEIPT)
GAP = msgspec.structs.replace(
    ACK, code="gap", failed=None, items=(), nonce=filled("another batch nonce", 16)
)
SIGNED_GAP = sign_document(SignatureType.ACK, GAP, RECEIPT)

STATEMENT = HeadStatement(
    dev=DEVICE_ID,
    inc=1,
    seq=len(DEVICE_LOG.links),
    head=DEVICE_LOG.links[-1].hash,
    beacon=BEACON_ID,
    purpose="inbox",
    after=6,
)
SIGNED_STATEMENT = sign_document(SignatureType.HEAD, STATEMENT, DEVICE_LOG.key)
ERRAND = Errand(
    dev=DEVICE_ID,
    inc=1,
    seq=len(DEVICE_LOG.links),
    beacon=BEACON_ID,
    id=filled("errand", 16),
    teacher=filled("teacher", 16),
    task=Task.MAIL_CODE,
    address="name@example.tw",
    code="042137",
    token=None,
)
DISPLAY_ERRAND = msgspec.structs.replace(
    ERRAND, task=Task.DISPLAY, address=None, code=None, display=SETTINGS
)
SIGNED_ERRAND = sign_document(SignatureType.ERRAND, ERRAND, DEVICE_LOG.key)
INCIDENT = Incident(
    dev=DEVICE_ID,
    inc=1,
    seq=len(DEVICE_LOG.links),
    beacon=BEACON_ID,
    number="7HK2QX",
    t=NOON_MS,
    state="service=failed device=missing readers=0 repair=2failed link=offline pending=3 drafts=0",
)
SIGNED_INCIDENT = sign_document(SignatureType.INCIDENT, INCIDENT, DEVICE_LOG.key)

LOG_TREE = LogTree()
for _link in DEVICE_LOG.links:
    LOG_TREE.append(_link.hash)
CHECKPOINT = Checkpoint(
    v=1,
    epoch=EPOCH,
    size=LOG_TREE.size,
    root=LOG_TREE.root(),
    t=NOON_MS,
    sealed=filled("backup", 32),
)
SIGNED_CHECKPOINT = sign_document(SignatureType.CHECKPOINT, CHECKPOINT, RECEIPT)

DOCUMENTS: dict[str, tuple[SignatureType, type[msgspec.Struct], bytes, tuple[SigningKey, ...]]] = {
    "trust": (SignatureType.TRUST, Trust, SIGNED_TRUST, (ROOTS[0], ROOTS[2])),
    "next-trust": (SignatureType.TRUST, Trust, SIGNED_NEXT_TRUST, (ROOTS[1], ROOTS[2])),
    "request": (SignatureType.REQUEST, SigningRequest, FORM.request, (DEVICE,)),
    "officer-request": (SignatureType.REQUEST, SigningRequest, OFFICER_FORM.request, (OFFICER,)),
    "certificate": (SignatureType.CERTIFICATE, Certificate, SIGNED_CERTIFICATE, (ENROL,)),
    "officer-certificate": (
        SignatureType.CERTIFICATE,
        Certificate,
        SIGNED_OFFICER_CERTIFICATE,
        (ENROL,),
    ),
    "revocations": (SignatureType.REVOCATION, Revocations, SIGNED_REVOCATIONS, (ENROL,)),
    "snapshot": (SignatureType.SNAPSHOT, Snapshot, SIGNED_SNAPSHOT, (RELEASE,)),
    "beacon": (SignatureType.BEACON, Beacon, SIGNED_BEACON, (BEACON,)),
    "ack": (SignatureType.ACK, Ack, SIGNED_ACK, (RECEIPT,)),
    "gap": (SignatureType.ACK, Ack, SIGNED_GAP, (RECEIPT,)),
    "checkpoint": (SignatureType.CHECKPOINT, Checkpoint, SIGNED_CHECKPOINT, (RECEIPT,)),
    "head": (SignatureType.HEAD, HeadStatement, SIGNED_STATEMENT, (DEVICE_LOG.key,)),
    "errand": (SignatureType.ERRAND, Errand, SIGNED_ERRAND, (DEVICE_LOG.key,)),
    "incident": (SignatureType.INCIDENT, Incident, SIGNED_INCIDENT, (DEVICE_LOG.key,)),
}
"""Name → type, schema, signed bytes, and who signed."""


def encoded_frames() -> dict[str, bytes]:
    """Kind → wire bytes, for every kind there is."""
    return {
        link.event.kind: encode_frame(link.frame)
        for log in (DEVICE_LOG, INBOX_LOG, CENTRE_LOG)
        for link in log.links
    }


def signers() -> dict[str, SigningKey]:
    """Kind → who signed the entry of that kind."""
    logs = (DEVICE_LOG, INBOX_LOG, CENTRE_LOG)
    return {
        link.event.kind: key
        for log in logs
        for link, key in zip(log.links, log.signers, strict=True)
    }


ROTATED = next(link for link in DEVICE_LOG.links if link.event.kind == "key.rotate")
UPLOADS: dict[str, tuple[BatchHeader, list[Frame], SigningKey]] = {
    "upload": (header(DEVICE_LOG, 1, 3), DEVICE_LOG.frames[:3], DEVICE),
    "under the later key": (
        header(DEVICE_LOG, ROTATED.event.seq + 1),
        DEVICE_LOG.frames[ROTATED.event.seq :],
        DEVICE_LOG.key,
    ),
    "the whole log, as evidence": (header(DEVICE_LOG), DEVICE_LOG.frames, DEVICE),
    "nothing new": (header(DEVICE_LOG, 4, 3), [], DEVICE),
}
"""Name → header, frames and who signs the header."""

STICK = {
    "inc": 1,
    "first": 1,
    "last": 3,
    "hash": bytes(32),
    "size": 0,
    "seal": bytes(16),
    "documents": bytes(32),
}
PARCEL_CONTENT = ParcelContent(
    batches=(encode_batch(*UPLOADS["upload"]),),
    forms=(to_wire(FORM),),
    certificates=(SIGNED_OFFICER_CERTIFICATE,),
)
PARCEL_MANIFEST = ParcelManifest(
    dev=DEVICE_ID,
    **STICK,
    way="parcel",
    purpose="log",
    head=DEVICE_LOG.links[2].hash,
    count=3,
    reply=seal_public(SEAL_PRIVATE),
    snapshot=(3, snapshot_hash(SIGNED_SNAPSHOT)),
    inbox=0,
    trust=1,
    nonce=filled("parcel nonce", 16),
    t=NOON_MS,
)
ANSWER_CONTENT = AnswerContent(
    acks=(SIGNED_ACK,),
    beacon=SIGNED_BEACON,
    inbox=tuple(encode_frame(frame) for frame in INBOX_LOG.frames[:2]),
    snapshot=SIGNED_SNAPSHOT,
    files=(FILES["calendar"],),
    forms=((filled("form", 16), "granted", to_wire(GRANT, FILE_LIMITS)),),
)
ANSWER_MANIFEST = AnswerManifest(
    dev=DEVICE_ID, **STICK, way="answer", parcel=filled("parcel file", 32), t=NOON_MS
)
