"""The same bytes from every Python we promise, under every hash seed, alone or side by side.

The program below imports nothing but ours and the standard library: it runs on a bare Python.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

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


@pytest.mark.parametrize(
    "version",
    [
        pytest.param(
            version,
            marks=pytest.mark.skipif(command(version) is None, reason=f"needs Python {version}"),
        )
        for version in VERSIONS
    ],
)
def test_every_python_gives_the_same_bytes_under_every_hash_seed(version, tmp_path):
    rng = Random(115)  # noqa: S311  # a market is no secret
    shape = replace(shape_of(Kind.REALISTIC, Stage.ELEMENTARY), teachers=150)
    places = invented_places(rng, Stage.ELEMENTARY)[:500]
    pieces = generate_pieces(rng, Stage.ELEMENTARY, shape, places, read_default_rules())
    problem = tmp_path / "problem.json"
    write_pieces(problem, pieces)
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    versions = ((here, "0"), (version, "1"), (version, "4711"))
    runs = [start(each, hash_seed, problem) for each, hash_seed in versions]

    told = [run.communicate(timeout=300) for run in runs]

    assert [(run.returncode, errors) for run, (_, errors) in zip(runs, told, strict=True)] == [
        (0, "")
    ] * 3
    assert len({said for said, _ in told}) == 1
    assert told[0][0].count("()") == 4, "every result is proved"
    assert told[0][0].count("bad: $.teachers[0].tie: tie_length") == 3
