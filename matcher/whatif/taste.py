"""What is best among placements with as many moves."""

from enum import StrEnum


class Taste(StrEnum):
    """What is best among placements with as many moves."""

    RANKS = "ranks"
    POINTS = "points"
