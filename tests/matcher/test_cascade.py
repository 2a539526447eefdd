"""What falls with those who do not come, against the law read word for word."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.aftermath.cascade import Cascade, Flaw, Objection, cascade
from matcher.aftermath.failures import Failure, Failures, Ground, parse_failures
from matcher.aftermath.text import TEXTS
from matcher.files.canon import encode
from matcher.files.problem import problem_from_document
from matcher.files.refusal import RefusedFileError
from matcher.telling.text import Language
from tests.matcher.calling import invoke
from tests.matcher.falls import (
    at,
    by_the_law,
    case,
    chain,
    drawn,
    move,
    placement,
    ring,
    support,
)
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy_phase
from tests.matcher.markets import vacancy as seat

RNG = st.randoms(use_true_random=False)
CHAIN = placement(chain(move("A", 1, 0), move("B", 2, 1), move("C", 3, 2)))
RING = placement(ring(move("A", 1, 2), move("B", 2, 3), move("C", 3, 1)))


def told(result):
    """Who stands; who is void with her cause; what is free; what was opened in vain."""
    return (
        [move.teacher for move in result.stand],
        {v.move.teacher: (v.kept_by, v.failed, v.steps) for v in result.void},
        {position.school: count for position, count in result.free.items()},
        list(result.unused),
    )


A, B, C = (("A", "A", 1), ("B", "B", 1), ("C", "C", 1))


@pytest.mark.parametrize(
    ("failed", "opened", "expected"),
    [
        ("A", "", ([], {"A": (None, "A", 0), "B": A, "C": ("B", "A", 2)}, {"S0": 1}, [])),
        ("B", "", (["A"], {"B": (None, "B", 0), "C": B}, {"S1": 1}, [])),
        ("C", "", (["A", "B"], {"C": (None, "C", 0)}, {"S2": 1}, [])),
        ("A", "A", (["B", "C"], {"A": (None, "A", 0)}, {"S0": 1}, [])),
        ("C", "C", (["A", "B"], {"C": (None, "C", 0)}, {"S2": 1}, ["C"])),
        (
            "AB",
            "A",
            ([], {"A": (None, "A", 0), "B": (None, "B", 0), "C": B}, {"S0": 1}, ["A"]),
        ),
        ("AC", "C", ([], {"A": (None, "A", 0), "B": A, "C": (None, "C", 0)}, {"S0": 1}, ["C"])),
        ("", "", (["A", "B", "C"], {}, {}, [])),
    ],
)
def test_a_chain_falls_from_the_failure_on(failed, opened, expected):
    assert told(cascade(CHAIN, case(CHAIN, *failed, opened=opened))) == expected


@pytest.mark.parametrize(
    ("failed", "opened", "expected"),
    [
        ("A", "", ([], {"A": (None, "A", 0), "B": ("C", "A", 2), "C": A}, {}, [])),
        ("A", "A", (["B", "C"], {"A": (None, "A", 0)}, {"S2": 1}, [])),
        ("AB", "", ([], {"A": (None, "A", 0), "B": (None, "B", 0), "C": A}, {}, [])),
        ("AB", "A", (["C"], {"A": (None, "A", 0), "B": (None, "B", 0)}, {"S3": 1}, [])),
        ("AB", "B", ([], {"A": (None, "A", 0), "B": (None, "B", 0), "C": A}, {}, ["B"])),
        (
            "ABC",
            "ABC",
            ([], {name: (None, name, 0) for name in "ABC"}, {}, ["A", "B", "C"]),
        ),
    ],
)
def test_a_ring_falls_whole_unless_a_seat_is_opened(failed, opened, expected):
    assert told(cascade(RING, case(RING, *failed, opened=opened))) == expected


def test_other_components_are_not_touched_and_void_moves_name_theirs():
    both = placement(*RING.components, chain(move("D", 7, 8), move("E", 9, 7)))

    result = cascade(both, case(both, "E", "B"))

    assert [move.teacher for move in result.stand] == ["D"]
    assert [(v.move.teacher, v.component) for v in result.void] == [
        ("A", 0),
        ("B", 0),
        ("C", 0),
        ("E", 1),
    ]


def test_the_way_from_the_failure_to_a_void_move_can_be_followed():
    result = cascade(CHAIN, case(CHAIN, "A"))

    assert [v.move.teacher for v in result.chain_of("C")] == ["A", "B", "C"]
    assert [v.move.teacher for v in result.chain_of("A")] == ["A"]
    assert result.chain_of("Z") == ()


def test_what_cannot_be_answered_is_said():
    unlinked = placement(
        chain(move("A", 1, 0), move("B", 2, 3)),
        ring(move("C", 3, 4), move("D", 4, 5)),
        chain(move("C", 3, 9)),
    )

    assert cascade(CHAIN, case(RING, "A")) == (Objection(Flaw.OTHER_PLACEMENT),)
    assert cascade(CHAIN, case(CHAIN, "A", "Z")) == (Objection(Flaw.DID_NOT_MOVE, "Z"),)
    assert cascade(unlinked, case(unlinked)) == (
        Objection(Flaw.MOVED_TWICE, "C"),
        Objection(Flaw.NOT_LINKED, "B"),
        Objection(Flaw.NOT_LINKED, "D"),
    )


@settings(max_examples=100, deadline=None)
@given(RNG)
def test_the_moves_that_stand_are_the_greatest_set_in_which_every_seat_is_there(rng):
    """§11 word for word: strike moves until each that is left has its seat; order cannot matter."""
    of, failed, opened = drawn(rng)
    standing = by_the_law(of, failed, opened, rng)

    result = cascade(of, case(of, *failed, opened=opened))

    assert {move.teacher for move in result.stand} == standing
    assert {v.move.teacher for v in result.void} == set(support(of)) - standing


@settings(max_examples=100, deadline=None)
@given(RNG)
def test_people_and_seats_are_conserved_at_every_position(rng):
    of, failed, opened = drawn(rng)
    moves = {move.teacher: move for move in of.moves()}
    vacancies = Counter(moves[name].destination for name, by in support(of).items() if by is None)

    result = cascade(of, case(of, *failed, opened=opened))

    used = set(opened) - set(result.unused)
    offered = vacancies + Counter(move.origin for move in result.stand)
    offered += Counter(moves[name].origin for name in used)
    taken = Counter(move.destination for move in result.stand) + Counter(result.free)
    left_behind = Counter(move.origin for move in of.moves())
    left_behind.subtract(moves[name].destination for name, by in support(of).items() if by)
    stayed = Counter(v.move.origin for v in result.void if v.move.teacher in ends(of))
    assert offered == taken + left_behind - stayed
    assert all(count > 0 for count in result.free.values())


def ends(of):
    """Last members of chains: nobody takes their old seats."""
    return {c.moves[-1].teacher for c in of.components if c.kind == "chain"}


@settings(max_examples=50, deadline=None)
@given(RNG)
def test_more_failures_never_save_a_move_and_more_seats_never_void_one(rng):
    of, failed, opened = drawn(rng)
    fewer = [name for name in failed if rng.random() < 0.5]
    fewer_opened = [name for name in opened if rng.random() < 0.5]

    def standing(names, seats):
        result = cascade(of, case(of, *names, opened=[s for s in seats if s in names]))
        return {move.teacher for move in result.stand}

    assert standing(failed, []) <= standing(fewer, [])
    assert standing(failed, fewer_opened) <= standing(failed, opened)


@settings(max_examples=50, deadline=None)
@given(RNG)
def test_what_stands_is_a_fixed_point_and_every_cause_leads_to_a_failure(rng):
    of, failed, opened = drawn(rng)
    result = cascade(of, case(of, *failed, opened=opened))
    void = {v.move.teacher: v for v in result.void}

    for name, voided in void.items():
        way = [v.move.teacher for v in result.chain_of(name)]
        assert way[0] == voided.failed
        assert way[0] in failed
        assert not set(way[1:]) & set(failed)
        assert len(way) == voided.steps + 1
        assert [void[w].kept_by for w in way[1:]] == way[:-1]

    again = cascade(of, case(of, *void, opened=[n for n in opened if n not in result.unused]))
    assert again.stand == result.stand
    assert again.free == result.free


@settings(max_examples=20, deadline=None)
@given(RNG)
def test_a_case_comes_back_from_its_file(rng):
    of, failed, opened = drawn(rng)
    written = case(of, *failed, opened=opened)

    assert parse_failures(written.encode(), "f") == written


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"format": "x"}, [("$.format", "unknown_value")]),
        ({"placement": "x"}, [("$.placement", "bad_text")]),
        ({"failed": {}}, [("$.failed", "not_a_list")]),
        ({"more": 1}, [("$.more", "unknown_key")]),
    ],
)
def test_a_case_is_read_strictly(changes, found):
    with pytest.raises(RefusedFileError) as caught:
        parse_failures(encode({**case(CHAIN, "A").document(), **changes}), "f")

    assert [(fault.file, fault.path, fault.code) for fault in caught.value.faults] == [
        ("f", *each) for each in found
    ]


def test_each_failure_of_a_case_is_read_strictly():
    rows = [
        {"teacher": "A", "ground": "tired", "extra_seat": 1},
        {"teacher": "A", "ground": "gave_up", "extra_seat": True},
        {"teacher": "", "ground": "gave_up", "extra_seat": True},
    ]

    with pytest.raises(RefusedFileError) as caught:
        parse_failures(encode({**case(CHAIN).document(), "failed": rows}), "f")

    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("$.failed[0].ground", "unknown_value"),
        ("$.failed[0].extra_seat", "not_a_truth_value"),
        ("$.failed[1].teacher", "duplicate"),
        ("$.failed[2].teacher", "bad_text"),
    ]


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


def call(*arguments):
    return invoke(*arguments)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "problem.json").write_bytes(encode(MARKET))
    done = call("solve", tmp_path / "problem.json", "-o", tmp_path / "placement.json")
    assert done.exit_code == 0
    return tmp_path / "problem.json", tmp_path / "placement.json"


def test_the_command_tells_what_falls_in_both_languages(files):
    zh = call("cascade", *files, "--failed", "T1")
    en = call("cascade", *files, "--failed", "T1", "--ground", "gave_up", "--lang", "en")

    assert zh.exit_code == en.exit_code == 0
    assert zh.stdout.splitlines() == [
        "T1 未報到，留在原校 S1（general）。",
        (
            "T2 介聘失效，留在原校 S2（general）：S1（general） 的缺由 T1 留任，"
            "起因是 T1（往前第 1 位）。"
        ),
        "其餘 1 人的介聘維持有效。",
    ]
    assert en.stdout.splitlines() == [
        "T1 gave up and stays at S1 (general).",
        (
            "T2's move is void, she stays at S2 (general): T1 stays in the seat at S1 (general); "
            "it began with T1, 1 before her."
        ),
        "The moves of the other 1 stand.",
    ]


def test_a_seat_opened_by_the_old_school_saves_the_rest(files):
    zh = call("cascade", *files, "--failed", "T1,T3", *("--extra-seat", "T1"))
    en = call(
        *("cascade", *files, "--failed", "T1,T3", "--lang", "en"),
        *("--extra-seat", "T1", "--extra-seat", "T3"),
    )

    assert zh.stdout.splitlines() == [
        "T3 未報到，留在原校 S2（general）。",
        "T1 未報到，留在原校 S1（general）。原校增開缺額，接她缺的人不受影響。",
        "S2（general） 空出 1 缺，不自動重新媒合。",
        "S3（general） 空出 1 缺，不自動重新媒合。",
        "其餘 1 人的介聘維持有效。",
    ]
    assert en.stdout.splitlines()[-4:] == [
        "Free again at S2 (general): 1. Nobody is matched anew.",
        "Free again at S3 (general): 1. Nobody is matched anew.",
        "Nobody needs the seat T3's old school opens.",
        "The moves of the other 1 stand.",
    ]
    assert "another seat, so whoever takes hers is not touched." in en.stdout


def test_one_teacher_hears_only_what_led_to_her(files):
    void = call("cascade", *files, "--failed", "T1,T3", "--teacher", "T2")
    stands = {
        lang: call("cascade", *files, "--failed", "T3", "--teacher", "T2", "--lang", lang.value)
        for lang in Language
    }

    assert [line.split()[0] for line in void.stdout.splitlines()] == ["T1", "T2"]
    for lang, said in stands.items():
        assert said.stdout.strip() == TEXTS[lang].stands("T2")


def test_the_answer_is_a_file_and_a_line_of_json(files, tmp_path):
    of = json.loads(files[1].read_bytes())
    written = {
        "format": "jiepin-failures/1",
        "placement": json.loads(call("check", *files, "--json").stdout)["placement"],
        "failed": [{"teacher": "T2", "ground": "not_appointed", "extra_seat": False}],
    }
    (tmp_path / "case.json").write_bytes(encode(written))

    done = call(
        *("cascade", *files, "--failed", tmp_path / "case.json", "--json"),
        *("-o", tmp_path / "cascade.json"),
    )

    answer = json.loads(done.stdout)
    assert (tmp_path / "cascade.json").read_bytes() == encode(answer)
    assert answer["format"] == "jiepin-cascade/1"
    assert answer["placement"] == written["placement"]
    assert answer["failed"] == written["failed"]
    assert answer["stand"] == ["T3"]
    assert answer["void"][1] == {
        "teacher": "T2",
        "component": 1,
        "from": of["components"][1]["moves"][1]["from"],
        "to": of["components"][1]["moves"][1]["to"],
        "kept_by": None,
        "failed": "T2",
        "steps": 0,
    }
    assert answer["free"] == answer["unused_extra_seats"] == []
    assert answer["case"].startswith("sha256:")


def test_free_seats_are_written_with_their_number(files):
    answer = json.loads(call("cascade", *files, "--failed", "T3", "--json").stdout)

    assert answer["free"] == [{"school": "S3", "subject": "general", "count": 1}]


def test_a_case_that_does_not_fit_is_refused(files, tmp_path):
    other = {**MARKET, "season": "116"}
    (tmp_path / "other.json").write_bytes(encode(other))

    stranger = call("cascade", *files, "--failed", "T9")
    elsewhere = call("cascade", tmp_path / "other.json", files[1], "--failed", "T1")

    assert (stranger.exit_code, stranger.stderr.strip()) == (
        3,
        "這位教師沒有達成介聘：T9 [did_not_move]",
    )
    assert (elsewhere.exit_code, elsewhere.stderr.strip()) == (
        3,
        "結果檔不是這個問題檔的結果。 [other_problem]",
    )


def test_a_seat_can_only_be_opened_for_one_who_failed_and_in_one_place(files, tmp_path):
    read = problem_from_document(MARKET, "x")
    (tmp_path / "case.json").write_bytes(Failures(placement=read.identity(), failed=()).encode())

    stranger = call("cascade", *files, "--failed", "T1", "--extra-seat", "T2")
    twice = call("cascade", *files, "--failed", tmp_path / "case.json", "--extra-seat", "T2")

    assert stranger.exit_code == twice.exit_code == 2


@pytest.mark.parametrize("lang", list(Language))
def test_every_flaw_and_every_ground_has_its_words(lang):
    flaws = {TEXTS[lang].objection(Objection(flaw, "T7")) for flaw in Flaw}
    grounds = {
        TEXTS[lang].failed(Failure(teacher="T7", ground=ground, extra_seat=False), at(1))
        for ground in Ground
    }

    assert len(flaws) == len(Flaw)
    assert all("T7" in text for text in flaws)
    assert len(grounds) == len(Ground)
    assert "T7" in TEXTS[lang].unused("T7")


def test_the_answer_is_a_value_that_can_be_written_twice():
    first, second = (cascade(CHAIN, case(CHAIN, "B")) for _ in range(2))

    assert isinstance(first, Cascade)
    assert first.encode() == second.encode()
