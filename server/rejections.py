"""Machines are told which of their own entries are rejected, why, and when one no longer is.

Once for every change, in the transaction of the verdict (ADR 0041).
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from core.sealing import SigningKey
from core.wire.kind import VerdictNotice
from server.inbox import Notice, append_notices
from server.views.fold import Folded


def tell_rejections(connection: Connection, folded: Folded, now_ms: int, key: SigningKey) -> None:
    """Write what a judging changed for the machines that made the entries."""
    append_notices(connection, list(rejection_notices(folded)), now_ms, key)


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
