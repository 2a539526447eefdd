"""Whatever file a command reads: one that is refused is named, in the language asked for."""

import shutil

import pytest

from matcher.commands.terminal import FAILED, REFUSED
from matcher.files.canon import encode
from matcher.rollcall.hall import hall_of
from matcher.rollcall.log import first_line
from tests.matcher import halls
from tests.matcher.calling import invoke
from tests.matcher.markets import problem, ring_phase, rules, school, teacher

MARKET = problem(
    [school("S1"), school("S2")],
    [
        teacher("T1", "S1", "S2", points={"13": 3500}),
        teacher("T2", "S2", "S1", points={"13": 3100}),
    ],
    rules=rules(ring_phase(2, 2, "swap")),
)
REGISTER = halls.register([halls.seats("S0")], [halls.applicant("A1", "S1")])
NAMES = {"format": "jiepin-names/1", "schools": {}, "subjects": {}}
SOLVED = "@problem @placement"
CALLED = "@register @log"
READING = [
    ("solve @problem -o @out", "@problem"),
    ("solve @problem -o @out --rules @rules", "@rules"),
    (f"check {SOLVED}", SOLVED),
    (f"explain {SOLVED} T1", SOLVED),
    (f"explain-all {SOLVED}", SOLVED),
    (f"anonymise {SOLVED} --out @out", SOLVED),
    (f"compare {SOLVED} --names @names", f"{SOLVED} @names"),
    (f"plot {SOLVED} --names @names --out @out", f"{SOLVED} @names"),
    ("generate --stage kindergarten -o @out --rules @rules", "@rules"),
    ("generate --stage kindergarten -o @out --schools @schools", "@schools"),
    ("rules @rules", "@rules"),
    (f"cascade {SOLVED} --failed @case --check @fall", f"{SOLVED} @case @fall"),
    ("lots commit @ids --secret @secret -o @out", "@ids"),
    ("lots reveal @promise --secret @secret --taking-part @ids -o @out", "@promise @ids"),
    ("lots check @promise @lots", "@promise @lots"),
    ("rollcall new @register @out", "@register"),
    ("rollcall call @register @begun A1 keep", "@register"),
    ("rollcall undo @register @log --reason x", "@register"),
    ("rollcall show @register @log", "@register"),
    ("rollcall check @register @log", "@register"),
    (f"rollcall result {CALLED} -o @out", "@register"),
    (
        f"rollcall cascade {CALLED} --failed @called-case --check @called-fall",
        "@register @called-case @called-fall",
    ),
]
ROLLS = [words for words, _ in READING if words.startswith("rollcall")]
READ = [(words, file) for words, files in READING for file in files.split()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What every command reads, right."""
    folder = tmp_path_factory.mktemp("whole")
    hall = hall_of(halls.read(REGISTER))
    written = {
        "problem": encode(MARKET),
        "rules": encode(rules(ring_phase(2, 2, "swap"))),
        "names": encode(NAMES),
        "schools": "代碼\n134605\n144601\n".encode(),
        "ids": b"A\nB\n",
        "secret": b"0" * 64,
        "register": encode(REGISTER),
        "begun": first_line(hall),
        "log": first_line(hall),
    }
    for name, data in written.items():
        (folder / name).write_bytes(data)
    for words in (
        "solve @problem -o @placement",
        "lots commit @ids --secret @secret -o @promise",
        "lots reveal @promise --secret @secret -o @lots",
        f"rollcall call {CALLED} A1 keep",
    ):
        assert call(folder, words).exit_code == 0, words
    for name, told, words in (
        ("", f"check {SOLVED} --json", f"cascade {SOLVED}"),
        ("called-", f"rollcall result {CALLED}", f"rollcall cascade {CALLED}"),
    ):
        of = "sha256:" + call(folder, told).stdout.partition("sha256:")[2][:64]
        case = {"format": "jiepin-failures/1", "placement": of, "failed": []}
        (folder / f"{name}case").write_bytes(encode(case))
        assert call(folder, f"{words} --failed @{name}case -o @{name}fall").exit_code == 0
    return folder


def call(folder, words):
    """The command; what begins with ``@`` is a file of the folder."""
    return invoke(*(folder / word[1:] if word.startswith("@") else word for word in words.split()))


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "files")


@pytest.mark.parametrize("words", [words for words, _ in READING])
def test_right_files_are_taken(folder, words):
    assert call(folder, words).exit_code == 0


@pytest.mark.parametrize(("words", "file"), READ)
def test_a_file_that_is_refused_is_named_in_the_language_asked_for(folder, words, file):
    path = folder / file.removeprefix("@")
    path.write_bytes(b"\xff")

    zh, en = call(folder, words), call(folder, f"{words} --lang en")

    assert (zh.exit_code, en.exit_code) == (REFUSED, REFUSED)
    assert zh.stderr.startswith(f"{path}: $: 不是 UTF-8 文字")
    assert en.stderr.startswith(f"{path}: $: not UTF-8 text")
    assert (zh.stdout, en.stdout) == ("", "")
    assert not (folder / "out").exists()


@pytest.mark.parametrize("words", ROLLS)
def test_a_register_its_county_forbids_is_told_with_the_place_in_it(folder, words):
    person = halls.applicant("A1", "S1", ("X", "half"))
    (folder / "register").write_bytes(encode(halls.register([], [person])))

    zh, en = call(folder, words), call(folder, f"{words} --lang en")

    place = f"{folder}/register: $.applicants[0].applications[0]: "
    assert (zh.exit_code, en.exit_code) == (REFUSED, REFUSED)
    assert zh.stderr == f"{place}應聘科別才是應聘，其他科別是非應聘：half [wrong_footing]\n"
    assert en.stderr.startswith(place)
    assert en.stderr.isascii()
    assert (zh.stdout, en.stdout) == ("", "")
    assert not (folder / "out").exists()


@pytest.mark.parametrize("words", [words for words in ROLLS if "new" not in words])
def test_a_log_of_another_register_is_told_and_left_as_it_is(folder, words):
    other = first_line(hall_of(halls.read({**REGISTER, "season": "114"})))
    for name in ("log", "begun"):
        (folder / name).write_bytes(other)

    zh, en = call(folder, words), call(folder, f"{words} --lang en")

    code = FAILED if "check @register" in words else REFUSED
    assert (zh.exit_code, en.exit_code) == (code, code)
    assert zh.stderr == "第 1 行：不是這份名冊的紀錄 [other_register]\n"
    assert en.stderr.endswith("[other_register]\n")
    assert en.stderr.isascii()
    assert (zh.stdout, en.stdout) == ("", "")
    assert (folder / "log").read_bytes() == (folder / "begun").read_bytes() == other


@pytest.mark.parametrize(
    "words",
    [
        "solve @problem -o @none/x",
        f"cascade {SOLVED} --failed @case -o @none/x",
        "generate --stage kindergarten -o @none/x",
        "lots commit @ids --secret @secret -o @none/x",
        "lots commit @ids --new-secret @none/x -o @out",
        "lots reveal @promise --secret @secret -o @none/x",
        "rollcall settings changhua-113 -o @none/x",
        "rollcall new @register @none/x",
        f"rollcall result {CALLED} -o @none/x",
        f"rollcall cascade {CALLED} --failed @called-case -o @none/x",
    ],
)
def test_a_file_that_cannot_be_written_is_named(folder, words):
    called = call(folder, words)

    assert (called.exit_code, called.stdout) == (FAILED, "")
    assert called.stderr == f"{folder}/none/x: No such file or directory\n"
    assert not (folder / "out").exists()


def test_a_secret_is_kept_even_from_whoever_takes_the_name_of_a_file_for_it(folder):
    called = call(folder, "lots commit @ids --new-secret @secret -o @out")

    assert (called.exit_code, called.stderr) == (FAILED, f"{folder}/secret: File exists\n")
    assert (folder / "secret").read_bytes() == b"0" * 64


def test_a_secret_is_looked_for_in_no_more_than_its_file_can_hold(folder):
    (folder / "secret").write_bytes(b" " * 1000 + b"0" * 64)

    called = call(folder, "lots commit @ids -o @out --secret @secret --lang en")

    assert called.exit_code == REFUSED
    assert called.stderr.startswith(f"{folder}/secret: $: file too big")
