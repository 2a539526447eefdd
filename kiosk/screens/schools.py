"""查詢學校名單 without a card (U-062): every school of a stage, by code, 注音首字 or name."""

from collections.abc import Iterable
from types import MappingProxyType

from textual import events
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from core.domain.ids import CountyCode
from core.domain.school import Mark, School, Stage
from kiosk.screens.frame import Frame
from kiosk.screens.labels import mark_letters
from kiosk.screens.overlay import Chooser
from kiosk.session.event import KeywordTyped, SchoolsNarrowed
from kiosk.session.listing import searched
from kiosk.session.naming import county_name, school_label
from kiosk.session.state import Searching
from kiosk.text.fields import wishes
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Upright, Words
from kiosk.widgets.menu import Item
from kiosk.widgets.painted import Line, Span, line, paragraph

SHOWN = 200
"""Lines drawn; whoever wants more types another character."""
CODE, MARKS, NAME, COUNTY, TOWN = 8, 5, 24, 9, 12
EVERYWHERE = "*"


class SchoolsScreen(Frame):
    """A list to look through: nobody is signed in, nothing is chosen."""

    HELP = "schools"
    FIELDS = MappingProxyType({"keyword": wishes.KEYWORD})
    FIRST = "keyword"

    @property
    def scene(self) -> Searching | None:
        """What is looked for."""
        scene = self.session.scene
        return scene if isinstance(scene, Searching) else None

    def middle(self) -> Iterable[Widget]:
        texts = self.texts
        with Horizontal(id="middle"):
            with Vertical(id="list-column"):
                yield Lines(self._title, id="search-title")
                with Horizontal(classes="row"):
                    yield Words(f"   {texts.filter_label}  ")
                    yield Field(id="keyword", most=40, classes="w36", changed=self._typed)
                    yield Words(f" {texts.filter_hint}", Role.DIM)
                yield Lines(self._counted, id="search-count")
                with VerticalScroll(id="body", can_focus=False):
                    yield Lines(self._found, id="content")
            yield Upright(id="divider")
            yield Lines(self._side, id="side")

    def show(self) -> None:
        scene = self.scene
        if scene is not None:
            self.query_one("#keyword", Field).set_value(scene.keyword)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("escape", KeyWord.BACK, self.go_back),
            self.hint("f3", KeyWord.COUNTIES, self._choose_county),
            self.hint("f4", KeyWord.STAGE, self._choose_stage),
            self.hint("pagedown", KeyWord.PAGE, self._page_down),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display),
            *self.virtual_hint(),
        )

    def handle_unused(self, event: events.Key) -> None:
        if event.key in {"up", "down"}:
            by = 1 if event.key == "down" else -1
            self.query_one("#body", VerticalScroll).scroll_relative(y=by, animate=False)
        else:
            super().handle_unused(event)

    def _page_down(self) -> None:
        self.query_one("#body", VerticalScroll).scroll_page_down(animate=False)

    def _typed(self, text: str) -> None:
        self.query_one("#body", VerticalScroll).scroll_home(animate=False)
        self.tell(KeywordTyped(at=self.now, text=text))

    def _choose_county(self) -> None:
        reference, texts = self.station.reference, self.texts
        if reference is None or self.scene is None:
            return
        counties = tuple(Item(key=each.code, label=each.name) for each in reference.counties)
        items = (Item(key=EVERYWHERE, label=texts.all_counties), *counties)
        box = Chooser(texts.county_title, items, selected=self.scene.county or EVERYWHERE)
        self.app.push_screen(box, self._county_chosen)

    def _county_chosen(self, answer: str | None) -> None:
        scene = self.scene
        if answer and scene is not None:
            county = None if answer == EVERYWHERE else CountyCode(answer)
            self.tell(SchoolsNarrowed(at=self.now, stage=scene.stage, county=county))

    def _choose_stage(self) -> None:
        texts, scene = self.texts, self.scene
        if scene is not None:
            items = tuple(Item(key=each, label=texts.stage(each)) for each in Stage)
            box = Chooser(texts.label_stage, items, selected=scene.stage)
            self.app.push_screen(box, self._stage_chosen)

    def _stage_chosen(self, answer: str | None) -> None:
        scene = self.scene
        if answer and scene is not None:
            narrowed = SchoolsNarrowed(at=self.now, stage=Stage(answer), county=scene.county)
            self.tell(narrowed)

    def _title(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene, reference = self.scene, self.station.reference
        if scene is None or reference is None:
            return
        texts = self.texts
        county = county_name(reference, scene.county) if scene.county else texts.all_counties
        yield line(
            Span(f" {texts.schools_title}  ", Role.TITLE),
            Span(f"{texts.stage(scene.stage)}  {county}"),
        )

    def _schools(self) -> tuple[School, ...]:
        scene, reference = self.scene, self.station.reference
        if scene is None or reference is None:
            return ()
        return searched(reference, scene.stage, scene.county, scene.keyword, self.station.readings)

    def _counted(self, width: int) -> Iterable[Line]:
        count = len(self._schools())
        words = self.texts.schools_found(count, min(count, SHOWN))
        yield from paragraph(f"   {words}", width, Role.DIM)

    def _found(self, width: int) -> Iterable[Line]:
        reference = self.station.reference
        if reference is None:
            return
        for school in self._schools()[:SHOWN]:
            yield self._line(school, width)

    def _line(self, school: School, width: int) -> Line:
        texts, reference = self.texts, self.station.reference
        marks: frozenset[Mark] = frozenset() if reference is None else school.marks_on(reference.on)
        name = shorten(school_label(school), NAME - 1)
        county = county_name(reference, school.county)
        closed = "" if school.delegated else texts.school_closed
        text = (
            f"   {fit(school.id, CODE)}{fit(''.join(mark_letters(marks, texts.mark)), MARKS)}"
            f"{fit(name, NAME)}{fit(county, COUNTY)}{fit(school.township, TOWN)}{closed}"
        )
        return line(shorten(text, width), role=Role.TEXT if school.delegated else Role.DIM)
