"""What the people of a site do at their kiosk, written as scripts for ``jiepin kiosk --robot``."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from provisioning.demo.world import Person, Site, Teacher

EDITS_AT_MOST = 4
SECOND_VERSION_SHARE = 0.2
WAIT_S = 300


def card(person: Person) -> dict[str, str]:
    """What the chip holds."""
    return {
        "card_number": person.card_number,
        "name": person.name,
        "national_id": person.national_id.text,
        "birth": person.birth.isoformat(),
        "sex": person.sex,
        "issued": "2020-01-09",
    }


def write_application_script(
    path: Path, site: Site, code: str, seed: int, applicants: Sequence[Teacher] | None = None
) -> int:
    """The officer enrols and registers all; ``applicants`` (all) apply, some twice.

    Gives the number of versions they mean to send.
    """
    rng = random.Random(f"{seed}/{site.name}")  # noqa: S311 - invented people
    acts: list[dict[str, Any]] = [
        {
            "officer": {
                "card": card(site.officer),
                "password": site.officer.password,
                "code": code,
                "name": site.officer_title,
                "school": site.schools[0],
            }
        },
        {"wait": "certificate", "timeout_s": WAIT_S},
        {"wait": "reference", "timeout_s": WAIT_S},
        {"register": [_registration(each) for each in site.teachers]},
    ]
    versions = 0
    for teacher in site.teachers if applicants is None else applicants:
        acts.append({"apply": _application(teacher, rng, again=False)})
        versions += 1
        if rng.random() < SECOND_VERSION_SHARE and len(teacher.wishing.schools) > 1:
            acts.append({"apply": _application(teacher, rng, again=True)})
            versions += 1
    _write(path, acts)
    return versions


def write_again_script(path: Path, teacher: Teacher, seed: int) -> None:
    """A teacher who has applied changes the order and sends another version."""
    rng = random.Random(f"{seed}/{teacher.person.name}/again")  # noqa: S311 - invented people
    _write(path, [{"apply": _application(teacher, rng, again=True)}])


def write_review_script(path: Path, site: Site) -> None:
    """The officer approves every case with the points of the world."""
    points = {each.person.national_id.text: dict(each.points) for each in site.teachers}
    _write(
        path,
        [
            {"officer": {"card": card(site.officer), "password": site.officer.password}},
            {"review": {"verdict": "approved", "points": points}},
        ],
    )


def write_result_script(path: Path, site: Site) -> None:
    """Every teacher puts the card in again and reads the result."""
    _write(
        path,
        [
            {
                "result": {
                    "card": card(each.person),
                    "password": each.person.password,
                    "timeout_s": WAIT_S,
                }
            }
            for each in site.teachers
        ],
    )


def _registration(teacher: Teacher) -> dict[str, Any]:
    correction = {} if _fits_on_a_card(teacher.person.name) else {"name": teacher.person.name}
    return correction | {
        "card": card(teacher.person),
        "title": "教師",
        "school": teacher.school,
        "stage": teacher.stage.value,
        "subject": teacher.subject,
    }


def _fits_on_a_card(name: str) -> bool:
    try:
        name.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True


def _application(teacher: Teacher, rng: random.Random, *, again: bool) -> dict[str, Any]:
    wishing = teacher.wishing
    schools = list(wishing.schools)
    if again:
        schools.append(schools.pop(0))
    return {
        "card": card(teacher.person),
        "password": teacher.person.password,
        "basics": {"phone1": wishing.phone, "phone2": "", "email": wishing.email},
        "posts": {
            "indigenous": wishing.indigenous,
            "area_limit": "general",
            "service_years": wishing.service_years,
            "subjects": list(wishing.subjects),
        },
        "counties": list(wishing.counties),
        "schools": schools,
        "edits": rng.randrange(EDITS_AT_MOST),
        "edit_seed": rng.randrange(2**31),
    }


def _write(path: Path, acts: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(acts, ensure_ascii=False, indent=1), encoding="utf-8")
