"""Figures of the matcher, whole process, file in and file out, each beside a peer or a limit.

``python -m tests.matcher.bench_matching`` prints them; `measure` is what the bench suite calls.
The peer reads the definitions straight: textbook deferred acceptance, and a list of all rings,
sorted. The realistic market is sparse enough for that; small dense ones show how lists grow
(`tests.matcher.bench_statutory`).
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.disk import read_default_rules, read_placement
from matcher.files.placement import Placement
from matcher.files.problem import Problem, Stage, parse_problem, problem_from_document
from matcher.inventing.country import invented_places
from matcher.inventing.generate import Kind, Shape, generate, shape_of
from tests.bench import process
from tests.matcher import bench_statutory
from tests.matcher.peer import Peer

ROOT = Path(__file__).parents[2]
SECONDS_WANTED, MEGABYTES_WANTED = 1, 200
STRESS_SECONDS_WANTED, STRESS_MEGABYTES_WANTED = 10, 1500
Row = tuple[str, str, str, str, bool | None]
"""What, figure, beside what in the same run, goal, whether it is reached."""
Result = TypeVar("Result")


def measure(seed: int = 1) -> dict[str, object]:
    """``rows`` for the table of figures, and the numbers they were written from."""
    rules = read_default_rules()
    rows: list[Row] = []
    facts: dict[str, object] = {"seed": seed}
    for stage in Stage:
        problem = _invented(stage, seed, shape_of(Kind.REALISTIC, stage))
        name = f"realistic {stage.value} {len(problem.teachers):,}"
        rows += _processes(problem, name, facts)
    problem = _invented(Stage.ELEMENTARY, seed, shape_of(Kind.REALISTIC, Stage.ELEMENTARY))
    rows += _alone(problem, facts)
    rows += _stress(seed, facts)
    beside = bench_statutory.measure(rules, seed)
    return {"rows": rows + beside.pop("rows"), "facts": facts, "beside_libraries": beside}


def _processes(problem: Problem, name: str, facts: dict[str, object]) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "problem.json", Path(folder) / "placement.json"
        source.write_bytes(problem.encode())
        solving = _process("solve", source, "-o", target)
        checking = _process("check", source, target)
        moved = sum(1 for _ in read_placement(target).moves())
    facts[name] = {"solve": solving, "check": checking, "moved": moved}
    return [
        _whole(f"match {verb}, {name}", run, SECONDS_WANTED, MEGABYTES_WANTED)
        for verb, run in (("solve", solving), ("check", checking))
    ]


def _alone(problem: Problem, facts: dict[str, object]) -> list[Row]:
    data = problem.encode()
    read_s, _ = _timed(lambda: parse_problem(data, "bench"))
    solve_s, placement = _timed(lambda: solve(problem))
    check_s, findings = _timed(lambda: check(problem, placement))
    if findings:
        raise AssertionError(findings)
    peer_s = _peer_seconds(problem, placement)
    facts["alone"] = {"read": read_s, "solve": solve_s, "check": check_s, "peer": peer_s}
    return [
        _beside(f"solving alone, realistic elementary {len(problem.teachers):,}", solve_s, peer_s)
    ]


def _stress(seed: int, facts: dict[str, object]) -> list[Row]:
    shape = shape_of(Kind.STRESS, Stage.ELEMENTARY)
    problem = _invented(Stage.ELEMENTARY, seed, shape)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "problem.json", Path(folder) / "placement.json"
        source.write_bytes(problem.encode())
        run = _process("solve", source, "-o", target)
        moved = sum(1 for _ in read_placement(target).moves())
    facts["stress"] = {"solve": run, "moved": moved}
    what = f"match solve, stress {shape.teachers:,} x {shape.wishes}, no vacancies"
    return [_whole(what, run, STRESS_SECONDS_WANTED, STRESS_MEGABYTES_WANTED)]


def _whole(what: str, run: tuple[float, int, float], seconds: int, megabytes: int) -> Row:
    reached = run[0] <= seconds and run[1] <= megabytes
    figure = f"{run[0]:.2f} s ({run[2]:.2f} s of the processor), {run[1]} MB"
    return (what, figure, "limit", f"≤ {seconds} s, ≤ {megabytes:,} MB", reached)


def _beside(what: str, ours: float, peer: float) -> Row:
    beside = f"{peer / ours:.1f} times as long: all rings listed and sorted ({peer:.2f} s)"
    return (what, f"{ours:.2f} s", beside, "-", None)


def _invented(stage: Stage, seed: int, shape: Shape) -> Problem:
    rng = Random(seed)  # noqa: S311  # a market is no secret
    places = invented_places(rng, stage)
    document = generate(rng, stage, shape, places, read_default_rules())
    return problem_from_document(document, "bench")


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _process(*arguments: object) -> tuple[float, int, float]:
    """Seconds by the clock, megabytes at most, seconds of the processor."""
    return process.measure("-m", "matcher", *arguments, cwd=ROOT)


def _peer_seconds(problem: Problem, placement: Placement) -> float:
    """What the peer takes for the same result."""
    seconds, moved = _timed(lambda: Peer(problem.document()).moved())
    ours = {m.teacher: (m.destination.school, m.destination.subject) for m in placement.moves()}
    if moved != ours:
        raise AssertionError("the peer decides otherwise")
    return seconds


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), indent=2) + "\n")
