"""The line above the keys: last contact, deadline, and that there is more below."""

from kiosk.session.state import Idle, Session
from kiosk.text.catalogue import Texts
from kiosk.text.standing import standing_words
from kiosk.theme import Role
from kiosk.widgets.glyphs import Glyphs
from kiosk.widgets.painted import Line, Span, width_of

END = 4
"""Cells of the line right of the words in it."""


def foot_line(session: Session, texts: Texts, glyphs: Glyphs, width: int, *, below: float) -> Line:
    """``below`` are the rows of the body that are out of sight."""
    horizontal = glyphs.horizontal
    left: list[Span] = []
    # While nobody is here the screen itself says both.
    idle = isinstance(session.scene, Idle)
    for words in () if idle else standing_words(session, texts):
        left += Span(horizontal, Role.RULE), Span(f" {words} ", Role.DIM)
    more = (Span(f" {texts.more_below} ", Role.WARNING),) if below > 0 else ()
    rest = width - width_of(left) - width_of(more)
    end = min(END, rest) if more else 0
    return (
        *left,
        Span(horizontal * (rest - end), Role.RULE),
        *more,
        Span(horizontal * end, Role.RULE),
    )
