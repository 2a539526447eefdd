"""應聘資料 (K04): one question a page."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar, Literal

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from core.domain.ids import SubjectCode
from core.domain.refusal import Refusal
from core.domain.subject import subjects_of
from kiosk.screens.draft_state import draft_words
from kiosk.screens.frame import Frame
from kiosk.session.event import (
    AreaLimitAnswered,
    IndigenousAnswered,
    LanguageAnswered,
    SelfCheckOpened,
    ServiceYearsAnswered,
    SubjectAnswered,
    WentOn,
)
from kiosk.session.listing import preview
from kiosk.session.naming import county_name, school_name, subject_name
from kiosk.session.page import PostsPage, Question
from kiosk.session.state import SignedIn
from kiosk.text.doubts import doubt_sentences, finding_words
from kiosk.text.fields import posts
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.controls import Choice, Option, Push, Tick
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, PaintLines, Words
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph
from kiosk.widgets.rows import PaintRow, Row, Rows

OWN_LABEL = 26
NONE = "-"
"""Key of 無 in the subject lists: a row needs one."""


class QuestionScreen(Frame):
    """One of the five questions; subclasses give `answers` and `consequence`."""

    HELP = "question"
    FOLDS: ClassVar[bool] = True
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    QUESTION: ClassVar[Question]
    PICKS: ClassVar[bool] = True
    """Whether something is picked by Space."""

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    @property
    def faults(self) -> tuple[Refusal, ...]:
        """What the last 繼續 refused here."""
        page = None if self.scene is None else self.scene.page
        return page.faults if isinstance(page, PostsPage) else ()

    def body(self) -> Iterable[Widget]:
        yield Lines(self._question, id="question")
        yield from self.answers()
        yield Lines(self._faults, id="faults")
        yield Lines(self.consequence, id="consequence")
        with Horizontal(classes="buttons"):
            yield Push(self.texts.step_back, id="back")
            yield Push(self.texts.go_on, id="enter")

    def answers(self) -> Iterable[Widget]:
        """What can be chosen."""
        raise NotImplementedError

    def consequence(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        """What the answer leads to."""
        return ()

    def hints(self) -> tuple[Hint, ...]:
        return (
            *((self.hint("space", KeyWord.PICK),) if self.PICKS else ()),
            self.hint("enter", KeyWord.GO_ON, self.go_on),
            self.hint("tab", KeyWord.NEXT_ITEM, shown=self.wide),
            *self.standard_hints(),
            self.hint("f7", KeyWord.UNDO, self.undo, shown=self.wide),
            *self.virtual_hint(),
        )

    def go_on(self) -> None:
        """Enter, or the button."""
        self.tell(WentOn(at=self.now))

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        acts = {"back": self.go_back, "self-check": self.check_myself}
        acts.get(message.push.id or "", self.go_on)()

    def check_myself(self) -> None:
        """F6 at the question about service: 資格檢核."""
        self.tell(SelfCheckOpened(at=self.now))

    @on(Field.Entered)
    def _entered(self) -> None:
        self.go_on()

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.scene is not None:
            yield line(f" {draft_words(self.scene, self.texts)}", role=Role.DIM)

    def _question(self, width: int) -> Iterable[Line]:
        yield line(f" {self.texts.back}", role=Role.DIM)
        yield BLANK
        yield from paragraph(f" {self.texts.question(self.QUESTION)}", width - 2, Role.TITLE)
        yield BLANK
        explained = self.texts.question_explained(self.QUESTION)
        yield from paragraph(f"   {explained}", min(width - 3, 77))
        yield BLANK

    def _faults(self, width: int) -> Iterable[Line]:
        for fault in self.faults:
            sentence = self.texts.gap(fault.place) if fault.code == "not_answered" else None
            yield from hanging(" x ", sentence or self.texts.refusal(fault.code), width, Role.ERROR)
        yield BLANK


class IndigenousScreen(QuestionScreen):
    """1: 原民調, the costliest answer; what it means for this teacher's own wishes is computed."""

    QUESTION = Question.INDIGENOUS
    ASKS = posts.INDIGENOUS
    FIELDS = MappingProxyType({"language": posts.LANGUAGE})
    FIRST = "indigenous"

    def answers(self) -> Iterable[Widget]:
        texts = self.texts
        options = (Option(key="yes", label=texts.yes_apply), Option(key="no", label=texts.no_apply))
        yield Choice(options, id="indigenous")
        yield Words(f"   {texts.unanswered_is_no}", Role.DIM)
        yield Words("")
        yield Tick(texts.language_question, id="language")

    def show(self) -> None:
        if self.scene is not None:
            answers = self.scene.draft.answers
            chosen = {True: "yes", False: "no", None: None}[answers.indigenous]
            self.query_one("#indigenous", Choice).set_chosen(chosen)
            self.query_one("#language", Tick).set_on(on=answers.language)

    @on(Choice.Chosen)
    def _chosen(self, message: Choice.Chosen) -> None:
        self.tell(IndigenousAnswered(at=self.now, answer=message.key == "yes"))

    @on(Tick.Toggled)
    def _toggled(self, message: Tick.Toggled) -> None:
        self.tell(LanguageAnswered(at=self.now, answer=message.on))

    def consequence(self, width: int) -> Iterable[Line]:
        reference = self.station.reference
        if self.scene is None or reference is None:
            return
        texts = self.texts
        seen = preview(reference, self.scene.post, self.scene.draft.answers)
        yield line(f"   {texts.yes_outcome}")
        if not seen.indigenous:
            yield from paragraph(f"     {texts.yes_no_school}", width - 3, Role.WARNING)
            return
        yield from paragraph(f"     {texts.yes_uses(texts.ranks(seen.indigenous))}", width - 3)
        if seen.ordinary:
            yield from paragraph(f"     {texts.yes_drops(texts.ranks(seen.ordinary))}", width - 3)
        else:
            yield from paragraph(f"     {texts.yes_all()}", width - 3)


class AreaLimitScreen(QuestionScreen):
    """2: what the teaching certificate says about areas."""

    QUESTION = Question.AREA_LIMIT
    ASKS = posts.AREA_LIMIT
    FIRST = "area"

    def answers(self) -> Iterable[Widget]:
        texts = self.texts
        options = (
            Option(key="general", label=texts.area_general),
            Option(key="restricted", label=texts.area_restricted),
        )
        yield Choice(options, id="area")

    def show(self) -> None:
        if self.scene is not None:
            self.query_one("#area", Choice).set_chosen(self.scene.draft.answers.area_limit)

    @on(Choice.Chosen)
    def _chosen(self, message: Choice.Chosen) -> None:
        answer: Literal["general", "restricted"]
        answer = "general" if message.key == "general" else "restricted"
        self.tell(AreaLimitAnswered(at=self.now, answer=answer))

    def consequence(self, width: int) -> Iterable[Line]:
        yield from paragraph(f"   {self.texts.area_consequence}", width - 3, Role.DIM)


class ServiceYearsScreen(QuestionScreen):
    """3: full years of service."""

    QUESTION = Question.SERVICE_YEARS
    ASKS = posts.SERVICE_YEARS
    PICKS = False
    FIRST = "years"

    def answers(self) -> Iterable[Widget]:
        with Horizontal(classes="row"):
            yield Words(f"   {self.texts.years_before} ", Role.DIM)
            yield Field(id="years", takes="digits", most=2, classes="w8", changed=self._typed)
            unit = self.texts.years_unit
            yield Words(f" {unit}", classes="rest")
        yield Words("")
        with Horizontal(classes="row"):
            yield Words("   ", classes="indent")
            yield Push(self.texts.self_check_button, id="self-check")

    def hints(self) -> tuple[Hint, ...]:
        return (*super().hints(), self.hint("f6", KeyWord.ELIGIBILITY, self.check_myself))

    def consequence(self, width: int) -> Iterable[Line]:
        if self.scene is None:
            return
        draft = self.scene.draft
        years = draft.answers.service_years
        words, doubtful = finding_words(draft.check, years, self.texts)
        role = Role.WARNING if doubtful else Role.DIM
        yield from hanging(" ! " if doubtful else "   ", words, width - 3, role)
        for sentence in doubt_sentences(draft.check, years, self.texts):
            yield from hanging("   - ", sentence, width - 3, Role.DIM)

    def show(self) -> None:
        if self.scene is not None:
            years = self.scene.draft.answers.service_years
            self.query_one("#years", Field).set_value("" if years is None else str(years))

    def _typed(self, text: str) -> None:
        answer = int(text) if text else None
        self.tell(ServiceYearsAnswered(at=self.now, answer=answer))


class PostScreen(QuestionScreen):
    """4: school and subject as the school registered them; to be confirmed, not typed."""

    QUESTION = Question.POST
    ASKS = posts.POST
    PICKS = False
    FIRST = "enter"

    def answers(self) -> Iterable[Widget]:
        yield Lines(self._post, id="post")

    def _post(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.scene is None:
            return
        texts, post, reference = self.texts, self.scene.post, self.station.reference
        school = None if reference is None else reference.schools.get(post.school)
        county = "" if school is None else county_name(reference, school.county)
        rows = (
            (texts.label_stage, texts.stage(post.stage)),
            (texts.label_school, f"{county}{school_name(reference, post.school)}"),
            (texts.label_own_subject, subject_name(reference, post.stage, post.subject)),
        )
        for label, value in rows:
            yield line(Span(f"   {fit(label, OWN_LABEL)}", Role.DIM), value)
        yield line(f"   {texts.own_subject_too}", role=Role.DIM)


class SubjectsScreen(QuestionScreen):
    """5: up to three subjects; the first is the present one and fixed (F-081 … F-084)."""

    QUESTION = Question.SUBJECTS
    ASKS = posts.SUBJECT2
    FIELDS = MappingProxyType({"subject2": posts.SUBJECT2, "subject3": posts.SUBJECT3})
    FIRST = "subject2"

    def answers(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._first, id="subject1")
        with Horizontal(id="subjects"):
            for slot, label in ((2, texts.label_subject2), (3, texts.label_subject3)):
                with Vertical(classes="subject"):
                    yield Lines(self._chosen_line(slot, label))
                    yield Rows(self._row(slot), id=f"subject{slot}", name_row=self._named)

    def show(self) -> None:
        reference = self.station.reference
        if self.scene is None or reference is None:
            return
        codes = [each.code for each in subjects_of(self.scene.post.stage, reference.subjects)]
        rows = (Row(NONE), *(Row(code) for code in codes if code != self.scene.post.subject))
        for slot in (2, 3):
            pane = self.query_one(f"#subject{slot}", Rows)
            if tuple(pane.rows) != rows:
                pane.set_rows(rows)
                chosen = self._answer(slot)
                if chosen is not None:
                    pane.select(chosen or NONE)

    def _answer(self, slot: int) -> str | None:
        if self.scene is None:
            return None
        answers = self.scene.draft.answers
        return {2: answers.subject2, 3: answers.subject3}[slot]

    @on(Rows.Acted)
    def _acted(self, message: Rows.Acted) -> None:
        if message.how == "enter":
            self.go_on()
            return
        slot: Literal[2, 3] = 2 if message.rows.id == "subject2" else 3
        chosen = "" if message.key == NONE else message.key
        self.tell(SubjectAnswered(at=self.now, slot=slot, subject=SubjectCode(chosen)))

    def _first(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.scene is None:
            return
        texts, post = self.texts, self.scene.post
        name = subject_name(self.station.reference, post.stage, post.subject)
        yield line(Span(f"   {texts.label_subject1}  ", Role.DIM), name)
        yield line(f"   {texts.same_as_own}", role=Role.DIM)
        yield BLANK

    def _chosen_line(self, slot: int, label: str) -> PaintLines:
        def paint(width: int) -> Iterable[Line]:  # noqa: ARG001
            if self.scene is None:
                return
            code = self._answer(slot)
            texts = self.texts
            name = {None: texts.not_chosen, "": texts.none}.get(code)
            name = name or subject_name(self.station.reference, self.scene.post.stage, code or "")
            yield line(Span(f"   {label}  ", Role.DIM), Span(name, Role.TITLE))

        return paint

    def _named(self, row: Row) -> str:
        if row.key == NONE or self.scene is None:
            return self.texts.none
        return subject_name(self.station.reference, self.scene.post.stage, row.key)

    def _row(self, slot: int) -> PaintRow:
        def paint(row: Row, width: int) -> Line:
            if self.scene is None:
                return ()
            code = self._answer(slot)
            chosen = code is not None and (code or NONE) == row.key
            name = self._named(row)
            return line(f"   {'(o)' if chosen else '( )'} {shorten(name, width - 7)}")

        return paint
