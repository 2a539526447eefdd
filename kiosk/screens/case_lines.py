"""A case to read: the claim line by line, and the wishes."""

from collections.abc import Iterable
from datetime import datetime

from core.domain.application import Claim
from core.domain.name import code_points, decode_name
from kiosk.screens.labels import mark_letters
from kiosk.session.bureau import Case
from kiosk.session.form import differs
from kiosk.session.naming import county_name, school_label
from kiosk.session.record import ReviewView
from kiosk.session.station import Station
from kiosk.text.catalogue import Texts
from kiosk.text.doubts import case_barred_words, case_doubts
from kiosk.text.points import decision_reasons
from kiosk.text.rejections import case_rejected
from kiosk.text.status import claim_rows
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph

LABEL = 20


def claim_lines(
    case: Case, station: Station, at: datetime, texts: Texts, width: int
) -> Iterable[Line]:
    """Person, contact, employment, answers; then the decision that stands, if any."""
    claim = case.claim
    name, *others = claim_rows(claim, station, texts)
    approved = case.decision is not None and case.decision.verdict == "approved"
    if differs(claim) and not approved:
        yield from paragraph(f" {texts.case_name_waiting}", width, Role.WARNING)
    barred = case_barred_words(case.barred, at, texts)
    if barred:
        yield from hanging(" ! ", barred, width, Role.WARNING)
    for each in case_rejected(case.row, texts):
        yield from hanging(" ! ", each, width, Role.ERROR)
    title, *doubts = case_doubts(claim, case.check, texts) or ("",)
    if title:
        yield from hanging(" ! ", title, width, Role.WARNING)
    for sentence in doubts:
        yield from hanging("   - ", sentence, width)
    if title:
        yield BLANK
    for label, value in (name, *_name_rows(claim, texts), *others):
        yield line(Span(f"   {fit(label, LABEL)}", Role.DIM), value)
    if case.decision is not None:
        yield BLANK
        yield from _decided(case.decision, texts, width)


def _decided(decision: ReviewView, texts: Texts, width: int) -> Iterable[Line]:
    """The decision that stands, with its reasons."""
    words = texts.decided_before(texts.verdict(decision.verdict), decision.at)
    yield line(f" {words}", role=Role.WARNING)
    reasons = texts.list_comma.join(texts.reason(each) for each in decision.reasons)
    if reasons or decision.remark:
        yield from paragraph(f"   {reasons} {decision.remark}", width)
    for each in decision_reasons(decision, texts):
        yield from hanging("   ! ", each, width)


def _name_rows(claim: Claim, texts: Texts) -> tuple[tuple[str, str], ...]:
    """The card's own name and the characters put in its place, for a look at the ID card."""
    if not differs(claim):
        return ()
    card, _ = decode_name(claim.card_name_raw)
    numbered = (
        f"{character} {number}" for character, number in code_points(claim.teacher_name, card)
    )
    return (
        (texts.label_card_name, card),
        (texts.label_new_characters, texts.list_comma.join(numbered)),
    )


def wish_lines(case: Case, station: Station, texts: Texts, width: int) -> Iterable[Line]:
    """Both counties, then every wish with marks; read only: wishes are the teacher's alone."""
    wishes, reference = case.wishes, station.reference
    first, second = (county_name(reference, each) for each in (wishes.county_a, wishes.county_b))
    yield line(f" {texts.wishes_line(len(wishes.schools), first, second)}", role=Role.TITLE)
    yield BLANK
    across = max(1, width // 39)
    cell = (width - 2) // across
    cells: list[str] = []
    for rank, code in enumerate(wishes.schools, start=1):
        school = None if reference is None else reference.schools.get(code)  # type: ignore[call-overload]
        if school is None or reference is None:
            cells.append(f"{rank:>3} {code}")
            continue
        marks = "".join(mark_letters(school.marks_on(reference.on), texts.mark))
        cells.append(f"{rank:>3} {fit(marks, 4)} {school_label(school)} {school.township}")
    for start in range(0, len(cells), across):
        yield line("  " + "".join(fit(each, cell) for each in cells[start : start + across]))
