"""Where each mechanism is found. What-if ones are imported only when somebody asks for them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from matcher.deciding.solve import Solution, decide
from matcher.files.placement import Mechanism
from matcher.files.problem import Problem

OUR_PACKAGE = "matcher"
WHAT_IF: Mapping[Mechanism, str] = MappingProxyType(
    {
        mechanism: f"matcher.whatif.{mechanism.value}"
        for mechanism in Mechanism
        if mechanism is not Mechanism.STATUTORY
    }
)
"""Modules by mechanism; the function in it has the mechanism's name."""


class ExtraMissingError(Exception):
    """A package of the optional extra is not installed; its name is the message."""


def decider(
    mechanism: Mechanism, what_if: Mapping[Mechanism, str] = WHAT_IF
) -> Callable[[Problem], Solution]:
    """The function that decides by this mechanism.

    Raises:
        ExtraMissingError: It computes with a package that is not installed.
    """
    if mechanism is Mechanism.STATUTORY:
        return decide
    try:
        module = import_module(what_if[mechanism])
    except ModuleNotFoundError as error:
        missing = str(error.name)
        if missing.partition(".")[0] == OUR_PACKAGE:
            raise
        raise ExtraMissingError(missing) from error
    found: Callable[[Problem], Solution] = getattr(module, mechanism.value)
    return found
