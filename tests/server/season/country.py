"""Two counties, four schools, kiosks and officers whose entries arrive when a test says so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from core.domain.application import Claim, Wishes
from core.domain.ids import generate_national_id
from core.sealing import KdfCost, keyed_id
from core.signature import SignatureType
from core.wire.chain import Link
from core.wire.document import open_document
from core.wire.identity import Certificate, Revocations
from core.wire.kind import BeaconSeen, Decision, Revision
from core.wire.kind import Season as SeasonBody
from core.wire.payload import (
    DecisionPayload,
    PointsAwarded,
    PointsReason,
    encode_application,
    part_hashes,
    sign_decision,
)
from server.appending import Appender
from server.config import Limits
from server.directory import Directory
from server.imports.layout import VACANCY_HEADINGS
from server.imports.school_list import plan_school_lists, read_school_lists
from server.imports.sheet import read_sheet
from server.imports.shelf import batch_of, read_gazetteer, read_listed, write_schools, write_seats
from server.imports.vacancy import plan_vacancies, read_vacancies
from server.judging import Judge
from server.key_changes import Watch
from server.lists import milliseconds, moment, read_schools, read_seats, schools_by_id
from server.notices import Stamp, announce
from server.staff.account import Account, add_account
from server.staff.role import Role
from server.store import identities
from server.store.database import Store
from server.upload import Upload, open_batch, verify_batch
from server.views.fold import judge_again
from tests.fakes.centre import SEASON, Centre
from tests.fakes.device import SEASON_SECRET, Device, Officer, Teacher, make_officer
from tests.server.imports.lists import ENTERED, VACANCIES

SCHOOLS = (
    ("134601", "屏東縣山海國小", "屏東縣", "三地門鄉", "國小", "原、極"),
    ("134602", "屏東縣田園國小", "屏東縣", "屏東市", "國小", ""),
    ("144601", "臺東縣河口國小", "臺東縣", "臺東市", "國小", ""),
    ("144602", "臺東縣草原國小", "臺東縣", "關山鎮", "國小", "偏"),
    ("024601", "宜蘭縣溪南國小", "宜蘭縣", "宜蘭市", "國小", ""),
    ("024602", "宜蘭縣溪北國小", "宜蘭縣", "礁溪鄉", "國小", ""),
    ("134501", "屏東縣山海國中", "屏東縣", "屏東市", "國中", ""),
)
SUBMIT_MS = milliseconds(moment(1_777_366_800_000))  # 115/4/28 17:00
OFFICER_MS = SUBMIT_MS + 24 * 3_600_000
FREEZE_MS = SUBMIT_MS + 20 * 24 * 3_600_000
HOUR_MS = 3_600_000
GIVEN = ("怡君", "雅婷", "家豪", "志明", "淑芬", "俊傑", "佳穎", "宗翰", "美玲", "建宏", "詩涵")
CHEAP = KdfCost(memory_kib=64, passes=1)
PASSWORD = "correct horse 115"  # noqa: S105 - invented people only
POINTS = PointsAwarded(
    reason_a=1000, reason_b=500, service=600, appraisal=400, awards=150, training=50, special=0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A submitted version and what it says."""

    teacher: Teacher
    claim: Claim
    wishes: Wishes
    link: Link


class Country:
    """A migrated database with lists, and machines that put entries into it."""

    def __init__(self, store: Store, centre: Centre) -> None:
        self.store = store
        self.centre = centre
        self.random = Random(5)  # noqa: S311 - the same each time
        self.now_ms = SUBMIT_MS - 48 * HOUR_MS
        self.directory = Directory()
        self._lists = 0
        judge = Judge(self.directory, centre.receipt, lambda: self.now_ms)
        self._append = Appender(judge, Limits(), lambda: self.now_ms, Watch(self.directory))
        self._sent: dict[tuple[bytes, int], int] = {}
        self.import_schools(SCHOOLS)

    def import_schools(self, rows: Iterable[Sequence[str]]) -> None:
        """Take in a list by hand."""
        text = "\n".join((ENTERED, *(",".join(row) for row in rows)))
        sheet = read_sheet("hand.csv", text.encode())
        lists = read_school_lists([sheet], read_gazetteer(), moment(self.now_ms).date())
        batch = batch_of({"hand.csv": sheet.sha256}, "test", self.now_ms)
        with self.store.writing() as connection:
            plan = plan_school_lists(lists, read_listed(connection))
            assert plan.faults == ()
            write_schools(connection, plan, batch, close_gone=False)

    def open_seats(self, *rows: str) -> None:
        """Vacancies such as ``134601,普通,1,``."""
        assert len(VACANCY_HEADINGS.needed) == len(VACANCIES.split(","))
        sheet = read_sheet("seats.csv", "\n".join((VACANCIES, *rows)).encode())
        batch = batch_of({"seats.csv": sheet.sha256}, "test", self.now_ms)
        with self.store.writing() as connection:
            schools = schools_by_id(read_schools(connection))
            lines, faults = read_vacancies(sheet, schools, read_gazetteer())
            assert faults == ()
            plan = plan_vacancies(lines, read_seats(connection, SEASON))
            write_seats(connection, SEASON, plan, batch, close_gone=False)

    def machine(self, *schools: str) -> Device:
        """A kiosk that serves these schools, known to the server."""
        device = Device(self.centre, *schools)
        self.certify(device.certificate)
        return device

    def officer(self, *schools: str) -> Officer:
        """An officer of these schools, known to the server."""
        officer = make_officer(self.centre, *schools)
        self.certify(officer.certificate)
        return officer

    def teacher(self, number: int, school: str) -> Teacher:
        """An invented person at a school."""
        national_id = generate_national_id("KLMN"[number % 4], "2", f"{number:07d}").text
        return Teacher(
            name="陳林黃張李王吳劉蔡楊"[number % 10] + GIVEN[number % len(GIVEN)],
            national_id=national_id,
            pseudonym=keyed_id(SEASON_SECRET, "teacher", national_id),
            app=keyed_id(SEASON_SECRET, "application", SEASON, "elementary", national_id),
            school=school,
        )

    def apply(  # noqa: PLR0913 - the fields of a version
        self,
        device: Device,
        teacher: Teacher,
        schools: Sequence[str],
        *,
        counties: tuple[str, str] = ("02", "14"),
        version: int = 1,
        parents: tuple[bytes, ...] = (),
        claim: Claim | None = None,
        kind: str = "app.revise",
        **changed: object,
    ) -> Applied:
        """The teacher sends a version with these wishes; ``changed`` are fields of the claim."""
        said = claim or device.claim(teacher, school=teacher.school, **changed)
        listed = Wishes(
            salt=device.salt(), county_a=counties[0], county_b=counties[1], schools=tuple(schools)
        )
        payload = encode_application(said, listed, device.salt())
        claim_hash, wishes_hash = part_hashes(payload)
        body = Revision(
            app=teacher.app,
            version=version,
            parents=parents,
            claim=claim_hash,
            wishes=wishes_hash,
        )
        link = device.add(kind, body, who=teacher.who, payload=payload)
        return Applied(teacher=teacher, claim=said, wishes=listed, link=link)

    def decide(  # noqa: PLR0913 - the fields of a decision
        self,
        device: Device,
        officer: Officer,
        applied: Applied,
        *,
        verdict: str = "approved",
        points: PointsAwarded | None = POINTS,
        because: tuple[PointsReason, ...] | UnsetType = UNSET,
        earlier: tuple[bytes, ...] = (),
    ) -> Link:
        """The officer decides about a version."""
        approved = verdict == "approved"
        claim = applied.link.event.body["claim"]
        content = DecisionPayload(
            salt=device.salt(),
            app=applied.teacher.app,
            revision=applied.link.hash,
            claim=claim,
            officer=officer.id,
            verdict=verdict,
            points=points if approved else None,
            reasons=() if approved else ("reinstatement_missing",),
            remark="",
            because=because,
        )
        payload, cosignature = sign_decision(content, officer.key)
        body = Decision(
            app=applied.teacher.app, revision=applied.link.hash, claim=claim, earlier=earlier
        )
        return device.add(
            "officer.approve" if approved else "officer.return",
            body,
            who=officer.who,
            payload=payload,
            cosignatures=(cosignature,),
        )

    def beacon(self, device: Device, t_ms: int) -> Link:
        """The machine commits a beacon of this server time."""
        return device.add("beacon", BeaconSeen(digest=self.random.randbytes(32), t=t_ms))

    def close(self, device: Device) -> Link:
        """The machine closes the season."""
        return device.add("season.close", SeasonBody(season=SEASON))

    def receive(self, *devices: Device, at_ms: int | None = None) -> None:
        """Everything the machines have not sent yet arrives, at this time."""
        self.now_ms = at_ms if at_ms is not None else self.now_ms + 1000
        for device in devices:
            chain = device.id, device.inc
            first = self._sent.get(chain, 0) + 1
            if first > len(device.links):
                continue
            self._sent[chain] = len(device.links)
            with self.store.writing() as connection:
                self._append(connection, [self._upload(connection, device, first)])

    def revoke(self, *revoked: bytes, t_ms: int) -> None:
        """A new list: these certificates, and no others, are good for nothing since then."""
        self._lists += 1
        items = tuple((each, None, t_ms, "遺失") for each in revoked)
        with self.store.writing() as connection:
            changed = identities.replace_revocations(
                connection, Revocations(v=self._lists, items=items)
            )
            folded = judge_again(connection, sorted(changed), self.directory)
            announce(connection, folded, {}, Stamp(now_ms=self.now_ms, key=self.centre.receipt))

    def account(
        self, login: str, role: Role = Role.HOST, county: str | None = None, name: str = ""
    ) -> Account:
        """Someone who may log in with `PASSWORD`."""
        account = Account(login=login, name=name or login, role=role, county=county)
        with self.store.writing() as connection:
            add_account(
                connection,
                account,
                password=PASSWORD,
                salt=self.random.randbytes(16),
                by="test",
                now_ms=self.now_ms,
                cost=CHEAP,
            )
        return account

    def read(self, work: Callable[[Connection], object]) -> object:
        """Read in one transaction."""
        with self.store.reading() as connection:
            return work(connection)

    def certify(self, signed: bytes) -> None:
        """The server knows this certificate."""
        enrol = {self.centre.enrol.id: self.centre.enrol.public}
        content = open_document(SignatureType.CERTIFICATE, signed, Certificate, enrol)
        with self.store.writing() as connection:
            identities.add_certificate(connection, signed, content, self.now_ms)

    def _upload(self, connection: Connection, device: Device, first: int) -> Upload:
        data = device.batch(first)
        opened = open_batch(
            data, device.id, lambda dev, inc: self.directory.device(connection, dev, inc)
        )
        assert isinstance(opened, tuple)
        upload = verify_batch(data, *opened)
        assert isinstance(upload, Upload)
        return upload


class Site:
    """A school's kiosk with its officer; who applies here is registered first."""

    def __init__(self, country: Country, *schools: str) -> None:
        self.country = country
        self.device = country.machine(*schools)
        self.officer = country.officer(*schools)

    def applied(
        self, number: int, school: str, schools: Sequence[str], **changed: object
    ) -> Applied:
        """A registered teacher applies."""
        teacher = self.country.teacher(number, school)
        self.device.register(teacher, self.officer)
        return self.country.apply(self.device, teacher, schools, **changed)  # type: ignore[arg-type]

    def approved(
        self, number: int, school: str, schools: Sequence[str], **changed: object
    ) -> Applied:
        """And the officer approves."""
        applied = self.applied(number, school, schools, **changed)
        self.country.decide(self.device, self.officer, applied)
        return applied
