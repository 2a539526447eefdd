"""The one place that knows HiGHS, the exact solver of the optional extra ``what-if``.

One thread, a fixed seed and no clock: the same program gives the same answer. Numbers that come
back are only hints to the caller, who computes with whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from matcher.whatif.missing import SolverMissingError

if TYPE_CHECKING:
    import highspy

_INTERIOR_FROM = 2_000  # columns; smaller ones are done before an interior point is set up
_NODES_AT_MOST = 200


@dataclass(slots=True, kw_only=True)
class Program:
    """Maximise ``worth`` over columns that are taken or not; ``room``: upper limit by row.

    ``entries``: by column, its rows and what it takes from each.
    """

    worth: Sequence[int]
    entries: Sequence[Sequence[tuple[int, int]]]
    room: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """``columns`` that are taken; ``is_best``: whether every other choice was ruled out."""

    columns: list[int] = field(default_factory=list)
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The best choice if columns may be taken in part, and what one unit of each row is worth."""

    shares: list[float]
    prices: list[float]


def relax(program: Program) -> Relaxed:
    """The program without the demand that columns be whole.

    Raises:
        SolverMissingError: The extra is not installed.
    """
    solver = _solver(program)
    if len(program.worth) >= _INTERIOR_FROM:
        solver.setOptionValue("solver", "ipm")
        solver.setOptionValue("presolve", "off")  # it gives prices back that are off by whole units
        solver.setOptionValue("run_crossover", "off")
    solver.run()
    if not _is_solved(solver):  # an interior point that got lost
        solver.clearSolver()
        solver.setOptionValue("solver", "simplex")
        solver.setOptionValue("presolve", "on")
        solver.run()
    solution = solver.getSolution()
    return Relaxed(
        shares=list(solution.col_value),
        prices=[max(0.0, -price) for price in solution.row_dual],
    )


def _is_solved(solver: "highspy.Highs") -> bool:
    import highspy  # noqa: PLC0415

    return bool(solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def choose(program: Program, start: Sequence[int] = ()) -> Chosen:
    """The best choice of whole columns; ``start`` is a choice that is possible.

    Raises:
        SolverMissingError: The extra is not installed.
    """
    solver = _solver(program)
    import highspy  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    count = len(program.worth)
    every = np.arange(count, dtype=np.int32)
    kinds = np.full(count, highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(count, every, kinds)
    solver.changeColsBounds(count, every, np.zeros(count), np.ones(count))
    for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 0.99)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("mip_max_nodes", _NODES_AT_MOST)
    taken = set(start)
    hint = highspy.HighsSolution()
    hint.col_value = [float(number in taken) for number in range(count)]
    solver.setSolution(hint)
    solver.run()
    is_best = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    has_choice = solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
    values = solver.getSolution().col_value if has_choice else ()
    return Chosen(
        columns=[number for number, value in enumerate(values) if round(value)], is_best=is_best
    )


def _solver(program: Program) -> "highspy.Highs":
    try:
        import highspy  # noqa: PLC0415
        import numpy as np  # noqa: PLC0415
    except ImportError as error:
        raise SolverMissingError("pip install 'jiepin[what-if]'") from error
    count, rows = len(program.worth), len(program.room)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, rows
    model.col_cost_ = -np.array(program.worth, dtype=float)
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.full(count, highspy.kHighsInf)  # rows bound them: all prices are there
    model.row_lower_ = np.full(rows, -highspy.kHighsInf)
    model.row_upper_ = np.array(program.room, dtype=float)
    sizes = [len(entries) for entries in program.entries]
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    matrix.index_ = np.array([row for e in program.entries for row, _ in e], dtype=np.int32)
    matrix.value_ = np.array([amount for e in program.entries for _, amount in e], dtype=float)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    return solver
