"""What a cascade asks of whatever was decided: chains and rings of moves, and one identity.

Placement files (`matcher.files.placement`) and rolls called to their end
(`matcher.rollcall.result`) answer to it without knowing it.
"""

from collections.abc import Sequence
from typing import Protocol

from matcher.files.problem import Position, TeacherId

RING = "ring"
"""The ``kind`` of a line that closes; any other begins with a vacancy."""


class Moved(Protocol):
    """One teacher who went from a seat to a seat."""

    @property
    def teacher(self) -> TeacherId:
        """Who."""

    @property
    def origin(self) -> Position:
        """The seat she leaves."""

    @property
    def destination(self) -> Position:
        """The seat she takes."""


class Line(Protocol):
    """People who depend on each other.

    In a ring each takes the seat of the next, the last that of the first; in a chain the first
    takes a vacancy, each next the seat of the one before.
    """

    @property
    def kind(self) -> str:
        """Ring or chain."""

    @property
    def moves(self) -> Sequence[Moved]:
        """At least one."""


class Decided(Protocol):
    """Everything that was decided."""

    @property
    def components(self) -> Sequence[Line]:
        """In the order of the file."""

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
