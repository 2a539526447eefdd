"""Schools, the marks the law gives them, and the seats they open."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.ids import CountyCode, SchoolId, SubjectCode


class Stage(StrEnum):
    """School stage (階段別): three markets that never meet."""

    JUNIOR = "junior"
    ELEMENTARY = "elementary"
    KINDERGARTEN = "kindergarten"


class Mark(StrEnum):
    """What sets a school apart (偏遠 特偏 極偏 矯正 原民)."""

    REMOTE = "remote"
    SPECIAL_REMOTE = "special_remote"
    VERY_REMOTE = "very_remote"
    CORRECTIONAL = "correctional"
    INDIGENOUS = "indigenous"


REMOTE_MARKS = frozenset({Mark.REMOTE, Mark.SPECIAL_REMOTE, Mark.VERY_REMOTE})
"""偏遠地區學校分級及認定標準 第二條至第四條: the three grades of remoteness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedMark:
    """A mark in force for ``since <= day < until``; remoteness is graded anew every three years."""

    mark: Mark
    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and not self.since < self.until:
            raise ValueError(f"{self.mark}: ends before it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A public school, branch or kindergarten; ``delegated`` (委託): takes part this year."""

    id: SchoolId
    name: str
    short_name: str
    county: CountyCode
    township: str
    stage: Stage
    marks: tuple[DatedMark, ...] = ()
    delegated: bool = True

    def marks_on(self, day: date) -> frozenset[Mark]:
        """The marks in force on that day."""
        return frozenset(
            dated.mark
            for dated in self.marks
            if dated.since <= day and (dated.until is None or day < dated.until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """Seats (單調缺額) of a county; not ``refill`` is 遇缺不補: a mover's seat stays closed."""

    school: SchoolId
    subject: SubjectCode
    count: int
    refill: bool

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a vacancy has at least one seat")


_OWNERS = ("國立", "私立", "市立", "縣立")
_COUNTY = re.compile(r"\A.{2}[縣市]")
# Cities are divided into 區, counties into 鄉鎮市: 平鎮區 must not be cut after 鎮.
_TOWNSHIP = {"市": re.compile(r"\A.{1,3}?區"), "縣": re.compile(r"\A.{1,3}?[鄉鎮市]")}
_LEVEL = re.compile(r"(?:國民中小學|國\(中\)小|國中小|國民小學|國民中學|國小|國中)\Z")
BRANCHES = ("分校", "分班")
# 偏遠地區學校分級及認定標準 第十一條 grades them on their own; each is a wish of its own.
_BRANCH = re.compile(
    r"\A(?P<main>.+?(?:國民中小學|國\(中\)小|國中小|國民小學|國民中學|國小|國中))[^(（]+\Z"
)
_ATTACHED = re.compile(r"(?:國民中?小學|(?P<junior>國民中學))附設幼兒園")


def short_name_of(name: str) -> str:
    """The name as printed in a wish list: without owner, place and level.

    ``市立福山國小`` gives ``福山``, ``新北市八里區八里國民小學附設幼兒園`` gives ``八里附幼``.
    Branches keep the level, as in ``地磨兒國小德文分校``; kindergartens of junior high schools say
    so, since the elementary school next door often has the same name.
    """
    attached = _ATTACHED.sub(
        lambda found: "國中附幼" if found["junior"] else "附幼", _without_owner(name)
    )
    return _LEVEL.sub("", attached).replace("附設幼兒園", "附幼")


def main_name_of(name: str) -> str | None:
    """The school a branch belongs to, ``地磨兒國小`` for ``地磨兒國小德文分校``.

    None for a name that is not a branch's, or does not say whose.
    """
    if not name.endswith(BRANCHES):
        return None
    found = _BRANCH.match(name)
    return None if found is None else found["main"]


def _without_owner(name: str) -> str:
    for owner in _OWNERS:
        if name.startswith(owner):
            return name.removeprefix(owner)
    county = _COUNTY.match(name)
    if county is None:
        return name
    rest = name[county.end() :]
    if rest.startswith("立"):
        # 臺北市立大學 is a name; 新北市立三峽幼兒園 is an owner and a name.
        return name if rest.startswith("立大學") else rest.removeprefix("立")
    township = _TOWNSHIP[county[0][-1]].match(rest)
    return rest if township is None else _without_township(rest, township.end())


def _without_township(rest: str, end: int) -> str:
    own = rest[end:]
    if own.startswith("立幼兒園"):
        return rest  # the township is all the name it has
    # 花蓮縣卓溪鄉立山國小 is called 立山; only a kindergarten of its own is run by a township.
    return own if "國民" in own or "附設" in own else own.removeprefix("立")
