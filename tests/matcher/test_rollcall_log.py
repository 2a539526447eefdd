"""The published log of a roll call, and the command that writes it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.files.canon import encode, identity
from matcher.rollcall.hall import hall_of
from matcher.rollcall.log import LogFault, LogFlaw, first_line, next_line, replay
from matcher.rollcall.objection import Forbidden, Objection
from matcher.rollcall.settings import Footing
from matcher.rollcall.state import LATE, Absent, Decline, Illegal, Keep, Pick, Refused, Undo
from matcher.rollcall.step import opened, step
from matcher.rollcall.text import TEXTS
from matcher.telling.text import Language
from tests.matcher import halls
from tests.matcher.calling import invoke
from tests.matcher.halls import applicant, random_register, read, register, seats

RNG = st.randoms(use_true_random=False)
REGISTER = register(
    [seats("S0"), seats("S4", "Y")],
    [
        applicant("A1", "S1", "X", ("Y", "half"), points=300),
        applicant("A2", "S2", points=200),
        applicant("A3", "S3", points=100, exchange={"school": "S2", "township": "鄉0"}),
        applicant("A4", "S2", points=50, exchange={"school": "S3", "township": "鄉1"}),
    ],
)
HALL = hall_of(read(REGISTER))
SAID = (
    Absent(applicant="A1"),
    Undo(reason="看錯人"),
    Keep(applicant="A1"),
    Pick(applicant="A2", school="S0"),
    Pick(applicant="A1", school="S2"),
    Decline(applicant="A3"),
    Keep(applicant="A4"),
)


def written(hall, calls):
    """The log of legal calls, and the sessions after each line."""
    session, log = opened(hall), first_line(hall)
    sessions = [session]
    for call in calls:
        lines = log.splitlines()
        log += next_line(hall, session, call, len(lines), identity(lines[-1]))
        session = step(hall, session, call)
        assert not isinstance(session, Refused), session
        sessions.append(session)
    return log, sessions


LOG, SESSIONS = written(HALL, SAID)


def fault(data):
    return replay(HALL, data).fault


def drawn(rng):
    """A register, and a legal sequence of calls with steps taken back among them."""
    hall = hall_of(read(random_register(rng)))
    session, calls = opened(hall), []
    for _ in range(rng.randint(0, 30)):
        if session.earlier and rng.random() < 0.25:
            call = Undo(reason=rng.choice(["錯", "a b", "x" * 200]))
        elif session.state.turn is None:
            break
        else:
            name = session.state.turn.queue[0]
            words = [Keep(applicant=name), Decline(applicant=name), Absent(applicant=name)]
            words += 2 * [Pick(applicant=name, school=f"S{n}") for n in range(4)]
            legal = [w for w in words if not isinstance(step(hall, session, w), Refused)]
            call = rng.choice(legal)
        calls.append(call)
        session = step(hall, session, call)
    return hall, calls


@settings(max_examples=30, deadline=None)
@given(RNG)
def test_a_log_replays_to_the_same_session_at_every_line(rng):
    hall, calls = drawn(rng)

    log, sessions = written(hall, calls)

    lines = log.splitlines(keepends=True)
    for number, session in enumerate(sessions, start=1):
        found = replay(hall, b"".join(lines[:number]))
        assert found.fault is None
        assert found.session == session
        assert (found.lines, found.size) == (number, sum(map(len, lines[:number])))
        assert found.head == identity(lines[number - 1].rstrip(b"\n"))


@settings(max_examples=30, deadline=None)
@given(RNG)
def test_no_line_can_be_changed_left_out_swapped_or_put_in(rng):
    """The words of the last line are held by the head alone, which is read out at the end."""
    hall, calls = drawn(rng)
    log, _ = written(hall, calls)
    lines = log.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    byte = rng.randrange(len(log))
    spoilt = [
        log[:byte] + bytes([log[byte] ^ (1 << rng.randrange(8))]) + log[byte + 1 :],
        b"".join(lines[:place] + lines[place + 1 :]) if place + 1 < len(lines) else b"",
        b"".join([*lines[:place], lines[place], *lines[place:]]),
        b"".join(lines[place:] + lines[:place]) if place else log[:-1],
    ]

    whole = replay(hall, log)
    for data in spoilt:
        found = replay(hall, data)
        assert found.fault is not None or (found.lines, found.head != whole.head) == (
            len(lines),
            True,
        )


def test_the_lines_of_a_log_read_as_they_are_documented():
    lines = [json.loads(line) for line in LOG.splitlines()]

    assert lines[0] == {
        "format": "jiepin-rollcall-log/1",
        "n": 0,
        "rollcall": read(REGISTER).identity(),
    }
    assert lines[1] == {
        "n": 1,
        "previous": identity(LOG.splitlines()[0]),
        "call": "absent",
        "applicant": "A1",
        "part": "county",
        "subject": "X",
        "group": "employed",
        "round": 1,
    }
    assert lines[2] == {
        "n": 2,
        "previous": identity(LOG.splitlines()[1]),
        "call": "undo",
        "reason": "看錯人",
        "undoes": 1,
    }
    assert (lines[4]["call"], lines[4]["school"]) == ("pick", "S0")
    assert [line.get("round") for line in lines[3:]] == [1, 1, 2, 3, 3]
    assert [line["call"] for line in lines[5:]] == ["pick", "decline", "keep"]


def test_one_who_was_late_is_logged_as_late():
    log, _ = written(HALL, [Absent(applicant="A1"), *(Keep(applicant=f"A{n}") for n in (2, 3, 4))])
    hall_log, _ = written(
        HALL,
        [
            Absent(applicant="A1"),
            *(Keep(applicant=f"A{n}") for n in (2, 3, 4)),
            Keep(applicant="A1"),
        ],
    )

    assert [json.loads(line).get("group") for line in log.splitlines()[1:]] == 4 * ["employed"]
    assert json.loads(hall_log.splitlines()[-1])["group"] == LATE


def test_each_flaw_of_a_log_is_named_with_its_line():
    lines = LOG.splitlines(keepends=True)
    other = first_line(hall_of(read({**REGISTER, "season": "114"})))
    last = json.loads(lines[7])

    def ending(**changes):
        return b"".join(lines[:7]) + encode({**last, **changes}) + b"\n"

    assert fault(b"") == LogFault(line=1, flaw=LogFlaw.EMPTY)
    assert fault(lines[0][:-1]) == LogFault(line=1, flaw=LogFlaw.EMPTY)
    assert fault(b"\n") == LogFault(line=1, flaw=LogFlaw.OTHER_REGISTER)
    assert fault(other) == LogFault(line=1, flaw=LogFlaw.OTHER_REGISTER)
    assert fault(LOG + b"{}\n") == LogFault(line=9, flaw=LogFlaw.BAD_LINE)
    assert fault(LOG + b"[]\n") == LogFault(line=9, flaw=LogFlaw.BAD_LINE)
    assert fault(LOG + b"[]\n") == LogFault(line=9, flaw=LogFlaw.BAD_LINE)
    assert fault(LOG + b"\xff\n") == LogFault(line=9, flaw=LogFlaw.BAD_LINE)
    assert fault(LOG[:-1]) == LogFault(line=8, flaw=LogFlaw.TORN)
    assert fault(LOG + b"{") == LogFault(line=9, flaw=LogFlaw.TORN)
    assert fault(ending(previous="sha256:0")) == LogFault(line=8, flaw=LogFlaw.NOT_LINKED)
    assert fault(ending(applicant="A1")) == LogFault(
        line=8, flaw=LogFlaw.ILLEGAL_CALL, detail="moved_already"
    )
    assert fault(ending(round=1)) == LogFault(line=8, flaw=LogFlaw.ALTERED)
    assert fault(ending(n=8)) == LogFault(line=8, flaw=LogFlaw.ALTERED)
    assert fault(ending(more=1)) == LogFault(line=8, flaw=LogFlaw.ALTERED)
    assert fault(LOG.replace(b'"n":7', b'"n": 7')) == LogFault(line=8, flaw=LogFlaw.ALTERED)
    assert fault(LOG) is None


def test_what_stands_before_a_fault_is_kept():
    found = replay(HALL, LOG + b"{}\n")

    assert found.session == SESSIONS[-1]
    assert (found.lines, found.size) == (8, len(LOG))
    assert replay(HALL, b"").head == ""


def call(*arguments):
    return invoke("rollcall", *arguments)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "register.json").write_bytes(encode(REGISTER))
    return tmp_path / "register.json", tmp_path / "log.jsonl"


ARGUMENTS = (
    ("call", "A1", "absent"),
    ("undo", "--reason", "看錯人"),
    ("call", "A1", "keep"),
    ("call", "A2", "pick", "--school", "S0"),
    ("call", "A1", "pick", "--school", "S2"),
    ("call", "A3", "decline"),
    ("call", "A4", "keep"),
)


def perform(files, arguments=ARGUMENTS, *more):
    results = [call("new", *files)]
    results += [call(name, *files, *rest, *more) for name, *rest in arguments]
    assert {result.exit_code for result in results} == {0}, results[-1].stderr
    return results


def test_the_command_writes_the_log_line_by_line(files):
    results = perform(files)

    assert files[1].read_bytes() == LOG
    assert results[0].stdout.splitlines() == [
        "現在唱名：A1（X，應聘，第 1 輪）",
        "可選學校：S0",
        "接著：A2、A3、A4",
        identity(LOG.splitlines()[0]),
    ]
    assert results[-1].stdout.splitlines() == [
        "唱名結束。",
        "互調：A3 ↔ A4",
        identity(LOG.splitlines()[-1]),
    ]


def test_show_tells_where_it_stands_in_both_languages(files):
    perform(files, ARGUMENTS[:5])

    zh, en = call("show", *files), call("show", *files, "--lang", "en")

    assert zh.stdout.splitlines() == [
        "現在唱名：A3（X，應聘，第 3 輪）",
        "可選學校：S1",
        "接著：A4",
        identity(LOG.splitlines()[5]),
        "缺額：S1（X） 1",
        "缺額：S4（Y） 1",
        "A2 S2（X）→ S0（X）",
        "A1 S1（X）→ S2（X）",
    ]
    assert en.stdout.splitlines()[0] == "Now: A3 (X, employed, round 3)"


def test_show_tells_programs_everything(files):
    perform(files, ARGUMENTS[:4])

    now = json.loads(call("show", *files, "--json").stdout)
    over = json.loads(perform_rest(files)[-1].stdout)

    assert now["format"] == "jiepin-rollcall-state/1"
    assert now["rollcall"] == read(REGISTER).identity()
    assert now["now"] == {
        "applicant": "A1",
        "part": "county",
        "subject": "X",
        "group": "employed",
        "round": 2,
        "schools": ["S2"],
        "then": ["A3"],
    }
    assert now["open"] == [
        {"school": "S2", "subject": "X", "count": 1},
        {"school": "S4", "subject": "Y", "count": 1},
    ]
    assert now["taken"] == [
        {
            "applicant": "A2",
            "from": ["S2", "X"],
            "to": ["S0", "X"],
            "part": "county",
            "footing": "employed",
            "round": 1,
        }
    ]
    assert now["lines"] == 5
    assert now["swaps"] == []
    assert over["now"] is None
    assert over["swaps"] == [["A3", "A4"]]
    assert over["head"] == identity(LOG.splitlines()[-1])


def test_a_step_taken_back_is_told_to_programs_as_where_it_stands_now(files):
    perform(files, ARGUMENTS[:1])

    told = json.loads(call("undo", *files, "--reason", "x", "--json").stdout)

    assert told == json.loads(call("show", *files, "--json").stdout)
    assert (told["now"]["applicant"], told["lines"]) == ("A1", 3)


def test_three_who_follow_are_named(files):
    people = [applicant(f"A{n}", "S1", points=10 - n) for n in range(1, 7)]
    files[0].write_bytes(encode(register([seats("S0")], people)))

    begun = json.loads(call("new", *files, "--json").stdout)

    assert begun["now"]["applicant"] == "A1"
    assert begun["now"]["then"] == ["A2", "A3", "A4"]


def perform_rest(files):
    return [call(name, *files, *rest, "--json") for name, *rest in ARGUMENTS[4:]]


def test_check_accepts_a_log_and_says_by_what_it_is_known(files):
    perform(files)

    told, reported = call("check", *files, "--lang", "en"), call("check", *files, "--json")

    head = identity(LOG.splitlines()[-1])
    assert call("check", *files).stdout.strip() == TEXTS[Language.ZH].accepted(8, head)
    assert told.stdout.strip() == TEXTS[Language.EN].accepted(8, head)
    assert json.loads(reported.stdout) == {
        "ok": True,
        "finding": None,
        "lines": 8,
        "head": head,
        "over": True,
    }


def test_check_says_where_a_log_stops_being_right(files):
    files[1].write_bytes(LOG.replace(b'"A3"', b'"A4"', 1))

    told, reported = call("check", *files), call("check", *files, "--json")
    shown = call("show", *files)
    said = call("call", *files, "A9", "keep")

    assert told.exit_code == reported.exit_code == 1
    assert told.stderr.strip() == "第 7 行：這一步不合規定 not_called [illegal_call]"
    assert json.loads(reported.stdout)["finding"] == {
        "line": 7,
        "code": "illegal_call",
        "detail": "not_called",
    }
    assert json.loads(reported.stdout)["over"] is False
    assert shown.exit_code == said.exit_code == 3
    assert files[1].read_bytes() == LOG.replace(b'"A3"', b'"A4"', 1)


def test_a_line_cut_short_by_a_crash_is_shown_without_and_removed_by_the_next_call(files):
    perform(files, ARGUMENTS[:3])
    whole = files[1].read_bytes()
    files[1].write_bytes(whole + b'{"applicant":"A2"')

    shown, checked = call("show", *files), call("check", *files)
    said = call("call", *files, "A2", "pick", "--school", "S0")

    assert shown.exit_code == 0
    assert checked.exit_code == 1
    assert "[torn]" in checked.stderr
    assert (said.exit_code, said.stderr.strip()) == (0, TEXTS[Language.ZH].mended)
    assert files[1].read_bytes() == b"".join(LOG.splitlines(keepends=True)[:5])


def test_a_wrong_call_is_refused_with_its_reason_and_leaves_the_log_alone(files):
    perform(files, ())
    before = files[1].read_bytes()

    zh = call("call", *files, "A2", "keep")
    en = call("undo", *files, "--reason", "x", "--lang", "en")

    assert (zh.exit_code, zh.stderr.strip()) == (3, "還沒輪到或已經過號，現在唱名：A1 [not_called]")
    assert (en.exit_code, en.stderr.strip()) == (
        3,
        "There is no step to take back. [nothing_to_undo]",
    )
    assert files[1].read_bytes() == before


def test_a_log_is_begun_once(files):
    perform(files, ARGUMENTS[:1])
    before = files[1].read_bytes()

    again = call("new", *files)

    assert again.exit_code == 1
    assert str(files[1]) in again.stderr
    assert files[1].read_bytes() == before


def test_a_register_its_county_forbids_is_refused_with_every_reason(files):
    people = [
        applicant("A1", "S1", ("X", "half")),
        applicant("A2", "S1", ("X", "half"), subject="G"),
    ]
    files[0].write_bytes(encode(register([], people)))

    done = call("new", *files)

    assert done.exit_code == 3
    assert [line.split(" ")[1] for line in done.stderr.splitlines()] == [
        "$.applicants[0].applications[0]:",
        "$.applicants[1].applications[0]:",
    ]
    assert not files[1].exists()


def test_a_school_is_named_with_pick_and_with_nothing_else(files):
    perform(files, ())

    without = call("call", *files, "A1", "pick")
    needless = call("call", *files, "A1", "keep", "--school", "S0")

    assert without.exit_code == needless.exit_code == 2
    assert "--school" in without.stderr


@pytest.mark.parametrize("name", ["changhua-113", "keelung-111"])
def test_the_settings_of_a_county_are_written_out(tmp_path, name):
    done = call("settings", name, "-o", tmp_path / "s.json")

    assert done.exit_code == 0
    assert json.loads((tmp_path / "s.json").read_bytes()) == halls.settings_file(
        f"rollcall-{name}.json"
    )


@pytest.mark.parametrize("lang", list(Language))
def test_everything_that_can_be_said_has_its_words(lang):
    texts = TEXTS[lang]
    said = [
        *(texts.refused(Refused(code, "A7")) for code in Illegal),
        *(texts.fault(LogFault(line=7, flaw=flaw)) for flaw in LogFlaw),
        *(texts.objection(Objection(path="$", code=code, detail="A7")) for code in Forbidden),
    ]

    assert len(set(said)) == len(Illegal) + len(LogFlaw) + len(Forbidden)
    assert all("7" in text for text in said[: len(Illegal)])


@pytest.mark.parametrize("lang", list(Language))
def test_every_group_has_its_words(files, lang):
    rules = halls.settings(halls.part("surplus", halls.FOOTINGS, "lapses"), exchange=None)
    people = [
        applicant("A1", "S1", parts=["surplus"], points=9),
        *(
            applicant(f"A{n}", "S1", ("X", footing), subject="Y", parts=["surplus"], points=8)
            for n, footing in enumerate(halls.FOOTINGS[1:], start=2)
        ),
    ]
    rows = [seats("S0", count=9, opens="surplus")]
    files[0].write_bytes(encode(register(rows, people, settings=rules)))
    said = [call("new", *files, "--lang", lang.value).stdout.splitlines()]
    for name, word in [("A1", "absent"), ("A2", "keep"), ("A3", "keep"), ("A4", "keep")]:
        said.append(call("call", *files, name, word, "--lang", lang.value).stdout.splitlines())

    assert len({line[0].split("，" if lang is Language.ZH else ", ")[1] for line in said}) == 5
    assert len(set(Footing)) + 1 == 5
    assert all(line[1].endswith("S0") for line in said)


def test_english_tells_seats_moves_and_exchanges(files):
    perform(files)
    files[1].unlink()
    perform(files, ARGUMENTS, "--lang", "en")

    shown = call("show", *files, "--lang", "en").stdout.splitlines()

    assert shown[:2] == ["The roll call is over.", "Exchange: A3 and A4"]
    assert "Open: S4 (Y) 1" in shown
    assert "A2: S2 (X) to S0 (X)" in shown
