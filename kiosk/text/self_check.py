"""Sentences about who may apply: what every language must have."""

from datetime import date
from typing import Protocol

from core.domain.refusal import Citation
from kiosk.session.self_check import Finding


class SelfCheckTexts(Protocol):
    """Sentences of 資格檢核, and of who cannot apply here."""

    self_check_title: str
    self_check_intro: str
    self_check_button: str
    self_check_done: str
    self_check_next: str
    label_semesters: str
    semesters_unit: str
    label_leave: str
    leave_unit: str
    hardship_title: str
    bond_title: str
    label_bond_years: str
    bond_years_unit: str
    on_leave_question: str
    who_not_title: str
    who_not: tuple[str, ...]
    case_doubts: str

    def hardship(self, code: str) -> str: ...
    def bond(self, code: str) -> str: ...
    def finding(self, finding: Finding) -> str: ...
    def doubt(self, code: str) -> str: ...
    def barred(self, clause: str, last: date | None) -> str: ...
    def case_barred(self, clause: str, last: date | None) -> str: ...
    def clause(self, cite: Citation) -> str: ...
    def served_here(self, semesters: int, leave: int) -> str: ...
    def bound_by(self, bond: str, years: int | None) -> str: ...
