"""Whether a store still holds what people were told, and nothing that does not fit (I1, I2)."""

import json
from pathlib import Path

from core.wire.chain import Head, Link, continues, verify_frame
from core.wire.client import Delivery
from core.wire.event import Frame
from core.wire.fault import WireError
from core.wire.identity import certificate_hash
from syncd.store.database import Store, open_store
from syncd.store.fault import StoreError
from tests.faults.work import APP, NAME, Told
from tests.syncd.machine import LOG_KEY, STORE_KEY, append

AUDITED = 10_000
REACHED = frozenset({Delivery.DELIVERED, Delivery.BACKED_UP})


class Judge:
    """Remembers which frames hold, so that each is verified once and not in every image."""

    def __init__(self) -> None:
        self._links: dict[tuple[bytes, bytes, bytes | None], Link] = {}

    def judge(self, folder: Path, told: bytes) -> str | None:
        """What is wrong with the store in ``folder``; None when nothing is."""
        claimed = Told(**json.loads(told)) if told else Told()
        try:
            with open_store(folder / NAME, STORE_KEY) as store:
                return self.judge_store(store, claimed)
        except (StoreError, WireError) as error:
            return f"{type(error).__name__}: {error}"

    def judge_store(self, store: Store, told: Told) -> str | None:
        """As `judge`, for an open store; one more entry is written to it."""
        identity = store.identity.read()
        if identity is None:
            return "identity lost" if told.enrolled else None
        root = Head(inc=1, seq=0, hash=certificate_hash(identity.certificate))
        head = root
        for link in map(self._verified, (each.frame for each in store.ledger.links(1, 1 << 20))):
            if code := continues(link, identity.device, head):
                return f"chain: {code} after {head.seq}"
            head = link.head
        return _compared(store, told, head) or _goes_on(store, head)

    def _verified(self, frame: Frame) -> Link:
        name = (frame.event, frame.signature, frame.payload)
        if name not in self._links:
            self._links[name] = verify_frame(frame, LOG_KEY.public)
        return self._links[name]


def _compared(store: Store, told: Told, head: Head) -> str | None:
    draft = store.drafts.find(APP)
    # Undelivered is what the newest delivery that was kept leaves open.
    through = next(
        (seq for seq in range(head.seq, 0, -1) if store.outbox.delivery(seq) in REACHED), 0
    )
    checks = {
        "head is not the last entry": store.ledger.head() != head,
        f"entries lost: {head.seq} of {told.seq}": head.seq < told.seq,
        "draft lost": _number(draft.content if draft else b"") < told.draft,
        "audit lost": len(store.audit.newest(AUDITED)) < told.audit,
        "delivery lost": through < told.through,
        "outbox is not entries without answer": store.outbox.pending() != head.seq - through,
    }
    return next((what for what, wrong in checks.items() if wrong), None)


def _goes_on(store: Store, head: Head) -> str | None:
    return None if append(store).event.seq == head.seq + 1 else "does not go on"


def _number(draft: bytes) -> int:
    return int.from_bytes(draft[:4], "big")
