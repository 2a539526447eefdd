"""Every refusal of a bad file names the file, the path and the reason."""

import copy
import json
from dataclasses import replace

import pytest

from matcher.files.canon import encode
from matcher.files.placement import Mechanism, parse_placement
from matcher.files.problem import parse_problem, problem_from_document
from matcher.files.reader import FAULTS_AT_MOST
from matcher.files.refusal import FaultCode, RefusedFileError
from matcher.files.rulebook import parse_rules
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy

GOOD = problem(
    [school("S1"), school("S2", "14", "remote")],
    [
        teacher("T1", "S1", "S2", points={"14": 3500}),
        teacher("T2", "S2", "S1", points={"13": 3100}),
    ],
    vacancies=[vacancy("S2")],
    rules=rules(
        {
            "name": "single",
            "kind": "vacancy",
            "who": "all",
            "schools": "all",
            "method": "deferred_acceptance",
            "refill": "none",
        },
        ring_phase(2, 3),
    ),
)
HASH = "sha256:" + "0" * 64
GOOD_PLACEMENT = {
    "format": "jiepin-placement/1",
    "problem": HASH,
    "rules": HASH,
    "mechanism": "statutory",
    "components": [
        {
            "kind": "chain",
            "phase": "single",
            "round": 1,
            "moves": [
                {
                    "teacher": "T1",
                    "from": ["S1", "general"],
                    "to": ["S2", "general"],
                    "wish": 1,
                    "subject_rank": 1,
                }
            ],
        }
    ],
    "trace": HASH,
}
GONE = object()


def changed(document, path, value):
    """The document with the value at a path of keys replaced, added or, if `GONE`, taken out."""
    copied = copy.deepcopy(document)
    *way, last = path
    place = copied
    for key in way:
        place = place[key]
    if value is GONE:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return copied


def faults_of(parse, data):
    with pytest.raises(RefusedFileError) as refused:
        parse(data, "a.json")
    assert all(fault.file == "a.json" for fault in refused.value.faults)
    return [(fault.code, fault.path) for fault in refused.value.faults]


T0 = ("teachers", 0)
PROBLEM_CASES = [
    (("format",), "jiepin-problem/2", "$.format: unknown_value: 'jiepin-problem/2'"),
    (("season",), GONE, "$.season: missing_key"),
    (("season",), 115, "$.season: not_a_text: 115"),
    (("season",), "", "$.season: bad_text: ''"),
    (
        ("season",),
        "1" * 65,
        "$.season: bad_text: '111111111111111111111111111111111111111111111111111111111111111…",
    ),
    (("season",), "11\n5", "$.season: bad_text: '11\\n5'"),
    (("seeson",), "115", "$.seeson: unknown_key"),
    (("stage",), "college", "$.stage: unknown_value: 'college'"),
    (("rules",), GONE, "$.rules: missing_key"),
    (
        ("rules",),
        [],
        "$.rules: not_an_object: []",
        "$.teachers[0].tie: tie_length: 1 ≠ 0",
        "$.teachers[1].tie: tie_length: 1 ≠ 0",
    ),
    (("rules", "phases", 0, "who"), "some", "$.rules.phases[0].who: unknown_value: 'some'"),
    (
        ("schools",),
        {},
        "$.teachers[0].school: undeclared_school: S1",
        "$.teachers[0].wishes[0]: undeclared_school: S2",
        "$.teachers[0].points.14: points_without_wish: 14",
        "$.teachers[1].school: undeclared_school: S2",
        "$.teachers[1].wishes[0]: undeclared_school: S1",
        "$.teachers[1].points.13: points_without_wish: 13",
        "$.vacancies[0].school: undeclared_school: S2",
        "$.schools: not_a_list: {}",
    ),
    (
        ("schools", 0),
        "S1",
        "$.schools[0]: not_an_object: 'S1'",
        "$.teachers[0].school: undeclared_school: S1",
        "$.teachers[1].wishes[0]: undeclared_school: S1",
        "$.teachers[1].points.13: points_without_wish: 13",
    ),
    (
        ("schools", 0, "county"),
        "99",
        "$.schools[0].county: unknown_county: 99",
        "$.teachers[1].points.13: points_without_wish: 13",
        "$.teachers[1].points.99: points_missing: 99",
    ),
    (("schools", 0, "marks"), ["far"], "$.schools[0].marks[0]: unknown_value: 'far'"),
    (("schools", 1, "marks"), ["remote", "remote"], "$.schools[1].marks[1]: duplicate: 'remote'"),
    (("schools", 2), school("S1"), "$.schools[2].id: duplicate: S1"),
    (("vacancies", 0, "school"), "S9", "$.vacancies[0].school: undeclared_school: S9"),
    (("vacancies", 0, "count"), -1, "$.vacancies[0].count: out_of_range: -1"),
    (("vacancies", 0, "count"), 10**9, "$.vacancies[0].count: out_of_range: 1000000000"),
    (("vacancies", 0, "count"), "1", "$.vacancies[0].count: not_an_integer: '1'"),
    (("vacancies", 0, "count"), True, "$.vacancies[0].count: not_an_integer: True"),
    (("vacancies", 0, "refill"), 1, "$.vacancies[0].refill: not_a_truth_value: 1"),
    (("vacancies", 1), vacancy("S2", 3), "$.vacancies[1]: duplicate: S2/general"),
    (("schools", 1, "marks"), ["closed"], "$.vacancies[0].school: closed_school: S2"),
    ((*T0, "id"), "T2", "$.teachers[1].id: duplicate: T2"),
    ((*T0, "lot"), 2, "$.teachers[1].lot: duplicate: 2"),
    ((*T0, "lot"), 0, "$.teachers[0].lot: out_of_range: 0"),
    ((*T0, "lot"), 2**63, "$.teachers[0].lot: out_of_range: 9223372036854775808"),
    ((*T0, "tie"), [], "$.teachers[0].tie: tie_length: 0 ≠ 1"),
    ((*T0, "tie"), [0, 0], "$.teachers[0].tie: tie_length: 2 ≠ 1"),
    ((*T0, "tie"), ["0"], "$.teachers[0].tie[0]: not_an_integer: '0'"),
    ((*T0, "tie"), [2**53], "$.teachers[0].tie[0]: out_of_range: 9007199254740992"),
    ((*T0, "school"), "S9", "$.teachers[0].school: undeclared_school: S9"),
    ((*T0, "subject"), "english", "$.teachers[0].subjects: own_subject_not_first: english"),
    ((*T0, "subjects"), [], "$.teachers[0].subjects: own_subject_not_first: general"),
    ((*T0, "subjects"), ["general", "general"], "$.teachers[0].subjects[1]: duplicate: 'general'"),
    (
        (*T0, "subjects"),
        "general",
        "$.teachers[0].subjects: not_a_list: 'general'",
        "$.teachers[0].subjects: own_subject_not_first: general",
    ),
    ((*T0, "wishes"), ["S2", "S2"], "$.teachers[0].wishes[1]: duplicate: 'S2'"),
    ((*T0, "wishes"), ["S2", "S9"], "$.teachers[0].wishes[1]: undeclared_school: S9"),
    ((*T0, "wishes"), ["S2", 7], "$.teachers[0].wishes[1]: not_a_text: 7"),
    (
        (*T0, "wishes"),
        ["S2", 7, "S2"],
        "$.teachers[0].wishes[1]: not_a_text: 7",
        "$.teachers[0].wishes[2]: duplicate: 'S2'",
    ),
    ((*T0, "points"), {}, "$.teachers[0].points.14: points_missing: 14"),
    ((*T0, "points"), {"14": 1, "15": 1}, "$.teachers[0].points.15: points_without_wish: 15"),
    ((*T0, "points"), {"14": 1, "xx": 1}, "$.teachers[0].points.xx: unknown_county: xx"),
    ((*T0, "points"), {"14": None}, "$.teachers[0].points.14: not_an_integer: None"),
    (
        (*T0, "points"),
        [],
        "$.teachers[0].points: not_an_object: []",
        "$.teachers[0].points.14: points_missing: 14",
    ),
    ((*T0, "indigenous"), "yes", "$.teachers[0].indigenous: not_a_truth_value: 'yes'"),
    ((*T0, "name"), "Amy", "$.teachers[0].name: unknown_key"),
    (
        (*T0, "excluded"),
        [{"school": "S2", "subject": "english", "reason": "x"}],
        "$.teachers[0].excluded[0].subject: subject_not_listed: english",
    ),
    (
        (*T0, "excluded"),
        [{"school": "S2", "subject": "general", "reason": "x"}] * 2,
        "$.teachers[0].excluded[1]: duplicate: S2/general",
    ),
    (
        ("schools", 1, "id"),
        "",
        "$.schools[1].id: bad_text: ''",
        "$.teachers[0].wishes[0]: undeclared_school: S2",
        "$.teachers[0].points.14: points_without_wish: 14",
        "$.teachers[1].school: undeclared_school: S2",
        "$.vacancies[0].school: undeclared_school: S2",
    ),
    (
        ("schools", 1, "id"),
        7,
        "$.schools[1].id: not_a_text: 7",
        "$.teachers[0].wishes[0]: undeclared_school: S2",
        "$.teachers[0].points.14: points_without_wish: 14",
        "$.teachers[1].school: undeclared_school: S2",
        "$.vacancies[0].school: undeclared_school: S2",
    ),
    (
        ("schools", 1, "county"),
        14,
        "$.schools[1].county: not_a_text: 14",
        "$.schools[1].county: unknown_county",
        "$.teachers[0].points.14: points_without_wish: 14",
        "$.teachers[0].points.: points_missing",
    ),
    (("schools", 1, "marks"), "remote", "$.schools[1].marks: not_a_list: 'remote'"),
    (
        ("schools", 1, "name"),
        "大同",
        "$.schools[1].name: unknown_key",
        "$.teachers[0].wishes[0]: undeclared_school: S2",
        "$.teachers[0].points.14: points_without_wish: 14",
        "$.teachers[1].school: undeclared_school: S2",
        "$.vacancies[0].school: undeclared_school: S2",
    ),
    (
        ("vacancies",),
        [vacancy("S8"), vacancy("S9")],
        "$.vacancies[0].school: undeclared_school: S8",
        "$.vacancies[1].school: undeclared_school: S9",
    ),
    (("vacancies", 0, "school"), 7, "$.vacancies[0].school: not_a_text: 7"),
    (("vacancies", 0, "subject"), "", "$.vacancies[0].subject: bad_text: ''"),
    (("vacancies", 0, "count"), GONE, "$.vacancies[0].count: missing_key"),
    (("vacancies", 0), [], "$.vacancies[0]: not_an_object: []"),
    ((*T0, "id"), 7, "$.teachers[0].id: not_a_text: 7"),
    ((*T0, "school"), "", "$.teachers[0].school: bad_text: ''"),
    (
        (*T0, "subject"),
        7,
        "$.teachers[0].subject: not_a_text: 7",
        "$.teachers[0].subjects: own_subject_not_first",
    ),
    (
        (*T0, "tie"),
        "0",
        "$.teachers[0].tie: not_a_list: '0'",
        "$.teachers[0].tie: tie_length: 0 ≠ 1",
    ),
    (
        (*T0, "tie"),
        {"older": 0},
        "$.teachers[0].tie: not_a_list: {…}",
        "$.teachers[0].tie: tie_length: 0 ≠ 1",
    ),
    ((*T0, "lot"), "1", "$.teachers[0].lot: not_an_integer: '1'"),
    ((*T0, "lot"), GONE, "$.teachers[0].lot: missing_key"),
    (
        (*T0, "wishes"),
        {},
        "$.teachers[0].wishes: not_a_list: {}",
        "$.teachers[0].points.14: points_without_wish: 14",
    ),
    ((*T0, "points"), {"14": 2**53}, "$.teachers[0].points.14: out_of_range: 9007199254740992"),
    ((*T0, "language"), None, "$.teachers[0].language: not_a_truth_value: None"),
    ((*T0, "excluded"), {}, "$.teachers[0].excluded: not_a_list: {}"),
    ((*T0, "excluded"), ["S2"], "$.teachers[0].excluded[0]: not_an_object: 'S2'"),
    (
        (*T0, "excluded"),
        [{"school": "S9", "subject": "general", "reason": ""}],
        "$.teachers[0].excluded[0].school: undeclared_school: S9",
        "$.teachers[0].excluded[0].reason: bad_text: ''",
    ),
    (
        (*T0, "excluded"),
        [{"school": "S2", "subject": "general"}],
        "$.teachers[0].excluded[0].reason: missing_key",
    ),
    (("teachers", 2), 7, "$.teachers[2]: not_an_object: 7"),
]
R = ("phases", 1)
RULE_CASES = [
    (("format",), "rules", "$.format: unknown_value: 'rules'"),
    (("phases", 0, "kind"), "draw", "$.phases[0].kind: unknown_value: 'draw'"),
    (("phases", 0), 7, "$.phases[0]: not_an_object: 7"),
    (("phases", 0, "schools"), "far", "$.phases[0].schools: unknown_value: 'far'"),
    (("phases", 0, "method"), "draw", "$.phases[0].method: unknown_value: 'draw'"),
    (("phases", 0, "method"), "ttc", "$.phases[0].refill: contradiction: ttc, none"),
    (("phases", 0, "refill"), "cycles", "$.phases[0].refill: unknown_value: 'cycles'"),
    (
        ("phases", 0, "refill"),
        "chains",
        "$.phases[0].refill: contradiction: deferred_acceptance, chains",
    ),
    (("phases", 0, "name"), "ring", "$.phases[1]: duplicate: 'ring'"),
    ((*R, "length"), [1, 3], "$.phases[1].length[0]: out_of_range: 1"),
    ((*R, "length"), [3, 2], "$.phases[1].length: length_reversed: 3 > 2"),
    ((*R, "length"), [2], "$.phases[1].length: wrong_shape: [shortest, longest]"),
    ((*R, "length"), [2, 101], "$.phases[1].length[1]: out_of_range: 101"),
    ((*R, "method"), "lottery", "$.phases[1].method: unknown_value: 'lottery'"),
    ((*R, "who"), "all", "$.phases[1].who: unknown_key"),
    (("tie",), ["height"], "$.tie[0]: unknown_value: 'height'"),
    (("tie",), ["older", "older"], "$.tie[1]: duplicate: 'older'"),
    (("exclusive_subjects",), None, "$.exclusive_subjects: not_a_list: None"),
    (("name",), "", "$.name: bad_text: ''"),
    (("source",), 7, "$.source: not_a_text: 7"),
    (("phases",), {}, "$.phases: not_a_list: {}"),
    (("phases", 0, "name"), "", "$.phases[0].name: bad_text: ''"),
    (("phases", 0, "who"), GONE, "$.phases[0].who: missing_key"),
    ((*R, "name"), 7, "$.phases[1].name: not_a_text: 7"),
    (
        (*R, "length"),
        "2-3",
        "$.phases[1].length: not_a_list: '2-3'",
        "$.phases[1].length: wrong_shape: [shortest, longest]",
    ),
    ((*R, "length"), [2, 3, 4], "$.phases[1].length: wrong_shape: [shortest, longest]"),
    ((*R, "length"), ["2", 3], "$.phases[1].length[0]: not_an_integer: '2'"),
    (("tie",), "older", "$.tie: not_a_list: 'older'"),
    (("exclusive_subjects",), ["guidance", 7], "$.exclusive_subjects[1]: not_a_text: 7"),
]
C = ("components", 0)
PLACEMENT_CASES = [
    (("format",), 1, "$.format: unknown_value: 1"),
    (("problem",), "md5:00", "$.problem: bad_text: 'md5:00'"),
    (("rules",), None, "$.rules: bad_text: None"),
    (("trace",), GONE, "$.trace: missing_key"),
    (("mechanism",), "magic", "$.mechanism: unknown_value: 'magic'"),
    (("certificate",), {}, "$.certificate: contradiction: statutory"),
    ((*C, "kind"), "knot", "$.components[0].kind: unknown_value: 'knot'"),
    ((*C, "kind"), GONE, "$.components[0].kind: missing_key"),
    ((*C, "round"), 0, "$.components[0].round: out_of_range: 0"),
    ((*C, "moves"), [], "$.components[0].moves: empty_list"),
    ((*C, "moves", 0, "to"), "S2", "$.components[0].moves[0].to: wrong_shape: [school, subject]"),
    (
        (*C, "moves", 0, "from"),
        ["S1"],
        "$.components[0].moves[0].from: wrong_shape: [school, subject]",
    ),
    ((*C, "moves", 0, "wish"), 0, "$.components[0].moves[0].wish: out_of_range: 0"),
    ((*C, "moves", 0, "name"), "Amy", "$.components[0].moves[0].name: unknown_key"),
    (
        ("rules",),
        "sha256:" + "A" * 64,
        "$.rules: bad_text: 'sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…",
    ),
    (
        ("trace",),
        HASH + "0",
        "$.trace: bad_text: 'sha256:00000000000000000000000000000000000000000000000000000000…",
    ),
    (("trace",), 7, "$.trace: bad_text: 7"),
    (("components",), {}, "$.components: not_a_list: {}"),
    (("components", 0), 7, "$.components[0]: not_an_object: 7"),
    ((*C, "phase"), "", "$.components[0].phase: bad_text: ''"),
    ((*C, "round"), "1", "$.components[0].round: not_an_integer: '1'"),
    ((*C, "moves"), {}, "$.components[0].moves: not_a_list: {}"),
    ((*C, "moves", 0), "T1", "$.components[0].moves[0]: not_an_object: 'T1'"),
    ((*C, "moves", 0, "teacher"), "", "$.components[0].moves[0].teacher: bad_text: ''"),
    (
        (*C, "moves", 0, "to"),
        ["S2", 7],
        "$.components[0].moves[0].to: wrong_shape: [school, subject]",
    ),
    (
        (*C, "moves", 0, "from"),
        ["S1", "general", 1],
        "$.components[0].moves[0].from: wrong_shape: [school, subject]",
    ),
    (
        (*C, "moves", 0, "subject_rank"),
        2**53,
        "$.components[0].moves[0].subject_rank: out_of_range: 9007199254740992",
    ),
    ((*C, "moves", 0, "wish"), "1", "$.components[0].moves[0].wish: not_an_integer: '1'"),
]


def told(parse, document):
    """What a document, or bytes, are refused for: a line for each fault."""
    with pytest.raises(RefusedFileError) as refused:
        parse(document if isinstance(document, bytes) else encode(document), "a.json")
    lines = str(refused.value).splitlines()
    assert all(line.startswith("a.json: ") for line in lines)
    return [line.removeprefix("a.json: ") for line in lines]


@pytest.mark.parametrize("case", PROBLEM_CASES, ids=lambda case: case[2])
def test_a_bad_problem_is_refused_with_its_path_and_reason(case):
    path, value, *faults = case

    assert told(parse_problem, changed(GOOD, path, value)) == faults


@pytest.mark.parametrize("case", RULE_CASES, ids=lambda case: case[2])
def test_a_bad_rule_file_is_refused_with_its_path_and_reason(case):
    path, value, *faults = case

    assert told(parse_rules, changed(GOOD["rules"], path, value)) == faults


@pytest.mark.parametrize("case", PLACEMENT_CASES, ids=lambda case: case[2])
def test_a_bad_placement_is_refused_with_its_path_and_reason(case):
    path, value, *faults = case

    assert told(parse_placement, changed(GOOD_PLACEMENT, path, value)) == faults


def proved(value):
    return changed(GOOD_PLACEMENT | {"mechanism": "maximum"}, ("certificate",), value)


def nested(levels):
    return [nested(levels - 1)] if levels else []


@pytest.mark.parametrize(
    ("certificate", "fault"),
    [
        ([], "$.certificate: not_an_object: []"),
        ({"bound": 2**53}, "$.certificate.bound: out_of_range: 9007199254740992"),
        (
            {"ranks": [1, {"a": -(2**53)}]},
            "$.certificate.ranks[1].a: out_of_range: -9007199254740992",
        ),
        ({"gap": 0.5}, "$.certificate.gap: not_an_integer: 0.5"),
        ({"deep": nested(16)}, f"$.certificate.deep{'[0]' * 16}: too_deep"),
    ],
)
def test_a_certificate_holds_canonical_values_only(certificate, fault):
    data = json.dumps(proved(certificate)).encode()

    assert told(parse_placement, data) == [fault]


def test_a_key_twice_is_refused_wherever_it_stands():
    twice = encode(proved({"a": {"b": 1}})).replace(b'"b":1', b'"a":0,"b":1,"b":2,"c":3,"c":3')
    outside = encode(proved({"a": 1})).replace(b'"a":1', b'"a":1,"a":2')
    rules = encode(GOOD["rules"])[:-1] + b',"name":"a","name":"b","tie":[]}'

    assert told(parse_placement, twice) == [
        "$.certificate.a.b: repeated_key",
        "$.certificate.a.c: repeated_key",
    ]
    assert told(parse_placement, outside) == ["$.certificate.a: repeated_key"]
    assert told(parse_rules, rules)[:2] == ["$.name: repeated_key", "$.tie: repeated_key"]
    assert told(parse_problem, b'{"a":1,"a":2,"a":3,"b":1,"b":1}')[:3] == [
        "$.a: repeated_key",
        "$.a: repeated_key",
        "$.b: repeated_key",
    ]


@pytest.mark.parametrize(
    ("code", "lone"),
    [(0xD7FF, False), (0xD800, True), (0xDBFF, True), (0xDFFF, True), (0xE000, False)],
)
def test_a_lone_surrogate_is_refused_and_its_neighbours_are_not_for_that(code, lone):
    data = spelt('"115"', f'"\\u{code:04x}"')

    assert ("$.season: lone_surrogate" in told(parse_problem, data)) is lone


@pytest.mark.parametrize(
    ("item", "faults"),
    [
        (b"nul", ["$.components[1]: not_json: Expecting value: line 1, column 21"]),
        (
            b'"\\ud800"',
            ["$.components[1]: lone_surrogate", "$.components[1]: not_an_object: '\\ud800'"],
        ),
    ],
)
def test_what_is_wrong_inside_a_long_list_has_the_number_of_its_item(item, faults):
    assert (
        told(parse_placement, b'{"components":[0,' + b"   " + item + b"]}")[1:][: len(faults)]
        == faults
    )


def test_a_certificate_is_written_back_byte_for_byte_and_only_beside_a_what_if_mechanism():
    data = encode(proved({"bound": 7, "proved": True, "gap": None, "ranks": [["a", nested(12)]]}))

    placement = parse_placement(data, "a")

    assert placement.encode() == data
    with pytest.raises(ValueError, match="carries no certificate"):
        replace(placement, mechanism=Mechanism.STATUTORY)


def spelt(old, new):
    text = encode(GOOD).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


DEEP = "[" * 500 + "]" * 500
SPELT_WRONG = [
    (b"\xff{}", "$: not_utf8: byte 0"),
    (b"", "$: empty_file"),
    (b" " * 1000, "$: empty_file"),
    (b"{", "$: not_json: Expecting a key in double quotes: line 1, column 2"),
    (b'{\n"season":1,\n 2}', "$: not_json: Expecting a key in double quotes: line 3, column 2"),
    (b"nothing", "$: not_json: Expecting value: line 1, column 1"),
    (b"X", "$: not_json: Expecting value: line 1, column 1"),
    (b'{"season"\n 1}', "$.season: not_json: Expecting ':': line 2, column 2"),
    (b'{"season":1 2}', "$.season: not_json: Expecting ',' or '}': line 1, column 13"),
    (b'{"season":"11', "$.season: not_json: Unterminated string starting at: line 1, column 11"),
    (
        b'{"schools":[ 7 8]}',
        "$.schools[0]: not_an_object: 7",
        "$.schools[0]: not_json: Expecting ',' or ']': line 1, column 16",
    ),
    (b'{"teachers":[,]}', "$.teachers[0]: not_json: Expecting value: line 1, column 14"),
    (b'{"season":nul}', "$.season: not_json: Expecting value: line 1, column 11"),
    (encode(GOOD) + b"\n{}", "$: not_json: Extra data: line 2, column 1"),
    (spelt('"season":"115"', f'"season":{DEEP}'), "$.season: not_a_text: […]"),
    (spelt('"season":"115"', '"season":{"a":1}'), "$.season: not_a_text: {…}"),
    (
        spelt('"season":"115"', '"season":' + DEEP.replace("[]", '["\\ud800"]')),
        "$.season" + "[0]" * 500 + ": lone_surrogate",
        "$.season: not_a_text: […]",
    ),
    (
        b'{"vacancies":[7,nul]}',
        "$.vacancies[1]: not_json: Expecting value: line 1, column 17",
    ),
    (spelt('"season":"115"', '"season":"115","season":"116"'), "$.season: repeated_key"),
    (
        spelt('"teachers":', '"teachers":[1],"teachers":'),
        "$.teachers[0]: not_an_object: 1",
        "$.teachers: repeated_key",
    ),
    (b"\xef\xbb\xbf{}", "$: byte_order_mark"),
    (b"[" * 200_000, "$: too_deep"),
    (b"[]", "$: not_an_object: []"),
    (spelt('"count":1', '"count":1.0'), "$.vacancies[0].count: not_an_integer: 1.0"),
    (spelt('"count":1', '"count":1e0'), "$.vacancies[0].count: not_an_integer: 1e0"),
    (spelt('"count":1', '"count":NaN'), "$.vacancies[0].count: not_an_integer: NaN"),
    (spelt('"count":1', '"count":-Infinity'), "$.vacancies[0].count: not_an_integer: -Infinity"),
    (spelt('"count":1', '"count":1,"count":2'), "$.vacancies[0].count: repeated_key"),
    (spelt('"14":3500', '"14":3500,"14":9900'), "$.teachers[0].points.14: repeated_key"),
    (spelt('"115"', '"\\ud800"'), "$.season: lone_surrogate", "$.season: bad_text: '\\ud800'"),
    (spelt('"115"', '"e\\u0301"'), "$.season: not_nfc: e\u0301"),
    (spelt('"115"', '"e\u0301"'), "$.season: not_nfc: e\u0301"),
    (spelt('"115"', '"' + "e\u0301" * 32 + '"'), "$.season: not_nfc: " + "e\u0301" * 32),
    (
        spelt('"season"', '"se\\u0301ason"'),
        "$.se\u0301ason: not_nfc: se\u0301ason",
        "$.season: missing_key",
        "$.se\u0301ason: unknown_key",
    ),
]


@pytest.mark.parametrize("case", SPELT_WRONG, ids=lambda case: case[1][:40])
def test_what_json_lets_pass_and_we_do_not_is_refused(case):
    data, *faults = case

    assert told(parse_problem, data) == faults


def test_a_number_of_thousands_of_digits_is_refused():
    (fault,) = told(parse_problem, spelt('"lot":2', '"lot":' + "2" * 5000))

    assert fault.startswith("$.teachers[1]: not_json: Exceeds the limit")
    assert fault.endswith(": line 1, column 646")


def test_a_lone_surrogate_in_a_key_is_told_in_plain_ascii():
    data = spelt('"season"', '"\\ud800"')

    assert ("lone_surrogate", "$.\\ud800") in faults_of(parse_problem, data)


def test_a_key_without_an_end_is_not_quoted_without_an_end():
    data = spelt('"season"', '"' + "s" * 10**6 + '":1,"season"')

    (fault,) = faults_of(parse_problem, data)

    assert fault[0] == "unknown_key"
    assert len(fault[1]) < 2100


def test_all_faults_come_at_once_in_the_order_of_the_file():
    data = encode(changed(changed(GOOD, ("season",), ""), (*T0, "lot"), 0))

    codes = [code for code, _ in faults_of(parse_problem, data)]

    assert sorted(codes) == ["bad_text", "out_of_range"]


def test_a_hopeless_file_does_not_fill_the_memory_with_faults():
    data = encode(changed(GOOD, (*T0, "wishes"), [0] * (FAULTS_AT_MOST + 500)))

    with pytest.raises(RefusedFileError) as refused:
        parse_problem(data, "a.json")
    assert len(refused.value.faults) == FAULTS_AT_MOST
    assert refused.value.count == FAULTS_AT_MOST + 501, "each wish, and points without a wish"


def test_an_escape_that_spells_an_ordinary_text_is_read_like_the_text():
    plain = parse_problem(encode(GOOD), "a")

    assert parse_problem(spelt('"115"', '"\\u0031\\u00315"'), "a") == plain


def test_spaces_and_the_order_of_keys_do_not_change_the_identity():
    pretty = json.dumps(dict(reversed(GOOD.items())), indent=2).encode()

    assert parse_problem(pretty, "a").identity() == parse_problem(encode(GOOD), "b").identity()


def test_what_was_read_is_written_back_byte_for_byte():
    data, placement = encode(GOOD), encode(GOOD_PLACEMENT)

    assert parse_problem(data, "a").encode() == data
    assert parse_placement(placement, "a").encode() == placement
    assert encode(parse_rules(encode(GOOD["rules"]), "a").document()) == encode(GOOD["rules"])


def test_a_document_built_in_memory_is_read_as_strictly_as_a_file():
    assert problem_from_document(GOOD, "a") == parse_problem(encode(GOOD), "a")
    with pytest.raises(RefusedFileError, match=r"^a: \$\.vacancies\[0\]\.count: not_an_integer"):
        problem_from_document(changed(GOOD, ("vacancies", 0, "count"), 1.0), "a")


def test_a_refusal_reads_as_one_line_per_fault():
    data = encode(changed(GOOD, (*T0, "lot"), 0))

    with pytest.raises(RefusedFileError, match=r"^a\.json: \$\.teachers\[0\]\.lot: out_of_range"):
        parse_problem(data, "a.json")


def test_every_reason_there_is_was_seen_in_these_tests():
    cases = (*PROBLEM_CASES, *RULE_CASES, *PLACEMENT_CASES)
    seen = {fault.split(": ")[1] for case in cases for fault in case[2:]}
    elsewhere = {
        *("not_utf8", "not_json", "too_deep", "lone_surrogate", "not_nfc", "repeated_key"),
        *("empty_file", "byte_order_mark", "too_big"),
    }
    of_the_shell = {
        *("no_file", "unreadable", "not_a_file", "changed", "cut_off", "bad_packing"),
        "tie_unknown",
    }

    assert seen | elsewhere | of_the_shell == {code.value for code in FaultCode}
