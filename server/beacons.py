"""Which beacons were given to whom lately, so that a signed question cannot be asked again."""

from collections import OrderedDict, deque
from dataclasses import dataclass

PER_ASKER = 8
ASKERS_AT_MOST = 50_000


@dataclass(frozen=True, slots=True)
class _Given:
    id: bytes
    t_ms: int


class BeaconMemory:
    """In memory only: after a restart a machine asks for a new beacon first."""

    def __init__(self, fresh_ms: int) -> None:
        """A beacon is good for ``fresh_ms``."""
        self._fresh_ms = fresh_ms
        self._given: OrderedDict[bytes, deque[_Given]] = OrderedDict()

    def remember(self, asker: bytes, beacon: bytes, now_ms: int) -> None:
        """A beacon went out."""
        given = self._given.setdefault(asker, deque(maxlen=PER_ASKER))
        given.append(_Given(beacon, now_ms))
        self._given.move_to_end(asker)
        while len(self._given) > ASKERS_AT_MOST:
            self._given.popitem(last=False)

    def fresh(self, asker: bytes, beacon: bytes, now_ms: int) -> bool:
        """Whether this beacon was given to this asker, and lately."""
        given = self._given.get(asker, ())
        return any(each.id == beacon and now_ms - each.t_ms <= self._fresh_ms for each in given)

    def spend(self, asker: bytes, beacon: bytes, now_ms: int) -> bool:
        """As `fresh`, once: what is asked with it cannot be asked again."""
        if not self.fresh(asker, beacon, now_ms):
            return False
        self._given[asker] = deque(
            (each for each in self._given[asker] if each.id != beacon), maxlen=PER_ASKER
        )
        return True
