"""Whatever file a command reads: one that is refused is named, in the language asked for."""

import shutil

import pytest

from matcher.commands.terminal import REFUSED
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
