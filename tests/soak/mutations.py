"""Is every line of the protocol, the merge and the matcher held by a test? Change it and see.

PROTOCOL 4.2 and MATCHING 5.

mutmut works in a copy, so that nothing of it stays here. It changes what stands in functions;
decorated ones (properties) and tables of constants it leaves alone.
"""

import json
import math
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.table import Budget, Row

NAME = "mutations"
MATCHER = (
    *("matcher/aftermath", "matcher/checking", "matcher/deciding", "matcher/files"),
    *("matcher/lots", "matcher/rollcall", "matcher/telling", "matcher/whatif"),
)
PACKAGES = ("core/wire", "core/season", *MATCHER)
PER_CENT = 90
ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
COPIED = (
    "core",
    "docs",
    "matcher",
    "tests/matcher",
    *("tests/core", "tests/fakes", "tests/fuzz", "tests/simulation", "tests/soak", "tests/usb"),
)
TESTS = ["tests/core/wire", "tests/core/season", "tests/core/test_signature.py"]
# Of the matcher: what is about the package and starts no process, which would not know the mutant.
TESTS_OF: dict[str, tuple[str, ...]] = {
    "matcher/aftermath": ("cascade", "rollcall_result"),
    "matcher/checking": ("check", "check_greedy", "check_neighbours", "check_trade", "corruptions"),
    "matcher/deciding": (
        *("bits", "brute_force", "explain", "literature", "properties", "rings", "trace"),
        "whatif_ttc",
    ),
    "matcher/files": (
        *("cascade", "check_files", "faults", "files", "reading", "refusals", "rules"),
    ),
    "matcher/lots": ("lots",),
    "matcher/rollcall": (
        "rollcall_counties",
        "rollcall_files",
        "rollcall_log",
        "rollcall_result",
        "rollcall_rules",
    ),
    "matcher/telling": ("anonymise", "compare", "explain", "explain_truth", "plots"),
    "matcher/whatif": ("literature", "whatif_blocks", "whatif_exact", "whatif_generation"),
}
TESTS_OF_CERTIFICATES = (
    *("check_prices", "whatif_blocks", "whatif_exact", "whatif_generation", "whatif_ttc"),
)
# Tests that are about a module and not named like it.
ALSO: dict[str, tuple[str, ...]] = {
    "answer": ("exchange", "exchange_details"),
    "batch": ("bombs", "turned_bytes"),
    "chain": ("rotation",),
    "checkpoint": ("inclusion",),
    "client": ("exchange",),
    "exchange": ("exchange_details",),
    "event": ("turned_bytes",),
    "standing": ("exchange", "exchange_details"),
    "stick": ("stick",),
    "usb": ("wire",),
}
MUTMUT = (sys.executable, "-m", "mutmut")
# Exit codes of a mutant's tests as mutmut keeps them: failed, broken off, too long, crashed.
KILLED = {1, 3, 24, 36, 152, 255, -24, -11, -9}
CONFTEST = """
from hypothesis import HealthCheck, settings
import pytest

settings.register_profile(
    "mutants", deadline=None, max_examples=25, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutants")


@pytest.fixture
def seed():
    return {seed}
"""
CONFIG = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:xdist"]
pythonpath = ["."]
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"

[tool.mutmut]
source_paths = ["core", "matcher"]
only_mutate = {modules}
also_copy = ["docs"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
track_dependencies = false
"""


class MutationError(RuntimeError):
    """mutmut did not get as far as trying mutants."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A changed line that no test noticed."""

    module: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the mutants of one package."""

    package: str
    killed: int
    survivors: tuple[Survivor, ...]
    equivalent: int

    @property
    def tried(self) -> int:
        """Mutants that a test could have noticed."""
        return self.killed + len(self.survivors)

    @property
    def per_cent(self) -> int:
        """The score, rounded down."""
        return 100 * self.killed // max(1, self.tried)


def run(budget: Budget) -> tuple[Row, ...]:
    """One row per package; a smaller share mutates fewer modules, drawn by the seed."""
    began = time.monotonic()
    outcomes = mutate(_modules(budget), budget)
    seconds = time.monotonic() - began
    for outcome in outcomes:
        for each in outcome.survivors:
            sys.stderr.write(f"survived: {each.module}\n  - {each.was}\n  + {each.becomes}\n")
    tried = max(1, sum(outcome.tried for outcome in outcomes))
    return tuple(_row(outcome, seconds * outcome.tried / tried) for outcome in outcomes)


def _row(outcome: Outcome, seconds: float) -> Row:
    needed = math.ceil(outcome.tried * PER_CENT / 100)
    return Row(
        what=f"mutants of {outcome.package} killed, %",
        wanted=PER_CENT,
        done=outcome.per_cent,
        violations=max(0, needed - outcome.killed),
        seconds=seconds,
        note=f"{outcome.killed:,} of {outcome.tried:,}; {outcome.equivalent} equivalent",
    )


def equivalents() -> Counter[Survivor]:
    """The changes that change nothing, each with its reason in the file."""
    rows = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
    return Counter(
        {
            Survivor(row["module"], row["was"], row["becomes"]): row.get("times", 1)
            for row in rows
            if row["reason"]
        }
    )


def mutate(modules: Iterable[str], budget: Budget) -> tuple[Outcome, ...]:
    """Try every mutant of these modules.

    First against the tests of its own module, which is quick; what is left, against all tests.
    """
    chosen = sorted(modules)
    with ThreadPoolExecutor(budget.processes) as pool:
        tried = dict(zip(chosen, pool.map(lambda each: _alone(each, budget), chosen), strict=True))
    left = [name for codes in tried.values() for name, code in codes.items() if code not in KILLED]
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        if left:
            _prepare(copy, chosen, _every_test(chosen), budget.seed)
            for module, codes in _tried(copy, chosen, budget.processes, left).items():
                tried[module] |= {name: code for name, code in codes.items() if code is not None}
        return tuple(
            _outcome(copy, package, found)
            for package in PACKAGES
            if (found := {each: tried[each] for each in chosen if each.startswith(package)})
        )


def _alone(module: str, budget: Budget) -> dict[str, int | None]:
    """Exit codes by mutant of one module under its own tests; all survive when it has none."""
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        _prepare(copy, [module], own_tests(module) or TESTS, budget.seed)
        return _tried(copy, [module], 1, [])[module]


def _every_test(modules: Iterable[str]) -> list[str]:
    """What may notice a change in one of these modules."""
    ours = {test for module in modules for test in _of_matcher(module)}
    has_others = any(not _of_matcher(module) for module in modules)
    return [*(TESTS if has_others else ()), *sorted(ours)]


def _of_matcher(module: str) -> list[str]:
    package, stem = Path(module).parent.as_posix(), Path(module).stem
    names = TESTS_OF_CERTIFICATES if stem.startswith("certif") else TESTS_OF.get(package, ())
    return [f"tests/matcher/test_{name}.py" for name in names]


def own_tests(module: str) -> list[str]:
    """The test files that are named like a module, and those that are about it by another name."""
    if of_matcher := _of_matcher(module):
        return of_matcher
    package, stem = Path(module).parent.name, Path(module).stem
    names = [stem, *ALSO.get(stem, ())]
    found = (
        path for name in names for path in (ROOT / "tests").glob(f"*/{package}/test_{name}.py")
    )
    return sorted(
        {path.relative_to(ROOT).as_posix() for path in found}
        | {
            each
            for name in names
            for each in [f"tests/usb/test_{name}.py"]
            if (ROOT / each).exists()
        }
    )


def _tried(
    copy: Path, modules: Iterable[str], processes: int, names: list[str]
) -> dict[str, dict[str, int | None]]:
    """Run mutmut over all mutants, or those of ``names``; a mutant without a test has survived."""
    with (copy / "log").open("wb") as log:
        ended = subprocess.run(
            [*MUTMUT, "run", "--max-children", str(processes), *names],
            cwd=copy,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    codes: dict[str, dict[str, int | None]] = {}
    for module in modules:
        meta = copy / "mutants" / f"{module}.meta"
        found = json.loads(meta.read_text("utf-8")) if meta.exists() else {"exit_code_by_key": {}}
        codes[module] = found["exit_code_by_key"]
    asked = set(names) or {name for each in codes.values() for name in each}
    missed = [name for each in codes.values() for name in asked & each.keys() if each[name] is None]
    if missed:
        said = (copy / "log").read_text("utf-8", "replace")[-3000:]
        raise MutationError(f"{ended.returncode}, {len(missed)} not tried\n{said}")
    return codes


def _modules(budget: Budget) -> list[str]:
    found = sorted(
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).glob("*.py")
        if path.stem != "__init__"
    )
    chance = random.Random(f"{NAME}/{budget.seed}")  # noqa: S311 - has to be replayed
    return chance.sample(found, min(len(found), budget.of(len(found))))


def _prepare(copy: Path, modules: list[str], tests: list[str], seed: int) -> None:
    for name in COPIED:
        source, target = ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, target)
    (copy / "tests/conftest.py").write_text(CONFTEST.format(seed=seed), encoding="utf-8")
    config = CONFIG.format(modules=json.dumps(modules), tests=json.dumps(tests))
    (copy / "pyproject.toml").write_text(config, encoding="utf-8")


def _outcome(copy: Path, package: str, tried: dict[str, dict[str, int | None]]) -> Outcome:
    known = equivalents()
    killed, equivalent = 0, 0
    survivors: list[Survivor] = []
    for module, codes in tried.items():
        for name, code in codes.items():
            if code in KILLED:
                killed += 1
                continue
            survivor = _shown(copy, module, name)
            if known[survivor] > 0:
                known[survivor] -= 1
                equivalent += 1
            else:
                survivors.append(survivor)
    return Outcome(
        package=package, killed=killed, survivors=tuple(survivors), equivalent=equivalent
    )


def _shown(copy: Path, module: str, name: str) -> Survivor:
    """The change as one line taken out and one put in, without spaces at the ends."""
    shown = subprocess.run(
        [*MUTMUT, "show", name],
        cwd=copy,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sides = {
        sign: " ".join(
            line.strip() for line in re.findall(rf"^\{sign}(?!\{sign})(.*)$", shown, re.MULTILINE)
        )
        for sign in ("-", "+")
    }
    return Survivor(module, sides["-"], sides["+"])
