"""What a what-if mechanism proves its result with, held against the placement.

Shares no code with `matcher.whatif`. What a certificate claims is never believed: it only saves
the checker the search.
"""

from matcher.checking.certified_blocks import check_blocks
from matcher.checking.certified_bounds import check_bounds
from matcher.checking.certified_lines import form, lines_of
from matcher.checking.certified_trades import check_trades
from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Mechanism, Placement
from matcher.files.problem import Problem


def check_certificate(
    problem: Problem, claims: Claims, placement: Placement
) -> tuple[Finding, ...]:
    """What is wrong with the components of a what-if placement, or else with its certificate.

    The identities, and each move by itself, are known to be right.
    """
    certificate = placement.certificate
    if certificate is None:
        return (Finding(path="$", code=Wrong.CERTIFICATE_MISSING),)
    lines = lines_of(claims, placement)
    findings = tuple(form(claims, placement, lines))
    if findings:
        return findings
    match placement.mechanism:
        case Mechanism.TTC:
            return tuple(check_trades(problem, claims, lines, certificate))
        case Mechanism.TEACHER_OPTIMAL_BLOCK_EXCHANGE:
            return tuple(check_blocks(claims, lines, certificate))
        case _:
            return tuple(check_bounds(claims, placement, lines))
