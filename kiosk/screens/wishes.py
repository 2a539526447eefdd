"""志願學校 (K05).

Candidates left, the ranked list right, everything by keys and everything by mouse.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from core.domain.ids import CountyCode, SchoolId
from core.domain.school import Mark
from kiosk.screens.wish_lines import WishLines
from kiosk.session.event import (
    InsertionChosen,
    KeywordTyped,
    MarksChosen,
    TabChosen,
    WentOn,
    WishAdded,
    WishMoved,
    WishRemoved,
)
from kiosk.session.listing import candidates, listed_in
from kiosk.session.naming import county_code, county_name
from kiosk.session.page import Insertion, InsertMode, Task, WishesPage
from kiosk.session.state import SignedIn
from kiosk.terminal import PANE_COLUMNS
from kiosk.text.fields import wishes
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.controls import Choice, Option, Push, Tick
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Upright, Words
from kiosk.widgets.painted import Line, Painted, line
from kiosk.widgets.rows import Row, Rows


class WishesScreen(WishLines):
    """K05. Which row is selected is the lists' own; everything else is the session's."""

    HELP = "wishes"
    FIELDS = MappingProxyType(
        {
            "keyword": wishes.KEYWORD,
            "tab": wishes.COUNTY_TAB,
            "township": wishes.TOWNSHIP,
            "mark": wishes.MARKS,
            "candidates": wishes.CANDIDATES,
            "insertion": wishes.INSERTION,
            "before": wishes.BEFORE,
            "wishes": wishes.WISHES,
            "rank": wishes.RANK,
        }
    )
    TOASTS: ClassVar[bool] = False
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 2
    STEPS_BEHIND: ClassVar[bool] = True
    FIRST = "candidates"

    # Layout.

    def middle(self) -> Iterable[Widget]:
        texts = self.texts
        with Horizontal(id="middle"):
            with Vertical(id="left"):
                with Horizontal(id="filter-row", classes="row"):
                    yield Words(f"{texts.filter_label} ", classes="w5")
                    yield Field(id="keyword", most=40, classes="grow", changed=self._filtered)
                    yield Lines(self.filter_lines, id="filter-hint", classes="hint")
                with Horizontal(id="tab-row", classes="row"):
                    yield Push("", id="tab-a", tight=True)
                    yield Push("", id="tab-b", tight=True)
                    yield Push("", id="tab-both", tight=True)
                    yield Push(texts.all_townships, id="township", tight=True)
                with Horizontal(id="mark-row", classes="row"):
                    yield Words(f" {texts.marks_label} ", classes="w6")
                    for mark in Mark:
                        yield Tick(texts.mark(mark), id=f"mark-{mark.value}", classes="mark")
                    yield Lines(self.counted_lines, classes="rest")
                yield Rows(
                    self.painter.candidate, id="candidates", paint_empty=self.empty_candidates
                )
                with Horizontal(id="insert-row", classes="row"):
                    yield Words(f"{texts.insertion_label} ", classes="w9")
                    yield Choice(self._modes(), id="insertion", across=True, gap=1)
                    yield Field(
                        id="before",
                        takes="digits",
                        most=3,
                        tight=True,
                        classes="w5",
                        changed=self._placed,
                    )
                    yield Lines(self._before_word, classes="rest")
            yield Upright(id="divider", joints=self.joints)
            with Vertical(id="right"):
                yield Lines(self.painter.columns, id="columns", classes="only-wide")
                yield Rows(self.painter.wish, id="wishes", paint_empty=self.empty_wishes, grip=True)
                with Horizontal(id="rank-row", classes="row"):
                    yield Words(f" {texts.move_to[0]} ")
                    yield Field(id="rank", takes="digits", most=3, tight=True, classes="w6")
                    yield Words(f" {texts.move_to[1]}", Role.DIM)
                    yield Words("", classes="grow")
                    yield Push(texts.task_step(Task.CHECK), id="go-on", tight=True)
                with Vertical(id="detail", classes="only-wide"):
                    yield Lines(self.detail_lines, id="detail-lines")
                    with Horizontal(classes="row"):
                        for name, label in self._move_buttons():
                            yield Push(label, id=name, tight=True)
                    yield Lines(self.preview_panel_lines, id="preview-lines")
        yield Lines(self.rule_above_state_lines, id="state-rule")

    def _modes(self) -> tuple[Option, ...]:
        texts = self.texts
        words = (
            (texts.insert_last_long, texts.insert_first_long, texts.insert_before_long[0])
            if self.app.size.width >= PANE_COLUMNS
            else (texts.insert_last, texts.insert_first, texts.insert_before[0])
        )
        return tuple(
            Option(key=mode, label=word) for mode, word in zip(InsertMode, words, strict=True)
        )

    def _before_word(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        texts = self.texts
        yield line((texts.insert_before_long if self.wide else texts.insert_before)[1])

    def _move_buttons(self) -> tuple[tuple[str, str], ...]:
        texts = self.texts
        return (
            ("move-up", f"{texts.up} F5"),
            ("move-down", f"{texts.down} F6"),
            ("move-first", texts.to_first),
            ("move-last", texts.to_last),
            ("remove", texts.remove),
            ("map", texts.map_link),
        )

    def on_resize(self) -> None:
        self.query_one("#insertion", Choice).set_options(self._modes())

    # Drawing.

    def show(self) -> None:
        scene, page, reference = self.scene, self.page, self.station.reference
        if scene is None or page is None or reference is None:
            return
        texts, answers = self.texts, scene.draft.answers
        if self.rows_for != (reference.version, page):
            self.candidate_rows = self._grouped(scene, page)
            self.rows_for = (reference.version, page)
        if self.total_for != (reference.version, page.county):
            self.total = len(listed_in(reference, scene.post, answers, page))
            self.total_for = (reference.version, page.county)
        self.painter.learn(scene, reference)
        self.query_one("#candidates", Rows).set_rows(self.candidate_rows)
        self.query_one("#wishes", Rows).set_rows(self.painter.wish_rows)
        self.query_one("#keyword", Field).set_value(page.keyword)
        for slot, code in (("a", answers.county_a), ("b", answers.county_b)):
            tab = self.query_one(f"#tab-{slot}", Push)
            name = county_name(reference, code)
            printed = county_code(reference, code)
            tab.label = (
                texts.county_tab_long(texts.slot(slot), name, printed)
                if self.wide
                else texts.county_tab(texts.slot(slot), name)
            )
            tab.set_on(on=code == page.county)
        both = self.query_one("#tab-both", Push)
        both.label = texts.both_counties_long if self.wide else texts.both_counties
        both.set_on(on=page.county is None)
        township = page.township or texts.all_townships
        self.query_one("#township", Push).label = f"F3 {township}" if self.wide else township
        for mark in Mark:
            self.query_one(f"#mark-{mark.value}", Tick).set_on(on=mark in page.marks)
        self.query_one("#insertion", Choice).set_chosen(scene.insertion.mode)
        before = scene.insertion.mode is InsertMode.BEFORE
        self.query_one("#before", Field).set_value(str(scene.insertion.rank) if before else "")

    def _grouped(self, scene: SignedIn, page: WishesPage) -> tuple[Row, ...]:
        reference = self.station.reference
        if reference is None:
            return ()
        rows: list[Row] = []
        place = None
        for each in candidates(
            reference, scene.post, scene.draft.answers, page, self.station.readings
        ):
            here = each.school.county, each.school.township
            if here != place:
                place = here
                county = "" if page.county else f"{county_name(reference, here[0])} "
                rows.append(Row(f"@{county}{here[1]}", heading=True))
            rows.append(Row(each.school.id))
        return tuple(rows)

    # What a person does.

    def hints(self) -> tuple[Hint, ...]:
        wide = self.wide
        virtual = bool(self.host.virtual_cards)
        return (
            self.hint("space", KeyWord.TOGGLE_LONG if wide else KeyWord.TOGGLE),
            self.hint("tab", KeyWord.OTHER_PANE),
            self.hint("f3", KeyWord.TOWNSHIP, self.choose_township),
            self.hint("f4", KeyWord.COMPARE, self.show_difference, shown=False),
            self.hint("f5", KeyWord.UP, lambda: self.shift(-1)),
            self.hint("f6", KeyWord.DOWN, lambda: self.shift(+1)),
            self.hint("f7", KeyWord.UNDO, self.undo),
            self.hint("f8", KeyWord.WHAT_IF, self.show_preview),
            self.hint("enter", KeyWord.MENU, shown=False),
            self.hint("f9", KeyWord.VIRTUAL, self.host.open_cards, shown=False)
            if virtual
            else self.hint("f9", KeyWord.MAP, self.show_map, shown=False),
            self.hint("escape", KeyWord.BACK, self.go_back),
            self.hint("f1", KeyWord.HELP, self.host.open_help, shown=False),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=False),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    def handle_unused(self, event: events.Key) -> None:
        """Digits over the wishes are a rank; anything typed over the candidates is a filter."""
        focused = self.focused
        name = "" if focused is None else focused.id or ""
        if name == "candidates" and event.key in {"left", "right"}:
            event.stop()
            self.other_tab(+1 if event.key == "right" else -1)
        elif name == "candidates" and event.is_printable and event.character not in {None, " "}:
            event.stop()
            field = self.query_one("#keyword", Field)
            self.set_focus(field)
            field.insert(event.character or "")
        elif name == "wishes" and event.character is not None and event.character.isdecimal():
            event.stop()
            field = self.query_one("#rank", Field)
            field.set_value("")
            self.set_focus(field)
            field.insert(event.character)
        elif name in {"wishes", "candidates"} and event.key == "down":
            event.stop()
            self.set_focus(self.query_one("#state"))
        elif name == "state" and event.key == "up":
            event.stop()
            self.set_focus(self.query_one("#wishes"))
        elif name == "wishes" and event.key == "delete":
            event.stop()
            self.drop()
        elif name in {"keyword", "before"} and event.key in {"down", "up"}:
            event.stop()
            self.set_focus(self.query_one("#candidates"))
        elif name == "rank" and event.key in {"down", "up"}:
            event.stop()
            self.set_focus(self.query_one("#wishes"))
        else:
            super().handle_unused(event)

    def focus_next(self, selector: str | type = "*") -> Widget | None:  # noqa: ARG002
        """Tab: the other list, wherever in this half the focus is."""
        focused = self.focused
        right = focused is not None and self.query_one("#right") in focused.ancestors
        other = self.query_one("#candidates" if right else "#wishes")
        self.set_focus(other)
        return other

    def focus_previous(self, selector: str | type = "*") -> Widget | None:
        return self.focus_next(selector)

    def go_back(self) -> None:
        """Esc: one step back; among the schools the filter is cleared before the page is left."""
        field = self.query_one("#keyword", Field)
        if field.value and self.query_one("#left").has_focus_within:
            field.set_value("")
            self.set_focus(self.query_one("#candidates"))
            self._filtered("")
        else:
            super().go_back()

    def on_descendant_focus(self) -> None:
        """Titles show which half has the focus."""
        self.query_one("#top-rule", Painted).repaint()

    @on(Rows.Moved)
    def _moved(self) -> None:
        for name in ("#top-rule", "#detail-lines"):
            self.query_one(name, Painted).repaint()

    @on(Rows.Scrolled)
    def _scrolled_by_wheel(self) -> None:
        self.query_one("#top-rule", Painted).repaint()

    @on(Rows.Dragged)
    def _dragged(self, message: Rows.Dragged) -> None:
        self.tell(WishMoved(at=self.now, school=SchoolId(message.key), rank=message.place + 1))

    def on_paste(self, event: events.Paste) -> None:
        """Pasted over a list: into the filter, bounded; never a list of wishes at once."""
        event.stop()
        field = self.query_one("#keyword", Field)
        self.set_focus(field)
        field.take(event.text)

    @on(Rows.Acted)
    def _acted(self, message: Rows.Acted) -> None:
        school = SchoolId(message.key)
        if message.rows.id == "candidates":
            if message.how == "enter":
                self.open_candidate_menu(school)
            else:
                self.tell(WishAdded(at=self.now, school=school))
        elif message.how == "space":
            self.tell(WishRemoved(at=self.now, school=school))
        else:
            self.open_wish_menu(school)

    def _filtered(self, text: str) -> None:
        self.tell(KeywordTyped(at=self.now, text=text))

    def _placed(self, text: str) -> None:
        if text:
            insertion = Insertion(InsertMode.BEFORE, max(1, int(text)))
            self.tell(InsertionChosen(at=self.now, insertion=insertion))

    @on(Field.Entered)
    def _entered(self, message: Field.Entered) -> None:
        if message.field.id == "rank":
            rank, selected = message.value, self.query_one("#wishes", Rows).selected
            message.field.set_value("")
            self.set_focus(self.query_one("#wishes"))
            if rank and selected is not None:
                self.tell(WishMoved(at=self.now, school=SchoolId(selected), rank=max(1, int(rank))))
        else:
            self.set_focus(self.query_one("#candidates"))

    @on(Choice.Chosen)
    def _mode_chosen(self, message: Choice.Chosen) -> None:
        mode = InsertMode(message.key)
        typed = self.query_one("#before", Field).value
        self.tell(InsertionChosen(at=self.now, insertion=Insertion(mode, max(1, int(typed or 1)))))
        if mode is InsertMode.BEFORE:
            self.set_focus(self.query_one("#before"))

    @on(Tick.Toggled)
    def _mark_toggled(self, message: Tick.Toggled) -> None:
        page = self.page
        if page is not None and message.tick.id is not None:
            mark = Mark(message.tick.id.removeprefix("mark-"))
            marks = page.marks | {mark} if message.on else page.marks - {mark}
            self.tell(MarksChosen(at=self.now, marks=marks))

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        scene = self.scene
        if scene is None:
            return
        match message.push.id:
            case "tab-a" | "tab-b" | "tab-both" as name:
                answers = scene.draft.answers
                tabs = {"tab-a": answers.county_a, "tab-b": answers.county_b}
                self._tab(tabs.get(name))
            case "go-on":
                self.tell(WentOn(at=self.now))
            case "township":
                self.choose_township()
            case "move-up":
                self.shift(-1)
            case "move-down":
                self.shift(+1)
            case "move-first":
                self.move_to(1)
            case "move-last":
                self.move_to(len(scene.draft.answers.wishes))
            case "remove":
                self.drop()
            case _:
                self.show_map()

    def _tab(self, county: CountyCode | None) -> None:
        self.tell(TabChosen(at=self.now, county=county))
        self.set_focus(self.query_one("#candidates"))
