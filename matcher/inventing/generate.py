"""Invented markets that look like a season: same seed, same bytes.

Everything is drawn with whole numbers: fractions may round differently on another machine. All
distributions are 範例; no count of real applicants is public.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import isqrt
from random import Random
from typing import Generic, TypeVar, assert_never

from matcher.files import canon
from matcher.files.problem import FORMAT, CountyCode, SchoolId, Stage
from matcher.files.rulebook import Rules, Tie
from matcher.inventing.country import INDIGENOUS_REGIONS, REGIONS, Place, Region

Thing = TypeVar("Thing")


class Kind(StrEnum):
    """Which size and shape of market."""

    REALISTIC = "realistic"
    STRESS = "stress"
    NATIONAL = "national"


REALISTIC_TEACHERS = {Stage.ELEMENTARY: 3000, Stage.JUNIOR: 1500, Stage.KINDERGARTEN: 800}
STRESS_TEACHERS, STRESS_WISHES = (
    10_000,
    477,
)  # 高雄 and 臺中 together: the longest list there can be
NATIONAL_TEACHERS, NATIONAL_WISHES = 200_000, 50

# Code and how many of a thousand teachers are employed under it.
SUBJECTS: Mapping[Stage, tuple[tuple[str, int], ...]] = {
    Stage.ELEMENTARY: (
        *(("general", 780), ("english", 70), ("guidance", 30), ("special_disability", 60)),
        *(("special_intellectual", 10), ("special_learning", 10), ("special_multiple", 8)),
        *(("special_emotional", 6), ("special_autism", 6), ("gifted_general", 10)),
        *(("gifted_music", 6), ("gifted_visual_arts", 4)),
    ),
    Stage.JUNIOR: (
        *(("chinese", 130), ("english", 120), ("mathematics", 120), ("special_disability", 70)),
        *(("physics_chemistry", 60), ("physical_education", 60), ("guidance", 50)),
        *(("biology", 40), ("history", 40), ("geography", 40), ("civics", 40)),
        *(("counselling_activities", 30), ("visual_arts", 30), ("music", 30)),
        *(("living_technology", 25), ("information_technology", 25), ("health", 20)),
        *(("home_economics", 20), ("scouting", 15), ("performing_arts", 10)),
        *(("earth_science", 10), ("special_gifted", 10), ("hokkien", 5)),
    ),
    Stage.KINDERGARTEN: (("general", 900), ("special", 100)),
}
# Shortest list, longest list, and how many of a hundred have one like it; the median is 20.
_WISHES = ((1, 5, 18), (6, 12, 20), (13, 20, 13), (21, 40, 24), (41, 80, 17), (81, 120, 8))
_MOST_VACANCIES = 200
_REMOTE_KM = 12  # of way that a grade of remoteness is felt like
_TASTES = 15  # km by which people differ in what they call near
_TASTE_BITS = _TASTES.bit_length()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What sets one kind of market apart. ``wishes``: how many everyone has; None draws it."""

    teachers: int
    wishes: int | None
    counties: int
    vacancies: bool
    subjects: tuple[tuple[str, int], ...]


def shape_of(kind: Kind, stage: Stage) -> Shape:
    """The shape of a kind of market in a stage."""
    match kind:
        case Kind.REALISTIC:
            return Shape(
                teachers=REALISTIC_TEACHERS[stage],
                wishes=None,
                counties=2,
                vacancies=True,
                subjects=SUBJECTS[stage],
            )
        case Kind.STRESS:
            return Shape(
                teachers=STRESS_TEACHERS,
                wishes=STRESS_WISHES,
                counties=len(REGIONS),
                vacancies=False,
                subjects=SUBJECTS[stage][:1],
            )
        case Kind.NATIONAL:
            return Shape(
                teachers=NATIONAL_TEACHERS,
                wishes=NATIONAL_WISHES,
                counties=2,
                vacancies=True,
                subjects=SUBJECTS[stage],
            )
        case _:
            assert_never(kind)


def generate(
    rng: Random, stage: Stage, shape: Shape, places: Sequence[Place], rules: Rules
) -> dict[str, object]:
    """A problem file as a document. ``rules``: the rule file to put in; ``places``: the schools."""
    market = _Market(rng, shape, places, rules)
    teachers = [market.teacher(number) for number in range(1, shape.teachers + 1)]
    for teacher, lot in zip(teachers, _lots(rng, shape.teachers), strict=True):
        teacher["lot"] = lot
    return {**market.frame(stage), "teachers": teachers}


def generate_pieces(
    rng: Random, stage: Stage, shape: Shape, places: Sequence[Place], rules: Rules
) -> Iterator[bytes]:
    """The canonical bytes of the document of `generate`, in pieces.

    Everybody is drawn before the schools are marked, and written after them: what is kept is the
    bytes of the file, once.
    """
    market = _Market(rng, shape, places, rules)
    people = [canon.encode(market.teacher(number)) for number in range(1, shape.teachers + 1)]
    lots = _lots(rng, shape.teachers)
    # No text has a quote in it, and no key before this one is called so.
    head, teachers, tail = canon.encode(market.frame(stage)).partition(b'"teachers":[')
    yield head + teachers
    for number, (lot, teacher) in enumerate(zip(lots, people, strict=True)):
        before, points, after = teacher.partition(b'"points":')
        yield b'%b%b"lot":%d,%b%b' % (b"," * (number > 0), before, lot, points, after)
    yield tail


def _lots(rng: Random, count: int) -> list[int]:
    lots = list(range(1, count + 1))
    for last in range(count - 1, 0, -1):
        other = rng.randrange(last + 1)
        lots[last], lots[other] = lots[other], lots[last]
    return lots


class _Market:
    """The schools and what people think of them."""

    def __init__(self, rng: Random, shape: Shape, places: Sequence[Place], rules: Rules) -> None:
        self._rng = rng
        self._rules = rules
        self._shape = shape
        self._places = places
        self._in_county: dict[CountyCode, list[Place]] = {}
        for place in places:
            self._in_county.setdefault(place.county, []).append(place)
        self._county = {place.school: place.county for place in places}
        self._regions = [region for region in REGIONS if region.county in self._in_county]
        self._near = {
            county: [(p.east, p.north, _REMOTE_KM * p.remoteness, p.school) for p in inside]
            for county, inside in self._in_county.items()
        }
        # Remote schools lose more teachers (about twice the ordinary turnover).
        self._leaving = _Urn(rng, places, (p.teachers * (1 + p.remoteness) for p in places))
        self._pull = _Urn(rng, self._regions, (region.pull for region in self._regions))
        codes, shares = zip(*shape.subjects, strict=True)
        spans = [(shortest, longest) for shortest, longest, _ in _WISHES]
        self._length = _Urn(rng, spans, (share for _, _, share in _WISHES))
        self._subject: _Urn[str] = _Urn(rng, codes, shares)

    def frame(self, stage: Stage) -> dict[str, object]:
        """The problem file without its teachers."""
        return {
            "format": FORMAT,
            "season": "115",
            "stage": stage.value,
            "rules": self._rules.document(),
            "schools": self.schools(),
            "vacancies": self.vacancies() if self._shape.vacancies else [],
            "teachers": [],
        }

    def schools(self) -> list[dict[str, object]]:
        """Every school, with its marks."""
        return [
            {"id": place.school, "county": place.county, "marks": self._marks(place)}
            for place in self._places
        ]

    def _marks(self, place: Place) -> list[str]:
        grade = ("", "remote", "special_remote", "very_remote")[place.remoteness]
        marks = [grade] if grade else []
        if place.county in INDIGENOUS_REGIONS and place.remoteness and self._chance(60):
            marks.append("indigenous")
        if self._chance(1):
            marks.append("correctional")
        return marks

    def vacancies(self) -> list[dict[str, object]]:
        """Seats by county: half of the counties open none, the others up to two hundred."""
        found: list[dict[str, object]] = []
        for region in self._regions:
            if self._chance(50):
                continue
            wanted = self._rng.randrange(1, _MOST_VACANCIES) * region.schools // 240 + 1
            seats: dict[tuple[str, str], int] = {}
            for _ in range(wanted):
                place = self._pick(self._in_county[region.county])
                position = (place.school, self._subject.draw())
                seats[position] = seats.get(position, 0) + 1
            found += [
                {
                    "school": school,
                    "subject": subject,
                    "count": count,
                    "refill": not self._chance(15),
                }
                for (school, subject), count in sorted(seats.items())
            ]
        return found

    def teacher(self, number: int) -> dict[str, object]:
        """One applicant, without a lot."""
        home = self._leaving.draw()
        subject = self._subject.draw()
        subjects = [subject]
        while len(subjects) < min(3, len(self._shape.subjects)) and self._chance(12):
            other = self._subject.draw()
            if other not in subjects and "guidance" not in (subject, other):
                subjects.append(other)
        wishes = self._wishes(home)
        years = min(self._rng.randrange(3, 31), self._rng.randrange(3, 31))
        awards = 50 * self._rng.randrange(21)
        appraisal = 200 * min(years, 5)
        training = 50 * self._rng.randrange(7)
        common = 200 * min(years, 20) + awards + appraisal + training
        born = (1998 - years - self._rng.randrange(6)) * 10_000
        born += self._rng.randrange(1, 13) * 100 + self._rng.randrange(1, 29)
        tie = {
            Tie.OLDER: -born,
            Tie.SERVICE: 2 * years,
            Tie.APPRAISAL: appraisal,
            Tie.AWARDS: awards,
            Tie.TRAINING: training,
        }
        counties = sorted({self._county[school] for school in wishes})
        return {
            "id": f"T{number:06}",
            "school": home.school,
            "subject": subject,
            "subjects": subjects,
            "points": {c: common + 500 * self._rng.randrange(4) for c in counties},
            "tie": [tie[name] for name in self._rules.tie],
            "wishes": wishes,
            "indigenous": self._chance(3),
            "language": self._chance(2),
            "excluded": [
                {"school": school, "subject": subject, "reason": "teaching_area"}
                for school in wishes[:5]
                if self._chance(1)
            ],
        }

    def _wishes(self, home: Place) -> list[SchoolId]:
        """Schools of the counties she wants to live in, near and easy to reach first."""
        length = self._shape.wishes or self._drawn_length()
        regions = self._wanted_regions(home, length)
        family = self._pick(self._in_county[regions[0].county])
        east, north = family.east, family.north
        places = [place for region in regions for place in self._near[region.county]]
        wanted = [
            (isqrt((east - x) * (east - x) + (north - y) * (north - y)) + remote + taste, school)
            for (x, y, remote, school), taste in zip(places, self._tastes(len(places)), strict=True)
        ]
        wanted.sort()
        return [school for _, school in wanted if school != home.school][:length]

    def _tastes(self, count: int) -> Iterator[int]:
        """Whole numbers below 15, as ``randrange(15)`` draws them, at once."""
        draw = self._rng.getrandbits
        while count:
            drawn = draw(_TASTE_BITS)
            if drawn < _TASTES:
                yield drawn
                count -= 1

    def _wanted_regions(self, home: Place, length: int) -> list[Region]:
        """One that pulls her and the nearest to it, as many as her list needs and she may name."""
        first = self._pull.draw()
        while first.county == home.county and len(self._regions) > 1:
            first = self._pull.draw()
        others = sorted(
            (r for r in self._regions if r.county not in (home.county, first.county)),
            key=lambda r: (_distance(r.east - first.east, r.north - first.north), r.county),
        )
        if self._shape.wishes is None and self._chance(25):
            return [first]
        chosen = [first]
        for region in others[: self._shape.counties - 1]:
            if len(chosen) > 1 and self._schools_in(chosen) >= length:
                break
            chosen.append(region)
        return chosen

    def _schools_in(self, regions: Iterable[Region]) -> int:
        return sum(len(self._in_county[region.county]) for region in regions)

    def _drawn_length(self) -> int:
        shortest, longest = self._length.draw()
        return self._rng.randrange(shortest, longest + 1)

    def _chance(self, hundredths: int) -> bool:
        return self._rng.randrange(100) < hundredths

    def _pick(self, things: Sequence[Thing]) -> Thing:
        return things[self._rng.randrange(len(things))]


class _Urn(Generic[Thing]):
    """Things that are drawn by whole-number weights."""

    def __init__(self, rng: Random, things: Sequence[Thing], weights: Iterable[int]) -> None:
        self._rng = rng
        self._things = things
        self._sums = list(accumulate(weights))

    def draw(self) -> Thing:
        """One thing; it stays in."""
        return self._things[bisect_right(self._sums, self._rng.randrange(self._sums[-1]))]


def _distance(east: int, north: int) -> int:
    return isqrt(east * east + north * north)
