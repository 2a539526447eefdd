"""Canonical JSON: the one spelling of a file, from which its identity is taken.

Knows nothing of problems or placements, and opens no file.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_IDENTITY = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A number that canonical JSON has no place for (1.5, 1e3, NaN), as it was written.

    Together with `Repeated` it is what JSON lets pass and we do not.
    """

    text: str


class Repeated(dict[str, object]):
    """An object that named a key more than once; ``repeated_keys`` tells which."""

    repeated_keys: tuple[str, ...] = ()


def encode(document: object) -> bytes:
    """The canonical bytes: UTF-8, sorted keys, no spaces, no line end.

    Raises:
        ValueError: A text holds a lone surrogate, or a number is not finite.
        TypeError: Something in it is not JSON.
    """
    return _ENCODER.encode(document).encode()


def is_spelling(document: object, text: str) -> bool:
    """Whether the text is how the document is spelt canonically."""
    try:
        return encode(document) == text.encode()
    except (TypeError, ValueError, RecursionError):
        return False


def identity(data: bytes) -> str:
    """``sha256:`` and 64 lower-case digits: the name of a file with these canonical bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def is_identity(text: str) -> bool:
    """Whether the text is spelt as `identity` spells it."""
    return _IDENTITY.fullmatch(text) is not None


def object_of(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """The object; a `Repeated` if a key stands in it more than once."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    times = Counter(key for key, _ in pairs)
    repeated = Repeated(found)
    repeated.repeated_keys = tuple(key for key in found if times[key] > 1)
    return repeated


def texts(document: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text in the document at ``path`` with its path, keys included, in their order."""
    waiting = [(path, document)]  # a stack of our own: documents may go deeper than calls
    while waiting:
        place, value = waiting.pop()
        match value:
            case str():
                yield place, value
            case dict():
                for key in reversed(value):
                    waiting += (f"{place}.{key}", value[key]), (f"{place}.{key}", key)
            case list():
                inside = [(f"{place}[{index}]", part) for index, part in enumerate(value)]
                waiting.extend(reversed(inside))
            case _:
                pass


def is_composed(text: str) -> bool:
    """Whether the text is in normal form C, so that equal words are equal bytes."""
    return unicodedata.is_normalized("NFC", text)


def is_encodable(text: str) -> bool:
    """Whether the text holds no lone surrogate."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
