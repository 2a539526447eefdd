"""The file of past results: the same bytes for the same results, and nothing half read."""

import pytest

from core.domain.past import PastResult
from core.domain.points import Points
from core.wire.canon import FILE_LIMITS, encode, to_wire
from core.wire.fault import WireError
from core.wire.past import PastFile, PastRow, check_content, lists_of, past_file, read_past
from core.wire.reference import ReferenceFile


def result(school="133601", year=114, source="公告", **changed):
    said = {"vacancies": 2, "applicants": 14, "moved": 6, "lowest": Points(4150)} | changed
    return PastResult(
        year=year, school=school, subject="general", source=source, as_of="2025-06-01", **said
    )


SOME = (
    result(),
    result(year=113, source="前一年公告"),
    result("143601", applicants=None, moved=None, lowest=None),
)


def test_what_is_written_is_read_whatever_the_order():
    data = past_file(SOME)

    assert read_past(data) == (SOME[1], SOME[0], SOME[2])  # by school, subject and year
    assert past_file(reversed(SOME)) == data
    assert read_past(past_file(())) == ()


def test_the_bytes_are_these():
    data = past_file([result(source="s")])

    assert data.hex() == (
        "83a46b696e64a470617374a4726f77739198"
        "72a6313333363031a767656e6572616c020e06cd103600"
        "a7736f75726365739192a173aa323032352d30362d3031"
    )


def test_a_source_that_is_not_there_is_refused():
    row = PastRow(114, "133601", "general", 2, 14, 6, None, 1)
    file = PastFile(kind="past", sources=(("s", "2025-06-01"),), rows=(row,))

    with pytest.raises(WireError, match="malformed"):
        read_past(to_wire(file, FILE_LIMITS))


def test_a_list_under_the_name_of_the_past_is_refused_and_the_other_way_round():
    notice = to_wire(ReferenceFile(kind="notice", text="x"), FILE_LIMITS)

    assert check_content("past", past_file(SOME)) is None
    assert check_content("notices", notice).text == "x"
    for name, data in (("past", notice), ("notices", past_file(SOME)), ("past", encode({}))):
        with pytest.raises(WireError):
            check_content(name, data)


def test_files_may_be_larger_than_entries():
    many = tuple(result(f"{number:06}") for number in range(3_000))
    notice = to_wire(ReferenceFile(kind="notice", text="x" * 100_000), FILE_LIMITS)

    assert read_past(past_file(many)) == many
    assert check_content("notices", notice).text == "x" * 100_000


def test_the_lists_of_a_snapshot_are_without_the_past():
    notice = ReferenceFile(kind="notice", text="x")

    found = lists_of({"notices": to_wire(notice, FILE_LIMITS), "past": past_file(SOME)})

    assert found == {"notices": notice}
