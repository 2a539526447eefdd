"""K11.

Which version counts, how far it has come, points, and in the end the result with its reasons.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from core.rules.calendar import PhaseName, find_phase
from kiosk.screens.difference_lines import difference_lines
from kiosk.screens.overlay import Sheet
from kiosk.screens.printing import Printing
from kiosk.screens.receipt import receipt_code, receipt_lines
from kiosk.screens.status_lines import (
    applied_lines,
    points_lines,
    reckoning_lines,
    timeline_lines,
)
from kiosk.screens.track import track_lines
from kiosk.session.event import ConflictOpened, ContactOpened, VersionsOpened, WithdrawAsked
from kiosk.session.naming import county_name, school_name, subject_name
from kiosk.session.record import ResultView, Version
from kiosk.session.season import Window, deadline, window_at
from kiosk.session.state import SignedIn
from kiosk.session.tasks import change_since, may_withdraw
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.lines import Hint, Lines, PaintLines
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph

INDENT = 14


class StatusScreen(Printing):
    """K11."""

    HELP = "status"
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        scene = self.scene
        conflict = scene is not None and scene.record.in_conflict
        sent = scene is not None and bool(scene.record.versions)
        takes_back = scene is not None and may_withdraw(scene, self.station, self.session.at)
        roomy = self.wide or not (conflict or takes_back)
        return (
            *((self.hint("enter", KeyWord.RESOLVE, self._resolve),) if conflict else ()),
            *((self.hint("f4", KeyWord.COMPARE, self._show_difference),) if sent else ()),
            *((self.hint("f5", KeyWord.POINTS, self._show_points),) if sent else ()),
            *(
                (self.hint("space", KeyWord.RECEIPT, self._show_receipt, shown=roomy),)
                if sent
                else ()
            ),
            *((self.hint("f6", KeyWord.PRINT, self.choose_form),) if sent else ()),
            *(
                (self.hint("f3", KeyWord.VERSIONS, self._open_versions, shown=self.wide),)
                if sent
                else ()
            ),
            self.hint("f7", KeyWord.NOTIFY, self._contact, shown=self.wide or not conflict),
            *((self.hint("f8", KeyWord.WITHDRAW, self._withdraw),) if takes_back else ()),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    # Boxes.

    def _show_difference(self) -> None:
        self.app.push_screen(Sheet(self.texts.difference_title, self._difference_sheet))

    def _difference_sheet(self, width: int) -> Iterable[Line]:
        change = None if self.scene is None else change_since(self.scene, self.scene.record.current)
        if change is None:
            yield from paragraph(self.texts.content_elsewhere, width)
            return
        yield from difference_lines(change, self.station.reference, self.texts, width)

    def _show_points(self) -> None:
        self.app.push_screen(Sheet(self.texts.reckoning_title, self._points_sheet, width=100))

    def _points_sheet(self, width: int) -> Iterable[Line]:
        if self.scene is not None:
            yield from reckoning_lines(self.scene, self.station, self.texts, width)

    def _show_receipt(self) -> None:
        if self.scene is None or not self.scene.record.versions:
            return
        version = self.scene.record.current or self.scene.record.versions[-1]
        if version.receipt:
            kind = self.texts.server_receipt if version.server_receipt else ""
            kind = kind or self.texts.device_receipt
            title = f"{self.texts.receipt_title} {self.texts.version_name(version.version)}  {kind}"
            self.app.push_screen(Sheet(title, self._receipt_sheet(version), width=100))

    def _receipt_sheet(self, version: Version) -> PaintLines:
        def lines(width: int) -> Iterable[Line]:
            if self.scene is None:
                return
            size = self.size
            code = receipt_code(self.station, version, self.host.glyphs, width, size.height - 2)
            code_width = len(code[0][0].text) if code else 0
            room = width - code_width - 2
            text = tuple(receipt_lines(self.station, version, self.scene.record, self.texts, room))
            for index in range(max(len(code), len(text))):
                left = code[index] if index < len(code) else (Span(" " * code_width),)
                right = text[index] if index < len(text) else ()
                yield (*left, Span("  "), *right)

        return lines

    def _open_versions(self) -> None:
        self.tell(VersionsOpened(at=self.now))

    def _contact(self) -> None:
        self.tell(ContactOpened(at=self.now))

    def _resolve(self) -> None:
        self.tell(ConflictOpened(at=self.now))

    def _withdraw(self) -> None:
        self.tell(WithdrawAsked(at=self.now))

    # Drawing.

    def state_lines(self, width: int) -> Iterable[Line]:
        yield from paragraph(f" {self.texts.official_rule}", width, Role.DIM)

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.scene
        if scene is None:
            return
        texts = self.texts
        if scene.record.result is not None:
            yield from self._result(scene, scene.record.result, width)
        else:
            yield from self._window(width)
        if not scene.record.versions:
            yield from paragraph(f"   {texts.no_versions}", width)
            return
        if scene.record.in_conflict:
            yield from self._conflict(scene, width)
        yield from self._versions(scene, width)
        yield BLANK
        yield from timeline_lines(self.session, scene, texts, width)
        yield BLANK
        if not self.wide:
            yield from points_lines(scene, self.station, texts, width)
            yield BLANK
        yield from applied_lines(scene, self.station, texts, width)

    def _window(self, width: int) -> Iterable[Line]:
        apply = find_phase(self.station.calendar, PhaseName.APPLY)
        if apply is None:
            return
        over = window_at(self.station, self.session.at) is Window.AFTER
        words = self.texts.closed_at_long if over else self.texts.open_until
        yield from paragraph(f" {words(apply.closes)}", width, Role.TITLE)
        yield BLANK

    def _conflict(self, scene: SignedIn, width: int) -> Iterable[Line]:
        """Every version that stands, each with how far it has come."""
        texts = self.texts
        yield line(f" ! {texts.conflict_word}", role=Role.ERROR)
        over = not window_at(self.station, self.session.at).editable
        words = texts.conflict_closed if over else texts.conflict_intro
        yield from paragraph(f"   {words}", width - 3, Role.ERROR)
        for each in scene.record.heads:
            yield from self._standing(each, width)

    def _standing(self, version: Version, width: int) -> Iterable[Line]:
        """One version: its number and time, and its way to the server."""
        texts = self.texts
        name = texts.withdrawn_word if version.withdrawn else texts.in_force_word
        label = "" if self.scene is None or self.scene.record.in_conflict else name
        said = texts.withdrawn_when if version.withdrawn else texts.sent_when
        when = "" if version.submitted is None else said(version.submitted)
        yield line(
            Span(fit(f"   {label}", INDENT), Role.WARNING if version.withdrawn else Role.DIM),
            f"{texts.version_name(version.version)}  {when}   ",
            Span(f"{texts.label_receipt} " if version.number else "", Role.DIM),
            version.number,
        )
        for each in track_lines(version, texts, width - INDENT):
            yield (Span(" " * INDENT), *each)

    def _versions(self, scene: SignedIn, width: int) -> Iterable[Line]:
        texts, current = self.texts, scene.record.current
        if current is not None:
            yield from self._standing(current, width)
        if scene.record.withdrawn and scene.record.result is None:
            over = window_at(self.station, self.session.at) is Window.AFTER
            words = texts.withdrawn_box(deadline(self.station.calendar), over=over)
            yield from paragraph(f"   {words}", width - 3, Role.WARNING)
        change = change_since(scene, current)
        if change is not None and change.count:
            over = window_at(self.station, self.session.at) is Window.AFTER
            words = texts.draft_differs(change.count, over=over)
            yield line(Span(f"   {texts.draft_word}       ", Role.DIM), Span(words, Role.WARNING))

    def _result(self, scene: SignedIn, result: ResultView, width: int) -> Iterable[Line]:
        texts, reference = self.texts, self.station.reference
        if result.moved:
            yield line(f" v {texts.moved_title}", role=Role.GOOD)
            school = None if reference is None else reference.schools.get(result.school)  # type: ignore[call-overload]
            county = "" if school is None else county_name(reference, school.county)
            rows = (
                (texts.result_school, f"{county}{school_name(reference, result.school)}"),
                (texts.result_subject, subject_name(reference, scene.post.stage, result.subject)),
                ("", texts.result_wish(result.wish, result.phase)),
            )
            for label, value in rows:
                yield line(Span(f"   {fit(label, 14)}", Role.DIM), Span(value, Role.TITLE))
            yield from paragraph(f"   {texts.effective_rule}", width - 3)
        else:
            yield line(f" {texts.stayed_title}", role=Role.TITLE)
        if result.explanation:
            yield line(f"   {texts.why_title}", role=Role.DIM)
            for each in result.explanation:
                yield from paragraph(f"     {texts.explanation(each)}", width)
        yield BLANK

    def side(self, width: int) -> Iterable[Line]:
        if self.scene is None:
            return
        yield from points_lines(self.scene, self.station, self.texts, width)
        yield BLANK
        yield line(self.texts.versions_title, role=Role.TITLE)
        for each in reversed(self.scene.record.versions):
            when = "" if each.submitted is None else self.texts.short_minute(each.submitted)
            note = self._note(each)
            name = fit(self.texts.version_name(each.version), 8)
            yield line(f"{name}{fit(when, 12)}{fit(each.number, 16)}", Span(f" {note}", Role.DIM))

    def _note(self, version: Version) -> str:
        """What is special about a version: it takes the application back, or stands in conflict."""
        if version.withdrawn:
            return self.texts.withdrawn_word
        torn = self.scene is not None and self.scene.record.in_conflict
        return "*" if torn and self.scene and version in self.scene.record.heads else ""
