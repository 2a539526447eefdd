"""The server's log for this machine.

Verified under the receipt key, stored, confirmed (PROTOCOL 2.8b).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.domain.ids import TeacherId
from core.signature import SignatureType
from core.wire.beacon import HeadStatement
from core.wire.canon import from_wire, typed
from core.wire.chain import Head, Link, continues, verify_frame
from core.wire.document import sign_document
from core.wire.errand import Task
from core.wire.event import NOTICE, SYSTEM, Frame, read_notice
from core.wire.fault import WireError
from core.wire.kind import BarredNotice, DisplayNotice, InboxSeen, ReceiptNotice, VerdictNotice
from core.wire.payload import BarredPayload, DisplayPayload, ReceiptPayload
from core.wire.receipt import open_receipt
from core.wire.reference import Trust
from syncd.client import Refusal, SeenBeacon
from syncd.kit import ChoreError, Kit
from syncd.store.audit import AuditCode
from syncd.store.ledger import Entry
from syncd.store.roster import Barred

PAGES_AT_MOST = 64  # in one go; the next beacon calls for the rest
DEVICE_SHORT = 8
EVENT_SHORT = 16


async def fetch_inbox(kit: Kit, trust: Trust, seen: SeenBeacon) -> None:
    """Store what is new, up to what the beacon speaks of, page by page.

    Raises:
        ChoreError: What came is not the continuation; nothing of that page is kept.
        LineError: No answer.
    """
    for _ in range(PAGES_AT_MOST):
        head = kit.store.inbox.head()
        if head is None or head.seq >= seen.beacon.inbox:
            return
        frames = await _page(kit, head, seen)
        if not frames:
            return
        try:
            links = _verified(frames, trust.receipt, seen.beacon.dev, head)
        except WireError as error:
            kit.store.audit.add(AuditCode.INBOX_REFUSED, kit.clock(), detail=error.code)
            raise ChoreError("inbox_refused") from error
        _store(kit, trust, links)


async def _page(kit: Kit, head: Head, seen: SeenBeacon) -> tuple[Frame, ...]:
    own = kit.store.ledger.head()
    if own is None:
        return ()
    statement = HeadStatement(
        dev=seen.beacon.dev,
        inc=own.inc,
        seq=own.seq,
        head=own.hash,
        beacon=seen.id,
        purpose="inbox",
        after=head.seq,
    )
    signed = sign_document(SignatureType.HEAD, statement, kit.key)
    answer = await kit.client.inbox(seen.beacon.dev, signed)
    if isinstance(answer, Refusal):
        raise ChoreError("inbox_absent")
    return answer


def _verified(
    frames: Sequence[Frame], keys: Sequence[bytes], device: bytes, head: Head
) -> tuple[Link, ...]:
    links: list[Link] = []
    for frame in frames:
        link = _link(frame, keys)
        if head.seq == 0 and not head.hash:
            head = replace(head, hash=link.event.prev)
        fault = continues(link, device, head)
        if fault is not None:
            raise WireError(fault)
        if link.event.who.role != "server" or not link.event.kind.startswith(NOTICE):
            raise WireError("not_the_server")
        links.append(link)
        head = link.head
    return tuple(links)


def _link(frame: Frame, keys: Sequence[bytes]) -> Link:
    """The frame under whichever receipt key signed it: the server's keys change within a season."""
    for key in keys:
        try:
            return verify_frame(frame, key, read_notice)
        except WireError as error:
            if error.code != "signature":
                raise
    raise WireError("signature")


def _store(kit: Kit, trust: Trust, links: Sequence[Link]) -> None:
    last = links[-1]
    body = InboxSeen(seq=last.event.seq, head=last.hash)
    with kit.store.transaction():
        kit.store.inbox.store(links)
        for link in links:
            match link.event.kind:
                case "inbox.receipt":
                    _keep_receipt(kit, trust.receipt, link)
                case "inbox.barred":
                    _keep_barred(kit, link)
                case "inbox.verdict":
                    _keep_verdict(kit, link)
                case "inbox.display":
                    _keep_display(kit, link)
                case _:
                    pass
        entry = Entry(kind="inbox.seen", body=body, who=SYSTEM)
        kit.store.ledger.append(entry, kit.clock(), kit.key)


def _keep_receipt(kit: Kit, keys: Sequence[bytes], link: Link) -> None:
    """Put a receipt beside the entry it is for, if it really is."""
    notice = typed(link.event.body, ReceiptNotice)
    try:
        data = from_wire(link.frame.payload or b"", ReceiptPayload).receipt
    except WireError:
        return
    own = kit.store.ledger.link(notice.hash)
    if own is None or own.event.seq != notice.seq:
        return
    if any(_speaks_of(data, key, link, own.hash) for key in keys):
        kit.store.outbox.settle((own.event.inc, own.event.seq), data)


def _keep_verdict(kit: Kit, link: Link) -> None:
    """Put the reason beside the entry that is rejected, if that is here."""
    notice = typed(link.event.body, VerdictNotice)
    own = kit.store.ledger.link(notice.hash)
    number = (notice.inc, notice.seq)
    if own is not None and (own.event.inc, own.event.seq) == number:
        kit.store.outbox.judge(number, notice.code)


def _keep_barred(kit: Kit, link: Link) -> None:
    """Note on the roster what the centre said of a teacher; a notice that says nothing is none."""
    try:
        said = from_wire(link.frame.payload or b"", BarredPayload)
        until = None if said.until is None else date.fromisoformat(said.until)
    except (WireError, ValueError):
        return
    barred = None if said.clause is None else Barred(clause=said.clause, until=until)
    kit.store.roster.bar(TeacherId(typed(link.event.body, BarredNotice).teacher), barred)


def _keep_display(kit: Kit, link: Link) -> None:
    """How she wants kiosks to look, unless she chose here since and the centre has not heard it."""
    try:
        said = from_wire(link.frame.payload or b"", DisplayPayload)
    except WireError:
        return
    teacher = typed(link.event.body, DisplayNotice).teacher
    own = kit.store.errands.find(teacher, Task.DISPLAY)
    if own is None or not own.open:
        kit.store.displays.save(teacher, said.settings)


def _speaks_of(data: bytes, key: bytes, link: Link, event_hash: bytes) -> bool:
    try:
        receipt = open_receipt(data, key)
    except WireError:
        return False
    device = link.event.dev[:DEVICE_SHORT]
    return receipt.device == device and receipt.event == event_hash[:EVENT_SHORT]
