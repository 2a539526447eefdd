"""Right placements of random markets, spoilt in every way, and what each checker says of them."""

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from matcher.checking import form
from matcher.checking.check import check
from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong
from matcher.deciding.solve import Solution, decide
from matcher.files import canon
from matcher.files.placement import parse_placement
from matcher.files.problem import problem_from_document
from matcher.whatif.ttc import ttc
from tests.matcher.corruptions import Spoilt, spoilt
from tests.matcher.greedy_walk import RULE_SETS as GREEDY
from tests.matcher.markets import RULE_SETS, random_problem, vacancy

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_placement.py"
PATH = re.compile(r"\.(\w+)|\[(\d+)\]")
# Which wrong needs no more words than its place.
PLACE_SAYS_IT = {
    *(Wrong.CERTIFICATE_MISSING, Wrong.CERTIFICATE_WRONG, Wrong.DECISIONS_OUT_OF_ORDER),
    *(Wrong.RING_BEATEN, Wrong.RING_START, Wrong.TRADED_OTHERWISE),
}
MOST_TEACHERS = 12
PART_WITH_MANY_VACANCIES = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A market and its right result, as documents."""

    rng: Random
    problem: dict[str, Any]
    placement: dict[str, Any]
    trace: bytes

    def spoilt(self) -> Iterator[Spoilt]:
        """The result with each kind of damage it can take."""
        return spoilt(self.rng, self.problem, self.placement)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was tried, by kind, and what went wrong, in words."""

    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def right_result(seed: int) -> Right:
    """The market of a seed and what is right for it."""
    rng = Random(seed)  # noqa: S311  # a market is no secret
    problem = random_problem(rng, most_teachers=MOST_TEACHERS, rule_sets=RULE_SETS + GREEDY)
    if rng.random() < PART_WITH_MANY_VACANCIES:
        told = {(row["school"], row["subject"]) for row in problem["vacancies"]}
        problem["vacancies"] += [
            vacancy(each["id"])
            for each in problem["schools"]
            if "closed" not in each["marks"] and (each["id"], "general") not in told
        ]
    return _right(rng, problem, decide(problem_from_document(problem, f"seed {seed}")))


def traded_result(seed: int) -> Right:
    """The market of a seed and what trading cycles give, with their certificate."""
    rng = Random(seed)  # noqa: S311  # a market is no secret
    problem = random_problem(rng, most_teachers=MOST_TEACHERS)
    return _right(rng, problem, ttc(problem_from_document(problem, f"seed {seed}")))


def _right(rng: Random, problem: dict[str, Any], solution: Solution) -> Right:
    placement = json.loads(solution.placement.encode())
    return Right(rng=rng, problem=problem, placement=placement, trace=solution.trace)


Judge = Callable[[Right, dict[str, Any]], set[str]]
"""The codes of what is wrong with a placement document; empty means accepted."""


def by_check(right: Right, placement: dict[str, Any]) -> set[str]:
    """What the product's checker says."""
    problem = problem_from_document(right.problem, "problem")
    read = parse_placement(canon.encode(placement), "placement")
    found = check(problem, read, right.trace)
    lost = {f"nowhere: {each!r}" for each in found if not is_shown(each, placement)}
    return {finding.code.value for finding in found} | lost


def is_shown(finding: Finding, placement: dict[str, Any]) -> bool:
    """Whether its path leads to something in the document, or to what is missing there."""
    here: Any = placement
    if not finding.path.startswith("$") or not isinstance(finding.detail, str):
        return False
    if not finding.detail and finding.code not in PLACE_SAYS_IT:
        return False
    for key, index in PATH.findall(finding.path.removeprefix("$")):
        if key and key not in here:
            return (key, finding.code) == ("certificate", Wrong.CERTIFICATE_MISSING)
        here = here[key] if key else here[int(index)]
    return True


def load_verifier() -> Any:
    """The stand-alone verifier as a module; it is a file to be copied, not part of a package."""
    spec = importlib.util.spec_from_file_location("verify_placement", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_verifier() -> Judge:
    """What the stand-alone verifier says."""
    module = load_verifier()

    def judge(right: Right, placement: dict[str, Any]) -> set[str]:
        return module.judged(module.Market(right.problem), placement, right.trace)

    return judge


def by_form_alone(right: Right, placement: dict[str, Any]) -> set[str]:
    """A blind checker, for the control: chains and rings hold together, and that is all."""
    problem = problem_from_document(right.problem, "problem")
    read = parse_placement(canon.encode(placement), "placement")
    located = [(f"{number}", each) for number, each in enumerate(read.components)]
    found = (*form.phases(problem, located), *form.links(located))
    return {finding.code.value for finding in (*found, *form.moves(Claims(problem), located))}


def judge_seed(seed: int, judges: Mapping[str, Judge], tally: Tally) -> None:
    """The right result of a seed is to be accepted, each damaged one refused for a right reason."""
    judge_result(right_result(seed), seed, judges, tally)


def judge_result(right: Right, seed: int, judges: Mapping[str, Judge], tally: Tally) -> None:
    """As `judge_seed`, of a result that is known."""
    for each in (Spoilt(kind="right", placement=right.placement, codes=set()), *right.spoilt()):
        tally.kinds[each.kind] += 1
        for name, judge in judges.items():
            said = judge(right, each.placement)
            if bool(said) != each.must_refuse(name) or not said <= each.allowed(name):
                words = ", ".join(sorted(said)) or "nothing"
                tally.broken.append(f"seed {seed}, {each.kind}: {name} says {words}")
