"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""

from typing import Protocol


class LobbyTexts(Protocol):
    """Sentences of the idle screen's other doors, in every language."""

    practice_start: str
    practice_receipt: str
