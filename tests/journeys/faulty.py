"""A kiosk with a bug: F12 on the glass, the words ``F12`` in line mode. Runs as a command does.

``python -m tests.journeys.faulty STATION [--plain]``
"""

import sys

from textual.events import Key

import jiepin
import kiosk.app
import kiosk.plain.line
import kiosk.plain.talk
from tests.kiosk.robot.stations import AMY


class FaultyKiosk(kiosk.app.KioskApp):
    """On the glass."""

    async def _press(self, event: Key) -> None:
        if event.key == "f12":
            raise RuntimeError(AMY.name)
        await super()._press(event)


class FaultyTalk(kiosk.plain.talk.Talk):
    """In line mode."""

    def answer(self, text: str) -> None:
        if text == "F12":
            raise RuntimeError(AMY.name)
        super().answer(text)


if __name__ == "__main__":
    kiosk.app.KioskApp = FaultyKiosk
    kiosk.plain.line.Talk = kiosk.plain.talk.Talk = FaultyTalk
    sys.argv[1:] = ["kiosk", "--virtual-reader", "--station", *sys.argv[1:]]
    jiepin.main()
