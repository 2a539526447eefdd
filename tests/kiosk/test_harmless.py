"""Words of other people on this machine's terminal: shown, never obeyed."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from kiosk.harmless import harmless
from kiosk.plain.keyboard import EchoOff
from kiosk.plain.talk import Talk
from kiosk.session.state import Idle, Session
from kiosk.widgets.painted import Painted, line
from tests.kiosk.screens.gallery import STATION, session
from tests.kiosk.screens.test_widgets import Bench

ORDERS = "\x1b[2J\x1b]0;x\x07\x9b31m\r\b\u202e\u2066\u200b\u200f\ufeff\u2028\xad"


@pytest.mark.parametrize("order", ORDERS.replace("[2J", "").replace("]0;x", "").replace("31m", ""))
def test_what_a_terminal_would_obey_or_turn_around_is_shown_as_unreadable(order):
    assert harmless(f"林{order}明") == "林□明"


@pytest.mark.parametrize("text", ["", "林小明 12.5", "堃𠮷\u3000峯", "\ue000", "—○□·", "e\u0301"])
def test_everything_else_stays_as_it_is(text):
    assert harmless(text) == text


class Words(Painted):
    """What somebody else wrote."""

    def paint(self, width):  # noqa: ARG002
        return (line(f"林{ORDERS}明"),)


async def test_nothing_of_it_reaches_the_glass():
    app = Bench(Words())

    async with app.run_test(size=(60, 3)):
        strip = app.query_one(Words).render_line(0)

    assert strip.text.rstrip() == harmless(f"林{ORDERS}明")
    assert "\x1b" not in strip.text


@dataclass
class Seat:
    """A session that stays as it is."""

    session: Session

    def tell(self, event):
        """Nothing comes of it."""


def test_nothing_of_it_reaches_the_lines():
    station = replace(STATION, organiser=f"高雄市{ORDERS}教育局")
    out = io.StringIO()
    talk = Talk(
        seat=Seat(session(Idle(), station=station)),
        now=lambda: datetime(2026, 4, 28, tzinfo=UTC),
        cards=(),
        move_card=print,
        out=out,
        echo=EchoOff(None),
    )

    talk.ask()
    talk.answer("?")

    assert "教育局" in out.getvalue()
    assert not set(out.getvalue()) & set(ORDERS) - set("[2J]0;x31m")
