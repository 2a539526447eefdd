"""K07: the receipt, with a QR code to take away."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from core.rules.calendar import PhaseName, find_phase
from core.season.address import receipt_address
from core.wire.receipt import to_base45
from kiosk.screens.printing import Printing
from kiosk.screens.track import track_lines
from kiosk.session.contact import MailState, mail_state, masked_address
from kiosk.session.contacting import address_of
from kiosk.session.event import ContactOpened, WentOn
from kiosk.session.naming import school_name
from kiosk.session.page import ReceiptPage
from kiosk.session.receipt import qr_text
from kiosk.session.record import Delivery, Record, Version
from kiosk.session.season import deadline, officers_deadline, publication
from kiosk.session.state import SignedIn
from kiosk.session.station import Station
from kiosk.terminal import TALL_ROWS
from kiosk.text.catalogue import Texts
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.glyphs import Glyphs
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph, width_of
from kiosk.widgets.qr import qr_lines, qr_size

ROWS_BESIDE = 7
"""Rows of the screen that are not the receipt: header, rules, heading, state, keys."""
LABEL = 11
LEAST_TEXT = 30
WISHES_ACROSS = 4


def receipt_code(
    station: Station, version: Version, glyphs: Glyphs, columns: int, rows: int
) -> tuple[Line, ...]:
    """The largest code there is room for.

    The signed receipt, else number and check code, else none.
    """
    short = qr_text(station.season, version.number, version.check_code)
    tall = rows >= TALL_ROWS and version.proof
    for text in (_signed_text(station, version.proof), short) if tall else (short,):
        width, height = qr_size(text, glyphs)
        if height <= rows - ROWS_BESIDE and width + LEAST_TEXT <= columns:
            return qr_lines(text, glyphs)
    return ()


def _signed_text(station: Station, receipt: bytes) -> str:
    """The page that checks it, with the receipt in the address; alone where no page is known."""
    return receipt_address(station.server, receipt) if station.server else to_base45(receipt)


def receipt_lines(
    station: Station, version: Version, record: Record, texts: Texts, width: int
) -> Iterable[Line]:
    """Number, check code, version, times; what happens next; that it may still be changed."""
    before = next(
        (each for each in reversed(record.versions) if each.version < version.version), None
    )
    replaces = texts.version_replaces(
        version.version,
        None if before is None else before.version,
        None if before is None else before.submitted,
    )
    compared = station.link.compared
    clock = (
        texts.clock_never
        if compared is None
        else texts.clock_compared(compared, station.link.offset_ms)
    )
    rows: tuple[tuple[str, str], ...] = (
        (texts.label_receipt, version.number),
        (texts.label_check_code, version.check_code),
        (texts.label_version, replaces),
        (
            texts.label_sent_at,
            "" if version.submitted is None else texts.sent_at(version.submitted),
        ),
    )
    room = width - LABEL
    for label, value in rows:
        yield from _labelled(label, paragraph(value, room))
    yield from _labelled(texts.label_delivery, tuple(track_lines(version, texts, room)))
    if version.log_index is not None:
        yield from _labelled(texts.label_log, paragraph(texts.log_index(version.log_index), room))
    else:
        yield from _labelled(texts.label_clock, paragraph(clock, room))
    yield BLANK
    if version.withdrawn:
        until = deadline(station.calendar)
        for text in (
            texts.withdrawn_box(until, over=False),
            texts.questions_to(texts.ask(station.contact)),
        ):
            yield from paragraph(text, width)
        return
    yield line(texts.next_title, role=Role.TITLE)
    county = find_phase(station.calendar, PhaseName.COUNTY_REVIEW)
    for text in (
        texts.next_review(officers_deadline(station.calendar)),
        texts.next_county(None if county is None else county.opens),
        texts.next_result(publication(station.calendar)),
    ):
        yield from paragraph(text, width)
    yield BLANK
    # A version the centre rejects is not in force; its reason says what to do.
    may_change = () if version.rejection else texts.may_change
    for text in (*may_change, texts.questions_to(texts.ask(station.contact))):
        yield from paragraph(text, width)


def _labelled(label: str, lines: tuple[Line, ...]) -> Iterable[Line]:
    for index, each in enumerate(lines):
        yield (Span(fit(label if index == 0 else "", LABEL), Role.DIM), *each)


class ReceiptScreen(Printing):
    """K07."""

    HELP = "receipt"
    STATE_ROWS: ClassVar[int] = 1
    SIDE: ClassVar[bool] = False

    @property
    def version(self) -> Version | None:
        """The version just sent."""
        scene = self.session.scene
        page = scene.page if isinstance(scene, SignedIn) else None
        return page.version if isinstance(page, ReceiptPage) else None

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.GO_ON, self._go_on),
            *((self.hint("f5", KeyWord.MAIL_RECEIPT, self._contact),) if self._unproved else ()),
            self.hint("f6", KeyWord.PRINT, self.choose_form),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint(
                "f2",
                KeyWord.DISPLAY,
                self.host.open_display,
                shown=self.wide or not self._unproved,
            ),
            *self.virtual_hint(),
            self.hint("escape", KeyWord.BACK, self.go_back),
            self.hint("f10", KeyWord.END_CARD, self.end),
        )

    @property
    def _unproved(self) -> bool:
        """Whether the receipt cannot go by mail yet; it goes by itself to a proved address.

        In practice there is no mail at all.
        """
        scene = self.session.scene
        if not isinstance(scene, SignedIn) or self.station.practice:
            return False
        state = mail_state(scene.contact, address_of(scene), self.session.at)
        return state is not MailState.PROVED

    def _contact(self) -> None:
        self.tell(ContactOpened(at=self.now))

    def _go_on(self) -> None:
        self.tell(WentOn(at=self.now))

    def state_lines(self, width: int) -> Iterable[Line]:
        yield from paragraph(f" {self.texts.counting_rule}", width, Role.DIM)

    def _content(self, width: int) -> Iterable[Line]:
        version, scene = self.version, self.session.scene
        if version is None or not isinstance(scene, SignedIn):
            return
        texts, glyphs = self.texts, self.host.glyphs
        heading = texts.withdrawn_heading if version.withdrawn else texts.receipt_heading
        kind = texts.server_receipt if version.server_receipt else texts.device_receipt
        wrong = version.delivery is Delivery.ATTENTION
        mark, role = ("!", Role.ERROR) if wrong else ("v", Role.GOOD)
        yield line(Span(f" {mark} {heading(version.delivery)}", role), Span(f"  {kind}", Role.DIM))
        code = receipt_code(self.station, version, glyphs, self.size.width, self.size.height)
        code_width = width_of(code[0]) if code else 0
        gap = 3 if code else 1
        text = tuple(
            receipt_lines(self.station, version, scene.record, texts, width - code_width - gap - 2)
        )
        for index in range(max(len(code), len(text))):
            left = code[index] if index < len(code) else (Span(" " * code_width),)
            right = text[index] if index < len(text) else ()
            yield (Span(" "), *left, Span(" " * gap), *right)
        role = Role.WARNING if self.station.practice else Role.DIM
        yield from paragraph(f" {self._below(code)}", width, role)
        if self.size.height >= TALL_ROWS and version.wishes is not None:
            yield from self._wishes(version.wishes.schools, width)

    def _below(self, code: tuple[Line, ...]) -> str:
        texts, scene = self.texts, self.session.scene
        if self.station.practice:
            return texts.practice_receipt
        said = texts.scan if code else texts.qr_unavailable
        if not isinstance(scene, SignedIn):
            return said
        mailed = texts.receipt_mailed(masked_address(address_of(scene)))
        gap = " " if said.isascii() else ""
        return f"{said}{gap}{texts.receipt_unmailed if self._unproved else mailed}"

    def _wishes(self, schools: tuple[str, ...], width: int) -> Iterable[Line]:
        """What was sent, as much as there is room for.

        The whole list is on paper and in the status.
        """
        texts, reference = self.texts, self.station.reference
        yield BLANK
        yield line(f" {texts.your_wishes_long} {texts.counted(len(schools))}", role=Role.TITLE)
        cell = (width - 3) // WISHES_ACROSS
        rows = [schools[at : at + WISHES_ACROSS] for at in range(0, len(schools), WISHES_ACROSS)]
        rank = 0
        for row in rows:
            cells = []
            for code in row:
                rank += 1
                cells.append(
                    fit(shorten(f"{rank:03} {school_name(reference, code)}", cell - 1), cell)
                )
            yield line(f"   {''.join(cells)}")
