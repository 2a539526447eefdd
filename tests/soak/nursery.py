"""One warm process that tries mutants: tests are collected once, each mutant is tried by a fork.

``python -m tests.soak.nursery JOB FOUND``: ``JOB`` is the JSON of a `Job`; what becomes of each
mutant is added to ``FOUND`` as a line of JSON.

Each test first runs once, and each line it reaches is noted; a mutant is tried by the tests that
reach the changed line, those first that killed its neighbours, and is dead at the first that fails.
"""

import functools
import gc
import importlib
import math
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import coverage
import msgspec
import pytest

from tests.soak.mutants import Live, Module, Mutant, live_functions, put_in_place

ROOT = Path(__file__).parents[2]
CACHE = type(functools.cache(str))
OURS = ("core.", "matcher.", "tests.")
EXAMPLES = 25
ASKING = "asking"  # the file with the number of the test that a mutant is tried by
PATIENCE = 5.0  # seconds of the processor over six times what a test needs
WALL = 120.0  # seconds, when a mutant waits for ever
MEMORY = 6 << 30  # that is written to: what draws charts only reserves more
KILLED, SURVIVED, IMPOSSIBLE = 76, 78, 77  # nothing else ends with these
BECAME = {
    KILLED: "killed",
    SURVIVED: "survived",
    IMPOSSIBLE: "impossible",
    -signal.SIGXCPU: "endless",
    -signal.SIGKILL: "endless",
}


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be tried; ``seconds`` is the most that the tests of one mutant may need.

    ``modules`` with the share of their mutants that is drawn.
    """

    tests: tuple[str, ...]
    modules: dict[str, float]
    seed: int
    processes: int
    seconds: float


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a mutant.

    ``killed``, ``endless`` (a test took six times as long, or stood still), ``survived``,
    ``crashed`` (its process ended in another way, which proves nothing), ``unreached`` by any
    test in this process, or ``impossible`` to put in place.
    ``by`` is the test that ended it; ``left`` how many tests reach the line and were not asked,
    for want of time.
    """

    module: str
    line: int
    was: str
    becomes: str
    became: str
    by: str
    asked: int
    left: int


@dataclass(slots=True)
class Reached:
    """Which tests reach which line of which file, and which do not pass.

    ``seconds`` are of the processor, by test; ``shared`` those of what it shares with others.
    """

    lines: dict[str, dict[int, frozenset[int]]]
    seconds: list[float]
    shared: list[float]
    failing: dict[int, str]


@dataclass(slots=True)
class Trial:
    """A mutant whose tests are running."""

    module: str
    mutant: Mutant
    tests: list[int]
    left: int
    folder: str
    until: float


class Nursery:
    """A plugin that tries mutants instead of running the tests."""

    def __init__(self, job: Job, found: Path) -> None:
        self._job = job
        self._found = found
        self._items: list[pytest.Item] = []
        self._seen: coverage.Coverage | None = None
        self._now = 0
        self._is_trial = False
        self._failing: dict[int, str] = {}
        self._running: dict[int, Trial] = {}
        self._sources: dict[str, str] = {}  # as they were loaded
        self._shared: dict[str, float] = {}
        self._kills: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def pytest_sessionstart(self) -> None:
        """Examples are not made smaller: that they fail is enough."""
        from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415 - pytest has to be first

        settings.register_profile(
            "mutants",
            deadline=None,
            max_examples=EXAMPLES,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Collected: see who reaches what, then try every mutant that is drawn."""
        if session.testsfailed:
            raise session.Interrupted("some tests could not be collected")
        self._items = session.items
        for module in self._job.modules:
            importlib.import_module(_name(module))
            self._sources[module] = (ROOT / module).read_text("utf-8")
        _forget()
        reached = self._see()
        for number, why in reached.failing.items():
            sys.stderr.write(f"does not pass by itself: {self._items[number].nodeid}: {why}\n")
        live = live_functions(tuple(str(ROOT / each) for each in ("core", "matcher")))
        gc.freeze()
        for module in self._job.modules:
            sys.stderr.write(f"{module}\n")
            for mutant in self._drawn(module):
                while len(self._running) >= self._job.processes:
                    self._reap()
                self._start(module, mutant, reached, live)
        while self._running:
            self._reap()
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """What a shared fixture reaches, all reach that ask for it."""
        if self._seen is None or fixturedef.scope == "function":
            return (yield)
        self._seen.switch_context(f"fixture {fixturedef.argname}")
        began = _spent()
        try:
            return (yield)
        finally:
            self._shared[fixturedef.argname] = _spent() - began
            self._seen.switch_context(str(self._now))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The first failure is the mutant's end."""
        if not report.failed:
            return
        if self._is_trial:
            os._exit(KILLED)
        self._failing.setdefault(self._now, str(report.longrepr)[-500:])

    def _drawn(self, module: str) -> Iterator[Mutant]:
        offered = Module(self._sources[module])
        chance = random.Random(f"{module}/{self._job.seed}")  # noqa: S311 - has to be replayed
        wanted = len(offered) * self._job.modules[module]
        # Parts of a mutant are made up for by chance, so that small modules have their share.
        count = int(wanted) + (chance.random() < wanted % 1)
        return offered.drawn(count, chance)

    def _see(self) -> Reached:
        """In a fork: threads and caches of the tests stay away from the mutants."""
        folder = Path(mkdtemp(prefix="mutants-"))
        child = os.fork()
        if child == 0:
            _quiet(folder)
            try:
                (folder / "reached").write_bytes(pickle.dumps(asdict(self._look())))
            except BaseException:  # noqa: BLE001 - told by the process that waits
                (folder / "reached").write_text(traceback.format_exc(), encoding="utf-8")
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status != 0:
            told = (folder / "reached").read_text("utf-8") if (folder / "reached").exists() else ""
            raise RuntimeError(f"running the tests ended with {status}\n{told}")
        found = Reached(**pickle.loads((folder / "reached").read_bytes()))  # noqa: S301 - ours
        shutil.rmtree(folder, ignore_errors=True)
        return found

    def _look(self) -> Reached:
        caches = _caches()
        # The tests' own way not to count some of them looks for it.
        coverage.Coverage.current = classmethod(lambda _: None)  # type: ignore[method-assign]
        self._seen = coverage.Coverage(
            data_file=None,
            config_file=False,
            include=[f"{ROOT / each}/*" for each in ("core", "matcher")],
        )
        seconds = []
        self._seen.start()
        for number, item in enumerate(self._items):
            for each in caches:
                each.cache_clear()
            self._now = number
            self._seen.switch_context(str(number))
            began = _spent()
            self._run(item, self._items[number + 1 : number + 2])
            seconds.append(_spent() - began)
        self._seen.stop()
        data = self._seen.get_data()
        users: defaultdict[str, set[int]] = defaultdict(set)
        for number, item in enumerate(self._items):
            for name in getattr(item, "fixturenames", ()):
                users[name].add(number)
        lines = {
            path: {
                line: frozenset(
                    number
                    for context in contexts
                    if context
                    for number in (
                        users[context.removeprefix("fixture ")]
                        if context.startswith("fixture ")
                        else [int(context)]
                    )
                    if number not in self._failing
                )
                for line, contexts in data.contexts_by_lineno(path).items()
            }
            for path in data.measured_files()
        }
        # Alone, a test has to make what it shares with others.
        shared = [
            sum(self._shared.get(name, 0.0) for name in getattr(item, "fixturenames", ()))
            for item in self._items
        ]
        return Reached(lines=lines, seconds=seconds, shared=shared, failing=self._failing)

    def _run(self, item: pytest.Item, following: list[pytest.Item]) -> None:
        after = following[0] if following else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)

    def _start(self, module: str, mutant: Mutant, reached: Reached, live: Live) -> None:
        tests, left = self._judges(module, mutant, reached)
        if not tests:
            self._note(module, mutant, became="unreached", tests=tests, left=0)
            return
        folder = mkdtemp(prefix="mutants-")
        child = os.fork()
        if child == 0:
            allowed = [
                6 * (reached.seconds[each] + reached.shared[each]) + PATIENCE for each in tests
            ]
            self._try(module, mutant, tests, allowed, live, Path(folder))
        self._running[child] = Trial(module, mutant, tests, left, folder, time.monotonic() + WALL)

    def _judges(self, module: str, mutant: Mutant, reached: Reached) -> tuple[list[int], int]:
        """The tests to ask, in order, and how many more there are."""
        lines = reached.lines.get(str(ROOT / module), {})
        able = frozenset().union(*(lines.get(line, frozenset()) for line in mutant.lines))
        if not able:
            able = frozenset().union(*(lines.get(line, frozenset()) for line in mutant.body))
        met: Counter[str] = Counter()
        price: dict[int, float] = {}
        for number in sorted(able, key=lambda each: (reached.seconds[each], each)):
            test = self._items[number].nodeid.partition("[")[0]
            met[test] += 1  # the more examples of a test were asked, the less the next will add
            price[number] = reached.seconds[number] * met[test]
        near = self._kills[f"{module}:{mutant.function}"]
        about = self._kills[module]
        order = sorted(able, key=lambda each: (-near[each], -about[each], price[each], each))
        spent, asked = 0.0, 0
        for each in order:
            if asked and spent + reached.seconds[each] > self._job.seconds:
                break
            spent += reached.seconds[each]
            asked += 1
        return order[:asked], len(order) - asked

    def _try(  # noqa: PLR0913, PLR0917
        self,
        module: str,
        mutant: Mutant,
        tests: list[int],
        allowed: list[float],
        live: Live,
        folder: Path,
    ) -> None:
        """In the fork; never comes back."""
        _quiet(folder)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        path, source = str(ROOT / module), self._sources[module]
        scope = vars(sys.modules[_name(module)])
        try:
            put_in_place(mutant, path, source, scope, live)
        except ValueError:
            os._exit(IMPOSSIBLE)
        self._is_trial = True
        asking = os.open(folder / ASKING, os.O_WRONLY | os.O_CREAT)
        for place, (number, seconds) in enumerate(zip(tests, allowed, strict=True)):
            self._now = number
            os.pwrite(asking, f"{number:9}".encode(), 0)
            _allow(seconds)
            following = tests[place + 1 : place + 2]
            try:
                self._run(self._items[number], [self._items[each] for each in following])
            except BaseException:  # noqa: BLE001 - whatever ends the run has noticed the mutant
                os._exit(KILLED)
        os._exit(SURVIVED)

    def _reap(self) -> None:
        """Wait until a mutant is done, or has had its time."""
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is None:
            for late, trial in self._running.items():
                if time.monotonic() > trial.until:
                    os.kill(late, signal.SIGKILL)
            time.sleep(0.002)
        child = ended.si_pid
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what its tests had started; its number is still held
        _, status = os.waitpid(child, 0)
        trial = self._running.pop(child)
        asking = Path(trial.folder) / ASKING
        named = asking.read_bytes() if asking.exists() else b""
        by = int(named) if named else None
        shutil.rmtree(trial.folder, ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        became = BECAME.get(code, "crashed")
        if became == "survived":
            by = None
        elif became == "crashed":
            asked = "" if by is None else self._items[by].nodeid
            sys.stderr.write(f"crashed with {code}: {trial.mutant.becomes}: {asked}\n")
        elif became == "killed" and by is not None:
            self._kills[f"{trial.module}:{trial.mutant.function}"][by] += 1
            self._kills[trial.module][by] += 1
        self._note(
            trial.module, trial.mutant, became=became, tests=trial.tests, left=trial.left, by=by
        )

    def _note(  # noqa: PLR0913
        self,
        module: str,
        mutant: Mutant,
        *,
        became: str,
        tests: list[int],
        left: int,
        by: int | None = None,
    ) -> None:
        verdict = Verdict(
            module=module,
            line=mutant.lines.start,
            was=mutant.was,
            becomes=mutant.becomes,
            became=became,
            by="" if by is None else self._items[by].nodeid,
            asked=len(tests),
            left=left,
        )
        with self._found.open("ab") as found:
            found.write(msgspec.json.encode(verdict) + b"\n")


def _spent() -> float:
    """Seconds of the processor, with those of programs that have ended."""
    return sum(os.times()[:4])


def _allow(seconds: float) -> None:
    """So much more of the processor, or the process ends."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(sum(os.times()[:2]) + seconds), most))


def _caches() -> list[Any]:
    """Whatever remembers results, of ours."""
    return [
        each
        for each in gc.get_objects()
        if type(each) is CACHE
        and (each.__module__ or "").startswith(("core.", "matcher.", "tests."))
    ]


def _forget() -> None:
    """What was computed while tests were collected, the mutant has to compute."""
    for each in _caches():
        each.cache_clear()


def _quiet(folder: Path) -> None:
    """A group of its own, files of its own, nothing said."""
    os.setsid()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)


def _name(module: str) -> str:
    return module.removesuffix(".py").replace("/", ".")


def main(words: list[str]) -> int:
    """Try the mutants of a job."""
    job = msgspec.json.decode(Path(words[0]).read_bytes(), type=Job)
    os.environ["JIEPIN_SEED"] = str(job.seed)
    return pytest.main(
        [
            # Nobody reads why a test failed, and large markets take long to spell.
            *(
                "-q",
                "-s",
                "--tb=no",
                "--assert=plain",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:xdist",
                "-p",
                "no:textual-snapshot",  # a child that ends removes its folder
                "--rootdir",
                str(ROOT),
            ),
            *("--hypothesis-seed", str(job.seed)),
            *job.tests,
        ],
        plugins=[Nursery(job, Path(words[1]))],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
