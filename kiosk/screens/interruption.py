"""A page of its own before what is hard to take back, and the list of steps that can be taken

back.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from core.domain.ids import CountyCode
from kiosk.screens.draft_state import draft_words
from kiosk.screens.frame import Frame
from kiosk.screens.labels import instant
from kiosk.session.draft import Edit
from kiosk.session.event import Redone, StepChosen, WentOn
from kiosk.session.naming import county_name, school_name
from kiosk.session.page import Doubt, Interruption
from kiosk.session.state import SignedIn
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph
from kiosk.widgets.rows import Row, Rows


class InterruptionScreen(Frame):
    """取消 has the focus; Esc is the same."""

    HELP = "interruption"
    STEPS: ClassVar[bool] = True
    FIRST = "cancel"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")
        with Horizontal(classes="buttons"):
            yield Push(self.texts.cancel, id="cancel")
            yield Push(self.texts.confirm, id="enter")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("enter", KeyWord.CONFIRM),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=self.wide),
            self.hint("f10", KeyWord.END, self.end),
            *self.virtual_hint(),
        )

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "cancel":
            self.go_back()
        else:
            self.tell(WentOn(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not (isinstance(scene, SignedIn) and isinstance(scene.page, Interruption)):
            return
        texts, page = self.texts, scene.page
        yield BLANK
        yield BLANK
        yield line(
            f"   ! {texts.system_message}{texts.colon}{texts.doubt_title(page.asks)}",
            role=Role.WARNING,
        )
        yield BLANK
        for sentence in self._sentences(scene, page):
            yield from paragraph(f"     {sentence}", min(width - 5, 78))
            yield BLANK

    def _sentences(self, scene: SignedIn, page: Interruption) -> tuple[str, ...]:
        texts, reference = self.texts, self.station.reference
        match page.asks:
            case Doubt.INDIGENOUS_YES:
                return texts.doubt_indigenous()
            case Doubt.CLEAR_WISHES:
                return texts.doubt_clear(page.count)
            case Doubt.REMOVE_CLOSED:
                return texts.doubt_remove_closed(page.count)
            case Doubt.CHANGE_COUNTY:
                answers = scene.draft.answers
                old: CountyCode | None = answers.county_a if page.slot == "a" else answers.county_b
                return texts.doubt_county(
                    texts.slot(page.slot or "a"),
                    county_name(reference, old),
                    county_name(reference, page.county),
                    page.count,
                )


class StepsScreen(Frame):
    """Every step since the last version, with the place where the draft stands.

    Any of them is one key away.
    """

    HELP = "steps"
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    FIRST = "list"

    def body(self) -> Iterable[Widget]:
        with Vertical(id="list-box"):
            yield Lines(self._heading, id="heading")
            yield Rows(self._row, id="list")

    def on_mount(self) -> None:
        super().on_mount()
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            self.query_one("#list", Rows).select(str(len(scene.draft.past)))

    def show(self) -> None:
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            count = len(scene.draft.past) + len(scene.draft.future)
            rows = tuple(Row(str(each)) for each in range(count, -1, -1))
            pane = self.query_one("#list", Rows)
            if tuple(pane.rows) != rows:
                pane.set_rows(rows)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.CHOOSE),
            self.hint("f7", KeyWord.UNDO, self.undo),
            self.hint("f8", KeyWord.REDO, lambda: self.tell(Redone(at=self.now))),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    @on(Rows.Acted)
    def _acted(self, message: Rows.Acted) -> None:
        self.tell(StepChosen(at=self.now, count=int(message.key)))

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            yield line(f" {draft_words(scene, self.texts)}", role=Role.DIM)

    def _heading(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield line(f" {texts.back}", role=Role.DIM)
        yield line(f" {texts.steps_title}", role=Role.TITLE)
        yield from paragraph(f"   {texts.steps_hint}", width)
        yield BLANK

    def _row(self, row: Row, width: int) -> Line:  # noqa: ARG002
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return ()
        texts, count, past = self.texts, int(row.key), scene.draft.past
        steps = (*past, *scene.draft.future)
        here = Span(f" {texts.step_now}" if count == len(past) else "", Role.GOOD)
        if count == 0:
            return line(f"   {fit('', 14)}{texts.step_zero}", here)
        edit = steps[count - 1]
        when = texts.short_minute(instant(edit.at_ms, self.session.at))
        role = Role.TEXT if count <= len(past) else Role.DIM
        return line(Span(f"   {fit(when, 14)}{self._named(edit)}", role), here)

    def _named(self, edit: Edit) -> str:
        texts, reference = self.texts, self.station.reference
        if edit.wishes is not None or edit.subject.isdecimal():
            known = reference is not None and edit.subject in reference.schools
            name = school_name(reference, edit.subject) if known else ""
            name = name or county_name(reference, CountyCode(edit.subject))
            return texts.edit(edit.name, name)
        return texts.edit(edit.name, texts.subject_of_edit(edit.subject))
