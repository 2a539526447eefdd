"""Invented people, schools and a season for tests of the kiosk; nobody and nothing here exists."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

from core.domain.application import Reference
from core.domain.ids import (
    ApplicationId,
    CountyCode,
    EventHash,
    SchoolId,
    SubjectCode,
    TeacherId,
    generate_national_id,
)
from core.domain.place import load_counties
from core.domain.school import DatedMark, Mark, School, Stage
from core.domain.subject import load_subjects
from core.rules.calendar import build_calendar
from kiosk.session.bureau import CertificateState, Officer
from kiosk.session.draft import Answers, Draft
from kiosk.session.form import claim_of, wishes_of
from kiosk.session.page import TasksPage
from kiosk.session.person import Lock, Person, Post, Secret
from kiosk.session.record import Delivery, Record, Version
from kiosk.session.state import TRIES, Session, SignedIn
from kiosk.session.station import Reader, Service, SlotHolds, Station

SEASON = "115"
NOON = datetime(2026, 4, 27, 4, 0, tzinfo=UTC)
OPENS = datetime(2026, 4, 19, 0, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 4, 28, 9, 0, tzinfo=UTC)
OFFICER_DEADLINE = DEADLINE + timedelta(days=1)
OWN = SchoolId("183601")
PINGTUNG = CountyCode("13")
TAITUNG = CountyCode("14")
HUALIEN = CountyCode("15")
HSINCHU = CountyCode("18")
GENERAL = SubjectCode("general")
PASSWORD = "mango-tree-42"  # noqa: S105 - invented
OFFICER_PASSWORD = "river-stone-7"  # noqa: S105 - invented


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def table(name: str) -> str:
    return files("core.rules.tables").joinpath(name).read_text(encoding="utf-8")


def school(
    code: str,
    name: str,
    township: str,
    *marks: Mark,
    stage: Stage = Stage.ELEMENTARY,
    delegated: bool = True,
) -> School:
    return School(
        id=SchoolId(code),
        name=name,
        short_name=name.removesuffix("國小"),
        county=CountyCode(code[:2]),
        township=township,
        stage=stage,
        marks=tuple(DatedMark(mark=mark, since=date(2024, 8, 1)) for mark in marks),
        delegated=delegated,
    )


SCHOOLS = (
    school("183601", "松風國小", "東區"),
    school("183602", "竹影國小", "北區"),
    school("133601", "溪口國小", "屏東市"),
    school("133602", "芒果國小", "屏東市", Mark.REMOTE),
    school("133603", "雲門國小", "三地門鄉", Mark.SPECIAL_REMOTE, Mark.INDIGENOUS),
    school("133604", "石板國小", "三地門鄉", Mark.SPECIAL_REMOTE, Mark.INDIGENOUS),
    school("133605", "關門國小", "里港鄉", delegated=False),
    school("133501", "海風國中", "東港鎮", stage=Stage.JUNIOR),
    school("143601", "日出國小", "臺東市"),
    school("143602", "鹿野坡國小", "鹿野鄉", Mark.REMOTE),
    school("143603", "都蘭灣國小", "東河鄉", Mark.INDIGENOUS),
    school("153601", "奇萊國小", "花蓮市"),
)
REFERENCE = Reference(
    schools={each.id: each for each in SCHOOLS},
    subjects=load_subjects(table("subjects.toml")),
    counties=load_counties(table("counties.toml")),
    version=1,
    on=date(2026, 4, 20),
)
CALENDAR = build_calendar(
    opens=OPENS,
    submit=DEADLINE,
    officer=OFFICER_DEADLINE,
    freeze=DEADLINE + timedelta(days=15),
    run=DEADLINE + timedelta(days=18),
    publish=DEADLINE + timedelta(days=21),
    ends=DEADLINE + timedelta(days=40),
)


def person(number: int, name: str, sex: str = "F") -> Person:
    return Person(
        teacher=TeacherId(bytes([number]) * 16),
        national_id=generate_national_id("T", "2" if sex == "F" else "1", f"70000{number:02}"),
        name=name,
        card_name=name,
        card_name_raw=name.encode("cp950", "replace").ljust(20, b"\0"),
        name_damaged=False,
        birth=date(1986, 4, 28),
        sex="F" if sex == "F" else "M",
        card=bytes([number]) * 32,
    )


AMY = person(1, "林曉芒")
BEN = person(2, "陳大川", "M")
CLERK = person(9, "王守信", "M")
POST = Post(school=OWN, subject=GENERAL, stage=Stage.ELEMENTARY, title="teacher")
FRESH = Lock(tries_left=TRIES)
OFFICER = Officer(
    person=CLERK, state=CertificateState.GRANTED, certificate=bytes(15) + b"\x09", role="personnel"
)
STATION = Station(
    machine="KH-0231",
    season=SEASON,
    schools=(OWN, SchoolId("183602")),
    school=REFERENCE.schools[OWN],
    reference=REFERENCE,
    calendar=CALENDAR,
    has_officer=True,
)
COMPLETE = Answers(
    notices_read=6,
    agreed_ms=1,
    phone1="03-5123456",
    phone2="",
    email="amy@example.tw",
    indigenous=False,
    area_limit="general",
    service_years=7,
    post_confirmed=True,
    subject2="",
    subject3="",
    county_a=PINGTUNG,
    county_b=TAITUNG,
    wishes=(SchoolId("133601"), SchoolId("143601"), SchoolId("133603")),
)


def secret(text: str) -> Secret:
    return Secret.from_text(text)


def idle(station: Station = STATION) -> Session:
    return Session(
        at=NOON, station=station, reader=Reader(service=Service.FINE, device=Service.FINE)
    )


def record(*versions: Version, heads: tuple[Version, ...] | None = None) -> Record:
    return Record(
        app=ApplicationId(b"a" * 16),
        versions=versions,
        heads=versions[-1:] if heads is None else heads,
    )


def version(number: int, answers: Answers = COMPLETE, who: Person = AMY) -> Version:
    salt = bytes(16)
    return Version(
        hash=EventHash(bytes([number]) * 32),
        version=number,
        seq=40 + number,
        number=f"115E-0231-{40 + number:06}",
        check_code="0000-0000",
        submitted=NOON - timedelta(hours=number),
        claim=claim_of(who, POST, answers, SEASON, declared=True, salt=salt),
        wishes=wishes_of(answers, salt),
        receipt=b"r" * 109,
        delivery=Delivery.STORED,
    )


def working(draft: Draft | None = None, **changes) -> SignedIn:
    scene = SignedIn(
        person=AMY,
        post=POST,
        draft=Draft(answers=COMPLETE) if draft is None else draft,
        record=record(),
        page=TasksPage(),
        silent_since=NOON,
        password_at=NOON,
    )
    return replace(scene, **changes)


def at_work(draft: Draft | None = None, station: Station = STATION, **changes) -> Session:
    session = idle(station)
    reader = replace(session.reader, slot=SlotHolds(AMY.teacher))
    return replace(session, reader=reader, scene=working(draft, **changes))


def rare(number: int, name: str, card: str, roster: str | None = None) -> Person:
    """Somebody whose card shows ``card``, with ``□`` for what cp950 lacks."""
    raw = card.replace("□", "*").encode("cp950").ljust(20, b"\0")
    shown = roster or card
    return replace(
        person(number, name), name=shown, card_name=card, card_name_raw=raw, name_damaged=True
    )


KUN = rare(3, "游錫堃", "游錫□")
"""Nobody has corrected the name yet."""
KNOWN_KUN = rare(3, "游錫堃", "游錫□", "游錫堃")
"""The school has registered it."""
