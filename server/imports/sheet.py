"""Bytes of a CSV file as rows of text with line numbers. It refuses to know what columns mean."""

import codecs
import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server.imports.fault import Fault, Severity

FILE_BYTES_AT_MOST = 64 * 1024 * 1024
LINES_READABLE_PERCENT = 90  # below that the file is in another encoding, not damaged
REPLACEMENT = "\ufffd"
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS are zip files; XLS is OLE
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one record by heading, and the line it begins on."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file as read: ``sha256`` is its fingerprint, ``faults`` what could not be read of it."""

    file: str
    sha256: str
    encoding: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]

    @property
    def broken(self) -> bool:
        """Whether nothing of this file can be trusted."""
        return any(fault.severity is Severity.FILE for fault in self.faults)


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    encoding: str


def read_sheet(file: str, data: bytes) -> Sheet:
    """The rows of a CSV file in UTF-8, with or without mark, or Big5; damage becomes faults."""
    sha256 = hashlib.sha256(data).hexdigest()
    decoded = _decode(file, data)
    if isinstance(decoded, Fault):
        return Sheet(file=file, sha256=sha256, encoding="", header=(), rows=(), faults=(decoded,))
    records, faults = _records(file, decoded.text)
    header: tuple[str, ...] = ()
    if records:
        header = tuple(_heading(cell) for cell in records[0][1])
        faults += _twice(file, header)
    elif not faults:
        faults = [_file_fault(file, "file_empty")]
    rows, more = _rows(file, header, records[1:])
    return Sheet(
        file=file,
        sha256=sha256,
        encoding=decoded.encoding,
        header=header,
        rows=rows,
        faults=(*faults, *more),
    )


def _decode(file: str, data: bytes) -> _Text | Fault:
    if len(data) > FILE_BYTES_AT_MOST:
        return _file_fault(file, "file_too_large")
    if data.startswith(SPREADSHEETS):
        return _file_fault(file, "file_not_csv", proposal="CSV UTF-8")
    if data.startswith(WIDE) or b"\0" in data[:1024]:
        return _file_fault(file, "encoding_unknown", proposal="CSV UTF-8")
    marked = data.startswith(codecs.BOM_UTF8)
    body = data.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8",) if marked else ("utf-8", "cp950"):
        try:
            return _Text(body.decode(encoding), "big5" if encoding == "cp950" else encoding)
        except UnicodeDecodeError:
            continue
    # Not clean in either: a few damaged lines are reported one by one, more is another encoding.
    lines = body.splitlines()
    share, encoding = max(
        (100 * sum(_readable(line, name) for line in lines) // len(lines), name)
        for name in ("utf-8", "cp950")
    )
    if share < LINES_READABLE_PERCENT:
        return _file_fault(file, "encoding_unknown", proposal="CSV UTF-8")
    return _Text(
        body.decode(encoding, errors="replace"), "big5" if encoding == "cp950" else encoding
    )


def _readable(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _records(file: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Line and cells of each record that is not blank. A quotation mark left open ends the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return records, []
        except csv.Error:
            return records, [_file_fault(file, "quote_wrong", line=line)]
        if any(cell.strip() for cell in cells):
            records.append((line, cells))


def _rows(
    file: str, header: tuple[str, ...], records: list[tuple[int, list[str]]]
) -> tuple[tuple[Row, ...], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, cells in records:
        found = list(_row_faults(file, header, line, cells))
        faults += found
        if not found:
            plain = (_plain(cell) for cell in cells)
            named = dict(zip(header, plain, strict=True))
            rows.append(Row(line=line, cells=MappingProxyType(named)))
    return tuple(rows), faults


def _row_faults(file: str, header: tuple[str, ...], line: int, cells: list[str]) -> Iterator[Fault]:
    if len(cells) != len(header):
        code = "row_truncated" if len(cells) < len(header) else "row_too_long"
        yield Fault(
            file=file,
            line=line,
            column="",
            value=str(len(cells)),
            code=code,
            proposal=str(len(header)),
        )
        return
    for name, cell in zip(header, cells, strict=True):
        if REPLACEMENT in cell:
            yield Fault(file=file, line=line, column=name, value=cell, code="encoding_damaged")
        elif any(
            unicodedata.category(letter) == "Cc" and letter not in "\r\n\t" for letter in cell
        ):
            yield Fault(
                file=file, line=line, column=name, value=_plain(cell), code="control_character"
            )


def _twice(file: str, header: tuple[str, ...]) -> list[Fault]:
    return [
        _file_fault(file, "column_twice", line=1, column=name)
        for name in sorted({name for name in header if name and header.count(name) > 1})
    ]


def _heading(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())


def _plain(cell: str) -> str:
    """NFC text without edges; line breaks and other control characters become spaces."""
    spaced = (" " if unicodedata.category(letter) == "Cc" else letter for letter in cell)
    return " ".join(unicodedata.normalize("NFC", "".join(spaced)).split())


def _file_fault(
    file: str, code: str, *, line: int = 0, column: str = "", proposal: str = ""
) -> Fault:
    return Fault(
        file=file,
        line=line,
        column=column,
        value="",
        code=code,
        proposal=proposal,
        severity=Severity.FILE,
    )
