"""Rule files are data: those that come with the program, their schema, and the reader."""

import copy
import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from matcher.checking.check import check
from matcher.commands.terminal import REFUSED
from matcher.deciding.solve import solve
from matcher.files.canon import encode
from matcher.files.disk import read_packaged_rules, rule_names
from matcher.files.problem import Stage, problem_from_document
from matcher.files.refusal import FaultCode, RefusedFileError
from matcher.files.rulebook import DEFAULT, Mark, Refill, Tie, VacancyMethod, Who, parse_rules
from matcher.inventing.country import invented_places
from matcher.inventing.generate import Kind, generate, shape_of
from tests.matcher.calling import invoke
from tests.matcher.markets import DEFAULT_RULES, RULE_SETS, problem, school, teacher

FOLDER = resources.files("matcher.rules")
SCHEMA = json.loads(FOLDER.joinpath("rules.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
BEYOND_A_SCHEMA = {FaultCode.DUPLICATE, FaultCode.LENGTH_REVERSED, FaultCode.BAD_TEXT}
VALUES = [
    *(None, True, 0, 1, 2, 3, 100, 101, -1, "", "x" * 64, "x" * 65, "all", [], {}, [2, 3], [3, 2]),
    *([1, 2], [2], [2, 2, 2], ["older", "older"], "ring", "vacancy", "closed", "older", "ttc"),
    *("chains", "rounds", "greedy", "indigenous", "jiepin-rules/1", ["guidance", "guidance"]),
]


def call(*arguments):
    return invoke("rules", *arguments)


def codes(document):
    try:
        parse_rules(encode(document), "a")
    except RefusedFileError as refused:
        return {fault.code for fault in refused.faults}
    return set()


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", rule_names())
def test_a_rule_file_that_comes_with_the_program_is_valid_canonical_and_an_example(name):
    data = FOLDER.joinpath(f"{name}.json").read_bytes()

    rules = parse_rules(data, name)

    assert VALIDATOR.is_valid(json.loads(data))
    assert encode(rules.document()) == data
    assert rules.name == name
    assert rules.source.startswith("範例")


@pytest.mark.parametrize("name", rule_names())
def test_each_rule_file_is_followed_and_its_result_proved(name):
    rng = Random(9)  # noqa: S311  # a market is no secret
    shape = replace(shape_of(Kind.REALISTIC, Stage.KINDERGARTEN), teachers=400)
    places = invented_places(rng, Stage.KINDERGARTEN)[:400]
    rules = read_packaged_rules(name)
    document = generate(rng, Stage.KINDERGARTEN, shape, places, rules)
    market = problem_from_document(document, "x")

    placement = solve(market)

    assert check(market, placement) == ()
    assert placement.components
    assert placement.rules == rules.identity()


def test_each_rule_file_differs_from_all_others_and_the_default_comes_first():
    everything = [read_packaged_rules(name).document() for name in rule_names()]

    said = [encode(document | {"name": "", "source": ""}) for document in everything]

    assert rule_names()[0] == DEFAULT
    assert len({*said}) == len(said) >= 7


def test_the_schema_names_every_value_there_is():
    phase = SCHEMA["$defs"]["vacancy"]["properties"]

    assert SCHEMA["properties"]["tie"]["items"]["enum"] == [*Tie]
    assert phase["who"]["enum"] == [*Who]
    assert phase["schools"]["enum"] == ["all", *Mark]
    assert phase["method"]["enum"] == [*VacancyMethod]
    assert phase["refill"]["enum"] == [*Refill]


def places(value, path=()):
    """Every path into a document."""
    yield path
    match value:
        case dict():
            inside = value.items()
        case list():
            inside = enumerate(value)
        case _:
            inside = ()
    for key, part in inside:
        yield from places(part, (*path, key))


@settings(max_examples=300)
@given(st.data())
def test_schema_and_reader_refuse_the_same(data):
    document = copy.deepcopy(data.draw(st.sampled_from((DEFAULT_RULES, *RULE_SETS))))
    for _ in range(data.draw(st.integers(1, 2))):
        *way, last = data.draw(st.sampled_from([path for path in places(document) if path]))
        place = document
        for key in way:
            place = place[key]
        if data.draw(st.booleans()):
            place[last] = copy.deepcopy(data.draw(st.sampled_from(VALUES)))
        else:
            del place[last]

    refused = codes(document)

    if VALIDATOR.is_valid(document):
        assert refused <= BEYOND_A_SCHEMA
    else:
        assert refused


def test_the_command_lists_tells_and_writes_them():
    listed, told, english = call(), call("greedy-1"), call("greedy-1", "--lang", "en")
    written = call("greedy-1", "--json")

    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == [*rule_names()]
    assert "1. 原民調\tindigenous\tindigenous\tgreedy\trefill none" in told.stdout
    assert "5. 多角調\t4-5\tpriority" in told.stdout
    assert told.stdout.endswith("points > older > service > appraisal > awards > training > lot\n")
    assert "5. longer rings" in english.stdout
    assert written.stdout.strip().encode() == FOLDER.joinpath("greedy-1.json").read_bytes()


def test_the_command_refuses_what_a_match_would(tmp_path):
    (tmp_path / "bad.json").write_bytes(encode(DEFAULT_RULES | {"tie": ["height"]}))

    called = call(tmp_path / "bad.json", "--lang", "en")

    assert called.exit_code == REFUSED
    assert "$.tie[0]: unknown value 'height' [unknown_value]" in called.stderr
    assert call("no-such-rules").exit_code == REFUSED


def test_a_match_follows_rules_by_name_unless_there_is_such_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people = [teacher("T1", "S1", points={}, tie=[0] * 5)]
    Path("p.json").write_bytes(encode(problem([school("S1")], people)))

    named = invoke("solve", "p.json", "-o", "x.json", "--rules", "rings-first-1")
    Path("rings-first-1").write_text("{}")
    found = invoke("solve", "p.json", "-o", "x.json", "--rules", "rings-first-1")

    assert named.exit_code == 0
    assert found.exit_code == REFUSED
