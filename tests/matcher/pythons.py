"""Every Python we promise, as far as it is here, and a program that tells what each decides.

The program imports nothing but ours and the standard library: it runs on a bare Python.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from matcher.files.disk import read_default_rules, write_pieces
from matcher.files.problem import Stage
from matcher.inventing.country import invented_places
from matcher.inventing.generate import Kind, generate_pieces, shape_of

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13")
PROGRAM = """
import sys
from importlib import resources
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from matcher.checking.check import check
from matcher.deciding.solve import decide
from matcher.files.effective import under_rules
from matcher.files.problem import parse_problem
from matcher.files.refusal import RefusedFileError
from matcher.files.rulebook import parse_rules

folder = resources.files("matcher.rules")
names = ("national-default-1", "refill-rounds-1", "language-phase-1", "rings-first-1")
rules = [parse_rules(folder.joinpath(f"{name}.json").read_bytes(), name) for name in names]
data = Path(sys.argv[2]).read_bytes()
problem = parse_problem(data, "problem")
for each in rules:
    solution = decide(under_rules(problem, each, each.name))
    print(solution.placement.identity(), solution.placement.trace)
    print(check(under_rules(problem, each, each.name), solution.placement))
bad = data.replace(b'"lot":1', b'"lot":-1').replace(b'true', b'1.5')
bad = bad.replace(b'"tie":[', b'"tie":[0,')
for text in (bad, bad[:-9], b"[" * 10**6, bad.replace(b"T0000", b'\\\\ud800')):
    try:
        parse_problem(text, "bad")
    except RefusedFileError as refused:
        print(refused.count, refused)
"""


def command(version):
    """How to start a Python of that version here, or None."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return [sys.executable], {}
    found = shutil.which(f"python{version}")
    # One that other versions hide behind is named by this variable.
    for extra in ({}, {"PYENV_VERSION": version}) if found else ():
        environment = {**os.environ, **extra}
        tried = subprocess.run([found, "-c", ""], env=environment, capture_output=True, check=False)
        if tried.returncode == 0:
            return [found], extra
    return None


def start(version, hash_seed, problem):
    program, extra = command(version)
    return subprocess.Popen(
        # -S: no packages of anybody; -P and a folder of ours instead of where we are.
        [*program, "-S", "-P", "-c", PROGRAM, str(ROOT), str(problem)],
        cwd="/",
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            **extra,
            "PYTHONHASHSEED": hash_seed,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def write_market(rng: Random, path: Path) -> None:
    """A small season like the real ones."""
    shape = replace(shape_of(Kind.REALISTIC, Stage.ELEMENTARY), teachers=150)
    places = invented_places(rng, Stage.ELEMENTARY)[:500]
    pieces = generate_pieces(rng, Stage.ELEMENTARY, shape, places, read_default_rules())
    write_pieces(path, pieces)


def told(runs: Sequence[tuple[str, str]], problem: Path) -> list[tuple[int | None, str, str]]:
    """What each version under each hash seed says of this market, all of them at once."""
    started = [start(version, hash_seed, problem) for version, hash_seed in runs]
    said = [run.communicate(timeout=300) for run in started]
    return [(run.returncode, *words) for run, words in zip(started, said, strict=True)]
