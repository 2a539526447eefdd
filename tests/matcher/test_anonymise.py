"""Published files tell nobody's name or birthday, and prove the same result."""

import copy
import json
from dataclasses import replace
from random import Random

import pytest

from matcher.checking.check import check
from matcher.commands.anonymise import app as anonymising
from matcher.commands.explain import app as explaining
from matcher.deciding.solve import decide
from matcher.files import canon
from matcher.files.disk import read_placement, read_problem
from matcher.files.placement import Mechanism
from matcher.files.problem import problem_from_document
from matcher.telling.explain import Explainer
from matcher.telling.publication import AmbiguousNameError, Remainder, publish, remainder
from matcher.telling.publishing_text import PUBLISHING
from matcher.telling.text import Language
from matcher.whatif.blocks import teacher_optimal_block_exchange
from matcher.whatif.failure import failure_aware
from matcher.whatif.maximum import maximum
from matcher.whatif.ttc import ttc
from tests.matcher.calling import invoke
from tests.matcher.greedy_walk import RULE_SETS as GREEDY
from tests.matcher.markets import (
    RULE_SETS,
    problem,
    random_problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy_phase,
)

TRADES = vacancy_phase("trade", who="indigenous", schools="indigenous") | {
    "method": "ttc",
    "refill": "chains",
}
BIRTHDAYS = (-19750428, -19801231, -19990101)


def drawn(seed):
    """A market whose tie vectors are birthdays, of people who are called by name."""
    rng = Random(seed)  # noqa: S311  # a market is no secret
    document = random_problem(rng, rule_sets=(*RULE_SETS, *GREEDY, rules(TRADES, ring_phase(2, 4))))
    for person in document["teachers"]:
        person["id"] = f"name-{person['id']}"
        person["tie"] = [rng.choice(BIRTHDAYS)]
    return problem_from_document(document, "market")


@pytest.mark.parametrize(
    ("solve", "markets"),
    [
        (decide, 150),
        (ttc, 100),
        (teacher_optimal_block_exchange, 15),
        (maximum, 15),
        (failure_aware, 15),
    ],
)
def test_solving_the_published_problem_gives_exactly_the_published_files(solve, markets):
    for seed in range(markets):
        market = drawn(seed)
        solution = solve(market)

        public = publish(market, solution.placement, solution.trace)

        again = solve(public.problem)
        assert again.placement == public.placement, seed
        assert again.trace == public.trace, seed
        assert check(public.problem, public.placement, public.trace) == (), seed


def test_no_name_and_no_birthday_is_left_in_any_file():
    for seed in range(60):
        market = drawn(seed)
        solution = decide(market)

        public = publish(market, solution.placement, solution.trace)

        written = public.problem.encode() + public.placement.encode() + public.trace
        assert b"name-" not in written
        assert not any(str(-birthday).encode() in written for birthday in BIRTHDAYS)
        assert [t.lot for t in public.problem.teachers] == sorted(t.lot for t in market.teachers)


def test_each_teacher_hears_the_same_of_her_wishes_from_both_files():
    for seed in range(120):
        market = drawn(seed)
        placement = decide(market).placement
        public = publish(market, placement, None)
        before, after = Explainer(market, placement), Explainer(public.problem, public.placement)

        for person in market.teachers:
            said = before.explain(person.id)
            told = after.explain(str(person.lot))
            if not (person.indigenous or person.language):
                assert told.answers == said.answers, seed
            assert [a.outcome for a in told.answers] == [a.outcome for a in said.answers]


def test_a_flag_that_no_phase_asks_for_is_not_published():
    schools = [school("S1"), school("S2", "13", "indigenous"), school("S3")]
    one, two = {"points": {"13": 100}, "indigenous": True, "language": True}, {"points": {"13": 90}}
    people = [
        teacher("T1", "S1", "S2", **one),
        teacher("T2", "S1", "S3", **one),
        teacher("T3", "S1", "S2", **two),
    ]

    def flags(*phases):
        market = problem_from_document(problem(schools, people, rules=rules(*phases)), "m")
        public = publish(market, decide(market).placement, None).problem
        return [(t.indigenous, t.language) for t in public.teachers]

    only = vacancy_phase("first", who="indigenous", schools="indigenous")
    assert flags(vacancy_phase()) == [(False, False)] * 3
    assert flags(only) == [(True, False), (False, False), (False, False)]
    assert flags(TRADES) == [(True, False), (True, False), (False, False)]
    assert flags(vacancy_phase(who="language")) == [(False, True), (False, True), (False, False)]


def test_without_the_trace_its_identity_stays_what_it_was():
    market = drawn(3)
    placement = decide(market).placement

    public = publish(market, placement, None)

    assert (public.trace, public.placement.trace) == (None, placement.trace)


def test_a_certificate_that_may_mean_a_school_is_not_rewritten():
    people = [teacher("T1", "S1", "S2", points={"13": 100}) | {"id": "S2"}]
    market = problem_from_document(
        problem([school("S1"), school("S2")], people, rules=rules(vacancy_phase())), "m"
    )

    with pytest.raises(AmbiguousNameError):
        publish(market, ttc(market).placement, None)


def test_a_certificate_of_any_shape_names_nobody():
    market = drawn(1)
    one, two = (person.id for person in market.teachers[:2])
    certificate = {"bound": 7, "is_proved": True, "prices": {one: [1, {two: "none"}]}, "by": two}
    placement = replace(
        decide(market).placement,
        mechanism=Mechanism.MAXIMUM,
        components=(),
        certificate=certificate,
    )

    public = publish(market, placement, None).placement

    first, second = (str(person.lot) for person in market.teachers[:2])
    assert public.certificate == {
        "bound": 7,
        "is_proved": True,
        "prices": {first: [1, {second: "none"}]},
        "by": second,
    }


def test_a_line_of_a_trace_names_nobody_even_without_a_priority():
    market = drawn(1)
    one, two = market.teachers[:2]
    line = {"event": "left", "teacher": one.id, "after": two.id, "moves": [{"teacher": two.id}]}

    told = publish(market, decide(market).placement, canon.encode(line) + b"\n").trace

    assert json.loads(told) == {
        "event": "left",
        "teacher": str(one.lot),
        "after": str(two.lot),
        "moves": [{"teacher": str(two.lot)}],
    }


def test_what_the_files_still_tell_is_counted():
    people = [
        teacher("T1", "S1", "S2", points={"13": 100}),
        teacher("T2", "S1", "S2", points={"13": 100}),
        teacher(
            "T3",
            "S2",
            "S1",
            points={"13": 90},
            language=True,
            excluded=[{"school": "S1", "subject": "general", "reason": "teaching_area"}],
        ),
    ]
    market = problem_from_document(
        problem([school("S1"), school("S2")], people, rules=rules(vacancy_phase())), "m"
    )

    left = remainder(market)

    assert (left.teachers, left.alone, left.distinct) == (3, 1, 1)
    assert (left.flagged, left.excluded) == (1, 1)


def test_what_the_files_still_tell_is_said_with_each_number():
    left = Remainder(teachers=50, alone=41, distinct=32, flagged=23, excluded=14)

    chinese, english = ("\n".join(PUBLISHING[lang].remains(left)) for lang in Language)

    for words in (
        *("（共 50 人）", "41 人是該校該科唯一的申請人", "32 人的積分與別人都不同"),
        *("23 人具原住民或語言認證資格", "14 人的排除代碼"),
    ):
        assert words in chinese
    for words in (
        *("(of 50 people)", "41 are the only applicant", "32 have totals like nobody else's"),
        *("23 are indigenous or certified", "the exclusions of 14."),
    ):
        assert words in english


# The command.


def call(app, *arguments):
    return invoke(*arguments, of=app)


@pytest.fixture
def folder(tmp_path):
    solution = decide(drawn(1))
    (tmp_path / "problem.json").write_bytes(drawn(1).encode())
    (tmp_path / "placement.json").write_bytes(solution.placement.encode())
    (tmp_path / "trace.jsonl").write_bytes(solution.trace)
    return tmp_path


def test_the_files_are_written_together_and_it_is_said_what_they_still_tell(folder):
    files = folder / "problem.json", folder / "placement.json"
    traced = ("--trace", folder / "trace.jsonl")

    plain = call(anonymising, *files, "--out", folder / "a")
    whole = call(anonymising, *files, *traced, "--out", folder / "b" / "c", "--lang", "en")
    told = call(anonymising, *files, *traced, "--out", folder / "b" / "c", "--json")

    assert (plain.exit_code, whole.exit_code, told.exit_code) == (0, 0, 0)
    assert "抽籤號" in plain.stdout
    assert "public lots" in whole.stdout
    assert sorted(path.name for path in (folder / "a").iterdir()) == [
        "placement.json",
        "problem.json",
    ]
    public = read_problem(folder / "b" / "c" / "problem.json")
    placement = read_placement(folder / "b" / "c" / "placement.json")
    trace = (folder / "b" / "c" / "trace.jsonl").read_bytes()
    assert check(public, placement, trace) == ()
    report = json.loads(told.stdout)
    assert report["placement"] == placement.identity()
    assert report["trace"] == canon.identity(trace)
    assert report["still_told"]["teachers"] == len(public.teachers)


def test_a_wrong_placement_is_not_published(folder):
    placement = json.loads((folder / "placement.json").read_bytes())
    wrong = copy.deepcopy(placement) | {"rules": "sha256:" + "0" * 64}
    (folder / "placement.json").write_bytes(canon.encode(wrong))

    called = call(
        anonymising, folder / "problem.json", folder / "placement.json", "--out", folder / "out"
    )

    assert called.exit_code == 1
    assert not (folder / "out").exists()


def test_a_trace_of_another_run_is_not_published(folder):
    (folder / "trace.jsonl").write_bytes((folder / "trace.jsonl").read_bytes() + b"{}\n")

    called = call(
        *(anonymising, folder / "problem.json", folder / "placement.json"),
        *("--trace", folder / "trace.jsonl", "--out", folder / "out", "--lang", "en"),
    )

    assert called.exit_code == 1
    assert "[other_trace]" in called.stderr
    assert not (folder / "out").exists()


def test_a_certificate_that_cannot_be_rewritten_is_told(tmp_path):
    people = [teacher("T1", "S1", "S2", points={"13": 100}) | {"id": "S2"}]
    market = problem_from_document(
        problem([school("S1"), school("S2")], people, rules=rules(vacancy_phase())), "m"
    )
    (tmp_path / "problem.json").write_bytes(market.encode())
    (tmp_path / "placement.json").write_bytes(ttc(market).placement.encode())

    called = call(
        anonymising,
        *(tmp_path / "problem.json", tmp_path / "placement.json"),
        *("--out", tmp_path / "out", "--lang", "en"),
    )

    assert called.exit_code == 1
    assert "S2" in called.stderr


def test_a_teacher_asks_by_her_lot(folder):
    market = drawn(1)
    files = folder / "problem.json", folder / "placement.json"
    first = market.teachers[0]

    by_lot = call(explaining, "explain", *files, "--lot", first.lot)
    by_id = call(explaining, "explain", *files, first.id)
    nobody = call(explaining, "explain", *files, "--lot", 999)
    both = call(explaining, "explain", *files, first.id, "--lot", first.lot)

    assert by_lot.exit_code == 0
    assert by_lot.stdout == by_id.stdout
    assert (nobody.exit_code, both.exit_code) == (1, 2)
    assert "TEACHER" in both.stderr
    assert "--lot" in both.stderr
