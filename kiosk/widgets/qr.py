"""QR codes from half-height blocks, black on white in every theme, with the quiet zone the

standard wants.
"""

from functools import lru_cache

from kiosk.theme import Role
from kiosk.widgets.glyphs import Glyphs
from kiosk.widgets.painted import Line, Span

QUIET = 4
"""Modules; ISO/IEC 18004 asks for four on every side."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_lines(text: str, glyphs: Glyphs) -> tuple[Line, ...]:
    """The code as lines, each one cell a module wide and two modules high.

    Where blocks have no certain width, two cells of background colour are a module and a line is
    one module high.
    """
    return _half_blocks(text) if glyphs.half_blocks else _full_cells(text)


def qr_size(text: str, glyphs: Glyphs) -> tuple[int, int]:
    """Cells and rows `qr_lines` takes."""
    modules = len(_matrix(text))
    return (modules, (modules + 1) // 2) if glyphs.half_blocks else (modules * 2, modules)


@lru_cache(maxsize=8)
def _matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    import segno  # noqa: PLC0415 - few screens have a code

    code = segno.make(text, micro=False, error="l", boost_error=True)
    return tuple(
        tuple(bool(module) for module in row) for row in code.matrix_iter(scale=1, border=QUIET)
    )


@lru_cache(maxsize=8)
def _half_blocks(text: str) -> tuple[Line, ...]:
    rows = list(_matrix(text))
    if len(rows) % 2:
        rows.append((False,) * len(rows[0]))
    return tuple(
        (Span("".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True)), Role.QR),)
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )


@lru_cache(maxsize=8)
def _full_cells(text: str) -> tuple[Line, ...]:
    return tuple(
        tuple(Span("  ", Role.QR_DARK if module else Role.QR) for module in row)
        for row in _matrix(text)
    )
