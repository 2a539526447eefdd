"""Bad luck in measured doses.

Cut lines, lost answers, ``kill -9`` of any program, from one seed.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from provisioning.demo.line import Line

CUT_LINE_CHANCE = 0.35
LONGEST_OUTAGE_S = 4.0
LOSE_ANSWER = 0.15
CUT_REQUEST = 0.08


class Trouble:
    """A thread that does one bad thing after another until it is stopped, then heals everything."""

    def __init__(
        self, line: Line, seed: int, kills: Sequence[tuple[str, Callable[[], object]]]
    ) -> None:
        """``kills`` are names to count by, and acts; each ends with everything running again."""
        self._line = line
        self._rng = random.Random(seed)  # noqa: S311 - replayable bad luck
        self._kills = tuple(kills)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trouble", daemon=True)
        self._fault: BaseException | None = None
        self.done: Counter[str] = Counter()

    def start(self) -> None:
        """Begin."""
        self._line.lose, self._line.cut = LOSE_ANSWER, CUT_REQUEST
        self._thread.start()

    def stop(self) -> None:
        """End, with the line up and honest.

        Raises:
            RuntimeError: An act of trouble itself failed; its cause is chained.
        """
        self._over.set()
        self._thread.join()
        self._line.lose = self._line.cut = 0.0
        self._line.come_up()
        if self._fault is not None:
            raise RuntimeError("a program did not come back after a kill") from self._fault

    def _run(self) -> None:
        try:
            while not self._over.wait(self._rng.uniform(0.3, 1.5)):
                self._act()
        except Exception as error:  # noqa: BLE001 - carried to the caller of stop
            self._fault = error

    def _act(self) -> None:
        if self._rng.random() < CUT_LINE_CHANCE:
            self._line.go_down()
            self.done["outages"] += 1
            self._over.wait(self._rng.uniform(0.2, LONGEST_OUTAGE_S))
            self._line.come_up()
            return
        name, kill = self._rng.choice(self._kills)
        kill()
        self.done[name] += 1
