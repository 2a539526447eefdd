"""The computed parts of docs/matching.md: ``python -m tests.matcher.documents`` writes them anew.

Between ``<!-- computed: NAME -->`` and ``<!-- end -->`` the document holds what the programs give
for the problems in docs/matching/; nothing there is written by hand.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from core.domain.points import Points
from matcher.aftermath.cascade import Cascade, cascade
from matcher.aftermath.failures import Failure, Failures, Ground
from matcher.commands.match import app
from matcher.deciding.solve import solve
from matcher.files.counties import read_counties
from matcher.files.disk import read_problem, read_rules_named
from matcher.files.effective import under_rules
from matcher.files.placement import Placement
from matcher.files.problem import Position, Problem, Vacancy
from matcher.lots.draw import reveal
from matcher.lots.promise import commit
from matcher.telling.compare import compare
from matcher.telling.comparing_text import hundredths
from matcher.telling.diagrams import components
from matcher.telling.names import Names, parse_names
from matcher.telling.plots import charts
from matcher.telling.text import TEXTS, Language
from matcher.whatif.ttc import ttc

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "matching.md"
EXAMPLES = ROOT / "docs" / "matching"
SECRET = bytes(range(32))
BLOCK = re.compile(r"(<!-- computed: (\S+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
ZH = TEXTS[Language.ZH]


def names() -> Names:
    path = EXAMPLES / "names.json"
    return parse_names(path.read_bytes(), path.name, read_counties())


def example(name: str) -> Problem:
    return read_problem(EXAMPLES / f"{name}.json")


def ruled(problem: Problem, rules: str) -> Problem:
    return under_rules(problem, read_rules_named(Path(rules)), rules)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
    yield ""


def place(position: Position) -> str:
    return names().school(position.school)


def people(problem: Problem) -> Iterator[str]:
    """Who is there, and what they ask for."""
    county = {school.id: school.county for school in problem.schools}
    known = names()
    yield from table(
        ["教師 teacher", "現職 from", "志願（該縣市積分）wishes (points there)"],
        [
            [
                each.id + ("（原民）" if each.indigenous else ""),
                place(each.position),
                "、".join(
                    f"{n}. {known.school(school)} {Points(each.points[county[school]])}"
                    for n, school in enumerate(each.wishes, start=1)
                ),
            ]
            for each in problem.teachers
        ],
    )
    seats = [f"{place(each.position)} {each.count}" for each in problem.vacancies if each.count]
    yield f"單調缺 vacancies: {'、'.join(seats) or '—'}"
    yield ""


def outcomes(problem: Problem, placements: Mapping[str, Placement]) -> Iterator[str]:
    """What each teacher gets in each placement."""
    got = [
        {move.teacher: (each.phase, move) for each in result.components for move in each.moves}
        for result in placements.values()
    ]
    rows = []
    for teacher in problem.teachers:
        cells = [teacher.id]
        for moves in got:
            if teacher.id in moves:
                phase, move = moves[teacher.id]
                where = place(move.destination)
                cells.append(f"{where}，第 {move.wish} 志願（{ZH.phase(phase)}）")
            else:
                cells.append("留任 stays")
        rows.append(cells)
    yield from table(["教師 teacher", *placements], rows)


def indigenous() -> Iterator[str]:
    applies = example("indigenous")
    waives = replace(
        applies,
        teachers=tuple(
            replace(each, indigenous=each.indigenous and each.id != "高老師")
            for each in applies.teachers
        ),
    )
    yield from people(applies)
    yield from outcomes(
        applies, {"高老師申請原民調 applies": solve(applies), "高老師放棄 waives": solve(waives)}
    )
    yield "```text"
    yield from explained("indigenous", "高老師")
    yield "```"


def explained(name: str, teacher: str) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        placement = Path(folder) / "placement.json"
        source = EXAMPLES / f"{name}.json"
        placement.write_bytes(solve(example(name)).encode())
        yield f"$ jiepin match explain docs/matching/{name}.json placement.json {teacher}"
        yield from run("explain", source, placement, teacher).splitlines()


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def two_totals() -> Iterator[str]:
    problem = example("two-totals")
    yield from people(problem)
    yield from outcomes(
        problem,
        {
            "deferred_acceptance": solve(problem),
            "greedy": solve(ruled(problem, "greedy-1")),
        },
    )


def triangle() -> Iterator[str]:
    problem = example("triangle")
    yield from people(problem)
    yield from outcomes(problem, {"結果 result": solve(problem)})
    yield "![三角調：安老師、白老師、車老師互換](matching/triangle-1.svg)"


def refill() -> Iterator[str]:
    """The same people by three ways to treat the seats left behind."""
    problem = example("refill")
    rounds = ruled(problem, "refill-rounds-1")
    yield from people(problem)
    yield from outcomes(
        problem,
        {
            "不續補 none": solve(problem),
            "續補 rounds": solve(rounds),
            "續補，但卑南遇缺不補 but no refill at 卑南": solve(shut(rounds)),
        },
    )
    yield "![續補的鏈：安老師補缺額，白老師補安老師，車老師補白老師](matching/refill-1.svg)"


def shut(problem: Problem) -> Problem:
    """With 遇缺不補 at the school 安老師 leaves."""
    position = problem.teachers[0].position
    row = Vacancy(position=position, count=0, refill=False)
    return replace(problem, vacancies=(*problem.vacancies, row))


def no_show() -> Iterator[str]:
    ring = solve(example("triangle"))
    line = solve(ruled(example("refill"), "refill-rounds-1"))
    yield from table(
        ["誰未報到 who fails", "失效 void", "維持 stand", "空出 free again"],
        [
            fallen("環：白老師", ring, "白老師"),
            fallen(
                "環：白老師，原校增開一缺 her old school opens a seat", ring, "白老師", opens=True
            ),
            fallen("鏈：安老師", line, "安老師"),
            fallen("鏈：白老師", line, "白老師"),
            fallen("鏈：車老師", line, "車老師"),
        ],
    )


def fallen(what: str, placement: Placement, who: str, *, opens: bool = False) -> list[str]:
    failure = Failure(teacher=who, ground=Ground.NOT_REPORTED, extra_seat=opens)
    case = Failures(placement=placement.identity(), failed=(failure,))
    answer = cascade(placement, case)
    assert isinstance(answer, Cascade)
    return [
        what,
        "、".join(each.move.teacher for each in answer.void) or "—",
        "、".join(each.teacher for each in answer.stand) or "—",
        "、".join(f"{place(seat)} {count}" for seat, count in answer.free.items()) or "—",
    ]


def lots() -> Iterator[str]:
    ids = tuple(sorted(each.id for each in example("triangle").teachers))
    promised = commit(SECRET, ids)
    drawn = reveal(promised, SECRET, ids)
    assert not isinstance(drawn, tuple)
    order = sorted(drawn.lots, key=lambda each: drawn.lots[each])
    yield from table(
        ["何時 when", "公布什麼 what is published"],
        [
            ["申請截止前 before the window closes", f"名冊與承諾值 `{promised.commitment}`"],
            ["抽籤當場 at the draw", f"祕密數 `{SECRET.hex()}`"],
            ["之後 afterwards", "人人可以重算 anybody draws again: " + "、".join(order)],
        ],
    )


def verified() -> Iterator[str]:
    """What the stand-alone verifier says to a right file and to a changed one."""
    problem = example("triangle")
    right = solve(problem)
    wrong = replace(right, components=())
    with TemporaryDirectory() as folder:
        for name, placement in (("placement.json", right), ("changed.json", wrong)):
            (Path(folder) / name).write_bytes(placement.encode())
            words = ["verify_placement.py", "triangle.json", name]
            done = subprocess.run(
                [
                    *(sys.executable, ROOT / "docs" / words[0]),
                    *(EXAMPLES / words[1], Path(folder) / name),
                ],
                capture_output=True,
                check=False,
                encoding="utf-8",
                env={"PYTHONUTF8": "1"},
            )
            yield "```text"
            yield f"$ python3 {' '.join(words)}; echo $?"
            told = (done.stdout + done.stderr).replace(f"{folder}/", "")
            yield from told.replace(f"{EXAMPLES}/", "").strip().splitlines()
            yield f"{done.returncode}"
            yield "```"


def season_placements() -> tuple[Problem, Mapping[str, Placement]]:
    problem = example("season")
    return problem, {
        "正式 statutory": solve(problem),
        "逐筆 greedy": solve(ruled(problem, "greedy-1")),
        "續補 refill": solve(ruled(problem, "refill-rounds-1")),
        "先互調 rings first": solve(ruled(problem, "rings-first-1")),
        "循環交換 ttc": ttc(problem).placement,
    }


def season() -> Iterator[str]:
    problem, placements = season_placements()
    compared = compare(problem, placements)
    first = placements["正式 statutory"]
    mine = {move.teacher: move.destination for move in first.moves()}
    rows = []
    for account, placement in zip(compared.accounts, placements.values(), strict=True):
        theirs = {move.teacher: move.destination for move in placement.moves()}
        differing = sum(theirs.get(each.id) != mine.get(each.id) for each in problem.teachers)
        rows.append(
            [
                account.name,
                account.total,
                hundredths(account.mean_rank),
                max(people for _, people in account.sizes),
                account.complaints.teachers,
                account.complaints.wanted_empty,
                differing,
            ]
        )
    yield from table(
        [
            *("方式 how", "達成 moved", "平均志願 mean wish", "最大一案 largest"),
            *("較優先而未取得 passed over", "想去而有空缺 wanting an empty seat"),
            "與正式不同 other result",
        ],
        rows,
    )
    yield "![志願序分布](matching/season-ranks.svg)"
    yield ""
    yield "![正式結果的縣市流動](matching/season-flows-a.svg)"


BLOCKS = {
    "indigenous": indigenous,
    "two-totals": two_totals,
    "triangle": triangle,
    "refill": refill,
    "no-show": no_show,
    "lots": lots,
    "verify": verified,
    "season": season,
}


def document(text: str) -> str:
    """The document with its computed parts as they should be."""

    def computed(match: re.Match[str]) -> str:
        lines = "\n".join(BLOCKS[match[2]]()).strip()
        return f"{match[1]}\n{lines}\n\n{match[3]}"

    return BLOCK.sub(computed, text)


def pictures() -> Iterator[tuple[str, str]]:
    """Name and content of every picture of the document."""
    known = names()
    for name, problem in (
        ("triangle", example("triangle")),
        ("refill", ruled(example("refill"), "refill-rounds-1")),
    ):
        for picture in components(problem, solve(problem), known, Language.ZH):
            yield f"{name}-{int(picture.file[10:14])}.svg", picture.svg
    for picture in charts(compare(*season_placements()), known, Language.ZH):
        if picture.file in {"ranks.svg", "flows-a.svg"}:
            yield f"season-{picture.file}", picture.svg


def main() -> None:
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    for name, svg in pictures():
        (EXAMPLES / name).write_text(svg, encoding="utf-8")
    listed = json.dumps(sorted(path.name for path in EXAMPLES.iterdir()), ensure_ascii=False)
    sys.stdout.write(f"{listed}\n")


if __name__ == "__main__":
    main()
