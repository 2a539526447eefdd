"""An invented country, drawn from a seed: kiosks, officers, teachers and what they will wish for.

Nobody here exists: identity numbers are generated, names are put together from lists. It refuses
to know processes and files.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.ids import NationalId, generate_national_id
from core.domain.school import School, Stage
from core.domain.subject import Subject

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪邱曾廖賴徐周葉蘇莊呂江何蕭羅高"
GIVEN = "怡君雅婷家豪志明淑芬俊傑佳穎宗翰美玲建宏詩涵承恩雅雯冠宇心怡柏翰欣妤彥廷佩珊育誠靜宜文傑"
LETTERS = "ABCDEFGHJKMNPQTUVXWZ"
SCHOOLS_PER_KIOSK = 8
WISHES_AT_MOST = 40
OLDEST = date(1966, 1, 1)
BIRTH_SPAN_DAYS = 29 * 365
HUNDREDTHS = 50
PARTNER_SHARE = 0.7
OTHER_SUBJECT_SHARE = 0.15
INDIGENOUS_SHARE = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What an NHI card shows, and the password its holder uses."""

    card_number: str
    name: str
    national_id: NationalId
    birth: date
    sex: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishing:
    """What a teacher will put into the application; ``schools`` in the order of rank."""

    phone: str
    email: str
    indigenous: bool
    service_years: int
    subjects: tuple[str, ...]
    counties: tuple[str, str]
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """A teacher at a school, with points as the officer will award them (hundredths)."""

    person: Person
    school: str
    stage: Stage
    subject: str
    wishing: Wishing
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One kiosk with its officer, the schools it serves and the teachers who come."""

    name: str
    schools: tuple[str, ...]
    officer: Person
    officer_title: str
    teachers: tuple[Teacher, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything a season needs, and the seats the counties open: (school, subject) → count."""

    sites: tuple[Site, ...]
    vacancies: Mapping[tuple[str, str], int]


class _People:
    """Draws people whose numbers never repeat."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def draw(self) -> Person:
        sex = self._rng.choice("MF")
        while True:
            # A 7 in third place is rare in life, so a drawn number hardly ever is somebody's.
            digits = f"7{self._rng.randrange(10**6):06d}"
            number = generate_national_id(
                self._rng.choice(LETTERS), "1" if sex == "M" else "2", digits
            )
            if number.text not in self._taken:
                break
        self._taken.add(number.text)
        return Person(
            card_number=f"{self._rng.randrange(10**12):012d}",
            name=self._rng.choice(SURNAMES) + "".join(self._rng.sample(GIVEN, 2)),
            national_id=number,
            birth=OLDEST + timedelta(days=self._rng.randrange(BIRTH_SPAN_DAYS)),
            sex=sex,
            password=f"demo-{self._rng.randrange(10**8):08d}",
        )


def draw_world(
    *, seed: int, kiosks: int, teachers: int, schools: Sequence[School], subjects: Sequence[Subject]
) -> World:
    """The country of this seed; the same seed and lists give the same country.

    Raises:
        ValueError: Fewer than three schools of a stage in two counties, so that nobody could wish
        for anything.
    """
    rng = random.Random(seed)  # noqa: S311 - an invented country, not a secret
    people = _People(rng)
    open_schools = sorted((each for each in schools if each.delegated), key=lambda each: each.id)
    homes = _homes(rng, open_schools, kiosks)
    partners = [school for group in homes for school in group]
    by_stage = {stage: [each.code for each in subjects if each.stage is stage] for stage in Stage}
    sites = []
    for number, group in enumerate(homes, start=1):
        share = teachers // kiosks + (1 if number <= teachers % kiosks else 0)
        staff = tuple(
            _teacher(rng, people, rng.choice(group), open_schools, partners, by_stage)
            for _ in range(share)
        )
        officer = people.draw()
        sites.append(
            Site(
                name=f"KH-{number:04d}",
                schools=tuple(each.id for each in group),
                officer=officer,
                officer_title=f"{officer.name[0]}主任",
                teachers=staff,
            )
        )
    return World(sites=tuple(sites), vacancies=_vacancies(rng, sites))


def _homes(rng: random.Random, schools: Sequence[School], kiosks: int) -> list[list[School]]:
    """Schools for each kiosk.

    Neighbours in one county, no school at two kiosks while there are enough.
    """
    by_county: dict[str, list[School]] = {}
    for school in schools:
        by_county.setdefault(school.county, []).append(school)
    counties = [code for code in sorted(by_county) if len(by_county[code]) > 1]
    if len(counties) < 2:  # noqa: PLR2004 - a transfer is between two counties
        raise ValueError("the school list needs at least two counties with two schools each")
    homes: list[list[School]] = []
    for number in range(kiosks):
        pool = by_county[counties[number % len(counties)]]
        start = rng.randrange(len(pool))
        homes.append(
            [pool[(start + step) % len(pool)] for step in range(min(SCHOOLS_PER_KIOSK, len(pool)))]
        )
    return homes


def _teacher(  # noqa: PLR0913, PLR0917
    rng: random.Random,
    people: _People,
    home: School,
    schools: Sequence[School],
    partners: Sequence[School],
    by_stage: Mapping[Stage, Sequence[str]],
) -> Teacher:
    person = people.draw()
    codes = by_stage[home.stage]
    # 國小 and 幼兒園: most teach the general subject, which stands first; 國中: a few large ones.
    usual = codes[: 4 if home.stage is Stage.JUNIOR else 1]
    subject = rng.choice(codes if rng.random() < OTHER_SUBJECT_SHARE else usual)
    extra = [code for code in rng.sample(codes, min(2, len(codes))) if code != subject]
    subjects = (subject, *(extra[:1] if rng.random() < OTHER_SUBJECT_SHARE else ()))
    years = min(rng.randrange(3, 30), max(3, 2026 - person.birth.year - 23))
    return Teacher(
        person=person,
        school=home.id,
        stage=home.stage,
        subject=subject,
        wishing=_wishing(rng, person, home, schools, partners, subjects=subjects, years=years),
        points={
            "reason_a": HUNDREDTHS * rng.randrange(0, 9),
            "reason_b": HUNDREDTHS * rng.randrange(0, 9),
            "service": 200 * years,
            "appraisal": HUNDREDTHS * rng.randrange(0, 21),
            "awards": HUNDREDTHS * rng.randrange(0, 21),
            "training": HUNDREDTHS * rng.randrange(0, 11),
            "special": 0,
        },
    )


def _wishing(  # noqa: PLR0913
    rng: random.Random,
    person: Person,
    home: School,
    schools: Sequence[School],
    partners: Sequence[School],
    *,
    subjects: tuple[str, ...],
    years: int,
) -> Wishing:
    same = [each for each in schools if each.stage is home.stage and each.county != home.county]
    counties = sorted({each.county for each in same})
    if len(counties) < 2:  # noqa: PLR2004 - 甲 and 乙
        counties = sorted({each.county for each in schools if each.stage is home.stage})
        same = [each for each in schools if each.stage is home.stage and each.id != home.id]
    likely = sorted({each.county for each in partners if each.county in counties})
    first, second = rng.sample(likely if len(likely) > 1 else counties, 2)
    near = [each.id for each in same if each.county in {first, second}]
    busy = {each.id for each in partners}
    liked = [each for each in near if each in busy]
    wanted = min(len(near), max(1, min(WISHES_AT_MOST, int(rng.lognormvariate(2.6, 0.7)))))
    chosen: dict[str, None] = {}
    while len(chosen) < wanted:
        pool = liked if liked and rng.random() < PARTNER_SHARE else near
        chosen.setdefault(rng.choice(pool))
        if len(chosen) >= len(liked):
            liked = []
    return Wishing(
        phone=f"0912{rng.randrange(10**6):06d}",
        email=f"t{person.national_id.text[-6:]}@example.tw",
        indigenous=rng.random() < INDIGENOUS_SHARE,
        service_years=years,
        subjects=subjects,
        counties=(first, second),
        schools=tuple(chosen),
    )


def _vacancies(rng: random.Random, sites: Sequence[Site]) -> dict[tuple[str, str], int]:
    """A few seats where people want to go; many schools open none, as counties do."""
    wanted = sorted(
        {
            (school, teacher.subject)
            for site in sites
            for teacher in site.teachers
            for school in teacher.wishing.schools
        }
    )
    count = min(len(wanted), max(1, sum(len(site.teachers) for site in sites) // 8))
    return {place: rng.choice((1, 1, 1, 2)) for place in sorted(rng.sample(wanted, count))}
