"""The schools on the left of K05.

Those of one county or of both, filtered, with what a teacher must know of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import County, searchable
from core.domain.reading import NO_READINGS, Readings, spelled
from core.domain.school import Mark, School, Stage, main_name_of, short_name_of
from kiosk.session.draft import Answers
from kiosk.session.page import WishesPage
from kiosk.session.person import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A school to choose. ``rank`` is its place among the wishes, None when it is not one.

    ``open`` is false when the school does not take part this year or is the teacher's own.
    """

    school: School
    marks: frozenset[Mark]
    rank: int | None
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A line on the right of K05. ``school`` is None when it left the lists; ``open`` as above."""

    id: SchoolId
    rank: int
    school: School | None
    marks: frozenset[Mark]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """試算 (F8): ranks, from 1, that 原民調 would use, the others, and those that count nowhere.

    ``twice`` are those of a school that stands further up already.
    """

    indigenous: tuple[int, ...]
    ordinary: tuple[int, ...]
    closed: tuple[int, ...]
    twice: tuple[int, ...] = ()


def candidates(
    reference: Reference,
    post: Post,
    answers: Answers,
    page: WishesPage,
    readings: Readings = NO_READINGS,
) -> tuple[Candidate, ...]:
    """The schools of the tab that pass the filters: county, township, code.

    A branch stands behind its main school where both are in one township.
    """
    ranks = {school: rank for rank, school in enumerate(answers.wishes, start=1)}
    listed = listed_in(reference, post, answers, page)
    order: dict[tuple[CountyCode, str], int] = {}
    for school in listed:
        order.setdefault((school.county, school.township), len(order))
    found = [
        Candidate(
            school=school,
            marks=school.marks_on(reference.on),
            rank=ranks.get(school.id),
            open=school.delegated and school.id != post.school,
        )
        for school in _found(listed, page.keyword, readings)
        if page.township in {None, school.township}
        and (not page.marks or page.marks & school.marks_on(reference.on))
    ]
    mains = _mains(listed)
    return tuple(
        sorted(
            found,
            key=lambda each: (
                order[each.school.county, each.school.township],
                *_beside(each.school, mains),
            ),
        )
    )


def listed_in(reference: Reference, post: Post, answers: Answers, page: WishesPage) -> list[School]:
    """Every school of the tab, before any filter: of one county, or of 甲 and then of 乙."""
    chosen = (answers.county_a, answers.county_b) if page.county is None else (page.county,)
    return [
        school
        for county in chosen
        if county is not None
        for school in _of_county(reference, post.stage, county)
    ]


def main_school(reference: Reference, school: School) -> School | None:
    """The school a branch (分校, 分班) belongs to; None for others, and when it is not listed."""
    wanted = main_name_of(school.name)
    if wanted is None:
        return None
    short = short_name_of(wanted)
    for each in _of_county(reference, school.stage, school.county):
        if short_name_of(each.name) == short and main_name_of(each.name) is None:
            return each
    return None


def branches(reference: Reference, school: School) -> tuple[School, ...]:
    """The branches of a main school."""
    return tuple(
        each
        for each in _of_county(reference, school.stage, school.county)
        if main_name_of(each.name) is not None and main_school(reference, each) == school
    )


def _mains(listed: list[School]) -> dict[tuple[CountyCode, str, str], SchoolId]:
    """Main schools by county, township and short name; empty where nobody has a branch."""
    if not any(main_name_of(each.name) for each in listed):
        return {}
    return {
        (each.county, each.township, short_name_of(each.name)): each.id
        for each in listed
        if main_name_of(each.name) is None
    }


def _beside(school: School, mains: dict[tuple[CountyCode, str, str], SchoolId]) -> tuple[str, str]:
    """Where a school stands in its township: a branch by the code of its main school."""
    wanted = main_name_of(school.name) if mains else None
    if wanted is None:
        return school.id, ""
    main = mains.get((school.county, school.township, short_name_of(wanted)), school.id)
    return main, school.id


def townships(reference: Reference, post: Post, county: CountyCode) -> tuple[tuple[str, int], ...]:
    """The townships of a county that have schools of this stage, with how many, by lowest code."""
    counts: dict[str, int] = {}
    for school in _of_county(reference, post.stage, county):
        counts[school.township] = counts.get(school.township, 0) + 1
    return tuple(counts.items())


def counties(reference: Reference, post: Post) -> tuple[County, ...]:
    """The counties to choose from: all but the teacher's own (inside it is another scheme)."""
    own = reference.schools.get(post.school)
    return tuple(each for each in reference.counties if own is None or each.code != own.county)


def wishes(reference: Reference, post: Post, answers: Answers) -> tuple[Wish, ...]:
    """The teacher's list, in its order."""
    return tuple(
        Wish(
            id=each,
            rank=rank,
            school=school,
            marks=frozenset() if school is None else school.marks_on(reference.on),
            open=school is not None and school.delegated and each != post.school,
        )
        for rank, each in enumerate(answers.wishes, start=1)
        for school in (reference.schools.get(each),)
    )


def preview(reference: Reference, post: Post, answers: Answers) -> Preview:
    """Which wishes would count where (F-073, F-074)."""
    lines = wishes(reference, post, answers)
    first = {each.id: each.rank for each in reversed(lines)}
    once = [each for each in lines if first[each.id] == each.rank]
    return Preview(
        indigenous=_ranks(each for each in once if each.open and Mark.INDIGENOUS in each.marks),
        ordinary=_ranks(each for each in once if each.open and Mark.INDIGENOUS not in each.marks),
        closed=_ranks(each for each in once if not each.open),
        twice=_ranks(each for each in lines if first[each.id] != each.rank),
    )


def _ranks(lines: Iterable[Wish]) -> tuple[int, ...]:
    return tuple(each.rank for each in lines)


def _of_county(reference: Reference, stage: Stage, county: CountyCode) -> list[School]:
    return sorted(
        (
            school
            for school in reference.schools.values()
            if school.county == county and school.stage is stage
        ),
        key=lambda school: school.id,
    )


def searched(
    reference: Reference,
    stage: Stage,
    county: CountyCode | None,
    keyword: str,
    readings: Readings = NO_READINGS,
) -> tuple[School, ...]:
    """The schools of a stage that pass the filter, by code; of every county when None."""
    listed = sorted(
        (
            school
            for school in reference.schools.values()
            if school.stage is stage and county in {None, school.county}
        ),
        key=lambda school: school.id,
    )
    return tuple(_found(listed, keyword, readings))


def spelled_out(
    reference: Reference, post: Post, answers: Answers, page: WishesPage, readings: Readings
) -> str:
    """The keys typed as 注音: ``ㄉㄆ`` for ``2q``; empty where they are read otherwise."""
    keyword = searchable(page.keyword)
    if (
        not spelled(keyword)
        or not readings
        or (_is_code(keyword) and _by_code(listed_in(reference, post, answers, page), keyword))
    ):
        return ""
    return spelled(keyword)


def _found(schools: list[School], typed: str, readings: Readings) -> list[School]:
    """Digits are a school code if any begins so; else a part of a name, or initials (UX 4.5)."""
    keyword = searchable(typed)
    if not keyword:
        return schools
    if _is_code(keyword) and (coded := _by_code(schools, keyword)):
        return coded
    fits = readings.finder(keyword)
    return [
        school
        for school in schools
        if keyword in (text := _compared(school.name, school.short_name, school.township))
        or fits(text)
    ]


def _is_code(keyword: str) -> bool:
    return keyword.isascii() and keyword.isdecimal()


def _by_code(schools: list[School], keyword: str) -> list[School]:
    return [school for school in schools if school.id.startswith(keyword)]


@lru_cache(maxsize=16384)
def _compared(*texts: str) -> str:
    """What a search box looks through, one after another; a stop keeps neighbours apart."""
    return "|".join(map(searchable, texts))
