"""What a teacher says of her own service, and what the regulation makes of it.

It is hers and the school's: no part of the signed claim, and no answer or missing answer keeps an
application from being sent. A clause that is not met by what she says is a doubt, which the
officer clears up with the papers (介聘辦法 第五條、第六條).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from core.domain.refusal import Refusal
from core.rules.eligibility import (
    SEMESTERS_REQUIRED,
    YEARS_IN_A_REMOTE_SCHOOL,
    Bond,
    Hardship,
    ServiceRecord,
    refusals,
)

NUMBERS = {"semesters": 80, "leave": 20, "bond_years": 50}
"""Answers that are typed, and the most each can be."""

Place: TypeAlias = Literal["semesters", "leave", "hardship", "bond", "bond_years", "on_leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """None is not answered, ``none`` is 無.

    ``semesters`` are whole ones in the present school without leave, ``leave`` those of childcare
    or military leave, ``hardship`` and ``bond`` as in `ServiceRecord`; ``bond_years`` were served
    under the bond. ``on_leave``: on leave without pay and not back before 8/1.
    """

    semesters: int | None = None
    leave: int | None = None
    hardship: Literal["none", "serious_illness", "marriage", "living"] | None = None
    bond: Literal["none", "outlying_island", "remote_selection", "public_funded"] | None = None
    bond_years: int | None = None
    on_leave: bool = False


UNCHECKED = SelfCheck()
"""Nothing was answered."""

CHOICES = {
    "hardship": ("none", *Hardship),
    "bond": ("none", *Bond),
    "on_leave": (True, False),
}
"""Answers that are chosen."""


class Finding(StrEnum):
    """What the answers come to: nothing said yet, every clause met, or something to clear up."""

    UNANSWERED = "unanswered"
    CLEAR = "clear"
    DOUBTFUL = "doubtful"


def answered(check: SelfCheck, place: Place, answer: int | str | bool | None) -> SelfCheck:  # noqa: FBT001 - an answer
    """With this answer; one that cannot be changes nothing."""
    if place in NUMBERS:
        fits = answer is None or (isinstance(answer, int) and 0 <= answer <= NUMBERS[place])
    else:
        fits = answer in CHOICES[place]
    changed: dict[str, Any] = {place: answer}
    return replace(check, **changed) if fits else check


def finding(check: SelfCheck, service_years: int | None) -> Finding:
    """The answers in one word."""
    if doubts(check, service_years):
        return Finding.DOUBTFUL
    needed = (check.semesters, check.hardship, check.bond)
    return Finding.UNANSWERED if None in needed else Finding.CLEAR


def doubts(check: SelfCheck, service_years: int | None) -> tuple[Refusal, ...]:
    """Clauses that what she says does not meet; what she does not say counts in her favour.

    Who has not been in service long enough anywhere cannot have been here: full ``service_years``
    of the form bound the semesters where she gives none.
    """
    return refusals(record_of(check, service_years))


def record_of(check: SelfCheck, service_years: int | None) -> ServiceRecord:
    """The answers as the rules read them."""
    semesters = check.semesters
    if semesters is None:
        semesters = SEMESTERS_REQUIRED
        if service_years is not None:
            semesters = min(semesters, 2 * service_years + 1)
    hardship, bond = check.hardship or "none", check.bond or "none"
    return ServiceRecord(
        semesters_served=semesters,
        leave_semesters=check.leave or 0,
        hardships=frozenset() if hardship == "none" else frozenset({Hardship(hardship)}),
        bond=None if bond == "none" else Bond(bond),
        bond_years_served=YEARS_IN_A_REMOTE_SCHOOL
        if check.bond_years is None
        else check.bond_years,
        on_leave_without_return=check.on_leave,
    )
