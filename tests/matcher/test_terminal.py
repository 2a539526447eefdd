"""How commands fail, are stopped, and show what they do: the same for all of them."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from matcher.checking.verdict import Finding, Wrong
from matcher.commands.match import app
from matcher.commands.side_by_side import able_to_draw
from matcher.commands.terminal import (
    FAILED,
    INTERRUPTED,
    TERMINATED,
    failures_told,
    progress,
    tell_findings,
)
from matcher.files.canon import encode
from matcher.telling.running import RUNNING
from matcher.telling.text import Language
from tests.matcher.calling import invoke
from tests.matcher.markets import problem, ring_phase, rules, school, teacher

ROOT = Path(__file__).parents[2]
ONE_PERSON = problem(
    [school("S1")], [teacher("T1", "S1", points={})], rules=rules(ring_phase(2, 2))
)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def watching(monkeypatch):
    """An error stream that somebody looks at; set in a test, for pytest sets its own before."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    return sys.stderr


@pytest.mark.parametrize("lang", list(Language))
@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (MemoryError, FAILED, "no_memory"),
        (KeyboardInterrupt, INTERRUPTED, "interrupted"),
    ],
)
def test_why_a_command_ends_early_is_told_on_the_error_stream(capsys, lang, error, code, sentence):
    with pytest.raises(typer.Exit) as left, failures_told(lang):
        raise error

    said = capsys.readouterr()
    assert left.value.exit_code == code
    assert (said.out, said.err) == ("", f"{getattr(RUNNING[lang], sentence)}\n")


def test_whoever_asks_the_process_to_end_is_obeyed_once_and_then_as_before(capsys):
    asked = []
    before = signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    try:
        with pytest.raises(typer.Exit) as left, failures_told(Language.EN):
            signal.raise_signal(signal.SIGTERM)
        during = list(asked)
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)

    assert left.value.exit_code == TERMINATED
    assert capsys.readouterr().err == f"{RUNNING[Language.EN].interrupted}\n"
    assert (during, asked) == ([], [signal.SIGTERM])


def test_of_many_problems_none_is_begun_after_the_run_is_stopped(tmp_path, monkeypatch):
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(encode(ONE_PERSON))

    def stopped(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stopped)
    called = invoke("solve", tmp_path / "a.json", tmp_path / "b.json", "-o", tmp_path / "out")

    assert called.exit_code == INTERRUPTED
    assert (called.stdout, called.stderr) == ("", f"{RUNNING[Language.ZH].interrupted}\n")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("lang", "steps"),
    [
        (Language.ZH, ["讀取 a.json", "媒合 a.json", "寫出 a.json"]),
        (Language.EN, ["reading a.json", "deciding a.json", "writing a.json"]),
    ],
)
def test_whoever_watches_is_told_each_step_of_a_match(tmp_path, monkeypatch, lang, steps):
    watched = watching(monkeypatch)
    (tmp_path / "a.json").write_bytes(encode(ONE_PERSON))

    app(
        ["solve", str(tmp_path / "a.json"), "-o", str(tmp_path / "x.json"), "--lang", lang],
        standalone_mode=False,
    )

    places = [watched.getvalue().find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)


def test_whoever_watches_is_told_that_a_market_is_invented(tmp_path, monkeypatch):
    watched = watching(monkeypatch)
    words = ["generate", "--stage", "kindergarten", "-o", str(tmp_path / "x.json"), "--dry-run"]

    app([*words, "--lang", "en"], standalone_mode=False)

    assert RUNNING[Language.EN].inventing in watched.getvalue()


def test_what_is_going_on_is_drawn_on_a_terminal(monkeypatch):
    watched = watching(monkeypatch)

    with progress("讀取 a.json"):
        pass

    assert "讀取 a.json" in watched.getvalue()


def test_nothing_is_drawn_where_nobody_watches(capsys):
    with progress("讀取 a.json"):
        pass

    assert capsys.readouterr() == ("", "")


def test_what_draws_and_is_not_installed_is_named(capsys):
    with pytest.raises(typer.Exit) as left, able_to_draw():
        raise ModuleNotFoundError(name="altair")

    said = capsys.readouterr()
    assert left.value.exit_code == FAILED
    assert (said.out, said.err) == ("", "altair: pip install 'jiepin[match]'\n")


def test_what_draws_finds_an_empty_input_where_there_was_none():
    kept = os.dup(0)
    os.close(0)
    try:
        with able_to_draw():
            found = os.read(0, 1)
    finally:
        os.dup2(kept, 0)
        os.close(kept)

    assert found == b""


def test_an_input_that_is_there_is_left_to_whoever_reads_it():
    kept = os.dup(0)
    reading, writing = os.pipe()
    os.write(writing, b"x")
    os.dup2(reading, 0)
    try:
        with able_to_draw():
            found = os.read(0, 1)
    finally:
        os.dup2(kept, 0)
        for number in (kept, reading, writing):
            os.close(number)

    assert found == b"x"


@pytest.mark.parametrize(("count", "more"), [(100, []), (101, ["1 more faults are not listed."])])
def test_of_many_findings_the_first_are_told_and_the_rest_counted(capsys, count, more):
    found = [
        Finding(path=f"$.components[{n}]", code=Wrong.OVERSOLD, detail="S1") for n in range(count)
    ]

    tell_findings(tuple(found), Language.EN)

    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert (said.out, len(lines[:100]), lines[100:]) == ("", 100, more)
    assert lines[99].startswith("$.components[99]: ")
    assert lines[99].endswith(" S1 [oversold]")


def printing_to(stream, folder, *words):
    """The command as a process that prints there: its code, and what it says beside."""
    (folder / "one.json").write_bytes(encode(ONE_PERSON))
    ran = subprocess.run(
        [sys.executable, "-m", "matcher", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=stream,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize(
    "words", [("rules",), ("solve", "one.json", "-o", "-"), ("solve", "one.json", "-o", "x.json")]
)
def test_what_goes_to_a_full_disk_is_told_in_a_sentence(tmp_path, words):
    with Path("/dev/full").open("wb") as full:
        told = printing_to(full, tmp_path, *words)

    assert told == (FAILED, "standard output: No space left on device\n")


def test_nothing_is_said_when_nobody_reads_on(tmp_path):
    ours, theirs = os.pipe()
    os.close(ours)

    told = printing_to(theirs, tmp_path, "rules")

    os.close(theirs)
    assert told == (FAILED, "")
