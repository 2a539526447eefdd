"""One JSON object read from the front: its keys in turn, its long lists item by item.

So a file of any length is read in little memory, and every misfit has its path. What the values
should be is for whoever reads them (`matcher.files.reader`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from matcher.files import canon
from matcher.files.reader import Reader
from matcher.files.refusal import FaultCode
from matcher.files.window import LongValueError, MarkError, SpellingError, Window


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything is read: what fits stays far below, what does not cannot fill memory.

    ``characters``: of one value, where a line of 70,000 moves fits; ``items``: of
    one list, three times the teachers of the country.
    """

    characters: int = 2**23
    items: int = 1_000_000


LIMITS = Limits()


class Document:
    """The bytes of a file on their way to values; faults are left with the reader.

    ``found``: what was read so far of the object, by key.
    """

    def __init__(self, chunks: Iterator[bytes], reader: Reader, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self.found = canon.Repeated()
        self._reader = reader
        self._chunks = chunks
        self._window: Window | None = None

    @property
    def window(self) -> Window:
        """Where in the text reading is."""
        if self._window is None:
            self._window = Window(self._chunks)
        return self._window

    def identity(self) -> str | None:
        """``sha256:…`` of the bytes if they are spelt canonically, known once all was read."""
        return self.window.digest() if self.window.canonical else None

    def read(self, lists: Mapping[str, Callable[[int], None]]) -> object:
        """The object, or whatever else the file holds.

        A list under a key of ``lists`` is not kept: that function is called before each item, with
        its number, and takes it; in the object stands an empty list.

        Raises:
            RefusedFileError: It is not JSON, or too much of it.
        """
        try:
            found = self._object(lists) if self._opens() else self.value("$")
            if self.window.look():
                self._broken("$", "Extra data")
        except MarkError:
            self._reader.give_up("$", FaultCode.BYTE_ORDER_MARK)
        except UnicodeDecodeError as error:
            self._reader.give_up("$", FaultCode.NOT_UTF8, f"byte {error.start}")
        return found

    def value(self, path: str) -> object:
        """The value that comes next, all its texts checked; ``path`` is its path.

        Raises:
            RefusedFileError: There is none.
        """
        return self.spelt(path)[0]

    def spelt(self, path: str) -> tuple[object, str]:
        """The value that comes next, as `value` gives it, and how it is spelt.

        Raises:
            RefusedFileError: There is none.
        """
        value, spelt = self._taken(path)
        if not spelt.isascii() or "\\" in spelt:  # else no text in it can be amiss
            self._reader.check_texts(value, path)
        return value, spelt

    def _taken(self, path: str) -> tuple[object, str]:
        window = self.window
        try:
            value, spelt = window.value(self._limits.characters)
        except SpellingError as error:
            self._reader.give_up(path, FaultCode.NOT_JSON, str(error))
        except RecursionError:
            self._reader.give_up(path, FaultCode.TOO_DEEP)
        except LongValueError:
            self._reader.give_up(path, FaultCode.TOO_BIG, f"> {self._limits.characters}")
        window.canonical = window.canonical and canon.is_spelling(value, spelt)
        return value, spelt

    def _opens(self) -> bool:
        if not self.window.look():
            self._reader.give_up("$", FaultCode.EMPTY_FILE)
        return self.window.take("{")

    def _object(self, lists: Mapping[str, Callable[[int], None]]) -> Mapping[str, object]:
        found = self.found
        window = self.window
        going = not window.take("}")
        before = ""
        while going:
            if window.look() != '"':
                self._broken("$", "Expecting a key in double quotes")
            key = self._key()
            path = f"$.{key}"
            window.canonical = window.canonical and key > before
            before = key
            if not window.take(":"):
                self._broken(path, "Expecting ':'")
            if key in found:
                found.repeated_keys += (key,)
                self.value(path)
            elif key in lists and window.take("["):
                found[key] = []
                self._items(path, lists[key])
            else:
                found[key] = self.value(path)
            going = self._goes_on(path, "}")
        return found

    def _key(self) -> str:
        key = str(self._taken("$")[0])
        self._reader.check_texts(key, f"$.{key}")
        return key

    def _items(self, path: str, take_item: Callable[[int], None]) -> None:
        number = 0
        going = not self.window.take("]")
        while going:
            if number == self._limits.items:
                self._reader.give_up(path, FaultCode.TOO_BIG, f"> {self._limits.items}")
            take_item(number)
            going = self._goes_on(f"{path}[{number}]", "]")
            number += 1

    def _goes_on(self, path: str, end: str) -> bool:
        if self.window.take(","):
            return True
        if not self.window.take(end):
            self._broken(path, f"Expecting ',' or '{end}'")
        return False

    def _broken(self, path: str, why: str) -> NoReturn:
        self._reader.give_up(path, FaultCode.NOT_JSON, str(self.window.fault(why)))
