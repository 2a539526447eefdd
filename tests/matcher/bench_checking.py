"""Figures of proving and explaining, each beside the time of reading the same files.

``python -m tests.matcher.bench_checking`` prints them; `measure` is what the bench suite calls.
All times are of the processor, of this process or of the one that was started.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

from matcher.checking.check import check
from matcher.commands.terminal import uncollected
from matcher.deciding.solve import decide
from matcher.files import canon
from matcher.files.disk import read_default_rules, read_placement, read_problem
from matcher.files.placement import Placement
from matcher.files.problem import Problem, Stage, problem_from_document
from matcher.inventing.country import invented_places
from matcher.inventing.generate import Kind, generate, shape_of
from matcher.telling.explain import Explainer
from tests.bench import process
from tests.matcher.spoiling import VERIFIER

ROOT = Path(__file__).parents[2]
TIMES_READING = 2
MILLISECONDS_A_TEACHER = 50
EXPLAINED = 400
Row = tuple[str, str, str, str, bool | None]
Result = TypeVar("Result")


def measure(seed: int = 1) -> dict[str, object]:
    """``rows`` for the table of figures, and the numbers they were written from."""
    rows: list[Row] = []
    seconds: dict[str, dict[str, float]] = {}
    for kind in (Kind.REALISTIC, Kind.STRESS):
        with tempfile.TemporaryDirectory() as folder:
            source, target = _solved(Path(folder), kind, seed)
            read_s, (problem, placement) = _timed(partial(_read, source, target))
            check_s, findings = _timed(partial(check, problem, placement))
            if findings:
                raise AssertionError(findings)
            verify_s = _verifier_seconds(source, target)
        name = f"{kind.value}, {len(problem.teachers):,} teachers"
        rows.append(_beside_reading(f"check, {name}", check_s, read_s))
        rows.append(_unlimited(f"stand-alone verifier, {name}", verify_s, read_s))
        seconds[kind.value] = {"read": read_s, "check": check_s, "verifier": verify_s}
        if kind is Kind.REALISTIC:
            rows.append(_explained(problem, placement, name))
    return {"rows": rows, "seed": seed, "seconds": seconds}


def _read(source: Path, target: Path) -> tuple[Problem, Placement]:
    return read_problem(source), read_placement(target)


def _explained(problem: Problem, placement: Placement, name: str) -> Row:
    explainer = Explainer(problem, placement)
    some = problem.teachers[:EXPLAINED]
    with uncollected():  # as the command does
        times = [_timed(partial(explainer.explain, each.id))[0] for each in some]
    worst_ms, mean_ms = 1000 * max(times), 1000 * sum(times) / len(times)
    return (
        f"explain one teacher, {name}",
        f"{worst_ms:.0f} ms the slowest",
        f"{mean_ms:.1f} ms on the average of {len(times)}",
        f"≤ {MILLISECONDS_A_TEACHER} ms",
        worst_ms <= MILLISECONDS_A_TEACHER,
    )


def _solved(folder: Path, kind: Kind, seed: int) -> tuple[Path, Path]:
    rng = Random(seed)  # noqa: S311  # a market is no secret
    places = invented_places(rng, Stage.ELEMENTARY)
    shape = shape_of(kind, Stage.ELEMENTARY)
    document = generate(rng, Stage.ELEMENTARY, shape, places, read_default_rules())
    source, target = folder / "problem.json", folder / "placement.json"
    source.write_bytes(canon.encode(document))
    target.write_bytes(decide(problem_from_document(document, "bench")).placement.encode())
    return source, target


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def _verifier_seconds(source: Path, target: Path) -> float:
    return process.measure("-I", "-S", VERIFIER, source, target, cwd=ROOT)[2]


def _beside_reading(what: str, ours: float, reading: float) -> Row:
    goal = f"≤ {TIMES_READING} times that"
    beside = f"reading the two files {reading:.2f} s: {ours / reading:.1f} times"
    return (what, f"{ours:.2f} s", beside, goal, ours <= TIMES_READING * reading)


def _unlimited(what: str, ours: float, reading: float) -> Row:
    beside = f"reading the two files {reading:.2f} s: {ours / reading:.1f} times"
    return (what, f"{ours:.2f} s", beside, "-", None)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), indent=2, ensure_ascii=False) + "\n")
