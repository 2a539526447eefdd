"""Whatever happens in whatever order: nothing personal on a neutral screen, no keystroke lost."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.card.nhi import Profile
from core.domain.ids import SchoolId
from kiosk.session import effect as fx
from kiosk.session.answer import (
    CardKnown,
    ContactChanged,
    DeskFailed,
    DraftSaved,
    OfficerAccepted,
    PasswordRefused,
    QueueLoaded,
    RosterLoaded,
    SaveFailed,
    SignInAccepted,
    Submitted,
)
from kiosk.session.device import CardFailed, CardInserted, CardRead, CardRemoved, Ticked
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.gesture import (
    ClearAsked,
    CountyChosen,
    Declared,
    Ended,
    IndigenousAnswered,
    OfficersCalled,
    PasswordForgotten,
    PasswordTyped,
    Redone,
    RevealAsked,
    StepChosen,
    StepsOpened,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    Touched,
    Undone,
    WentBack,
    WentOn,
    WishAdded,
    WishMoved,
    WishRemoved,
)
from kiosk.session.page import Task
from kiosk.session.paperwork import QueueOpened, RegisterOpened, RosterOpened
from kiosk.session.person import Lock
from kiosk.session.season import Window, teachers_window
from kiosk.session.state import (
    CardOut,
    Covered,
    Idle,
    OfficerCardWanted,
    Reading,
    SignedIn,
    TakeCard,
    Trouble,
    TroubleCode,
)
from kiosk.session.station import SlotHolds
from kiosk.session.step import step
from kiosk.session.turn import held_of
from tests.kiosk.people import (
    AMY,
    BEN,
    CLERK,
    COMPLETE,
    FRESH,
    HUALIEN,
    NOON,
    OFFICER,
    PINGTUNG,
    POST,
    SCHOOLS,
    TAITUNG,
    idle,
    record,
    seconds,
    secret,
    version,
)

NEUTRAL = (Idle, Reading, Trouble, TakeCard, Covered, CardOut, OfficerCardWanted)
PRIVATE = (
    AMY.name,
    AMY.national_id.text,
    BEN.name,
    BEN.national_id.text,
    CLERK.name,
    "1986",
    "林○芒",
    "0912",
    "@",
    "133601",
    "溪口",
)


def profile(person):
    return Profile(
        card_number="0" * 12,
        name=person.name,
        name_raw=b"",
        name_damaged=False,
        national_id=person.national_id,
        birth=person.birth,
        sex=person.sex,
        issued=date(2020, 1, 1),
    )


@dataclass
class PlainDesk:
    """Answers everything from memory; ``broken`` makes the store fail."""

    disk: dict = field(default_factory=dict)
    broken: bool = False
    sent: int = 0

    def answer(self, effect, at):  # noqa: PLR0911 - a table
        if self.broken:
            return self._failed(effect, at)
        match effect:
            case fx.Identify(ticket=ticket, profile=card):
                person = next(
                    each for each in (AMY, BEN, CLERK) if each.national_id == card.national_id
                )
                return CardKnown(
                    ticket=ticket,
                    at=at,
                    person=person,
                    post=None if person is CLERK else POST,
                    has_password=True,
                    lock=FRESH,
                    officer=OFFICER if person is CLERK else None,
                )
            case fx.SignIn(ticket=ticket, password=password) if password != secret("right"):
                return PasswordRefused(ticket=ticket, at=at, lock=Lock(tries_left=3))
            case fx.SignIn(ticket=ticket, person=person):
                content = self.disk.get(person.teacher)
                draft = Draft(answers=COMPLETE) if content is None else decode_draft(content)
                return SignInAccepted(
                    ticket=ticket,
                    at=at,
                    draft=draft,
                    record=record(),
                    saved=None,
                    recovered=False,
                )
            case fx.SaveDraft(ticket=ticket, person=person, draft=draft):
                self.disk[person.teacher] = encode_draft(draft)
                return DraftSaved(ticket=ticket, at=at)
            case fx.Submit(ticket=ticket, draft=draft):
                self.sent += 1
                made = version(self.sent, draft.answers)
                return Submitted(ticket=ticket, at=at, version=made, record=record(made))
            case fx.CheckOfficer(ticket=ticket):
                return OfficerAccepted(ticket=ticket, at=at, officer=OFFICER)
            case fx.LoadQueue(ticket=ticket):
                return QueueLoaded(ticket=ticket, at=at, rows=(), own=False, officer=OFFICER)
            case fx.LoadRoster(ticket=ticket):
                return RosterLoaded(ticket=ticket, at=at, rows=())
            case _:
                return None

    def _failed(self, effect, at):
        match effect:
            case fx.SaveDraft(ticket=ticket):
                return SaveFailed(ticket=ticket, at=at, code="full")
            case fx.Contacting(teacher=teacher):
                return ContactChanged(at=at, teacher=teacher, contact=None)
            case fx.Sound() | fx.Watch() | fx.KeepLeftCards() | fx.SaveDisplay() | fx.Letter():
                return None
            case _:
                return DeskFailed(ticket=effect.ticket, at=at, code="full")


schools = st.sampled_from([each.id for each in SCHOOLS])
people = st.sampled_from([AMY, BEN, CLERK])
counties = st.sampled_from([PINGTUNG, TAITUNG, HUALIEN])
acts = st.one_of(
    st.builds(lambda person: lambda at: CardRead(at=at, profile=profile(person)), people),
    st.builds(
        lambda text: lambda at: PasswordTyped(at=at, password=secret(text)),
        st.sampled_from(["right", "wrong"]),
    ),
    st.builds(lambda task: lambda at: TaskOpened(at=at, task=task), st.sampled_from(Task)),
    st.builds(
        lambda text: lambda at: TextTyped(at=at, place="phone2", text=text),
        st.sampled_from(["", "0912", "0912345678"]),
    ),
    st.builds(lambda school: lambda at: WishAdded(at=at, school=school), schools),
    st.builds(lambda school: lambda at: WishRemoved(at=at, school=school), schools),
    st.builds(
        lambda school, rank: lambda at: WishMoved(at=at, school=school, rank=rank),
        schools,
        st.integers(-1, 9),
    ),
    st.builds(
        lambda slot, county: lambda at: CountyChosen(at=at, slot=slot, county=county),
        st.sampled_from(["a", "b"]),
        counties,
    ),
    st.builds(lambda count: lambda at: StepChosen(at=at, count=count), st.integers(0, 5)),
    st.builds(lambda yes: lambda at: IndigenousAnswered(at=at, answer=yes), st.booleans()),
    st.builds(lambda yes: lambda at: Declared(at=at, ticked=yes), st.booleans()),
    st.sampled_from(
        [
            lambda at: CardInserted(at=at),
            lambda at: CardRemoved(at=at),
            lambda at: CardFailed(at=at, code=TroubleCode.PULLED),
            lambda at: Ticked(at=at),
            lambda at: Touched(at=at),
            lambda at: WentOn(at=at),
            lambda at: WentBack(at=at),
            lambda at: Ended(at=at),
            lambda at: RevealAsked(at=at),
            lambda at: Undone(at=at),
            lambda at: Redone(at=at),
            lambda at: StepsOpened(at=at),
            lambda at: ClearAsked(at=at),
            lambda at: SubmitAsked(at=at),
            lambda at: PasswordForgotten(at=at),
            lambda at: OfficersCalled(at=at),
            lambda at: QueueOpened(at=at),
            lambda at: RosterOpened(at=at),
            lambda at: RegisterOpened(at=at),
        ]
    ),
)
beginnings = st.sampled_from(
    [
        [],
        [
            lambda at: CardRead(at=at, profile=profile(AMY)),
            lambda at: PasswordTyped(at=at, password=secret("right")),
        ],
        [
            lambda at: CardRead(at=at, profile=profile(AMY)),
            lambda at: PasswordTyped(at=at, password=secret("right")),
            lambda at: TaskOpened(at=at, task=Task.WISHES),
        ],
        [
            lambda at: CardRead(at=at, profile=profile(AMY)),
            lambda at: PasswordTyped(at=at, password=secret("right")),
            lambda at: TaskOpened(at=at, task=Task.CHECK),
            lambda at: Declared(at=at, ticked=True),
        ],
    ]
)
gaps = st.sampled_from([0, 1, 1, 2, 21, 46, 181])
left_behind = (
    [
        lambda at: CardRead(at=at, profile=profile(AMY)),
        lambda at: PasswordTyped(at=at, password=secret("right")),
    ],
    [(lambda at: Ticked(at=at), gap, True) for gap in (181, 46, 46, 46)],
)
"""She went away, and her card lies in the slot while nothing can be kept."""
scripts = st.tuples(beginnings, st.lists(st.tuples(acts, gaps, st.booleans()), max_size=25))


class Play:
    """Runs a script and looks at every session on the way."""

    def __init__(self, start=None, *, fails):
        self.session = idle() if start is None else start
        self.desk = PlainDesk()
        self.fails = fails
        self.newest = {}

    def run(self, script):
        beginning, rest = script
        at = NOON
        for make in beginning:
            self.tell(make(at))
        for make, gap, broken in rest:
            at += seconds(gap)
            self.desk.broken = self.fails and broken
            self.tell(make(at))
        return self

    def tell(self, event):
        queue = deque([event])
        while queue:
            before = self.session
            after = step(before, queue.popleft())
            self.session = after.session
            self.look(before, after.effects)
            for each in after.effects:
                answer = self.desk.answer(each, self.session.at)
                queue.extend([] if answer is None else [answer])

    def look(self, before, effects):
        scene = self.session.scene
        if isinstance(scene, NEUTRAL):
            printed = repr(self.session)
            assert not [each for each in PRIVATE if each in printed]
            assert self.session.revealed_until is None or isinstance(scene, type(before.scene))
        held = held_of(scene)
        if isinstance(held, SignedIn):
            wishes = held.draft.answers.wishes
            assert len(set(wishes)) == len(wishes)
            if held.draft != self.newest.get(held.person.teacher):
                self.newest[held.person.teacher] = held.draft
        for each in effects:
            if isinstance(each, fx.Submit):
                assert self.session.reader.slot == SlotHolds(each.person.teacher)
                window = teachers_window(self.session.station.calendar, self.session.at)
                assert window is Window.OPEN
                assert each.draft.answers.agreed_ms is not None


@settings(deadline=None)
@given(scripts)
def test_no_sequence_of_events_shows_a_person_on_a_neutral_screen(script):
    Play(fails=False).run(script)


@settings(deadline=None)
@given(scripts)
@example(left_behind)
def test_whatever_the_disk_does_the_newest_answers_are_on_it_or_still_in_hand(script):
    play = Play(fails=True).run(script)

    for teacher, draft in play.newest.items():
        held = held_of(play.session.scene)
        in_hand = [each.draft for each in play.session.pending if each.person.teacher == teacher]
        if isinstance(held, SignedIn) and held.person.teacher == teacher:
            in_hand.append(held.draft)
        disk = play.desk.disk.get(teacher)
        kept = [each.answers for each in in_hand]
        kept += [] if disk is None else [decode_draft(disk).answers]
        # An answer that was only the default was never typed, so nothing has to be kept of it.
        assert draft.answers in kept or draft.answers == COMPLETE


@settings(deadline=None)
@given(scripts)
def test_after_a_kill_the_reopened_draft_is_the_last_one_typed(script):
    play = Play(fails=False).run(script)

    again = Play(replace(idle(), at=play.session.at), fails=False)
    again.desk.disk = play.desk.disk
    again.tell(CardRead(at=play.session.at, profile=profile(AMY)))
    again.tell(PasswordTyped(at=play.session.at, password=secret("right")))

    last = play.newest.get(AMY.teacher)
    opened = again.session.scene
    assert isinstance(opened, SignedIn)
    assert last is None or opened.draft.answers == last.answers


def test_the_private_words_really_are_on_a_teachers_own_pages():
    play = Play(fails=False)
    play.tell(CardRead(at=NOON, profile=profile(AMY)))
    play.tell(PasswordTyped(at=NOON, password=secret("right")))

    assert isinstance(play.session.scene, SignedIn)
    assert play.session.scene.draft.answers.wishes[0] == SchoolId("133601")
