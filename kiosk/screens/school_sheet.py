"""What is known of one school, with its map as a code to scan, and what the marks mean (F-118)."""

from collections.abc import Iterable

from core.domain.application import Reference
from core.domain.school import Mark, School
from kiosk.screens.host import Host
from kiosk.screens.labels import SIGNS
from kiosk.screens.overlay import Sheet
from kiosk.session.naming import county_name, school_label
from kiosk.text.schools import family_words, map_address
from kiosk.theme import Role
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph, width_of
from kiosk.widgets.qr import qr_lines

WIDTH = 76
LEFT_FOR_WORDS = 30


def school_sheet(host: Host, reference: Reference, school: School) -> Sheet:
    """Code, place, marks with their meaning, main school or branches, and the map."""
    texts, address = host.texts, map_address(reference, school)
    code = qr_lines(address, host.glyphs)
    room = min(WIDTH, host.size.width) - LEFT_FOR_WORDS
    fits = len(code) <= host.size.height - 3 and width_of(code[0]) <= room

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
        yield from paragraph(texts.map_hint if fits else texts.map_no_qr, width)
        yield from paragraph(address, width, Role.DIM)

    def lines(width: int) -> Iterable[Line]:
        if not fits:
            yield from words(width)
            return
        cells = width_of(code[0])
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
