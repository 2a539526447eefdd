"""Refusals: why a file is not read, as values. Sentences: `matcher.telling.text`."""

from dataclasses import dataclass
from enum import StrEnum


class FaultCode(StrEnum):
    """Everything a file can be refused for."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    TOO_BIG = "too_big"
    NO_FILE = "no_file"
    UNREADABLE = "unreadable"
    BAD_PACKING = "bad_packing"
    NOT_A_FILE = "not_a_file"
    CHANGED = "changed"
    CUT_OFF = "cut_off"
    EMPTY_FILE = "empty_file"
    BYTE_ORDER_MARK = "byte_order_mark"
    LONE_SURROGATE = "lone_surrogate"
    NOT_NFC = "not_nfc"
    REPEATED_KEY = "repeated_key"
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_TEXT = "not_a_text"
    NOT_AN_INTEGER = "not_an_integer"
    NOT_A_TRUTH_VALUE = "not_a_truth_value"
    BAD_TEXT = "bad_text"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_VALUE = "unknown_value"
    EMPTY_LIST = "empty_list"
    DUPLICATE = "duplicate"
    UNDECLARED_SCHOOL = "undeclared_school"
    UNKNOWN_COUNTY = "unknown_county"
    POINTS_MISSING = "points_missing"
    POINTS_WITHOUT_WISH = "points_without_wish"
    TIE_LENGTH = "tie_length"
    TIE_UNKNOWN = "tie_unknown"
    OWN_SUBJECT_NOT_FIRST = "own_subject_not_first"
    SUBJECT_NOT_LISTED = "subject_not_listed"
    CLOSED_SCHOOL = "closed_school"
    LENGTH_REVERSED = "length_reversed"
    WRONG_SHAPE = "wrong_shape"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One reason to refuse a file; ``path`` is like ``$.teachers[3].lot``, ``$`` the whole."""

    file: str
    path: str
    code: FaultCode
    detail: str = ""

    def __str__(self) -> str:
        tail = f": {self.detail}" if self.detail else ""
        return f"{self.file}: {self.path}: {self.code}{tail}"


class RefusedFileError(ValueError):
    """A file that was not read, with its faults in the order of the file (at least one).

    ``count``: how many there were; ``faults`` has the first of them.
    """

    def __init__(self, faults: tuple[Fault, ...], count: int | None = None) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
        self.count = len(faults) if count is None else count
