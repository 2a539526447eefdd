"""Errands for teachers: carried to the centre, asked after until they are done (ADR 0030)."""

from collections.abc import Iterator

from msgspec import UNSET

from core.signature import SignatureType
from core.wire.chain import Head
from core.wire.document import sign_document
from core.wire.errand import Errand, Task
from syncd.client import Refusal, SeenBeacon
from syncd.kit import ChoreError, Kit
from syncd.store.errands import StoredErrand


async def carry_errands(kit: Kit, seen: SeenBeacon) -> None:
    """Ask for every open errand once.

    Raises:
        ChoreError: The centre does not take errands from this machine now.
        LineError: No answer.
    """
    own = kit.store.ledger.head()
    if own is None:
        return
    for each in _in_turn(kit):
        answer = await kit.client.errand(seen.beacon.dev, _signed(kit, own, seen, each))
        if isinstance(answer, Refusal):
            raise ChoreError(f"errand_{answer.status}")
        if answer.id != each.id:
            raise ChoreError("errand_other")
        with kit.store.transaction():
            kit.store.errands.answered(answer, kit.clock())


def _in_turn(kit: Kit) -> Iterator[StoredErrand]:
    """Settings last: a centre of an older program refuses them, and nobody waits for them.

    They go once the log has: her registration may be in it, without which the centre knows nobody.
    """
    waiting = kit.store.errands.open()
    yield from (each for each in waiting if each.task is not Task.DISPLAY)
    if not kit.store.outbox.pending():
        yield from (each for each in waiting if each.task is Task.DISPLAY)


def _signed(kit: Kit, own: Head, seen: SeenBeacon, each: StoredErrand) -> bytes:
    asked = Errand(
        dev=seen.beacon.dev,
        inc=own.inc,
        seq=own.seq,
        beacon=seen.id,
        id=each.id,
        teacher=each.teacher,
        task=each.task,
        address=each.address,
        code=each.code,
        token=each.token,
        display=UNSET if each.display is None else each.display,
    )
    return sign_document(SignatureType.ERRAND, asked, kit.key)
