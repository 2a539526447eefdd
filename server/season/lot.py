"""Lots and aliases of a freeze; `core.season.lot` says how lots are drawn.

The seed is the input root, published before the run, and an id is the entry hash of an application.
Nobody can choose a lot without changing the root; a teacher finds hers with the root and the entry
on her receipt.
"""

from core.season.lot import draw_lots

__all__ = ["alias_of", "draw_lots"]


def alias_of(lot: int) -> str:
    """The name in the matcher's files of whoever drew this lot: ``T0001``."""
    return f"T{lot:04}"
