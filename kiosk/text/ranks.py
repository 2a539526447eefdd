"""Ranks of wishes as people write them: ``6``, ``7``, ``9-12``."""

SHORTEST_RUN = 3
"""``4-6`` rather than ``4, 5, 6``."""


def runs(ranks: tuple[int, ...]) -> tuple[str, ...]:
    """The ranks in ascending order, neighbours joined."""
    found: list[list[int]] = []
    for rank in ranks:
        if found and rank == found[-1][-1] + 1:
            found[-1].append(rank)
        else:
            found.append([rank])
    return tuple(word for run in found for word in _words(run))


def _words(run: list[int]) -> tuple[str, ...]:
    if len(run) >= SHORTEST_RUN:
        return (f"{run[0]}-{run[-1]}",)
    return tuple(str(rank) for rank in run)
