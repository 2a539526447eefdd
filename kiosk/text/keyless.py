"""The sentences of the glass without what they say of keys: line mode has numbers instead."""

import re
from collections.abc import Iterable
from itertools import takewhile

_KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:F(?:10|[1-9])|Tab|Esc|Enter|PgDn|Space|[Aa]rrows)(?![A-Za-z0-9])|空白鍵|上下鍵"
)
_ASIDE = re.compile(r" ?[（(][^（）()]*[）)]")
_CLAUSE = re.compile(r"[。；;]\s*|\.\s+|\.$")
_PART = re.compile(r"(?<=，)|(?<=, )")


def keyless(text: str) -> str:
    """What is left of a text; empty where it was about keys alone."""
    if not _KEY.search(text):
        return text
    shorter = _ASIDE.sub(lambda aside: "" if _KEY.search(aside[0]) else aside[0], text)
    clauses = [kept for each in _CLAUSE.split(shorter) if (kept := _before_keys(each))]
    if not clauses:
        return ""
    chinese = not text.isascii() and "。" in text
    joined = ("。" if chinese else ". ").join(each[0].upper() + each[1:] for each in clauses)
    return f"{joined}{'。' if chinese else '.'}" if _CLAUSE.search(text) else joined


def without_keys(texts: Iterable[str]) -> tuple[str, ...]:
    """The same of several; what was about keys alone is not said."""
    return tuple(kept for each in texts if (kept := keyless(each)))


def _before_keys(clause: str) -> str:
    """The parts of a clause up to the first that names a key."""
    kept = takewhile(lambda part: not _KEY.search(part), _PART.split(clause))
    return "".join(kept).strip().rstrip("，,：")
