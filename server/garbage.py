"""How often a process that serves looks for garbage that only a search can find.

Nearly everything goes when the last one lets go of it; what is left are cycles, such as errors and
their frames. Python looks for them after every seven hundred new things, and at times through all
there is, which in a rush took a tenth of the event loop's time.
"""

import gc

NEW_THINGS = 50_000
"""A few megabytes at most, if all of them were garbage."""


def search_rarely() -> None:
    """Pass over what is here already, which stays, and search less often in what is to come."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_THINGS, *gc.get_threshold()[1:])
