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
from matcher.files.plain import PlainSchools, PlainTeacher, PlainTeachers
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


@pytest.mark.parametrize("seed", range(20))
def test_all_that_the_writer_spells_is_found_at_a_glance(seed):
    read = parse_problem(market(seed), "a")
    schools = Window(iter([b"".join(encode(each.document()) for each in read.schools)]))
    people = Window(iter([b"".join(encode(each.document()) for each in read.teachers)]))
    declared = {each.id: each.county for each in read.schools}
    school_finder = PlainSchools()
    finder = PlainTeachers(declared, len(read.rules.tie))

    for each in read.schools:
        assert school_finder.find(schools) == (each.id, each.county, each.marks)
    for each in read.teachers:
        assert finder.find(people) == PlainTeacher(
            id=each.id,
            school=each.position.school,
            subject=each.position.subject,
            subjects=each.subjects,
            points=each.points,
            tie=each.tie,
            lot=each.lot,
            wishes=each.wishes,
            indigenous=each.indigenous,
            language=each.language,
            excluded=tuple(
                (e.position.school, e.position.subject, e.reason) for e in each.excluded
            ),
        )
    assert not schools.look()
    assert not people.look()


@pytest.mark.parametrize("tie", [(), (0,), (-7, 10**14, 0)])
def test_any_number_of_tie_numbers_is_found_at_a_glance(tie):
    document = teacher("T1", "X1", "X2", points={"13": 100}, tie=list(tie))
    text = encode(document)
    declared = {"X1": "13", "X2": "13"}

    found = PlainTeachers(declared, len(tie)).find(Window(iter([text])))

    assert (found.school, found.tie, found.wishes) == ("X1", tie, ("X2",))
    assert PlainTeachers(declared, len(tie) + 1).find(Window(iter([text]))) is None


def test_equal_parts_of_a_file_are_one_in_memory():
    points = {"14": 3500}
    document = problem(
        [school("S1", "13", "remote"), school("S2", "14", "remote")],
        [
            teacher("T1", "S1", "S2", points=points, tie=[1000]),
            teacher("T2", "S1", "S2", points=points, tie=[1000]),
        ],
        vacancies=[vacancy("S1")],
        rules=rules(),
    )

    read = parse_problem(encode(document), "a")

    first, second = read.teachers
    assert first.points is second.points
    assert first.subjects is second.subjects
    assert first.tie[0] is second.tie[0]
    assert first.wishes[0] is second.wishes[0] is read.schools[1].id
    assert first.position is second.position is read.vacancies[0].position
    assert read.schools[0].marks is read.schools[1].marks


def test_a_text_of_64_characters_fits_and_one_more_does_not():
    document = problem([school("S" * 64)], [], rules=rules())

    assert outcome(encode(document | {"season": "1" * 64})).season == "1" * 64
    told, _ = outcome(encode(document | {"season": "1" * 65}))
    assert [(code, path) for code, path, _ in told] == [("bad_text", "$.season")]
    long, _ = outcome(encode(document | {"schools": [school("S" * 65)]}))
    assert [(code, path) for code, path, _ in long] == [("bad_text", "$.schools[0].id")]


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


def test_the_limit_is_that_of_one_value_however_long_the_text_is():
    values = [number * "a" for number in range(60)]
    data = encode({"list": values})
    seen = []
    pieces = iter([data[start : start + 100] for start in range(0, len(data), 100)])
    document = Document(pieces, Reader("a"), Limits(characters=61))

    document.read({"list": lambda number: seen.append(document.value(f"$.list[{number}]"))})

    assert seen == values


def test_what_is_not_json_is_refused_with_line_and_column():
    data = b'{\n "list": [\n  1,\n  2 3]}'

    assert read_limited(data) == (
        *("not_json", "$.list[1]"),
        "Expecting ',' or ']': line 4, column 5",
    )
    with pytest.raises(RefusedFileError, match="line 2, column 3"):
        open_document(b"[\n1 2]", "a")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xef\xbb\xbf[]", "a: $: byte_order_mark"),
        (b"", "a: $: empty_file"),
        (b" \n", "a: $: empty_file"),
        (b"[" * 9**6, "a: $: too_deep"),
        (b"[1,\xff]", "a: $: not_utf8: byte 3"),
        (b"[1]\n 2", "a: $: not_json: Extra data: line 2, column 2"),
        (b"[1", "a: $: not_json: Expecting ',' delimiter: line 1, column 3"),
        (b'{"a":["\\ud800"]}', "a: $.a[0]: lone_surrogate"),
    ],
)
def test_a_small_document_is_refused_for_the_same_reasons(data, fault):
    with pytest.raises(RefusedFileError) as refused:
        open_document(data, "a")

    assert str(refused.value) == fault
    assert refused.value.faults[0].code == outcome(data)[0][0][0]
