"""A kiosk for tests on a real encrypted store: an obedient clock, a county, cards to put in."""

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from core.card.dialogue import run
from core.card.nhi import Profile, read_profile
from core.domain.ids import DeviceId, generate_national_id
from core.rules.calendar import Calendar
from core.rules.scale import load_scales
from core.sealing import KdfCost, SigningKey
from core.signature import SignatureType
from core.wire.canon import from_wire
from core.wire.client import ClientState
from core.wire.document import sign_document, split_document
from core.wire.identity import Certificate, EnrolmentForm, SigningRequest
from core.wire.reference import PhaseRow, ReferenceFile, SchoolRow
from kiosk.adapters.virtual_reader import nhi_card
from kiosk.desk.conversation import Conversation
from kiosk.desk.desk import Desk
from kiosk.desk.equipment import Equipment
from kiosk.session.device import CardInserted, CardRead, CardRemoved, Ticked
from kiosk.session.gesture import (
    Ended,
    EnrolmentTyped,
    OfficersCalled,
    PasswordChosen,
    PasswordTyped,
    WentOn,
)
from kiosk.session.paperwork import RegisterAnswered, RegisterConfirmed, RegisterOpened
from syncd.store.connections import Connections
from syncd.store.database import Store, open_store
from syncd.store.fault import StoreFull
from syncd.store.identity import Identity
from syncd.store.link_state import LinkState
from syncd.store.moment import Moment
from syncd.store.requests import Request
from tests.fakes.centre import Centre
from tests.kiosk.people import (
    CALENDAR,
    GENERAL,
    NOON,
    OFFICER_PASSWORD,
    OWN,
    PASSWORD,
    SCHOOLS,
    SEASON,
    secret,
    table,
)

QUICK = KdfCost(memory_kib=64, passes=1, lanes=1)
STORE_KEY = b"k" * 32
LOG_KEY = SigningKey(hashlib.sha256(b"log").digest())
SECRET = b"s" * 32
CODE = "8F3K-29QD-XW4M"


class ObedientClock:
    """Both clocks; they move only when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.wall = now
        self.offset = timedelta()

    def moment(self) -> Moment:
        ms = int(self.wall.timestamp() * 1000)
        return Moment(wall_ms=ms, boot_ms=ms % 10**9, boot_id=b"boot---1")

    def now(self) -> datetime:
        return self.wall + self.offset

    def correct(self, offset_ms: int) -> None:
        self.offset = timedelta(milliseconds=offset_ms)

    def forward(self, **spans: float) -> None:
        self.wall += timedelta(**spans)


@dataclass(frozen=True)
class Holder:
    """Somebody invented with a card and a password."""

    name: str
    digits: str
    password: str = PASSWORD
    sex: str = "F"

    @property
    def profile(self) -> Profile:
        """What the chip gives."""
        card = nhi_card(
            card_number=f"0000{self.digits}0",
            name=self.name,
            national_id=generate_national_id("T", "2" if self.sex == "F" else "1", self.digits),
            birth=date(1986, 4, 28),
            sex=self.sex,
            issued=date(2020, 1, 9),
        )
        found = run(read_profile(), card.answer)
        assert isinstance(found, Profile)
        return found


AMY = Holder("林曉芒", "7000001")
BEN = Holder("陳大川", "7000002", sex="M")
CLERK = Holder("王守信", "7000009", OFFICER_PASSWORD, sex="M")
OTHER_CLERK = Holder("周如意", "7000008", OFFICER_PASSWORD)


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def published(
    centre: Centre,
    calendar: Calendar = CALENDAR,
    version: int = 1,
    closed: frozenset[str] = frozenset(),
):
    """A signed snapshot with the schools and the calendar, and its files by name.

    ``closed`` are schools that nobody can choose any more.
    """
    rows = tuple(
        SchoolRow(
            each.id,
            each.name,
            each.short_name,
            each.county,
            each.township,
            each.stage.value,
            tuple((mark.mark.value, mark.since.isoformat(), None) for mark in each.marks),
            each.delegated and each.id not in closed,
        )
        for each in SCHOOLS
    )
    phases = tuple(
        PhaseRow(each.name.value, milliseconds(each.opens), milliseconds(each.closes))
        for each in calendar
    )
    lists = {
        "calendar": (version, ReferenceFile(kind="calendar", phases=phases)),
        "schools": (version, ReferenceFile(kind="schools", schools=rows)),
    }
    signed, contents = centre.publish(version, lists, milliseconds(NOON))
    return signed, dict(zip(lists, contents, strict=True))


def grant(store: Store, centre: Centre, request: Request, name: str = "") -> None:
    """What the daemon does when the county's desk has signed."""
    form = from_wire(request.form, EnrolmentForm)
    asked = from_wire(split_document(form.request)[0], SigningRequest)
    certificate = Certificate(
        id=hashlib.sha256(asked.key).digest()[:16],
        subject="officer",
        role="personnel",
        key=asked.key,
        schools=asked.schools,
        name=name or asked.name,
        serial=100,
        inc=None,
        holder=asked.holder,
        seasons=(SEASON,),
    )
    document = sign_document(SignatureType.CERTIFICATE, certificate, centre.enrol)
    with store.transaction():
        store.officers.add(document)
        store.accounts.certify(asked.holder, document)
        store.requests.mark_granted(request.id, document)


class Machine:
    """One kiosk: its store, its desk, and a conversation somebody is having with it."""

    def __init__(self, folder: Path, *, name: str = "KH-0231", calendar: Calendar = CALENDAR):
        self.centre = Centre()
        self.clock = ObedientClock()
        self.path = folder / "kiosk.db"
        self._open()
        self._random = Random(5)  # noqa: S311 - the same salts each time
        self._enrol(name)
        self.publish(calendar)
        self.desk = Desk(self.equipment())
        self.talk = Conversation(self.desk)

    def equipment(self, **more) -> Equipment:
        return Equipment(
            store=self.store,
            log_key=LOG_KEY,
            clock=self.clock,
            random_bytes=self._random.randbytes,
            cost=QUICK,
            scales=load_scales(table("scale_115.toml")),
            contact="王主任 分機 12",
            **more,
        )

    def reopen(self) -> None:
        """The machine is switched off without a word and on again."""
        self._open()
        self.desk = Desk(self.equipment())
        self.talk = Conversation(self.desk)

    def _open(self) -> None:
        open_store(self.path, STORE_KEY).close()  # made, migrated, checked after a bad end
        self.connections = Connections(self.path, STORE_KEY, 200)
        self.store = Store(self.connections)

    def fill_the_disk(self) -> None:
        """No page more than there are, and those full: what a full disk is to the engine."""
        line = self.connections.here
        line.value(f"PRAGMA max_page_count = {line.value('PRAGMA page_count')}")
        for size in (4000, 400, 40):
            with contextlib.suppress(StoreFull):
                for number in range(10_000):
                    with self.store.transaction():
                        self.store.drafts.save(
                            b"%d/%d" % (size, number), bytes(size), self.clock.moment()
                        )

    def empty_the_disk(self) -> None:
        """Room again."""
        self.connections.here.value("PRAGMA max_page_count = 1000000")

    def publish(self, calendar: Calendar, version: int = 1) -> None:
        signed, contents = published(self.centre, calendar, version)
        with self.store.transaction():
            self.store.reference.install(signed, contents, self.clock.moment())

    def _enrol(self, name: str) -> None:
        schools = (OWN, "183602")
        document, certificate = self.centre.certify(LOG_KEY, name=name, schools=schools)
        identity = Identity(
            device=DeviceId(certificate.id),
            inc=1,
            certificate=document,
            trust=self.centre.signed_trust,
            name=name,
            schools=schools,
            season=SEASON,
            season_secret=SECRET,
            server_url="http://127.0.0.1:1",
        )
        with self.store.transaction():
            self.store.identity.write(identity)
            self.store.link_state.write(LinkState(client=ClientState.OFFLINE))

    # What people and the county do.

    @property
    def session(self):
        return self.talk.session

    @property
    def scene(self):
        return self.talk.session.scene

    @property
    def page(self):
        return self.talk.session.scene.page

    def tell(self, kind, **values):
        """Something happens now; gives the scene after it."""
        return self.talk.tell(kind(at=self.clock.now(), **values)).scene

    def insert(self, holder: Holder):
        self.tell(CardInserted)
        return self.tell(CardRead, profile=holder.profile)

    def remove(self):
        return self.tell(CardRemoved)

    def swap(self, holder: Holder):
        self.remove()
        return self.insert(holder)

    def password(self, text: str):
        return self.tell(PasswordTyped, password=secret(text))

    def wait(self, **spans: float):
        """Time passes, second by second."""
        for _ in range(int(timedelta(**spans).total_seconds())):
            self.clock.forward(seconds=1)
            self.tell(Ticked)
        return self.scene

    def enrol_officer(self, holder: Holder = CLERK, *, granted: bool = True):
        """F9, card, one-time code, password; and the county's answer."""
        self.tell(OfficersCalled)
        self.insert(holder)
        self.tell(
            EnrolmentTyped,
            code=secret(CODE),
            password=secret(holder.password),
            again=secret(holder.password),
        )
        if granted:
            self.grant(holder)
        return self.end()

    def grant(self, holder: Holder) -> None:
        """The county's answer to the newest request, as the daemon stores it."""
        grant(self.store, self.centre, self.store.requests.open()[-1], holder.name)
        self.talk.catch_up()

    def officer_signs_in(self, holder: Holder = CLERK):
        self.tell(OfficersCalled)
        self.insert(holder)
        return self.password(holder.password)

    def register(self, *holders: Holder, title: str = "teacher"):
        """The officer is signed in; the teachers' cards go through the slot."""
        self.tell(RegisterOpened)
        for holder in holders:
            self.swap(holder)
            self.tell(RegisterAnswered, place="title", value=title)
            self.tell(RegisterAnswered, place="subject", value=GENERAL)
            self.tell(RegisterConfirmed)
        return self.scene

    def end(self):
        """F10, and the card out."""
        self.tell(Ended)
        return self.remove()

    def first_use(self, holder: Holder = AMY, witness: Holder = CLERK):
        """Teacher's card, officer's card and password, teacher's card, new password."""
        self.swap(holder)
        self.swap(witness)
        self.password(witness.password)
        self.tell(WentOn)
        self.swap(holder)
        self.tell(WentOn)
        return self.tell(
            PasswordChosen, password=secret(holder.password), again=secret(holder.password)
        )

    def sign_in(self, holder: Holder = AMY):
        self.swap(holder)
        return self.password(holder.password)


def ready(folder: Path, *teachers: Holder, calendar: Calendar = CALENDAR) -> Machine:
    """A machine with a certified officer, the teachers registered, and nobody at it."""
    machine = Machine(folder, calendar=calendar)
    machine.enrol_officer()
    machine.officer_signs_in()
    machine.register(*(teachers or (AMY, BEN)))
    machine.end()
    return machine
