"""How faults are quoted; and the small files beside the large ones."""

import pytest
import zstandard

from matcher.files.canon import encode
from matcher.files.counties import read_counties
from matcher.files.disk import make_folders, read_bytes
from matcher.files.effective import under_rules
from matcher.files.output import OutputError
from matcher.files.placement import parse_placement
from matcher.files.problem import parse_problem, problem_from_document
from matcher.files.reader import LONGEST_QUOTE, LONGEST_TEXT, Reader, opened, shown
from matcher.files.refusal import FaultCode, RefusedFileError
from matcher.files.rulebook import parse_rules
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy
from tests.matcher.test_refusals import GOOD, GOOD_PLACEMENT


def faults_of(work):
    with pytest.raises(RefusedFileError) as refused:
        work()
    return [(fault.path, fault.code.value, fault.detail) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{\n "format" 1}\n\n', "line 2, column 11"),
        (b'{"format" 1}\n\n', "line 1, column 11"),
        (b'\n\n{\n\n  "format": ,\n\n\n}', "line 5, column 13"),
    ],
)
def test_the_line_and_the_column_of_what_is_no_json_are_told(data, where):
    ((_, code, detail),) = faults_of(lambda: parse_problem(data, "a"))

    assert code == "not_json"
    assert detail.endswith(where)


def test_a_text_that_fits_is_quoted_whole_and_a_longer_one_cut_with_a_mark():
    whole, longer = "a" * (LONGEST_TEXT - 2), "a" * (LONGEST_TEXT - 1)  # beside the quotes

    assert shown(whole) == f"'{whole}'"
    assert shown(longer) == f"'{longer}…"


def test_a_text_in_another_normal_form_is_quoted():
    data = encode(GOOD).replace(b'"115"', '"e\N{COMBINING ACUTE ACCENT}"'.encode(), 1)

    with pytest.raises(RefusedFileError) as refused:
        parse_problem(data, "a")

    assert refused.value.faults[0].detail == "e\N{COMBINING ACUTE ACCENT}"


def test_a_long_path_is_cut_with_a_mark():
    reader = Reader("a")
    reader.refuse("$." + "x" * LONGEST_QUOTE, FaultCode.UNKNOWN_KEY)

    ((path, _, detail),) = faults_of(reader.finish)

    assert path == "$." + "x" * (LONGEST_QUOTE - 2) + "…"
    assert detail == ""


def test_a_short_file_of_another_format_is_refused():
    reader, record = opened(b'{"format":"jiepin-x/2"}', "a", {"format"}, "jiepin-x/1")

    assert record == {"format": "jiepin-x/2"}
    assert faults_of(reader.finish) == [("$.format", "unknown_value", "'jiepin-x/2'")]


def test_a_short_file_that_is_none_is_refused_under_its_name():
    with pytest.raises(RefusedFileError, match=r"^b: \$: empty_file$"):
        opened(b"", "b", {"format"}, "jiepin-x/1")
    reader, _ = opened(b"[]", "b", {"format"}, "jiepin-x/1")
    with pytest.raises(RefusedFileError, match=r"^b: \$: not_an_object: \[\]$"):
        reader.finish()


@pytest.mark.parametrize("behind", [b"more", b"m" * 2**20])
def test_what_stands_behind_the_end_of_a_packed_file_is_told(tmp_path, behind):
    packed = zstandard.ZstdCompressor().compress(b"{}")
    (tmp_path / "a.json.zst").write_bytes(packed + behind)

    ((_, code, detail),) = faults_of(lambda: read_bytes(tmp_path / "a.json.zst"))

    assert (code, detail) == ("bad_packing", "data behind the end")


def test_folders_are_made_with_those_above_them_and_none_is_none(tmp_path):
    make_folders(tmp_path / "a" / "b", None, tmp_path / "c")
    make_folders(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()
    assert (tmp_path / "c").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=f"^{tmp_path / 'file' / 'd'}: Not a directory$"):
        make_folders(tmp_path / "file" / "d")


def test_other_rules_put_the_numbers_of_everybody_into_their_order():
    first = rules(ring_phase(2, 2), tie=("older", "service", "awards"))
    other = rules(ring_phase(2, 3), tie=("awards", "older"))
    people = [teacher("T1", "S1", "S2", points={"13": 1}, tie=[1, 2, 3])]
    market = problem_from_document(problem([school("S1"), school("S2")], people, rules=first), "x")

    found = under_rules(market, parse_rules(encode(other), "rules"), "rules")

    assert found.rules.document() == other
    assert found.teachers[0].tie == (3, 1)
    assert found.document()["teachers"][0]["tie"] == [3, 1]


def test_rules_that_ask_for_a_number_nobody_has_are_refused():
    here = problem_from_document(GOOD, "x")
    other = rules(ring_phase(2, 2), tie=("older", "awards"))

    assert faults_of(lambda: under_rules(here, parse_rules(encode(other), "r"), "r")) == [
        ("$.tie[1]", "tie_unknown", "awards")
    ]


def test_counties_have_their_names():
    names = {county.code: county.name for county in read_counties()}

    assert (names["13"], names["14"]) == ("屏東縣", "臺東縣")


def test_two_rows_of_one_position_and_two_of_one_lot_are_told_by_name():
    twice = GOOD | {"vacancies": [vacancy("S2"), vacancy("S2", 2)]}
    lots = GOOD | {"teachers": [GOOD["teachers"][0], GOOD["teachers"][1] | {"lot": 1}]}
    names = GOOD | {"teachers": [GOOD["teachers"][0], GOOD["teachers"][1] | {"id": "T1"}]}

    assert faults_of(lambda: problem_from_document(twice, "x")) == [
        ("$.vacancies[1]", "duplicate", "S2/general")
    ]
    assert faults_of(lambda: problem_from_document(lots, "x")) == [
        ("$.teachers[1].lot", "duplicate", "1")
    ]
    assert faults_of(lambda: problem_from_document(names, "x")) == [
        ("$.teachers[1].id", "duplicate", "T1")
    ]


@pytest.mark.parametrize("value", [{}, 7, "x", None])
def test_components_that_are_no_list_are_refused_at_their_place(value):
    data = encode(GOOD_PLACEMENT | {"components": value})

    assert faults_of(lambda: parse_placement(data, "a")) == [
        ("$.components", "not_a_list", shown(value))
    ]
