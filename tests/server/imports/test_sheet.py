"""Files as they come: encodings, cut lines, quotes; every finding says where."""

import pytest

from server.imports.fault import Severity
from server.imports.sheet import read_sheet

TEXT = "代碼,學校名稱\r\n013601,市立山海國小\r\n"


def found(data):
    return [(fault.code, fault.line, fault.severity) for fault in read_sheet("a.csv", data).faults]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("cp950"), "big5"),
    ],
)
def test_utf8_with_and_without_mark_and_big5_are_recognised(data, encoding):
    sheet = read_sheet("a.csv", data)

    assert sheet.encoding == encoding
    assert sheet.header == ("代碼", "學校名稱")
    assert [dict(row.cells) for row in sheet.rows] == [
        {"代碼": "013601", "學校名稱": "市立山海國小"}
    ]
    assert sheet.faults == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n\r\n", "file_empty"),
        (TEXT.encode("utf-16"), "encoding_unknown"),
        (b"PK\x03\x04rest of a spreadsheet", "file_not_csv"),
        (b"\xd0\xcf\x11\xe0rest of an old spreadsheet", "file_not_csv"),
        (b"\xff\xfe\xfd" * 40, "encoding_unknown"),
        (b"a,b\r\n1,\xff\xff\r\n2,\xff\xfe\r\n", "encoding_unknown"),
        ("代碼,代碼\r\n1,2\r\n".encode(), "column_twice"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_once_and_gives_no_rows(data, code):
    sheet = read_sheet("a.csv", data)

    assert [fault.code for fault in sheet.faults] == [code]
    assert sheet.broken


def test_a_few_damaged_bytes_spoil_their_own_line_only():
    lines = [f"01360{n % 10},市立山海國小".encode() for n in range(30)]
    lines[7] = b"013607,\xe5\xb1\xb1\xe6"
    data = "代碼,學校名稱".encode() + b"\r\n" + b"\r\n".join(lines)

    sheet = read_sheet("a.csv", data)

    assert found(data) == [("encoding_damaged", 9, Severity.ROW)]
    assert sheet.faults[0].column == "學校名稱"
    assert len(sheet.rows) == 29


def test_a_cut_line_and_a_line_with_too_many_cells_are_named_by_line():
    data = "代碼,學校名稱,縣市\r\n013601,市立山海國小,新北市\r\n013602,市立\r\n1,2,3,4\r\n".encode()

    assert found(data) == [("row_truncated", 3, Severity.ROW), ("row_too_long", 4, Severity.ROW)]
    assert [fault.proposal for fault in read_sheet("a.csv", data).faults] == ["3", "3"]


def test_a_quotation_mark_left_open_makes_the_file_unusable_from_its_line():
    data = '代碼,學校名稱\r\n013601,山海\r\n013602,"市立\r\n013603,x\r\n'.encode()

    assert found(data) == [("quote_wrong", 3, Severity.FILE)]


def test_line_breaks_inside_quotes_keep_the_numbers_of_later_lines_right():
    data = '代碼,學校名稱\r\n013601,"市立\n山海國小"\r\n013602\r\n'.encode()

    sheet = read_sheet("a.csv", data)

    assert sheet.rows[0].cells["學校名稱"] == "市立 山海國小"
    assert [fault.line for fault in sheet.faults] == [4]


def test_control_characters_are_refused_and_decomposed_letters_are_composed():
    data = "代碼,學校名稱\r\n013601,a\x07b\r\n013602,e\u0301cole\r\n".encode()

    sheet = read_sheet("a.csv", data)

    assert found(data) == [("control_character", 2, Severity.ROW)]
    assert sheet.rows[0].cells["學校名稱"] == "\u00e9cole"


def test_blank_lines_say_nothing_and_headings_lose_their_blanks():
    data = " 代碼 ,學校 名稱\r\n\r\n013601,山海\r\n,\r\n".encode()

    sheet = read_sheet("a.csv", data)

    assert sheet.header == ("代碼", "學校名稱")
    assert [row.line for row in sheet.rows] == [3]
