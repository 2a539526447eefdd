"""What each command prints, to the last word: to people, and to programs as one line of JSON."""

import json
from pathlib import Path

import pytest

from matcher.files.canon import encode, identity
from matcher.files.disk import read_placement, read_problem, read_rules_named
from tests.matcher.calling import invoke
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy_phase
from tests.matcher.markets import vacancy as seat

RULES = rules(vacancy_phase(), ring_phase(2, 2, "swap"))
MARKET = problem(
    [school("S1"), school("S2"), school("S3")],
    [
        teacher("T1", "S1", "S2", points={"13": 3500}),
        teacher("T2", "S2", "S1", points={"13": 3100}),
        teacher("T3", "S2", "S3", "S1", points={"13": 3000}),
    ],
    vacancies=[seat("S3")],
    rules=RULES,
)
SOLVED = ("problem.json", "placement.json")


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """A problem and its placement in the folder that commands are called in."""
    monkeypatch.chdir(tmp_path)
    Path("problem.json").write_bytes(encode(MARKET))
    Path("rules.json").write_bytes(encode(RULES))
    assert invoke("solve", "problem.json", "-o", "placement.json").exit_code == 0


def said(*words, code=0):
    """The lines on standard output; there are none on the error stream."""
    called = invoke(*words)
    assert (called.exit_code, called.stderr) == (code, "")
    return called.stdout.splitlines()


def told(*words, code=0):
    """The one line of JSON."""
    (line,) = said(*words, "--json", code=code)
    return json.loads(line)


def named(file):
    return identity(Path(file).read_bytes())


def test_a_match_tells_how_many_moved_in_each_phase_and_what_it_is_known_by():
    lines = said("solve", "problem.json", "-o", "x.json")
    english = said("solve", "problem.json", "-o", "x.json", "--lang", "en")
    document = told("solve", "problem.json", "-o", "x.json", "--trace", "t.jsonl")

    assert lines == ["單調\t1", "互調\t2", "合計\t3 / 3", named("x.json")]
    assert english == ["vacancies\t1", "swaps\t2", "total\t3 / 3", named("x.json")]
    assert document == {
        "file": "problem.json",
        "mechanism": "statutory",
        "problem": named("problem.json"),
        "rules": named("rules.json"),
        "placement": named("x.json"),
        "trace": named("t.jsonl"),
        "teachers": 3,
        "moved": {"single": 1, "swap": 2},
        "total": 3,
    }


def test_a_phase_in_which_nobody_moves_is_told_and_a_what_if_has_none_but_its_own():
    Path("problem.json").write_bytes(encode(MARKET | {"vacancies": []}))

    official = told("solve", "problem.json", "-o", "x.json")
    other = said("solve", "problem.json", "-o", "x.json", "--mechanism", "ttc", "--lang", "en")

    assert official["moved"] == {"single": 0, "swap": 2}
    assert [line.split("\t")[1:] for line in other] == [["2"], ["2 / 3"], []]


def test_beside_a_placement_on_standard_output_it_is_told_on_the_error_stream():
    before = sorted(Path().iterdir())

    called = invoke("solve", "problem.json", "-o", "-", "--rules", "rules.json")

    assert sorted(Path().iterdir()) == before
    assert called.stdout_bytes == Path("placement.json").read_bytes()
    assert called.stderr.splitlines() == [
        *("單調\t1", "互調\t2", "合計\t3 / 3"),
        named("placement.json"),
    ]


def test_with_other_rules_each_problem_that_was_really_solved_lies_beside_its_placement():
    Path("fewer.json").write_bytes(encode(rules(ring_phase(2, 2, "swap"))))
    Path("second.json").write_bytes(encode(MARKET | {"season": "116"}))
    other = ("--rules", "fewer.json")

    said("solve", "problem.json", "second.json", "-o", "new/out", "--trace", "traces", *other)
    said("solve", "problem.json", "-o", "if.json.zst", *other)
    said("solve", "problem.json", "-o", "dry", "--trace", "dry-traces", *other, "--dry-run")

    assert sorted(path.name for path in Path("new/out").iterdir()) == [
        *("problem.placement.json", "problem.problem.json"),
        *("second.placement.json", "second.problem.json"),
    ]
    assert sorted(path.name for path in Path("traces").iterdir()) == [
        *("problem.trace.jsonl", "second.trace.jsonl"),
    ]
    for solved, placed in (
        ("new/out/second.problem.json", "new/out/second.placement.json"),
        ("if.problem.json.zst", "if.json.zst"),
    ):
        market = read_problem(Path(solved))
        assert market.rules == read_rules_named(Path("fewer.json"))
        assert read_placement(Path(placed)).problem == market.identity()
    assert not list(Path().glob("dry*"))


def test_a_packed_problem_gives_packed_files():
    said("solve", "problem.json", "-o", "a.json.zst", "--rules", "rules.json")
    Path("in").mkdir()
    Path("a.problem.json.zst").rename("in/a.json.zst")

    said("solve", "in/a.json.zst", "-o", ".", "--trace", ".", "--rules", "rules.json")

    packed = {path.name for path in Path().glob("*.zst")}
    assert packed == {
        *("a.json.zst", "a.placement.json.zst", "a.trace.jsonl.zst", "a.problem.json.zst")
    }


def test_a_check_tells_what_was_held_against_what():
    assert said("check", *SOLVED, "--lang", "en") == [
        "Accepted: this is the result the rules prescribe."
    ]
    assert told("check", *SOLVED) == {
        "ok": True,
        "problem": named("problem.json"),
        "placement": named("placement.json"),
        "mechanism": "statutory",
        "findings": [],
    }


def test_an_invented_market_is_told_with_what_it_is_known_by():
    words = ("generate", "--stage", "kindergarten", "-o", "market.json")

    dry = said(*words, "--dry-run", "--seed", "1")
    written = said(*words)
    other = said(*words, "--seed", "2", "--rules", "greedy-1")

    assert dry == written
    assert other == [f"market.json  {named('market.json')}"] != written
    assert read_problem(Path("market.json")).rules == read_rules_named(Path("greedy-1"))


def test_published_files_are_told_with_what_they_are_known_by():
    document = told("anonymise", *SOLVED, "--out", "public")

    assert {key: document[key] for key in ("problem", "placement", "trace")} == {
        "problem": named("public/problem.json"),
        "placement": named("public/placement.json"),
        "trace": None,
    }
    assert set(document) == {"problem", "placement", "trace", "still_told"}


def test_rules_are_told_one_line_a_phase():
    spoken = said("rules", "rules.json", "--lang", "en")
    listed = said("rules")

    assert spoken == [
        f"test\t範例\t{named('rules.json')}",
        "1. vacancies\tall\tall\tdeferred_acceptance\trefill none",
        "2. swaps\t2-2\tpriority",
        "points > older > lot",
    ]
    for line in listed:
        name, source = line.split("\t")
        assert source == read_rules_named(Path(name)).source


def test_lots_are_told_with_what_the_files_are_known_by():
    Path("ids").write_text("B\nA\nC\n")
    Path("some").write_text("A\n")
    Path("secret").write_text("0" * 64)

    promised = told("lots", "commit", "ids", "--secret", "secret", "-o", "promise")
    drawn = told(
        *("lots", "reveal", "promise", "--secret", "secret"),
        *("--taking-part", "some", "-o", "lots"),
    )
    checked = told("lots", "check", "promise", "lots")

    assert promised == {
        "ids": 3,
        "commitment": json.loads(Path("promise").read_bytes())["commitment"],
        "file": named("promise"),
    }
    assert drawn == {"ids": 1, "file": named("lots")}
    assert checked == {"ok": True, "findings": []}


def test_a_name_given_twice_fails_once():
    once = said("cascade", *SOLVED, "--failed", "T1")

    assert said("cascade", *SOLVED, "--failed", "T1,T1") == once


def test_a_published_cascade_is_compared_aloud_or_for_programs_never_both():
    said("cascade", *SOLVED, "--failed", "T1", "-o", "fall.json")
    against = ("cascade", *SOLVED, "--check", "fall.json", "--failed")

    same = said(*against, "T1", "--lang", "en")
    told_same, told_other = told(*against, "T1"), told(*against, "T3", code=1)
    other = invoke(*against, "T3", "--lang", "en")

    assert same == ["Accepted: this is what the case undoes."]
    assert told_same == {"ok": True, "differ": []}
    assert told_other == {"ok": False, "differ": ["case", "failed", "free", "stand", "void"]}
    assert (other.exit_code, other.stdout) == (1, "")
    assert other.stderr.splitlines()[0] == ("fall.json: $.case: not what the case undoes [differs]")


def test_a_published_cascade_that_cannot_be_read_is_told_with_the_place_in_it():
    Path("fall.json").write_text('{"free":[{"count":1.0}]}')

    called = invoke("cascade", *SOLVED, "--failed", "T1", "--check", "fall.json", "--lang", "en")

    assert called.exit_code == 3
    assert called.stderr.startswith("fall.json: $.free[0].count: should be a whole number")


@pytest.mark.parametrize("failed", ["", ",", "T1,", "T1,,T2"])
def test_an_empty_name_among_those_who_failed_is_wrong_use(failed):
    called = invoke("cascade", *SOLVED, "--failed", failed)

    assert (called.exit_code, called.stdout) == (2, "")
    assert called.stderr.splitlines()[-1] == "Error: Invalid value for --failed: an id is missing"


@pytest.mark.parametrize("name", ["none.json", "none.json.zst"])
def test_a_case_whose_file_is_not_there_is_told_as_a_file_and_not_as_a_teacher(name):
    called = invoke("cascade", *SOLVED, "--failed", name)

    assert (called.exit_code, called.stdout) == (3, "")
    assert called.stderr == f"{name}: $: 沒有這個檔案 [no_file]\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("T1", "--extra-seat", "T3", "--extra-seat", "T2"), "T2 did not fail"),
        (("case.json", "--extra-seat", "T1"), "goes with ids, not with a file"),
    ],
)
def test_a_seat_opened_for_one_who_did_not_fail_or_beside_a_file_is_wrong_use(words, told):
    Path("case.json").write_text("{}")

    called = invoke("cascade", *SOLVED, "--failed", *words)

    assert (called.exit_code, called.stdout) == (2, "")
    assert called.stderr.splitlines()[-1] == f"Error: Invalid value for --extra-seat: {told}"


def test_the_list_of_pictures_says_what_they_were_drawn_from():
    said("plot", *SOLVED, "--out", "pictures", "--lang", "en")

    index = json.loads(Path("pictures/index.json").read_bytes())
    assert index["format"] == "jiepin-pictures/1"
    assert index["problem"] == named("problem.json")
    assert index["placements"] == [named("placement.json")]
    assert set(index) == {"format", "problem", "placements", "pictures"}
