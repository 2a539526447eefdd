"""Cases for the frame of the long runs: in a module of their own, since processes import them."""

import random

from tests.soak.spread import Case


def toss(rng: random.Random) -> Case:
    """Half of the cases break their promise."""
    return Case(("odd",) if rng.getrandbits(1) else ())


def fall(rng: random.Random) -> Case:
    """A case that ends by an exception."""
    raise ValueError(rng.getrandbits(8))
