"""School lists from files to a plan: recognise, read, merge. No database, no terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from server.imports.cell import Gazetteer
from server.imports.fault import Fault, Severity
from server.imports.layout import Layout, recognise
from server.imports.merge import Listed, SchoolPlan, plan_schools
from server.imports.part import Part
from server.imports.row import read_parts
from server.imports.sheet import Sheet
from server.lists import SchoolKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLists:
    """What the files say together; ``layouts`` by file name, faults in the order of the files."""

    sheets: tuple[Sheet, ...]
    layouts: Mapping[str, Layout]
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]

    @property
    def broken(self) -> bool:
        """Whether a file cannot be used at all; then nothing of any file is."""
        return any(fault.severity is Severity.FILE for fault in self.faults)


def read_school_lists(sheets: Sequence[Sheet], gazetteer: Gazetteer, today: date) -> SchoolLists:
    """Every file read; a file given twice counts once."""
    once = tuple({sheet.sha256: sheet for sheet in reversed(sheets)}.values())[::-1]
    layouts: dict[str, Layout] = {}
    parts: list[Part] = []
    faults: list[Fault] = []
    for sheet in once:
        faults += sheet.faults
        if sheet.broken:
            continue
        layout = recognise(sheet)
        if not isinstance(layout, Layout):
            faults += layout
            continue
        layouts[sheet.file] = layout
        found, wrong = read_parts(sheet, layout, gazetteer, today)
        parts += found
        faults += wrong
    return SchoolLists(sheets=once, layouts=layouts, parts=tuple(parts), faults=tuple(faults))


def plan_school_lists(lists: SchoolLists, stored: Mapping[SchoolKey, Listed]) -> SchoolPlan:
    """The plan with every fault of reading and merging, by file and line."""
    plan = plan_schools(lists.parts, stored)
    place = {sheet.file: index for index, sheet in enumerate(lists.sheets)}
    faults = sorted(
        (*lists.faults, *plan.faults), key=lambda fault: (place[fault.file], fault.line)
    )
    return replace(plan, faults=tuple(faults))
