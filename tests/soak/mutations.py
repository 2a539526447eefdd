"""Is every line of the protocol, the merge and the matcher held by a test? Change it and see.

PROTOCOL 4.2 and MATCHING 5. Each change is one of `tests.soak.mutants`, tried by
`tests.soak.nursery`. What runs while modules are loaded is left alone, and so is what runs only in
programs that tests start; the note counts it.

``--share 0.1`` draws a tenth of the mutants of each module by the seed, of a small package more,
and the note says how far the score may be from that of all of them.
"""

import math
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.soak.mutants import Module
from tests.soak.nursery import Job, Verdict
from tests.soak.table import Budget, Row

NAME = "mutations"
ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
PER_CENT = 90
# Of tests for one mutant at most, as long as they take while lines are noted; one that outlives
# them counts as a survivor. All that look at pictures fit: what compares them whole comes last.
SECONDS = 45.0
LEAST = 60  # mutants of a package: what is less says little of the rest
SURE = 1.96  # standard errors, for 95 of 100 draws
CORE = ("core/wire", "core/season")
MATCHER = tuple(
    folder.relative_to(ROOT).as_posix()
    for folder in sorted((ROOT / "matcher").iterdir())
    if any(path.stem != "__init__" for path in folder.glob("*.py"))
)
PACKAGES = (*CORE, *MATCHER)
# These start programs, or judge by what other tests hold, too, and take long.
NO_JUDGES = {"determinism", "documents", "hostile", "rollcall_hash_seeds", "verifier"}
# What judges them; which test judges which line is found out by running them.
TESTS = (
    (
        CORE,
        (
            *("tests/core/wire", "tests/core/season"),
            *("tests/core/test_sealing.py", "tests/core/test_signature.py"),
            *("tests/usb/test_stick.py", "tests/usb/test_wire.py"),
        ),
    ),
    (
        MATCHER,
        tuple(
            path.relative_to(ROOT).as_posix()
            for path in sorted((ROOT / "tests/matcher").glob("test_*.py"))
            if path.stem.removeprefix("test_") not in NO_JUDGES
        ),
    ),
)


class MutationError(RuntimeError):
    """The tests could not be collected, or the process that tries mutants broke down."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A changed line that no test noticed."""

    module: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the mutants of one package; ``share`` of all it has were tried.

    ``unreached`` are of lines that run while modules are loaded, or in programs that tests start.
    ``crashed`` of the survivors ended their process without a test that failed.
    """

    package: str
    killed: int
    survivors: tuple[Survivor, ...]
    equivalent: int
    unreached: int
    share: float
    crashed: int = 0

    @property
    def tried(self) -> int:
        """Mutants that a test could have noticed."""
        return self.killed + len(self.survivors)

    @property
    def per_cent(self) -> int:
        """The score, rounded down."""
        return 100 * self.killed // max(1, self.tried)

    @property
    def error(self) -> float:
        """Per cent by which the score of all of them may differ, in 95 of 100 draws.

        With two more killed and two more alive (Agresti and Coull): of a small draw that was
        killed to the last, the rest may be otherwise.
        """
        tried = self.tried + 4
        rate = (self.killed + 2) / tried
        left = max(0.0, 1 - self.share)
        return 100 * SURE * math.sqrt(rate * (1 - rate) * left / tried)


def run(budget: Budget) -> tuple[Row, ...]:
    """One row per package."""
    known = equivalents()
    rows: list[Row] = []
    for packages, tests in TESTS:
        began = time.monotonic()
        shares = {package: share_of(modules([package]), budget.share) for package in packages}
        chosen = {each: shares[package] for package in packages for each in modules([package])}
        verdicts = mutate(chosen, tests, budget)
        seconds = time.monotonic() - began
        outcomes = tuple(outcomes_of(shares, verdicts, known))
        for outcome in outcomes:
            for each in outcome.survivors:
                sys.stderr.write(f"survived: {each.module}\n  - {each.was}\n  + {each.becomes}\n")
        tried = max(1, sum(outcome.tried for outcome in outcomes))
        rows += [_row(outcome, seconds * outcome.tried / tried) for outcome in outcomes]
    return tuple(rows)


def _row(outcome: Outcome, seconds: float) -> Row:
    needed = math.ceil(outcome.tried * PER_CENT / 100)
    drawn = f"; ± {outcome.error:.1f}" if outcome.share < 1 else ""
    crashed = f", {outcome.crashed} crashed" if outcome.crashed else ""
    return Row(
        what=f"mutants of {outcome.package} killed, %",
        wanted=PER_CENT,
        done=outcome.per_cent,
        violations=max(0, needed - outcome.killed),
        seconds=seconds,
        note=f"{outcome.killed:,} of {outcome.tried:,}{drawn}; {outcome.equivalent} equivalent, "
        f"{outcome.unreached} not reached in this process{crashed}",
    )


def equivalents() -> Counter[Survivor]:
    """The changes that change nothing, each with its reason in the file."""
    rows = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
    return Counter(
        {
            Survivor(row["module"], row["was"], becomes): row.get("times", 1)
            for row in rows
            for becomes in each_of(row["becomes"])
            if row["reason"]
        }
    )


def each_of(texts: str | list[str]) -> list[str]:
    """One text, or several of one line."""
    return [texts] if isinstance(texts, str) else texts


def modules(packages: Iterable[str]) -> tuple[str, ...]:
    """Every module of these packages that has anything in it."""
    return tuple(
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in sorted((ROOT / package).glob("*.py"))
        if path.stem != "__init__"
    )


def share_of(package: Iterable[str], share: float) -> float:
    """The share that is asked for, or more where these modules would offer fewer than `LEAST`."""
    offered = sum(len(Module((ROOT / each).read_text("utf-8"))) for each in package)
    return min(1.0, max(share, LEAST / max(1, offered)))


def mutate(
    chosen: Mapping[str, float], tests: tuple[str, ...], budget: Budget
) -> tuple[Verdict, ...]:
    """Try the mutants that are drawn of these modules, of each the share that is named.

    Raises:
        MutationError: Not all of them were tried.
    """
    job = Job(
        tests=tests,
        modules=dict(chosen),
        seed=budget.seed,
        processes=budget.processes,
        seconds=SECONDS,
    )
    with TemporaryDirectory(prefix="mutations-") as name:
        folder = Path(name)
        asked, found, log = folder / "job", folder / "found", folder / "log"
        asked.write_bytes(msgspec.json.encode(job))
        found.touch()
        with log.open("wb") as said:
            ended = subprocess.run(
                [sys.executable, "-m", "tests.soak.nursery", str(asked), str(found)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=said,
                check=False,
            )
        if ended.returncode != 0:
            raise MutationError(f"{ended.returncode}\n{log.read_text('utf-8', 'replace')[-3000:]}")
        return tuple(
            msgspec.json.decode(line, type=Verdict) for line in found.read_bytes().splitlines()
        )


def outcomes_of(
    shares: Mapping[str, float], verdicts: Iterable[Verdict], known: Counter[Survivor]
) -> Iterator[Outcome]:
    """The score of each package, by its share; what cannot be put in place is no mutant."""
    killed: Counter[str] = Counter()
    equivalent: Counter[str] = Counter()
    unreached: Counter[str] = Counter()
    crashed: Counter[str] = Counter()
    survivors: defaultdict[str, list[Survivor]] = defaultdict(list)
    left = Counter(known)
    for each in verdicts:
        package = each.module.rpartition("/")[0]
        survivor = Survivor(each.module, each.was, each.becomes)
        match each.became:
            case "killed" | "endless":
                killed[package] += 1
            case "survived" | "crashed" if left[survivor] > 0:
                left[survivor] -= 1
                equivalent[package] += 1
            case "unreached":
                unreached[package] += 1
            case "survived" | "crashed":
                survivors[package].append(survivor)
                crashed[package] += each.became == "crashed"
    for package, share in shares.items():
        yield Outcome(
            package=package,
            killed=killed[package],
            survivors=tuple(survivors[package]),
            equivalent=equivalent[package],
            unreached=unreached[package],
            share=share,
            crashed=crashed[package],
        )
