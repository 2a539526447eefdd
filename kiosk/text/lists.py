"""Sentences about versions sent, new lists, school marks, branches, what rests.

What every language must have.
"""

from typing import Protocol

from core.domain.past import PastResult
from core.domain.school import Mark


class ListsTexts(Protocol):
    """Sentences versions, marks, details of a school."""

    both_counties: str
    both_counties_long: str
    township_hint: str
    own_school: str
    wishes_fill_here: str
    resting_why: str
    marks_title: str
    marks_note: str
    details: str
    label_school_code: str
    label_main: str
    label_branches: str
    no_mark: str
    past_caution: str
    past_hint: str
    history_title: str
    history_hint: str
    history_none: str
    base_word: str
    compared_with: str
    same_version: str
    nothing_to_compare: str

    def mark_explained(self, mark: Mark) -> str: ...
    def past_result(self, result: PastResult, subject: str) -> str: ...
    def past_source(self, source: str, as_of: str) -> str: ...
    def resting(self, county: str, count: int) -> str: ...
    def twice(self, ranks: str) -> str: ...
    def lists_hit(self, count: int, ranks: str, when: str) -> str: ...
    def sent_from(self, machine: str) -> str: ...
    def different_short(self, added: int, moved: int, removed: int, others: int) -> str: ...
    def from_to_version(self, before: str, after: str) -> str: ...
