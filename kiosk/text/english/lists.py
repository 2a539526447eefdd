"""Sentences about versions sent, new lists, school marks, branches, what rests."""

from core.domain.past import PastResult
from core.domain.school import Mark
from kiosk.text.english.dates import stamp

_MARKS = {
    Mark.REMOTE: "remote area, the first of three grades.",
    Mark.SPECIAL_REMOTE: "special remote area, the second grade.",
    Mark.VERY_REMOTE: "very remote area, the third grade.",
    Mark.CORRECTIONAL: "halfway or correctional school.",
    Mark.INDIGENOUS: "school for indigenous pupils; 原民調 uses only wishes with this mark.",
}


class ListsEn:
    """Part of `English`."""

    both_counties = "both"
    both_counties_long = "both"
    township_hint = "Choose a township to find its schools quickly."
    own_school = "!own"
    wishes_fill_here = "The schools you choose are listed here, in order."
    resting_why = "Not ranked; back with their county."
    marks_title = "School marks"
    marks_note = (
        "Remoteness is graded anew every three years (偏遠地區學校分級及認定標準); branches are "
        "graded on their own. A certificate limited to remote areas allows only schools marked "
        "偏, 特 or 極 (公立國民小學及國民中學教師介聘辦法第十三條). "
        "Marks count from the day the lists give."
    )
    details = "About the school, and its map"
    label_school_code = "Code"
    label_main = "Main school"
    label_branches = "Branches"
    no_mark = "No mark (ordinary area)."
    past_caution = "Past results say nothing about this year; rank what you really want."
    past_hint = "Past results: F9 (they say nothing about this year)"
    history_title = "Versions"
    history_hint = "Move to see what differs; Space chooses what with; Enter puts it in the draft."
    history_none = "Nothing has been sent yet; there is only the draft."
    base_word = "base"
    compared_with = "Compare"
    nothing_to_compare = "Once you have sent, versions can be compared and restored here."
    same_version = "This is what the others are compared with; move to another one."

    def mark_explained(self, mark: Mark) -> str:
        return _MARKS[mark]

    def past_result(self, result: PastResult, subject: str) -> str:
        people = "people not published"
        if result.applicants is not None:
            moved = "not published" if result.moved is None else f"{result.moved:,}"
            people = f"wished by {result.applicants:,}, moved in {moved}"
        lowest = "" if result.lowest is None else f", lowest {result.lowest} points"
        seats = "seat" if result.vacancies == 1 else "seats"
        return f"Year {result.year}, {subject}: {result.vacancies:,} {seats}, {people}{lowest}."

    def past_source(self, source: str, as_of: str) -> str:
        return f"Source: {source}, {stamp(as_of)}"

    def resting(self, county: str, count: int) -> str:
        return f"put aside: {county} {count}"

    def twice(self, ranks: str) -> str:
        return f"Twice: wish {ranks} is a school that stands further up already."

    def lists_hit(self, count: int, ranks: str, when: str) -> str:
        corrected = f" of {when}" if when else ""
        return (
            f"! Of your {count} wishes, number {ranks} left the lists{corrected} and do not count. "
            "Open 5 to look."
        )

    def sent_from(self, machine: str) -> str:
        return f"here, {machine}" if machine else "elsewhere"

    def different_short(self, added: int, moved: int, removed: int, others: int) -> str:
        wishes = f"+{added} -{removed} mv {moved}"
        return f"{wishes} etc {others}" if others else wishes

    def from_to_version(self, before: str, after: str) -> str:
        return f"from {before} to {after}"
