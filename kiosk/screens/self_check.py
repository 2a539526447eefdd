"""資格檢核: a teacher holds her own service against the regulation, clause by clause."""

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.draft_state import draft_words
from kiosk.screens.frame import Frame
from kiosk.session.event import SelfCheckAnswered, WentOn
from kiosk.session.self_check import CHOICES, NUMBERS, UNCHECKED, Place, SelfCheck
from kiosk.session.state import SignedIn
from kiosk.text.doubts import barred_words, doubt_sentences, finding_words
from kiosk.text.fields import self_check
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Choice, Option, Push, Tick
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Words
from kiosk.widgets.painted import BLANK, Line, hanging, line, paragraph

LABEL = 27


class SelfCheckScreen(Frame):
    """Three numbers, two choices and a tick; below them what the regulation makes of it."""

    HELP = "self_check"
    FIRST = "semesters"
    FOLDS: ClassVar[bool] = True
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    FIELDS = MappingProxyType(
        {
            "semesters": self_check.SEMESTERS,
            "leave": self_check.LEAVE,
            "hardship": self_check.HARDSHIP,
            "bond": self_check.BOND,
            "bond_years": self_check.BOND,
            "on_leave": self_check.LEAVE_NOW,
            "enter": self_check.SURPLUS_PAGE,
        }
    )

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    @property
    def check(self) -> SelfCheck:
        """Her answers."""
        return UNCHECKED if self.scene is None else self.scene.draft.check

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._heading, id="heading")
        yield from self._number("semesters", texts.label_semesters, texts.semesters_unit)
        yield from self._number("leave", texts.label_leave, texts.leave_unit)
        yield from self._choice("hardship", texts.hardship_title, texts.hardship)
        yield from self._choice("bond", texts.bond_title, texts.bond)
        yield from self._number("bond_years", texts.label_bond_years, texts.bond_years_unit)
        with Horizontal(classes="row"):
            yield Words("   ", classes="indent")
            yield Tick(texts.on_leave_question, id="on_leave")
        yield Lines(self._outcome, id="outcome")
        with Horizontal(classes="buttons"):
            yield Push(texts.self_check_done, id="enter")

    def _number(self, place: Place, label: str, unit: str) -> Iterable[Widget]:
        with Horizontal(classes="row"):
            yield Words(f"   {fit(label, LABEL)}", Role.DIM, classes="label30")
            typed = self._typed(place)
            yield Field(id=place, takes="digits", most=2, classes="w8", changed=typed)
            yield Words(f" {unit}", classes="rest")

    def _choice(self, place: Place, title: str, word: Callable[[str], str]) -> Iterable[Widget]:
        yield Words(f"   {title}", Role.DIM)
        with Horizontal(classes="row"):
            yield Words("   ", classes="indent")
            options = tuple(Option(key=str(key), label=word(str(key))) for key in CHOICES[place])
            yield Choice(options, id=place, across=True, gap=2)

    def show(self) -> None:
        check = self.check
        for place in NUMBERS:
            number = getattr(check, place)
            self.query_one(f"#{place}", Field).set_value("" if number is None else str(number))
        self.query_one("#hardship", Choice).set_chosen(check.hardship)
        self.query_one("#bond", Choice).set_chosen(check.bond)
        self.query_one("#on_leave", Tick).set_on(on=check.on_leave)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("space", KeyWord.PICK),
            self.hint("enter", KeyWord.GO_ON, self._done),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    def _typed(self, place: Place) -> Callable[[str], None]:
        def typed(text: str) -> None:
            self._answer(place, int(text) if text else None)

        return typed

    def _answer(self, place: Place, answer: int | str | bool | None) -> None:  # noqa: FBT001 - an answer
        self.tell(SelfCheckAnswered(at=self.now, place=place, answer=answer))

    def _done(self) -> None:
        self.tell(WentOn(at=self.now))

    @on(Field.Entered)
    def _entered(self) -> None:
        self.focus_next()

    @on(Push.Pressed)
    def _pressed(self) -> None:
        self._done()

    @on(Choice.Chosen)
    def _chosen(self, message: Choice.Chosen) -> None:
        self._answer("hardship" if message.choice.id == "hardship" else "bond", message.key)

    @on(Tick.Toggled)
    def _toggled(self, message: Tick.Toggled) -> None:
        self._answer("on_leave", message.on)

    # Drawing.

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.scene is not None:
            yield line(f" {draft_words(self.scene, self.texts)}", role=Role.DIM)

    def _heading(self, width: int) -> Iterable[Line]:
        yield line(f" {self.texts.self_check_title}", role=Role.TITLE)
        yield from paragraph(f"   {self.texts.self_check_intro}", min(width, 77), Role.DIM)
        scene = self.scene
        barred = None if scene is None else scene.post.barred
        words = barred_words(barred, self.session.at, self.texts)
        if words:
            yield from hanging(" ! ", words, min(width, 77), Role.WARNING)

    def _outcome(self, width: int) -> Iterable[Line]:
        if self.scene is None:
            return
        years, texts = self.scene.draft.answers.service_years, self.texts
        words, doubtful = finding_words(self.check, years, texts)
        role = Role.WARNING if doubtful else Role.TITLE
        yield from hanging(" ! " if doubtful else "   ", words, min(width, 77), role)
        for sentence in doubt_sentences(self.check, years, texts):
            yield from hanging("   - ", sentence, min(width, 77))
        if not doubtful:
            yield BLANK
