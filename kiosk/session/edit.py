"""Change a draft so that the change can be taken back. Every function gives a new draft."""

import unicodedata
from dataclasses import fields, replace

from core.domain.ids import SchoolId
from kiosk.session.draft import (
    STEPS_KEPT,
    Answers,
    Draft,
    Edit,
    EditName,
    FieldChange,
    ListChange,
    Value,
)

COALESCE_MS = 30_000
"""Keystrokes in one field within this time are one step: nobody takes back letter by letter."""
PLACES = tuple(each.name for each in fields(Answers) if each.name != "wishes")
# Progress, not content: taking back a step must not ask for the notices again.
MARKS = frozenset({"notices_read", "agreed_ms", "agreed_to"})


def record(draft: Draft, after: Answers, name: EditName, subject: str, at_ms: int) -> Draft:
    """The draft with ``after`` as its answers, and one more step.

    Unchanged when nothing differs.
    """
    before = draft.answers
    changed = tuple(
        FieldChange(place=place, before=_value(before, place), after=_value(after, place))
        for place in PLACES
        if place not in MARKS and _value(before, place) != _value(after, place)
    )
    wishes = _spliced(before.wishes, after.wishes)
    if not changed and wishes is None:
        return draft
    edit = Edit(name=name, subject=subject, at_ms=at_ms, fields=changed, wishes=wishes)
    past = _joined(draft.past, edit) if name is EditName.BASICS_TYPED else (*draft.past, edit)
    return replace(draft, answers=after, past=past[-STEPS_KEPT:], future=(), closed=False)


def undo(draft: Draft) -> Draft:
    """One step back; unchanged when there is none."""
    if not draft.past:
        return draft
    edit = draft.past[-1]
    return replace(
        draft,
        answers=_applied(draft.answers, edit, back=True),
        past=draft.past[:-1],
        future=(edit, *draft.future),
        closed=False,
    )


def redo(draft: Draft) -> Draft:
    """The last step taken back, again; unchanged when there is none."""
    if not draft.future:
        return draft
    edit = draft.future[0]
    return replace(
        draft,
        answers=_applied(draft.answers, edit, back=False),
        past=(*draft.past, edit),
        future=draft.future[1:],
        closed=False,
    )


def stand_at(draft: Draft, count: int) -> Draft:
    """The draft after ``count`` of all its steps, past and future; out of range means the end."""
    wanted = max(0, min(count, len(draft.past) + len(draft.future)))
    while len(draft.past) > wanted:
        draft = undo(draft)
    while len(draft.past) < wanted:
        draft = redo(draft)
    return draft


def clean(text: str) -> str:
    """Typed text as it may be stored: NFC, one line, no lone surrogates or control characters."""
    sound = text.encode("utf-8", "ignore").decode()
    return unicodedata.normalize(
        "NFC", "".join(each for each in sound if unicodedata.category(each) != "Cc")
    )


def _applied(answers: Answers, edit: Edit, *, back: bool) -> Answers:
    values: dict[str, object] = {
        each.place: each.before if back else each.after for each in edit.fields
    }
    change = edit.wishes
    if change is not None:
        gone, come = (change.after, change.before) if back else (change.before, change.after)
        wishes = answers.wishes
        values["wishes"] = wishes[: change.at] + come + wishes[change.at + len(gone) :]
    return replace(answers, **values)  # type: ignore[arg-type]  # names and values of its own fields


def _value(answers: Answers, place: str) -> Value:
    value: Value = getattr(answers, place)
    return value


def _spliced(before: tuple[SchoolId, ...], after: tuple[SchoolId, ...]) -> ListChange | None:
    """The smallest piece that differs.

    A list of hundreds changes by one or two places at a time.
    """
    if before == after:
        return None
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head
    )
    return ListChange(
        at=head,
        before=before[head : len(before) - tail],
        after=after[head : len(after) - tail],
    )


def _joined(past: tuple[Edit, ...], edit: Edit) -> tuple[Edit, ...]:
    last = past[-1] if past else None
    if (
        last is None
        or (last.name, last.subject) != (edit.name, edit.subject)
        or not 0 <= edit.at_ms - last.at_ms <= COALESCE_MS
    ):
        return (*past, edit)
    (earlier,), (later,) = last.fields, edit.fields
    if earlier.before == later.after:
        return past[:-1]  # typed and deleted again: no step at all
    change = replace(later, before=earlier.before)
    return (*past[:-1], replace(last, fields=(change,)))
