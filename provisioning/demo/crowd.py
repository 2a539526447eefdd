"""Runs the simulated people of all sites, a few at a time, and starts again whoever was killed."""

import time
from collections.abc import Callable, Mapping, Sequence

from provisioning.demo.process import Program, ProgramError

AT_ONCE = 6
RETRIES = 3
POLL_S = 0.1


class Crowd:
    """One program per site; a killed one is started again with the same script, which resumes."""

    def __init__(self, programs: Mapping[str, Program], at_once: int = AT_ONCE) -> None:
        """``programs`` by name; nothing is started yet."""
        self._waiting = list(programs.values())
        self._active: list[Program] = []
        self._failures: dict[str, int] = {}
        self._at_once = at_once
        self.restarts = 0

    def kill_one(self, choose: Callable[[Sequence[Program]], Program]) -> bool:
        """Kill one that is at work; False when nobody is."""
        running = [each for each in self._active if each.running]
        if not running:
            return False
        choose(running).kill()
        return True

    def run(self, timeout_s: float) -> None:
        """Until everyone has finished.

        Raises:
            ProgramError: One failed more than three times by itself, or the time ran out.
        """
        until = time.monotonic() + timeout_s
        while self._waiting or self._active:
            if time.monotonic() > until:
                names = ", ".join(each.name for each in (*self._active, *self._waiting))
                raise ProgramError(f"not finished after {timeout_s:.0f} s: {names}")
            while self._waiting and len(self._active) < self._at_once:
                program = self._waiting.pop(0)
                program.start()
                self._active.append(program)
            for program in [each for each in self._active if not each.running]:
                self._ended(program)
            time.sleep(POLL_S)

    def stop(self) -> None:
        """End whoever is still at work."""
        for program in self._active:
            program.stop()

    def _ended(self, program: Program) -> None:
        code = program.exit_code or 0
        if code == 0:
            self._active.remove(program)
            return
        if code > 0:
            self._failures[program.name] = self._failures.get(program.name, 0) + 1
            if self._failures[program.name] > RETRIES:
                raise ProgramError(f"{program.name} ended with {code}: {program.tail()}")
        self.restarts += 1
        program.start()
