"""What a teacher can do to her wish list (F-122 … F-147), each one step to take back."""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import county_of_school_code
from kiosk.session.draft import Answers, Aside, Draft, EditName
from kiosk.session.edit import record
from kiosk.session.page import Insertion, InsertMode

WISHES_AT_MOST = 1000
"""The bound of the wire (`core.domain.application`); two counties never have as many schools."""

Slot = Literal["a", "b"]


def add(draft: Draft, school: SchoolId, insertion: Insertion, at_ms: int) -> Draft:
    """The school at the place the mode says.

    Unchanged when it is there already or the list full.
    """
    wishes = draft.answers.wishes
    if school in wishes or len(wishes) >= WISHES_AT_MOST:
        return draft
    place = {
        InsertMode.LAST: len(wishes),
        InsertMode.FIRST: 0,
        InsertMode.BEFORE: max(0, min(insertion.rank - 1, len(wishes))),
    }[insertion.mode]
    return _listed(
        draft, (*wishes[:place], school, *wishes[place:]), EditName.WISH_ADDED, school, at_ms
    )


def remove(draft: Draft, school: SchoolId, at_ms: int) -> Draft:
    """The list without the school; unchanged when it is not there."""
    rest = tuple(each for each in draft.answers.wishes if each != school)
    return _listed(draft, rest, EditName.WISH_REMOVED, school, at_ms)


def move(draft: Draft, school: SchoolId, rank: int, at_ms: int) -> Draft:
    """The school at this rank, from 1; beyond either end means the end."""
    wishes = draft.answers.wishes
    if school not in wishes:
        return draft
    rest = tuple(each for each in wishes if each != school)
    place = max(0, min(rank - 1, len(rest)))
    return _listed(
        draft, (*rest[:place], school, *rest[place:]), EditName.WISH_MOVED, school, at_ms
    )


def clear(draft: Draft, at_ms: int) -> Draft:
    """No wishes."""
    return _listed(draft, (), EditName.WISHES_CLEARED, "", at_ms)


def remove_all(draft: Draft, closed: Collection[SchoolId], at_ms: int) -> Draft:
    """The list without the schools that left the published lists."""
    rest = tuple(each for each in draft.answers.wishes if each not in closed)
    return _listed(draft, rest, EditName.CLOSED_REMOVED, "", at_ms)


def affected(answers: Answers, slot: Slot, reference: Reference) -> tuple[SchoolId, ...]:
    """The wishes that would move aside if another county took the place of this slot's."""
    county = answers.county_a if slot == "a" else answers.county_b
    if county is None:
        return ()
    return tuple(each for each in answers.wishes if county_of(each, reference) == county)


def change_county(
    draft: Draft, slot: Slot, county: CountyCode, reference: Reference, at_ms: int
) -> Draft:
    """Another county in 甲 or 乙: wishes of the old one go aside, those of the new one come back.

    Each returns to the rank it had, or to the end of a shorter list. The two slots change places
    when the other one holds the county already, which touches no wish.
    """
    answers = draft.answers
    old = answers.county_a if slot == "a" else answers.county_b
    other = answers.county_b if slot == "a" else answers.county_a
    if county == old:
        return draft
    if county == other:
        after = replace(answers, county_a=answers.county_b, county_b=answers.county_a)
        return record(draft, after, EditName.COUNTY_CHANGED, county, at_ms)
    gone = affected(answers, slot, reference)
    leaving = tuple(
        Aside(school=each, county=old, rank=rank)
        for rank, each in enumerate(answers.wishes, start=1)
        if old is not None and each in gone
    )
    returning = sorted(
        (
            each
            for each in answers.aside
            if each.county == county and each.school not in answers.wishes
        ),
        key=lambda each: each.rank,
    )
    wishes = [each for each in answers.wishes if each not in gone]
    for each in returning:
        wishes.insert(min(each.rank - 1, len(wishes)), each.school)
    staying = tuple(each for each in answers.aside if each.county != county)
    after = replace(
        answers,
        county_a=county if slot == "a" else answers.county_a,
        county_b=county if slot == "b" else answers.county_b,
        wishes=tuple(wishes),
        aside=(*staying, *leaving),
    )
    return record(draft, after, EditName.COUNTY_CHANGED, county, at_ms)


def with_resting(sent: Answers, before: Answers) -> Answers:
    """A version put back, with the wishes that rested: those of counties it does not choose."""
    chosen = {sent.county_a, sent.county_b}
    resting = tuple(each for each in before.aside if each.county not in chosen)
    return replace(sent, notices_read=before.notices_read, aside=resting)


def closed_wishes(answers: Answers, reference: Reference) -> tuple[SchoolId, ...]:
    """The wishes that are no longer on the lists, or whose school no longer takes part (F-045)."""
    return tuple(
        each
        for each in answers.wishes
        if (school := reference.schools.get(each)) is None or not school.delegated
    )


def county_of(school: SchoolId, reference: Reference) -> CountyCode | None:
    """The county of a school, by its code when it left the lists."""
    found = reference.schools.get(school)
    if found is None:
        return county_of_school_code(school, reference.counties)
    return found.county


def _listed(
    draft: Draft, wishes: tuple[SchoolId, ...], name: EditName, subject: str, at_ms: int
) -> Draft:
    return record(draft, replace(draft.answers, wishes=wishes), name, subject, at_ms)
