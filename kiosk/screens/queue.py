"""O01 and what follows a signature: the officer's queue, the roster."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from core.domain.ids import ApplicationId
from core.domain.name import masked_name
from core.domain.subject import find_subject
from core.season.seal_code import seal_code
from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Sheet
from kiosk.screens.seal import beside, newest, seal_lines, seal_qr
from kiosk.session.bureau import (
    CertificateState,
    QueueFilter,
    QueuePage,
    RosterPage,
    RosterRow,
    SignedPage,
)
from kiosk.session.bureau import Row as Case
from kiosk.session.event import (
    CaseOpened,
    LeftCardsSeen,
    QueueFiltered,
    QueueOpened,
    RegisterOpened,
    RosterOpened,
    WentOn,
)
from kiosk.session.officer import visible
from kiosk.session.state import OfficerSignedIn
from kiosk.text.rejections import case_state, roster_rejected, roster_state
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, fit_right, shorten
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines, Upright
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph, width_of
from kiosk.widgets.rows import Row, Rows

SHEET_FRAME = 3
"""Rows of a sheet that are not its text."""
NUMBER, NAME, STAGE, SENT, VERSION, STATE, WAITS = 17, 9, 11, 12, 5, 15, 9

ROSTER = (13, 15, 9, 11, 15, 15)
"""Columns of the roster, in cells, with the gap behind each but the last."""


class BureauFrame(Frame):
    """What an officer's screens share."""

    STATE_ROWS: ClassVar[int] = 1

    @property
    def scene(self) -> OfficerSignedIn | None:
        """The officer, while signed in."""
        return self.session.scene if isinstance(self.session.scene, OfficerSignedIn) else None

    def bureau_hints(self) -> tuple[Hint, ...]:
        """Help, display, cards, log out."""
        return (
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=self.wide),
            *self.virtual_hint(),
            self.hint("f10", KeyWord.LOGOUT, self.end),
        )

    def state_lines(self, width: int) -> Iterable[Line]:
        scene = self.scene
        if scene is None:
            return
        if scene.toast is not None:
            yield line(f" {shorten(self.texts.toast(scene.toast), width - 2)}", role=Role.GOOD)
        elif scene.waiting is not None:
            yield line(f" {self.texts.working}", role=Role.DIM)
        elif scene.officer.state is not CertificateState.GRANTED:
            yield line(f" ! {self.texts.certificate(scene.officer.state)}", role=Role.WARNING)


class QueueScreen(BureauFrame):
    """O01."""

    HELP = "queue"
    FIRST = "cases"

    def middle(self) -> Iterable[Widget]:
        with Horizontal(id="middle"):
            with Vertical(id="middle-column"):
                yield from self._list()
            yield Upright(id="divider")
            yield Lines(self._side, id="side")

    def _list(self) -> Iterable[Widget]:
        with Vertical(id="list-column"):
            yield Lines(self._left_cards, id="left-cards")
            with Horizontal(classes="row"):
                yield Lines(self._to_do, classes="todo")
                for which in QueueFilter:
                    yield Push("", id=f"filter-{which.value}", tight=True, classes="gap")
            yield Lines(self._columns, id="columns")
            yield Rows(self._row, id="cases", paint_empty=self._empty)
            yield Lines(self._note, id="note")

    @property
    def page(self) -> QueuePage | None:
        """The queue as loaded."""
        page = None if self.scene is None else self.scene.page
        return page if isinstance(page, QueuePage) else None

    def show(self) -> None:
        page = self.page
        if page is None:
            return
        for number, which in enumerate(QueueFilter, start=1):
            count = len(visible(QueuePage(rows=page.rows, filter=which)))
            tab = self.query_one(f"#filter-{which.value}", Push)
            tab.label = self.texts.queue_filter_count(number, which, count)
            tab.set_on(on=which is page.filter)
        rows = tuple(Row(each.app.hex()) for each in visible(page))
        pane = self.query_one("#cases", Rows)
        pane.set_rows(rows if rows != pane.rows else pane.rows)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.OPEN),
            # The tabs show their digits; with a card to tell of there is no room for both.
            self.hint("digits", KeyWord.FILTER, shown=not self.station.left_cards),
            *((self.hint("f8", KeyWord.SEEN, self._seen),) if self.station.left_cards else ()),
            self.hint("f5", KeyWord.ROSTER, lambda: self.tell(RosterOpened(at=self.now))),
            self.hint("f6", KeyWord.QUEUE, lambda: self.tell(QueueOpened(at=self.now))),
            *((self.hint("f7", KeyWord.SEAL, self._show_seal),) if self.station.seal else ()),
            *self.bureau_hints(),
            self.hint("escape", KeyWord.BACK, self.go_back, shown=False),
        )

    def handle_unused(self, event: events.Key) -> None:
        """1 to 5 filter."""
        if event.character is not None and event.character in "12345":
            event.stop()
            which = tuple(QueueFilter)[int(event.character) - 1]
            self.tell(QueueFiltered(at=self.now, filter=which))
            return
        super().handle_unused(event)

    def _seen(self) -> None:
        self.tell(LeftCardsSeen(at=self.now))

    @on(Push.Pressed)
    def _filtered(self, message: Push.Pressed) -> None:
        which = QueueFilter((message.push.id or "").removeprefix("filter-"))
        self.tell(QueueFiltered(at=self.now, filter=which))

    @on(Rows.Acted)
    def _opened(self, message: Rows.Acted) -> None:
        self.tell(CaseOpened(at=self.now, app=ApplicationId(bytes.fromhex(message.key))))

    def _left_cards(self, width: int) -> Iterable[Line]:
        """Cards that were left behind, until she has seen it (U-028)."""
        cards = self.station.left_cards
        for each in cards:
            words = self.texts.left_card(each.left, each.taken, restarted=each.restarted)
            yield from hanging(" ! ", words, width, Role.WARNING)
        if cards:
            yield from paragraph(f"   {self.texts.left_card_what_now}", width, Role.DIM)

    def _to_do(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        page = self.page
        rows = () if page is None else page.rows or ()
        waiting = sum(row.waits for row in rows)
        yield line(f" {self.texts.to_do(waiting)}", role=Role.TITLE)

    def _columns(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        widths = (NUMBER, NAME, STAGE, SENT, VERSION, STATE, WAITS)
        names = zip(self.texts.columns_queue, widths, strict=True)
        yield BLANK
        yield line("  " + "".join(fit(name, room) for name, room in names), role=Role.DIM)

    def _case(self, key: str) -> Case | None:
        page = self.page
        rows = () if page is None else page.rows or ()
        return next((each for each in rows if each.app.hex() == key), None)

    def _row(self, row: Row, width: int) -> Line:  # noqa: ARG002
        case, texts = self._case(row.key), self.texts
        if case is None:
            return ()
        state = case_state(case, texts)
        if case.reopened and not (case.rejection or case.review_rejection):
            state = f"{state} {texts.queue_reopened}"
        waits = texts.waited(self.session.at - case.submitted)
        cells = (
            (case.number, NUMBER),
            (masked_name(case.name), NAME),
            (texts.stage(case.stage), STAGE),
            (texts.short_minute(case.submitted), SENT),
            (fit_right(str(case.version), 3), VERSION),
        )
        words = "".join(fit(shorten(text, room - 1), room) for text, room in cells)
        # What follows stands at the right of its column: the state may fill its own.
        stands = fit(shorten(state, STATE), STATE)
        return line(f"  {words}{stands}{fit_right(waits, WAITS - 1)}")

    def _empty(self, width: int) -> Iterable[Line]:
        page = self.page
        loading = page is None or page.rows is None
        words = self.texts.loading if loading else self.texts.queue_empty
        yield BLANK
        yield from paragraph(f"   {words}", width, Role.DIM)

    def _show_seal(self) -> None:
        self.app.push_screen(Sheet(self.texts.seal_title, self._seal_sheet, width=100))

    def _seal_sheet(self, width: int) -> Iterable[Line]:
        seal, texts = self.station.seal, self.texts
        if seal is None:
            return
        rows = self.size.height - SHEET_FRAME
        code = seal_qr(self.station, seal, self.host.glyphs, width, rows)
        room = width - (width_of(code[0]) if code else 0) - 3
        text = [*seal_lines(seal, texts, room)]
        for each in (texts.seal_why, "", texts.seal_how):
            text += paragraph(each, room)
        yield from beside(code, tuple(text), 2)

    def _note(self, width: int) -> Iterable[Line]:
        seal = self.station.seal
        if seal is not None:
            head = newest(seal)
            word = self.texts.seal_witnessed if head.witnessed else self.texts.seal_unwitnessed
            said = f"   {self.texts.seal_title} {seal_code(head.hash)}  {word}"
            role = Role.GOOD if head.witnessed else Role.WARNING
            yield from paragraph(said, width, role)
        if self.page is not None and self.page.own:
            yield from paragraph(f"   {self.texts.queue_own}", width, Role.DIM)


class SignedScreen(BureauFrame):
    """After a signature: what was signed, and the next case one key away."""

    HELP = "signed"
    FIRST = "enter"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")
        scene = self.scene
        page = None if scene is None else scene.page
        more = isinstance(page, SignedPage) and page.next is not None
        texts = self.texts
        with Horizontal(classes="buttons"):
            yield Push(texts.next_case if more else texts.back_to_queue, id="enter")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.NEXT_CASE),
            *self.bureau_hints(),
            self.hint("escape", KeyWord.BACK, self.go_back),
        )

    @on(Push.Pressed)
    def _pressed(self) -> None:
        self.tell(WentOn(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        page = None if self.scene is None else self.scene.page
        if not isinstance(page, SignedPage):
            return
        texts, row = self.texts, page.row
        yield BLANK
        yield line(f" v {texts.signed_title}", role=Role.GOOD)
        yield BLANK
        rows = (
            (texts.label_receipt, row.number),
            (texts.label_name, masked_name(row.name)),
            (texts.label_version, texts.version_name(row.version)),
            (texts.case_verdict, texts.verdict(page.verdict)),
            (texts.label_signature, page.check_code),
        )
        for label, value in rows:
            yield line(Span(f"   {fit(label, 16)}", Role.DIM), value)
        yield BLANK
        yield from paragraph(f"   {texts.signed_explained}", width)
        yield BLANK


class RosterScreen(BureauFrame):
    """本單位教師帳號管理."""

    HELP = "roster"
    FIRST = "teachers"

    def middle(self) -> Iterable[Widget]:
        with Vertical(id="middle-column"):
            yield Lines(self._heading, id="heading")
            yield Rows(self._row, id="teachers", paint_empty=self._empty)

    @property
    def rows(self) -> tuple[RosterRow, ...] | None:
        """The roster, None while loading."""
        page = None if self.scene is None else self.scene.page
        return page.rows if isinstance(page, RosterPage) else None

    def show(self) -> None:
        rows = tuple(Row(each.teacher.hex()) for each in self.rows or ())
        pane = self.query_one("#teachers", Rows)
        pane.set_rows(rows if rows != pane.rows else pane.rows)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("updown", KeyWord.CHOOSE),
            self.hint("f5", KeyWord.REGISTER, lambda: self.tell(RegisterOpened(at=self.now))),
            *self.bureau_hints(),
            self.hint("escape", KeyWord.BACK, self.go_back),
        )

    def _heading(self, width: int) -> Iterable[Line]:
        texts = self.texts
        count = texts.roster_count(len(self.rows or ()))
        yield line(Span(f" {texts.roster_title}  ", Role.TITLE), Span(count, Role.DIM))
        for each in roster_rejected(self.rows or (), texts):
            yield from hanging(" ! ", each, width, Role.ERROR)
        yield BLANK
        widths = ROSTER
        names = "".join(fit(n, w) for n, w in zip(texts.columns_roster, widths, strict=True))
        yield line(f"  {names}", role=Role.DIM)

    def _row(self, row: Row, width: int) -> Line:  # noqa: ARG002
        found = next((each for each in self.rows or () if each.teacher.hex() == row.key), None)
        if found is None:
            return ()
        texts, reference = self.texts, self.station.reference
        subjects = () if reference is None else reference.subjects
        subject = find_subject(found.stage, found.subject, subjects)
        cells = (
            found.name,
            found.national_id.masked,
            texts.title(found.title),
            texts.stage(found.stage),
            found.subject if subject is None else subject.name,
            roster_state(found, texts),
        )
        *before, last = zip(cells, ROSTER, strict=True)
        words = "".join(fit(shorten(text, room - 1), room) for text, room in before)
        return line(f"  {words}{shorten(*last)}")

    def _empty(self, width: int) -> Iterable[Line]:
        words = self.texts.loading if self.rows is None else self.texts.roster_empty
        yield BLANK
        yield from paragraph(f"   {words}", width, Role.DIM)
