"""The stand-alone verifier: one file that a union or a newspaper runs on the published files."""

import ast
import json
import subprocess
import sys
from random import Random

import pytest

from matcher.deciding.solve import decide
from matcher.files import canon
from matcher.files.problem import problem_from_document
from matcher.telling.text import TEXTS, Language
from tests.matcher.greedy_walk import greedy_phase
from tests.matcher.markets import (
    DEFAULT_RULES,
    problem,
    random_problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)
from tests.matcher.spoiling import VERIFIER, load_verifier

OLDEST = (3, 9)
ALL_OF_IT = rules(
    vacancy_phase("single", refill="rounds"),
    ring_phase(2, 3, "rings"),
    vacancy_phase("marked", schools="remote"),
)


def one(name, home, *wishes, points=500, **changed):
    return teacher(name, home, *wishes, points={"13": points}, **changed)


MARKET = problem(
    [school(f"S{n}") for n in range(1, 8)],
    [
        one("T1", "S1", "S5", points=900),
        one("T2", "S2", "S5", "S1", points=800),
        one("T3", "S3", "S4", points=700),
        one("T4", "S4", "S3", points=600),
        one("T5", "S6", "S6", "S5", "S4", "S7", points=500),
        one("T6", "S4", "S3", points=400),
        one("T7", "S7", "S3", points=300),
    ],
    vacancies=[vacancy("S5")],
    rules=ALL_OF_IT,
)


class Published:
    """A folder with the two files, and the verifier as a person runs it."""

    def __init__(self, folder, document):
        self.folder = folder
        self.write("problem.json", document)
        solution = decide(problem_from_document(document, "problem"))
        self.right = json.loads(solution.placement.encode())
        self.write("placement.json", self.right)
        (folder / "trace.jsonl").write_bytes(solution.trace)

    def write(self, name, document):
        (self.folder / name).write_bytes(canon.encode(document))

    def verify(self, *more, problem="problem.json", placement="placement.json"):
        files = self.folder / problem, self.folder / placement
        return subprocess.run(
            [sys.executable, "-I", "-S", str(VERIFIER), *map(str, files), *map(str, more)],
            capture_output=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
            check=False,
        )


@pytest.fixture
def published(tmp_path):
    return Published(tmp_path, MARKET)


def test_a_right_result_is_proved_phase_by_phase_without_any_package(published):
    told = published.verify("--trace", published.folder / "trace.jsonl", "--lang", "en")

    assert (told.returncode, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[1:4]] == ["single", "rings", "marked"]
    assert lines[-1].startswith(published.right["problem"])


def test_a_changed_result_is_refused_with_the_place_and_the_reason(published):
    wrong = published.right | {"components": published.right["components"][:-1]}
    published.write("placement.json", wrong)

    zh, en = published.verify(), published.verify("--lang", "en")

    assert (zh.returncode, en.returncode) == (1, 1)
    assert zh.stderr.strip() == "$: 漏了一個可以成立的環 T3 [ring_missed]"
    assert en.stderr.strip() == "$: a possible ring is missing T3 [ring_missed]"


def test_phases_have_the_names_that_teachers_know(published):
    zh, en = (
        published.verify("--teacher", "T5"),
        published.verify("--teacher", "T5", "--lang", "en"),
    )

    lines = [[line.split(":")[0] for line in told.stdout.splitlines()] for told in (zh, en)]
    assert [each[1:4] for each in lines] == [
        ["單調", "rings", "marked"],
        ["single", "rings", "marked"],
    ]
    assert "單調：由較優先的 1 人取得" in zh.stdout
    assert "single: taken by 1" in en.stdout


def test_the_names_of_phases_are_those_of_the_program():
    read = load_verifier()

    assert {name: TEXTS[Language.ZH].phase(name) for name in read.PHASES} == read.PHASES
    assert read.PHASES.keys() >= {phase["name"] for phase in DEFAULT_RULES["phases"]}


def test_of_many_faults_the_first_are_told_and_the_rest_counted(published):
    ring = published.right["components"][-1]
    many = {**published.right, "components": [{**ring, "round": 2}] * 101}
    published.write("placement.json", many)

    told = published.verify("--lang", "en").stderr.splitlines()

    assert len(told) == 101
    assert told[0].endswith("wrong round 2 [wrong_round]")
    assert told[-1].endswith(" more are not listed")


def test_another_trace_is_refused(published):
    (published.folder / "trace.jsonl").write_bytes(b"{}\n")

    told = published.verify("--trace", published.folder / "trace.jsonl")

    assert (told.returncode, "[other_trace]" in told.stderr) == (1, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x28\xb5\x2f\xfd packed", "packed"),
        (b'{"format": 1, "format": 2}', "not_json"),
        (b'{"points": 1.5}', "not_json"),
        (b'{"points": NaN}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"\xff", "not_json"),
        (b"[]", "wrong_shape"),
        (b"{}", "wrong_shape"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(published, content, code):
    for name in ("problem.json", "placement.json"):
        (published.folder / "odd.json").write_bytes(content)

        told = published.verify(**{name.removesuffix(".json"): "odd.json"})

        assert told.returncode == 3
        assert f"[{code}]" in told.stderr
        assert "Traceback" not in told.stderr
    assert published.verify(problem="nowhere.json").returncode == 3


TWINS = [one("T1", "S1", "S5"), one("T2", "S2", "S5", lot=1)]
NEGATIVE = vacancy("S5") | {"count": -1}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"teachers": TWINS}, "two lots"),
        ({"teachers": [one("T1", "S1", "S5", tie=[])]}, "whole numbers"),
        ({"teachers": [one("T1", "S1", "S5", tie=[True])]}, "whole numbers"),
        ({"teachers": [one("T1", "S1", "S5", "S5")]}, "two wishes"),
        ({"vacancies": [vacancy("S5"), vacancy("S5", 2)]}, "two vacancies"),
        ({"vacancies": [NEGATIVE]}, "counted"),
        ({"schools": [*MARKET["schools"], school("S5")]}, "two schools"),
    ],
)
def test_a_market_that_contradicts_itself_is_refused(published, changed, said):
    published.write("problem.json", MARKET | changed)

    told = published.verify()

    assert told.returncode == 3
    assert said in told.stderr


def test_wrong_usage_ends_with_two(published):
    assert published.verify("--lang", "fr").returncode == 2


def test_of_another_mechanism_it_says_that_it_proves_only_form_and_seats(published):
    published.write("placement.json", published.right | {"mechanism": "ttc"})

    told = published.verify("--lang", "en")

    assert told.returncode == 3
    assert "cannot_prove" not in told.stdout
    assert "not one that this program can prove" in told.stderr
    published.write("placement.json", {**published.right, "mechanism": "ttc", "problem": "x"})
    assert published.verify().returncode == 1


def test_a_phase_of_a_method_it_does_not_know_is_not_called_proved(published):
    odd = MARKET | {"rules": rules(vacancy_phase() | {"method": "ttc", "refill": "chains"})}
    read = load_verifier()
    market = read.Market(odd)
    placement = published.right | {
        "problem": market.problem,
        "rules": market.rules,
        "components": [],
    }

    assert read.judged(market, placement) == {"cannot_prove"}


def test_what_a_phase_of_another_method_decided_is_beyond_it_and_not_wrong(tmp_path):
    trading = vacancy_phase() | {"method": "ttc", "refill": "chains"}
    read, kinds = load_verifier(), set()
    for seed in range(60):
        document = random_problem(
            Random(seed),  # noqa: S311  # a market is no secret
            rule_sets=[rules(trading, ring_phase(2, 3)), rules(ring_phase(2, 2, "first"), trading)],
        )
        placement = json.loads(decide(problem_from_document(document, "x")).placement.encode())
        kinds |= {(each["phase"], each["kind"]) for each in placement["components"]}

        assert read.judged(read.Market(document), placement) == {"cannot_prove"}, seed

    assert kinds >= {("single", "chain"), ("single", "ring")}
    published = Published(tmp_path, MARKET | {"rules": rules(trading)})
    told = published.verify("--lang", "en")
    published.write("placement.json", published.right | {"rules": "x"})
    wrong = published.verify()
    assert (told.returncode, told.stdout) == (3, "")
    assert "not one that this program can prove ttc [cannot_prove]" in told.stderr
    assert (wrong.returncode, "[other_rules]" in wrong.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "changed", "told"),
    [
        ("problem", {"season": "\ud800"}, "'utf-8' codec can't encode"),
        ("problem", {"teachers": [one("T1", "S1", "S9")]}, "缺少 S9 [wrong_shape]"),
        ("placement", {"problem": 7, "components": [7]}, "'int' object is not"),
        ("placement", {"components": [{"kind": "ring"}]}, "缺少 moves [wrong_shape]"),
        ("problem", {"format": "jiepin-placement/1"}, "≠ jiepin-problem/1 [wrong_shape]"),
        ("placement", {"format": "jiepin-problem/1"}, "≠ jiepin-placement/1 [wrong_shape]"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_a_few_words(published, name, changed, told):
    document = MARKET if name == "problem" else published.right
    (published.folder / f"{name}.json").write_text(json.dumps({**document, **changed}))

    said = published.verify()

    assert (said.returncode, said.stdout) == (3, "")
    assert said.stderr.startswith(f"{published.folder}/{name}.json: 內容不合格式 {told}")
    assert len(said.stderr) < len(str(published.folder)) + 140


def test_a_teacher_hears_what_became_of_each_wish(published):
    five = published.verify("--teacher", "T5", "--lang", "en").stdout.splitlines()
    six = published.verify("--teacher", "T6", "--lang", "en").stdout.splitlines()
    two = published.verify("--teacher", "T2").stdout.splitlines()

    nowhere = "marked: not part of this phase"
    taken = "single: taken by 1 with higher priority, the last with 9.00 points"
    none = "single: no seat was open / rings: no ring was possible"
    lost = "single: no seat was open / rings: the rings with it lost to better ones"
    assert five[-4:] == [
        "S6/general: not considered (own_school)",
        f"S5/general: {taken} / rings: nobody there leaves / {nowhere}",
        f"S4/general: {none} / {nowhere}",
        f"S7/general: {none} / {nowhere}",
    ]
    assert six[-1] == f"S3/general: {lost} / {nowhere}"
    assert two[-2:] == [
        "S5/general: 單調：由較優先的 1 人取得，最後一人 9.00 分",
        "S1/general: 達成",
    ]


def test_a_stranger_is_told_so(published):
    told = published.verify("--teacher", "T99", "--lang", "en")

    assert (told.returncode, told.stderr.strip()) == (1, "no such teacher")


def test_who_the_walk_placed_before_hears_so():
    read = load_verifier()
    document = problem(
        [school("S1"), school("A", "13"), school("B", "14")],
        [teacher("T1", "S1", "A", "B", points={"13": 100, "14": 900})],
        vacancies=[vacancy("A"), vacancy("B")],
        rules=rules(greedy_phase()),
    )
    move = {
        "teacher": "T1",
        "from": ["S1", "general"],
        "to": ["B", "general"],
        "wish": 2,
        "subject_rank": 1,
    }
    market = read.Market(document)
    placement = {
        "problem": market.problem,
        "rules": market.rules,
        "mechanism": "statutory",
        "components": [{"kind": "chain", "phase": "single", "round": 1, "moves": [move]}],
    }

    told = list(read.answers(market, placement, "T1"))

    assert read.judged(market, placement) == set()
    assert told == [(("A", "general"), [("later", "single")]), (("B", "general"), [("obtained",)])]


def test_it_is_written_for_old_pythons_and_needs_nothing_but_the_standard_library():
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=OLDEST)

    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert names <= sys.stdlib_module_names
    newer = {"bit_count", "removeprefix", "pairwise", "strict"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert used.isdisjoint(newer)


def test_it_proves_every_result_of_many_markets():
    read = load_verifier()
    for seed in range(300):
        document = random_problem(Random(seed))  # noqa: S311  # a market is no secret
        solution = decide(problem_from_document(document, "problem"))
        placement = json.loads(solution.placement.encode())

        assert read.judged(read.Market(document), placement, solution.trace) == set(), seed


def test_rings_of_any_length_are_judged_not_only_those_that_can_be_tried_out():
    size = 20  # more orders than anybody could try
    people = [
        one(f"T{n}", f"S{n}", f"S{n % size + 1}", points=1000 + 7 * n % 40)
        for n in range(1, size + 1)
    ]
    people.append(one("T99", "S2", "S1", points=1))
    document = problem(
        [school(f"S{n}") for n in range(1, size + 1)], people, rules=rules(ring_phase(2, size))
    )
    placement = decide(problem_from_document(document, "x")).placement.document()
    (ring,) = placement["components"]
    first = next(move for move in ring["moves"] if move["teacher"] == "T1")
    back = {**first, "teacher": "T99", "from": ["S2", "general"], "to": ["S1", "general"]}
    read = load_verifier()

    def judged(*components):
        return read.judged(read.Market(document), {**placement, "components": components})

    assert len(ring["moves"]) == size
    assert judged(ring) == set()
    assert judged() == {"ring_missed"}
    assert judged({**ring, "moves": [first, back]}) == {"ring_missed"}


def test_it_proves_the_default_rules_phase_names_included(tmp_path):
    told = Published(
        tmp_path,
        MARKET
        | {
            "rules": DEFAULT_RULES,
            "teachers": [
                each | {"tie": [0] * len(DEFAULT_RULES["tie"])} for each in MARKET["teachers"]
            ],
        },
    ).verify()

    assert told.returncode == 0
