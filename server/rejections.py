"""Machines are told which of their own entries are rejected, why, and when one no longer is.

Once for every change, in the transaction of the verdict (ADR 0041).
"""

from collections.abc import Iterator

from core.wire.kind import VerdictNotice
from server.inbox import Notice
from server.views.fold import Folded


def rejection_notices(folded: Folded) -> Iterator[Notice]:
    """One for each entry whose rejection is another one than before, or is over."""
    last = {item.finding.eh: (item.finding, judgement) for item, judgement in folded.judged}
    # Of what was judged twice in this pass, as it was before it.
    before = {item.finding.eh: item.rejected for item, _ in reversed(folded.judged)}
    for eh, (finding, judgement) in last.items():
        code = judgement.code if judgement.rejected else None
        if code == before[eh]:
            continue
        word = judgement.rejection
        body = VerdictNotice(
            inc=finding.inc,
            seq=finding.seq,
            hash=eh,
            code=None if word is None else word.value,
        )
        yield Notice(dev=finding.dev, kind="inbox.verdict", body=body, content=None)
