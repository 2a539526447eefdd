"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""


class LobbyEn:
    """Part of `English`."""

    practice_start = "Practice (invented data, no card needed)"
    practice_receipt = "Practice receipt: nothing was sent, and nothing will be kept."
