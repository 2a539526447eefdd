"""Reading a decoded document strictly: every field has a shape, every misfit becomes a fault.

Nothing is repaired. A refused field is read as a harmless value so that one pass finds all
faults; whoever reads ends with `Reader.finish`, which raises when there was any.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NoReturn, TypeVar

from matcher.files import canon
from matcher.files.refusal import Fault, FaultCode, RefusedFileError
from matcher.files.window import MarkError, SpellingError, Window, chunks_of

Choice = TypeVar("Choice", bound=StrEnum)

LARGEST_INTEGER = 2**53 - 1  # what every JSON reader holds exactly
LONGEST_TEXT = 64
LONGEST_QUOTE = 2000  # of a path or a value in a fault
LEVELS_AT_MOST = 16  # of brackets, where a file may hold values of any shape
FAULTS_AT_MOST = 100  # enough to mend a file by; a hopeless one must not fill the memory

Record = Mapping[str, object]


def open_document(data: bytes, file: str) -> object:
    """The decoded document, all its texts known to have a canonical spelling.

    For what fits into memory at once; long files: `matcher.files.document`.

    Raises:
        RefusedFileError: It is not JSON, or a text is not in normal form C, or not Unicode.
    """
    reader = Reader(file)
    try:
        window = Window(chunks_of(data))
        if not window.look():
            reader.give_up("$", FaultCode.EMPTY_FILE)
        document, _ = window.value(len(data))
        if window.look():
            reader.give_up("$", FaultCode.NOT_JSON, str(window.fault("Extra data")))
        reader.check_texts(document, "$")
    except UnicodeDecodeError as error:
        reader.give_up("$", FaultCode.NOT_UTF8, f"byte {error.start}")
    except MarkError:
        reader.give_up("$", FaultCode.BYTE_ORDER_MARK)
    except RecursionError:
        reader.give_up("$", FaultCode.TOO_DEEP)
    except SpellingError as error:
        reader.give_up("$", FaultCode.NOT_JSON, str(error))
    reader.finish()
    return document


def shown(value: object) -> str:
    """The value as a fault quotes it: short, and safe to print."""
    match value:
        case canon.Misspelt():
            text = value.text
        case list() | dict() if value:  # what is in it may go very deep
            text = "[…]" if isinstance(value, list) else "{…}"
        case _:
            text = ascii(value)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def _printable(text: str) -> str:
    """The text, not too long and lone surrogates as escapes, so that it can be written anywhere."""
    short = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return short.encode("utf-8", "backslashreplace").decode()


class Reader:
    """One pass over one document; collects the faults of the file it is named after."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._faults: list[Fault] = []
        self._count = 0

    def refuse(self, path: str, code: FaultCode, detail: str = "") -> None:
        """Note a fault; past `FAULTS_AT_MOST` they are only counted."""
        self._count += 1
        if self._count <= FAULTS_AT_MOST:
            fault = Fault(
                file=self.file, path=_printable(path), code=code, detail=_printable(detail)
            )
            self._faults.append(fault)

    def give_up(self, path: str, code: FaultCode, detail: str = "") -> NoReturn:
        """Note a fault behind which nothing can be read.

        Raises:
            RefusedFileError: With every fault noted.
        """
        self.refuse(path, code, detail)
        raise RefusedFileError(tuple(self._faults), self._count)

    def finish(self) -> None:
        """Return if nothing was refused.

        Raises:
            RefusedFileError: With every fault noted.
        """
        if self._faults:
            raise RefusedFileError(tuple(self._faults), self._count)

    def check_texts(self, document: object, path: str) -> None:
        """Refuse each text in the document at ``path`` that has no canonical spelling."""
        for place, text in canon.texts(document, path):
            if not canon.is_encodable(text):
                self.refuse(place, FaultCode.LONE_SURROGATE)
            elif not canon.is_composed(text):
                self.refuse(place, FaultCode.NOT_NFC, text[:LONGEST_TEXT])

    def record(
        self,
        value: object,
        path: str,
        keys: Collection[str],
        optional: Collection[str] = frozenset(),
    ) -> Record:
        """The object at ``path``, which must have exactly these keys, perhaps the optional ones."""
        if not isinstance(value, dict):
            self.refuse(path, FaultCode.NOT_AN_OBJECT, shown(value))
            return {}
        if isinstance(value, canon.Repeated):
            for key in value.repeated_keys:
                self.refuse(f"{path}.{key}", FaultCode.REPEATED_KEY)
        if value.keys() != keys:
            for key in sorted(keys - value.keys()):
                self.refuse(f"{path}.{key}", FaultCode.MISSING_KEY)
            for key in value:
                if key not in keys and key not in optional:
                    self.refuse(f"{path}.{key}", FaultCode.UNKNOWN_KEY)
        return value

    def mapping(self, record: Record, key: str, path: str) -> Record:
        """The object under ``key`` whose keys are data."""
        value = record.get(key)
        if not isinstance(value, dict):
            self._misfit(record, key, path, FaultCode.NOT_AN_OBJECT)
            return {}
        if isinstance(value, canon.Repeated):
            for name in value.repeated_keys:
                self.refuse(f"{path}.{key}.{name}", FaultCode.REPEATED_KEY)
        return value

    def values(self, record: Record, key: str, path: str) -> Record:
        """The object under ``key``, anything canonical in it: texts, whole numbers, true, null."""
        found = self.mapping(record, key, path)
        for name, value in found.items():
            self.plain(value, f"{path}.{key}.{name}")
        return found

    def plain(self, value: object, path: str) -> None:
        """Refuse what is not canonical in the value at ``path``: repeated keys, 1.5, too deep."""
        self._plain(value, path, LEVELS_AT_MOST)

    def _plain(self, value: object, path: str, levels: int) -> None:
        match value:
            case list() | dict() if not levels:
                self.refuse(path, FaultCode.TOO_DEEP)
            case list():
                for index, item in enumerate(value):
                    self._plain(item, f"{path}[{index}]", levels - 1)
            case dict():
                if isinstance(value, canon.Repeated):
                    for name in value.repeated_keys:
                        self.refuse(f"{path}.{name}", FaultCode.REPEATED_KEY)
                for name, item in value.items():
                    self._plain(item, f"{path}.{name}", levels - 1)
            case int() if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
                self.refuse(path, FaultCode.OUT_OF_RANGE, shown(value))
            case canon.Misspelt():
                self.refuse(path, FaultCode.NOT_AN_INTEGER, shown(value))
            case _:
                pass

    def items(self, record: Record, key: str, path: str) -> Sequence[object]:
        """The list under ``key``."""
        value = record.get(key)
        if not isinstance(value, list):
            self._misfit(record, key, path, FaultCode.NOT_A_LIST)
            return ()
        return value

    def records(
        self, record: Record, key: str, path: str, keys: Collection[str]
    ) -> Iterator[tuple[Record, str]]:
        """Each object of the list under ``key`` that has exactly these keys, with its path."""
        for index, item in enumerate(self.items(record, key, path)):
            here = f"{path}.{key}[{index}]"
            found = self.record(item, here, keys)
            if found.keys() == keys:
                yield found, here

    def text(self, record: Record, key: str, path: str) -> str:
        """The text under ``key``: 1 to 64 printable characters."""
        value = record.get(key)
        if type(value) is not str:
            self._misfit(record, key, path, FaultCode.NOT_A_TEXT)
            return ""
        if not 0 < len(value) <= LONGEST_TEXT or not value.isprintable():
            self.refuse(f"{path}.{key}", FaultCode.BAD_TEXT, shown(value))
        return value

    def texts(self, record: Record, key: str, path: str) -> tuple[str, ...]:
        """The list of different texts under ``key``."""
        values = self.items(record, key, path)
        if not set(map(type, values)) <= {
            str
        }:  # lists of wishes are long: look closer in need only
            for index, value in enumerate(values):
                if type(value) is not str:
                    self.refuse(f"{path}.{key}[{index}]", FaultCode.NOT_A_TEXT, shown(value))
        found = tuple(value for value in values if isinstance(value, str))
        if len(set(found)) < len(found):
            self.refuse_repeated(values, f"{path}.{key}")
        return found

    def refuse_repeated(self, values: Iterable[object], path: str) -> None:
        """Note each value that stood in the list before."""
        seen: set[object] = set()
        for index, value in enumerate(values):
            if isinstance(value, str):
                if value in seen:
                    self.refuse(f"{path}[{index}]", FaultCode.DUPLICATE, shown(value))
                seen.add(value)

    def integer(self, record: Record, key: str, path: str, bounds: range) -> int:
        """The integer under ``key``, inside ``bounds``."""
        return self.integer_at(record[key], f"{path}.{key}", bounds) if key in record else 0

    def integer_at(self, value: object, path: str, bounds: range) -> int:
        """The integer ``value``, which stands at ``path``, inside ``bounds``."""
        if type(value) is not int:
            self.refuse(path, FaultCode.NOT_AN_INTEGER, shown(value))
            return bounds.start
        if value not in bounds:
            self.refuse(path, FaultCode.OUT_OF_RANGE, shown(value))
            return bounds.start
        return value

    def truth(self, record: Record, key: str, path: str) -> bool:
        """The true or false under ``key``."""
        value = record.get(key)
        if type(value) is not bool:
            self._misfit(record, key, path, FaultCode.NOT_A_TRUTH_VALUE)
        return value is True

    def choice(self, record: Record, key: str, path: str, choices: type[Choice]) -> Choice:
        """The member of ``choices`` whose value is the text under ``key``."""
        if key not in record:
            return next(iter(choices))
        return self.choice_at(record[key], f"{path}.{key}", choices)

    def choice_at(self, value: object, path: str, choices: type[Choice]) -> Choice:
        """The member of ``choices`` whose value is the text ``value``, which stands at ``path``."""
        for member in choices:
            if member.value == value:
                return member
        self.refuse(path, FaultCode.UNKNOWN_VALUE, shown(value))
        return next(iter(choices))

    def constant(self, record: Record, key: str, path: str, expected: str) -> None:
        """Refuse anything but ``expected`` under ``key``."""
        if key in record and record[key] != expected:
            self.refuse(f"{path}.{key}", FaultCode.UNKNOWN_VALUE, shown(record[key]))

    def identity(self, record: Record, key: str, path: str) -> str:
        """The ``sha256:…`` under ``key``."""
        value = record.get(key)
        if type(value) is not str or not canon.is_identity(value):
            self._misfit(record, key, path, FaultCode.BAD_TEXT)
            return ""
        return value

    def _misfit(self, record: Record, key: str, path: str, code: FaultCode) -> None:
        if key in record:  # a missing one was refused with its record
            self.refuse(f"{path}.{key}", code, shown(record[key]))


def opened(data: bytes, file: str, keys: Collection[str], form: str) -> tuple[Reader, Record]:
    """A short file that is one object of this format; its faults so far are with the reader.

    Raises:
        RefusedFileError: As `open_document`.
    """
    document = open_document(data, file)
    reader = Reader(file)
    record = reader.record(document, "$", keys)
    reader.constant(record, "format", "$", form)
    return reader, record
