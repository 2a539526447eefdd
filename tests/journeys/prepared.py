"""Stations as people leave them: officer certified, teacher known, half filled in, sent.

Made inside this process by the same desk the kiosk uses, so that a journey begins where its story
begins and no test plays the same opening again.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.rules.calendar import Calendar, build_calendar
from core.wire.client import ClientState
from core.wire.payload import read_application
from kiosk.desk.applications import application_of
from kiosk.desk.conversation import Conversation
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.gesture import Declared, SubmitAsked, TaskOpened
from kiosk.session.page import ReceiptPage, Task
from kiosk.session.person import Person
from kiosk.station import open_counter
from syncd.station import read_station
from syncd.store.database import Store
from syncd.store.link_state import LinkState
from syncd.store.moment import read_moment
from tests.fakes.centre import Centre
from tests.kiosk.machine import Holder, Machine, published
from tests.kiosk.people import COMPLETE, POST
from tests.kiosk.robot.stations import AMY, BEN, CLERK, card, make_station

REGISTERED, KNOWN, FILLED, SENT = "registered", "known", "filled", "sent"
CARDS = [
    {"label": "林曉芒 國小 普通", "profile": card(AMY)},
    {"label": "王守信（人事）", "profile": card(CLERK)},
    {"label": "陳大川（未登錄）", "profile": card(BEN)},
    {"label": "讀不到的卡", "fault": "unreadable"},
    {"label": "反插的卡", "fault": "reversed"},
]


class AtStation(Machine):
    """The people of `Machine`, at a station's folder and under the real clock."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.centre = Centre()
        make_station(folder, self.centre)
        counter = stack.enter_context(open_counter(folder))
        self.clock, self.desk = counter.clock, counter.desk
        self.store: Store = stack.enter_context(read_station(folder).open_store())
        self.talk = Conversation(self.desk)


def season(days: int) -> Calendar:
    """A season that began yesterday and takes applications for so many days."""
    day, now = timedelta(days=1), datetime.now(UTC)
    times = [now + (days + later) * day for later in range(6)]
    return build_calendar(
        opens=now - day, submit=times[0], officer=times[1], freeze=times[2], run=times[3],
        publish=times[4], ends=times[5],
    )  # fmt: skip


def republish(folder: Path, calendar: Calendar, version: int, closed: frozenset[str]) -> None:
    """Newer lists reach a station, as its daemon stores them."""
    signed, contents = published(Centre(), calendar, version, closed)
    with opened(folder) as store, store.transaction():
        store.reference.install(signed, contents, read_moment())


def deliver(folder: Path) -> None:
    """The line is back and everything has reached the server, as the daemon notes it."""
    with opened(folder) as store, store.transaction():
        store.outbox.mark_delivered(store.ledger.head().seq, 0)
        store.link_state.write(LinkState(client=ClientState.CURRENT, offset_ms=0))


def prepare(
    folder: Path,
    *,
    until: str = REGISTERED,
    teachers: tuple[Holder, ...] = (AMY,),
    calendar: Calendar | None = None,
) -> Path:
    """A station up to this point of the first teacher's story; ``folder`` must not exist."""
    with ExitStack() as stack:
        machine = AtStation(folder, stack)
        if calendar is not None:
            machine.publish(calendar, 2)
            machine.talk.catch_up()
        machine.enrol_officer()
        machine.officer_signs_in()
        machine.register(*teachers)
        machine.end()
        if until != REGISTERED:
            machine.first_use(teachers[0])
            machine.end()
        if until in {FILLED, SENT}:
            with machine.store.transaction():
                draft = encode_draft(Draft(answers=COMPLETE, bookmark=Task.CHECK))
                app = application(machine.store, teachers[0])
                machine.store.drafts.save(app, draft, read_moment())
        if until == SENT:
            machine.sign_in(teachers[0])
            machine.tell(TaskOpened, task=Task.CHECK)
            machine.tell(Declared, ticked=True)
            machine.tell(SubmitAsked)
            assert isinstance(machine.page, ReceiptPage)
            machine.end()
    text = json.dumps(CARDS, ensure_ascii=False)
    (folder / "virtual_cards.json").write_text(text, encoding="utf-8")
    return folder


def application(store: Store, holder: Holder) -> bytes:
    """The application of a teacher of the elementary school at this station."""
    identity, profile = store.identity.read(), holder.profile
    assert identity is not None
    assert profile.national_id is not None
    person = Person(
        teacher=b"", national_id=profile.national_id, name=holder.name, card_name=holder.name,
        card_name_raw=b"", name_damaged=False, birth=profile.birth, sex="F", card=b"",
    )  # fmt: skip
    return application_of(identity, person, replace(POST))


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store of a station no program runs on, or beside one that does."""
    with read_station(folder).open_store() as store:
        yield store


def draft_of(folder: Path, holder: Holder = AMY) -> Draft | None:
    """What is on the disk."""
    with opened(folder) as store:
        found = store.drafts.find(application(store, holder))
        return None if found is None else decode_draft(found.content)


def versions_of(folder: Path) -> list[tuple[str, ...]]:
    """The wishes of every version in the ledger, oldest first, by the payloads themselves."""
    with opened(folder) as store:
        return [
            read_application(link.frame.payload)[1].schools
            for link in store.ledger.links(1, 100_000)
            if link.event.kind == "app.revise" and link.frame.payload is not None
        ]
