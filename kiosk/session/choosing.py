"""Counties and wishes (K05), and the interruption pages before what is hard to take back."""

from dataclasses import replace
from typing import assert_never

from core.domain.application import Reference
from core.domain.ids import SchoolId
from core.domain.place import find_county
from kiosk.session import wishing
from kiosk.session.draft import Draft, EditName
from kiosk.session.edit import clean, record
from kiosk.session.event import Event
from kiosk.session.form import COUNTIES, LISTS_MISSING, at_places
from kiosk.session.gesture import (
    ClearAsked,
    ClosedRemovalAsked,
    CountiesOpened,
    CountyChosen,
    InsertionChosen,
    KeywordTyped,
    MarksChosen,
    TabChosen,
    TownshipChosen,
    WishAdded,
    WishMoved,
    WishRemoved,
)
from kiosk.session.page import (
    CheckPage,
    CountiesPage,
    Doubt,
    Interruption,
    Question,
    TasksPage,
    WishesPage,
)
from kiosk.session.sending import faults
from kiosk.session.state import Session, SignedIn
from kiosk.session.tasks import open_faults
from kiosk.session.turn import Step, at_ms, show, stay
from kiosk.session.work import hindrance, keep, say, turn

KEYWORD_AT_MOST = 40

GESTURES = (
    ClearAsked,
    ClosedRemovalAsked,
    CountiesOpened,
    CountyChosen,
    InsertionChosen,
    KeywordTyped,
    MarksChosen,
    TabChosen,
    TownshipChosen,
    WishAdded,
    WishMoved,
    WishRemoved,
)


def front_page(scene: SignedIn) -> CountiesPage | WishesPage:
    """The wish list once both counties are chosen, the counties before."""
    answers = scene.draft.answers
    if answers.county_a is None or answers.county_b is None:
        return CountiesPage()
    return WishesPage(county=answers.county_a)


def settled(step: Step) -> Step:
    """After a step back, a tab may stand for a county that is no longer chosen."""
    scene = step.session.scene
    if not isinstance(scene, SignedIn) or not isinstance(scene.page, WishesPage):
        return step
    if scene.page.county is None or scene.page.county in _counties(scene):
        return step
    moved = replace(scene, page=front_page(scene))
    return Step(replace(step.session, scene=moved), step.effects)


def chosen(session: Session, scene: SignedIn, event: Event) -> Step:  # noqa: C901, PLR0911, PLR0912 - a table
    """What a teacher does on the pages of counties and wishes."""
    reference = session.station.reference
    if reference is None:
        return say(session, scene, LISTS_MISSING.code)
    match scene.page, event:
        case WishesPage() | CountiesPage(), CountyChosen():
            return _county(session, scene, event, reference)
        case WishesPage(), CountiesOpened():
            return turn(session, scene, CountiesPage())
        case WishesPage() as page, TabChosen(county=county) if county in {
            None,
            *_counties(scene),
        }:
            return turn(session, scene, replace(page, county=county, township=None))
        case WishesPage() as page, TownshipChosen(township=township, county=county):
            front = page.county if county is None else county
            return turn(session, scene, replace(page, township=township, county=front))
        case WishesPage() as page, KeywordTyped(text=text):
            return turn(session, scene, replace(page, keyword=clean(text)[:KEYWORD_AT_MOST]))
        case WishesPage() as page, MarksChosen(marks=marks):
            return turn(session, scene, replace(page, marks=marks))
        case WishesPage(), InsertionChosen(insertion=insertion):
            return show(session, replace(scene, insertion=insertion))
        case WishesPage(), WishAdded(school=school):
            return _add(session, scene, school, reference)
        case WishesPage(), WishRemoved(school=school):
            draft = wishing.remove(scene.draft, school, at_ms(session))
            return keep(session, scene, draft, "wish_removed")
        case WishesPage(), WishMoved(school=school, rank=rank):
            draft = wishing.move(scene.draft, school, rank, at_ms(session))
            return keep(session, scene, draft, "wish_moved")
        case WishesPage(), ClearAsked():
            return _ask(session, scene, Doubt.CLEAR_WISHES, len(scene.draft.answers.wishes))
        case WishesPage(), ClosedRemovalAsked():
            closed = wishing.closed_wishes(scene.draft.answers, reference)
            return _ask(session, scene, Doubt.REMOVE_CLOSED, len(closed))
        case _:
            return stay(session)


def confirmed(
    session: Session, scene: SignedIn, page: CountiesPage | WishesPage | Interruption
) -> Step:
    """確定 on one of these pages."""
    match page:
        case CountiesPage():
            found = at_places(open_faults(scene, session.station), COUNTIES)
            return turn(session, scene, CountiesPage(found) if found else front_page(scene))
        case WishesPage():
            if open_faults(scene, session.station):
                return turn(session, scene, TasksPage())
            return turn(session, scene, CheckPage(faults=faults(session, scene, ticked=False)))
        case Interruption():
            return _confirmed(session, replace(scene, page=page.behind), page)
        case _ as never:
            assert_never(never)


def _confirmed(session: Session, scene: SignedIn, asked: Interruption) -> Step:
    draft, reference, now = scene.draft, session.station.reference, at_ms(session)
    match asked.asks:
        case Doubt.INDIGENOUS_YES:
            answers = replace(draft.answers, indigenous=True)
            after = record(draft, answers, EditName.POST_ANSWERED, Question.INDIGENOUS, now)
            return keep(session, scene, after)
        case Doubt.CLEAR_WISHES:
            return keep(session, scene, wishing.clear(draft, now), "wishes_cleared")
        case _ if reference is None:
            return say(session, scene, LISTS_MISSING.code)
        case Doubt.REMOVE_CLOSED:
            closed = wishing.closed_wishes(draft.answers, reference)
            return keep(session, scene, wishing.remove_all(draft, closed, now), "closed_removed")
        case Doubt.CHANGE_COUNTY:
            return _changed(session, scene, asked, reference)
        case _ as never:
            assert_never(never)


def _changed(session: Session, scene: SignedIn, asked: Interruption, reference: Reference) -> Step:
    if asked.county is None or asked.slot is None:
        return show(session, scene)
    draft = wishing.change_county(scene.draft, asked.slot, asked.county, reference, at_ms(session))
    return settled(keep(session, scene, draft, "county_changed"))


def _county(session: Session, scene: SignedIn, event: CountyChosen, reference: Reference) -> Step:
    """Another county: asks first when wishes would go aside."""
    answers = scene.draft.answers
    now = answers.county_a if event.slot == "a" else answers.county_b
    other = answers.county_b if event.slot == "a" else answers.county_a
    if event.county == now or find_county(event.county, reference.counties) is None:
        return stay(session)
    asks = Interruption(
        asks=Doubt.CHANGE_COUNTY,
        behind=scene.page,
        count=len(wishing.affected(answers, event.slot, reference)),
        slot=event.slot,
        county=event.county,
    )
    if asks.count and event.county != other:
        return _if_open(session, scene, turn(session, scene, asks))
    return _changed(session, scene, asks, reference)


def _add(session: Session, scene: SignedIn, school: SchoolId, reference: Reference) -> Step:
    """Space on a candidate: into the list, or out of it."""
    draft: Draft = scene.draft
    if school in draft.answers.wishes:
        return keep(session, scene, wishing.remove(draft, school, at_ms(session)), "wish_removed")
    refusal = _refusal(scene, school, reference)
    if refusal is not None:
        return say(session, scene, refusal)
    added = wishing.add(draft, school, scene.insertion, at_ms(session))
    if added == draft:
        return say(session, scene, "list_full")
    return keep(session, scene, added, "wish_added")


def _refusal(scene: SignedIn, school: SchoolId, reference: Reference) -> str | None:
    """Why a school cannot be chosen; codes of `core.domain.application`."""
    found = reference.schools.get(school)
    if found is None:
        return "school_unknown"
    if school == scene.post.school:
        return "school_own"
    if found.stage is not scene.post.stage:
        return "school_wrong_stage"
    if found.county not in _counties(scene):
        return "school_outside_counties"
    return None if found.delegated else "school_not_delegated"


def _ask(session: Session, scene: SignedIn, doubt: Doubt, count: int) -> Step:
    if count == 0:
        return stay(session)
    asks = Interruption(asks=doubt, behind=scene.page, count=count)
    return _if_open(session, scene, turn(session, scene, asks))


def _if_open(session: Session, scene: SignedIn, step: Step) -> Step:
    hindered = hindrance(session, scene)
    return step if hindered is None else say(session, scene, hindered)


def _counties(scene: SignedIn) -> frozenset[str | None]:
    return frozenset({scene.draft.answers.county_a, scene.draft.answers.county_b})
