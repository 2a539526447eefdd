"""Files are read from a stream: however it is cut, however it is spelt, in bounded memory."""

import json
import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.files.canon import encode, identity
from matcher.files.document import Document, Limits
from matcher.files.plain import PlainTeachers
from matcher.files.problem import parse_problem, stream_problem
from matcher.files.reader import Reader, open_document
from matcher.files.refusal import RefusedFileError
from matcher.files.window import Window
from tests.matcher.markets import problem, random_problem, rules, school, teacher, vacancy

ROOT = Path(__file__).parents[2]
TOKENS = re.compile(r'("(?:[^"\\]|\\.)*")|[\[\]{},:]')
FRAGMENTS = [
    *('"', "[", "]", "{", "}", ",", ":", "-", "0", "1", "7", "true", "null", "NaN", "1.5", "\\"),
    *('"S1"', '"S1","S2"', '"general"', '"14":100', '"tie":[0]', '"lot":1', "é", " ", "\\u0041"),
    *("134021", "-0", "01", "9" * 15, "9" * 16, '"guidance"', '"excluded":[', "e\u0301", "\x7f"),
    '{"reason":"x","school":"S1","subject":"general"}',
]


def market(seed):
    return encode(random_problem(Random(seed)))  # noqa: S311  # a market is no secret


def outcome(data, chunk=2**20):
    """The problem, or what it was refused for."""
    chunks = (data[start : start + chunk] for start in range(0, len(data), chunk))
    try:
        return stream_problem(chunks, "a")
    except RefusedFileError as refused:
        return [(fault.code, fault.path, fault.detail) for fault in refused.faults], refused.count


def spaced(data):
    """The same tokens with spaces between them, so that nothing is plain any more."""
    return TOKENS.sub(lambda m: m[0] if m[1] else f" {m[0]} ", data.decode()).encode()


def in_any_place(read):
    """An outcome without the places in the text, which spaces move."""
    if not isinstance(read, tuple):
        return read
    faults, count = read
    return [
        (code, *(() if code == "not_json" else (path, detail))) for code, path, detail in faults
    ], count


@settings(max_examples=150)
@given(
    st.integers(0, 2**32),
    st.floats(0, 1),
    st.integers(0, 12),
    st.lists(st.sampled_from(FRAGMENTS), max_size=2),
)
def test_what_is_read_at_a_glance_is_what_the_strict_reader_reads(seed, place, gone, put):
    data = market(seed).decode()
    at = round(place * len(data))
    changed = (data[:at] + "".join(put) + data[at + gone :]).encode()

    assert in_any_place(outcome(changed)) == in_any_place(outcome(spaced(changed)))


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=30)
def test_how_the_stream_is_cut_does_not_matter(seed, chunk):
    data = market(seed)
    pretty = json.dumps(json.loads(data), indent=1, ensure_ascii=False).encode()
    broken = pretty.replace(b"true", b"treu").replace(b"135", b"\\ud83d\\ude00")

    for text in (data, pretty, broken, data[:-9], "é範例😀".encode() + data):
        assert outcome(text, chunk) == outcome(text)


@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_keys_does_not_matter_and_the_identity_is_that_of_the_canonical_bytes(
    seed, rng
):
    data = market(seed)
    keys = list(json.loads(data).items())
    rng.shuffle(keys)
    shuffled = json.dumps(dict(keys)).encode()

    assert outcome(shuffled) == outcome(data)
    assert outcome(data).document() == json.loads(data)
    assert outcome(shuffled).identity() == outcome(data).identity() == identity(data)


def test_a_changed_copy_of_what_was_read_has_an_identity_of_its_own():
    read = parse_problem(market(1), "a")

    changed = replace(read, season="116")

    assert changed.identity() == identity(changed.encode()) != read.identity()


def test_what_the_writer_spells_is_found_at_a_glance():
    excluded = {"school": "S2", "subject": "general", "reason": "teaching_area"}
    people = [
        teacher("T1", "S1", "S2", "S3", points={"13": 3500, "14": -50}, excluded=[excluded]),
        teacher("T2", "S2", points={}, subject="english", subjects=["english", "general"]),
    ]
    finder = PlainTeachers({"S1": "13", "S2": "14", "S3": "13"}, 1)
    window = Window(iter([encode(people[0]) + encode(people[1])]))

    first, second = finder.find(window), finder.find(window)

    assert first.wishes == ("S2", "S3")
    assert first.points == {"13": 3500, "14": -50}
    assert first.excluded == (("S2", "general", "teaching_area"),)
    assert second.subjects == ("english", "general")
    assert finder.find(window) is None


def test_people_before_their_schools_are_refused_for_the_same_reasons():
    document = problem(
        [school("S1")],
        [teacher("T1", "S1", "S9", points={}), teacher("T1", "S8", points={})],
        vacancies=[vacancy("S7"), vacancy("S1", -1)],
        rules=rules(),
    )
    first, *others = ("teachers", *(key for key in document if key != "teachers"))
    early = {key: document[key] for key in (first, *others)}

    told, count = outcome(json.dumps(early).encode())

    assert sorted(told) == sorted(outcome(encode(document))[0])
    assert {path for _, path, _ in told} >= {"$.teachers[1].id", "$.vacancies[1].count"}
    assert count == len(told)


def test_a_file_without_rules_or_schools_says_so_and_whatever_else_it_can():
    document = problem([school("S1")], [teacher("T1", "S1", points={}, lot=0)], rules=rules())
    del document["rules"], document["schools"]

    told, _ = outcome(encode(document))

    assert {(code, path) for code, path, _ in told} == {
        ("missing_key", "$.rules"),
        ("missing_key", "$.schools"),
        ("undeclared_school", "$.teachers[0].school"),
        ("out_of_range", "$.teachers[0].lot"),
    }


def read_limited(data, **limits):
    reader = Reader("a")
    document = Document(iter([data]), reader, Limits(**limits))
    seen = []
    with pytest.raises(RefusedFileError) as refused:
        document.read({"list": lambda number: seen.append(document.value(f"$.list[{number}]"))})
    (fault,) = refused.value.faults
    return fault.code, fault.path, fault.detail


def test_a_list_without_an_end_and_a_value_without_an_end_are_left():
    assert read_limited(b'{"list":[1,2,3,4]}', items=3) == ("too_big", "$.list", "> 3")
    for text in ("[" + "7," * 60, '"' + "é" * 99 + '"', '"' + "a" * 200):
        told = read_limited(b'{"list":[' + text.encode(), characters=90)
        assert told == ("too_big", "$.list[0]", "> 90")


def test_what_is_not_json_is_refused_with_line_and_column():
    data = b'{\n "list": [\n  1,\n  2 3]}'

    assert read_limited(data) == (
        *("not_json", "$.list[1]"),
        "Expecting ',' or ']': line 4, column 5",
    )
    with pytest.raises(RefusedFileError, match="line 2, column 3"):
        open_document(b"[\n1 2]", "a")


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf[]", b"", b"[" * 9**6, b"\xff", b"[1] 2", b"[1"])
def test_a_small_document_is_refused_for_the_same_reasons(data):
    with pytest.raises(RefusedFileError) as refused:
        open_document(data, "a")

    (fault,) = refused.value.faults
    assert [fault.code] == [code for code, _, _ in outcome(data)[0]]
