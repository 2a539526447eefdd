"""A picture: the bytes of an SVG file with what it is called and what it shows, in words."""

from dataclasses import dataclass
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

FONTS = "Noto Sans CJK TC, Noto Sans TC, PingFang TC, Microsoft JhengHei, sans-serif"

CELLS = 30  # width of a label: a Chinese character takes two


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One SVG file. ``description`` says what the picture shows to who cannot see it."""

    file: str
    title: str
    description: str
    svg: str

    def document(self) -> dict[str, object]:
        """The picture's entry in the list of pictures."""
        return {"file": self.file, "title": self.title, "description": self.description}


def head(*, width: int, height: int, title: str, description: str) -> str:
    """How each SVG of ours begins: its size, its name and its words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" '
        f'font-family="{FONTS}">\n'
        f'<title id="title">{escape(title)}</title>\n'
        f'<desc id="desc">{escape(description)}</desc>\n'
    )


def cells(text: str) -> int:
    """How wide a text is; a Chinese character is as wide as two letters."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def shortened(text: str, most: int = CELLS) -> str:
    """The text, its end left out if it is wider than ``most``."""
    if cells(text) <= most:
        return text
    while cells(text) > most - 1:
        text = text[:-1]
    return text + "…"
