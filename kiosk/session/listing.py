"""The schools on the left of K05.

Those of one county, filtered, with what a teacher must know of each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import County, searchable
from core.domain.reading import NO_READINGS, Readings, spelled
from core.domain.school import Mark, School, Stage
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
    """試算 (F8): ranks, from 1, that 原民調 would use, the others, and those that count nowhere."""

    indigenous: tuple[int, ...]
    ordinary: tuple[int, ...]
    closed: tuple[int, ...]


def candidates(
    reference: Reference,
    post: Post,
    answers: Answers,
    page: WishesPage,
    readings: Readings = NO_READINGS,
) -> tuple[Candidate, ...]:
    """The schools of the tab's county that pass the filters, by township, then by code."""
    ranks = {school: rank for rank, school in enumerate(answers.wishes, start=1)}
    listed = _of_county(reference, post.stage, page.county)
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
    order = {name: index for index, (name, _) in enumerate(townships(reference, post, page.county))}
    return tuple(sorted(found, key=lambda each: (order[each.school.township], each.school.id)))


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
    return Preview(
        indigenous=_ranks(each for each in lines if each.open and Mark.INDIGENOUS in each.marks),
        ordinary=_ranks(each for each in lines if each.open and Mark.INDIGENOUS not in each.marks),
        closed=_ranks(each for each in lines if not each.open),
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


def spelled_out(reference: Reference, post: Post, page: WishesPage, readings: Readings) -> str:
    """The keys typed as 注音: ``ㄉㄆ`` for ``2q``; empty where they are read otherwise."""
    keyword = searchable(page.keyword)
    if (
        not readings
        or not spelled(keyword)
        or (_is_code(keyword) and _by_code(_of_county(reference, post.stage, page.county), keyword))
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
