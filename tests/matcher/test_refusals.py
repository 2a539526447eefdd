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
    (("format",), "jiepin-problem/2", "unknown_value", "$.format"),
    (("season",), GONE, "missing_key", "$.season"),
    (("season",), 115, "not_a_text", "$.season"),
    (("season",), "", "bad_text", "$.season"),
    (("season",), "1" * 65, "bad_text", "$.season"),
    (("season",), "11\n5", "bad_text", "$.season"),
    (("seeson",), "115", "unknown_key", "$.seeson"),
    (("stage",), "college", "unknown_value", "$.stage"),
    (("rules",), GONE, "missing_key", "$.rules"),
    (("rules",), [], "not_an_object", "$.rules"),
    (("rules", "phases", 0, "who"), "some", "unknown_value", "$.rules.phases[0].who"),
    (("schools",), {}, "not_a_list", "$.schools"),
    (("schools", 0), "S1", "not_an_object", "$.schools[0]"),
    (("schools", 0, "county"), "99", "unknown_county", "$.schools[0].county"),
    (("schools", 0, "marks"), ["far"], "unknown_value", "$.schools[0].marks[0]"),
    (("schools", 1, "marks"), ["remote", "remote"], "duplicate", "$.schools[1].marks[1]"),
    (("schools", 2), school("S1"), "duplicate", "$.schools[2].id"),
    (("vacancies", 0, "school"), "S9", "undeclared_school", "$.vacancies[0].school"),
    (("vacancies", 0, "count"), -1, "out_of_range", "$.vacancies[0].count"),
    (("vacancies", 0, "count"), 10**9, "out_of_range", "$.vacancies[0].count"),
    (("vacancies", 0, "count"), "1", "not_an_integer", "$.vacancies[0].count"),
    (("vacancies", 0, "count"), True, "not_an_integer", "$.vacancies[0].count"),
    (("vacancies", 0, "refill"), 1, "not_a_truth_value", "$.vacancies[0].refill"),
    (("vacancies", 1), vacancy("S2", 3), "duplicate", "$.vacancies[1]"),
    (("schools", 1, "marks"), ["closed"], "closed_school", "$.vacancies[0].school"),
    ((*T0, "id"), "T2", "duplicate", "$.teachers[1].id"),
    ((*T0, "lot"), 2, "duplicate", "$.teachers[1].lot"),
    ((*T0, "lot"), 0, "out_of_range", "$.teachers[0].lot"),
    ((*T0, "lot"), 2**63, "out_of_range", "$.teachers[0].lot"),
    ((*T0, "tie"), [], "tie_length", "$.teachers[0].tie"),
    ((*T0, "tie"), [0, 0], "tie_length", "$.teachers[0].tie"),
    ((*T0, "tie"), ["0"], "not_an_integer", "$.teachers[0].tie[0]"),
    ((*T0, "tie"), [2**53], "out_of_range", "$.teachers[0].tie[0]"),
    ((*T0, "school"), "S9", "undeclared_school", "$.teachers[0].school"),
    ((*T0, "subject"), "english", "own_subject_not_first", "$.teachers[0].subjects"),
    ((*T0, "subjects"), [], "own_subject_not_first", "$.teachers[0].subjects"),
    ((*T0, "subjects"), ["general", "general"], "duplicate", "$.teachers[0].subjects[1]"),
    ((*T0, "subjects"), "general", "not_a_list", "$.teachers[0].subjects"),
    ((*T0, "wishes"), ["S2", "S2"], "duplicate", "$.teachers[0].wishes[1]"),
    ((*T0, "wishes"), ["S2", "S9"], "undeclared_school", "$.teachers[0].wishes[1]"),
    ((*T0, "wishes"), ["S2", 7], "not_a_text", "$.teachers[0].wishes[1]"),
    ((*T0, "wishes"), ["S2", 7, "S2"], "duplicate", "$.teachers[0].wishes[2]"),
    ((*T0, "points"), {}, "points_missing", "$.teachers[0].points.14"),
    ((*T0, "points"), {"14": 1, "15": 1}, "points_without_wish", "$.teachers[0].points.15"),
    ((*T0, "points"), {"14": 1, "xx": 1}, "unknown_county", "$.teachers[0].points.xx"),
    ((*T0, "points"), {"14": None}, "not_an_integer", "$.teachers[0].points.14"),
    ((*T0, "points"), [], "not_an_object", "$.teachers[0].points"),
    ((*T0, "indigenous"), "yes", "not_a_truth_value", "$.teachers[0].indigenous"),
    ((*T0, "name"), "Amy", "unknown_key", "$.teachers[0].name"),
    (
        (*T0, "excluded"),
        [{"school": "S2", "subject": "english", "reason": "x"}],
        "subject_not_listed",
        "$.teachers[0].excluded[0].subject",
    ),
    (
        (*T0, "excluded"),
        [{"school": "S2", "subject": "general", "reason": "x"}] * 2,
        "duplicate",
        "$.teachers[0].excluded[1]",
    ),
]
R = ("phases", 1)
RULE_CASES = [
    (("format",), "rules", "unknown_value", "$.format"),
    (("phases", 0, "kind"), "draw", "unknown_value", "$.phases[0].kind"),
    (("phases", 0), 7, "not_an_object", "$.phases[0]"),
    (("phases", 0, "schools"), "far", "unknown_value", "$.phases[0].schools"),
    (("phases", 0, "method"), "draw", "unknown_value", "$.phases[0].method"),
    (("phases", 0, "method"), "ttc", "contradiction", "$.phases[0].refill"),
    (("phases", 0, "refill"), "cycles", "unknown_value", "$.phases[0].refill"),
    (("phases", 0, "refill"), "chains", "contradiction", "$.phases[0].refill"),
    (("phases", 0, "name"), "ring", "duplicate", "$.phases[1]"),
    ((*R, "length"), [1, 3], "out_of_range", "$.phases[1].length[0]"),
    ((*R, "length"), [3, 2], "length_reversed", "$.phases[1].length"),
    ((*R, "length"), [2], "wrong_shape", "$.phases[1].length"),
    ((*R, "length"), [2, 101], "out_of_range", "$.phases[1].length[1]"),
    ((*R, "method"), "lottery", "unknown_value", "$.phases[1].method"),
    ((*R, "who"), "all", "unknown_key", "$.phases[1].who"),
    (("tie",), ["height"], "unknown_value", "$.tie[0]"),
    (("tie",), ["older", "older"], "duplicate", "$.tie[1]"),
    (("exclusive_subjects",), None, "not_a_list", "$.exclusive_subjects"),
]
C = ("components", 0)
PLACEMENT_CASES = [
    (("format",), 1, "unknown_value", "$.format"),
    (("problem",), "md5:00", "bad_text", "$.problem"),
    (("rules",), None, "bad_text", "$.rules"),
    (("trace",), GONE, "missing_key", "$.trace"),
    (("mechanism",), "magic", "unknown_value", "$.mechanism"),
    (("certificate",), {}, "contradiction", "$.certificate"),
    ((*C, "kind"), "knot", "unknown_value", "$.components[0].kind"),
    ((*C, "kind"), GONE, "missing_key", "$.components[0].kind"),
    ((*C, "round"), 0, "out_of_range", "$.components[0].round"),
    ((*C, "moves"), [], "empty_list", "$.components[0].moves"),
    ((*C, "moves", 0, "to"), "S2", "wrong_shape", "$.components[0].moves[0].to"),
    ((*C, "moves", 0, "from"), ["S1"], "wrong_shape", "$.components[0].moves[0].from"),
    ((*C, "moves", 0, "wish"), 0, "out_of_range", "$.components[0].moves[0].wish"),
    ((*C, "moves", 0, "name"), "Amy", "unknown_key", "$.components[0].moves[0].name"),
]


@pytest.mark.parametrize(("path", "value", "code", "where"), PROBLEM_CASES)
def test_a_bad_problem_is_refused_with_its_path_and_reason(path, value, code, where):
    data = encode(changed(GOOD, path, value))

    assert (code, where) in faults_of(parse_problem, data)


@pytest.mark.parametrize(("path", "value", "code", "where"), RULE_CASES)
def test_a_bad_rule_file_is_refused_with_its_path_and_reason(path, value, code, where):
    data = encode(changed(GOOD["rules"], path, value))

    assert (code, where) in faults_of(parse_rules, data)


@pytest.mark.parametrize(("path", "value", "code", "where"), PLACEMENT_CASES)
def test_a_bad_placement_is_refused_with_its_path_and_reason(path, value, code, where):
    data = encode(changed(GOOD_PLACEMENT, path, value))

    assert (code, where) in faults_of(parse_placement, data)


def proved(value):
    return changed(GOOD_PLACEMENT | {"mechanism": "maximum"}, ("certificate",), value)


def nested(levels):
    return [nested(levels - 1)] if levels else []


@pytest.mark.parametrize(
    ("certificate", "code", "where"),
    [
        ([], "not_an_object", "$.certificate"),
        ({"bound": 2**63}, "out_of_range", "$.certificate.bound"),
        ({"ranks": [1, {"a": -(2**53)}]}, "out_of_range", "$.certificate.ranks[1].a"),
        ({"gap": 0.5}, "not_an_integer", "$.certificate.gap"),
        ({"deep": nested(16)}, "too_deep", "$.certificate.deep" + "[0]" * 16),
    ],
)
def test_a_certificate_holds_canonical_values_only(certificate, code, where):
    data = json.dumps(proved(certificate)).encode()

    assert faults_of(parse_placement, data) == [(code, where)]


def test_a_key_twice_in_a_certificate_is_refused():
    data = encode(proved({"a": {"b": 1}})).replace(b'"b":1', b'"b":1,"b":2')

    assert faults_of(parse_placement, data) == [("repeated_key", "$.certificate.a.b")]


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


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"\xff{}", "not_utf8", "$"),
        (b"", "empty_file", "$"),
        (b" " * 1000, "empty_file", "$"),
        (b"{", "not_json", "$"),
        (b"nothing", "not_json", "$"),
        (encode(GOOD) + b"{}", "not_json", "$"),
        (encode(GOOD)[:-1] + b",}", "not_json", "$"),
        (encode(GOOD)[:-1], "not_json", "$.vacancies"),
        (spelt('"season":', '"season" '), "not_json", "$.season"),
        (spelt('"teachers":[', '"teachers":[,'), "not_json", "$.teachers[0]"),
        (spelt('"season":"115"', '"season":' + "[" * 500 + "]" * 500), "not_a_text", "$.season"),
        (
            spelt('"season":"115"', '"season":' + "[" * 500 + '"\\ud800"' + "]" * 500),
            *("lone_surrogate", "$.season" + "[0]" * 500),
        ),
        (spelt('{"count":1', "7,{"), "not_an_object", "$.vacancies[0]"),
        (spelt('"lot":2', '"lot":' + "2" * 5000), "not_json", "$.teachers[1]"),
        (spelt('"season":"115"', '"season":"115","season":"116"'), "repeated_key", "$.season"),
        (spelt('"teachers":', '"teachers":[1],"teachers":'), "repeated_key", "$.teachers"),
        (b"\xef\xbb\xbf{}", "byte_order_mark", "$"),
        (b"[" * 200_000, "too_deep", "$"),
        (b"[]", "not_an_object", "$"),
        (spelt('"count":1', '"count":1.0'), "not_an_integer", "$.vacancies[0].count"),
        (spelt('"count":1', '"count":1e0'), "not_an_integer", "$.vacancies[0].count"),
        (spelt('"count":1', '"count":NaN'), "not_an_integer", "$.vacancies[0].count"),
        (spelt('"count":1', '"count":-Infinity'), "not_an_integer", "$.vacancies[0].count"),
        (spelt('"count":1', '"count":1,"count":2'), "repeated_key", "$.vacancies[0].count"),
        (spelt('"14":3500', '"14":3500,"14":9900'), "repeated_key", "$.teachers[0].points.14"),
        (spelt('"115"', '"\\ud800"'), "lone_surrogate", "$.season"),
        (spelt('"115"', '"e\\u0301"'), "not_nfc", "$.season"),
        (spelt('"115"', '"e\N{COMBINING ACUTE ACCENT}"'), "not_nfc", "$.season"),
        (spelt('"season"', '"se\\u0301ason"'), "not_nfc", "$.se\N{COMBINING ACUTE ACCENT}ason"),
    ],
)
def test_what_json_lets_pass_and_we_do_not_is_refused(data, code, where):
    assert (code, where) in faults_of(parse_problem, data)


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
    with pytest.raises(RefusedFileError):
        problem_from_document(changed(GOOD, ("vacancies", 0, "count"), 1.0), "a")


def test_a_refusal_reads_as_one_line_per_fault():
    data = encode(changed(GOOD, (*T0, "lot"), 0))

    with pytest.raises(RefusedFileError, match=r"^a\.json: \$\.teachers\[0\]\.lot: out_of_range"):
        parse_problem(data, "a.json")


def test_every_reason_there_is_was_seen_in_these_tests():
    seen = {case[2] for case in (*PROBLEM_CASES, *RULE_CASES, *PLACEMENT_CASES)}
    elsewhere = {
        *("not_utf8", "not_json", "too_deep", "lone_surrogate", "not_nfc", "repeated_key"),
        *("empty_file", "byte_order_mark", "too_big"),
    }
    of_the_shell = {"unreadable", "not_a_file", "changed", "cut_off", "tie_unknown"}

    assert seen | elsewhere | of_the_shell == {code.value for code in FaultCode}
