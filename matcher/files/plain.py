"""Schools and teachers as the writer spells them, found at a glance: nearly all of every file.

What is found here is right in itself and spelt canonically. What is not found may be right all the
same; the strict reader says so, or why not (a test holds the two against each other).
"""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Generic, NamedTuple, TypeVar

from matcher.files.rulebook import Mark, SubjectCode
from matcher.files.window import Window

School = TypeVar("School", bound=str)
County = TypeVar("County", bound=str)

LONGEST = 2**16  # characters of one teacher; 4,000 wishes are as many
_TEXT = r"[ !#-\[\]-~]{1,64}"  # what needs no escape and no second look
_NUMBER = r"(?:0|-?[1-9][0-9]{0,14})"
_MARKS = {mark.value: mark for mark in Mark}
_SCHOOL = re.compile(rf'\{{"county":"({_TEXT})","id":"({_TEXT})","marks":\[([^\[\]]*)\]\}}')
_TEACHER = re.compile(
    r'\{"excluded":\[([^\[\]]*)\],'
    rf'"id":"({_TEXT})",'
    r'"indigenous":(true|false),'
    r'"language":(true|false),'
    r'"lot":([1-9][0-9]{0,14}),'
    r'"points":\{([^{}]*)\},'
    rf'"school":"({_TEXT})",'
    rf'"subject":"({_TEXT})",'
    r'"subjects":\[([^\[\]]*)\],'
    r'"tie":\[([-0-9,]*)\],'
    r'"wishes":\[([^\[\]]*)\]\}'
)
_WHOLE_TEXT = re.compile(rf'"({_TEXT})"')
_WHOLE_NUMBER = re.compile(_NUMBER)
_EXCLUSION = re.compile(rf'\{{"reason":"({_TEXT})","school":"({_TEXT})","subject":"({_TEXT})"\}}')
_POINTS = re.compile(rf'"([0-9]{{2}})":({_NUMBER})')


class PlainSchool(NamedTuple):
    """One school; the fields are those of the file."""

    id: str
    county: str
    marks: tuple[Mark, ...]


class PlainSchools:
    """Finds schools; equal lists of marks are one value in memory."""

    def __init__(self) -> None:
        self._marks: dict[str, tuple[Mark, ...] | None] = {}

    def find(self, window: Window) -> PlainSchool | None:
        """The school that comes next in the window, which moves behind it; or None."""
        window.ahead(LONGEST)
        match = _SCHOOL.match(window.text, window.at)
        if match is None:
            return None
        county, name, listed = match.groups()
        if listed not in self._marks:
            self._marks[listed] = _marks_of(listed)
        marks = self._marks[listed]
        if marks is None:
            return None
        window.at = match.end()
        return PlainSchool(name, county, marks)


def _marks_of(text: str) -> tuple[Mark, ...] | None:
    names = _names(text)
    if len({*names}) != len(names) or not _MARKS.keys() >= {*names}:
        return None
    return tuple(_MARKS[name] for name in names)


class PlainTeacher(NamedTuple, Generic[School, County]):
    """One teacher; the fields are those of the file. ``excluded``: school, subject, reason."""

    id: str
    school: School
    subject: SubjectCode
    subjects: tuple[SubjectCode, ...]
    points: Mapping[County, int]
    tie: tuple[int, ...]
    lot: int
    wishes: tuple[School, ...]
    indigenous: bool
    language: bool
    excluded: tuple[tuple[School, SubjectCode, str], ...]


class PlainTeachers(Generic[School, County]):
    """Finds teachers whose schools are declared; equal parts of theirs are one value in memory.

    ``county``: of each declared school; ``tie_length``: how many numbers the rules name.
    """

    def __init__(self, county: Mapping[School, County], tie_length: int) -> None:
        self._tie_length = tie_length
        self._county = county
        # A name with a bracket would end the pattern's list, a comma in quotes cut a name in two.
        self._schools: Mapping[str, School] = {
            school: school
            for school in county
            if _WHOLE_TEXT.fullmatch(f'"{school}"') and not {*"[]"} & {*school}
        }
        self._counties: Mapping[str, County] = {code: code for code in county.values()}
        self._numbers = _Numbers()
        self._points: dict[str, tuple[Mapping[County, int], Set[County]] | None] = {}
        self._subjects: dict[str, tuple[SubjectCode, ...]] = {}

    def find(self, window: Window) -> PlainTeacher[School, County] | None:
        """The teacher that comes next in the window, which moves behind her; or None."""
        window.ahead(LONGEST)
        match = _TEACHER.match(window.text, window.at)
        if match is None:
            return None
        struck, name, indigenous, language, lot, totals, *rest = match.groups()
        home, subject, listed, tie, wished = rest
        points = self._points_of(totals)
        subjects = self._subjects_of(listed)
        try:
            school = self._schools[home]
            numbers = tuple(map(self._numbers.__getitem__, tie.split(","))) if tie else ()
            wishes = tuple(map(self._schools.__getitem__, _names(wished)))
            excluded = tuple(self._excluded(struck, subjects)) if struck else ()
        except KeyError:
            return None
        if (
            points is None
            or subjects[:1] != (subject,)
            or len(numbers) != self._tie_length
            or len({*wishes}) != len(wishes)
            or {*map(self._county.__getitem__, wishes)} != points[1]
        ):
            return None
        window.at = match.end()
        return PlainTeacher(
            name,
            school,
            subjects[0],
            subjects,
            points[0],
            numbers,
            int(lot),
            wishes,
            indigenous == "true",
            language == "true",
            excluded,
        )

    def _excluded(
        self, text: str, subjects: tuple[SubjectCode, ...]
    ) -> Iterator[tuple[School, SubjectCode, str]]:
        """The exclusions.

        Raises:
            KeyError: One of them is in doubt.
        """
        found = _EXCLUSION.findall(text)
        spelt = (f'{{"reason":"{r}","school":"{s}","subject":"{c}"}}' for r, s, c in found)
        if ",".join(spelt) != text or len({(s, c) for _, s, c in found}) != len(found):
            raise KeyError(text)
        for reason, school, subject in found:
            if subject not in subjects:
                raise KeyError(subject)
            yield self._schools[school], SubjectCode(subject), reason

    def _points_of(self, text: str) -> tuple[Mapping[County, int], Set[County]] | None:
        """Points and their counties, if these are those of declared schools and in order."""
        if text not in self._points:
            self._points[text] = self._new_points(text)
        return self._points[text]

    def _new_points(self, text: str) -> tuple[Mapping[County, int], Set[County]] | None:
        pairs = _POINTS.findall(text)
        codes = [code for code, _ in pairs]
        spelt = ",".join(f'"{code}":{number}' for code, number in pairs)
        if spelt != text or codes != sorted({*codes}) or not self._counties.keys() >= {*codes}:
            return None
        points = {self._counties[code]: int(number) for code, number in pairs}
        return points, points.keys()

    def _subjects_of(self, text: str) -> tuple[SubjectCode, ...]:
        """The subjects, none if one is in doubt."""
        if text not in self._subjects:
            names = tuple(map(SubjectCode, _names(text)))
            plain = all(_WHOLE_TEXT.fullmatch(f'"{name}"') for name in names)
            spelt = ",".join(f'"{name}"' for name in names)
            sure = plain and spelt == text and len({*names}) == len(names)
            self._subjects[text] = names if sure else ()
        return self._subjects[text]


class _Numbers(dict[str, int]):
    """Whole numbers by how they are spelt; equal ones are one in memory."""

    def __missing__(self, text: str) -> int:
        if _WHOLE_NUMBER.fullmatch(text) is None:
            raise KeyError(text)
        number = self[text] = int(text)
        return number


def _names(text: str) -> list[str]:
    """The names in a list of texts; with a quote in one of them if it is not only that."""
    if not text:
        return []
    return text[1:-1].split('","') if text[0] == text[-1] == '"' != text else ['"']
