"""Where each mechanism is found. What-if ones are imported only when somebody asks for them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from matcher.deciding.solve import Solution, decide
from matcher.files.placement import Mechanism
from matcher.files.problem import Problem

WHAT_IF: Mapping[Mechanism, str] = MappingProxyType(
    {
        Mechanism.TTC: "matcher.whatif.ttc",
        Mechanism.TEACHER_OPTIMAL_BLOCK_EXCHANGE: "matcher.whatif.blocks",
        Mechanism.MAXIMUM: "matcher.whatif.maximum",
        Mechanism.FAILURE_AWARE: "matcher.whatif.failure",
    }
)
"""Modules by mechanism; the function in it has the mechanism's name."""


def decide_by(mechanism: Mechanism, problem: Problem) -> Solution:
    """What this mechanism decides.

    Raises:
        SolverMissingError: It computes with packages that are not installed.
    """
    if mechanism is Mechanism.STATUTORY:
        return decide(problem)
    what_if: Callable[[Problem], Solution] = getattr(
        import_module(WHAT_IF[mechanism]), mechanism.value
    )
    return what_if(problem)
