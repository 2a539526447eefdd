"""Invented markets: real in size and shape, the same from the same seed."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from operator import eq
from pathlib import Path
from random import Random

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.canon import encode
from matcher.files.counties import read_counties
from matcher.files.disk import read_default_rules
from matcher.files.problem import Stage, problem_from_document
from matcher.files.refusal import Fault, FaultCode, RefusedFileError
from matcher.inventing.country import REGIONS, invented_places, listed_places
from matcher.inventing.generate import (
    NATIONAL_TEACHERS,
    REALISTIC_TEACHERS,
    SUBJECTS,
    Kind,
    Shape,
    generate,
    generate_pieces,
    shape_of,
)

ROOT = Path(__file__).parents[2]
DATA = ROOT / "../shared/data"
COUNTIES = read_counties()
HEADER = "學校代碼,男專任教師,女專任教師,地區屬性,X 坐標,Y 坐標\n"


def seeded(number=1):
    return Random(number)  # noqa: S311  # a market is no secret


def generated(stage, shape, *, seed=1, places=None):
    rng = seeded(seed)
    schools = places or invented_places(rng, stage)
    return generate(rng, stage, shape, schools, read_default_rules())


@pytest.mark.parametrize("stage", Stage)
def test_a_realistic_market_is_read_solved_and_proved(stage):
    document = generated(stage, shape_of(Kind.REALISTIC, stage))
    market = problem_from_document(document, "generated")

    placement = solve(market)

    assert check(market, placement) == ()
    assert len(market.teachers) == REALISTIC_TEACHERS[stage]
    lengths = sorted(len(teacher.wishes) for teacher in market.teachers)
    assert 1 <= lengths[0] <= lengths[-1] <= 120
    assert 15 <= lengths[len(lengths) // 2] <= 25
    assert {len(teacher.points) for teacher in market.teachers} == {1, 2}
    totals = [points for teacher in market.teachers for points in teacher.points.values()]
    assert len(set(totals)) * 5 < len(totals), "points have many ties"
    open_in = {
        school.county
        for school in market.schools
        if any(vacancy.position.school == school.id for vacancy in market.vacancies)
    }
    assert 0 < len(open_in) < len(REGIONS), "some counties open nothing"
    assert {phase.phase for phase in placement.components} >= {"single", "swap", "triangle"}


@pytest.mark.parametrize("kind", Kind)
def test_the_pieces_are_the_canonical_bytes_of_the_document(kind):
    shape = replace(shape_of(kind, Stage.JUNIOR), teachers=30)
    places = invented_places(seeded(), Stage.JUNIOR)

    pieces = list(generate_pieces(seeded(7), Stage.JUNIOR, shape, places, read_default_rules()))

    document = generate(seeded(7), Stage.JUNIOR, shape, places, read_default_rules())
    assert b"".join(pieces) == encode(document)
    assert max(map(len, pieces[1:-1])) < 10_000


def test_the_distributions_are_those_asked_for():
    document = generated(
        Stage.ELEMENTARY, replace(shape_of(Kind.REALISTIC, Stage.ELEMENTARY), teachers=3000)
    )
    people = document["teachers"]
    lengths = sorted(len(person["wishes"]) for person in people)
    offered = sum(row["count"] for row in document["vacancies"])
    counties = {row["id"]: row["county"] for row in document["schools"]}
    opened = Counter(counties[row["school"]] for row in document["vacancies"])
    best = Counter(max(person["points"].values()) for person in people)
    home = [counties[person["school"]] for person in people]
    first = [counties[person["wishes"][0]] for person in people]

    assert (lengths[0], lengths[-1]) == (1, 120)
    assert 19 <= lengths[len(lengths) // 2] <= 21
    assert sum(count for count in best.values() if count > 1) > 0.9 * len(people), "ties"
    assert 0.3 <= sum(county not in opened for county in {*counties.values()}) / 22 <= 0.7, "zeros"
    assert 0 < offered < len(people)
    assert sum(map(eq, home, first)) == 0, "who wants to stay in the county does not apply here"
    assert Counter(first).most_common(1)[0][1] > 3 * Counter(first).most_common()[-6][1], "pull"


@pytest.mark.parametrize("stage", Stage)
def test_each_kind_of_market_is_as_large_as_it_says(stage):
    subjects = SUBJECTS[stage]

    realistic, stress, national = (shape_of(kind, stage) for kind in Kind)

    assert realistic == Shape(
        teachers={"elementary": 3000, "junior": 1500, "kindergarten": 800}[stage],
        wishes=None,
        counties=2,
        vacancies=True,
        subjects=subjects,
    )
    assert stress == Shape(
        teachers=10_000, wishes=477, counties=22, vacancies=False, subjects=subjects[:1]
    )
    assert national == Shape(
        teachers=200_000, wishes=50, counties=2, vacancies=True, subjects=subjects
    )


def test_junior_schools_have_their_twenty_three_subjects():
    assert len(SUBJECTS[Stage.JUNIOR]) == 23
    for shares in SUBJECTS.values():
        assert sum(share for _, share in shares) == 1000


@pytest.mark.parametrize("kind", [Kind.STRESS, Kind.NATIONAL])
def test_the_large_kinds_keep_their_shape_when_made_smaller(kind):
    whole = shape_of(kind, Stage.ELEMENTARY)
    shape = Shape(
        teachers=60,
        wishes=whole.wishes,
        counties=whole.counties,
        vacancies=whole.vacancies,
        subjects=whole.subjects,
    )

    document = generated(Stage.ELEMENTARY, shape)

    market = problem_from_document(document, "small")
    assert check(market, solve(market)) == ()
    if kind is Kind.STRESS:
        assert {len(teacher.wishes) for teacher in market.teachers} == {477}
        assert market.vacancies == ()
        assert {teacher.subjects for teacher in market.teachers} == {("general",)}
    else:
        assert whole.teachers == NATIONAL_TEACHERS
        assert max(len(teacher.wishes) for teacher in market.teachers) == 50


def small_market(*counties):
    places = [each for each in invented_places(seeded(), Stage.JUNIOR) if each.county in counties]
    shape = replace(shape_of(Kind.REALISTIC, Stage.JUNIOR), teachers=30)
    return problem_from_document(generated(Stage.JUNIOR, shape, places=places), "small")


def test_where_there_is_one_county_people_move_within_it():
    market = small_market("13")

    assert {school.county for school in market.schools} == {"13"}
    assert all(teacher.wishes for teacher in market.teachers)
    assert all(teacher.position.school not in teacher.wishes for teacher in market.teachers)


def test_where_there_are_two_counties_people_move_to_the_other():
    market = small_market("02", "13")

    county = {school.id: school.county for school in market.schools}
    for teacher in market.teachers:
        assert {county[wish] for wish in teacher.wishes} == (
            {"02", "13"} - {county[teacher.position.school]}
        )


def test_the_same_seed_gives_the_same_bytes_under_every_hash_seed(tmp_path):
    files = []
    for seed in ("0", "77"):
        files.append(tmp_path / f"{seed}.json")
        arguments = ["generate", "--stage", "kindergarten", "--seed", "9", "-o", files[-1]]
        subprocess.run(
            [sys.executable, "-m", "matcher", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
    other = encode(
        generated(Stage.KINDERGARTEN, shape_of(Kind.REALISTIC, Stage.KINDERGARTEN), seed=10)
    )

    assert files[0].read_bytes() == files[1].read_bytes() != other


# Markets are named by their seeds, in figures and in what people tell each other. Who changes how
# they are drawn changes these on purpose, and measures again.
DRAWN = {
    (Kind.REALISTIC, Stage.JUNIOR): "eefb6b683e035d07",
    (Kind.REALISTIC, Stage.ELEMENTARY): "4656d5ca62c2d535",
    (Kind.REALISTIC, Stage.KINDERGARTEN): "7d94a7f07ff0d503",
    (Kind.STRESS, Stage.JUNIOR): "de6d9ee38757a6b9",
    (Kind.STRESS, Stage.ELEMENTARY): "8c613e1134fb795f",
    (Kind.STRESS, Stage.KINDERGARTEN): "8b22e80f3663e4c2",
    (Kind.NATIONAL, Stage.JUNIOR): "2c94bd5ebb4b2d5b",
    (Kind.NATIONAL, Stage.ELEMENTARY): "85babad23373bf10",
    (Kind.NATIONAL, Stage.KINDERGARTEN): "7a1e3c452af8422b",
}
LISTED = "f821054ab3384f26"
BARE = "c14cd5b06cfbd11c"
MANY_SEEDS = "35f18e3caf01f3ee"


@pytest.mark.parametrize(("kind", "stage"), DRAWN)
def test_a_seed_means_the_same_market_for_good(kind, stage):
    document = generated(stage, replace(shape_of(kind, stage), teachers=300), seed=115)

    assert digest(encode(document)) == DRAWN[kind, stage]


def test_many_seeds_mean_the_same_small_markets_for_good():
    places = invented_places(seeded(), Stage.JUNIOR)[::7]
    shape = replace(shape_of(Kind.REALISTIC, Stage.JUNIOR), teachers=10)

    markets = [generated(Stage.JUNIOR, shape, seed=n, places=places) for n in range(150)]

    assert digest(encode(markets)) == MANY_SEEDS


def test_a_list_and_a_seed_mean_the_same_schools_for_good():
    rows = [
        f"{county}46{n:02},{n},{2 * n},{mark},{200000 + 700 * n},{2500000 + 900 * n}"
        for county, mark in (("13", "極偏"), ("01", ""), ("02", "偏遠"), ("17", "特偏"))
        for n in range(1, 12)
    ]
    places = listed(HEADER + "\n".join(rows) + "\n")

    document = generated(
        Stage.ELEMENTARY,
        replace(shape_of(Kind.REALISTIC, Stage.ELEMENTARY), teachers=60),
        places=places,
    )

    assert digest(encode(document)) == LISTED


def test_schools_without_a_place_are_spread_around_the_middle_of_their_county():
    places = listed(HEADER + "".join(f"1346{n:02},,,,,\n" for n in range(100)))

    (middle,) = (region for region in REGIONS if region.county == "13")
    ways = range(-18, 19)
    assert {place.east - middle.east for place in places} <= {*ways}
    assert {place.north - middle.north for place in places} <= {*ways}
    assert len({place.east for place in places}) > 30
    assert len({place.north for place in places}) > 30
    where = repr([(place.school, place.east, place.north) for place in places])
    assert digest(where.encode()) == BARE, "for good, from the same seed"


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def listed(*texts):
    files = [(f"{number}.csv", text.encode()) for number, text in enumerate(texts)]
    return listed_places(seeded(), files, COUNTIES)


def test_lists_are_joined_by_code_and_private_schools_left_out():
    first = "\ufeff" + HEADER + "134605,3,4,,,\n011301,8,16,,,\n"
    second = "代碼,地區屬性,X 坐標,Y 坐標\n134605,極偏,200123.5,2500999.1\n194601,,,\n"

    known, bare = listed(first, second)

    assert (known.school, known.county, known.teachers) == ("134605", "13", 7)
    assert (known.remoteness, known.east, known.north) == (3, 200, 2500)
    assert (bare.school, bare.county, bare.teachers) == ("194601", "06", 22)


def test_what_a_list_does_not_say_is_taken_from_the_county():
    lists = (
        HEADER + "134605,,,,,\n",
        HEADER + "134605,3,,,,\n",
        HEADER + "134605,,3,,,\n",
        HEADER + "134605,,,,200123,\n",
        HEADER + "134605,,,,,2500999\n",
        HEADER + "134605\n",  # the line ends before the other columns
        "學校代碼\n134605\n",
        "學校代碼,男專任教師,地區屬性,X 坐標\n134605,3,,200123\n",
        "學校代碼,女專任教師,Y 坐標\n134605,3,2500999\n",
    )

    told = {place for each in lists for place in listed(each)}

    (bare,) = told
    assert (bare.school, bare.teachers, bare.remoteness) == ("134605", 22, 0)


REFUSED_LISTS = [
    (b"abc\xff", FaultCode.NOT_UTF8, "$", "byte 3"),
    (b"\xff", FaultCode.NOT_UTF8, "$", "byte 0"),
    ("校名\n大同\n".encode(), FaultCode.MISSING_KEY, "line 1", "學校代碼 / 代碼"),
    (b"", FaultCode.MISSING_KEY, "line 1", "學校代碼 / 代碼"),
    (HEADER + "994601,1,1,,,\n", FaultCode.UNKNOWN_VALUE, "line 2", "994601: no such county"),
    (HEADER + "134605,1,1,很遠,,\n", FaultCode.UNKNOWN_VALUE, "line 2", "134605: 地區屬性 很遠"),
    (
        *(HEADER + "134605,1,1,,,\n134606,a,1,,,\n", FaultCode.UNKNOWN_VALUE, "line 3"),
        "invalid literal for int() with base 10: 'a'",
    ),
    (
        *(HEADER + "134605,1,1,,x,y\n", FaultCode.UNKNOWN_VALUE, "line 2"),
        "invalid literal for int() with base 10: 'x'",
    ),
]


@pytest.mark.parametrize(("data", "code", "path", "detail"), REFUSED_LISTS)
def test_a_list_that_cannot_be_used_is_refused_with_its_line(data, code, path, detail):
    raw = data if isinstance(data, bytes) else data.encode()

    with pytest.raises(RefusedFileError) as refused:
        listed_places(seeded(), [("a.csv", raw)], COUNTIES)

    assert refused.value.faults == (Fault(file="a.csv", path=path, code=code, detail=detail),)


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared")
def test_the_ministrys_lists_make_a_market_that_is_solved_and_proved():
    names = ("114_basec.csv", "e1_new.csv", "remote_113.csv")
    files = [(name, (DATA / name).read_bytes()) for name in names]
    places = listed_places(seeded(), files, COUNTIES)

    document = generated(
        Stage.ELEMENTARY, shape_of(Kind.REALISTIC, Stage.ELEMENTARY), places=places
    )

    market = problem_from_document(document, "real")
    assert 2500 < len(market.schools) < 2700
    assert {school.county for school in market.schools} == {region.county for region in REGIONS}
    assert sum(place.remoteness > 0 for place in places) > 900
    assert check(market, solve(market)) == ()
