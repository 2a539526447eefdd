"""故障回報 (U-063): a number to read out, and the state of the machine behind it."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.screens.idle import part
from kiosk.session.mending import state_of
from kiosk.session.state import Incident
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, line, paragraph


class IncidentScreen(Frame):
    """One number, and what it stands for."""

    HELP = "incident"
    SIDE: ClassVar[bool] = False

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("escape", KeyWord.BACK, self.go_back),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display),
        )

    def _content(self, width: int) -> Iterable[Line]:
        scene, texts = self.session.scene, self.texts
        if not isinstance(scene, Incident):
            return
        yield BLANK
        yield line(f"   {texts.incident_title}", role=Role.TITLE)
        yield BLANK
        if scene.number is not None:
            yield line(f"   {texts.incident_number}   {' '.join(scene.number)}", role=Role.TITLE)
            yield BLANK
            yield from paragraph(f"   {texts.incident_tell}", width - 3)
        elif scene.fault is not None:
            yield from paragraph(f"   x {texts.incident_failed}", width - 3, Role.ERROR)
        else:
            yield line(f"   {texts.working}")
        yield BLANK
        yield from part(texts.whom_to_ask, texts.ask(self.station.contact), width)
        yield from part(texts.machine_state, state_of(self.session), width)
        names = texts.list_comma.join(self.session.reader.names) or texts.none
        yield from part(texts.readers_label, names, width)
        yield from paragraph(f"   {texts.incident_private}", width - 3, Role.DIM)
