"""The points of a decision: what is proposed, what a figure is held against, what is signed."""

from msgspec import UNSET, UnsetType

from core.domain.application import Claim
from core.domain.points import ZERO, Points
from core.rules.scale import Scale
from core.wire.payload import PointsAwarded, PointsReason
from kiosk.desk.equipment import DeskError
from kiosk.session.bureau import POINT_FIELDS, Because, DecisionForm
from kiosk.session.decision import explained
from kiosk.session.effect import Decide
from kiosk.session.reckoning import worked_out
from kiosk.session.record import ReviewView


def signed_reasons(effect: Decide) -> tuple[PointsReason, ...] | UnsetType:
    """Why single lines are what they are, each with the figure it stands in place of."""
    against = dict(zip(POINT_FIELDS, effect.case.held_against, strict=True))
    found = []
    for place, because in explained(effect.case, effect.form):
        figure = against[place]
        found.append(
            PointsReason(
                place=place,
                instead_of=None if figure is None else figure.hundredths,
                reason=because.reason or "",
                remark=because.remark.strip(),
            )
        )
    return tuple(found) or UNSET


def held_against(
    claim: Claim, scales: tuple[Scale, ...], before: ReviewView | None
) -> tuple[Points | None, ...]:
    """What each figure is held against: the scale's, or the decision's before where it has none."""
    given = None if before is None else before.points
    found = []
    for place in POINT_FIELDS:
        by_rule = worked_out(place, claim, scales)
        if by_rule is None and given is not None:
            by_rule = Points(getattr(given, place))
        found.append(by_rule)
    return tuple(found)


def points_typed(form: DecisionForm) -> PointsAwarded:
    """The figures as the wire takes them.

    Raises:
        DeskError: ``points_form``.
    """
    try:
        typed = {
            place: Points.from_text(text).hundredths
            for place, text in zip(POINT_FIELDS, form.points, strict=True)
        }
    except ValueError as error:
        raise DeskError("points_form") from error
    return PointsAwarded(**typed)


def proposal(claim: Claim, scales: tuple[Scale, ...], before: ReviewView | None) -> tuple[str, ...]:
    """The figures to begin with: those of the decision that stands, else 年資 by the scale.

    What papers prove the officer fills in.
    """
    if before is not None and before.points is not None:
        return tuple(str(Points(getattr(before.points, place))) for place in POINT_FIELDS)
    return tuple(str(worked_out(place, claim, scales) or ZERO) for place in POINT_FIELDS)


def reasons_before(before: ReviewView | None) -> tuple[Because, ...]:
    """The reasons of the decision that stands, line by line."""
    given = {} if before is None else {each.place: each for each in before.because}
    return tuple(
        Because(given[place].reason, given[place].remark) if place in given else Because()
        for place in POINT_FIELDS
    )
