"""What a checker says, as lines that a test can name."""

from collections.abc import Iterable

from matcher.checking.verdict import Finding


def said(findings: Iterable[Finding]) -> list[str]:
    """A line for each finding: where, what, and what to look at."""
    return [": ".join(filter(None, (each.path, each.code, each.detail))) for each in findings]
