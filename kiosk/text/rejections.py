"""What the centre rejected, and what to do: for the teacher and for the officer."""

from collections.abc import Iterable

from kiosk.session.bureau import RosterRow, Row
from kiosk.session.progress import Stage, StageName
from kiosk.session.record import Delivery, Record
from kiosk.text.afterwards import Rejected
from kiosk.text.catalogue import Texts


def review_rejected(stage: Stage, record: Record, texts: Texts) -> tuple[str, ...]:
    """For the teacher, at the school's review; mostly nothing."""
    if stage.name is not StageName.REVIEW or not record.review_rejection:
        return ()
    return (texts.rejected("review", record.review_rejection),)


def case_rejected(row: Row, texts: Texts) -> tuple[str, ...]:
    """For the officer, of a case: the version, the decision that stands."""
    said: tuple[tuple[Rejected, str], ...] = (
        ("version", row.rejection),
        ("review", row.review_rejection),
    )
    return tuple(texts.rejected(what, word) for what, word in said if word)


def case_state(row: Row, texts: Texts) -> str:
    """How a case stands, in one word; 需處理 while the centre rejects something of it."""
    if row.rejection or row.review_rejection:
        return texts.delivery_word(Delivery.ATTENTION)
    state = texts.review(row.review) if row.verdict is None else texts.verdict(row.verdict)
    return texts.standing(row.standing) or state


def roster_state(row: RosterRow, texts: Texts) -> str:
    """Whether a teacher has been here; 需處理 while her registration is rejected."""
    if row.rejection:
        return texts.delivery_word(Delivery.ATTENTION)
    return texts.first_use_done if row.first_use_done else texts.first_use_open


def roster_rejected(rows: Iterable[RosterRow], texts: Texts) -> tuple[str, ...]:
    """For the officer, of the roster: who, and what to do."""
    return tuple(
        f"{each.name}{texts.colon}{texts.rejected('registration', each.rejection)}"
        for each in rows
        if each.rejection
    )
