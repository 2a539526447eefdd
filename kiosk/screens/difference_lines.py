"""What changed between a sent version and the draft, as lines (F4 on K05, K06, K11)."""

from collections.abc import Iterable

from rich.cells import cell_len

from core.domain.application import Reference
from kiosk.session.difference import Difference
from kiosk.session.history import Comparison
from kiosk.session.naming import school_name
from kiosk.session.person import Post
from kiosk.text.answers import answer_words
from kiosk.text.catalogue import Texts
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.glyphs import Glyphs
from kiosk.widgets.painted import Line, Span, line, paragraph

KIND, NAME = 7, 24


def difference_lines(
    change: Difference,
    reference: Reference | None,
    texts: Texts,
    width: int,
    *,
    fields: bool = True,
) -> Iterable[Line]:
    """Added, moved (old and new rank), removed, and the names of the other answers that differ."""
    if change.count == 0:
        yield line(texts.no_difference, role=Role.GOOD)
        return
    yield line(texts.different(len(change.added), len(change.moved), len(change.removed)))
    rows = (
        *((texts.added, school_name(reference, each), "") for each in change.added),
        *(
            (
                texts.moved,
                school_name(reference, each.school),
                texts.from_to(each.before, each.after),
            )
            for each in change.moved
        ),
        *((texts.removed, school_name(reference, each), "") for each in change.removed),
    )
    kind = max(KIND, *(cell_len(word) + 1 for word in (texts.added, texts.moved, texts.removed)))
    for word, name, note in rows:
        room = min(NAME, width - kind - 1 - cell_len(note))
        yield line(Span(f" {fit(word, kind)}", Role.DIM), fit(shorten(name, room - 1), room), note)
    if fields and change.fields:
        names = texts.list_comma.join(texts.place(each) for each in change.fields)
        yield from paragraph(f" {texts.changed_answers}{texts.colon}{names}", width)


def answer_lines(  # noqa: PLR0913 - what names are made of
    found: Comparison,
    post: Post,
    reference: Reference | None,
    *,
    texts: Texts,
    glyphs: Glyphs,
    width: int,
) -> Iterable[Line]:
    """The other answers that differ, each as it was and as it is."""
    for place in found.change.fields:
        sides = (found.before, found.after)
        before, after = (answer_words(place, each, post, reference, texts) for each in sides)
        words = f"{texts.place(place)}{texts.colon}{before} {glyphs.arrow} {after}"
        yield from paragraph(f" {words}", width)
