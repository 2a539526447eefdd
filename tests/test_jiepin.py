"""The one command, run as a person or a script runs it."""

import os
import subprocess
import sys

import pytest

from jiepin import SUBCOMMANDS, explain_missing
from tests.hygiene.tree import ROOT


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "jiepin", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        check=False,
    )


def test_help_names_every_subcommand_with_its_summary():
    done = run("--help")

    assert done.returncode == 0
    for name, subcommand in SUBCOMMANDS.items():
        lines = [line for line in done.stdout.splitlines() if f" {name} " in line]
        assert any(subcommand.summary[:40] in line for line in lines), name


@pytest.mark.parametrize("name", [*SUBCOMMANDS, "completion"])
def test_every_subcommand_explains_itself(name):
    done = run(name, "--help")

    assert done.returncode == 0, done.stderr
    assert f"Usage: jiepin {name}" in done.stdout
    assert "--install-completion" not in done.stdout, "that is what `jiepin completion` is for"


@pytest.mark.parametrize("arguments", [(), ("servr",), ("--nonsense",), ("completion", "csh")])
def test_given_something_it_does_not_know_then_it_is_a_usage_error(arguments):
    done = run(*arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_mistyped_subcommand_is_answered_with_the_nearest():
    done = run("servr")

    assert "'server'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "missing", "install"),
    [
        (["kiosk", "--plain"], "textual.app", '"jiepin[kiosk]"'),
        (["server", "run"], "aiohttp", '"jiepin[server]"'),
        (["server", "run"], "psycopg", '"jiepin[postgresql]"'),
        (["match", "solve"], "msgspec", '"jiepin"'),
    ],
)
def test_given_a_role_that_is_not_installed_then_one_sentence_says_what_to_install(
    arguments, missing, install
):
    error = ModuleNotFoundError(f"No module named {missing!r}", name=missing)

    sentence = explain_missing(error, arguments)

    assert sentence is not None
    assert sentence.endswith(f"pip install {install}")
    assert f"needs {missing.partition('.')[0]}," in sentence


@pytest.mark.parametrize("missing", ["kiosk.nothing", "tkinter", None])
def test_given_a_fault_of_our_own_then_no_sentence_hides_it(missing):
    assert explain_missing(ModuleNotFoundError("gone", name=missing), ["kiosk"]) is None
