"""`maximum`, never official: most moves, then the best ranks, in lines of bounded length.

Goals, one after another: as many moves as possible; then as many first wishes as that allows,
then as many second wishes, and so on (or `Taste.POINTS`: the largest sum of points at the
destinations); last, to leave no tie, the largest sum of numbers drawn from the public lots.
Exact by an integer program (`matcher.whatif.exact`). The certificate states value and bound of
each goal; where they differ, that gap is what could not be ruled out, and nothing more is asked
for.
"""

from collections.abc import Iterator
from importlib import import_module

from matcher.deciding.solve import Solution
from matcher.files.placement import Mechanism
from matcher.files.problem import Problem
from matcher.whatif.columns import COLUMNS_AT_MOST, Column, TooManyLinesError, columns_of
from matcher.whatif.exact import SEARCHED_AT_MOST, Search, Stage
from matcher.whatif.lines import draw, lines_of, named_prices
from matcher.whatif.missing import SolverMissingError
from matcher.whatif.setting import Setting
from matcher.whatif.taste import Taste

LONGEST = 3
_LARGEST_WORTH = 10_000_000  # of a whole placement: more would blur in the solver's fractions


def maximum(
    problem: Problem,
    longest: int = LONGEST,
    taste: Taste = Taste.RANKS,
    searched_at_most: int = SEARCHED_AT_MOST,
    listed_at_most: int = COLUMNS_AT_MOST,
) -> Solution:
    """The placement with the most moves in rings and chains of at most ``longest`` (from 2).

    ``searched_at_most``: of more rings and links than so many that could still help, a good choice
    is taken and the gap stated. Of more than ``listed_at_most``, those that matter are made as they
    are needed, and moves are the only goal. Certificate: ``longest``; ``goals``, each with
    ``value`` and ``bound``; ``prices`` that prove ``proved`` moves to be the most, spelt as
    `matcher.whatif.lines.named_prices` does.

    Raises:
        SolverMissingError: The extra ``what-if`` is not installed.
    """
    setting = Setting(problem)
    try:
        columns = columns_of(setting, longest, listed_at_most)
    except TooManyLinesError:
        return _grown(setting, longest)
    search = Search(setting, columns, longest, searched_at_most)
    moves = search.pursue(lambda column: len(column.steps))
    goals = [_goal(moves, goal="moves")]
    if moves.value == moves.bound:
        goals += (_by_rank if taste is Taste.RANKS else _by_points)(setting, search)
        search.pursue(draw(setting))
    certificate = {
        "longest": longest,
        "goals": goals,
        "proved": moves.proved,
        "prices": named_prices(setting, moves.prices),
    }
    return setting.solution(Mechanism.MAXIMUM, lines_of(setting, search.chosen), certificate)


def _grown(setting: Setting, longest: int) -> Solution:
    """With lines made as they are needed (`matcher.whatif.generation`).

    Raises:
        SolverMissingError: The extra ``what-if`` is not installed.
    """
    try:
        generation = import_module("matcher.whatif.generation")
    except ImportError as error:
        raise SolverMissingError("pip install 'jiepin[what-if]'") from error
    grown = generation.grow(setting, longest)
    value = sum(len(column.steps) for column in grown.columns)
    certificate = {
        "longest": longest,
        "goals": [{"goal": "moves", "value": value, "bound": grown.proved}],
        "proved": grown.proved,
        "prices": named_prices(setting, grown.prices),
    }
    return setting.solution(Mechanism.MAXIMUM, lines_of(setting, grown.columns), certificate)


def _by_rank(setting: Setting, search: Search) -> Iterator[dict[str, object]]:
    """As many first wishes as possible, then second ones, and so on; several at once if few."""
    wishes = _wishes(setting, search.columns)
    left = len(_wishes(setting, search.chosen))
    first, is_sure = 1, True
    while is_sure and left and first <= max(wishes):
        base, last = left + 1, first
        while last < max(wishes) and left * base ** (last - first + 1) <= _LARGEST_WORTH:
            last += 1
        weight = {wish: base ** (last - wish) for wish in range(first, last + 1)}

        def worth(column: Column, weight: dict[int, int] = weight) -> int:
            return sum(weight.get(wish, 0) for wish in _wishes(setting, [column]))

        stage = search.pursue(worth)
        yield _goal(stage, goal="wishes", first=first, last=last, base=base)
        is_sure = stage.value == stage.bound
        left -= sum(wish in weight for wish in _wishes(setting, search.chosen))
        first = last + 1


def _wishes(setting: Setting, columns: list[Column]) -> list[int]:
    wish_of = setting.market.wish_of
    return [wish_of(*step)[0] for column in columns for step in column.steps]


def _by_points(setting: Setting, search: Search) -> Iterator[dict[str, object]]:
    groups = setting.market.groups

    def worth(column: Column) -> int:
        return sum(-groups[setting.place(step)].key[0] for step in column.steps)

    yield _goal(search.pursue(worth), goal="points")


def _goal(stage: Stage, **what: object) -> dict[str, object]:
    return {**what, "value": stage.value, "bound": stage.bound}
