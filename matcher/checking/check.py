"""Whether a placement is what the rule file prescribes, proved without solving again.

First the form: every move asked for, every seat there, chains and rings really such. Only a sound
form is held against the theorems of its methods: `matcher.checking.envy` (deferred acceptance),
`matcher.checking.walk` (greedy), `matcher.checking.trade` (trading), `matcher.checking.rivals`
(rings). What-if mechanisms bring a
certificate (`matcher.checking.certificates`). Shares only the file types with
`matcher.deciding`.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from matcher.checking import form
from matcher.checking.certificates import check_certificate
from matcher.checking.claims import Claims
from matcher.checking.form import Located
from matcher.checking.ledger import Opening, RoundsLedger, membership, opening
from matcher.checking.rivals import rivals
from matcher.checking.trade import TradeLedger
from matcher.checking.verdict import Finding, Wrong
from matcher.checking.walk import WalkLedger
from matcher.files import canon
from matcher.files.placement import Chain, Mechanism, Placement, Ring
from matcher.files.problem import Problem
from matcher.files.rulebook import RingPhase, VacancyMethod, VacancyPhase


def check(
    problem: Problem, placement: Placement, trace: bytes | None = None
) -> tuple[Finding, ...]:
    """Everything that is wrong, in the order of the placement file; empty means proved right.

    ``trace``: the content of the trace file, if there is one to hold the placement against.
    """
    claims = Claims(problem)
    located = [
        (f"$.components[{index}]", component)
        for index, component in enumerate(placement.components)
    ]
    findings = list(_identities(problem, placement, trace))
    if placement.mechanism is Mechanism.STATUTORY:
        findings += (*form.phases(problem, located), *form.links(located))
        findings += form.moves(claims, located)
        return tuple(findings or _ledger(problem, claims, located))
    findings += form.moves(claims, located)
    return tuple(findings) or check_certificate(problem, claims, placement)


def _identities(problem: Problem, placement: Placement, trace: bytes | None) -> Iterator[Finding]:
    if placement.problem != (here := problem.identity()):
        yield Finding(path="$.problem", code=Wrong.OTHER_PROBLEM, detail=here)
    if placement.rules != (here := problem.rules.identity()):
        yield Finding(path="$.rules", code=Wrong.OTHER_RULES, detail=here)
    if trace is not None and placement.trace != (here := canon.identity(trace)):
        yield Finding(path="$.trace", code=Wrong.OTHER_TRACE, detail=here)


def _ledger(problem: Problem, claims: Claims, located: Sequence[Located]) -> list[Finding]:
    """What is wrong in the first phase that is not right; later ones begin with what it left."""
    waiting = dict.fromkeys(range(len(claims.teachers)))
    seats = dict(claims.capacity)
    for phase in problem.rules.phases:
        here = [(path, c) for path, c in located if c.phase == phase.name]
        chains = [(path, c) for path, c in here if isinstance(c, Chain)]
        findings: list[Finding]
        match phase:
            case VacancyPhase():
                findings = _vacancies(claims, opening(claims, phase, waiting, seats), here)
            case RingPhase():
                rings = [(path, c) for path, c in here if isinstance(c, Ring)]
                findings = rivals(claims, phase, waiting, rings)
            case _:
                assert_never(phase)
        if findings:
            return findings
        for _, chain in chains:
            seats[claims.seat[chain.moves[0].destination]] -= 1
        for _, component in here:
            for move in component.moves:
                del waiting[claims.person[move.teacher]]
    return []


def _vacancies(claims: Claims, begun: Opening, located: Sequence[Located]) -> list[Finding]:
    findings = list(membership(claims, begun, located))
    if findings:
        return findings
    chains = [(path, c) for path, c in located if isinstance(c, Chain)]
    match begun.phase.method:
        case VacancyMethod.DEFERRED_ACCEPTANCE:
            return RoundsLedger(claims, begun).findings(chains)
        case VacancyMethod.GREEDY:
            return WalkLedger(claims, begun).findings(chains)
        case VacancyMethod.TTC:
            return TradeLedger(claims, begun).findings(located)
        case _:
            assert_never(begun.phase.method)
