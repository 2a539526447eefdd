"""Runs with the real matcher in its own process, the check's verdict, the second person."""

import json
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

import pytest

from core.domain.school import Stage
from server.season.approval import approvals_of, approve
from server.season.explanation import named, pack_explanations, unpack_explanations
from server.season.freeze import plan_freeze, write_freeze
from server.season.result import flows, read_placement
from server.season.run import (
    SOLVE_S,
    MatcherError,
    compute,
    finish_run,
    read_rules,
    start_run,
)
from server.store.season_tables import audit, run
from server.terminal import RefusedError
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS, Site

ELEMENTARY = Stage.ELEMENTARY


@pytest.fixture
def frozen(country):
    """Two teachers who want each other's seat, one who wants an open one, one who gets nothing."""
    here, there = Site(country, "134601", "134602"), Site(country, "144601", "024601")
    here.approved(1, "134601", ("144601",))
    there.approved(2, "144601", ("134601",), counties=("13", "02"))
    here.approved(3, "134602", ("024602", "144602"))
    there.approved(4, "024601", ("134602",), counties=("13", "14"))
    here.applied(5, "134602", ("144601",))
    country.open_seats("144602,普通,1,")
    country.receive(here.device, there.device)
    freeze(country)
    return country


def freeze(country):
    with country.store.writing() as connection:
        return write_freeze(
            connection,
            plan_freeze(connection, read_rules()),
            by="host1",
            early=False,
            now_ms=FREEZE_MS,
        )


def start(country, by="host1", now_ms=FREEZE_MS):
    with country.store.writing() as connection:
        return start_run(connection, 1, ELEMENTARY, by=by, now_ms=now_ms)


def finish(country, task, solved):
    with country.store.writing() as connection:
        finish_run(connection, task, solved, by="host1", now_ms=FREEZE_MS + 1)


@lru_cache
def solved(problem):
    """What the matcher makes of a problem; the same bytes are not solved twice."""
    return compute(problem)


def matched(country):
    task = start(country)
    finish(country, task, solved(task.problem))
    return task


def runs(country):
    with country.store.reading() as connection:
        return read_rows(connection, run)


def refused(country, work):
    with pytest.raises(RefusedError) as caught, country.store.writing() as connection:
        work(connection)
    return caught.value.code


def test_the_matcher_decides_the_check_agrees_and_both_are_kept_with_their_hashes(frozen):
    matched(frozen)

    (row,) = runs(frozen)
    result = read_placement(row["placement"])
    assert (row["state"], row["check_ok"]) == ("checked", True)
    assert row["placement_sha256"] == sha256(row["placement"]).digest()
    assert row["trace_sha256"] == sha256(row["trace"]).digest()
    assert result.by_phase == {"single": 1, "swap": 2}
    assert result.by_wish == {1: 2, 2: 1}
    assert json.loads(row["report"])["ok"] is True


def test_the_same_problem_gives_the_same_bytes(frozen):
    task = start(frozen)

    assert compute(task.problem) == compute(task.problem)


def test_everyone_is_told_why_with_names_instead_of_codes(frozen):
    matched(frozen)

    explanations = unpack_explanations(runs(frozen)[0]["explanations"])
    lines = [
        line
        for each in sorted(explanations)
        for line in named(explanations[each], {"144602": "臺東縣草原國小"}, {"general": "普通"})
    ]

    assert sorted(explanations) == ["T0001", "T0002", "T0003", "T0004"]
    assert any("144602 臺東縣草原國小（普通）" in line for line in lines)
    assert not any("（general）" in line for line in lines)


def test_struck_wishes_are_told_in_words():
    line = "第 1 志願 144601（general） 22.0 分：不列入，經審查排除（teaching_area）。"

    assert list(named([line], {}, {"general": "普通"})) == [
        "第 1 志願 144601（普通） 22.0 分：不列入，經審查排除（教師證任教地區限制）。"
    ]


def test_explanations_are_kept_small_and_come_back_whole():
    told = b'{"teacher":"T0001","lines":["a","b"]}\n{"teacher":"T0002","lines":[]}\n'

    assert unpack_explanations(pack_explanations(told)) == {"T0001": ["a", "b"], "T0002": []}


def test_flows_count_from_county_to_county(frozen):
    matched(frozen)
    counties = {"134601": "13", "134602": "13", "144601": "14", "144602": "14", "024602": "02"}

    result = read_placement(runs(frozen)[0]["placement"])

    assert flows(result.moves, counties) == {("13", "14"): 2, ("14", "13"): 1}


def test_a_problem_the_matcher_refuses_is_a_failed_run_with_its_words(frozen):
    task = start(frozen)
    with pytest.raises(MatcherError) as caught:
        compute(task.problem.replace(b'"count":1', b'"count":-1'))
    finish(frozen, task, caught.value)

    (row,) = runs(frozen)
    assert (row["state"], row["check_ok"]) == ("failed", None)
    assert "exit 3" in row["report"]
    with frozen.store.reading() as connection:
        assert read_rows(connection, audit)[-1]["code"] == "run_failed"


def test_a_placement_that_the_check_rejects_cannot_be_approved(frozen):
    task = start(frozen)
    finish(frozen, task, replace(solved(task.problem), check_ok=False, report="{}"))

    assert (
        refused(frozen, lambda c: approve(c, task.run, login="host2", now_ms=0)) == "check_failed"
    )


def test_only_one_run_of_a_stage_at_a_time_and_a_dead_one_is_given_up(frozen):
    start(frozen)

    with pytest.raises(RefusedError) as caught:
        start(frozen)
    later = start(frozen, now_ms=FREEZE_MS + 4 * SOLVE_S * 1000)

    assert caught.value.code == "run_underway"
    assert [row["state"] for row in runs(frozen)] == ["failed", "running"]
    assert later.run == 2


def test_a_stage_without_applications_cannot_be_run(frozen):
    assert (
        refused(frozen, lambda c: start_run(c, 1, Stage.JUNIOR, by="x", now_ms=0)) == "not_frozen"
    )


def test_the_second_person_is_another_person_and_approves_once(frozen):
    task = matched(frozen)
    frozen.account("host2")

    assert refused(frozen, lambda c: approve(c, task.run, login="host1", now_ms=1)) == (
        "same_person"
    )
    with frozen.store.writing() as connection:
        first = approve(connection, task.run, login="host2", now_ms=1)
        again = approve(connection, task.run, login="host2", now_ms=2)
        assert approvals_of(connection, task.run) == ("host2",)
    assert (first, again) == (True, False)


def test_only_the_newest_run_of_the_newest_freeze_can_be_approved(frozen):
    older = matched(frozen)
    newer = matched(frozen)

    assert refused(frozen, lambda c: approve(c, older.run, login="host2", now_ms=1)) == (
        "run_superseded"
    )
    freeze(frozen)
    assert refused(frozen, lambda c: approve(c, newer.run, login="host2", now_ms=1)) == (
        "freeze_superseded"
    )
    assert refused(frozen, lambda c: approve(c, 99, login="host2", now_ms=1)) == "run_unknown"


def test_a_rule_file_that_is_none_is_refused(tmp_path):
    place = tmp_path / "rules.json"
    place.write_text('{"format": "something"}')

    for path in (place, tmp_path / "missing.json"):
        with pytest.raises(RefusedError) as caught:
            read_rules(path)
        assert caught.value.code == "rules_unreadable"
