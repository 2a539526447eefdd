"""The page of a card that leads nowhere: what was found, why it ends here, where to go instead."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from core.rules.scheme import Scheme, find_scheme
from kiosk.screens.frame import Frame
from kiosk.screens.idle import part
from kiosk.screens.seal import beside
from kiosk.session.event import IncidentAsked
from kiosk.session.state import Trouble, TroubleCode
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, line, paragraph
from kiosk.widgets.qr import qr_lines, qr_size

ROWS_AROUND = 6
"""Rows of the screen that are not the code."""


class TroubleScreen(Frame):
    """A card that leads nowhere: what was found, what to do, whom to ask.

    Nothing about the card is kept.
    """

    HELP = "trouble"
    SIDE: ClassVar[bool] = False

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        virtual = bool(self.host.virtual_cards)
        return (
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY_IDLE, self.host.open_display),
            self.hint("f6", KeyWord.REPORT, self._report),
            *((self.hint("f9", KeyWord.VIRTUAL, self.host.open_cards),) if virtual else ()),
            self.hint("escape", KeyWord.BACK, self.go_back, shown=False),
        )

    def _report(self) -> None:
        self.tell(IncidentAsked(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, Trouble):
            return
        scheme = find_scheme(scene.detail, self.station.schemes)
        if scene.code is TroubleCode.WRONG_SCHEME and scheme is not None:
            yield from self._elsewhere(scheme, width)
            return
        texts = self.texts
        title, found, remedy = texts.trouble(scene.code)
        yield BLANK
        yield BLANK
        yield line(f"   x {title}", role=Role.ERROR)
        yield BLANK
        detail = texts.trouble_detail(scene.code, scene.detail)
        yield from part(texts.found, f"{found}{detail}", width)
        yield from part(texts.what_to_do, remedy, width)
        yield from part(texts.whom_to_ask, texts.ask(self.station.contact), width)
        yield BLANK
        yield line(f"   {texts.take_card_out_to_end}", role=Role.TITLE)

    def _elsewhere(self, scheme: Scheme, width: int) -> Iterable[Line]:
        """The other scheme, with its address for the telephone (U-003)."""
        texts, glyphs = self.texts, self.host.glyphs
        columns, rows = qr_size(scheme.address, glyphs)
        fits = rows <= self.size.height - ROWS_AROUND
        code = qr_lines(scheme.address, glyphs) if fits else ()
        room = width - (columns if code else 0) - 5
        title, found, _ = texts.trouble(TroubleCode.WRONG_SCHEME)
        ask = f"{texts.whom_to_ask}{texts.colon}{texts.ask(self.station.contact)}"
        text = (
            *paragraph(f"x {title}", room, Role.ERROR),
            BLANK,
            *paragraph(found, room),
            BLANK,
            *paragraph(texts.scheme_is(scheme.name, scheme.address), room),
            *(paragraph(texts.scheme_example, room, Role.DIM) if scheme.example else ()),
            BLANK,
            *paragraph(ask, room),
            BLANK,
            *paragraph(texts.take_card_out_to_end, room, Role.TITLE),
        )
        yield BLANK
        yield from beside(code, text, 2)
