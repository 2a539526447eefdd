"""The part of a long JSON text that is in memory: read from the front, dropped behind.

Bytes come in chunks and leave as values; how much is held at a time does not depend on how long the
text is. Knows JSON, and nothing of what a file should say.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder

from matcher.files import canon

CHUNK = 2**20
_SPACES = re.compile(r"[ \t\n\r]+")
_UNTERMINATED = "Unterminated string"  # told of its beginning
_LONGEST_WORD = 16  # characters that mean nothing until the last is there: -Infinity, \ud83d\ude00
_MARK = "\ufeff"


class SpellingError(ValueError):
    """The text is not JSON; ``place`` says where, counted from the beginning of it."""

    def __init__(self, why: str, place: str) -> None:
        super().__init__(f"{why}: {place}")


class MarkError(ValueError):
    """The text begins with a byte order mark."""


class LongValueError(ValueError):
    """A value is longer than it may be."""


class Window:
    """A text on its way past; ``text[at:]`` is what comes next, as far as it is here.

    ``canonical`` stays true as long as nothing was found that a canonical text has not.

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8; ``start`` counts from the beginning of all.
        MarkError: They begin with a byte order mark.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.text = ""
        self.at = 0
        self.canonical = True
        self._chunks = chunks
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._digest = hashlib.sha256()
        self._bytes = 0
        self._ended = False
        self._line, self._column = 1, 1  # of text[0]
        self._scan = JSONDecoder(
            object_pairs_hook=canon.object_of,
            parse_float=canon.Misspelt,
            parse_constant=canon.Misspelt,
        ).raw_decode
        if self._more() and self.text.startswith(_MARK):
            raise MarkError

    def digest(self) -> str:
        """``sha256:…`` of all bytes that came so far."""
        return f"sha256:{self._digest.hexdigest()}"

    def look(self) -> str:
        """The next character that is no space, which stays where it is; ``""`` at the end."""
        while True:
            if self.at < len(self.text):
                character = self.text[self.at]
                if character not in " \t\n\r":
                    return character
                self.canonical = False
                self.at = self._behind_spaces()
            elif not self._more():
                return ""

    def _behind_spaces(self) -> int:
        spaces = _SPACES.match(self.text, self.at)
        return self.at if spaces is None else spaces.end()

    def take(self, expected: str) -> bool:
        """Go past the next character if it is this one."""
        if self.look() != expected:
            return False
        self.at += 1
        return True

    def ahead(self, characters: int) -> None:
        """Have so many characters here, or all there are."""
        while len(self.text) - self.at < characters and self._more():
            pass

    def value(self, longest: int) -> tuple[object, str]:
        """The value that comes next, and how it is spelt.

        Raises:
            SpellingError: There is none.
            RecursionError: Brackets are nested too deeply.
            LongValueError: It has more than ``longest`` characters.
        """
        self.look()
        while True:
            held = len(self.text) - self.at
            try:
                found, end = self._scan(self.text, self.at)
            except JSONDecodeError as error:
                goes_on = (
                    error.msg.startswith(_UNTERMINATED)
                    or error.pos > len(self.text) - _LONGEST_WORD
                )
                if goes_on and held > longest:
                    raise LongValueError from error
                if not goes_on or not self._more(held):
                    raise self.fault(error.msg, error.pos) from error
                continue
            except ValueError as error:  # a number of thousands of digits
                raise self.fault(str(error)) from error
            if end == len(self.text) and self._more():
                continue
            if end - self.at > longest:
                raise LongValueError
            spelt = self.text[self.at : end]
            self.at = end
            return found, spelt

    def fault(self, why: str, place: int | None = None) -> SpellingError:
        """An error at ``place`` in the window, or where reading is."""
        place = self.at if place is None else place
        line, column = self._after(place)
        return SpellingError(why, f"line {line}, column {column}")

    def _more(self, characters: int = 0) -> bool:
        """Drop what lies behind and take in at least a chunk; false at the end of the text."""
        parts = []
        wanted = max(1, characters)
        while wanted > 0 and not self._ended:
            part = self._decoded()
            parts.append(part)
            wanted -= len(part)
        if not any(parts):
            return False
        self._line, self._column = self._after(self.at)
        self.text = "".join((self.text[self.at :], *parts))
        self.at = 0
        return True

    def _decoded(self) -> str:
        chunk = next(self._chunks, None)
        start = self._bytes - len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError as error:
            error.start += start
            raise
        if chunk is None:
            self._ended = True
        else:
            self._bytes += len(chunk)
            self._digest.update(chunk)
        return text

    def _after(self, place: int) -> tuple[int, int]:
        """Line and column of a place in the window, from 1."""
        lines = self.text.count("\n", 0, place)
        if lines:
            return self._line + lines, place - self.text.rfind("\n", 0, place)
        return self._line, self._column + place


def chunks_of(data: bytes) -> Iterator[bytes]:
    """The bytes, in pieces as they come from a disk."""
    return (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
