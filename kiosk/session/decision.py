"""The form of one decision: what an officer filled in, and what keeps it from a signature (O03)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from core.domain.points import Points
from core.domain.refusal import Refusal
from core.wire.payload import PointsPlace
from kiosk.session.bureau import (
    POINT_FIELDS,
    POINTS_REASONS,
    RETURN_REASONS,
    Because,
    Case,
    CasePage,
    CertificateState,
    DecisionForm,
)
from kiosk.session.edit import clean
from kiosk.session.event import Event
from kiosk.session.form import differs
from kiosk.session.paperwork import (
    BecauseChosen,
    BecauseTyped,
    PledgeTicked,
    PointsTyped,
    ReasonToggled,
    RemarkTyped,
    VerdictChosen,
)
from kiosk.session.season import Window, officers_window
from kiosk.session.sending import CARD_MISSING
from kiosk.session.state import OfficerSignedIn, Session
from kiosk.session.station import SlotHolds

REMARK_AT_MOST = 500
LINE_REMARK_AT_MOST = 200
"""The bound of the wire (`core.wire.payload.PointsReason`)."""
POINTS_AT_MOST = 1_000_000
"""Hundredths; the bound of the wire (`core.wire.payload.PointsAwarded`)."""
OTHER = "other"


def decision_faults(
    session: Session, scene: OfficerSignedIn, page: CasePage
) -> tuple[Refusal, ...]:
    """What keeps a decision from being signed."""
    form, found = page.form, []
    if scene.officer.state is not CertificateState.GRANTED:
        found.append(Refusal(code="not_granted", place="officer"))
    if officers_window(session.station.calendar, session.at) is not Window.OPEN:
        found.append(Refusal(code="closed", place="window"))
    if session.reader.slot != SlotHolds(scene.officer.person.teacher):
        found.append(CARD_MISSING)
    match form.verdict:
        case None:
            found.append(Refusal(code="verdict_missing", place="verdict"))
        case "approved":
            found += [
                Refusal(code="points_form", place=place)
                for place, text in zip(POINT_FIELDS, form.points, strict=True)
                if not _is_points(text)
            ]
            found += _unexplained(page)
            found += [
                Refusal(code="pledge_missing", place=place)
                for place, ticked in (("originals", form.originals), ("clean", form.clean))
                if not ticked
            ]
            if differs(page.case.claim) and not form.name:
                found.append(Refusal(code="name_unconfirmed", place="name"))
        case "returned" | "ineligible":
            if not form.reasons:
                found.append(Refusal(code="reason_missing", place="reasons"))
            if OTHER in form.reasons and not form.remark.strip():
                found.append(Refusal(code="remark_missing", place="remark"))
        case _ as never:
            assert_never(never)
    return tuple(found)


def needs_reason(page: CasePage, place: PointsPlace) -> bool:
    """Whether the figure typed for a line is another than the one it is held against (U-043)."""
    index = POINT_FIELDS.index(place)
    against, text = page.case.held_against[index], page.form.points[index]
    return against is not None and _is_points(text) and Points.from_text(text) != against


def explained(case: Case, form: DecisionForm) -> tuple[tuple[PointsPlace, Because], ...]:
    """The reasons that belong to the figures as they stand, by line.

    One for a figure that was put back to what it is held against says nothing.
    """
    rows = zip(POINT_FIELDS, form.points, form.because, case.held_against, strict=True)
    return tuple(
        (place, because)
        for place, text, because, against in rows
        if because.reason is not None
        and not (_is_points(text) and Points.from_text(text) == against)
    )


def _unexplained(page: CasePage) -> Iterator[Refusal]:
    """Lines of points whose change has no reason, or one that says nothing."""
    for place, because in zip(POINT_FIELDS, page.form.because, strict=True):
        if because.reason is None and needs_reason(page, place):
            yield Refusal(code="points_unexplained", place=place)
        if because.reason == OTHER and not because.remark.strip():
            yield Refusal(code="remark_missing", place=place)


def _is_points(text: str) -> bool:
    try:
        return abs(Points.from_text(text).hundredths) <= POINTS_AT_MOST
    except ValueError:
        return False


def filled(form: DecisionForm, event: Event) -> DecisionForm:  # noqa: PLR0911 - a table
    """The form after one answer; anything else leaves it."""
    match event:
        case PointsTyped(place=place, text=text) if place in POINT_FIELDS:
            index = POINT_FIELDS.index(place)
            return replace(
                form, points=(*form.points[:index], clean(text), *form.points[index + 1 :])
            )
        case BecauseChosen(place=place, reason=reason) if place in POINT_FIELDS:
            known = reason if reason in POINTS_REASONS else None
            return _explained(form, place, lambda given: replace(given, reason=known))
        case BecauseTyped(place=place, text=text) if place in POINT_FIELDS:
            remark = clean(text)[:LINE_REMARK_AT_MOST]
            return _explained(form, place, lambda given: replace(given, remark=remark))
        case VerdictChosen(verdict=verdict):
            return replace(form, verdict=verdict)
        case ReasonToggled(reason=reason) if reason in RETURN_REASONS:
            return replace(form, reasons=form.reasons ^ {reason})
        case RemarkTyped(text=text):
            return replace(form, remark=clean(text)[:REMARK_AT_MOST])
        case PledgeTicked(place="originals", ticked=ticked):
            return replace(form, originals=ticked)
        case PledgeTicked(place="clean", ticked=ticked):
            return replace(form, clean=ticked)
        case PledgeTicked(place="name", ticked=ticked):
            return replace(form, name=ticked)
        case _:
            return form


def _explained(
    form: DecisionForm, place: str, change: Callable[[Because], Because]
) -> DecisionForm:
    index = POINT_FIELDS.index(place)
    after = change(form.because[index])
    return replace(form, because=(*form.because[:index], after, *form.because[index + 1 :]))
