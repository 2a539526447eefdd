"""What stands in payloads: who a teacher is, what she claims and wishes, what was decided."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.interop.ttc import digest, keyed, write

POINTS = ("reason_a", "reason_b", "service", "appraisal", "awards", "training", "special")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A teacher of the school, as the officer knows her."""

    national_id: str
    name: str
    birth: str
    sex: str
    school: str
    stage: str
    subject: str
    title: str = "教師"

    def pseudonym(self, secret: bytes) -> bytes:
        """Her name in entries."""
        return keyed(secret, "teacher", self.national_id)[:16]

    def application(self, secret: bytes, season: str) -> bytes:
        """The name of her application of this season."""
        return keyed(secret, "application", season, self.stage, self.national_id)[:16]


Random = Callable[[int], bytes]


def roster(person: Person, random: Random) -> bytes:
    """`RosterPayload`: 在職登錄."""
    return write(
        {
            "salt": random(16),
            "national_id": person.national_id,
            "name": person.name,
            "birth": person.birth,
            "sex": person.sex,
            "title": person.title,
            "school": person.school,
            "stage": person.stage,
            "subject": person.subject,
        }
    )


def claim(person: Person, season: str, random: Random, **said: Any) -> bytes:
    """`Claim`, the part that is reviewed."""
    return write(
        {
            "part": "claim",
            "salt": random(16),
            "season": season,
            "stage": person.stage,
            "teacher_name": person.name,
            "national_id": person.national_id,
            "birth": person.birth,
            "sex": person.sex,
            "card_name_raw": card_name(person),
            "phone1": "02-23456789",
            "phone2": None,
            "email": "teacher@example.tw",
            "indigenous": False,
            "language": False,
            "area_limit": "general",
            "service_years": 12,
            "school": person.school,
            "subject": person.subject,
            "subjects": [person.subject],
            "declared": True,
        }
        | said
    )


def wishes(counties: tuple[str, str], schools: list[str], random: Random) -> bytes:
    """`Wishes`, best first."""
    return write(
        {
            "part": "wishes",
            "salt": random(16),
            "county_a": counties[0],
            "county_b": counties[1],
            "schools": schools,
        }
    )


def application(claimed: bytes, wished: bytes, random: Random) -> bytes:
    """`ApplicationPayload`: both parts as their own bytes."""
    return write({"salt": random(16), "claim": claimed, "wishes": wished})


def part_hash(part: bytes) -> bytes:
    """What the entry says of a part."""
    return digest("tt/payload/1", part)


def approval(
    app: bytes, revision: bytes, claimed: bytes, officer: bytes, random: Random, **points: int
) -> bytes:
    """`DecisionPayload` that approves this claim with these hundredths."""
    return write(
        {
            "salt": random(16),
            "app": app,
            "revision": revision,
            "claim": claimed,
            "officer": officer,
            "verdict": "approved",
            "points": {name: points.get(name, 0) for name in POINTS},
            "reasons": [],
            "remark": "",
        }
    )


def card_name(person: Person) -> bytes:
    """The 20 bytes of her name as a card of hers has them."""
    return person.name.encode("cp950").ljust(20)


def card_hash(
    secret: bytes, number: str, name: bytes, national_id: str, issued: str | None
) -> bytes:
    """`card` of `teacher.present`."""
    return keyed(secret, "card", number, name.hex(), national_id, str(issued))
