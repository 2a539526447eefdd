"""What a finished roll call came to, and what falls with those who do not come."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.aftermath.cascade import Cascade, cascade
from matcher.files.canon import encode, identity
from matcher.rollcall.hall import hall_of
from matcher.rollcall.log import Replay, first_line, next_line, replay
from matcher.rollcall.result import result_of
from matcher.rollcall.text import TEXTS
from matcher.telling.text import Language
from tests.matcher import halls
from tests.matcher.calling import invoke
from tests.matcher.falls import by_the_law, case, support
from tests.matcher.halls import Roll, applicant, part, played, read, register, said, seats

RNG = st.randoms(use_true_random=False)


def log_of(document, wanted, calls=100):
    """The log of a roll in which each waits until she is offered what she wants; calls at most."""
    roll = Roll(document)
    data = first_line(roll.hall)
    while roll.now is not None and len(data.splitlines()) <= calls:
        lines = data.splitlines()
        word = wanted.get(roll.now)
        word = word if word in roll.choices() else "keep"
        call = said(roll.now, word)
        data += next_line(roll.hall, roll.session, call, len(lines), identity(lines[-1]))
        roll.say(word)
    return data


def result(document, wanted, calls=100):
    hall = hall_of(read(document))
    return result_of(hall, replay(hall, log_of(document, wanted, calls)))


def spoken(document, answers):
    """The result of a roll answered with these words, one after another."""
    roll = Roll(document).say(*answers)
    log = Replay(session=roll.session, head="sha256:0", lines=1, size=1, fault=None)
    return result_of(roll.hall, log)


def told(found):
    """Each line as who follows whom, by kind and part."""
    return [(line.kind, line.part, [move.teacher for move in line.moves]) for line in found]


def line_up(*names):
    """People whose homes are S1, S2 …, the first of them called first."""
    return [applicant(name, f"S{n}", points=100 - n) for n, name in enumerate(names, start=1)]


THREE = register([seats("S0")], line_up("A1", "A2", "A3"))
SWAP = register(
    [seats("S0")],
    [
        applicant("A1", "S1", points=9, exchange={"school": "S2", "township": "鄉0"}),
        applicant("A2", "S2", points=8, exchange={"school": "S1", "township": "鄉1"}),
        applicant("A3", "S3", points=7),
    ],
)


def test_who_takes_a_seat_that_was_left_depends_on_who_left_it():
    found = result(THREE, {"A1": "S0", "A2": "S1", "A3": "S2"})

    assert told(found.components) == [("chain", "county", ["A1", "A2", "A3"])]
    document = found.components[0].document()
    assert (document["kind"], document["part"]) == ("chain", "county")
    assert document["moves"][1] == {
        "teacher": "A2",
        "from": ["S2", "X"],
        "to": ["S1", "X"],
    }


def test_seats_that_were_opened_are_taken_before_those_left_behind():
    document = register(
        [seats("S0"), seats("S1")], [*line_up("A1", "A2", "A3"), applicant("A4", "S4", points=1)]
    )

    found = result(document, {"A1": "S0", "A2": "S1", "A3": "S1"})

    assert told(found.components) == [
        ("chain", "county", ["A1", "A3"]),
        ("chain", "county", ["A2"]),
    ]


def test_of_two_seats_left_at_one_position_the_one_left_first_is_taken_first():
    people = [
        applicant("A1", "S1", points=9),
        applicant("A2", "S1", points=8),
        applicant("A3", "S3", points=7),
        applicant("A4", "S4", points=6),
    ]
    document = register([seats("S0", count=2)], people)

    found = result(document, {"A1": "S0", "A2": "S0", "A3": "S1", "A4": "S1"})

    assert told(found.components) == [
        ("chain", "county", ["A1", "A3"]),
        ("chain", "county", ["A2", "A4"]),
    ]


def test_what_goes_onward_is_what_has_been_open_longest():
    rules = halls.settings(part("first"), part("county"))
    late = {"parts": ["county"]}
    people = [
        applicant("A1", "S1", points=9, parts=["first"]),
        applicant("A2", "S1", points=8, parts=["first"]),
        applicant("A3", "S3", points=7, **late),
        applicant("A4", "S4", points=6, **late),
    ]
    rows = [seats("S0", count=2, opens="first"), seats("S1", opens="first", onward=1)]
    document = register(rows, people, settings=rules)

    found = result(document, {"A1": "S0", "A2": "S0", "A3": "S1", "A4": "S1"})

    assert told(found.components) == [
        ("chain", "first", ["A1"]),
        ("chain", "first", ["A2"]),
        ("chain", "county", ["A3"]),
    ]


def test_a_seat_left_in_an_earlier_part_can_be_taken_in_the_next():
    rules = halls.settings(part("first"), part("county"))
    people = [
        applicant("A1", "S1", points=9, parts=["first"]),
        applicant("A2", "S2", points=8, parts=["first"]),
        applicant("A3", "S3", points=7, parts=["county"]),
        applicant("A4", "S4", points=6, parts=["county"]),
    ]
    rows = [seats("S0", opens="first"), seats("S1", opens="first", onward=1), seats("S4", count=0)]
    document = register(rows, people, settings=rules)

    found = result(document, {"A1": "S0", "A2": "S1", "A3": "S1", "A4": "S3"})

    assert told(found.components) == [
        ("chain", "first", ["A1", "A3", "A4"]),
        ("chain", "first", ["A2"]),
    ]


def test_two_who_change_places_are_a_ring():
    found = result(SWAP, {"A3": "S0"})

    assert told(found.components) == [
        ("chain", "county", ["A3"]),
        ("ring", "county", ["A1", "A2"]),
    ]
    one, other = found.components[1].moves
    assert (one.origin, one.destination) == (other.destination, other.origin)


def test_a_county_without_exchange_has_no_rings():
    rules = halls.settings(exchange=None)

    found = result(register([seats("S0")], line_up("A1"), settings=rules), {"A1": "S0"})

    assert told(found.components) == [("chain", "county", ["A1"])]


def test_a_roll_that_is_not_over_has_no_result():
    assert result(THREE, {"A1": "S0"}, calls=1) is None


def test_the_result_names_its_register_and_the_last_line_of_its_log():
    log = log_of(SWAP, {"A3": "S0"})

    found = result(SWAP, {"A3": "S0"})

    assert found.document()["format"] == "jiepin-rollcall-result/1"
    assert found.rollcall == read(SWAP).identity()
    assert found.log == identity(log.splitlines()[-1])
    assert found.encode() == encode(found.document())
    assert found.identity() == identity(found.encode())


@settings(max_examples=60, deadline=None)
@given(RNG)
def test_whose_seat_everybody_took_equals_the_rule_read_as_loops(rng):
    whose = {}
    document, (_, took, _), answers = played(rng, whose)

    found = spoken(document, answers)

    follows = support(found)
    assert follows == whose
    assert {move.teacher for line in found.components for move in line.moves} == set(took)


@settings(max_examples=40, deadline=None)
@given(RNG)
def test_what_falls_after_a_roll_call_is_what_the_law_says(rng):
    document, _, answers = played(rng)
    found = spoken(document, answers)
    names = sorted(support(found))
    failed = [name for name in names if rng.random() < 0.3]
    opened = [name for name in failed if rng.random() < 0.4]

    answer = cascade(found, case(found, *failed, opened=opened))

    assert isinstance(answer, Cascade)
    standing = by_the_law(found, failed, opened, rng)
    assert {move.teacher for move in answer.stand} == standing
    assert {voided.move.teacher for voided in answer.void} == set(names) - standing


def call(*arguments):
    return invoke("rollcall", *arguments)


@pytest.fixture
def files(tmp_path):
    """A register and the log of its roll: a chain of two, and an exchange."""
    people = [*SWAP["applicants"], applicant("A4", "S4", points=6)]
    document = {**SWAP, "applicants": people}
    (tmp_path / "register.json").write_bytes(encode(document))
    (tmp_path / "log.jsonl").write_bytes(log_of(document, {"A3": "S0", "A4": "S3"}))
    return tmp_path / "register.json", tmp_path / "log.jsonl"


def test_the_command_tells_the_lines_in_both_languages_and_writes_the_file(files, tmp_path):
    zh = call("result", *files, "-o", tmp_path / "result.json")
    en, reported = call("result", *files, "--lang", "en"), call("result", *files, "--json")

    document = json.loads(reported.stdout)
    assert (tmp_path / "result.json").read_bytes() == encode(document)
    name = identity(encode(document))
    assert zh.stdout.splitlines() == [
        "缺額 S0（X） ← A3 S3（X） ← A4 S4（X）",
        "互調：A1 S1（X） ↔ A2 S2（X）",
        name,
    ]
    assert en.stdout.splitlines() == [
        "Seat S0 (X) ← A3 S3 (X) ← A4 S4 (X)",
        "Exchange: A1 S1 (X) ↔ A2 S2 (X)",
        name,
    ]


def test_the_command_tells_what_falls(files):
    alone = call("cascade", *files, "--failed", "A3,A1")
    saved = call("cascade", *files, "--failed", "A3", "--extra-seat", "A3", "--lang", "en")
    one = call("cascade", *files, "--failed", "A3", "--teacher", "A4")

    assert alone.stdout.splitlines() == [
        "A3 未報到，留在原校 S3（X）。",
        "A4 介聘失效，留在原校 S4（X）：S3（X） 的缺由 A3 留任，起因是 A3（往前第 1 位）。",
        "A1 未報到，留在原校 S1（X）。",
        "A2 介聘失效，留在原校 S2（X）：S1（X） 的缺由 A1 留任，起因是 A1（往前第 1 位）。",
        "S0（X） 空出 1 缺，不自動重新媒合。",
        "其餘 0 人的介聘維持有效。",
    ]
    assert saved.stdout.splitlines()[-1] == "The moves of the other 3 stand."
    assert [line.split()[0] for line in one.stdout.splitlines()] == ["A3", "A4"]


def test_the_answer_is_about_the_identity_of_the_result(files):
    answer = json.loads(call("cascade", *files, "--failed", "A3", "--json").stdout)

    named = call("result", *files).stdout.splitlines()[-1]
    assert (answer["format"], answer["placement"]) == ("jiepin-cascade/1", named)
    assert answer["stand"] == ["A1", "A2"]


def test_a_roll_that_is_not_over_is_refused(files, tmp_path):
    begun = b"".join(files[1].read_bytes().splitlines(keepends=True)[:3])
    (tmp_path / "begun.jsonl").write_bytes(begun)

    shown = call("result", files[0], tmp_path / "begun.jsonl")
    fallen = call("cascade", files[0], tmp_path / "begun.jsonl", "--failed", "A1", "--lang", "en")

    assert shown.exit_code == fallen.exit_code == 3
    assert shown.stderr.strip() == f"{TEXTS[Language.ZH].not_over} [not_over]"
    assert fallen.stderr.strip() == f"{TEXTS[Language.EN].not_over} [not_over]"


def test_a_log_that_is_wrong_has_no_result(files):
    files[1].write_bytes(files[1].read_bytes().replace(b'"A3"', b'"A4"', 1))

    assert call("result", *files).exit_code == 3
    assert call("cascade", *files, "--failed", "A3").exit_code == 3
    assert call("result", *files, "--lang", "en").stderr.isascii()


def test_a_register_its_county_forbids_is_told_in_the_language_asked_for(files):
    document = json.loads(files[0].read_bytes())
    forbidden = {**document, "seats": [{**document["seats"][0], "subject": "guidance"}]}
    files[0].write_bytes(encode(forbidden))

    zh, en = call("result", *files), call("result", *files, "--lang", "en")

    assert (zh.exit_code, en.exit_code) == (3, 3)
    assert en.stderr
    assert en.stderr != zh.stderr


def test_one_who_did_not_move_cannot_fail(files):
    stranger = call("cascade", *files, "--failed", "A9")

    assert (stranger.exit_code, stranger.stderr.strip()) == (
        3,
        "這位教師沒有達成介聘：A9 [did_not_move]",
    )


def test_a_published_answer_is_held_against_the_files(files, tmp_path):
    path = tmp_path / "fall.json"
    assert call("cascade", *files, "--failed", "A3", "-o", path).exit_code == 0
    answer = json.loads(path.read_bytes())

    right = call("cascade", *files, "--failed", "A3", "--check", path)
    other = call("cascade", *files, "--failed", "A1", "--check", path, "--lang", "en")
    path.write_text(json.dumps({**answer, "stand": [], "more": 1}, indent=1), encoding="utf-8")
    wrong = call("cascade", *files, "--failed", "A3", "--check", path, "--json")

    assert (right.exit_code, other.exit_code, wrong.exit_code) == (0, 1, 1)
    assert right.stdout.strip() == "檢核通過：公布的內容就是這份名單的結果。"
    assert [line.split(": ")[1] for line in other.stderr.splitlines()] == [
        f"$.{key}" for key in ("case", "failed", "free", "stand", "void")
    ]
    assert json.loads(wrong.stdout) == {"ok": False, "differ": ["more", "stand"]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", 1),
        ('["free"]', 1),
        ('{"void":[],"void":[]}', 3),
        ('{"free":[{"count":1.0}]}', 3),
        ("no file of ours", 3),
    ],
)
def test_what_is_no_answer_is_not_accepted(files, tmp_path, text, code):
    (tmp_path / "odd.json").write_text(text, encoding="utf-8")

    assert (
        call("cascade", *files, "--failed", "A3", "--check", tmp_path / "odd.json").exit_code
        == code
    )


def test_one_and_true_are_not_the_same(files, tmp_path):
    answer = json.loads(call("cascade", *files, "--failed", "A3", "--json").stdout)
    answer["free"][0]["count"] = True
    (tmp_path / "fall.json").write_bytes(encode(answer))

    told = call("cascade", *files, "--failed", "A3", "--check", tmp_path / "fall.json", "--json")

    assert json.loads(told.stdout) == {"ok": False, "differ": ["free"]}


def test_programs_are_told_the_lines_of_a_result(files):
    told = json.loads(call("result", *files, "--json").stdout)

    assert told["components"]
    assert all(line["moves"] for line in told["components"])
