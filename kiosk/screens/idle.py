"""K01 and the pages before anybody is known: waiting, reading, a card that leads nowhere."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.widget import Widget

from core.rules.calendar import PhaseName, find_phase
from kiosk.screens.frame import Frame
from kiosk.session.event import OfficersCalled
from kiosk.session.season import Window, teachers_window
from kiosk.session.state import Idle, Reading, Trouble
from kiosk.session.station import Service, SlotEmpty, SlotFaulty, SlotReading
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import centre, fit
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph

CARD_WIDTH = 28
CARD_LEFT = 15


class IdleScreen(Frame):
    """K01: insert your card. Three checks, what can be done now, what to bring."""

    HELP = "idle"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        virtual = bool(self.host.virtual_cards)
        return (
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY_IDLE, self.host.open_display),
            self.hint("f3", KeyWord.LANGUAGE, self._other_language),
            *((self.hint("f8", KeyWord.OFFICERS, self._officers),) if virtual else ()),
            self.hint("f9", KeyWord.OFFICERS, self._officers)
            if not virtual
            else self.hint("f9", KeyWord.VIRTUAL, self.host.open_cards),
        )

    def on_click(self, event: events.Click) -> None:
        """A click anywhere is a call for help."""
        event.stop()
        self.host.open_help()

    def _other_language(self) -> None:
        self.host.choose_language("en" if self.host.language == "zh" else "zh")

    def _officers(self) -> None:
        self.tell(OfficersCalled(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        texts = self.texts
        scene = self.session.scene
        notice = texts.idle_notice(scene.notice) if isinstance(scene, Idle) and scene.notice else ""
        yield line(centre(notice, width), role=Role.GOOD)
        yield line(centre(texts.system_name, width), role=Role.TITLE)
        yield BLANK
        if isinstance(scene, Reading):
            seconds = int((self.session.at - scene.since).total_seconds())
            yield line(centre(texts.reading(seconds), width), role=Role.TITLE)
        else:
            yield line(centre(texts.insert_card, width), role=Role.TITLE)
        virtual = texts.choose_virtual_card if self.host.virtual_cards else ""
        yield line(centre(virtual, width), role=Role.WARNING)
        fault = self._fault()
        if fault is None:
            yield from self._card(width)
        else:
            yield from self._remedy(fault, width)
        yield BLANK
        yield self._checks()
        yield BLANK
        yield from self._window(width)
        yield BLANK
        for text in (texts.bring, texts.wrong_place):
            yield from paragraph(f"   {text}", width - 3)
            if text is texts.bring:
                yield BLANK

    def _card(self, width: int) -> Iterable[Line]:
        """The drawing: which way up, which way round."""
        glyphs, texts = self.host.glyphs, self.texts
        left = " " * max(0, min(CARD_LEFT, (width - CARD_WIDTH - 20) // 2))
        bar = glyphs.horizontal * CARD_WIDTH
        upper, lower = texts.card_hint
        chip = fit(f" {texts.card_chip}", CARD_WIDTH)
        word = fit(f"{' ' * 16}{texts.card_word}", CARD_WIDTH - 3)
        yield line(f"{left}{glyphs.top_left}{bar}{glyphs.top_right}")
        yield line(f"{left}{glyphs.vertical}{chip}{glyphs.vertical}   {upper}")
        yield line(f"{left}{glyphs.vertical}{word}=====>  {lower}")
        yield line(f"{left}{glyphs.bottom_left}{bar}{glyphs.bottom_right}")

    def _fault(self) -> tuple[str, str] | None:
        reader = self.session.reader
        if reader.service in {Service.MISSING, Service.FAILED}:
            return self.texts.service_down
        if reader.device in {Service.MISSING, Service.FAILED}:
            return self.texts.reader_down
        return None

    def _remedy(self, fault: tuple[str, str], width: int) -> Iterable[Line]:
        cause, remedy = fault
        yield line(f"   x {cause}", role=Role.ERROR)
        lines = list(paragraph(f"     {remedy}", width - 5))
        ask = (
            f"     {self.texts.whom_to_ask}{self.texts.colon}{self.texts.ask(self.station.contact)}"
        )
        yield from [*lines, line(ask)][:3]
        yield from [BLANK] * max(0, 3 - len(lines) - 1)

    def _checks(self) -> Line:
        texts, reader = self.texts, self.session.reader
        spans: list[Span] = [Span(f"   {texts.checks}  ")]
        for name, state in (
            (texts.check_service, reader.service),
            (texts.check_reader, reader.device),
        ):
            fine = state is Service.FINE
            role = Role.GOOD if fine else Role.WARNING if state is Service.UNKNOWN else Role.ERROR
            spans += Span(f"{name} "), Span(texts.service(state), role), Span("    ")
        spans += Span(f"{texts.check_card} "), Span(self._slot(), Role.TEXT)
        return tuple(spans)

    def _slot(self) -> str:
        match self.session.reader.slot:
            case SlotEmpty():
                return self.texts.card_waiting
            case SlotReading():
                return self.texts.card_reading
            case SlotFaulty():
                return self.texts.card_faulty
            case _:
                return self.texts.card_ready

    def _window(self, width: int) -> Iterable[Line]:
        texts, at = self.texts, self.session.at
        phase = find_phase(self.station.calendar, PhaseName.APPLY)
        if phase is None:
            yield line(f"   {texts.no_calendar}", role=Role.DIM)
            yield BLANK
            return
        match teachers_window(self.station.calendar, at):
            case Window.BEFORE:
                yield line(f"   {texts.opens_at(phase.opens)}")
                yield BLANK
            case Window.AFTER:
                yield line(f"   {texts.closed_at(phase.closes)}")
                yield BLANK
            case _:
                yield from paragraph(f"   {texts.what_now}{texts.apply_now}", width - 3)
                left = texts.left_long(phase.closes - at)
                yield line(f"   {texts.deadline_line(phase.closes, left)}")

    def side(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield line(texts.season_dates, role=Role.TITLE)
        yield BLANK
        for phase in self.station.calendar:
            now = phase.opens <= self.session.at < phase.closes
            role = Role.TITLE if now else Role.TEXT
            mark = ">" if now else " "
            name = fit(texts.phase_name(phase.name), width - 27)
            dates = f"{texts.short_minute(phase.opens)} - {texts.short_minute(phase.closes)}"
            yield line(f"{mark}{name}{dates:>25}", role=role)
        if not self.station.calendar:
            yield from paragraph(texts.no_calendar, width, Role.DIM)
        yield BLANK
        yield line(texts.supported_cards, role=Role.TITLE)
        yield BLANK
        yield from paragraph(texts.supported_card_list, width)


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
            *((self.hint("f9", KeyWord.VIRTUAL, self.host.open_cards),) if virtual else ()),
            self.hint("escape", KeyWord.BACK, self.go_back, shown=False),
        )

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, Trouble):
            return
        texts = self.texts
        title, found, remedy = texts.trouble(scene.code)
        room = width - 12
        yield BLANK
        yield BLANK
        yield line(f"   x {title}", role=Role.ERROR)
        yield BLANK
        detail = texts.trouble_detail(scene.code, scene.detail)
        yield from self._part(texts.found, f"{found}{detail}", room)
        yield from self._part(texts.what_to_do, remedy, room)
        yield from self._part(texts.whom_to_ask, texts.ask(self.station.contact), room)
        yield BLANK
        yield line(f"   {texts.take_card_out_to_end}", role=Role.TITLE)

    def _part(self, name: str, text: str, width: int) -> Iterable[Line]:
        label = fit(f"   {name}", 12)
        for index, each in enumerate(paragraph(text, width)):
            yield (Span(label if index == 0 else " " * 12, Role.DIM), *each)
        yield BLANK
