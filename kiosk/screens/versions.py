"""版本紀錄: every version sent with time, place and what differs; any two compared (U-008)."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from core.domain.ids import EventHash
from kiosk.screens.difference_lines import answer_lines, difference_lines
from kiosk.screens.draft_state import draft_words, in_force_words
from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Sheet
from kiosk.session.event import BaseChosen, VersionRestored
from kiosk.session.history import answers_in, compared
from kiosk.session.page import VersionsPage
from kiosk.session.record import Delivery, Version
from kiosk.session.state import SignedIn
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, fit_right, shorten
from kiosk.widgets.lines import Hint, Lines, Upright
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph
from kiosk.widgets.rows import Row, Rows

DRAFT = "draft"
NAME, WHEN, PLACE, COUNT = 10, 12, 15, 12
LISTED = 6
"""Rows of the list where the comparison stands below it."""


def hash_of(key: str | None) -> EventHash | None:
    """The version a row stands for; None for the draft."""
    return None if key in {None, DRAFT} else EventHash(bytes.fromhex(key or ""))


class VersionsScreen(Frame):
    """The list; which row is selected is its own, what it is compared with is the session's."""

    HELP = "versions"
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    FIRST = "versions"

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    @property
    def base(self) -> EventHash | None:
        """What everything is compared with; None is the draft."""
        page = None if self.scene is None else self.scene.page
        return page.base if isinstance(page, VersionsPage) else None

    def middle(self) -> Iterable[Widget]:
        with Horizontal(id="middle"):
            with Vertical(id="list-column"):
                yield Lines(self._heading, id="heading")
                yield Rows(self._row, id="versions")
                with VerticalScroll(id="body", can_focus=False):
                    yield Lines(self._comparison, id="comparison")
            yield Upright(id="divider")
            yield Lines(self._side, id="side")

    def show(self) -> None:
        scene = self.scene
        if scene is None:
            return
        keys = (DRAFT, *(each.hash.hex() for each in reversed(scene.record.versions)))
        pane = self.query_one("#versions", Rows)
        if tuple(each.key for each in pane.rows) != keys:
            pane.set_rows(tuple(Row(key) for key in keys))
        pane.styles.height = min(len(keys), LISTED) * pane.row_height

    def hints(self) -> tuple[Hint, ...]:
        return (
            *(self._choices() if self.scene is not None and self.scene.record.versions else ()),
            self.hint("f7", KeyWord.UNDO, self.undo),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    def _choices(self) -> tuple[Hint, ...]:
        """What can be done once there is a version to do it with."""
        return (
            self.hint("updown", KeyWord.CHOOSE),
            self.hint("space", KeyWord.BASE),
            self.hint("enter", KeyWord.RESTORE),
            self.hint("f4", KeyWord.COMPARE, self._show_comparison),
        )

    @on(Rows.Moved)
    def _moved(self) -> None:
        for name in ("#comparison", "#side"):
            self.query_one(name, Lines).repaint()
        self.query_one("#body").scroll_home(animate=False)

    @on(Rows.Acted)
    def _acted(self, message: Rows.Acted) -> None:
        version = hash_of(message.key)
        if message.how == "space":
            self.tell(BaseChosen(at=self.now, version=version))
        elif version is not None:
            self.tell(VersionRestored(at=self.now, version=version))

    def _show_comparison(self) -> None:
        self.app.push_screen(Sheet(self.texts.difference_title, self._compared_lines))

    # Drawing.

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.scene is not None:
            draft = draft_words(self.scene, self.texts)
            yield line(f" {draft}{in_force_words(self.scene, self.texts)}")

    def _heading(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield line(f" {texts.history_title}", role=Role.TITLE)
        none = self.scene is not None and not self.scene.record.versions
        words = texts.history_none if none else texts.history_hint
        yield from paragraph(f"   {words}", width - 1, Role.DIM)
        yield BLANK

    def _row(self, row: Row, width: int) -> Line:
        scene, texts = self.scene, self.texts
        if scene is None:
            return ()
        key = hash_of(row.key)
        version = self._version(key)
        answers = answers_in(scene, key)
        count = "" if answers is None else texts.counted(len(answers.wishes))
        when, place, note = "", "", ""
        if version is not None:
            when = "" if version.submitted is None else texts.short_minute(version.submitted)
            here = "" if version.delivery is Delivery.ELSEWHERE else self.station.machine
            place = texts.sent_from(here)
            note = self._standing(scene, version)
        note = (
            f"[{texts.base_word}]{note}" if key == self.base else f"{self._short(scene, key)}{note}"
        )
        name = texts.draft_word if version is None else texts.version_name(version.version)
        room = width - 3 - NAME - WHEN - PLACE - COUNT
        return line(
            f"   {fit(shorten(name, NAME - 1), NAME)}{fit(when, WHEN)}",
            Span(fit(shorten(place, PLACE - 1), PLACE), Role.DIM),
            f"{fit_right(count, COUNT - 2)}  ",
            Span(shorten(note, room), Role.GOOD),
        )

    def _short(self, scene: SignedIn, key: EventHash | None) -> str:
        """How much differs from the base, in a few cells."""
        found = compared(scene, self.base, key)
        if found is None:
            return ""
        change = found.change
        counts = len(change.added), len(change.moved), len(change.removed), len(change.fields)
        return self.texts.different_short(*counts)

    def _standing(self, scene: SignedIn, version: Version) -> str:
        texts = self.texts
        if version.withdrawn:
            return f" {texts.withdrawn_word}"
        if version == scene.record.current:
            return f" {texts.in_force_word}"
        return f" {texts.conflict_word}" if version in scene.record.heads else ""

    def _version(self, key: EventHash | None) -> Version | None:
        versions = () if self.scene is None else self.scene.record.versions
        return next((each for each in versions if each.hash == key), None)

    def _called(self, key: EventHash | None) -> str:
        version, texts = self._version(key), self.texts
        return texts.draft_word if version is None else texts.version_name(version.version)

    def _comparison(self, width: int) -> Iterable[Line]:
        if self.wide:
            return
        yield self.rule(width)
        yield from self._compared_lines(width - 1)

    def side(self, width: int) -> Iterable[Line]:
        return self._compared_lines(width)

    def _compared_lines(self, width: int) -> Iterable[Line]:
        scene, texts = self.scene, self.texts
        if scene is None:
            return
        if not scene.record.versions:
            yield from paragraph(texts.nothing_to_compare, width, Role.DIM)
            return
        chosen = hash_of(self.query_one("#versions", Rows).selected)
        names = texts.from_to_version(self._called(self.base), self._called(chosen))
        yield line(f"{texts.compared_with}{texts.colon}{names}", role=Role.TITLE)
        if chosen == self.base:
            yield from paragraph(f"{texts.same_version}", width, Role.DIM)
            return
        found = compared(scene, self.base, chosen)
        if found is None:
            yield from paragraph(f"{texts.content_elsewhere}", width, Role.WARNING)
            return
        reference = self.station.reference
        yield from difference_lines(found.change, reference, texts, width, fields=False)
        glyphs = self.host.glyphs
        yield from answer_lines(
            found, scene.post, reference, texts=texts, glyphs=glyphs, width=width
        )
