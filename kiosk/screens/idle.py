"""K01: waiting for a card, and reading it."""

from collections.abc import Iterable
from datetime import timedelta

from textual import events
from textual.widget import Widget

from core.rules.calendar import PhaseName, find_phase
from kiosk.screens.frame import Frame
from kiosk.screens.seal import beside, seal_lines, seal_qr
from kiosk.session.event import (
    DisplayChosen,
    IncidentAsked,
    OfficersCalled,
    PracticeAsked,
    SchoolsAsked,
)
from kiosk.session.season import Window, window_at
from kiosk.session.state import Idle, Reading
from kiosk.session.station import (
    LinkName,
    Seal,
    Service,
    SlotEmpty,
    SlotFaulty,
    SlotReading,
)
from kiosk.terminal import TALL_ROWS
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import centre, fit
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph, width_of

CARD_WIDTH = 28
CARD_LEFT = 15
LABEL = 12
RUSH = timedelta(hours=24)
"""UX 4.9: from here on minutes are shown, and what the last hours mean is said."""
ROWS_AROUND = 4
"""Header, rules, keys."""


def part(name: str, text: str, width: int) -> Iterable[Line]:
    """A named paragraph and a blank line."""
    label = fit(f"   {name}", LABEL)
    for index, each in enumerate(paragraph(text, width - LABEL - 2)):
        yield (Span(label if index == 0 else " " * LABEL, Role.DIM), *each)
    yield BLANK


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
            *((self.hint("f4", KeyWord.PRACTICE, self._practise),) if self.station.ground else ()),
            *((self.hint("f8", KeyWord.OFFICERS, self._officers),) if virtual else ()),
            self.hint("f5", KeyWord.SCHOOLS, self._schools, shown=self.wide or not virtual),
            self.hint("f6", KeyWord.REPORT, self._report, shown=self.wide),
            self.hint("f9", KeyWord.OFFICERS, self._officers)
            if not virtual
            else self.hint("f9", KeyWord.VIRTUAL, self.host.open_cards),
        )

    def on_click(self, event: events.Click) -> None:
        """A click anywhere is a call for help."""
        event.stop()
        self.host.open_help()

    def _other_language(self) -> None:
        other = "en" if self.session.looks.display.language == "zh" else "zh"
        self.tell(DisplayChosen(at=self.now, place="language", value=other))

    def _practise(self) -> None:
        self.tell(PracticeAsked(at=self.now))

    def _report(self) -> None:
        self.tell(IncidentAsked(at=self.now))

    def _schools(self) -> None:
        self.tell(SchoolsAsked(at=self.now))

    def _officers(self) -> None:
        self.tell(OfficersCalled(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        link, seal = self.station.link, self.station.seal
        if link.name.stops_writing:
            yield from self._stopped(link.name.value, width)
        elif seal is not None:
            yield from self._sealed(seal, width)
        else:
            yield from self._open(width)

    @property
    def _said(self) -> str:
        """What just ended, in one sentence."""
        scene = self.session.scene
        notice = scene.notice if isinstance(scene, Idle) else None
        return "" if notice is None else self.texts.idle_notice(notice)

    @property
    def _call(self) -> str:
        """Insert your card; or that one is being read."""
        scene = self.session.scene
        if not isinstance(scene, Reading):
            return self.texts.insert_card
        return self.texts.reading(int((self.session.at - scene.since).total_seconds()))

    def _stopped(self, code: str, width: int) -> Iterable[Line]:
        """Nothing can be sent from this machine: what happened, what to do, whom to ask."""
        texts = self.texts
        title, found, remedy = texts.machine_trouble(code)
        yield line(centre(self._said, width), role=Role.GOOD)
        yield line(centre(texts.system_name, width), role=Role.TITLE)
        yield BLANK
        yield line(f"   x {title}", role=Role.ERROR)
        yield BLANK
        yield from part(texts.found, found, width)
        yield from part(texts.what_to_do, remedy, width)
        yield from part(texts.whom_to_ask, texts.ask(self.station.contact), width)
        if code != LinkName.UNENROLLED.value:
            yield from paragraph(f"   {texts.machine_readable}", width - 3, Role.TITLE)
        virtual = f"   {texts.choose_virtual_card}" if self.host.virtual_cards else ""
        yield line(virtual, role=Role.WARNING)
        yield self._checks()

    def _sealed(self, seal: Seal, width: int) -> Iterable[Line]:
        """After the deadline: the 封箱碼, and that a card still tells how things stand."""
        texts, rows = self.texts, self.size.height - ROWS_AROUND
        code = seal_qr(self.station, seal, self.host.glyphs, width - 4, rows)
        room = width - (width_of(code[0]) if code else 0) - 4
        apply = find_phase(self.station.calendar, PhaseName.APPLY)
        virtual = texts.choose_virtual_card if self.host.virtual_cards else ""
        said = self._said
        text = [
            *(paragraph(said, room, Role.GOOD) if said else ()),
            *paragraph(self._call, room, Role.TITLE),
            *(paragraph(virtual, room, Role.WARNING) if virtual else ()),
            *(paragraph(texts.closed_at(apply.closes), room) if apply else ()),
            BLANK,
            *seal_lines(seal, texts, room),
            *paragraph(texts.seal_how, room),
            BLANK,
        ]
        if self.size.height >= TALL_ROWS:
            text += [*paragraph(texts.seal_why, room), BLANK]
        fault = self._fault()
        if fault is not None:
            text += paragraph(f"x {fault[0]}", room, Role.ERROR)
        text += self._few_checks()
        yield from beside(code, tuple(text), 2)

    def _open(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield line(centre(self._said, width), role=Role.GOOD)
        yield line(centre(texts.system_name, width), role=Role.TITLE)
        yield BLANK
        yield line(centre(self._call, width), role=Role.TITLE)
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
        trouble = self.station.link.trouble
        if trouble is not None:
            title, found, _ = texts.machine_trouble(trouble)
            words = f"{title}{texts.colon}{found}"
            yield from hanging("   ! ", words, width - 3, Role.WARNING)
            return
        rush = tuple(self._rush(width))
        yield from rush
        if window_at(self.station, self.session.at) is not Window.AFTER:
            yield from paragraph(f"   {texts.bring}", width - 3)
        if not rush:
            yield BLANK
        yield from paragraph(f"   {texts.wrong_place}", width - 3)
        if not rush:
            yield line(f"   {self._machine_is()}", role=Role.DIM)

    def _rush(self, width: int) -> Iterable[Line]:
        """The last day: that the time of sending counts, and whether uploads queue (U-064)."""
        left, link = self.deadline_in(), self.station.link
        if left is None or not timedelta(0) < left <= RUSH:
            return
        waits = link.name in {LinkName.WAITING, LinkName.UPLOADING} and link.pending > 0
        text = self.texts.uploads_queue(link.pending) if waits else self.texts.receipt_counts
        if link.busy and link.name is LinkName.ONLINE:
            text = self.texts.county_busy
        yield from paragraph(f"   {text}", width - 3, Role.WARNING)

    def _machine_is(self) -> str:
        station = self.station
        return self.texts.machine_is(station.machine, station.software, station.link.compared)

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
        reader = self.session.reader
        mending = reader.repair if reader.service is Service.FAILED else None
        gap = " " if remedy.isascii() else ""
        said = remedy if mending is None else f"{remedy}{gap}{self.texts.mending(mending)}"
        lines = list(paragraph(f"     {said}", width - 5))
        ask = (
            f"     {self.texts.whom_to_ask}{self.texts.colon}{self.texts.ask(self.station.contact)}"
        )
        ask = f"{ask}   F6 {self.texts.incident_title}"
        yield from [*lines, line(ask)]
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

    def _few_checks(self) -> tuple[Line, ...]:
        """The same in two short lines."""
        _, *spans = self._checks()
        return tuple(spans[:-2]), tuple(spans[-2:])

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
        match window_at(self.station, at):
            case Window.BEFORE:
                yield line(f"   {texts.opens_at(phase.opens)}")
                yield from paragraph(f"   {texts.before_now}", width - 3, Role.TITLE)
            case Window.AFTER:
                yield from paragraph(f"   {texts.closed_at(phase.closes)}", width - 3)
                yield from paragraph(f"   {texts.after_now}", width - 3, Role.TITLE)
                yield from paragraph(f"   {texts.seal_waiting}", width - 3, Role.DIM)
            case _:
                yield from paragraph(f"   {texts.what_now}{texts.apply_now}", width - 3)
                left = texts.left_long(phase.closes - at)
                yield line(f"   {texts.deadline_line(phase.closes, left)}")

    def side(self, width: int) -> Iterable[Line]:
        texts, calendar = self.texts, self.station.calendar
        begins = min((phase.opens for phase in calendar), default=None)
        yield line(texts.season_dates(begins), role=Role.TITLE)
        yield BLANK
        for phase in calendar:
            now = phase.opens <= self.session.at < phase.closes
            role = Role.TITLE if now else Role.TEXT
            mark = ">" if now else " "
            name = fit(texts.phase_name(phase.name), width - 27)
            dates = f"{texts.short_minute(phase.opens)} - {texts.short_minute(phase.closes)}"
            yield line(f"{mark}{name}{dates:>25}", role=role)
        if not calendar:
            yield from paragraph(texts.no_calendar, width, Role.DIM)
        yield BLANK
        yield line(texts.supported_cards, role=Role.TITLE)
        yield BLANK
        yield from paragraph(texts.supported_card_list, width)
        if self.session.reader.names:
            yield BLANK
            names = texts.list_comma.join(self.session.reader.names)
            yield from paragraph(f"{texts.readers_label}{texts.colon}{names}", width, Role.DIM)
        if self.station.notice:
            yield BLANK
            yield line(texts.published_title, role=Role.TITLE)
            yield BLANK
            for text in self.station.notice.splitlines():
                yield from paragraph(text, width)
