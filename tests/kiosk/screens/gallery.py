"""One invented session for every screen, and the keys that lead to what is behind it.

Nobody here exists.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.application import Reference
from core.domain.ids import ApplicationId, EventHash, SchoolId, SubjectCode, TeacherId
from core.domain.past import PastResult
from core.domain.points import Points
from core.domain.reading import load_readings
from core.domain.refusal import Refusal
from core.domain.school import Mark, School, Stage
from core.season.county import CountyVerdict, Hold
from core.season.merge import Review
from core.season.numbering import receipt_number
from core.wire.receipt import check_code
from kiosk.session import bureau, page, state
from kiosk.session.answer import Submitted
from kiosk.session.contact import Contact, Mailing, Proof, Telephone
from kiosk.session.draft import Answers, Draft, EditName
from kiosk.session.edit import record as edited
from kiosk.session.effect import Submit
from kiosk.session.page import Doubt, Interruption, Question, Task
from kiosk.session.person import Barred, Lock
from kiosk.session.practice import answer, begin
from kiosk.session.rare_name import begin as begin_name
from kiosk.session.record import (
    CountyView,
    Delivery,
    LineReason,
    PointsView,
    Record,
    ResultView,
    ReviewView,
    Version,
)
from kiosk.session.self_check import SelfCheck
from kiosk.session.sending import faults as sending_faults
from kiosk.session.state import Session, SignedIn, TroubleCode
from kiosk.session.station import (
    LeftCard,
    Link,
    LinkName,
    Mending,
    Reader,
    Repair,
    Seal,
    Sealed,
    Service,
    SlotHolds,
    Station,
)
from kiosk.session.wishing import change_county
from kiosk.station import read_documents, read_ground, read_scales, read_schemes
from tests.kiosk import people
from tests.kiosk.changhua import AT_RICE, FORMS, of_rice
from tests.kiosk.people import (
    AMY,
    BEN,
    CLERK,
    COMPLETE,
    DEADLINE,
    FRESH,
    NOON,
    OFFICER,
    OWN,
    PINGTUNG,
    POST,
    TAITUNG,
    school,
)

# Townships are real, schools are not.
MOUNTAIN = (Mark.SPECIAL_REMOTE, Mark.INDIGENOUS)
_NAMES = (
    ("屏東市", ("溪口", "榕樹", "椰影", "和美", "公館新", "瑞光", "鵬程", "海豐埔", "歸來"), ()),
    ("三地門鄉", ("雲門", "石板", "大社新", "達來", "賽嘉埔", "德文"), MOUNTAIN),
    ("霧臺鄉", ("霧之臺", "阿禮"), (Mark.VERY_REMOTE, Mark.INDIGENOUS)),
    ("瑪家鄉", ("北葉新", "佳義埔", "百合"), MOUNTAIN),
    ("九如鄉", ("三多新", "後庄埔", "惠農", "玉泉"), ()),
    ("里港鄉", ("里港新", "土庫", "載興埔", "三和"), (Mark.REMOTE,)),
    ("恆春鎮", ("山海新", "墾丁埔", "僑勇", "水泉"), (Mark.REMOTE,)),
    ("車城鄉", ("車城新", "射寮"), (Mark.SPECIAL_REMOTE,)),
    ("滿州鄉", ("滿州新", "永港", "長樂百合分校"), (Mark.VERY_REMOTE,)),
)  # fmt: skip
GROUND = read_ground()
READINGS = load_readings(people.table("readings.toml"))
CLOSED = SchoolId("133628")


def _pingtung() -> tuple[School, ...]:
    number = 600
    found = []
    for township, names, marks in _NAMES:
        for name in names:
            number += 1
            code = f"133{number}"
            suffix = "" if name.endswith("分校") else "國小"
            found.append(
                school(code, f"{name}{suffix}", township, *marks, delegated=code != CLOSED)
            )
    return tuple(found)


def _taitung() -> tuple[School, ...]:
    names = ("日出", "鹿野坡", "都蘭灣", "池上埔", "關山新", "成功新", "長濱埔", "太麻里新")
    towns = ("臺東市", "鹿野鄉", "東河鄉", "池上鄉", "關山鎮", "成功鎮", "長濱鄉", "太麻里鄉")
    marks = (
        (),
        (Mark.REMOTE,),
        (Mark.INDIGENOUS,),
        (),
        (),
        (Mark.REMOTE,),
        (Mark.REMOTE, Mark.INDIGENOUS),
        (),
    )
    return tuple(
        school(f"1436{at:02}", f"{name}國小", town, *mark)
        for at, (name, town, mark) in enumerate(zip(names, towns, marks, strict=True), start=1)
    )


LISTED = (*_pingtung(), *_taitung(), *people.SCHOOLS[:2], *people.SCHOOLS[-1:])
REFERENCE: Reference = replace(people.REFERENCE, schools={each.id: each for each in LISTED})
ONLINE = Link(name=LinkName.ONLINE, compared=NOON - timedelta(minutes=10), offset_ms=240)
OFFLINE = Link(name=LinkName.OFFLINE, pending=3, compared=NOON - timedelta(hours=2), offset_ms=240)
STATION: Station = replace(
    people.STATION,
    reference=REFERENCE,
    reference_at=NOON - timedelta(hours=2),
    link=ONLINE,
    contact="人事室 王主任 分機 12",
    server="https://transfer.example.tw",
    software="0.1",
    ground=GROUND,
    scales=read_scales(),
    documents=read_documents(),
)
WISHES = tuple(
    SchoolId(each)
    for each in (
        "133601", "133611", "133604", "143602", "133622", "133613", "133616", "133618",
        "143603", "133621", "133624", "133628",
    )
)  # fmt: skip
ANSWERS = replace(
    COMPLETE,
    phone1="07-1234567#89",
    email="lin.hm@example.tw",
    indigenous=True,
    wishes=WISHES,
)
DRAFT = Draft(answers=ANSWERS)
PAST = {
    (SchoolId("133601"), SubjectCode("general")): PastResult(
        year=114,
        school=SchoolId("133601"),
        subject=SubjectCode("general"),
        vacancies=6,
        applicants=23,
        moved=6,
        lowest=Points(4150),
        source="屏東縣政府介聘結果公告",
        as_of="2025-06-20",
    )
}
SAVED = NOON - timedelta(minutes=2, seconds=29)
HASH = EventHash(bytes.fromhex("8f3a29d1" + "5c" * 28))


def version(
    number: int, answers: Answers = ANSWERS, delivery: Delivery = Delivery.DELIVERED
) -> Version:
    found = people.version(number, answers)
    seq = 424 + number
    return replace(
        found,
        seq=seq,
        hash=EventHash(bytes([number]) * 32),
        number=receipt_number("115", Stage.ELEMENTARY, "KH-0231", seq),
        check_code=check_code(HASH),
        delivery=delivery,
    )


def session(
    scene: state.Scene, *, card: TeacherId | None = None, station: Station = STATION
) -> Session:
    reader = Reader(service=Service.FINE, device=Service.FINE)
    if card is not None:
        reader = replace(reader, slot=SlotHolds(card))
    return Session(at=NOON, station=station, reader=reader, scene=scene)


def teacher(
    shown: page.Page, *, station: Station = STATION, draft: Draft = DRAFT, **changes
) -> Session:
    scene = SignedIn(
        person=AMY,
        post=POST,
        draft=draft,
        record=Record(app=ApplicationId(b"a" * 16)),
        page=shown,
        silent_since=NOON,
        password_at=NOON,
        saved=SAVED,
    )
    return session(replace(scene, **changes), card=AMY.teacher, station=station)


def sent(*versions: Version, **changes) -> Record:
    found = Record(app=ApplicationId(b"a" * 16), versions=versions, heads=versions[-1:])
    return replace(found, **changes)


def officer(shown: bureau.BureauPage, **changes) -> Session:
    scene = state.OfficerSignedIn(officer=OFFICER, page=shown, silent_since=NOON)
    return session(replace(scene, **changes), card=CLERK.teacher)


BEFORE = sent(
    version(1, replace(ANSWERS, wishes=WISHES[:9])),
    version(2, replace(ANSWERS, wishes=(WISHES[1], WISHES[0], *WISHES[2:11]))),
)
POINTS = PointsView(
    reason_a=400, reason_b=0, service=1850, appraisal=800, awards=350, training=100, special=0,
    total_a=3500, total_b=3100,
)  # fmt: skip
APPROVED = ReviewView(
    verdict="approved", at=NOON - timedelta(minutes=30), points=POINTS, reasons=(), remark=""
)
RETURNED = ReviewView(
    verdict="returned",
    at=NOON - timedelta(minutes=30),
    points=None,
    reasons=("household_older_than_month", "reinstatement_missing"),
    remark="請補 4 月後申請的戶籍謄本",
)


COUNTY = CountyView(
    verdict=CountyVerdict.PASSED,
    hold=Hold.HOLDS,
    at=DEADLINE + timedelta(days=6),
    county="13",
    points=replace(POINTS, awards=POINTS.awards - 50, total_a=POINTS.total_a - 50,
                   total_b=POINTS.total_b - 50),
    changes=(("awards", "獎狀一張非主管機關核給"),),
    reasons=(),
)  # fmt: skip


def queue_rows() -> tuple[bureau.Row, ...]:
    names = (
        ("林曉芒", 27, 2),
        ("陳大川", 31, 1),
        ("Lee Anna", 33, 1),
        ("吳玲", 36, 1),
        ("張文", 22, 3),
    )
    reviews = (Review.WAITING, Review.WAITING, Review.WAITING, Review.WAITING, Review.RETURNED)
    return tuple(
        bureau.Row(
            app=ApplicationId(bytes([at]) * 16),
            number=receipt_number("115", Stage.ELEMENTARY, "KH-0231", 400 + seq),
            name=name,
            stage=Stage.ELEMENTARY,
            school=OWN,
            submitted=NOON - timedelta(minutes=14 + 71 * at),
            version=number,
            review=review,
            verdict="returned" if review is Review.RETURNED else None,
            reopened=number > 1 and review is Review.WAITING,
            delivery=Delivery.DELIVERED,
        )
        for at, ((name, seq, number), review) in enumerate(zip(names, reviews, strict=True))
    )


def case() -> bureau.Case:
    sent_version = version(2)
    assert sent_version.claim is not None
    assert sent_version.wishes is not None
    return bureau.Case(
        row=queue_rows()[0],
        teacher=AMY.teacher,
        revision=sent_version.hash,
        claim_hash=bytes(32),
        claim=sent_version.claim,
        wishes=sent_version.wishes,
        earlier=(),
        decision=None,
        points=("4.0", "0.0", "14.0", "8.0", "3.5", "1.0", "0.0"),
    )


def rejected_rows() -> tuple[bureau.Row, ...]:
    """A version and a decision the centre gives no effect, the rest as ever."""
    first, second, *rest = queue_rows()
    return (
        replace(first, rejection="scope", delivery=Delivery.ATTENTION),
        replace(second, verdict="approved", review_rejection="cosignature"),
        *rest,
    )


def rare_case() -> bureau.Case:
    answers = replace(ANSWERS, teacher_name="游錫堃")
    claim = people.version(2, answers, people.KUN).claim
    assert claim is not None
    return replace(case(), claim=claim, row=replace(queue_rows()[0], name="游錫堃"))


def roster() -> tuple[bureau.RosterRow, ...]:
    return tuple(
        bureau.RosterRow(
            teacher=each.teacher,
            name=each.name,
            national_id=each.national_id,
            title=title,
            school=OWN,
            stage=Stage.ELEMENTARY,
            subject=SubjectCode("general"),
            first_use_done=done,
        )
        for each, title, done in ((AMY, "homeroom", True), (BEN, "section_chief", False))
    )


FORM = bureau.DecisionForm(points=case().points, verdict="approved", originals=True, clean=True)
BECAUSE = (
    LineReason(
        place="service", instead_of=2000, reason="not_countable", remark="其中一年為留職停薪"
    ),
    LineReason(place="awards", instead_of=None, reason="originals", remark=""),
)
EXPLAINED = replace(APPROVED, because=BECAUSE)
HELD = replace(
    case(),
    points=("0", "0", "14.0", "8.0", "0", "0", "0"),
    held_against=(None, None, Points(1400), Points(800), None, None, None),
)
CHANGED = replace(
    FORM,
    points=("4", "0", "12.0", "6.0", "3.5", "0", "0"),
    because=(
        *bureau.NO_REASONS[:2],
        bureau.Because("not_countable", "其中一年為留職停薪"),
        *bureau.NO_REASONS[3:],
    ),
)
BARRED = replace(
    POST, barred=Barred("公立國民小學及國民中學教師介聘辦法第十一條", date(2030, 8, 1))
)
LEFT_CARDS = replace(
    STATION,
    left_cards=(
        LeftCard(left=NOON - timedelta(hours=2), taken=NOON - timedelta(hours=1, minutes=20)),
        LeftCard(
            left=NOON - timedelta(minutes=50), taken=NOON - timedelta(minutes=9), restarted=True
        ),
    ),
)
REGISTRATION = bureau.Registration(
    person=BEN, name=BEN.name, birth=BEN.birth, title="teacher", school=OWN,
    stage=Stage.ELEMENTARY, subject=SubjectCode("general"),
)  # fmt: skip
PHONE_FAULTS = (
    Refusal(code="phone_wrong", place="phone1"),
    Refusal(code="email_wrong", place="email"),
)
WRONG = replace(ANSWERS, phone1="07-123456", email="name")


def stepped() -> Draft:
    draft = Draft(answers=replace(ANSWERS, wishes=()))
    at_ms = int(NOON.timestamp() * 1000) - 600_000
    for count in range(1, 6):
        draft = edited(
            draft, replace(draft.answers, wishes=WISHES[:count]), EditName.WISH_ADDED,
            WISHES[count - 1], at_ms + 20_000 * count,
        )  # fmt: skip
    return draft


OPEN_WISHES = Draft(answers=replace(ANSWERS, wishes=WISHES[:11]))
_THERE = replace(
    ANSWERS,
    phone1="0900123456",
    service_years=8,
    wishes=(WISHES[0], WISHES[2], WISHES[1], *WISHES[3:9], "143605", *WISHES[9:11]),
)
HERE = version(2, ANSWERS)
THERE = replace(
    version(3, _THERE, Delivery.ELSEWHERE),
    submitted=NOON - timedelta(hours=1, minutes=38),
    number="",
    receipt=b"",
)
TORN = sent(HERE, THERE, heads=(HERE, THERE))
TAKEN_BACK = replace(
    version(3), claim=None, wishes=None, withdrawn=True, parents=(HERE.hash,), receipt=b"r" * 109
)
WITHDRAWN = sent(BEFORE.versions[0], HERE, TAKEN_BACK)
BACKED = replace(
    version(3, delivery=Delivery.BACKED_UP),
    server_receipt=b"s" * 114,
    log_index=1233,
    delivered=NOON - timedelta(hours=2, minutes=19),
)
CLOSING = Sealed(hash=bytes.fromhex("8f3a29d15c" * 6 + "0102"), at=DEADLINE, witnessed=True)
REVIEWED = Sealed(
    hash=bytes.fromhex("01c7e4b290" * 6 + "0304"),
    at=DEADLINE + timedelta(hours=3, minutes=12),
    witnessed=False,
)
SEALED = replace(
    STATION,
    link=replace(ONLINE, name=LinkName.CLOSED),
    seal=Seal(closing=CLOSING, later=REVIEWED),
)


def troubled(name: LinkName, attention: str | None = None) -> Station:
    link = replace(OFFLINE, name=name, attention=attention)
    return replace(STATION, link=link)


def idle_after(station: Station, hours: int) -> Session:
    at = DEADLINE + timedelta(hours=hours)
    return replace(session(state.Idle(), station=station), at=at)


def torn_rows() -> tuple[bureau.Row, ...]:
    """One application in conflict, one taken back, the rest as ever."""
    first, second, *rest = queue_rows()
    return (
        replace(first, standing=bureau.Standing.CONFLICT, reopened=False),
        replace(second, standing=bureau.Standing.WITHDRAWN),
        *rest,
    )


BRANCH = school("133641", "雲門國小德文分校", "三地門鄉", *MOUNTAIN)
WITH_BRANCHES: Reference = replace(
    REFERENCE, schools={**REFERENCE.schools, BRANCH.id: BRANCH}, version=2
)
RESTED = change_county(
    Draft(answers=ANSWERS), "a", people.HUALIEN, WITH_BRANCHES, int(NOON.timestamp() * 1000)
)
MANY_SENT = sent(
    replace(
        version(1, replace(ANSWERS, wishes=WISHES[:9], phone1="0900123456")),
        submitted=NOON - timedelta(days=5, hours=2),
    ),
    replace(
        version(2, replace(ANSWERS, wishes=(*WISHES[:4], "143605")), Delivery.ELSEWHERE),
        submitted=NOON - timedelta(days=1, hours=3),
        number="",
        receipt=b"",
    ),
    version(3, replace(ANSWERS, wishes=(WISHES[1], WISHES[0], *WISHES[2:11]))),
)


@dataclass(frozen=True)
class Picture:
    """A screen worth looking at. ``keys`` are pressed after it stands."""

    session: Session
    keys: tuple[str, ...] = ()
    palette: str = "light"
    language: str = "zh"


def _check_page() -> Session:
    base = teacher(page.CheckPage(), record=BEFORE)
    scene = base.scene
    assert isinstance(scene, SignedIn)
    found = sending_faults(base, scene, ticked=False)
    return replace(base, scene=replace(scene, page=page.CheckPage(faults=found)))


def _check_refused() -> Session:
    base = _check_page()
    scene = base.scene
    assert isinstance(scene, SignedIn)
    assert isinstance(scene.page, page.CheckPage)
    return replace(base, scene=replace(scene, page=replace(scene.page, asked=True)))


_after = replace(STATION, calendar=people.CALENDAR)
RECEIPT = version(3, delivery=Delivery.STORED)
REJECTED = replace(version(3, delivery=Delivery.ATTENTION), rejection="part_hash")
ASKING = state.AskingPassword(person=AMY, post=POST, since=NOON, asked=Stage.ELEMENTARY, lock=FRESH)
NAMING = replace(
    begin_name(people.KNOWN_KUN, people.KUN.name),
    name=people.KUN.name,
    keys="djp ",
    found=("堃", "髡", "昆", "崑", "坤", "琨", "錕", "焜", "褌", "晜", "鯤", "菎"),
)
_WITNESS = {"person": AMY, "post": POST, "since": NOON, "reset": False}

NOTICE = "屏東縣 4/21 更正學校名單，請重新確認志願。\n縣市積分審查請攜正本。"


def _practised() -> Session:
    """A practised application, sent."""
    begun = begin(replace(people.idle(STATION), at=NOON)).session
    person = begun.scene
    assert isinstance(person, SignedIn)
    wishes = tuple(SchoolId(each) for each in ("133901", "143901", "133908"))
    draft = Draft(answers=replace(COMPLETE, wishes=wishes))
    effect = Submit(ticket=1, person=person.person, post=person.post, draft=draft, password=None)
    sent_ = answer(begun, effect)
    assert isinstance(sent_, Submitted)
    page_ = page.ReceiptPage(sent_.version)
    return replace(
        begun,
        scene=replace(person, draft=draft, record=sent_.record, page=page_, toast=None),
    )


LETTER = Proof(
    address=ANSWERS.email,
    asked=NOON - timedelta(minutes=3),
    mailing=Mailing.SENT,
    taken=NOON - timedelta(minutes=2),
    tries_left=4,
)
QR_URL = "https://line.me/R/oaMessage/%40jiepin/?JP-abcdefghijklmnop"
CONTACT = page.ContactPage(behind=page.StatusPage())


def contact(
    fault: str | None = None,
    *,
    link: Link = ONLINE,
    proof: Proof | None = None,
    telephone: Telephone = Telephone.FREE,
    draft: Draft = DRAFT,
) -> Session:
    """通知設定 as it stands then."""
    url = QR_URL if telephone is Telephone.OPEN else ""
    return teacher(
        replace(CONTACT, fault=fault),
        station=replace(STATION, link=link),
        contact=Contact(proof=proof, telephone=telephone, url=url),
        draft=draft,
    )


DOUBTFUL = SelfCheck(
    semesters=3,
    leave=2,
    hardship="marriage",
    bond="remote_selection",
    bond_years=2,
    on_leave=True,
)


def county(view: CountyView, number: str = "13000427") -> Session:
    """The status page after the county's review."""
    record = sent(*BEFORE.versions, RECEIPT, review=Review.APPROVED, decision=APPROVED)
    return replace(
        teacher(page.StatusPage(), record=replace(record, county=view, number=number)),
        at=DEADLINE + timedelta(days=7),
    )


PICTURES: dict[str, Picture] = {
    "k01-idle": Picture(session(state.Idle())),
    "k01-english": Picture(session(state.Idle()), language="en"),
    "k01-ended": Picture(session(state.Idle("ended"))),
    "k01-no-reader": Picture(
        replace(session(state.Idle()), reader=Reader(service=Service.FINE, device=Service.MISSING))
    ),
    "k01-stopped": Picture(session(state.Idle(), station=troubled(LinkName.FORKED))),
    "k01-full": Picture(session(state.Idle(), station=troubled(LinkName.FULL))),
    "k01-unenrolled": Picture(
        session(state.Idle(), station=Station(link=Link(name=LinkName.UNENROLLED)))
    ),
    "k01-blocked": Picture(session(state.Idle(), station=troubled(LinkName.BLOCKED, "upgrade"))),
    "k01-clock": Picture(session(state.Idle(), station=troubled(LinkName.CLOCK))),
    "k01-sealed": Picture(idle_after(replace(SEALED, seal=Seal(closing=CLOSING)), 1)),
    "k01-sealed-later": Picture(idle_after(SEALED, 5)),
    "k01-sealed-english": Picture(idle_after(SEALED, 5), language="en"),
    "k01-closing": Picture(idle_after(STATION, 0)),
    "k01-before": Picture(replace(session(state.Idle()), at=people.OPENS - timedelta(days=9))),
    "k01-rush": Picture(replace(session(state.Idle()), at=DEADLINE - timedelta(hours=3))),
    "k01-busy": Picture(
        replace(
            session(state.Idle(), station=replace(STATION, link=replace(ONLINE, busy=True))),
            at=DEADLINE - timedelta(hours=1),
        )
    ),
    "k01-queue": Picture(
        replace(
            session(
                state.Idle(),
                station=replace(STATION, link=replace(ONLINE, name=LinkName.WAITING, pending=3)),
            ),
            at=DEADLINE - timedelta(minutes=40),
        )
    ),
    "k01-mending": Picture(
        replace(
            session(state.Idle()),
            reader=Reader(
                service=Service.FAILED,
                device=Service.MISSING,
                repair=Repair(tries=2, at=NOON, ticket=1, outcome=Mending.NOT_ALLOWED),
            ),
        )
    ),
    "k01-incident": Picture(
        replace(
            session(state.Incident(since=NOON, number="8F3K2M")),
            reader=Reader(
                service=Service.FINE, device=Service.FINE, names=("ACS ACR39U ICC Reader 00 00",)
            ),
        )
    ),
    "k01-incident-failed": Picture(session(state.Incident(since=NOON, fault="full"))),
    "k01-notice": Picture(session(state.Idle(), station=replace(STATION, notice=NOTICE))),
    "k01-schools": Picture(
        session(
            state.Searching(since=NOON, stage=Stage.ELEMENTARY, keyword="新"),
            station=replace(STATION, readings=READINGS),
        )
    ),
    "k01-schools-none": Picture(
        session(
            state.Searching(
                since=NOON, stage=Stage.JUNIOR, county=people.HUALIEN, keyword="zzz"
            )
        )
    ),
    "k12-practice": Picture(begin(replace(people.idle(STATION), at=NOON)).session),
    "k12-practice-receipt": Picture(_practised()),
    "k01-trouble": Picture(session(state.Trouble(TroubleCode.UNRESPONSIVE))),
    "k01-unregistered": Picture(session(state.Trouble(TroubleCode.UNREGISTERED))),
    "k01-elsewhere": Picture(
        session(
            state.Trouble(TroubleCode.WRONG_SCHEME, "educare"),
            station=replace(STATION, schemes=read_schemes()),
        )
    ),
    "k02-password": Picture(session(ASKING, card=AMY.teacher)),
    "k02-wrong": Picture(
        session(replace(ASKING, fault="password_wrong", lock=Lock(tries_left=4)), card=AMY.teacher)
    ),
    "k02-locked": Picture(
        session(
            replace(
                ASKING,
                fault="locked",
                lock=Lock(tries_left=0, until_ms=int(NOON.timestamp() * 1000) + 544_000),
            ),
            card=AMY.teacher,
        )
    ),
    "k02-gap": Picture(session(replace(ASKING, person=people.KUN), card=people.KUN.teacher)),
    "k02-name": Picture(
        session(
            replace(ASKING, person=people.KNOWN_KUN, naming=NAMING), card=people.KUN.teacher
        )
    ),
    "k02-named": Picture(
        session(replace(ASKING, person=people.KUN, named="游錫堃"), card=people.KUN.teacher)
    ),
    "k02-first-use": Picture(session(state.WitnessWanted(**_WITNESS))),
    "k02-witness-password": Picture(
        session(state.WitnessPassword(**_WITNESS, officer=OFFICER, lock=FRESH), card=CLERK.teacher)
    ),
    "k02-witness-confirm": Picture(
        session(state.WitnessConfirming(**_WITNESS, officer=OFFICER), card=CLERK.teacher)
    ),
    "k02-privacy": Picture(
        session(state.PrivacyNotice(**_WITNESS, witness=CLERK.teacher), card=AMY.teacher)
    ),
    "k02-choose-password": Picture(
        session(state.ChoosingPassword(**_WITNESS, witness=CLERK.teacher), card=AMY.teacher)
    ),
    "k03-tasks": Picture(
        teacher(
            page.TasksPage(resumed=Task.WISHES),
            station=replace(STATION, link=OFFLINE),
            record=BEFORE,
            draft=Draft(answers=replace(ANSWERS, area_limit=None, wishes=WISHES[:11])),
        )
    ),
    "k03-barred": Picture(teacher(page.TasksPage(), post=BARRED)),
    "k04-barred": Picture(
        teacher(
            page.SelfCheckPage(behind=page.PostsPage(Question.SERVICE_YEARS)), post=BARRED
        )
    ),
    "k03-new": Picture(teacher(page.TasksPage(), draft=Draft(), saved=None)),
    "k03-conflict": Picture(teacher(page.TasksPage(), record=TORN)),
    "k03-withdrawn": Picture(teacher(page.TasksPage(), record=WITHDRAWN, draft=OPEN_WISHES)),
    "k03-stale": Picture(
        teacher(
            page.TasksPage(), record=BEFORE, station=troubled(LinkName.STALE), draft=OPEN_WISHES
        )
    ),
    "k03-reading": Picture(
        teacher(
            page.TasksPage(),
            record=BEFORE,
            station=troubled(LinkName.SELF_ROLLBACK),
            reading="stopped",
            draft=OPEN_WISHES,
        )
    ),
    "k03-full": Picture(
        teacher(
            page.TasksPage(),
            record=BEFORE,
            station=troubled(LinkName.FULL),
            reading="full",
            draft=OPEN_WISHES,
        )
    ),
    "k03-english": Picture(teacher(page.TasksPage(), record=BEFORE), language="en"),
    "k12-notice": Picture(teacher(page.NoticesPage(0), draft=Draft(), saved=None)),
    "k12-notice-last": Picture(teacher(page.NoticesPage(5), draft=Draft(), saved=None)),
    "k10-basics": Picture(teacher(page.BasicsPage())),
    "k10-gap": Picture(teacher(page.BasicsPage(), person=people.KUN)),
    "k10-name": Picture(
        teacher(page.NamePage(begin_name(people.KUN, people.KUN.name)), person=people.KUN),
        keys=("d", "j"),
    ),
    "k10-name-english": Picture(
        teacher(page.NamePage(NAMING), person=people.KUN), language="en"
    ),
    "k10-name-refused": Picture(
        teacher(
            page.NamePage(replace(NAMING, name="尤錫堃", fault="name_contradicts_card")),
            person=people.KUN,
        )
    ),
    "k10-proposed": Picture(
        teacher(
            page.BasicsPage(),
            person=people.KUN,
            draft=Draft(answers=replace(ANSWERS, teacher_name="游錫堃")),
            toast="name_proposed",
        )
    ),
    "k10-errors": Picture(teacher(page.BasicsPage(PHONE_FAULTS), draft=Draft(answers=WRONG))),
    "k04-indigenous": Picture(
        teacher(page.PostsPage(), draft=Draft(answers=replace(ANSWERS, indigenous=None)))
    ),
    "k04-area": Picture(teacher(page.PostsPage(Question.AREA_LIMIT))),
    "k04-years": Picture(teacher(page.PostsPage(Question.SERVICE_YEARS))),
    "k04-post": Picture(teacher(page.PostsPage(Question.POST))),
    "k04-subjects": Picture(teacher(page.PostsPage(Question.SUBJECTS))),
    "k04-consent": Picture(
        teacher(
            Interruption(asks=Doubt.INDIGENOUS_YES, behind=page.PostsPage(), count=4),
            draft=Draft(answers=replace(ANSWERS, indigenous=None)),
        )
    ),
    "k04-short": Picture(
        teacher(
            page.PostsPage(Question.SERVICE_YEARS),
            draft=Draft(answers=replace(ANSWERS, service_years=1)),
        )
    ),
    "k04-self-check": Picture(
        teacher(
            page.SelfCheckPage(behind=page.PostsPage(Question.SERVICE_YEARS)),
            draft=Draft(
                answers=ANSWERS, check=SelfCheck(semesters=6, hardship="none", bond="none")
            ),
        )
    ),
    "k04-self-check-doubt": Picture(
        teacher(
            page.SelfCheckPage(behind=page.PostsPage(Question.SERVICE_YEARS)),
            draft=Draft(answers=ANSWERS, check=DOUBTFUL),
        )
    ),
    "k05-counties": Picture(teacher(page.CountiesPage())),
    "k05-wishes": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE), keys=("tab", "down", "down")
    ),
    "k05-candidates": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE, toast="wish_added"),
        keys=("down", "down"),
    ),
    "k05-dark": Picture(teacher(page.WishesPage(county=PINGTUNG), record=BEFORE), palette="dark"),
    "k05-contrast": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE), palette="contrast"
    ),
    "k05-english": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE), language="en"
    ),
    "k05-empty": Picture(
        teacher(page.WishesPage(county=TAITUNG), draft=Draft(answers=replace(ANSWERS, wishes=())))
    ),
    "k05-initials": Picture(
        teacher(
            page.WishesPage(county=PINGTUNG, keyword="u1"),
            station=replace(people.STATION, reference=REFERENCE, readings=READINGS),
            record=BEFORE,
        )
    ),
    "k05-menu": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE),
        keys=("tab", "down", "enter", "1", "2"),
    ),
    "k05-townships": Picture(teacher(page.WishesPage(county=PINGTUNG)), keys=("f3",)),
    "k05-what-if": Picture(teacher(page.WishesPage(county=PINGTUNG)), keys=("f8",)),
    "k05-map": Picture(teacher(page.WishesPage(county=PINGTUNG)), keys=("f9",)),
    "k05-past": Picture(
        teacher(
            page.WishesPage(county=PINGTUNG),
            station=replace(STATION, reference=replace(REFERENCE, past=PAST)),
        ),
        keys=("f9",),
    ),
    "k05-past-known": Picture(
        teacher(
            page.WishesPage(county=PINGTUNG),
            station=replace(STATION, reference=replace(REFERENCE, past=PAST)),
        ),
        keys=("tab",),
    ),
    "k05-difference": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE), keys=("f4",)
    ),
    "k05-both": Picture(teacher(page.WishesPage(county=None), record=BEFORE)),
    "k05-resting": Picture(
        teacher(
            page.WishesPage(county=people.HUALIEN),
            station=replace(people.STATION, reference=WITH_BRANCHES),
            draft=RESTED,
            toast="county_changed",
        )
    ),
    "k05-lists-changed": Picture(
        teacher(page.WishesPage(county=PINGTUNG), record=BEFORE, toast="lists_hit"),
        keys=("tab", "end"),
    ),
    "k05-branch": Picture(
        teacher(
            page.WishesPage(county=PINGTUNG, keyword="雲門"),
            station=replace(people.STATION, reference=WITH_BRANCHES),
        ),
        keys=("down", "f9"),
    ),
    "k05-marks": Picture(
        teacher(page.WishesPage(county=PINGTUNG)), keys=("tab", "enter", *("down",) * 12, "enter")
    ),
    "k05-state-line": Picture(
        teacher(page.WishesPage(county=PINGTUNG), draft=stepped()), keys=("tab", "end", "down")
    ),
    "k05-versions": Picture(
        teacher(
            page.VersionsPage(behind=page.StatusPage(), base=MANY_SENT.versions[-1].hash),
            record=MANY_SENT,
        ),
        keys=("down", "down"),
    ),
    "k05-versions-english": Picture(
        teacher(
            page.VersionsPage(behind=page.StatusPage(), base=MANY_SENT.versions[-1].hash),
            record=MANY_SENT,
        ),
        language="en",
    ),
    "k05-versions-none": Picture(teacher(page.VersionsPage(behind=page.StatusPage()))),
    "k05-change-county": Picture(
        teacher(
            Interruption(
                asks=Doubt.CHANGE_COUNTY, behind=page.CountiesPage(), count=2, slot="b",
                county=people.HUALIEN,
            )
        )
    ),
    "k05-steps": Picture(
        teacher(page.StepsPage(page.WishesPage(county=PINGTUNG)), draft=stepped())
    ),
    "k06-check": Picture(_check_page()),
    "k06-refused": Picture(_check_refused()),
    "k06-settles": Picture(
        teacher(
            page.CheckPage(),
            record=TORN,
            draft=Draft(answers=_THERE, settles=TORN.head_hashes),
            toast="chosen",
        )
    ),
    "k06-conflict": Picture(teacher(page.ConflictPage(), record=TORN)),
    "k06-conflict-english": Picture(teacher(page.ConflictPage(), record=TORN), language="en"),
    "k06-conflict-three": Picture(
        teacher(
            page.ConflictPage(2),
            record=sent(HERE, THERE, TAKEN_BACK, heads=(HERE, THERE, TAKEN_BACK)),
        )
    ),
    "k11-withdraw": Picture(teacher(page.WithdrawPage(), record=BEFORE)),
    "k11-withdraw-password": Picture(
        teacher(
            page.WithdrawPage(
                faults=(Refusal(code="card_missing", place="card"),),
                password_wanted=True,
                password_wrong=True,
            ),
            record=BEFORE,
        )
    ),
    "k07-withdrawn": Picture(
        teacher(
            page.ReceiptPage(replace(TAKEN_BACK, delivery=Delivery.STORED)), record=WITHDRAWN
        )
    ),
    "k07-server": Picture(
        teacher(
            page.ReceiptPage(BACKED),
            record=sent(*BEFORE.versions, BACKED),
            contact=Contact(proof=replace(LETTER, proved=True)),
        )
    ),
    "k07-rejected": Picture(
        teacher(page.ReceiptPage(REJECTED), record=sent(*BEFORE.versions, REJECTED))
    ),
    "k07-receipt": Picture(
        teacher(
            page.ReceiptPage(RECEIPT),
            station=replace(STATION, link=replace(OFFLINE, pending=1)),
            record=sent(*BEFORE.versions, RECEIPT),
        )
    ),
    "k08-idle": Picture(
        session(
            state.Covered(held=people.working(saved=SAVED), since=NOON - timedelta(seconds=13)),
            card=AMY.teacher,
        )
    ),
    "k09-card-out": Picture(
        session(
            state.CardOut(
                held=people.working(saved=SAVED),
                since=NOON - timedelta(seconds=2),
                bookmark="wishes",
            )
        )
    ),
    "k09-take-card": Picture(
        session(state.TakeCard(since=NOON, notice="ended"), card=AMY.teacher)
    ),
    "k11-status": Picture(
        replace(
            teacher(
                page.StatusPage(),
                record=sent(*BEFORE.versions, RECEIPT, review=Review.APPROVED, decision=APPROVED),
                draft=Draft(answers=replace(ANSWERS, wishes=WISHES[:11])),
            ),
            at=DEADLINE + timedelta(seconds=4),
        )
    ),
    "k11-conflict": Picture(teacher(page.StatusPage(), record=TORN)),
    "k11-withdrawn": Picture(teacher(page.StatusPage(), record=WITHDRAWN)),
    "k11-backed-up": Picture(
        teacher(
            page.StatusPage(),
            record=sent(*BEFORE.versions, BACKED, review=Review.APPROVED, decision=APPROVED),
        )
    ),
    "k11-attention": Picture(
        teacher(
            page.StatusPage(),
            record=sent(*BEFORE.versions, version(3, delivery=Delivery.ATTENTION)),
        )
    ),
    "k11-rejected": Picture(
        teacher(page.StatusPage(), record=sent(*BEFORE.versions, REJECTED))
    ),
    "k11-review-rejected": Picture(
        teacher(
            page.StatusPage(),
            record=sent(RECEIPT, review_rejection="officer_revoked"),
        )
    ),
    "k11-returned": Picture(
        teacher(
            page.StatusPage(),
            record=sent(RECEIPT, review=Review.RETURNED, decision=RETURNED),
        )
    ),
    "k11-county": Picture(county(COUNTY)),
    "k11-county-returned": Picture(
        county(
            replace(
                COUNTY,
                verdict=CountyVerdict.RETURNED,
                points=None,
                changes=(),
                reasons=("服務年資證明請補正本，5/9 12:00 前送縣府",),
            ),
            number="",
        )
    ),
    "k11-county-again": Picture(county(replace(COUNTY, hold=Hold.OTHER_DECISION))),
    "k11-result": Picture(
        replace(
            teacher(
                page.StatusPage(),
                record=sent(
                    RECEIPT,
                    review=Review.APPROVED,
                    decision=APPROVED,
                    result=ResultView(
                        moved=True,
                        school="133604",
                        subject="general",
                        wish=3,
                        phase="single",
                        explanation=(
                            "第 1 志願：沒有本科缺額。",
                            "第 2 志願：缺額由積分較高者取得。",
                        ),
                        at=DEADLINE + timedelta(days=21),
                    ),
                ),
            ),
            at=DEADLINE + timedelta(days=22),
        )
    ),
    "k11-receipt": Picture(
        teacher(page.StatusPage(), record=sent(*BEFORE.versions, RECEIPT)), keys=("space",)
    ),
    "k11-points": Picture(
        teacher(
            page.StatusPage(),
            record=sent(
                *BEFORE.versions,
                RECEIPT,
                review=Review.APPROVED,
                decision=replace(APPROVED, remark="年資加計兼任組長半年，依服務證明採計 0.5 分"),
            ),
        ),
        keys=("f5",),
    ),
    "k11-reasons": Picture(
        teacher(
            page.StatusPage(),
            record=sent(*BEFORE.versions, RECEIPT, review=Review.APPROVED, decision=EXPLAINED),
        )
    ),
    "k11-reasons-points": Picture(
        teacher(
            page.StatusPage(),
            record=sent(*BEFORE.versions, RECEIPT, review=Review.APPROVED, decision=EXPLAINED),
        ),
        keys=("f5",),
    ),
    "k11-print": Picture(
        teacher(page.StatusPage(), record=sent(*BEFORE.versions, RECEIPT)), keys=("f6",)
    ),
    "k11-print-county": Picture(
        teacher(
            page.StatusPage(),
            record=sent(replace(RECEIPT, claim=of_rice(RECEIPT).claim)),
            station=replace(STATION, reference=AT_RICE.reference, county_forms=FORMS),
        ),
        keys=("f6",),
    ),
    "k11-contact": Picture(contact()),
    "k11-contact-wrong": Picture(contact("code_wrong", proof=LETTER)),
    "k11-contact-proved": Picture(
        contact(proof=replace(LETTER, proved=True), telephone=Telephone.LINKED)
    ),
    "k11-contact-offline": Picture(
        contact(
            "line_offline",
            link=OFFLINE,
            proof=replace(LETTER, mailing=Mailing.HERE, taken=None),
        )
    ),
    "k11-contact-mail-only": Picture(contact(telephone=Telephone.OFF)),
    "k11-contact-no-address": Picture(
        contact("email_wrong", draft=Draft(answers=replace(ANSWERS, email="")))
    ),
    "k11-contact-line": Picture(contact(proof=LETTER, telephone=Telephone.OPEN)),
    "k11-contact-qr": Picture(
        contact(proof=LETTER, telephone=Telephone.OPEN), keys=("tab", "tab", "tab", "enter")
    ),
    "k11-contact-english": Picture(
        contact("code_expired", proof=LETTER, telephone=Telephone.OPEN), language="en"
    ),
    "k10-read": Picture(
        teacher(
            page.BasicsPage(),
            draft=Draft(answers=replace(ANSWERS, phone1="(07)123-4567 分機 89")),
            contact=Contact(proof=LETTER),
        )
    ),
    "k12-help": Picture(teacher(page.WishesPage(county=PINGTUNG)), keys=("f1",)),
    "k12-display": Picture(teacher(page.TasksPage(), record=BEFORE), keys=("f2",)),
    "o04-card": Picture(session(state.OfficerCardWanted(since=NOON))),
    "o04-enrol": Picture(
        session(
            state.OfficerEnrolling(person=CLERK, since=NOON, has_password=False, lock=FRESH),
            card=CLERK.teacher,
        )
    ),
    "o04-password": Picture(
        session(
            state.AskingOfficerPassword(officer=OFFICER, since=NOON, lock=FRESH),
            card=CLERK.teacher,
        )
    ),
    "o01-queue": Picture(officer(bureau.QueuePage(rows=queue_rows(), own=True))),
    "o01-rejected": Picture(officer(bureau.QueuePage(rows=rejected_rows(), own=True))),
    "o01-conflict": Picture(officer(bureau.QueuePage(rows=torn_rows()))),
    "o01-all": Picture(
        officer(bureau.QueuePage(rows=torn_rows(), filter=bureau.QueueFilter.ALL))
    ),
    "o01-sealed": Picture(
        replace(officer(bureau.QueuePage(rows=queue_rows())), station=SEALED), keys=("f7",)
    ),
    "o01-seal-note": Picture(
        replace(officer(bureau.QueuePage(rows=queue_rows())), station=SEALED)
    ),
    "o01-stopped": Picture(
        replace(
            officer(bureau.QueuePage(rows=queue_rows())), station=troubled(LinkName.REVOKED)
        )
    ),
    "o03-claim": Picture(officer(bureau.CasePage(case=case(), form=FORM))),
    "o03-rejected": Picture(
        officer(bureau.CasePage(case=replace(case(), row=rejected_rows()[0]), form=FORM))
    ),
    "o03-review-rejected": Picture(
        officer(bureau.CasePage(case=replace(case(), row=rejected_rows()[1]), form=FORM))
    ),
    "o03-name": Picture(officer(bureau.CasePage(case=rare_case(), form=FORM))),
    "o03-name-decision": Picture(
        officer(
            bureau.CasePage(
                case=rare_case(),
                form=FORM,
                faults=(Refusal(code="name_unconfirmed", place="name"),),
            )
        )
    ),
    "o03-print": Picture(
        officer(bureau.CasePage(case=replace(case(), version=version(2)), form=FORM)), keys=("f7",)
    ),
    "o02-reasons": Picture(
        officer(
            bureau.CasePage(
                case=HELD,
                form=CHANGED,
                faults=(Refusal(code="points_unexplained", place="appraisal"),),
            )
        )
    ),
    "o02-reason": Picture(
        officer(bureau.CasePage(case=HELD, form=CHANGED)),
        keys=("2", *("tab",) * 5, "enter"),
    ),
    "o01-left": Picture(
        replace(officer(bureau.QueuePage(rows=queue_rows(), own=True)), station=LEFT_CARDS)
    ),
    "o02-points": Picture(officer(bureau.CasePage(case=case(), form=FORM)), keys=("2",)),
    "o03-doubt": Picture(
        officer(bureau.CasePage(case=replace(case(), check=DOUBTFUL), form=FORM))
    ),
    "o03-wishes": Picture(officer(bureau.CasePage(case=case(), form=FORM)), keys=("3",)),
    "o03-decision": Picture(officer(bureau.CasePage(case=case(), form=FORM)), keys=("4",)),
    "o03-refused": Picture(
        officer(
            bureau.CasePage(
                case=case(),
                form=replace(FORM, verdict="returned"),
                faults=(Refusal(code="reason_missing", place="reasons"),),
            )
        )
    ),
    "o03-signed": Picture(
        officer(
            bureau.SignedPage(
                row=queue_rows()[0], verdict="approved", check_code="8F3K-29QD",
                next=ApplicationId(bytes([1]) * 16),
            )
        )
    ),
    "o04-roster": Picture(officer(bureau.RosterPage(rows=roster()))),
    "o04-rejected": Picture(
        officer(
            bureau.RosterPage(
                rows=tuple(replace(each, rejection="scope") for each in roster()[:1]) + roster()[1:]
            )
        )
    ),
    "o04-register-wait": Picture(officer(bureau.RegisterPage(done="林曉芒"))),
    "o04-register": Picture(officer(bureau.RegisterPage(form=REGISTRATION))),
    "o04-register-gap": Picture(
        officer(
            bureau.RegisterPage(
                form=replace(REGISTRATION, person=people.KUN, name=people.KUN.name)
            )
        )
    ),
    "o04-register-name": Picture(
        officer(
            bureau.RegisterPage(
                form=replace(REGISTRATION, person=people.KUN, name=people.KUN.name),
                naming=NAMING,
            )
        )
    ),
}  # fmt: skip

NOT_DOCUMENTED = frozenset(
    {
        "k01-blocked", "k01-clock", "k01-notice", "k01-incident-failed",
        "k01-queue", "k01-schools-none",
        "k01-closing", "k01-ended", "k01-sealed-english",
        "k03-barred", "k11-reasons-points", "o02-reason",
        "k02-wrong", "k02-witness-password", "k03-english", "k03-full", "k03-stale", "k04-years",
        "k04-post", "k05-candidates", "k05-english", "k06-conflict-english",
        "k06-conflict-three", "k06-refused", "k10-read", "k11-contact-mail-only",
        "k11-contact-no-address", "k11-contact-offline", "k11-contact-proved",
        "k11-attention", "k11-receipt", "k11-rejected", "o03-review-rejected",
        "k11-withdraw-password", "k12-notice-last", "o01-all", "o01-seal-note", "o03-refused",
        "o03-wishes", "o04-card", "o04-password", "o04-register-wait",
        "k02-gap", "k02-named", "k10-gap", "k10-name-english", "k10-name-refused",
        "o04-register-gap", "o04-register-name",
    }
)  # fmt: skip
"""Pictures for tests only: another one shows the same screen."""
COMPARED = (
    "k01-idle", "k01-english", "k02-password", "k03-tasks", "k04-indigenous", "k05-wishes",
    "k05-english", "k05-versions", "k06-check", "k07-receipt", "k08-idle", "k10-errors", "k10-name",
    "k11-status", "k11-contact-wrong", "o01-queue", "o03-decision", "o03-name",
)  # fmt: skip
"""Screens that are compared with what was looked at and accepted."""
