"""Any one call to the operating system fails, at every place the store makes one.

Run as a program under the shim: it forks once per failing call, so that thousands of runs cost one
start. ``python -m tests.faults.calls FOLDER`` reads plans as JSON lines and answers each with what
was wrong.
"""

import contextlib
import errno
import json
import os
import random
import shutil
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from syncd.store.fault import StoreDamaged, StoreError, StoreKeyError, StoreNewer
from tests.faults.judgement import Judge
from tests.faults.power import memory_folder
from tests.faults.shim import ALWAYS, CHANGING, ROOT, Kind, Shim, build_shim, environment
from tests.faults.work import NAME, Work
from tests.soak.spread import Case

TRIES = 3
# Which calls fail with what, how many in a row, and whether half of a write is done all the same.
MANNERS = (
    (CHANGING, "EIO", 1, False),
    (CHANGING, "ENOSPC", 1, True),
    (CHANGING, "EIO", 5, False),
    (CHANGING, "ENOSPC", ALWAYS, True),
    (Kind.READ | Kind.MAP, "EIO", 1, False),
    (Kind.READ | Kind.MAP, "EIO", ALWAYS, False),
)
# Wrong: the disk failed, nobody's key did, and no newer program wrote the file.
MISLEADING = (StoreKeyError, StoreNewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which call fails how: ``first`` 0 is none, ``count`` calls of ``kinds`` from there on."""

    seed: int
    first: int
    kinds: int = int(CHANGING)
    error: str = "EIO"
    count: int = 1
    half: bool = False
    acts: int = 12
    new: bool = False
    liar: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a run showed: the number of calls, and what was wrong, if anything."""

    calls: int
    failures: int
    wrong: str | None


class Clumsy:
    """A store to work on whose calls fail by plan."""

    def __init__(self, folder: Path, template: Path, plan: Plan) -> None:
        self._folder, self._plan = folder, plan
        self._work = Work(folder, random.Random(plan.seed))  # noqa: S311 - replayable
        self._shim = Shim()
        self._failures = 0
        if not plan.new:
            shutil.copy(template, folder / NAME)
            self._work.told.enrolled = True

    def run(self) -> Found:
        """Work while calls fail, then without; what was told must be there."""
        plan, work = self._plan, self._work
        self._shim.arm(
            self._folder,
            Kind(plan.kinds),
            plan.first,
            count=plan.count,
            number=getattr(errno, plan.error),
            half=plan.half,
        )
        if plan.new:
            self._try(work.enrol)
        for _ in range(plan.acts):
            self._try(work.act)
        self._try(work.close)
        calls = self._shim.calls
        self._shim.disarm(self._folder)
        return Found(calls, self._failures, self._wrong())

    def _try(self, act) -> None:
        """A person tries a few times, and gives up."""
        for _ in range(TRIES):
            try:
                return act()
            except MISLEADING as error:
                raise AssertionError(f"misleading {type(error).__name__}: {error}") from error
            except StoreDamaged as error:
                # What cannot be read is damaged for all the engine knows; it reads it again later.
                if not self._plan.kinds & Kind.READ:
                    raise AssertionError(f"no damage: {error}") from error
                self._failures += 1
            except StoreError:
                self._failures += 1
                # A negative control: it tells people what was not stored.
                self._work.told.audit += self._plan.liar
        return None

    def _wrong(self) -> str | None:
        """The same program goes on, and so does the next one."""
        work, judge = self._work, Judge()
        if not work.told.enrolled:
            work.enrol()
        work.append()
        here = judge.judge_store(work.opened, work.told)
        # Without a word, as when the program is killed now: the next start checks everything.
        return here or judge.judge(self._folder, work.told.encode())


def run_plans(library: Path, scratch: Path, plans: Sequence[Plan]) -> Iterator[tuple[Plan, Found]]:
    """Every plan's outcome, from one program under the shim."""
    scratch.mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.calls", str(scratch)],
        env=environment(library, scratch / "none"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        for plan in plans:
            print(json.dumps(asdict(plan)), file=program.stdin, flush=True)
            yield plan, Found(**json.loads(program.stdout.readline()))
        program.stdin.close()


def fail_every_call(
    rng: random.Random, *, acts: int, new: bool = False, step: int = 1, liar: bool = False
) -> Case:
    """One day's work, done once for each call it makes and each manner of failing.

    With ``step`` only every so many calls, a sample.
    """
    seed = rng.getrandbits(32)
    counts: Counter[str] = Counter()
    violations: list[str] = []
    sound = [
        Plan(
            seed=seed,
            first=0,
            kinds=int(kinds),
            error=error,
            count=count,
            half=half,
            acts=acts,
            new=new,
            liar=liar,
        )
        for kinds, error, count, half in MANNERS
    ]
    with memory_folder() as scratch:
        library = build_shim(scratch)
        plans = [
            replace(plan, first=first)
            for turn, (plan, found) in enumerate(run_plans(library, scratch / "sound", sound))
            for first in range(1 + turn % step, found.calls + 1, step)
        ]
        for plan, found in run_plans(library, scratch / "failing", plans):
            counts["runs"] += 1
            counts["noticed"] += found.failures > 0
            if found.wrong is not None:
                counts["bad"] += 1
                violations.append(f"{plan}: {found.wrong}")
    return Case(tuple(violations[:3]), counts)


def main() -> None:
    scratch = Path(sys.argv[1])
    template = scratch / "template.db"
    made = Work(scratch / "made", random.Random(0))  # noqa: S311 - the same each time
    (scratch / "made").mkdir()
    made.enrol()
    made.close()
    (scratch / "made" / NAME).rename(template)
    for number, line in enumerate(sys.stdin):
        sys.stdout.write(_forked(scratch / str(number), template, Plan(**json.loads(line))) + "\n")
        sys.stdout.flush()


def _forked(folder: Path, template: Path, plan: Plan) -> str:
    answer, question = os.pipe()
    folder.mkdir()
    child = os.fork()
    if child == 0:
        os.close(answer)
        with contextlib.suppress(BaseException):
            os.write(question, json.dumps(asdict(_found(folder, template, plan))).encode())
        os._exit(0)
    os.close(question)
    with os.fdopen(answer) as end:
        told = end.read()
    os.waitpid(child, 0)
    shutil.rmtree(folder)
    return told or json.dumps(asdict(Found(0, 0, "the program died")))


def _found(folder: Path, template: Path, plan: Plan) -> Found:
    try:
        return Clumsy(folder, template, plan).run()
    except BaseException as error:  # noqa: BLE001 - whatever leaves the store is the finding
        Shim().disarm(folder)
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Found(0, 0, f"{type(error).__name__}: {error} ({where.name}:{where.lineno})")


if __name__ == "__main__":
    main()
