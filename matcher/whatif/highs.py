"""The one place that knows HiGHS, the exact solver of the optional extra ``what-if``.

One thread, a fixed seed and no clock: the same program gives the same answer. Numbers that come
back are only hints to the caller, who computes with whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from matcher.whatif.missing import SolverMissingError

if TYPE_CHECKING:
    import highspy

Options = Mapping[str, bool | int | float | str]
_ALWAYS: Options = {"output_flag": False, "threads": 1, "random_seed": 1}
_INTERIOR_FROM = 2_000  # columns; smaller ones are done before an interior point is set up
# Presolving gives prices back that are off by whole units.
_INTERIOR: Options = {"solver": "ipm", "presolve": "off", "run_crossover": "off"}
_CORNERS: Options = {"solver": "simplex", "presolve": "on"}
_WHOLE: Options = {"mip_rel_gap": 0.0, "mip_abs_gap": 0.99, "mip_max_nodes": 200}


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
    solver = _solver(_model(program))
    if len(program.worth) >= _INTERIOR_FROM:
        _set(solver, _INTERIOR)
    solver.run()
    if not _is_solved(solver):  # an interior point that got lost
        solver.clearSolver()
        _set(solver, _CORNERS)
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
    model = _model(program)
    import highspy  # noqa: PLC0415

    count = len(program.worth)
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.col_upper_ = [1] * count
    solver = _solver(model)
    _set(solver, _WHOLE)
    taken = set(start)
    hint = highspy.HighsSolution()
    hint.col_value = [float(number in taken) for number in range(count)]
    solver.setSolution(hint)
    solver.run()
    has_choice = solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
    values = solver.getSolution().col_value if has_choice else ()
    columns = [number for number, value in enumerate(values) if round(value)]
    return Chosen(columns=columns, is_best=_is_solved(solver))


def _model(program: Program) -> "highspy.HighsLp":
    """The program with columns in parts, as many of each as the rows allow."""
    try:
        import highspy  # noqa: PLC0415
    except ImportError as error:
        raise SolverMissingError("pip install 'jiepin[what-if]'") from error
    count, rows = len(program.worth), len(program.room)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, rows
    model.col_cost_ = [-worth for worth in program.worth]
    model.col_lower_ = [0] * count
    model.col_upper_ = [highspy.kHighsInf] * count  # rows bound them: all prices are there
    model.row_lower_ = [-highspy.kHighsInf] * rows
    model.row_upper_ = [*program.room]
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = list(accumulate(map(len, program.entries), initial=0))
    matrix.index_ = [row for entries in program.entries for row, _ in entries]
    matrix.value_ = [amount for entries in program.entries for _, amount in entries]
    return model


def _solver(model: "highspy.HighsLp") -> "highspy.Highs":
    import highspy  # noqa: PLC0415

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    _set(solver, _ALWAYS)
    solver.passModel(model)
    return solver


def _set(solver: "highspy.Highs", options: Options) -> None:
    for option, value in options.items():
        solver.setOptionValue(option, value)
