"""The audit lines a transition leaves, derived from its two ends and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.ids import TeacherId
from kiosk.session.draft import Answers, Draft
from kiosk.session.page import NOTICES_VERSION, NoticesPage
from kiosk.session.state import Covered, Scene, Session, SignedIn, TakeCard, Trouble
from kiosk.session.station import Slot, SlotEmpty, SlotHolds
from kiosk.session.turn import held_of


class TraceCode(StrEnum):
    """What is found in transitions; each is a code of the store's closed list too."""

    CARD_READ = "card_read"
    CARD_REFUSED = "card_refused"
    CARD_REMOVED = "card_removed"
    SCREEN_COVERED = "screen_covered"
    SIGNED_OUT = "signed_out"
    NOTICES_AGREED = "notices_agreed"
    CARD_LEFT = "card_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One line: what was found, the person's pseudonym, a code as detail."""

    code: TraceCode
    who: TeacherId | None = field(default=None, repr=False)
    detail: str = ""


def audit_event(before: Session, after: Session) -> tuple[Trace, ...]:
    """What an auditor should find of this step: cards, covers, ends."""
    if before.suspended is not None or after.suspended is not None:
        return ()  # practice: nobody was here
    found: list[Trace] = []
    old, new = before.reader.slot, after.reader.slot
    if isinstance(new, SlotHolds) and not isinstance(old, SlotHolds):
        found.append(Trace(code=TraceCode.CARD_READ, who=new.holder))
    if isinstance(old, SlotHolds) and isinstance(new, SlotEmpty):
        found.append(Trace(code=TraceCode.CARD_REMOVED, who=old.holder))
    if isinstance(after.scene, Trouble) and before.scene != after.scene:
        found.append(Trace(code=TraceCode.CARD_REFUSED, detail=after.scene.code))
    if _called(after.scene) > 0 == _called(before.scene):
        found.append(Trace(code=TraceCode.CARD_LEFT, who=_holder(new)))
    held = held_of(before.scene)
    if held is not None:
        who = held.person if isinstance(held, SignedIn) else held.officer.person
        if isinstance(after.scene, Covered) and not isinstance(before.scene, Covered):
            found.append(Trace(code=TraceCode.SCREEN_COVERED, who=who.teacher))
        if held_of(after.scene) is None:
            found.append(Trace(code=TraceCode.SIGNED_OUT, who=who.teacher))
    found += _agreed(before.scene, after.scene)
    return tuple(found)


def _called(scene: Scene) -> int:
    return scene.called if isinstance(scene, TakeCard) else 0


def _holder(slot: Slot) -> TeacherId | None:
    return slot.holder if isinstance(slot, SlotHolds) else None


def _agreed(before: Scene, after: Scene) -> Iterator[Trace]:
    """我同意上列注意事項: who, and which text (F-047)."""
    match before, after:
        case (
            SignedIn(page=NoticesPage(), draft=Draft(answers=Answers(agreed_ms=None))),
            SignedIn(person=person, draft=Draft(answers=Answers(agreed_ms=int()))),
        ):
            yield Trace(code=TraceCode.NOTICES_AGREED, who=person.teacher, detail=NOTICES_VERSION)
        case _:
            pass
