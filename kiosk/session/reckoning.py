"""How the points of an application come about: kind by kind, with the rule and the papers.

What can be worked out from the claim stands beside what the officer awarded; the rest is for
people, and its rule is quoted all the same (U-021, U-065).
"""

from dataclasses import dataclass, field, replace

from core.domain.application import Claim
from core.domain.points import Points
from core.rules.evidence import Document, DocumentGroup
from core.rules.scale import Item, Scale, find_scale, score
from kiosk.session.progress import sent_version
from kiosk.session.record import LineReason, Record
from kiosk.session.station import Station

SERVICE_LINE = "service_in_county"
"""The line of the scale that multiplies the years of a claim."""
PLACES: tuple[tuple[str, Item], ...] = (
    ("reason_a", Item.REASON),
    ("reason_b", Item.REASON),
    ("appraisal", Item.APPRAISAL),
    ("service", Item.SERVICE),
    ("awards", Item.AWARDS),
    ("special", Item.SPECIAL),
    ("training", Item.TRAINING),
)
"""The kinds of points of a review in the order of the form (F-161 … F-167)."""
PAPERS = {
    Item.SERVICE: DocumentGroup.SERVICE,
    Item.APPRAISAL: DocumentGroup.APPRAISAL,
    Item.AWARDS: DocumentGroup.AWARDS,
    Item.TRAINING: DocumentGroup.TRAINING,
}
"""Which papers prove a kind of points; those of a reason depend on the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """One kind of points.

    ``awarded`` is the county's figure, before that the officer's, None before the review.
    ``worked_out`` is what the claim itself gives for ``units`` by the line ``by``; None where only
    papers can tell. ``scales`` are the lines of the year's table for this kind, ``papers`` what
    proves it. ``because`` is the officer's reason for ``by_officer``, her own figure.
    """

    place: str
    item: Item
    awarded: Points | None
    worked_out: Points | None = None
    by: Scale | None = field(default=None, repr=False)
    units: int = 0
    because: LineReason | None = None
    by_officer: Points | None = None
    scales: tuple[Scale, ...] = field(default=(), repr=False)
    papers: tuple[Document, ...] = field(default=(), repr=False)

    @property
    def changed(self) -> Points | None:
        """Awarded less worked out; None when they are equal or one of them is missing."""
        if self.awarded is None or self.worked_out is None or self.awarded == self.worked_out:
            return None
        return self.awarded - self.worked_out


def reckoned(record: Record, station: Station) -> tuple[Reckoned, ...]:
    """Every kind of points of the version that counts."""
    version = sent_version(record)
    claim = None if version is None else version.claim
    given, decision = record.points, record.decision
    reviewed = None if decision is None else decision.points
    reasons = {} if decision is None else {each.place: each for each in decision.because}
    return tuple(
        replace(
            _reckoned(
                place, item, claim, station, None if given is None else getattr(given, place)
            ),
            because=reasons.get(place),
            by_officer=None if reviewed is None else Points(getattr(reviewed, place)),
        )
        for place, item in PLACES
    )


def worked_out(place: str, claim: Claim, scales: tuple[Scale, ...]) -> Points | None:
    """What the claim itself allows to compute: 年資 by its years; None for everything else."""
    scale = find_scale(scales, SERVICE_LINE)
    if place != "service" or scale is None:
        return None
    return score(claim.service_years, scale)


def _reckoned(
    place: str, item: Item, claim: Claim | None, station: Station, hundredths: int | None
) -> Reckoned:
    group = PAPERS.get(item)
    return Reckoned(
        place=place,
        item=item,
        awarded=None if hundredths is None else Points(hundredths),
        worked_out=None if claim is None else worked_out(place, claim, station.scales),
        by=find_scale(station.scales, SERVICE_LINE) if place == "service" else None,
        units=0 if claim is None else claim.service_years,
        scales=tuple(each for each in station.scales if each.item is item),
        papers=tuple(each for each in station.documents if each.group is group),
    )
