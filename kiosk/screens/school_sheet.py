"""What is known of one school, with its map as a code to scan, and what the marks mean (F-118)."""

from collections.abc import Iterable

from core.domain.application import Reference
from core.domain.ids import SubjectCode
from core.domain.school import Mark, School
from kiosk.screens.host import Host
from kiosk.screens.labels import SIGNS
from kiosk.screens.overlay import Sheet
from kiosk.session.naming import county_name, school_label
from kiosk.text.schools import family_words, map_address, past_words
from kiosk.theme import Role
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph, width_of
from kiosk.widgets.qr import qr_lines

WIDTH = 76
LEFT_FOR_WORDS = 30


def school_sheet(
    host: Host, reference: Reference, school: School, subjects: tuple[SubjectCode, ...]
) -> Sheet:
    """Code, place, marks with their meaning, main school or branches, past results, the map."""
    texts, address = host.texts, map_address(reference, school)
    code = qr_lines(address, host.glyphs)
    width, height = min(WIDTH, host.size.width), host.size.height - 3
    past = past_words(reference, school, subjects, texts)

    def words(width: int) -> Iterable[Line]:
        county = county_name(reference, school.county)
        yield from paragraph(f"{county}{school.township}", width)
        yield from paragraph(school_label(school), width, Role.TITLE)
        yield line(Span(f"{texts.label_school_code} ", Role.DIM), school.id)
        kin = family_words(reference, school, texts)
        yield from paragraph(kin, width) if kin else ()
        yield BLANK
        marks = school.marks_on(reference.on)
        for mark in (each for each in Mark if each in marks):
            yield from hanging(f"{texts.mark(mark)} ", texts.mark_explained(mark), width)
        if not marks:
            yield from paragraph(texts.no_mark, width)
        yield BLANK
        for each in past:
            yield from paragraph(each, width)
        yield from (BLANK,) if past else ()
        yield from paragraph(texts.map_hint if fits else texts.map_no_qr, width)
        yield from paragraph(address, width, Role.DIM)

    cells = width_of(code[0])
    fits = len(code) <= height and cells <= width - LEFT_FOR_WORDS
    # What three subjects of hers came to needs the whole box on a small screen.
    fits = fits and len(tuple(words(width - cells - 6))) <= height

    def lines(width: int) -> Iterable[Line]:
        if not fits:
            yield from words(width)
            return
        beside = tuple(words(width - cells - 2))
        for index in range(max(len(code), len(beside))):
            row = code[index] if index < len(code) else (Span(" " * cells),)
            yield (*row, Span("  "), *(beside[index] if index < len(beside) else ()))

    return Sheet(f"{texts.details} {school_label(school)}", lines, width=WIDTH)


def marks_sheet(host: Host) -> Sheet:
    """Every mark with its letter, its sign on the old system's pages, and its meaning."""
    texts = host.texts

    def lines(width: int) -> Iterable[Line]:
        for mark in Mark:
            sign = SIGNS.get(mark, " ") if host.glyphs.half_blocks else " "
            head = f"{texts.mark(mark)} {sign} "
            yield from hanging(head, f"{texts.mark_name(mark)}{texts.colon}"
                               f"{texts.mark_explained(mark)}", width)  # fmt: skip
        yield BLANK
        yield from paragraph(texts.marks_note, width, Role.DIM)

    return Sheet(texts.marks_title, lines)
