"""``jiepin match solve``: one or many, by other rules, by other mechanisms, and stopped midway."""

import json
import os
import pty
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard

from matcher.checking.check import check
from matcher.commands.mechanisms import Wanted, decide_by
from matcher.commands.terminal import (
    FAILED,
    INTERRUPTED,
    REFUSED,
    TERMINATED,
)
from matcher.deciding.solve import solve
from matcher.files.canon import encode
from matcher.files.disk import read_placement, read_problem
from matcher.files.output import OutputError, write_together
from matcher.files.placement import Mechanism
from matcher.files.problem import problem_from_document
from matcher.files.reader import FAULTS_AT_MOST
from matcher.telling.running import RUNNING
from matcher.telling.text import Language
from tests.matcher.calling import invoke
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy_phase
from tests.matcher.markets import vacancy as seat

ROOT = Path(__file__).parents[2]
USAGE = 2
NOBODY = 65534
MARKET = problem(
    [school("S1"), school("S2"), school("S3")],
    [
        teacher("T1", "S1", "S2", points={"13": 3500}, tie=[5, 1]),
        teacher("T2", "S2", "S1", points={"13": 3100}, tie=[4, 2]),
        teacher("T3", "S2", "S3", "S1", points={"13": 3000}, tie=[3, 3]),
    ],
    vacancies=[seat("S3")],
    rules=rules(vacancy_phase(), ring_phase(2, 2, "swap"), tie=("older", "service")),
)
OTHER = MARKET | {"season": "116", "vacancies": []}


def call(*arguments, stdin=None):
    return invoke(*arguments, input=stdin)


def solved(document):
    return solve(problem_from_document(document, "x")).encode()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_bytes(encode(MARKET))
    (tmp_path / "in/b.json.zst").write_bytes(zstandard.compress(encode(OTHER)))
    (tmp_path / "in/bad.json").write_bytes(encode(MARKET | {"stage": "college", "season": ""}))
    return tmp_path


def test_many_problems_are_solved_into_a_folder_by_their_names(folder):
    called = call(
        "solve", folder / "in/a.json", folder / "in/b.json.zst", "--out", folder / "out", "--json"
    )

    told = [json.loads(line) for line in called.stdout.splitlines()]
    assert called.exit_code == 0
    assert names(folder / "out") == ["a.placement.json", "b.placement.json.zst"]
    assert (folder / "out/a.placement.json").read_bytes() == solved(MARKET)
    assert read_placement(folder / "out/b.placement.json.zst").encode() == solved(OTHER)
    assert [(one["file"], one["total"]) for one in told] == [
        (str(folder / "in/a.json"), 3),
        (str(folder / "in/b.json.zst"), 2),
    ]


def test_one_bad_file_does_not_stop_the_others_and_the_worst_code_counts(folder):
    (folder / "traces").mkdir()

    called = call(
        *("solve", folder / "in/bad.json", folder / "in/none.json", folder / "in/a.json"),
        *("--out", folder / "out", "--trace", folder / "traces", "--lang", "en"),
    )

    assert called.exit_code == REFUSED
    assert names(folder / "out") == ["a.placement.json"]
    assert names(folder / "traces") == ["a.trace.jsonl"]
    assert (
        f"{folder}/in/bad.json: $.stage: unknown value 'college' [unknown_value]" in called.stderr
    )
    assert "none.json: $: no such file [no_file]" in called.stderr
    assert "bad.json: $.season" in called.stderr


def test_a_single_problem_goes_into_a_folder_that_is_there(folder):
    assert call("solve", folder / "in/a.json", "-o", folder).exit_code == 0

    assert names(folder) == ["a.placement.json", "in"]


def test_other_rules_are_followed_and_the_problem_they_make_is_written_beside(folder):
    fewer = rules(vacancy_phase(), tie=("service", "older"))
    (folder / "rules.json").write_bytes(encode(fewer))

    called = call(
        "solve", folder / "in/a.json", "-o", folder / "if.json", "--rules", folder / "rules.json"
    )

    made, placement = read_problem(folder / "if.problem.json"), read_placement(folder / "if.json")
    assert called.exit_code == 0
    assert made.rules.document() == fewer
    assert [teacher.tie for teacher in made.teachers] == [(1, 5), (2, 4), (3, 3)]
    assert placement.problem == made.identity()
    assert check(made, placement) == ()
    assert sum(1 for _ in placement.moves()) == 1


def test_rules_that_name_a_number_nobody_has_are_refused(folder):
    (folder / "rules.json").write_bytes(encode(rules(tie=("older", "awards"))))

    called = call(
        "solve", folder / "in/a.json", "-o", folder / "if.json", "--rules", folder / "rules.json"
    )

    assert called.exit_code == REFUSED
    assert f"{folder}/rules.json: $.tie[1]:" in called.stderr
    assert called.stderr.strip().endswith("awards [tie_unknown]")
    assert names(folder) == ["in", "rules.json"]


def test_rules_that_are_refused_stop_everything(folder):
    called = call(
        *("solve", folder / "in/a.json", folder / "in/b.json.zst", "--out", folder / "out"),
        *("--rules", folder / "in/a.json"),
    )

    assert called.exit_code == REFUSED
    assert names(folder) == ["in"]


def test_a_pipe_goes_in_and_out():
    called = invoke("solve", "-", "-o", "-", input=encode(MARKET))
    told = invoke("solve", "-", "-o", "-", "--json", input=encode(MARKET))
    bad = invoke("solve", "-", "-o", "-", input=b"[]")

    assert called.stdout_bytes == told.stdout_bytes == solved(MARKET)
    assert "合計\t3 / 3" in called.stderr
    assert json.loads(told.stderr)["total"] == 3
    assert (bad.exit_code, bad.stdout_bytes) == (REFUSED, b"")
    assert bad.stderr.startswith("-: $: ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("in/a.json", "-o", "in/a.json"), "same_file"),
        (("in/a.json", "-o", "x.json", "--trace", "x.json"), "same_file"),
        (("in/a.json", "-o", "link.json"), "same_file"),
        (("in/a.json", "in/../in/a.json", "-o", "out"), "same_name"),
        (("in/a.json", "in/b.json.zst", "-o", "in/bad.json"), "needs_folder"),
        (("in/a.json", "in/b.json.zst", "-o", "out", "--trace", "in/bad.json"), "needs_folder"),
        (("in/a.json", "in/b.json.zst", "-o", "-"), "needs_folder"),
        (("in/a.json", "-", "-o", "out"), "one_at_a_time"),
        (("-", "-o", "in"), "one_at_a_time"),
    ],
)
def test_outputs_never_meet_inputs_or_one_another(folder, monkeypatch, arguments, sentence):
    monkeypatch.chdir(folder)
    Path("link.json").symlink_to("in/a.json")
    before = {path: path.read_bytes() for path in Path("in").iterdir()}

    called = call("solve", *arguments, "--lang", "en")

    words = getattr(RUNNING[Language.EN], sentence).partition("}")[2].split()[:6]
    assert called.exit_code == USAGE
    assert " ".join(words) in " ".join(called.stderr.replace("│", " ").split())
    assert names(folder) == ["in", "link.json"]
    assert {path: path.read_bytes() for path in Path("in").iterdir()} == before


def test_a_folder_that_cannot_be_made_or_written_fails():
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.json").write_bytes(encode(MARKET))
        (folder / "shut").mkdir()
        (folder / "shut").chmod(0o500)
        me = os.geteuid()
        os.seteuid(me or NOBODY)  # the superuser may write anywhere
        try:
            one = call("solve", folder / "a.json", "-o", folder / "x.json")
            many = call("solve", folder / "a.json", folder / "b.json", "-o", folder / "x")
            unseen = call("solve", folder / "a.json", "-o", folder / "shut/x.json")
        finally:
            os.seteuid(me)
        left = names(folder), names(folder / "shut")

    assert (one.exit_code, many.exit_code, unseen.exit_code) == (FAILED, FAILED, FAILED)
    assert one.stderr == f"{folder}/x.json: Permission denied\n"
    assert many.stderr == f"{folder}/x: Permission denied\n"
    assert unseen.stderr == f"{folder}/shut/x.json: Permission denied\n"
    assert left == (["a.json", "shut"], [])


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("-o", "none/x.json"), "none/x.json: No such file or directory"),
        (("-o", "in/a.json/x.json"), "in/a.json/x.json: Not a directory"),
        (("-o", "away.json"), "away.json: No such file or directory"),
        (("-o", "x.json", "--trace", "none/t.jsonl"), "none/t.jsonl: No such file or directory"),
    ],
)
def test_a_result_without_a_place_is_not_computed_first(folder, monkeypatch, place, told):
    monkeypatch.chdir(folder)
    Path("away.json").symlink_to("none/x.json")

    called = call("solve", "in/bad.json", *place)
    tried = call("solve", "in/a.json", *place, "--dry-run")

    assert (called.exit_code, called.stderr) == (FAILED, f"{told}\n"), "nothing was read"
    assert tried.exit_code == 0
    assert names(folder) == ["away.json", "in"]


def test_what_is_no_ordinary_file_is_never_replaced(folder):
    os.mkfifo(folder / "pipe.json")
    (folder / "round.json").symlink_to(folder / "round.json")

    pipe = call("solve", folder / "in/a.json", "-o", folder / "pipe.json")
    trace = call("solve", folder / "in/a.json", "-o", folder / "x.json", "--trace", folder / "in")
    ring = call("solve", folder / "in/a.json", "-o", folder / "round.json")

    assert (pipe.exit_code, trace.exit_code, ring.exit_code) == (FAILED, FAILED, FAILED)
    assert "round.json" in ring.stderr
    with pytest.raises(OutputError, match=r"round\.json"):
        write_together({folder / "round.json": (b"{}",)})
    assert pipe.stderr.strip() == f"{folder}/pipe.json: not an ordinary file"
    assert (folder / "pipe.json").is_fifo()
    assert not (folder / "x.json").exists()


def test_a_file_whose_place_is_taken_meanwhile_fails_and_leaves_no_other(folder):
    def pieces():
        (folder / "x.json").mkdir()
        yield b"{}"

    with pytest.raises(OutputError, match="Is a directory"):
        write_together({folder / "x.json": pieces(), folder / "y.json": (b"{}",)})

    assert names(folder) == ["in", "x.json"]


def test_a_disk_that_is_full_leaves_neither_placement_nor_trace(folder):
    (folder / "x.json").write_bytes(b"old")
    program = (
        "import resource, sys\n"
        "from matcher.commands.match import app\n"
        "_, most = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))\n"
        "try:\n"
        "    app(sys.argv[1:])\n"
        "finally:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
    )
    arguments = ["solve", "in/a.json", "-o", "x.json", "--trace", "t.jsonl"]

    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (FAILED, "t.jsonl: File too large\n")
    assert names(folder) == ["in", "x.json"]
    assert (folder / "x.json").read_bytes() == b"old"


def test_of_many_faults_the_first_are_told_and_the_rest_counted(folder):
    people = [teacher(f"T{number}", "S1", points={}, lot=1) for number in range(150)]
    (folder / "bad.json").write_bytes(encode(problem([school("S1")], people, rules=rules())))

    zh = call("solve", folder / "bad.json", "-o", folder / "x.json")
    en = call("solve", folder / "bad.json", "-o", folder / "x.json", "--lang", "en")

    assert (zh.exit_code, en.exit_code) == (REFUSED, REFUSED)
    assert len(zh.stderr.splitlines()) == FAULTS_AT_MOST + 1
    assert zh.stderr.splitlines()[-1] == "還有 49 個錯誤沒有列出。"
    assert en.stderr.splitlines()[-1] == "49 more faults are not listed."


def test_commands_run_in_any_thread(folder):
    with ThreadPoolExecutor(1) as pool:
        called = pool.submit(call, "solve", folder / "in/a.json", "-o", folder / "x.json").result()

    assert called.exit_code == 0


def test_a_what_if_mechanism_decides_on_demand_and_says_so(folder):
    called = call(
        "solve", folder / "in/a.json", "-o", folder / "x.json", "--mechanism", "ttc", "--json"
    )

    assert json.loads(called.stdout)["mechanism"] == "ttc"
    assert json.loads(called.stdout)["total"] == 3
    assert read_placement(folder / "x.json").certificate is not None
    assert call("solve", folder / "in/a.json", "-o", folder / "y.json", "--mechanism", "ttc")


@pytest.mark.parametrize("mechanism", Mechanism)
def test_every_mechanism_decides_and_says_who_it_is(mechanism):
    market = problem_from_document(MARKET, "x")

    placement = decide_by(Wanted(mechanism=mechanism), market).placement

    assert placement.mechanism is mechanism
    assert placement.problem == market.identity()


def test_a_mechanism_whose_package_is_missing_says_which_and_the_statutory_one_needs_none(
    folder, monkeypatch
):
    for package in ("highspy", "numpy"):
        monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed

    called = call("solve", folder / "in/a.json", "-o", folder / "x.json", "--mechanism", "maximum")

    assert called.exit_code == FAILED
    assert called.stderr.strip() == RUNNING[Language.ZH].extra_missing
    assert not (folder / "x.json").exists()
    assert call("solve", folder / "in/a.json", "-o", folder / "x.json").exit_code == 0


def started(folder, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "matcher", "solve", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        # A shell starts jobs in the background with Ctrl-C ignored, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        **options,
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)]
)
def test_a_run_that_is_stopped_says_so_and_leaves_nothing(folder, number, code):
    ends = [subprocess.PIPE] * 3
    run = started(folder, "in/a.json", "-", "-o", "x", stdin=ends[0], stderr=ends[2])
    run.communicate(timeout=60)
    assert run.returncode == USAGE, "standard input is for one problem"
    run = started(folder, "-", "-o", "x.json", "--trace", "t.jsonl", stdin=ends[0], stderr=ends[2])
    run.stdin.write(b'{"format":')
    run.stdin.flush()
    wait_until_it_reads(run.pid)

    run.send_signal(number)
    _, told = run.communicate(timeout=60)

    assert (run.returncode, told.decode().strip()) == (code, RUNNING[Language.ZH].interrupted)
    assert names(folder) == ["in"]


def wait_until_it_reads(pid):
    """Until the process sleeps in a read of its standard input, where nothing comes."""
    while True:
        call_now = Path(f"/proc/{pid}/syscall").read_text("ascii").split()
        if call_now[:2] == ["0", "0x0"]:
            return
        os.sched_yield()


def test_a_run_that_is_killed_leaves_a_hidden_file_at_most_and_the_next_one_does_not_mind(folder):
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from matcher.files.output import write_pieces\n"
        "def pieces():\n"
        "    yield b'x' * 2**21\n"
        "    print('half', flush=True)\n"
        "    time.sleep(600)\n"
        "write_pieces(Path('x.json'), pieces())\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    run.stdout.readline()

    run.kill()
    run.communicate()

    left = [name for name in names(folder) if name != "in"]
    assert [name.startswith(".jiepin-") for name in left] == [True]
    assert call("solve", folder / "in/a.json", "-o", folder / "x.json").exit_code == 0
    assert (folder / "x.json").read_bytes() == solved(MARKET)


def test_progress_is_shown_to_whoever_watches_and_to_nobody_else(folder):
    ours, theirs = pty.openpty()
    watched = started(folder, "in/a.json", "-o", "x.json", stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 2**16)
        except OSError:  # the other end is closed
            break
    out, _ = watched.communicate()
    piped = started(
        folder, "in/a.json", "-o", "x.json", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )

    assert "讀取 a.json" in shown.decode()
    assert "媒合 a.json" in shown.decode()
    assert piped.communicate() == (out, b"")
    assert "合計" in out.decode()
    os.close(ours)
