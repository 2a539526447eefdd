"""封箱碼 as lines: the code of the closed log, its QR code, its witness, and how to tell it."""

from collections.abc import Iterable

from core.season.address import seal_address
from core.season.seal_code import seal_code
from kiosk.session.station import Seal, Sealed, Station
from kiosk.text.catalogue import Texts
from kiosk.theme import Role
from kiosk.widgets.glyphs import Glyphs
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph, width_of
from kiosk.widgets.qr import qr_lines, qr_size

LEAST_TEXT = 28


def newest(seal: Seal) -> Sealed:
    """The head that says most: after the close officers go on until their own deadline."""
    return seal.later or seal.closing


def seal_qr(
    station: Station, seal: Seal, glyphs: Glyphs, columns: int, rows: int
) -> tuple[Line, ...]:
    """The largest code there is room for: the address that takes the witness, else the letters."""
    head = newest(seal).hash
    letters = seal_code(head).replace("-", "")
    for text in (seal_address(station.server, head), letters) if station.server else (letters,):
        width, height = qr_size(text, glyphs)
        if height <= rows and width + LEAST_TEXT <= columns:
            return qr_lines(text, glyphs)
    return ()


def seal_lines(seal: Seal, texts: Texts, width: int) -> Iterable[Line]:
    """The code at the close, the one after the last review, each with its witness."""
    yield from _code(texts.seal_closed(seal.closing.at), seal.closing, texts, width)
    if seal.later is not None:
        yield from _code(texts.seal_later(seal.later.at), seal.later, texts, width)


def beside(code: tuple[Line, ...], text: tuple[Line, ...], gap: int) -> Iterable[Line]:
    """A QR code on the left, lines on the right of it."""
    code_width = width_of(code[0]) if code else 0
    for index in range(max(len(code), len(text))):
        left = code[index] if index < len(code) else (Span(" " * code_width),)
        right = text[index] if index < len(text) else ()
        yield (Span(" "), *left, Span(" " * gap), *right)


def _code(when: str, sealed: Sealed, texts: Texts, width: int) -> Iterable[Line]:
    title = (Span(f"{texts.seal_title} ", Role.TITLE), Span(when, Role.DIM))
    yield from (title,) if width_of(title) <= width else (title[:1], title[1:])
    yield line(f"  {seal_code(sealed.hash)}", role=Role.TITLE)
    role = Role.GOOD if sealed.witnessed else Role.WARNING
    yield from paragraph(f"  {_witness(sealed, texts)}", width, role)
    yield BLANK


def _witness(sealed: Sealed, texts: Texts) -> str:
    return texts.seal_witnessed if sealed.witnessed else texts.seal_unwitnessed
