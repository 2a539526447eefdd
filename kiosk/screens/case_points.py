"""The points of a case: each figure, what it is held against, and its own reason (O02, U-043)."""

from collections.abc import Callable, Iterable

from textual.containers import Horizontal
from textual.widget import Widget

from core.domain.points import Points
from core.wire.payload import PointsPlace
from kiosk.screens.overlay import Chooser
from kiosk.screens.queue import BureauFrame
from kiosk.session.bureau import POINT_FIELDS, POINTS_REASONS, CasePage
from kiosk.session.decision import LINE_REMARK_AT_MOST, explained, needs_reason
from kiosk.session.event import BecauseChosen, BecauseTyped, PointsTyped
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Lines, PaintLines, Words
from kiosk.widgets.menu import Item
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line

SHARED = POINT_FIELDS[2:]
LABEL, FIGURE = 17, 18
WORDS = 22
WORDS_ALONE = 32
"""Cells of a reason on its button, beside what the teacher will read and without it."""
NONE = "@"
"""The item that takes a reason back."""


class PointsTab(BureauFrame):
    """What the tab 積分 holds, for `CaseScreen`."""

    @property
    def page(self) -> CasePage | None:
        """The case and what was filled in."""
        page = None if self.scene is None else self.scene.page
        return page if isinstance(page, CasePage) else None

    def points_form(self) -> Iterable[Widget]:
        """A row for each line, and one below it for the remark to its reason."""
        texts = self.texts
        yield Words(f" {texts.case_points}", Role.TITLE)
        yield Words("")
        for place in POINT_FIELDS:
            with Horizontal(classes="row"):
                label = f"   {fit(texts.point_field(place), LABEL - 3)}"
                yield Words(label, Role.DIM, classes="label17")
                yield Field(
                    id=f"points-{place}", most=8, classes="w14", changed=self._pointed(place)
                )
                yield Lines(self._against(place), classes="w14")
                yield Push("", id=f"why-{place}", tight=True)
            with Horizontal(classes="row", id=f"line-{place}"):
                yield Words(f"   {fit('', LABEL - 3)}", classes="label17")
                yield Words(f"{texts.because_remark} ", Role.DIM)
                yield Field(
                    id=f"said-{place}",
                    most=LINE_REMARK_AT_MOST,
                    classes="grow",
                    changed=self._explained(place),
                )
        yield Lines(self._totals, id="totals")

    def show_points(self, page: CasePage) -> None:
        """Put what the session holds into the boxes."""
        rows = zip(POINT_FIELDS, page.form.points, page.form.because, strict=True)
        for place, text, because in rows:
            self.query_one(f"#points-{place}", Field).set_value(text)
            self.query_one(f"#said-{place}", Field).set_value(because.remark)
            self.query_one(f"#line-{place}").display = because.reason is not None
            chosen = because.reason
            words = self.texts.because_choose if chosen is None else self.texts.because(chosen)
            room = WORDS if self.wide else WORDS_ALONE
            self.query_one(f"#why-{place}", Push).label = shorten(words, room)

    def choose_reason(self, place: str) -> None:
        """The list of reasons for one line."""
        page, texts = self.page, self.texts
        if page is None or place not in POINT_FIELDS:
            return
        index = POINT_FIELDS.index(place)
        items = (
            *(Item(key=code, label=texts.because(code)) for code in POINTS_REASONS),
            Item(key=NONE, label=texts.because_none),
        )
        box = Chooser(
            f"{texts.point_field(place)} {texts.because_title}",
            items,
            width=60,
            intro=texts.because_intro,
            selected=page.form.because[index].reason or "",
        )
        self.app.push_screen(box, self._reason_of(place))

    def preview_reasons(self, page: CasePage, width: int) -> Iterable[Line]:
        """Line by line, both figures and why: what the teacher will read (U-021)."""
        texts = self.texts
        for place, because in explained(page.case, page.form):
            index = POINT_FIELDS.index(place)
            try:
                given = Points.from_text(page.form.points[index])
            except ValueError:
                continue
            words = texts.points_because(
                given, page.case.held_against[index], because.reason or "", because.remark
            )
            yield from hanging(" ! ", f"{texts.point_field(place)}{texts.colon}{words}", width)

    def total_lines(self) -> Iterable[Line]:
        """Both totals of what is typed, or what is wrong with it."""
        page = self.page
        if page is None:
            return
        typed = dict(zip(POINT_FIELDS, page.form.points, strict=True))
        try:
            shared = Points.total(Points.from_text(typed[place]) for place in SHARED)
            first = Points.from_text(typed["reason_a"]) + shared
            second = Points.from_text(typed["reason_b"]) + shared
        except ValueError:
            yield line(f"   {self.texts.refusal('points_form')}", role=Role.WARNING)
            return
        words = self.texts.totals(str(first), str(second))
        yield line(f"   {words}", role=Role.TITLE)

    def _totals(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        yield BLANK
        yield from self.total_lines()

    def _against(self, place: PointsPlace) -> PaintLines:
        """The figure this one is held against; marked while the difference has no reason."""

        def lines(width: int) -> Iterable[Line]:  # noqa: ARG001
            page = self.page
            if page is None:
                return
            index = POINT_FIELDS.index(place)
            figure = page.case.held_against[index]
            if figure is None:
                return
            open_ = needs_reason(page, place) and page.form.because[index].reason is None
            sign, role = ("!", Role.WARNING) if open_ else (" ", Role.DIM)
            yield (Span(f"{sign}{self.texts.held_against(figure)}", role),)

        return lines

    def _pointed(self, place: str) -> Callable[[str], None]:
        return lambda text: self.tell(PointsTyped(at=self.now, place=place, text=text))

    def _explained(self, place: str) -> Callable[[str], None]:
        return lambda text: self.tell(BecauseTyped(at=self.now, place=place, text=text))

    def _reason_of(self, place: str) -> Callable[[str | None], None]:
        def chosen(answer: str | None) -> None:
            if not answer:
                return
            reason = None if answer == NONE else answer
            self.tell(BecauseChosen(at=self.now, place=place, reason=reason))
            if reason is not None:
                self.call_after_refresh(self._go_to_remark, place)

        return chosen

    def _go_to_remark(self, place: str) -> None:
        for field in self.query(f"#said-{place}").results(Field):
            self.set_focus(field)
