"""Where each mechanism is found. What-if ones are imported only when somebody asks for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
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

OPTIONS: Mapping[Mechanism, tuple[str, ...]] = MappingProxyType(
    {
        Mechanism.MAXIMUM: ("longest", "taste"),
        Mechanism.FAILURE_AWARE: ("longest", "failing"),
    }
)
"""What can be asked of a mechanism; the names of parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What decides, and what somebody asked of it; None where nobody did."""

    mechanism: Mechanism = Mechanism.STATUTORY
    longest: int | None = None
    taste: str | None = None
    failing: Fraction | None = None

    def asked(self) -> Mapping[str, object]:
        """The options that were given, by name."""
        options = {"longest": self.longest, "taste": self.taste, "failing": self.failing}
        return {name: value for name, value in options.items() if value is not None}

    def strangers(self) -> tuple[str, ...]:
        """Options that mean nothing to this mechanism."""
        return tuple(name for name in self.asked() if name not in OPTIONS.get(self.mechanism, ()))


def decide_by(wanted: Wanted, problem: Problem) -> Solution:
    """What this mechanism decides.

    Raises:
        SolverMissingError: It computes with packages that are not installed.
        TooManyLinesError: The market is too large for lines that long.
    """
    if wanted.mechanism is Mechanism.STATUTORY:
        return decide(problem)
    name = wanted.mechanism.value
    what_if: Callable[..., Solution] = getattr(import_module(WHAT_IF[wanted.mechanism]), name)
    return what_if(problem, **wanted.asked())
