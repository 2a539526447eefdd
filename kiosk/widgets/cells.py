"""Text measured in terminal cells: cut, padded and wrapped the way Chinese is set."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

NOT_AT_LINE_START = frozenset("，。、；：？！）」』】》〉,.;:?!)]}%/")
NOT_AT_LINE_END = frozenset("（「『【《〈([{")


@lru_cache(maxsize=8192)
def fit(text: str, width: int) -> str:
    """Exactly ``width`` cells: cut (never through a character) or padded on the right."""
    return set_cell_size(text, width)


def fit_right(text: str, width: int) -> str:
    """Exactly ``width`` cells, text at the right end."""
    return " " * (width - cell_len(text)) + text if cell_len(text) < width else fit(text, width)


def centre(text: str, width: int) -> str:
    """Exactly ``width`` cells, text in the middle."""
    return fit(" " * max(0, (width - cell_len(text)) // 2) + text, width)


def shorten(text: str, width: int) -> str:
    """At most ``width`` cells; what was cut is announced by two dots."""
    return text if cell_len(text) <= width else f"{fit(text, width - 2).rstrip()}.."


def join(parts: Iterable[str], gap: int = 2) -> str:
    """The parts that are not empty, with spaces between."""
    return (" " * gap).join(part for part in parts if part)


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Lines of at most ``width`` cells.

    Newlines are kept, leading spaces indent every line of their paragraph.

    Chinese breaks between any two characters except before closing and after opening
    punctuation; Latin words and numbers stay whole while they fit.
    """
    return tuple(line for paragraph in text.split("\n") for line in _paragraph(paragraph, width))


@lru_cache(maxsize=1024)
def _paragraph(text: str, width: int) -> tuple[str, ...]:
    body = text.lstrip(" ")
    indent = " " * min(len(text) - len(body), max(0, width - 4))
    room = width - len(indent)
    lines: list[str] = []
    line = ""
    for piece in _pieces(body, room):
        if line and cell_len(line) + cell_len(piece.rstrip(" ")) > room:
            lines.append(line.rstrip(" "))
            line = piece.lstrip(" ")
        else:
            line += piece
    return tuple(f"{indent}{each}".rstrip(" ") for each in (*lines, line))


def _pieces(text: str, room: int) -> Iterator[str]:
    """What may not be broken inside."""
    piece = ""
    for character in text:
        glued = piece and (
            character in NOT_AT_LINE_START
            or piece[-1] in NOT_AT_LINE_END
            or (_latin(piece[-1]) and _latin(character))
            or (character == " " and piece[-1] != " ")
        )
        if piece and (not glued or cell_len(piece) + cell_len(character) > room):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _latin(character: str) -> bool:
    return character != " " and cell_len(character) == 1
