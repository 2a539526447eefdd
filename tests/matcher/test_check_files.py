"""``check`` from file to file, with the trace beside the placement."""

import json

import pytest

from matcher.deciding.solve import decide
from matcher.files.problem import problem_from_document
from matcher.telling.text import TEXTS, Language
from matcher.whatif.ttc import ttc
from tests.matcher.calling import invoke
from tests.matcher.markets import problem, ring_phase, rules, school, teacher

MARKET = problem(
    [school("S1"), school("S2")],
    [
        teacher("T1", "S1", "S2", points={"13": 3500}),
        teacher("T2", "S2", "S1", points={"13": 3100}),
    ],
    rules=rules(ring_phase(2, 2, "swap")),
)


@pytest.fixture
def files(tmp_path):
    market = problem_from_document(MARKET, "market")
    solution = decide(market)
    (tmp_path / "problem.json").write_bytes(market.encode())
    (tmp_path / "placement.json").write_bytes(solution.placement.encode())
    (tmp_path / "trace.jsonl").write_bytes(solution.trace)
    return [tmp_path / name for name in ("problem.json", "placement.json", "trace.jsonl")]


def check(files, *more):
    source, placement, trace = map(str, files)
    return invoke("check", source, placement, "--trace", trace, *more)


def test_the_trace_of_the_run_is_accepted(files):
    assert check(files).exit_code == 0


def test_any_other_trace_is_refused_by_its_hash(files):
    files[2].write_bytes(files[2].read_bytes().replace(b"ring_closed", b"ring_opened"))

    told = check(files, "--json")

    assert told.exit_code == 1
    assert [f["code"] for f in json.loads(told.stdout)["findings"]] == ["other_trace"]


def test_a_what_if_is_not_called_what_the_rules_prescribe(files):
    solution = ttc(problem_from_document(MARKET, "market"))
    files[1].write_bytes(solution.placement.encode())
    files[2].write_bytes(solution.trace)

    told = check(files, "--lang", "en")

    assert told.exit_code == 0
    assert told.stdout.strip() == TEXTS[Language.EN].accepted_what_if


def test_a_trace_that_is_not_there_is_refused(files):
    files[2].unlink()

    assert check(files).exit_code == 3
