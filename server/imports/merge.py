"""Many lists as one list of schools, compared with what is stored. Nothing is left out silently."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.domain.school import DatedMark, School, Stage, short_name_of
from server.imports.fault import Fault, Severity
from server.imports.part import Marking, Origin, Part
from server.lists import SchoolKey

WHOLE_LISTS = frozenset({Origin.DIRECTORY, Origin.STATISTICS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A school as stored; lists do not overrule name and place of one ``entered`` by hand."""

    school: School
    entered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A school as it would be; ``before`` is None for a new one, ``fields`` names what differs."""

    before: School | None
    after: Listed
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolPlan:
    """What an import would do. ``gone``: stored, but not in the whole lists of their stage."""

    new: tuple[Changed, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    gone: tuple[School, ...]
    private: int
    faults: tuple[Fault, ...]


FIELDS = ("name", "short_name", "county", "township", "marks", "delegated")


def plan_schools(parts: Iterable[Part], stored: Mapping[SchoolKey, Listed]) -> SchoolPlan:
    """The stored list brought up to date; new public schools are delegated if they have classes."""
    sound, faults = _without_contradictions(parts)
    by_school: dict[SchoolKey, list[Part]] = defaultdict(list)
    private: set[SchoolKey] = set()
    for part in sound:
        if part.public is False:
            private.add((part.stage, part.id))
        else:
            by_school[part.stage, part.id].append(part)
    newest = _newest_years(sound)
    changes: list[Changed] = []
    for key in sorted(by_school.keys() - private):
        change, found = _change(by_school[key], stored.get(key), newest.get(key[0]))
        faults += found
        if change is not None:
            changes.append(change)
    named = {(each.after.school.stage, each.after.school.id) for each in changes}
    gone = tuple(
        stored[key].school
        for key in sorted(stored.keys() - named)
        if key[0] in newest and not stored[key].entered and stored[key].school.delegated
    )
    return SchoolPlan(
        new=tuple(each for each in changes if each.before is None),
        changed=tuple(each for each in changes if each.fields),
        unchanged=sum(each.before is not None and not each.fields for each in changes),
        gone=gone,
        private=len(private),
        faults=tuple(faults),
    )


def closed(plan: SchoolPlan) -> tuple[Listed, ...]:
    """The gone schools as no longer delegated: they stay known, because applications name them."""
    return tuple(
        Listed(school=replace(school, delegated=False), entered=False) for school in plan.gone
    )


def _without_contradictions(parts: Iterable[Part]) -> tuple[list[Part], list[Fault]]:
    """Equal rows count once; of rows that differ nobody knows which is right, so none is taken."""
    order = sorted(parts, key=lambda part: (part.origin, part.stage, part.id, part.year))
    sound: list[Part] = []
    faults: list[Fault] = []
    for _, group in groupby(order, key=lambda part: (part.origin, part.stage, part.id, part.year)):
        rows = list(group)
        if len({row.statement for row in rows}) == 1:
            sound.append(rows[0])
            faults += (_repeats(row, rows[0], "row_repeated", Severity.NOTE) for row in rows[1:])
        else:
            faults += (
                _repeats(row, rows[0 if index else 1], "row_contradicts", Severity.ROW)
                for index, row in enumerate(rows)
            )
    return sound, faults


def _repeats(row: Part, other: Part, code: str, severity: Severity) -> Fault:
    return Fault(
        file=row.file,
        line=row.line,
        column="",
        value=f"{row.id} {row.name}",
        code=code,
        proposal=f"{other.file}:{other.line} {other.name}",
        severity=severity,
    )


def _newest_years(parts: Iterable[Part]) -> Mapping[Stage, Part]:
    """Per stage a part of the newest whole list; who is not in a list of that year is gone."""
    newest: dict[Stage, Part] = {}
    for part in parts:
        best = newest.get(part.stage)
        if part.origin in WHOLE_LISTS and (best is None or part.year > best.year):
            newest[part.stage] = part
    return newest


def _change(
    parts: Sequence[Part], stored: Listed | None, newest: Part | None
) -> tuple[Changed | None, list[Fault]]:
    ranked = sorted(parts, key=lambda part: (part.origin, part.year), reverse=True)
    current = [
        part
        for part in ranked
        if part.origin is Origin.ENTERED
        or (part.origin in WHOLE_LISTS and newest is not None and part.year == newest.year)
    ]
    if not current and newest is not None:
        return None, [_about(ranked[0], "school_gone")]
    if not current and stored is None:
        # Remoteness alone makes no school: its list is a year behind and names closed ones.
        return None, [_about(ranked[0], "school_unlisted")]
    faults = list(_name_notes(current))
    base = _identity(ranked, current, stored)
    if base is None:
        return None, [*faults, _about(ranked[0], "township_missing", Severity.ROW)]
    after = replace(
        base,
        marks=_marks(ranked, stored.school.marks if stored else ()),
        delegated=_delegated(ranked, stored, faults),
    )
    entered = any(part.origin is Origin.ENTERED for part in parts)
    return _compared(stored, Listed(school=after, entered=entered)), faults


def _compared(stored: Listed | None, after: Listed) -> Changed:
    if stored is None:
        return Changed(before=None, after=after)
    fields = tuple(
        field for field in FIELDS if getattr(stored.school, field) != getattr(after.school, field)
    )
    entered = after.entered or stored.entered
    return Changed(before=stored.school, after=replace(after, entered=entered), fields=fields)


def _identity(
    ranked: Sequence[Part], current: Sequence[Part], stored: Listed | None
) -> School | None:
    """Name and place, marks and delegation not yet; None when no list knows the township."""
    best = current[0] if current else None
    if stored is not None and (
        best is None or (stored.entered and best.origin is not Origin.ENTERED)
    ):
        return stored.school
    township = next((part.township for part in ranked if part.township), None)
    if township is None and stored is not None:
        township = stored.school.township
    if best is None or township is None:
        return None
    return School(
        id=best.id,
        name=best.name,
        short_name=best.short_name or short_name_of(best.name),
        county=best.county,
        township=township,
        stage=best.stage,
    )


def _name_notes(current: Sequence[Part]) -> Iterator[Fault]:
    """Lists of one year that name a school differently: the directory's name is taken."""
    for part in current[1:]:
        if part.name != current[0].name and current[0].origin is not Origin.ENTERED:
            yield _about(part, "name_differs", proposal=current[0].name)


def _delegated(ranked: Sequence[Part], stored: Listed | None, faults: list[Fault]) -> bool:
    """As said by hand; without classes not; otherwise as stored, and a new school yes."""
    said = next((part.delegated for part in ranked if part.delegated is not None), None)
    if said is not None:
        return said
    counted = next((part for part in ranked if part.classes is not None), None)
    if counted is not None and counted.classes == 0:
        faults.append(_about(counted, "no_classes"))
        return False
    return True if stored is None else stored.school.delegated


def _marks(ranked: Sequence[Part], stored: tuple[DatedMark, ...]) -> tuple[DatedMark, ...]:
    marks = stored
    for part in sorted(ranked, key=lambda part: (part.year, part.origin)):
        if part.marking is not None:
            marks = graded(marks, part.marking)
    return marks


def graded(marks: tuple[DatedMark, ...], marking: Marking) -> tuple[DatedMark, ...]:
    """The marks under ``marking``: what is no longer said ends; an older list says nothing."""
    outside = [dated for dated in marks if dated.mark not in marking.scope]
    inside = [dated for dated in marks if dated.mark in marking.scope]
    if not marking.by_hand and any(dated.since > marking.on for dated in inside):
        return marks
    wanted = {dated.mark: dated for dated in marking.marks}
    kept: list[DatedMark] = []
    for dated in inside:
        stated = wanted.get(dated.mark)
        if dated.until is not None and dated.until <= marking.on:
            kept.append(dated)
        elif stated is not None and dated.since <= stated.since:
            # In force and still said: it goes on, with the end that is said now.
            kept.append(replace(dated, until=stated.until))
            del wanted[dated.mark]
        elif stated is None and dated.since < marking.on:
            kept.append(replace(dated, until=marking.on))
    return tuple(
        sorted([*outside, *kept, *wanted.values()], key=lambda dated: (dated.mark, dated.since))
    )


def _about(part: Part, code: str, severity: Severity = Severity.NOTE, proposal: str = "") -> Fault:
    return Fault(
        file=part.file,
        line=part.line,
        column="",
        value=f"{part.id} {part.name}",
        code=code,
        proposal=proposal,
        severity=severity,
    )
