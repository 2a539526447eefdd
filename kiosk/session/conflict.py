"""Two versions that did not know of each other: looked at side by side, one of them goes on.

Fields are never merged (PROTOCOL 2.9). Whatever she chooses becomes her draft; 送出 then makes one
complete new version that names every head.
"""

from dataclasses import dataclass, replace

from core.domain.ids import SchoolId
from kiosk.session.difference import difference
from kiosk.session.draft import Answers, EditName
from kiosk.session.edit import record as recorded
from kiosk.session.form import agreement, answers_of
from kiosk.session.gesture import ConflictOpened, HeadChosen, HeadTurned
from kiosk.session.page import CheckPage, ConflictPage, TasksPage, WithdrawPage
from kiosk.session.record import Record, Version
from kiosk.session.sending import faults
from kiosk.session.state import Session, SignedIn
from kiosk.session.turn import Step, at_ms, stay
from kiosk.session.wishing import with_resting
from kiosk.session.work import hindrance, keep, say, turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What stands side by side.

    ``left`` and ``right`` are None for a side without content: it takes the application back, or
    its content is on another machine. ``fields`` are the answers that differ, ``wishes`` the
    schools rank by rank, None behind the end of the shorter list.
    """

    left: Answers | None
    right: Answers | None
    fields: tuple[str, ...]
    wishes: tuple[tuple[SchoolId | None, SchoolId | None], ...]


def shown_heads(record: Record, page: ConflictPage) -> tuple[Version, Version]:
    """The versions on the left and on the right."""
    return record.heads[0], record.heads[min(page.right, len(record.heads) - 1)]


def pair_of(left: Version, right: Version) -> Pair:
    """Two versions, answer by answer and rank by rank."""
    first, second = _answers(left), _answers(right)
    here = first or second or Answers()
    there = second or first or Answers()
    ranks = range(max(len(here.wishes), len(there.wishes)))
    return Pair(
        left=first,
        right=second,
        fields=difference(here, there).fields,
        wishes=tuple((_at(first, rank), _at(second, rank)) for rank in ranks),
    )


def looked(
    session: Session, scene: SignedIn, event: ConflictOpened | HeadTurned | HeadChosen
) -> Step:
    """Opening the comparison, turning it, and choosing."""
    if not scene.record.in_conflict:
        return stay(session)
    match scene.page, event:
        case _, ConflictOpened():
            return turn(session, scene, ConflictPage())
        case ConflictPage(right=right), HeadTurned():
            following = right % (len(scene.record.heads) - 1) + 1
            return turn(session, scene, ConflictPage(following))
        case ConflictPage(), HeadChosen():
            return _chosen(session, scene, event)
        case _:
            return stay(session)


def _chosen(session: Session, scene: SignedIn, event: HeadChosen) -> Step:
    """Her choice becomes the draft; what the draft was before is one step back."""
    version = next((each for each in scene.record.heads if each.hash == event.version), None)
    if version is None:
        return stay(session)
    hindered = hindrance(session, scene)
    if hindered is not None:
        return say(session, scene, hindered)
    if version.withdrawn and not event.edit:
        return turn(session, scene, WithdrawPage())
    answers = scene.draft.answers
    if version.claim is not None and version.wishes is not None:
        agreed = agreement(answers, version, at_ms(session))
        sent = answers_of(version.claim, version.wishes, agreed)
        answers = with_resting(sent, answers)
    elif not event.edit:
        return say(session, scene, "version_elsewhere")
    # A side without content can still be answered: by what the draft holds.
    draft = recorded(
        scene.draft, answers, EditName.VERSION_RESTORED, str(version.version), at_ms(session)
    )
    draft = replace(draft, settles=scene.record.head_hashes, closed=False)
    chosen = replace(scene, draft=draft)
    if event.edit:
        page: CheckPage | TasksPage = TasksPage()
    else:
        page = CheckPage(faults=faults(session, chosen, ticked=False))
    toast = "chosen_to_edit" if event.edit else "chosen"
    if draft == scene.draft:
        return say(session, replace(scene, page=page), toast)
    return keep(session, replace(scene, page=page), draft, toast)


def _answers(version: Version) -> Answers | None:
    if version.claim is None or version.wishes is None:
        return None
    return answers_of(version.claim, version.wishes)


def _at(answers: Answers | None, rank: int) -> SchoolId | None:
    wishes = () if answers is None else answers.wishes
    return wishes[rank] if rank < len(wishes) else None
