"""From file to file, as the server and people call it."""

import gc
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.checking.verdict import Wrong
from matcher.commands.match import PARTS, app
from matcher.commands.terminal import FAILED, REFUSED, uncollected
from matcher.files.canon import encode
from matcher.files.refusal import FaultCode
from matcher.telling.text import TEXTS, Language
from matcher.telling.wording import FAULTS_EN, FAULTS_ZH, WRONG_EN, WRONG_ZH
from tests.matcher.calling import invoke
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy_phase
from tests.matcher.markets import vacancy as seat

USAGE = 2
ROOT = Path(__file__).parents[2]
MARKET = problem(
    [school("S1"), school("S2"), school("S3")],
    [
        teacher("T1", "S1", "S2", points={"13": 3500}),
        teacher("T2", "S2", "S1", points={"13": 3100}),
        teacher("T3", "S2", "S3", "S1", points={"13": 3000}),
    ],
    vacancies=[seat("S3")],
    rules=rules(vacancy_phase(), ring_phase(2, 2, "swap")),
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "problem.json").write_bytes(encode(MARKET))
    assert call("solve", tmp_path / "problem.json", "-o", tmp_path / "placement.json").ok
    return tmp_path


class Called:
    def __init__(self, result):
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr
        self.ok = self.code == 0

    def json(self):
        return json.loads(self.out)


def call(*arguments):
    return Called(invoke(*arguments))


def both(folder):
    return folder / "problem.json", folder / "placement.json"


def test_solve_writes_placement_and_trace_and_says_who_moved(tmp_path):
    (tmp_path / "p.json").write_bytes(encode(MARKET))

    called = call(
        "solve", tmp_path / "p.json", "-o", tmp_path / "r.json", "--trace", tmp_path / "t.jsonl"
    )

    assert called.ok
    assert "單調\t1" in called.out
    assert "互調\t2" in called.out
    assert "合計\t3 / 3" in called.out
    lines = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == [
        "started",
        "phase_opened",
        "seats_offered",
        "moved",
        "phase_closed",
        "phase_opened",
        "ring_closed",
        "phase_closed",
    ]


def test_solve_reports_as_json_and_packs_by_name(folder):
    called = call("solve", both(folder)[0], "-o", folder / "packed.json.zst", "--json")

    assert called.json()["moved"] == {"single": 1, "swap": 2}
    assert called.json()["total"] == 3
    assert call("check", both(folder)[0], folder / "packed.json.zst").ok


def test_a_dry_run_writes_nothing(folder):
    assert call("solve", both(folder)[0], "-o", folder / "other.json", "--dry-run").ok
    assert call("generate", "-o", folder / "g.json", "--stage", "kindergarten", "--dry-run").ok

    assert not (folder / "other.json").exists()
    assert not (folder / "g.json").exists()


def test_check_accepts_what_solve_wrote(folder):
    called = call("check", *both(folder))
    reported = call("check", *both(folder), "--json")

    assert (called.code, called.out.strip()) == (0, TEXTS[Language.ZH].accepted)
    assert reported.json()["ok"]
    assert reported.json()["findings"] == []


def test_check_fails_on_a_changed_placement_and_names_what_is_wrong(folder):
    _, placement = both(folder)
    document = json.loads(placement.read_bytes())
    document["components"].pop()
    placement.write_bytes(encode(document))

    called = call("check", *both(folder), "--lang", "en")
    reported = call("check", *both(folder), "--json")
    explained = call("explain", *both(folder), "T1")
    all_explained = call("explain-all", *both(folder))

    assert called.code == reported.code == explained.code == all_explained.code == FAILED
    assert "a possible ring is missing T1 [ring_missed]" in called.err
    assert [finding["code"] for finding in reported.json()["findings"]] == ["ring_missed"]
    assert "漏了一個可以成立的環" in explained.err


def test_explain_answers_in_both_languages_and_as_json(folder):
    zh = call("explain", *both(folder), "T3")
    en = call("explain", *both(folder), "T2", "--lang", "en")
    told = call("explain", *both(folder), "T3", "--json")

    assert zh.out.splitlines()[0] == "單調達成：S3（general），第 1 志願。"
    assert en.out.splitlines()[0] == "Moved by swaps: S1 (general), wish 1."
    assert told.json()["moved"]["wish"] == 1
    assert told.json()["format"] == "jiepin-explanation/1"


def test_explain_says_once_that_she_had_moved_and_what_staying_means(tmp_path):
    document = problem(
        [school("S1"), school("S2"), school("S3"), school("S4")],
        [
            teacher("T1", "S1", "S2", "S3", "S4", points={"13": 3500}),
            teacher("T2", "S2", "S1", points={"13": 3000}),
        ],
        vacancies=[seat("S4")],
        rules=rules(vacancy_phase(), ring_phase(2, 2, "swap")),
    )
    (tmp_path / "problem.json").write_bytes(encode(document))
    call("solve", tmp_path / "problem.json", "-o", tmp_path / "placement.json")

    moved = call("explain", *both(tmp_path), "T1")
    stays = {lang: call("explain", *both(tmp_path), "T2", "--lang", lang).out for lang in Language}

    assert moved.out.splitlines() == [
        "單調達成：S4（general），第 3 志願。",
        "第 1 志願 S2（general） 35.0 分：未達成。",
        "  單調：這個學校和科別沒有開出缺額。",
        "  單調：已經達成，不再參加後面的階段。",
        "第 2 志願 S3（general） 35.0 分：未達成。",
        "  單調：這個學校和科別沒有開出缺額。",
        "第 3 志願 S4（general） 35.0 分：達成。",
    ]
    assert stays[Language.ZH].startswith("未達成介聘，留任原校。")
    assert stays[Language.EN].startswith("No move: she keeps her seat.")


def test_explain_of_a_stranger_fails(folder):
    called = call("explain", *both(folder), "T9")

    assert (called.code, called.err.strip()) == (FAILED, TEXTS[Language.ZH].nobody)


def test_explain_all_tells_everybody_in_one_line_of_json_each(folder):
    called = call("explain-all", *both(folder))

    told = [json.loads(line) for line in called.out.splitlines()]
    assert [one["teacher"] for one in told] == ["T1", "T2", "T3"]
    for one in told:
        alone = call("explain", *both(folder), one["teacher"])
        assert one["lines"] == alone.out.splitlines()


def test_compare_puts_placements_side_by_side(folder):
    document = MARKET | {"rules": rules(vacancy_phase())}
    (folder / "other.json").write_bytes(encode(document))
    call("solve", folder / "other.json", "-o", folder / "fewer.json")
    files = (both(folder)[0], both(folder)[1], folder / "fewer.json")

    called, told = call("compare", *files), call("compare", *files, "--json")

    assert "達成 3：單調 1、互調 2" in called.out
    assert "達成 1：單調 1" in called.out
    assert f"T1\t1 / -\t{files[1]}" in called.out
    assert [entry["total"] for entry in told.json()["placements"]] == [3, 1]


@pytest.mark.parametrize("words", [("compare",), ("plot", "--out", "pictures")])
@pytest.mark.parametrize("lang", list(Language))
def test_a_placement_of_other_people_is_not_put_beside_a_problem(folder, words, lang):
    people = [teacher("T8", "S1", "S2", points={"13": 1}), teacher("T9", "S2", points={})]
    other = problem(MARKET["schools"], people, vacancies=[seat("S2")], rules=rules(vacancy_phase()))
    (folder / "other.json").write_bytes(encode(other))
    strange = folder / "strange.json"
    call("solve", folder / "other.json", "-o", strange)

    called = call(*words, both(folder)[0], strange, "--lang", lang)

    assert (called.code, called.out) == (REFUSED, "")
    assert called.err == f"{strange}: {TEXTS[lang].nobody} T8\n"


@pytest.mark.parametrize("command", ["solve", "check", "explain", "compare"])
def test_a_refused_file_is_named_with_path_and_reason(folder, command):
    bad = folder / "bad.json"
    bad.write_bytes(encode(MARKET | {"stage": "college"}))
    rest = {
        "solve": ["-o", folder / "x.json"],
        "check": [folder / "placement.json"],
        "explain": [folder / "placement.json", "T1"],
        "compare": [folder / "placement.json"],
    }

    called = call(command, bad, *rest[command])

    assert called.code == REFUSED
    assert called.err.strip() == f"{bad}: $.stage: 不認得這個值 'college' [unknown_value]"
    assert not (folder / "x.json").exists()


def test_a_refusal_is_told_in_english_on_demand(folder):
    bad = folder / "bad.json"
    bad.write_bytes(b"[]")

    called = call("check", bad, both(folder)[1], "--lang", "en")

    assert called.err.strip() == f"{bad}: $: should be an object [] [not_an_object]"


@pytest.mark.parametrize("table", [FAULTS_ZH, FAULTS_EN])
def test_every_refusal_has_its_words(table):
    assert set(table) == set(FaultCode)


@pytest.mark.parametrize("table", [WRONG_ZH, WRONG_EN])
def test_every_finding_has_its_words(table):
    assert set(table) == set(Wrong)


def test_a_place_that_cannot_be_written_fails(folder):
    called = call("solve", both(folder)[0], "-o", folder / "nowhere" / "x.json")

    assert called.code == FAILED
    assert "nowhere" in called.err


@pytest.mark.parametrize(
    "arguments",
    [("solve",), ("solve", "none.json"), ("draw",), ("generate", "--seed", "-1")],
)
def test_wrong_use_is_told_as_such(arguments):
    assert call(*arguments).code == USAGE


def test_generate_takes_lists_of_schools_and_a_rule_file(tmp_path):
    (tmp_path / "schools.csv").write_text("代碼\n134605\n144601\n194601\n")
    (tmp_path / "rules.json").write_bytes(encode(rules(ring_phase(2, 2, "swap"))))
    target = tmp_path / "p.json"

    called = call(
        *("generate", "--stage", "kindergarten", "--schools", tmp_path / "schools.csv"),
        *("--rules", tmp_path / "rules.json", "-o", target),
    )

    document = json.loads(target.read_bytes())
    assert called.ok
    assert call("solve", target, "-o", tmp_path / "placement.json").ok
    assert document["rules"]["name"] == "test"
    assert [entry["county"] for entry in document["schools"]] == ["13", "14", "06"]


ALL = ["solve", "check", "explain", "explain-all", "anonymise", "compare", "plot", "generate"]
ALL += ["cascade", "rules"]


@pytest.mark.parametrize("command", ALL)
def test_help_shows_examples_before_options(command):
    text = call(command, "--help").out

    assert 0 < text.index(f"jiepin match {command} ") < text.index("Options:")
    assert "--install-completion" not in text


def test_importing_the_module_runs_nothing():
    assert importlib.import_module("matcher.__main__").app is app


def test_the_module_is_the_command_and_gives_the_same_bytes_under_every_hash_seed(folder):
    source, _ = both(folder)
    results = set()
    for seed in ("0", "1", "4711"):
        out, trace = folder / f"{seed}.json", folder / f"{seed}.jsonl"
        subprocess.run(
            [sys.executable, "-m", "matcher", "solve", source, "-o", out, "--trace", trace],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Chatham", "LC_ALL": "C"},
            check=True,
            capture_output=True,
        )
        results.add((out.read_bytes(), trace.read_bytes()))

    assert len(results) == 1
    assert results.pop()[0] == (folder / "placement.json").read_bytes()


def test_only_the_module_that_is_called_is_loaded():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys\nfrom matcher.commands.match import app\n"
                "try:\n    app(['rules'])\nexcept SystemExit:\n    pass\n"
                "print(sorted(n for n in sys.modules if n.startswith('matcher.commands.')))"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = done.stdout.splitlines()[-1]
    assert "'matcher.commands.rules'" in loaded
    assert "solve" not in loaded
    assert "compare" not in loaded


def test_to_decide_only_what_is_needed_is_loaded():
    """A match of a second has none to lose with starting."""
    needless = (
        *("pydantic", "rich.console", "numpy", "highspy", "altair", "asyncio", "core.domain.place"),
        *("matcher.telling.explain", "matcher.telling.replay", "matcher.whatif.highs"),
        *("matcher.checking.check", "matcher.inventing.generate"),
    )
    program = (
        "import sys\nfrom matcher.commands.match import app\n"
        "try:\n    app(['solve', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(*sorted(sys.modules))"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    loaded = set(told.stdout.splitlines()[-1].split())
    assert "matcher.deciding.solve" in loaded
    assert loaded.isdisjoint(needless)


def test_every_subcommand_leads_to_a_command_of_its_name():
    for name in PARTS:
        told = invoke(name, "--help")

        assert told.exit_code == 0, name
        assert f"{name} [OPTIONS]" in told.stdout


@pytest.mark.parametrize("was_on", [True, False])
def test_memory_is_searched_for_circles_again_as_before(was_on):
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        with uncollected():
            assert not gc.isenabled()

        assert gc.isenabled() is was_on
    finally:
        (gc.enable if before else gc.disable)()


def certificate(folder, *options):
    target = folder / "if.json"
    assert call("solve", both(folder)[0], "-o", target, *options).ok
    assert call("check", both(folder)[0], target).ok
    return json.loads(target.read_bytes())["certificate"]


def test_what_if_mechanisms_take_what_can_be_asked_of_them(folder):
    most = ("--mechanism", "maximum")
    expected = ("--mechanism", "failure_aware")

    usual = certificate(folder, *most)
    by_points = certificate(folder, *most, "--longest", "2", "--taste", "points")
    rare = certificate(folder, *expected, "--longest", "4", "--failing", ".01")

    assert (usual["longest"], usual["goals"][1]["goal"]) == (3, "wishes")
    assert (by_points["longest"], by_points["goals"][1]["goal"]) == (2, "points")
    assert (rare["longest"], rare["failing"], rare["scale"]) == (4, [1, 100], 100**4)


@pytest.mark.parametrize(
    "options",
    [
        ("--longest", "5"),
        ("--mechanism", "ttc", "--taste", "ranks"),
        ("--mechanism", "maximum", "--failing", "1/20"),
        ("--mechanism", "maximum", "--longest", "1"),
        ("--mechanism", "maximum", "--longest", "21"),
        ("--mechanism", "failure_aware", "--failing", "1"),
        ("--mechanism", "failure_aware", "--failing", "-0.1"),
        ("--mechanism", "failure_aware", "--failing", "1/0"),
        ("--mechanism", "failure_aware", "--failing", "often"),
        ("--mechanism", "failure_aware", "--failing", "1/1000", "--longest", "4"),
    ],
)
def test_what_cannot_be_asked_of_a_mechanism_is_wrong_use(folder, options):
    target = folder / "if.json"

    assert call("solve", both(folder)[0], "-o", target, *options).code == USAGE
    assert not target.exists()


def test_a_mechanism_that_cannot_be_asked_so_is_named_with_what_was_asked(folder):
    called = call("solve", both(folder)[0], "-o", folder / "if.json", "--longest", "5")

    assert "--longest" in called.err
    assert "statutory" in called.err


def test_programs_are_told_of_a_run_and_of_a_check_under_these_keys(folder):
    problem, placement = both(folder)
    solved = call("solve", problem, "-o", folder / "x.json", "--json").json()
    document = json.loads(placement.read_bytes())
    document["components"].pop()
    placement.write_bytes(encode(document))
    checked = call("check", problem, placement, "--json").json()

    assert {key: solved[key] for key in ("problem", "rules", "trace", "mechanism")} == {
        key: document[key] for key in ("problem", "rules", "trace", "mechanism")
    }
    assert set(solved) == {
        *("file", "mechanism", "moved", "placement", "problem", "rules", "teachers", "total"),
        "trace",
    }
    assert set(checked) == {"ok", "problem", "placement", "mechanism", "findings"}
    assert checked["findings"] == [{"path": "$", "code": "ring_missed", "detail": "T1"}]
