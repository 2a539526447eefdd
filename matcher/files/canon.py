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

_IDENTITY = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A number that canonical JSON has no place for (1.5, 1e3, NaN), as it was written."""

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
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def identity(data: bytes) -> str:
    """``sha256:`` and 64 lower-case digits: the name of a file with these canonical bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def is_identity(text: str) -> bool:
    """Whether the text is spelt as `identity` spells it."""
    return _IDENTITY.fullmatch(text) is not None


def decode(data: bytes) -> object:
    """The document; what JSON lets pass and we do not is a `Misspelt` or a `Repeated` in it.

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8.
        RecursionError: Brackets are nested too deeply.
        ValueError: The text is not JSON.
    """
    return json.loads(
        data.decode(), object_pairs_hook=_object, parse_float=Misspelt, parse_constant=Misspelt
    )


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    times = Counter(key for key, _ in pairs)
    repeated = Repeated(found)
    repeated.repeated_keys = tuple(key for key in found if times[key] > 1)
    return repeated


def texts(document: object, path: str = "$") -> Iterator[tuple[str, str]]:
    """Every text in the document with its path, keys included, in the order of the document."""
    match document:
        case str():
            yield path, document
        case dict():
            for key, value in document.items():
                yield f"{path}.{key}", key
                yield from texts(value, f"{path}.{key}")
        case list():
            for index, value in enumerate(document):
                yield from texts(value, f"{path}[{index}]")
        case _:
            pass


def is_composed(text: str) -> bool:
    """Whether the text is in normal form C, so that equal words are equal bytes."""
    return unicodedata.is_normalized("NFC", text)


def is_encodable(text: str) -> bool:
    """Whether the text holds no lone surrogate."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
