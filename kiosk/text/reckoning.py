"""Sentences about how points come about: what every language must have."""

from typing import Protocol

from core.domain.points import Points
from core.rules.scale import Scale


class ReckoningTexts(Protocol):
    """Sentences of 積分算法."""

    reckoning_title: str
    reckoning_none: str
    reckoning_waiting: str
    reckoning_sum: str
    reckoning_key: str
    because_choose: str
    because_title: str
    because_intro: str
    because_none: str
    because_remark: str
    because_word: str

    def scale_words(self, scale: Scale) -> str: ...
    def worked_out(self, units: int, scale: Scale, points: Points) -> str: ...
    def points_changed(self, awarded: Points, difference: Points) -> str: ...
    def points_papers(self, names: tuple[str, ...], *, example: bool) -> str: ...
    def county_changed(self, reason: str) -> str: ...
    def held_against(self, points: Points) -> str: ...
    def because(self, code: str) -> str: ...
    def points_because(
        self, awarded: Points, instead_of: Points | None, reason: str, remark: str
    ) -> str: ...
    def officer_says(self, remark: str) -> str: ...
