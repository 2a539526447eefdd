"""K02: who are you? The password, and the first use that an officer witnesses."""

from collections.abc import Iterable
from datetime import timedelta
from types import MappingProxyType

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from core.domain.name import UNSHOWABLE
from core.domain.school import Stage
from kiosk.screens.frame import Frame
from kiosk.session.event import (
    NameOpened,
    PasswordForgotten,
    PasswordTyped,
    StageChosen,
    WentOn,
)
from kiosk.session.person import Lock, Person, Secret
from kiosk.session.state import (
    AskingPassword,
    CardWantedBack,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.text.fields import entry
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Choice, Option, Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Words
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph

LABEL = 18
STAGES = (Stage.ELEMENTARY, Stage.JUNIOR, Stage.KINDERGARTEN)


class IdentityFrame(Frame):
    """What every page about a person without a session shares."""

    def side(self, width: int) -> Iterable[Line]:
        """The privacy notice in short, before anything personal is asked (UX K02 at 120x40)."""
        texts = self.texts
        yield line(texts.privacy_title, role=Role.TITLE)
        yield BLANK
        for number, point in enumerate(texts.privacy_points, start=1):
            yield from hanging(f"{number} ", point, width)

    def person_lines(self, person: Person) -> Iterable[Line]:
        """What is printed on the card, masked; the number in full for five seconds on request."""
        texts, until = self.texts, self.session.revealed_until
        shown = until is not None and self.session.at < until
        number = person.national_id.text if shown else person.national_id.masked
        birth = person.birth
        name = self.name_shown(person)
        yield self.labelled(texts.label_name, name)
        hint = Span(f"    {texts.reveal_hint}", Role.DIM)
        yield (*self.labelled(texts.label_number, number), hint)
        full = texts.full_birth(birth.year, birth.month, birth.day)
        yield self.labelled(texts.label_birth, full if shown else texts.hidden_birth(birth.year))
        if person.name_damaged:
            yield from paragraph(f"      {self.name_said(person, name)}", 64, Role.WARNING)

    def name_shown(self, person: Person) -> str:
        """The name as corrected here, else the school's or the card's."""
        scene = self.session.scene
        named = scene.named if isinstance(scene, AskingPassword) else ""
        return named or person.name

    def name_said(self, person: Person, name: str) -> str:
        """What to know about a name the card cannot show."""
        if UNSHOWABLE in name:
            return self.texts.name_incomplete
        return self.texts.name_from_roster if name == person.name else self.texts.names_after

    def labelled(self, label: str, value: str, indent: int = 6) -> Line:
        """``label`` in a column of its own, then the value."""
        return line(Span(" " * indent + fit(label, LABEL), Role.DIM), value)

    def fault_lines(self, fault: str | None, lock: Lock | None, width: int) -> Iterable[Line]:
        """What was wrong with the last try; a clock while the password rests."""
        texts = self.texts
        if lock is not None and lock.until_ms is not None:
            left = timedelta(milliseconds=lock.until_ms - self.session.at.timestamp() * 1000)
            if left > timedelta(0):
                yield line(f"   x {texts.password_locked(left)}", role=Role.ERROR)
                return
        if fault is None:
            yield BLANK
        elif fault == "password_wrong" and lock is not None:
            yield line(f"   x {texts.password_wrong(lock.tries_left)}", role=Role.ERROR)
        elif fault != "locked":
            yield from hanging("   x ", texts.fault(fault), width, Role.ERROR)

    def waiting(self) -> bool:
        """Whether the desk has not answered yet."""
        return getattr(self.session.scene, "waiting", None) is not None

    def password(self, which: str = "password") -> Secret:
        """What the box holds, on its one way to the desk; the box forgets it."""
        box = self.query_one(f"#{which}", Field)
        secret = Secret.from_text(box.value)
        box.set_value("")
        return secret

    def toggle_shown(self) -> None:
        """F6."""
        for box in self.query(Field):
            if box.secret:
                box.reveal(shown=not box.revealed)


class PasswordScreen(IdentityFrame):
    """K02 for someone who has been here before."""

    HELP = "password"
    FIELDS = MappingProxyType(
        {
            "stage": entry.STAGE,
            "password": entry.PASSWORD,
        }
    )
    FIRST = "password"

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._card, id="card")
        with Horizontal(classes="row"):
            yield Words(f"   {fit(texts.label_stage, 14)}", classes="label17")
            yield Choice(
                tuple(Option(key=each, label=texts.stage(Stage(each))) for each in STAGES),
                id="stage",
                across=True,
            )
        yield Words("")
        with Horizontal(classes="row"):
            yield Words(f"   {fit(texts.label_password, 14)}", classes="label17")
            yield Field(id="password", secret=True, classes="w28")
            yield Words(f"  {texts.toggle_password}", Role.DIM, classes="rest")
        yield Lines(self._fault, id="fault")
        yield Lines(self._advice, id="advice")
        with Horizontal(classes="buttons"):
            yield Push(texts.forgotten_link, id="forgotten")
            yield Push(texts.cancel, id="cancel")
            yield Push(texts.sign_in, id="enter")

    def show(self) -> None:
        scene = self.session.scene
        if isinstance(scene, AskingPassword):
            self.query_one("#stage", Choice).set_chosen(scene.asked.value)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.SIGN_IN),
            self.hint("tab", KeyWord.NEXT_FIELD, shown=not self._name_hint()),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=self.wide),
            self.hint("f5", KeyWord.REVEAL, self.reveal),
            self.hint("f6", KeyWord.SHOW_PASSWORD, self.toggle_shown),
            self.hint("f7", KeyWord.FORGOT, self._forgotten),
            *self._name_hint(),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    @on(Field.Entered)
    def _entered(self) -> None:
        self._sign_in()

    @on(Choice.Chosen)
    def _stage_chosen(self, message: Choice.Chosen) -> None:
        self.tell(StageChosen(at=self.now, stage=Stage(message.key)))

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        acts = {"cancel": self.go_back, "forgotten": self._forgotten}
        acts.get(message.push.id or "", self._sign_in)()

    def _sign_in(self) -> None:
        if self.query_one("#password", Field).value:
            self.tell(PasswordTyped(at=self.now, password=self.password()))

    def _name_hint(self) -> tuple[Hint, ...]:
        scene = self.session.scene
        damaged = isinstance(scene, AskingPassword) and scene.person.name_damaged
        return (self.hint("f8", KeyWord.NAME, self._correct_name),) if damaged else ()

    def _correct_name(self) -> None:
        self.tell(NameOpened(at=self.now))

    def _forgotten(self) -> None:
        self.tell(PasswordForgotten(at=self.now))

    def _card(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene = self.session.scene
        if not isinstance(scene, AskingPassword):
            return
        texts = self.texts
        yield line(f" {texts.identity_title}", role=Role.TITLE)
        # What is said of a name with a gap takes the room of the blank lines at 80x24.
        blank = () if scene.person.name_damaged else (BLANK,)
        yield from blank
        yield line(f"   {texts.card_says}")
        yield from blank
        yield from self.person_lines(scene.person)
        yield self.labelled(texts.label_registered, texts.registered_done)
        yield BLANK

    def _fault(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if isinstance(scene, AskingPassword):
            if self.waiting():
                yield line(f"   {self.texts.working}", role=Role.DIM)
            else:
                yield from self.fault_lines(scene.fault, scene.lock, width)

    def _advice(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield from paragraph(f"   {texts.password_rule}", width, Role.DIM)
        yield BLANK
        yield from paragraph(f"   {texts.not_you}", width)
        yield from paragraph(f"   {texts.forgotten}", width)
        yield BLANK


class WitnessScreen(IdentityFrame):
    """First use or reset.

    Teacher's card out, officer's card in, password, confirmation, card back.
    """

    HELP = "witness"
    FIELDS = MappingProxyType(
        {
            "password": entry.WITNESS_PASSWORD,
        }
    )

    def body(self) -> Iterable[Widget]:
        yield Lines(self._steps_to_take, id="content")
        scene = self.session.scene
        if isinstance(scene, WitnessPassword):
            with Horizontal(classes="row"):
                label = fit(self.texts.label_password, 14)
                yield Words(f"   {label}", classes="label17")
                yield Field(id="password", secret=True, classes="w28")
            yield Lines(self._fault, id="fault")
        elif isinstance(scene, WitnessConfirming):
            with Horizontal(classes="buttons"):
                yield Push(self.texts.cancel, id="cancel")
                yield Push(self.texts.witness_confirmed_button, id="enter")
        else:
            yield Lines(self._fault, id="fault")

    def on_mount(self) -> None:
        super().on_mount()
        for wanted in ("#password", "#enter"):
            for widget in self.query(wanted):
                self.set_focus(widget)

    def hints(self) -> tuple[Hint, ...]:
        scene = self.session.scene
        typing = isinstance(scene, WitnessPassword)
        confirming = isinstance(scene, WitnessConfirming)
        return (
            *((self.hint("enter", KeyWord.CONFIRM),) if typing or confirming else ()),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display),
            *((self.hint("f5", KeyWord.REVEAL, self.reveal),) if confirming else ()),
            *((self.hint("f6", KeyWord.SHOW_PASSWORD, self.toggle_shown),) if typing else ()),
            *self.virtual_hint(),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    @on(Field.Entered)
    def _entered(self) -> None:
        if self.query_one("#password", Field).value:
            self.tell(PasswordTyped(at=self.now, password=self.password()))

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "cancel":
            self.go_back()
        else:
            self.tell(WentOn(at=self.now))

    def _steps_to_take(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(
            scene, WitnessWanted | WitnessPassword | WitnessConfirming | CardWantedBack
        ):
            return
        texts = self.texts
        yield line(
            f" {texts.reset_title if scene.reset else texts.first_use_title}", role=Role.TITLE
        )
        yield BLANK
        now = {WitnessWanted: 0, WitnessPassword: 1, WitnessConfirming: 1, CardWantedBack: 2}[
            type(scene)
        ]
        for index, step in enumerate(texts.witness_steps):
            mark = "v" if index < now else ">" if index == now else " "
            yield line(f"   {mark} {step}", role=Role.TITLE if index == now else Role.TEXT)
        yield BLANK
        yield line(f"   {texts.witness_of(scene.person.name)}")
        match scene:
            case WitnessWanted():
                yield BLANK
                yield from paragraph(f"   {texts.witness_card_now}", width, Role.WARNING)
            case WitnessPassword(officer=officer):
                yield line(f"   {texts.officer_is(officer.person.masked_name)}")
                yield BLANK
                yield line(f"   {texts.witness_password_now}", role=Role.WARNING)
            case WitnessConfirming(officer=officer):
                yield line(f"   {texts.officer_is(officer.person.masked_name)}")
                yield BLANK
                yield from self.person_lines(scene.person)
                yield BLANK
                yield from paragraph(f"   {texts.witness_confirm}", width, Role.WARNING)
            case CardWantedBack():
                yield BLANK
                yield from paragraph(f"   {texts.card_back_now}", width, Role.WARNING)
        yield BLANK

    def _fault(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if self.waiting():
            yield line(f"   {self.texts.working}", role=Role.DIM)
        elif isinstance(scene, WitnessPassword):
            yield from self.fault_lines(scene.fault, scene.lock, width)
        elif isinstance(scene, WitnessWanted | CardWantedBack):
            yield from self.fault_lines(scene.fault, None, width)
