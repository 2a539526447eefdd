"""What a screen may ask of the application.

The session to draw, the clock, and somewhere to send events.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from textual.geometry import Size

from kiosk.session.event import Event
from kiosk.session.state import Session
from kiosk.widgets.painted import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class CardChoice:
    """A virtual card that can be put in: an invented person's, or one that shows a fault."""

    key: str
    label: str


class Host(Look, Protocol):
    """The application, as screens know it."""

    session: Session

    @property
    def size(self) -> Size:
        """Columns and rows of the terminal."""

    def clock(self) -> datetime:
        """Aware UTC, corrected by the server's."""

    def tell(self, event: Event) -> None:
        """One step of the session, then everything is drawn again."""

    @property
    def virtual_cards(self) -> tuple[CardChoice, ...]:
        """Cards of the virtual reader; empty with a real one."""

    @property
    def virtual_card_inserted(self) -> bool:
        """Whether the virtual slot holds a card."""

    def insert_virtual(self, key: str) -> None:
        """Put this card in; one that is in comes out first."""

    def remove_virtual(self) -> None:
        """Take the card out."""

    help_folded: bool
    """Whether the help beside a form is folded away."""

    def open_help(self) -> None:
        """F1: help for the field in front; folds it where it stands beside the form."""

    def open_privacy(self) -> None:
        """個資告知, at any time."""

    def open_display(self) -> None:
        """F2: colours, language, letters, time, sound."""

    def open_cards(self) -> None:
        """F9 with the virtual reader: which card goes in, or take it out."""
