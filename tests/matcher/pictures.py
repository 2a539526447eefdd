"""What is told of one invented market, as it was looked at: ``python -m tests.matcher.pictures``.

Pictures, reports (theirs cut out), lines of a terminal, documents and reasons stand in
``pictures/``; a test holds them against what the programs tell today.
"""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from matcher.checking.verdict import Finding, Wrong
from matcher.deciding.solve import solve
from matcher.files import canon
from matcher.files.counties import read_counties
from matcher.files.problem import problem_from_document
from matcher.files.refusal import Fault, FaultCode
from matcher.telling.compare import Comparison, compare
from matcher.telling.comparing_text import lines
from matcher.telling.diagrams import components
from matcher.telling.explain import Explainer
from matcher.telling.names import Names
from matcher.telling.report import page
from matcher.telling.text import TEXTS, Language
from tests.matcher.greedy_walk import RULE_SETS as GREEDY
from tests.matcher.markets import (
    RULE_SETS,
    problem,
    random_problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

OTHERS = (
    rules(vacancy_phase() | {"method": "ttc", "refill": "chains"}),
    rules(vacancy_phase("indigenous", who="indigenous")),
)
MARKETS = 120
PICTURE = re.compile(r'base64,([^"]+)')
KEPT = Path(__file__).with_name("pictures")
NAMES = Names(
    counties=read_counties(),
    schools={"S0": "大埤國民小學", "S1": "樟樹 & <青山> 國民小學東興分校附設國民中學部"},
    subjects={"general": "普通"},
)


def ring(size, first):
    """People each of whom wants the seat of the next."""
    return [
        teacher(
            f"T{first + n}",
            f"S{first + n}",
            f"S{first + (n + 1) % size}",
            points={"13": 9000 - 100 * (first + n)},
        )
        for n in range(size)
    ]


def market(*, vacancies=(1,), rings=(2, 3, 4, 5, 6)):
    """A chain of two, and rings of two, three, four, five and six."""
    people = [
        teacher("T1", "S1", "S0", points={"14": 9950}),
        teacher("T2", "S2", "S1", points={"13": 4000}),
        teacher("T3", "S3", "S0", points={"14": 3000}),
    ]
    first = 10
    for size in rings:
        people += ring(size, first)
        first += 10
    homes = [each["school"] for each in people]
    schools = [school("S0", "14"), *(school(name) for name in dict.fromkeys(homes))]
    how = rules(vacancy_phase(refill="rounds"), ring_phase(2, 2, "swap"), ring_phase(3, 6))
    return problem_from_document(
        problem(
            schools,
            people,
            vacancies=[vacancy("S0", count) for count in vacancies],
            rules=how,
        ),
        "x",
    )


def two_placements() -> Comparison:
    here = market()
    return compare(
        here, {"正式.json": solve(here), "b/不開缺額.json.zst": solve(market(vacancies=()))}
    )


Told = Iterator[tuple[str, str]]
"""Names of files and what stands in them."""


def reports() -> Told:
    """A report in Chinese and its charts, and one in English where nobody moved."""
    report = page(two_placements(), NAMES, Language.ZH)
    for number, data in enumerate(PICTURE.findall(report), start=1):
        yield f"chart-{number}.svg", b64decode(data).decode()
    yield "report-zh.html", PICTURE.sub("base64,…", report)
    nothing = market(vacancies=(), rings=())
    unmoved = compare(nothing, {"nothing.json": solve(nothing)})
    yield "report-en.html", PICTURE.sub("base64,…", page(unmoved, NAMES, Language.EN))


def compared() -> Told:
    """Two placements side by side, as a document and in lines."""
    both = two_placements()
    for lang in Language:
        yield f"lines-{lang.value}.txt", "\n".join(lines(both, NAMES, lang)) + "\n"
    yield "compared.json", json.dumps(both.document(), ensure_ascii=False, indent=1) + "\n"


def diagrams() -> Told:
    """A chain, and rings of each size."""
    here = market()
    for each in components(here, solve(here), NAMES, Language.ZH):
        yield each.file, each.svg


def words() -> Told:
    """What is said of wishes that were missed, of findings and of faults."""
    yield "codes.txt", "\n".join(codes()) + "\n"
    yield "reasons.txt", "\n".join(reasons()) + "\n"


def reasons() -> Iterator[str]:
    """Some of every reason there is, out of small markets: in both languages, and as a document."""
    met: Counter[object] = Counter()
    for seed in range(MARKETS):
        rng = Random(seed)  # noqa: S311  # a market is no secret
        document = random_problem(rng, most_teachers=9, rule_sets=RULE_SETS + GREEDY + OTHERS)
        here = problem_from_document(document, "x")
        for each in Explainer(here, solve(here)).everyone():
            for answer, written in zip(each.answers, each.document()["wishes"], strict=True):
                for reason, row in zip(answer.reasons, written["reasons"], strict=True):
                    decided = reason.comparison and reason.comparison.decided_by
                    met[reason.code, decided] += 1
                    if met[reason.code, decided] <= 2:
                        yield from (TEXTS[lang].reason(reason) for lang in Language)
                        yield canon.encode(row).decode()


def codes() -> Iterator[str]:
    """Every finding and every fault in words, with and without what it is about."""
    for lang in Language:
        for about in ("", "T0001"):
            for wrong in Wrong:
                yield TEXTS[lang].finding(Finding(path="$", code=wrong, detail=about))
            for code in FaultCode:
                yield TEXTS[lang].fault(Fault(file="a", path="$", code=code, detail=about))


PARTS: dict[str, Callable[[], Told]] = {
    "chart- report-": reports,
    "lines- compared.": compared,
    "component-": diagrams,
    "codes. reasons.": words,
}
"""What tells the files whose names begin so."""


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for path in KEPT.iterdir():
        path.unlink()
    for part in PARTS.values():
        for name, text in part():
            (KEPT / name).write_text(text, encoding="utf-8")
