"""Figures of the what-if mechanisms, each beside a peer or a limit of the same run.

``python -m tests.matcher.bench_whatif`` prints them. The peer of `maximum` is the plain
formulation with the same solver: every ring a column, and no prices and no dive beforehand.
"""

import json
import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from matcher.checking.check import check
from matcher.deciding.solve import Solution
from matcher.files.disk import read_default_rules
from matcher.files.problem import Problem, Stage, problem_from_document
from matcher.inventing.country import invented_places
from matcher.inventing.generate import Kind, generate, shape_of
from matcher.whatif.columns import (
    COLUMNS_AT_MOST,
    Row,
    TooManyLinesError,
    capacity,
    columns_of,
    uses,
)
from matcher.whatif.failure import failure_aware
from matcher.whatif.maximum import LONGEST, maximum
from matcher.whatif.setting import Setting
from tests.bench import process

ROOT = Path(__file__).parents[2]
TIMES_READING = 3
SECONDS_WANTED = {3: 60, 5: 600}  # by the most moves in a line
LONGER = 5
PEER_SECONDS = 60
Told = tuple[str, str, str, str, bool | None]
"""What, figure, beside what in the same run, goal, whether it is reached."""
Result = TypeVar("Result")

READ = "import gc, sys; gc.disable(); from pathlib import Path; "  # as our own commands read
READ += "from matcher.files.disk import read_problem; "
READ += "read_problem(Path(sys.argv[1]))"


def measure(seed: int = 1) -> dict[str, object]:
    """``rows`` for the table of figures, and the numbers they were written from."""
    with tempfile.TemporaryDirectory() as folder:
        national = Path(folder) / "national.json"
        national.write_bytes(_invented(Kind.NATIONAL, seed).encode())
        target = Path(folder) / "placement.json"
        read_s, _, read_cpu_s = process.measure("-c", READ, national, cwd=ROOT)
        ttc_s, ttc_mb, ttc_cpu_s = process.measure(
            *("-m", "matcher", "solve", national, "-o", target, "--mechanism", "ttc"), cwd=ROOT
        )
        national.unlink()
    beside = f"reading the same file, whole process {read_s:.1f} s ({read_cpu_s:.1f} s): "
    beside += f"{ttc_s / read_s:.1f} times ({ttc_cpu_s / read_cpu_s:.1f} times)"
    problem = _invented(Kind.REALISTIC, seed)
    exact = _exact_row("maximum", lambda: maximum(problem), problem)
    longer = _exact_row("maximum", lambda: maximum(problem, LONGER), problem, LONGER)
    plain_s, (most, limit) = _timed(lambda: plain(problem))
    failing = _exact_row("failure_aware", lambda: failure_aware(problem), problem)
    return {
        "rows": [
            (
                "match solve, ttc, national 200,000 x 50, whole process",
                f"{ttc_s:.1f} s ({ttc_cpu_s:.1f} s of the processor), {ttc_mb} MB",
                beside,
                f"<= {TIMES_READING} times",
                ttc_s <= TIMES_READING * read_s,
            ),
            exact,
            (
                "the same program given to the solver as it is",
                f"{most:,} of at most {limit:,}",
                f"stopped after {PEER_SECONDS} s ({plain_s:.0f} s)",
                "-",
                None,
            ),
            longer,
            (
                f"its rings and links listed for the solver, lines of at most {LONGER}",
                _listed(problem),
                f"at most {COLUMNS_AT_MOST:,} are",
                "-",
                None,
            ),
            failing,
        ],
        "seed": seed,
        "seconds": {"read_national": read_s, "ttc_national": ttc_s, "plain_cycles": plain_s},
    }


def _listed(problem: Problem) -> str:
    try:
        return f"{len(columns_of(Setting(problem), LONGER)):,}"
    except TooManyLinesError as error:
        return str(error)


def _exact_row(
    name: str, work: Callable[[], Solution], problem: Problem, longest: int = LONGEST
) -> Told:
    wanted = SECONDS_WANTED[longest]
    seconds, solution = _timed(work)
    check_s, findings = _timed(lambda: check(problem, solution.placement))
    if findings:
        raise AssertionError(findings)
    certificate = dict(solution.placement.certificate or {})
    goal = certificate["goals"][0] if name == "maximum" else certificate
    value, bound = goal["value"], goal["bound"]
    gap = f"gap {100 * (bound - value) / bound:.2f} %"
    return (
        f"{name}, realistic elementary, lines of at most {longest}",
        f"{value:,} of at most {bound:,} ({gap}), {seconds:.1f} s",
        f"checking it and its bound {check_s:.1f} s",
        f"proven optimal <= {wanted} s, or the gap stated",
        seconds <= wanted,
    )


def plain(problem: Problem) -> tuple[int, int]:
    """The most moves found, and the bound, by the whole program at once in `PEER_SECONDS`."""
    import highspy  # noqa: PLC0415 - the extra is needed here only
    import numpy as np  # noqa: PLC0415

    setting = Setting(problem)
    columns = columns_of(setting, LONGEST)
    rows: dict[Row, int] = {}
    entries = [
        [
            (rows.setdefault(row, len(rows)), amount)
            for row, amount in uses(setting, column, LONGEST)
        ]
        for column in columns
    ]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(rows)
    model.col_cost_ = -np.array([len(column.steps) for column in columns], dtype=float)
    model.col_lower_, model.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
    model.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    model.row_upper_ = np.array([capacity(setting, row) for row in rows], dtype=float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate(([0], np.cumsum([len(used) for used in entries])))
    model.a_matrix_.index_ = np.array([row for used in entries for row, _ in used])
    model.a_matrix_.value_ = np.array([float(amount) for used in entries for _, amount in used])
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("time_limit", float(PEER_SECONDS))
    solver.passModel(model)
    solver.run()
    found = solver.getInfo()
    bound = min(-found.mip_dual_bound, len(problem.teachers))
    return max(0, -round(found.objective_function_value)), math.floor(bound + 1e-6)


def _invented(kind: Kind, seed: int) -> Problem:
    rng = Random(seed)  # noqa: S311  # a market is no secret
    stage = Stage.ELEMENTARY
    places = invented_places(rng, stage)
    document = generate(rng, stage, shape_of(kind, stage), places, read_default_rules())
    return problem_from_document(document, "bench")


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(), indent=2, ensure_ascii=False) + "\n")
