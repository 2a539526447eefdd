"""`failure_aware`, never official: the most moves to be expected when some do not report.

Everybody fails with the same chance, independently. One who fails voids her whole ring, and in a
chain her own move and all after it; those before her stand. (Dickerson, Procaccia and Sandholm,
Failure-Aware Kidney Exchange, 2013 and 2019.) So short lines are worth more than long ones. Exact
for the bound on the length, by the program of `maximum`; expected moves are whole numbers over
one denominator.
"""

from fractions import Fraction

from matcher.deciding.solve import Solution
from matcher.files.placement import Mechanism
from matcher.files.problem import Problem
from matcher.whatif.columns import RING, Column, columns_of
from matcher.whatif.exact import Search
from matcher.whatif.lines import draw, lines_of, named_prices
from matcher.whatif.setting import Setting

LONGEST = 3
FAILING = Fraction(1, 20)  # 範例: nobody publishes how many do not report


def failure_aware(
    problem: Problem, longest: int = LONGEST, failing: Fraction = FAILING
) -> Solution:
    """The placement with the most expected moves, in lines of at most ``longest`` (from 2).

    ``failing``: the chance that one does not report, from 0 to below 1. Certificate: ``longest``;
    ``failing`` as [number, of]; ``scale``, by which expected moves are multiplied in ``value``,
    ``bound`` and ``proved``; ``prices`` that prove ``proved``.

    Raises:
        SolverMissingError: The extra ``what-if`` is not installed.
        TooManyLinesError: The market is too large for lines that long.
    """
    setting = Setting(problem)
    comes, of = (1 - failing).as_integer_ratio()
    scale: int = of**longest

    def worth(column: Column) -> int:
        """Expected moves of a ring; of a link, how likely it and all before it stand."""
        length = len(column.steps) if column.depth == RING else column.depth
        stands: int = comes**length * of ** (longest - length)
        return len(column.steps) * stands

    search = Search(setting, columns_of(setting, longest), longest)
    stage = search.pursue(worth)
    search.pursue(draw(setting))
    certificate = {
        "longest": longest,
        "failing": list(failing.as_integer_ratio()),
        "scale": scale,
        "value": stage.value,
        "bound": stage.bound,
        "proved": stage.proved,
        "prices": named_prices(setting, stage.prices),
    }
    return setting.solution(Mechanism.FAILURE_AWARE, lines_of(setting, search.chosen), certificate)
