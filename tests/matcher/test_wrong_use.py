"""Wrong use is told with what was wrong about it, and nothing is read or written."""

from pathlib import Path

import pytest
import typer
from typer._completion_classes import BashComplete

from matcher.commands.match import app
from tests.matcher.calling import invoke

USAGE = 2
FILES = ["a", "b", "c", "index.json"]
MAXIMUM, FAILING = "--mechanism maximum", "--mechanism failure_aware --failing"
SEVERAL = ": a：有好幾個問題檔時，輸出要是一個目錄。"
OVER = "輸出不能蓋掉輸入，也不能寫成同一個檔案。"
ONE = ": 標準輸入和標準輸出（-）一次只能用於一個問題檔。"
NO_CHANCE, OUTSIDE = "is no chance, such as 1/20 or 0.05", "is not from 0 to below 1"
LOT = " for TEACHER: give her ID or her --lot"
EITHER = " for --secret / --new-secret: give one of them"
SCHOOL = " for --school: goes with pick, and only with it"
MATCHED = "a.placement.json：兩個問題檔會得到同一個輸出檔名。"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("solve a -o x --longest 5", " for --longest: means nothing to statutory"),
        ("solve a -o x --mechanism ttc --taste ranks", " for --taste: means nothing to ttc"),
        (f"solve a -o x {MAXIMUM} --failing 1/20", " for --failing: means nothing to maximum"),
        (f"solve a -o x {FAILING} often", f" for --failing: often {NO_CHANCE}"),
        (f"solve a -o x {FAILING} 1/0", f" for --failing: 1/0 {NO_CHANCE}"),
        (f"solve a -o x {FAILING} 1e-999999999", f" for --failing: 1e-999999999 {NO_CHANCE}"),
        (f"solve a -o x {FAILING} 1", f" for --failing: 1 {OUTSIDE}"),
        (f"solve a -o x {FAILING} -0.1", f" for --failing: -0.1 {OUTSIDE}"),
        (
            f"solve a -o x {FAILING} 1/465",
            " for --failing: 1/465 is too fine for 3 moves in a line",
        ),
        (
            f"solve a -o x {FAILING} 1/101 --longest 4",
            " for --failing: 1/101 is too fine for 4 moves in a line",
        ),
        ("solve a -o a", f": a：{OVER}"),
        ("solve a -o x --trace x", f": x：{OVER}"),
        ("solve a -o a --lang en", ": a: an output may be neither an input nor another output."),
        ("solve a a -o x", f": x/{MATCHED}"),
        ("solve b c -o a", SEVERAL),
        ("solve b c -o x --trace a", SEVERAL),
        ("solve b c -o -", SEVERAL.replace("a", "-")),
        ("solve a - -o x", ONE),
        ("solve - -o folder", ONE),
        (
            "solve a -o x --mechanism ttc --rules r --trace x.problem.json",
            f": x.problem.json：{OVER}",
        ),
        ("solve a -o b --rules b", f": b：{OVER}"),
        ("anonymise folder/problem.json b --out folder", f": folder/problem.json：{OVER}"),
        ("anonymise a folder/placement.json --out folder", f": folder/placement.json：{OVER}"),
        (
            "anonymise a b --trace folder/trace.jsonl --out folder",
            f": folder/trace.jsonl：{OVER}",
        ),
        ("compare a b c --report c", f": c：{OVER}"),
        ("compare a b --names c --report c", f": c：{OVER}"),
        ("plot a b --names index.json --out .", f": index.json：{OVER}"),
        ("generate --schools a --schools b -o b", f": b：{OVER}"),
        ("generate --rules a -o ./a", f": a：{OVER}"),
        ("cascade a b --failed T1 -o a", f": a：{OVER}"),
        ("cascade a b --failed T1 -o b", f": b：{OVER}"),
        ("cascade a b --failed c -o c", f": c：{OVER}"),
        ("cascade a b --failed T1 --check c -o c", f": c：{OVER}"),
        ("rollcall result a b -o a", f": a：{OVER}"),
        ("rollcall result a b -o b", f": b：{OVER}"),
        ("rollcall cascade a b --failed A1 -o a", f": a：{OVER}"),
        ("rollcall cascade a b --failed A1 -o b", f": b：{OVER}"),
        ("rollcall cascade a b --failed c -o c", f": c：{OVER}"),
        ("rollcall cascade a b --failed A1 --check c -o c", f": c：{OVER}"),
        ("lots commit a --new-secret x -o x", f": x：{OVER}"),
        ("lots commit a --new-secret x -o a", f": a：{OVER}"),
        ("lots commit a --secret b -o b", f": b：{OVER}"),
        ("lots reveal a --secret b -o a", f": a：{OVER}"),
        ("lots reveal a --secret b -o b", f": b：{OVER}"),
        ("lots reveal a --secret b --taking-part c -o c", f": c：{OVER}"),
        ("explain a b", LOT),
        ("explain a b T1 --lot 3", LOT),
        ("lots commit a -o x", EITHER),
        (
            "lots commit a -o x --secret - --new-secret s",
            EITHER,
        ),
        ("rollcall call a b A1 pick", SCHOOL),
        ("rollcall call a b A1 keep --school S1", SCHOOL),
        ("rollcall call a b A1 keep --school ", SCHOOL),
    ],
)
def test_what_was_wrong_is_said(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        Path(name).write_text(name)
    Path("folder").mkdir()

    called = invoke(*words.split(" "))

    assert (called.exit_code, called.stdout) == (USAGE, "")
    assert called.stderr.splitlines()[-1] == f"Error: Invalid value{told}"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*FILES, "folder"])
    assert [Path(name).read_text() for name in FILES] == FILES
    assert list(Path("folder").iterdir()) == []


def test_a_secret_has_to_be_given_to_draw(tmp_path):
    (tmp_path / "promise").write_text("")

    called = invoke("lots", "reveal", tmp_path / "promise", "-o", tmp_path / "x")

    assert called.exit_code == USAGE
    assert called.stderr.splitlines()[-1] == "Error: Missing option '--secret'."


def test_completing_behind_a_subcommand_that_is_none_offers_nothing():
    shell = BashComplete(typer.main.get_command(app), {}, "jiepin match", "_JIEPIN_MATCH_COMPLETE")

    assert "--seed" in [found.value for found in shell.get_completions(["generate"], "--")]
    assert "--seed" not in [found.value for found in shell.get_completions(["draw"], "--")]
