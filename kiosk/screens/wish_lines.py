"""The lines of K05 that are not rows: titles, rules, empty lists, panels, state of the draft."""

from collections.abc import Iterable

from kiosk.screens.draft_state import draft_words, in_force_words, wishes_in
from kiosk.screens.wish_boxes import WishBoxes
from kiosk.session.listing import spelled_out
from kiosk.session.naming import county_name
from kiosk.theme import Role
from kiosk.widgets.cells import shorten
from kiosk.widgets.painted import Line, Span, between, line, paragraph, width_of
from kiosk.widgets.rows import Row, Rows

LEFT_NARROW, LEFT_WIDE = 39, 58
"""Cells of the left half; the one of the right is what remains."""


class WishLines(WishBoxes):
    """What `WishesScreen` draws around its two lists."""

    def __init__(self) -> None:
        super().__init__()
        self.rows_for: tuple[object, ...] = ()
        self.total_for: tuple[object, ...] = ()
        self.candidate_rows: tuple[Row, ...] = ()
        self.total = 0

    def top_rule(self, width: int) -> Iterable[Line]:
        page, reference = self.page, self.station.reference
        if page is None or self.scene is None:
            yield self.rule(width)
            return
        texts, glyphs = self.texts, self.host.glyphs
        left = self._left_width
        texts_both = self.texts.both_counties_long
        county = county_name(reference, page.county) if page.county else texts_both
        where = f"{county} / {page.township}" if page.township else county
        count = texts.counted(len(self.scene.draft.answers.wishes))
        title = texts.your_wishes_long if self.wide else texts.your_wishes
        halves = (
            ("candidates", f"{texts.candidates} {where}", left),
            ("wishes", f"{title} {count} ({texts.draft_word})", width - left - 1),
        )
        spans: list[Span] = []
        for name, words, room in halves:
            role = Role.TITLE if self._pane_has_focus(name) else Role.RULE
            place = self._place_of(name)
            head = (Span(glyphs.horizontal, Role.RULE), Span(words, role))
            tail = (Span(place, Role.RULE), Span(glyphs.horizontal, Role.RULE))
            fill = room - width_of(head) - width_of(tail)
            spans += *head, Span(glyphs.horizontal * fill, Role.RULE), *tail
            if name == "candidates":
                spans.append(Span(glyphs.tee_down, Role.RULE))
        yield tuple(spans)

    @property
    def _left_width(self) -> int:
        return LEFT_WIDE if self.wide else LEFT_NARROW

    def _pane_has_focus(self, name: str) -> bool:
        pane = self.query_one("#left" if name == "candidates" else "#right")
        return pane.has_focus_within

    def _place_of(self, name: str) -> str:
        rows = self.query_one(f"#{name}", Rows)
        first, last = rows.in_view
        hidden = len(rows.rows) > rows.size.height > 0
        return f" {first}-{last}/{rows.count} " if hidden else ""

    def rule_above_state_lines(self, width: int) -> Iterable[Line]:
        yield self.rule(width, self._left_width, up=True)

    def joints(self) -> frozenset[int]:
        if not self.wide:
            return frozenset()
        top = self.query_one("#right").region.y
        rows = (self.query_one("#detail-lines"), self.query_one("#preview-lines"))
        return frozenset(each.region.y - top for each in rows)

    def counted_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        shown = sum(not row.heading for row in self.candidate_rows)
        yield line(self.texts.shown_of(shown, self.total), role=Role.DIM)

    def filter_lines(self, width: int) -> Iterable[Line]:
        """What may be typed, or how the keys typed are read."""
        station, scene, page = self.station, self.scene, self.page
        read = ""
        if station.reference is not None and scene is not None and page is not None:
            answers = scene.draft.answers
            read = spelled_out(station.reference, scene.post, answers, page, station.readings)
        typed = "" if page is None else page.keyword
        arrow = self.host.glyphs.arrow
        words = f"{typed} {arrow} {read}" if read else self.texts.filter_hint
        yield line(shorten(f" {words}", width), role=Role.TITLE if read else Role.DIM)

    def empty_candidates(self, width: int) -> Iterable[Line]:
        texts = self.texts
        words = texts.candidates_loading if self.station.reference is None else texts.no_candidate
        return paragraph(f"   {words}", width - 2, Role.DIM)

    def empty_wishes(self, width: int) -> Iterable[Line]:
        yield from paragraph(f"   {self.texts.wishes_empty_hint}", width - 2, Role.DIM)
        yield from paragraph(f"   {self.texts.wishes_fill_here}", width - 2, Role.DIM)
        yield from self.painter.resting(width)

    def detail_lines(self, width: int) -> Iterable[Line]:
        return self.painter.detail(self.query_one("#wishes", Rows).selected, width)

    def preview_panel_lines(self, width: int) -> Iterable[Line]:
        return self.painter.preview_panel(width)

    def state_lines(self, width: int) -> Iterable[Line]:
        scene = self.scene
        if scene is None:
            return
        texts = self.texts
        draft, force = draft_words(scene, texts), in_force_words(scene, texts)
        if self.wide:
            count = wishes_in(scene)
            force = f"{force} ({texts.counted(count)})" if force else ""
            yield between((Span(f" {draft}"),), (Span(f"{force} "),), width)
        else:
            yield line(f" {draft}{force}")
        if scene.toast is not None:
            yield line(f" {texts.toast(scene.toast)}", role=Role.GOOD)
