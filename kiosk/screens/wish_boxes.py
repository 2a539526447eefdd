"""Boxes over the wish list: the seven functions, townships, what-if, map, differences."""

from collections.abc import Iterable

from core.domain.ids import CountyCode, SchoolId
from core.domain.school import Mark
from kiosk.screens.difference_lines import difference_lines
from kiosk.screens.overlay import Chooser, Sheet
from kiosk.screens.school_sheet import marks_sheet, school_sheet
from kiosk.screens.wish_actions import WishActions
from kiosk.screens.wish_menu import TownshipChooser, WishMenu
from kiosk.session.event import (
    ClearAsked,
    ClosedRemovalAsked,
    CountiesOpened,
    InsertionChosen,
    MarksChosen,
    StepsOpened,
    TownshipChosen,
    VersionsOpened,
    WentOn,
    WishAdded,
)
from kiosk.session.form import subjects_of
from kiosk.session.listing import townships
from kiosk.session.naming import county_name, school_label
from kiosk.session.page import Insertion, InsertMode, Task
from kiosk.session.tasks import change_since, open_faults
from kiosk.theme import Role
from kiosk.widgets.menu import Item
from kiosk.widgets.painted import BLANK, Line, hanging, line, paragraph

ALL = "@"
AT = "/"
"""Between a county and its township in the key of an item."""
MARK = "mark:"


class WishBoxes(WishActions):
    """What `WishesScreen` opens over itself."""

    def open_wish_menu(self, school: SchoolId) -> None:
        """Enter on a wish.

        The seven functions of the old system, and what concerns the whole list.
        """
        texts, scene = self.texts, self.scene
        found = self.school(school)
        if scene is None or school not in scene.draft.answers.wishes:
            return
        rank = scene.draft.answers.wishes.index(school) + 1
        name = school if found is None else school_label(found)
        items = (
            Item(key="up", label=texts.move_up_long, note="F5"),
            Item(key="down", label=texts.move_down_long, note="F6"),
            Item(key="first", label=texts.move_first_long, note="Home"),
            Item(key="last", label=texts.move_last_long, note="End"),
            Item(key="rank", label="", note=texts.key_name("digits")),
            Item(key="remove", label=texts.remove, note=texts.key_name("space")),
            Item(key="map", label=texts.map_long),
            Item(key="", label="", heading=True),
            Item(key="clear", label=texts.clear_wishes),
            Item(key="closed", label=texts.remove_closed),
            Item(key="counties", label=texts.change_counties),
            Item(key="steps", label=texts.steps_title),
            Item(key="versions", label=texts.history_title),
            Item(key="marks", label=texts.marks_title),
            Item(key="check", label=texts.task_step(Task.CHECK)),
        )
        title = f"{texts.chosen_rank(rank)}  {name}"
        self.app.push_screen(WishMenu(title, items), self._wish_function)

    def _wish_function(self, answer: str | None) -> None:
        scene = self.scene
        function, _, number = (answer or "").partition(":")
        if scene is None:
            return
        match function:
            case "up":
                self.shift(-1)
            case "down":
                self.shift(+1)
            case "first":
                self.move_to(1)
            case "last":
                self.move_to(len(scene.draft.answers.wishes))
            case "rank" if number:
                self.move_to(max(1, int(number)))
            case "rank":
                self.set_focus(self.query_one("#rank"))
            case "remove":
                self.drop()
            case "map":
                self.show_map()
            case _:
                self._list_function(function)

    def _list_function(self, function: str) -> None:
        match function:
            case "clear":
                self.tell(ClearAsked(at=self.now))
            case "closed":
                self.tell(ClosedRemovalAsked(at=self.now))
            case "counties":
                self.tell(CountiesOpened(at=self.now))
            case "steps":
                self.tell(StepsOpened(at=self.now))
            case "versions":
                self.tell(VersionsOpened(at=self.now))
            case "marks":
                self.app.push_screen(marks_sheet(self.host))
            case "check":
                self.tell(WentOn(at=self.now))
            case _:
                pass

    def open_candidate_menu(self, school: SchoolId) -> None:
        """Enter on a candidate: add it, and where the next ones go."""
        texts, found = self.texts, self.school(school)
        scene = self.scene
        if found is None or scene is None:
            return
        chosen = school in scene.draft.answers.wishes
        items = (
            Item(key=f"add:{school}", label=texts.remove if chosen else texts.add_wish,
                 note=texts.key_name("space")),
            Item(key="details", label=texts.map_long),
            Item(key="", label=texts.insertion_mode, heading=True),
            *(
                Item(key=f"mode:{mode}", label=label)
                for mode, label in zip(InsertMode, texts.insertion_modes, strict=True)
            ),
            Item(key="", label="", heading=True),
            Item(key="tab", label=texts.other_county),
            Item(key="counties", label=texts.change_counties),
            Item(key="marks", label=texts.marks_title),
            Item(key="check", label=texts.task_step(Task.CHECK)),
        )  # fmt: skip
        self.app.push_screen(Chooser(school_label(found), items), self._candidate_function)

    def _candidate_function(self, answer: str | None) -> None:
        function, _, rest = (answer or "").partition(":")
        match function:
            case "add":
                self.tell(WishAdded(at=self.now, school=SchoolId(rest)))
            case "mode":
                mode = InsertMode(rest)
                self.tell(InsertionChosen(at=self.now, insertion=Insertion(mode)))
                if mode is InsertMode.BEFORE:
                    self.set_focus(self.query_one("#before"))
            case "tab":
                self.other_tab()
            case "details":
                self.show_map()
            case _:
                self._list_function(function)

    def choose_township(self) -> None:
        """F3: townships with their number of schools, and the marks."""
        scene, page, reference = self.scene, self.page, self.station.reference
        if scene is None or page is None or reference is None:
            return
        texts, answers = self.texts, scene.draft.answers
        shown = (answers.county_a, answers.county_b) if page.county is None else (page.county,)
        groups = [(county, townships(reference, scene.post, county)) for county in shown if county]
        total = sum(count for _, found in groups for _, count in found)
        places: list[Item] = []
        for county, found in groups:
            if page.county is None:
                places.append(Item(key="", label=county_name(reference, county), heading=True))
            places += (
                Item(key=f"{county}{AT}{name}", label=name, note=texts.counted(count))
                for name, count in found
            )
        items = (
            Item(key=ALL, label=texts.all_townships, note=texts.counted(total)),
            *places,
            Item(key="", label=texts.marks_label, heading=True),
            *(
                Item(key=f"{MARK}{mark.value}", label=f"{texts.mark(mark)} {texts.mark_name(mark)}")
                for mark in Mark
            ),
        )
        box = TownshipChooser(
            f"{texts.township_title} {county_name(reference, page.county)}",
            items,
            marks=page.marks,
            selected=f"{page.county}{AT}{page.township}" if page.township else ALL,
            intro=texts.township_hint,
        )
        self.app.push_screen(box, lambda answer: self._township_chosen(box.marks, answer))

    def _township_chosen(self, marks: frozenset[Mark], answer: str | None) -> None:
        page = self.page
        if page is None:
            return
        if marks != page.marks:
            self.tell(MarksChosen(at=self.now, marks=marks))
        if answer == ALL:
            self.tell(TownshipChosen(at=self.now, township=None))
        elif answer and not answer.startswith(MARK):
            county, _, township = answer.partition(AT)
            front = CountyCode(county)
            self.tell(TownshipChosen(at=self.now, township=township, county=front))
        self.set_focus(self.query_one("#candidates"))

    def show_preview(self) -> None:
        """F8: what would count where, and every wish that is wrong."""
        self.app.push_screen(Sheet(self.texts.what_if_title, self._preview_sheet))

    def _preview_sheet(self, width: int) -> Iterable[Line]:
        scene, texts = self.scene, self.texts
        if scene is None:
            return
        yield from self.painter.preview_lines(width)
        yield BLANK
        wrong = [
            each for each in open_faults(scene, self.station) if each.place.startswith("schools.")
        ]
        for fault in wrong:
            rank = int(fault.place.partition(".")[2]) + 1
            text = texts.problem_at(rank, texts.refusal(fault.code))
            yield from hanging("! ", text, width, Role.WARNING)
        if not wrong:
            yield line(texts.no_problem(), role=Role.GOOD)
        yield BLANK
        yield from paragraph(texts.legend, width, Role.DIM)

    def show_map(self) -> None:
        """The school under the cursor: code, marks, branches, and the map as a QR code."""
        selected, reference, scene = self.selected_school(), self.station.reference, self.scene
        school = None if selected is None else self.school(selected)
        if school is not None and reference is not None and scene is not None:
            subjects = subjects_of(scene.post, scene.draft.answers)
            self.app.push_screen(school_sheet(self.host, reference, school, subjects))

    def show_difference(self) -> None:
        """F4: what differs from the version in force."""
        self.app.push_screen(Sheet(self.texts.difference_title, self._difference_sheet))

    def _difference_sheet(self, width: int) -> Iterable[Line]:
        scene = self.scene
        if scene is None:
            return
        change = change_since(scene, scene.record.current)
        if change is None:
            yield line(self.texts.first_version)
            return
        yield from difference_lines(change, self.station.reference, self.texts, width)
