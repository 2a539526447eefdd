"""基本資料 (K10).

What the card says, what the teacher types, and an error summary that leads to each field.
"""

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import ClassVar, Literal

from textual import events, on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from core.domain.refusal import Refusal
from kiosk.screens.draft_state import draft_words
from kiosk.screens.frame import Frame
from kiosk.session.contact import mail_state
from kiosk.session.contacting import address_of
from kiosk.session.correction import NameStanding, standing
from kiosk.session.event import ContactOpened, NameOpened, TextTyped, WentOn
from kiosk.session.form import name_of, read_email, read_phone
from kiosk.session.page import BasicsPage
from kiosk.session.state import SignedIn
from kiosk.text.fields import basics
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, PaintLines
from kiosk.widgets.painted import BLANK, Line, Span, between, hanging, line, paragraph, width_of

LABEL = 20
Place = Literal["phone1", "phone2", "email"]
PLACES: tuple[Place, ...] = ("phone1", "phone2", "email")


class BasicsScreen(Frame):
    """K10."""

    HELP = "basics"
    FIELDS = MappingProxyType(
        {"phone1": basics.PHONE1, "phone2": basics.PHONE2, "email": basics.EMAIL}
    )
    FOLDS: ClassVar[bool] = True
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    FIRST = "phone1"

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Summary(self._summary, id="summary")
        yield Lines(self._card, id="card")
        labels = {
            "phone1": texts.label_phone1,
            "phone2": texts.label_phone2,
            "email": texts.label_email,
        }
        for place in PLACES:
            with Horizontal(classes="row"):
                yield Lines(self._label(place, labels[place]), classes="label20")
                yield Field(
                    id=place,
                    classes="w40" if place == "email" else "w28",
                    changed=self._typed(place),
                )
            yield Lines(self._below(place), id=f"below-{place}")
        with Horizontal(classes="buttons"):
            yield Push(texts.step_back, id="back")
            yield Push(texts.go_on, id="enter")

    def show(self) -> None:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return
        for place in PLACES:
            self.query_one(f"#{place}", Field).set_value(getattr(scene.draft.answers, place))
        summary = self.query_one("#summary", Summary)
        summary.can_focus = bool(self.faults)
        summary.display = bool(self.faults)
        if self.faults and self.faults != summary.shown:
            self.set_focus(summary)
        summary.shown = self.faults

    @property
    def faults(self) -> tuple[Refusal, ...]:
        """What the last 繼續 refused."""
        scene = self.session.scene
        page = scene.page if isinstance(scene, SignedIn) else None
        return page.faults if isinstance(page, BasicsPage) else ()

    def hints(self) -> tuple[Hint, ...]:
        return (
            *((self.hint("digits", KeyWord.JUMP),) if self._at_summary else ()),
            self.hint("tab", KeyWord.NEXT_FIELD),
            self.hint("enter", KeyWord.GO_ON),
            *self.standard_hints(),
            self.hint("f5", KeyWord.REVEAL, self.reveal),
            self.hint("f6", KeyWord.MAIL_CODE, self._contact),
            self.hint("f7", KeyWord.UNDO, self.undo, shown=self.wide),
            *self._name_hint(),
            *self.virtual_hint(),
        )

    def _name_hint(self) -> tuple[Hint, ...]:
        scene = self.session.scene
        damaged = isinstance(scene, SignedIn) and scene.person.name_damaged
        return (self.hint("f8", KeyWord.NAME, self._correct_name),) if damaged else ()

    def handle_unused(self, event: events.Key) -> None:
        """In the summary a digit jumps to the field of that line; elsewhere it is a digit."""
        if self._at_summary and event.character is not None and event.character.isdecimal():
            index = int(event.character) - 1
            if 0 <= index < len(self.faults):
                event.stop()
                self._jump(self.faults[index])
                return
        super().handle_unused(event)

    @property
    def _at_summary(self) -> bool:
        return bool(self.faults) and isinstance(self.focused, Summary)

    def _contact(self) -> None:
        self.tell(ContactOpened(at=self.now))

    def _jump(self, fault: Refusal) -> None:
        for field in self.query(f"#{fault.place}"):
            self.set_focus(field)

    def on_summary_clicked(self, message: "Summary.Clicked") -> None:
        """A click on a line of the summary is a jump."""
        if message.index < len(self.faults):
            self._jump(self.faults[message.index])

    def _typed(self, place: Place) -> Callable[[str], None]:
        return lambda text: self.tell(TextTyped(at=self.now, place=place, text=text))

    @on(Field.Entered)
    def _entered(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """繼續: what is refused takes the focus, the same as before or not."""
        self.tell(WentOn(at=self.now))
        if self.faults:
            self.set_focus(self.query_one("#summary"))

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "back":
            self.go_back()
        else:
            self._go_on()

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            yield line(f" {draft_words(scene, self.texts)}", role=Role.DIM)

    def _summary(self, width: int) -> Iterable[Line]:
        faults, texts = self.faults, self.texts
        if not faults:
            return
        yield line(f" {texts.errors_to_fix(len(faults))}", role=Role.ERROR)
        for number, fault in enumerate(faults, start=1):
            text = f"{texts.place(fault.place)}{texts.colon}{texts.refusal(fault.code)}"
            yield from hanging(f"   {number} ", text, width)
        yield self.rule(width)

    def _card(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return
        texts, person = self.texts, scene.person
        until = self.session.revealed_until
        shown = until is not None and self.session.at < until
        birth = person.birth
        yield line(f" {texts.basics_title}", role=Role.TITLE)
        if not self.faults:
            yield BLANK
        rows = (
            (texts.label_number, person.national_id.text if shown else person.national_id.masked),
            (
                texts.label_birth,
                texts.full_birth(birth.year, birth.month, birth.day)
                if shown
                else texts.hidden_birth(birth.year),
            ),
            (texts.label_sex, texts.sexes[0 if person.sex == "M" else 1]),
            (texts.label_name, name_of(person, scene.draft.answers)),
        )
        for label, value in rows:
            left = line(Span(f"   {fit(label, LABEL - 3)}", Role.DIM), value)
            source = (Span(texts.from_card, Role.DIM),)
            if label == texts.label_name:
                source = (self._name_source(scene),)
            yield between(left, source, min(width, max(66, width_of(left) + width_of(source) + 1)))
        yield BLANK

    def _name_source(self, scene: SignedIn) -> Span:
        """Where the name is from, and whether an officer has seen it."""
        found = standing(scene)
        settled = {NameStanding.CARD, NameStanding.ROSTER, NameStanding.CONFIRMED}
        role = Role.DIM if found in settled else Role.WARNING
        return Span(self.texts.name_standing(found.value), role)

    def _correct_name(self) -> None:
        self.tell(NameOpened(at=self.now))

    def _label(self, place: str, label: str) -> PaintLines:
        def paint(width: int) -> Iterable[Line]:  # noqa: ARG001
            wrong = any(fault.place == place for fault in self.faults)
            role = Role.ERROR if wrong else Role.DIM
            yield line(f" {'x' if wrong else ' '} {fit(label, LABEL - 3)}", role=role)

        return paint

    def _below(self, place: str) -> PaintLines:
        def paint(width: int) -> Iterable[Line]:
            texts = self.texts
            wrong = next((fault for fault in self.faults if fault.place == place), None)
            if wrong is not None:
                yield from paragraph(f"   {texts.refusal(wrong.code)}", width, Role.ERROR)
            elif self.faults:
                return
            elif place == "phone2":
                yield from hanging(" " * LABEL, self._said("phone2"), width, Role.DIM)
                yield BLANK
            elif place == "email":
                yield from hanging(" " * LABEL, self._said("email"), width, Role.DIM)
                yield BLANK

        return paint

    def _said(self, place: str) -> str:
        """What stands below a field while nothing is wrong: how it was read, else the hint."""
        scene, texts = self.session.scene, self.texts
        if not isinstance(scene, SignedIn):
            return ""
        answers = scene.draft.answers
        if place == "email":
            if read_email(answers.email) is None:
                return texts.email_hint
            return texts.mail_short(mail_state(scene.contact, address_of(scene), self.session.at))
        read = [read_phone(each) for each in (answers.phone1, answers.phone2)]
        typed = (answers.phone1.strip(), answers.phone2.strip())
        other = [each for each, text in zip(read, typed, strict=True) if each and each != text]
        return texts.understood(texts.list_comma.join(other)) if other else texts.phone_hint


class Summary(Lines):
    """The error summary: takes the focus when it appears, each line leads to its field."""

    can_focus = True
    shown: tuple[Refusal, ...] = ()

    class Clicked(Message):
        """A line was clicked; ``index`` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y >= 1:
            self.post_message(self.Clicked(event.y - 1))
