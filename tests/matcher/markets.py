"""Small problems as documents: drawn at random, or written out for a test."""

import json
from importlib import resources
from random import Random

DEFAULT_RULES = json.loads(
    resources.files("matcher.rules").joinpath("national-default-1.json").read_bytes()
)
SUBJECTS = ("general", "english", "guidance")
COUNTIES = ("13", "14")


def vacancy_phase(name="single", *, who="all", schools="all", refill="none"):
    return {
        "name": name,
        "kind": "vacancy",
        "who": who,
        "schools": schools,
        "method": "deferred_acceptance",
        "refill": refill,
    }


def ring_phase(shortest, longest, name="ring"):
    return {"name": name, "kind": "ring", "length": [shortest, longest], "method": "priority"}


def rules(*phases, tie=("older",), exclusive=("guidance",)):
    return {
        "format": "jiepin-rules/1",
        "name": "test",
        "source": "範例",
        "phases": list(phases),
        "tie": list(tie),
        "exclusive_subjects": list(exclusive),
    }


def school(name, county="13", *marks):
    return {"id": name, "county": county, "marks": list(marks)}


def vacancy(name, count=1, *, subject="general", refill=True):
    return {"school": name, "subject": subject, "count": count, "refill": refill}


def teacher(name, home, *wishes, points, lot=None, **changed):
    """A teacher of ``general``; ``points`` by county. Her lot is the number in her name."""
    return {
        "id": name,
        "school": home,
        "subject": "general",
        "subjects": ["general"],
        "points": points,
        "tie": [0],
        "lot": int(name[1:]) if lot is None else lot,
        "wishes": list(wishes),
        "indigenous": False,
        "language": False,
        "excluded": [],
    } | changed


def problem(schools, teachers, *, vacancies=(), rules=None):
    return {
        "format": "jiepin-problem/1",
        "season": "115",
        "stage": "elementary",
        "rules": DEFAULT_RULES if rules is None else rules,
        "schools": list(schools),
        "vacancies": list(vacancies),
        "teachers": list(teachers),
    }


RULE_SETS = (
    rules(vacancy_phase()),
    rules(vacancy_phase(refill="rounds")),
    rules(ring_phase(2, 2)),
    rules(ring_phase(3, 3)),
    rules(ring_phase(2, 7)),
    rules(ring_phase(4, 5)),
    rules(ring_phase(3, 5)),
    rules(
        vacancy_phase("first", who="indigenous", schools="indigenous", refill="rounds"),
        vacancy_phase("second", who="language"),
        vacancy_phase("third", refill="rounds"),
        ring_phase(2, 2, "swap"),
        ring_phase(3, 3, "triangle"),
        ring_phase(4, 5, "ring"),
    ),
    rules(ring_phase(2, 3, "early"), vacancy_phase(schools="remote"), ring_phase(2, 6, "late")),
)


def random_problem(rng: Random, *, most_teachers=7, rule_sets=RULE_SETS):
    """A market with everything that can go together: ties, two counties, every flag."""
    schools = [
        school(f"S{n}", rng.choice(COUNTIES), *_marks(rng)) for n in range(rng.randint(2, 6))
    ]
    county = {entry["id"]: entry["county"] for entry in schools}
    size = max(rng.randint(1, most_teachers), rng.randint(1, most_teachers))
    lots = rng.sample(range(1, 50), size)
    teachers = [
        random_teacher(rng, f"T{n}", lots[n], county, subjects=rng.choice((1, 1, 3)))
        for n in range(size)
    ]
    return problem(
        schools, teachers, vacancies=_vacancies(rng, schools), rules=rng.choice(rule_sets)
    )


def random_teacher(rng, name, lot, county, *, subjects):
    schools = list(county)
    own, *others = rng.sample(SUBJECTS[:subjects], rng.randint(1, subjects))
    wishes = rng.sample(schools, rng.randint(0, len(schools)))
    excluded = [
        {"school": wish, "subject": rng.choice([own, *others]), "reason": "teaching_area"}
        for wish in wishes
        if rng.random() < 0.08
    ]
    return teacher(
        name,
        rng.choice(schools),
        *wishes,
        points={c: 100 * rng.randint(1, 3) for c in sorted({county[wish] for wish in wishes})},
        lot=lot,
        subject=own,
        subjects=[own, *others],
        tie=[rng.randint(0, 1)],
        indigenous=rng.random() < 0.4,
        language=rng.random() < 0.4,
        excluded=excluded,
    )


def _marks(rng):
    return [
        mark
        for mark, chance in (("indigenous", 0.4), ("remote", 0.4), ("closed", 0.06))
        if rng.random() < chance
    ]


def _vacancies(rng, schools):
    wide = rng.choice((1, 1, 3))
    return [
        vacancy(entry["id"], rng.randint(0, 2), subject=subject, refill=rng.random() < 0.8)
        for entry in schools
        if "closed" not in entry["marks"]
        for subject in SUBJECTS[:wide]
        if rng.random() < 0.35
    ]
