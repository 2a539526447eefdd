"""志願縣市: two counties, whose order ranks nothing (F-104 … F-110)."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar, Literal

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from core.domain.ids import CountyCode
from kiosk.screens.draft_state import draft_words
from kiosk.screens.frame import Frame
from kiosk.session.event import CountyChosen, WentOn
from kiosk.session.listing import counties
from kiosk.session.naming import county_code, county_name
from kiosk.session.page import CountiesPage
from kiosk.session.state import SignedIn
from kiosk.text.fields import wishes
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines, PaintLines
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph
from kiosk.widgets.rows import PaintRow, Row, Rows

SLOTS: tuple[Literal["a", "b"], ...] = ("a", "b")


class CountiesScreen(Frame):
    """Two lists side by side."""

    HELP = "counties"
    FIELDS = MappingProxyType(
        {
            "county-a": wishes.COUNTY_A,
            "county-b": wishes.COUNTY_B,
        }
    )
    FOLDS: ClassVar[bool] = True
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    FIRST = "county-a"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._heading, id="heading")
        with Horizontal(id="counties"):
            for slot in SLOTS:
                with Vertical(classes="subject"):
                    yield Lines(self._chosen_line(slot), id=f"chosen-{slot}")
                    yield Rows(self._row(slot), id=f"county-{slot}", name_row=self._county_named)
        yield Lines(self._faults, id="faults")
        with Horizontal(classes="buttons"):
            yield Push(self.texts.step_back, id="back")
            yield Push(self.texts.counties_confirm, id="enter")

    def show(self) -> None:
        scene, reference = self.session.scene, self.station.reference
        if not isinstance(scene, SignedIn) or reference is None:
            return
        rows = tuple(Row(each.code) for each in counties(reference, scene.post))
        for slot in SLOTS:
            pane = self.query_one(f"#county-{slot}", Rows)
            if tuple(pane.rows) != rows:
                pane.set_rows(rows)
                chosen = self._answer(slot)
                if chosen is not None:
                    pane.select(chosen)

    def _county_named(self, row: Row) -> str:
        reference = self.station.reference
        return f"{county_code(reference, row.key)}{county_name(reference, row.key)}"

    def _answer(self, slot: str) -> CountyCode | None:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return None
        answers = scene.draft.answers
        return answers.county_a if slot == "a" else answers.county_b

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("space", KeyWord.PICK),
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("enter", KeyWord.GO_ON, self._go_on),
            *self.standard_hints(),
            self.hint("f7", KeyWord.UNDO, self.undo),
            *self.virtual_hint(),
        )

    @on(Rows.Acted)
    def _acted(self, message: Rows.Acted) -> None:
        slot: Literal["a", "b"] = "a" if message.rows.id == "county-a" else "b"
        if message.how != "enter":
            self.tell(CountyChosen(at=self.now, slot=slot, county=CountyCode(message.key)))
        elif self._answer(slot) is None:
            # Enter on a list without an answer is meant as one.
            self.tell(CountyChosen(at=self.now, slot=slot, county=CountyCode(message.key)))
            other = "county-b" if slot == "a" else "enter"
            self.set_focus(self.query_one(f"#{other}"))
        else:
            self._go_on()

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        (self.go_back if message.push.id == "back" else self._go_on)()

    def _go_on(self) -> None:
        self.tell(WentOn(at=self.now))

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            yield line(f" {draft_words(scene, self.texts)}", role=Role.DIM)

    def _heading(self, width: int) -> Iterable[Line]:
        yield line(f" {self.texts.back}", role=Role.DIM)
        yield line(f" {self.texts.counties_title}", role=Role.TITLE)
        yield from paragraph(f"   {self.texts.counties_rule}", width - 3)
        yield BLANK

    def _faults(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        page = scene.page if isinstance(scene, SignedIn) else None
        faults = page.faults if isinstance(page, CountiesPage) else ()
        for fault in faults:
            texts = self.texts
            text = f"{texts.place(fault.place)}{texts.colon}{texts.refusal(fault.code)}"
            yield from hanging(" x ", text, width, Role.ERROR)

    def _chosen_line(self, slot: str) -> PaintLines:
        def paint(width: int) -> Iterable[Line]:  # noqa: ARG001
            texts, code = self.texts, self._answer(slot)
            name = county_name(self.station.reference, code) or texts.not_chosen
            yield line(Span(f"   {texts.slot(slot)}  ", Role.DIM), Span(name, Role.TITLE))

        return paint

    def _row(self, slot: str) -> PaintRow:
        def paint(row: Row, width: int) -> Line:  # noqa: ARG001
            reference = self.station.reference
            dot = "(o)" if self._answer(slot) == row.key else "( )"
            code = self.texts.county_coded(county_code(reference, row.key))
            return line(f"   {dot} {fit(county_name(reference, row.key), 10)}{code}")

        return paint
