"""Figures of the matcher on the realistic instance, each beside a peer of the same run.

``python -m tests.matcher.bench_matching`` prints them; `measure` is what the bench suite calls.
The peer reads the definitions straight: textbook deferred acceptance, and a list of all rings,
sorted. The realistic market is sparse enough for that; a small dense one shows how lists grow.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
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
from matcher.telling.explain import Explainer
from tests.matcher.peer import Peer

ROOT = Path(__file__).parents[2]
DENSE_TEACHERS = 400
SECONDS_WANTED, MEGABYTES_WANTED = 1, 200
Row = tuple[str, str, str, str, bool | None]
"""What, figure, beside what in the same run, goal, whether it is reached."""
Result = TypeVar("Result")


def measure(stage: Stage = Stage.ELEMENTARY, seed: int = 1) -> dict[str, object]:
    """``rows`` for the table of figures, and the numbers they were written from."""
    problem = _invented(stage, seed, shape_of(Kind.REALISTIC, stage))
    dense = replace(shape_of(Kind.STRESS, stage), teachers=DENSE_TEACHERS)
    dense_problem = _with_rings(_invented(stage, seed, dense), shortest=2, longest=3)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "problem.json", Path(folder) / "placement.json"
        source.write_bytes(problem.encode())
        solve_s, solve_mb = _process("solve", source, "-o", target)
        check_s, check_mb = _process("check", source, target)
        read_s, _ = _timed(lambda: parse_problem(source.read_bytes(), "bench"))
        explain_s, _ = _timed(
            lambda: sum(1 for _ in Explainer(problem, read_placement(target)).everyone())
        )
    solve_alone_s, placement = _timed(lambda: solve(problem))
    check_alone_s, findings = _timed(lambda: check(problem, placement))
    if findings:
        raise AssertionError(findings)
    peer_s = _peer_seconds(problem, placement)
    dense_s, dense_placement = _timed(lambda: solve(dense_problem))
    dense_peer_s = _peer_seconds(dense_problem, dense_placement)
    name = f"{stage.value} {len(problem.teachers):,}"
    dense_name = f"{DENSE_TEACHERS} of {dense.wishes} wishes, rings of 2 and 3"
    return {
        "rows": [
            _whole(f"match solve, realistic {name}, whole process", solve_s, solve_mb),
            _whole(f"match check, realistic {name}, whole process", check_s, check_mb),
            _beside(f"solving alone, realistic {name}", solve_alone_s, peer_s),
            _beside(f"solving alone, {dense_name}", dense_s, dense_peer_s),
            (
                f"checking alone, realistic {name}",
                f"{check_alone_s:.2f} s",
                f"reading the problem {read_s:.2f} s",
                "-",
                None,
            ),
            (
                f"explaining everybody, realistic {name}",
                f"{explain_s:.2f} s",
                f"{1000 * explain_s / len(problem.teachers):.1f} ms a teacher",
                "-",
                None,
            ),
        ],
        "seed": seed,
        "moved": sum(1 for _ in placement.moves()),
        "seconds": {
            "read": read_s,
            "solve": solve_alone_s,
            "check": check_alone_s,
            "solve_process": solve_s,
            "check_process": check_s,
            "explain_everybody": explain_s,
            "peer": peer_s,
            "dense_solve": dense_s,
            "dense_peer": dense_peer_s,
        },
        "megabytes": {"solve_process": solve_mb, "check_process": check_mb},
    }


def _whole(what: str, seconds: float, megabytes: int) -> Row:
    reached = seconds <= SECONDS_WANTED and megabytes <= MEGABYTES_WANTED
    goal = f"≤ {SECONDS_WANTED} s, ≤ {MEGABYTES_WANTED} MB"
    return (what, f"{seconds:.2f} s, {megabytes} MB", "limit", goal, reached)


def _beside(what: str, ours: float, peer: float) -> Row:
    beside = f"{peer / ours:.1f} times as long: all rings listed and sorted ({peer:.2f} s)"
    return (what, f"{ours:.2f} s", beside, "-", None)


def _invented(stage: Stage, seed: int, shape: Shape) -> Problem:
    rng = Random(seed)  # noqa: S311  # a market is no secret
    places = invented_places(rng, stage)
    document = generate(rng, stage, shape, places, read_default_rules())
    return problem_from_document(document, "bench")


def _with_rings(problem: Problem, *, shortest: int, longest: int) -> Problem:
    last = problem.rules.phases[-1]
    ring = replace(last, shortest=shortest, longest=longest)
    return replace(problem, rules=replace(problem.rules, phases=(ring,)))


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _process(*arguments: object) -> tuple[float, int]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "matcher", *map(str, arguments)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss // 1024


def _peer_seconds(problem: Problem, placement: Placement) -> float:
    """What the peer takes for the same result."""
    seconds, moved = _timed(lambda: Peer(problem.document()).moved())
    ours = {m.teacher: (m.destination.school, m.destination.subject) for m in placement.moves()}
    if moved != ours:
        raise AssertionError("the peer decides otherwise")
    return seconds


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), indent=2) + "\n")
