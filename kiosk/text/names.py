"""Sentences about names a card cannot hold: what every language must have."""

from typing import Protocol


class NamesTexts(Protocol):
    """Sentences of 罕用字更正."""

    names_title: str
    names_gap: str
    names_by_sound_only: str
    names_after: str
    names_after_officer: str
    label_card_name: str
    label_roster_name: str
    label_new_name: str
    label_reading: str
    label_new_characters: str
    roster_take: str
    reading_hint: str
    reading_choose: str
    name_incomplete: str
    name_from_roster: str
    case_name_waiting: str
    pledge_name: str

    def tone(self, key: str) -> str: ...
    def names_page(self, number: int, of: int) -> str: ...
    def name_fault(self, code: str) -> str: ...
    def name_standing(self, code: str) -> str: ...
