"""Finding a Chinese name by how it is read, without an input method: 注音首字 and Latin initials.

A character may be read in several ways (車 ㄔ and ㄐ); each counts.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType

import msgspec

KEYS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "1qaz2wsxedcrfv5tgbyhnujm8ik,9ol.0p;/-",
            "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙㄧㄨㄩㄚㄛㄜㄝㄞㄟㄠㄡㄢㄣㄤㄥㄦ",
            strict=True,
        )
    )
)
"""The standard layout (大千), as printed on Taiwan's keyboards."""
SYMBOLS = frozenset(KEYS.values())
LATIN: Mapping[str, str] = MappingProxyType(
    {
        "a": "ㄚㄞㄠㄢㄤ", "b": "ㄅ", "c": "ㄔㄘ", "d": "ㄉ", "e": "ㄜㄝㄟㄣㄥㄦ", "f": "ㄈ",
        "g": "ㄍ", "h": "ㄏ", "j": "ㄐ", "k": "ㄎ", "l": "ㄌ", "m": "ㄇ", "n": "ㄋ", "o": "ㄛㄡ",
        "p": "ㄆ", "q": "ㄑ", "r": "ㄖ", "s": "ㄕㄙ", "t": "ㄊ", "w": "ㄨ", "x": "ㄒ",
        "y": "ㄧㄩ", "z": "ㄓㄗ",
    }
)  # fmt: skip
"""First letters in 漢語拼音, by the first symbol of the reading."""

_STOP = "/"

Pattern = Sequence[str]
"""For each character of a name in turn, the first symbols that would do."""


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    source: str
    place: str
    as_of: str
    checked_on: str
    characters: dict[str, str]


class Readings:
    """``find`` gives, by character, the first symbols of all its readings.

    It is asked once, when the first character is looked up: a machine that starts needs none.
    """

    def __init__(self, find: Callable[[], Mapping[str, str]]) -> None:
        self._find = find
        self.line = lru_cache(maxsize=8192)(self._line)

    @cached_property
    def _first(self) -> Mapping[str, str]:
        return self._find()

    def __len__(self) -> int:
        return len(self._first)

    def of(self, character: str) -> str:
        """The first symbols of a character; empty for one that has none."""
        return self._first.get(character, "")

    def _line(self, name: str) -> str:
        """The first symbols of a name, character by character, each followed by a stop."""
        return "".join(f"{self.of(character)}{_STOP}" for character in name)

    def finder(self, typed: str) -> Callable[[str], bool]:
        """Whether the initials typed are those of neighbouring characters of a name."""
        found = [re.compile(_expression(pattern)).search for pattern in patterns(typed)]
        return lambda name: any(search(self.line(name)) for search in found)


def _expression(pattern: Pattern) -> str:
    rest = f"[^{_STOP}]*"
    return f"{rest}{_STOP}{rest}".join(f"[{wanted}]" for wanted in pattern)


NO_READINGS = Readings(lambda: MappingProxyType({}))
"""Nothing is known of any character."""


def patterns(typed: str) -> tuple[Pattern, ...]:
    """What was typed, as symbols, as keys that stand for symbols, as Latin initials."""
    if not typed:
        return ()
    if all(letter in SYMBOLS for letter in typed):
        return (typed,)
    found: list[Pattern] = []
    if all(letter in KEYS for letter in typed):
        found.append(tuple(KEYS[letter] for letter in typed))
    if all(letter in LATIN for letter in typed):
        found.append(tuple(LATIN[letter] for letter in typed))
    return tuple(found)


def spelled(typed: str) -> str:
    """``2q`` as ``ㄉㄆ``; empty when some key is no symbol."""
    return "".join(KEYS[key] for key in typed) if all(key in KEYS for key in typed) else ""


def load_readings(text: str) -> Readings:
    """Parse ``readings.toml``.

    Raises:
        ValueError: Malformed, or a row is not named by a symbol.
    """
    first = _parsed(text)
    return Readings(lambda: first)


def readings_from(read: Callable[[], str]) -> Readings:
    """Readings whose ``readings.toml`` is read and parsed when the first one is looked up.

    What `load_readings` raises then comes from there.
    """
    return Readings(lambda: _parsed(read()))


def _parsed(text: str) -> Mapping[str, str]:
    rows = msgspec.convert(tomllib.loads(text), _Table).characters
    first: dict[str, str] = {}
    for symbol, characters in rows.items():
        if symbol not in SYMBOLS:
            raise ValueError(f"{symbol} is no symbol")
        for character in characters:
            first[character] = first.get(character, "") + symbol
    return MappingProxyType(first)
