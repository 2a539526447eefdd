"""Text as a terminal may be given it: shown, never obeyed.

Names, remarks and reasons come from other machines too. What a terminal would take for an order, or
what would turn around or hide the text beside it, is shown as a character that nobody can read.
"""

import unicodedata
from functools import lru_cache

from core.domain.name import UNSHOWABLE

ORDERS = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Controls; marks without width, which join, turn or hide; breaks of lines and paragraphs."""


def harmless(text: str) -> str:
    """The same text without them; a line feed is one of them, too."""
    if text.isprintable():
        return text
    return _without(text)


@lru_cache(maxsize=1024)
def _without(text: str) -> str:
    return "".join(UNSHOWABLE if unicodedata.category(each) in ORDERS else each for each in text)
