"""What new lists mean for whoever is at the machine when they arrive (F-045, U-020)."""

from dataclasses import replace

from core.domain.application import Reference
from kiosk.session.listing import townships
from kiosk.session.page import CheckPage, Interruption, Page, StepsPage, VersionsPage, WishesPage
from kiosk.session.sending import faults
from kiosk.session.state import Session, SignedIn
from kiosk.session.station import Station
from kiosk.session.turn import Step, held_of, with_held
from kiosk.session.wishing import closed_wishes

HIT, BACK = "lists_hit", "lists_back"
"""A wish is no longer open, or open again."""


def published(session: Session, station: Station) -> Step:
    """The machine knows something new; a teacher hears what it does to her wishes.

    Her list stays as it is. What she ticked on K06 was about other lists, so the tick goes.
    """
    before, after = session.station.reference, station.reference
    # The session alone knows which cards were left behind, from the moment it began.
    mine = replace(station, left_cards=session.station.left_cards)
    informed = replace(session, station=mine)
    scene = held_of(session.scene)
    if not isinstance(scene, SignedIn) or after is None or after == before:
        return Step(informed)
    answers = scene.draft.answers
    was = frozenset() if before is None else frozenset(closed_wishes(answers, before))
    now = frozenset(closed_wishes(answers, after))
    toast = HIT if now - was else BACK if was - now else scene.toast
    told = replace(scene, toast=toast)
    page = _fitted(informed, told, scene.page, after, hit=now != was)
    return Step(replace(informed, scene=with_held(session.scene, replace(told, page=page))))


def _fitted(
    session: Session, scene: SignedIn, page: Page, reference: Reference, *, hit: bool
) -> Page:
    """The page as the new lists leave it: no filter for a township that has no school any more."""
    match page:
        case WishesPage(county=county, township=str() as name):
            names = () if county is None else townships(reference, scene.post, county)
            return page if name in dict(names) else replace(page, township=None)
        case CheckPage(ticked=ticked):
            ticks = ticked and not hit
            return replace(page, ticked=ticks, faults=faults(session, scene, ticked=ticks))
        case StepsPage() | VersionsPage() | Interruption():
            behind = _fitted(session, scene, page.behind, reference, hit=hit)
            return replace(page, behind=behind)
        case _:
            return page
