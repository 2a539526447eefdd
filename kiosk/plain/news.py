"""Line mode for the box of K03: what a teacher must know first."""

from datetime import timedelta

from kiosk.plain.prompt import Situation
from kiosk.session.season import deadline
from kiosk.session.state import SignedIn
from kiosk.session.station import LinkName
from kiosk.session.wishing import closed_wishes
from kiosk.text.doubts import barred_words

TODAY = timedelta(hours=24)


def news_lines(now: Situation, scene: SignedIn) -> tuple[str, ...]:
    """What the control list says of her, always; then the most urgent of what is new."""
    barred = barred_words(scene.post.barred, now.session.at, now.texts)
    return (*((barred,) if barred else ()), *_most_urgent(now, scene))


def _most_urgent(now: Situation, scene: SignedIn) -> tuple[str, ...]:
    """A wish hit by new lists, before a return, before the deadline, before being off line."""
    texts, station, decision = now.texts, now.session.station, scene.record.decision
    wishes, reference = scene.draft.answers.wishes, station.reference
    closed = () if reference is None else closed_wishes(scene.draft.answers, reference)
    if closed:
        ranks = tuple(rank for rank, each in enumerate(wishes, start=1) if each in closed)
        at = station.reference_at
        when = "" if at is None else texts.short_minute(at)
        return (texts.lists_hit(len(wishes), texts.ranks(ranks), when),)
    if decision is not None and decision.verdict != "approved":
        reasons = texts.list_comma.join(texts.reason(each) for each in decision.reasons)
        return (texts.returned_box(reasons or decision.remark),)
    ends = deadline(station.calendar)
    left = timedelta(0) if ends is None else ends - now.session.at
    if timedelta(0) < left < TODAY:
        return (texts.deadline_box(texts.left_long(left)),)
    return (texts.offline_box,) if station.link.name is LinkName.OFFLINE else ()
