"""What becomes of counted time when the clock is put back, by hand or by a beacon after an outage.

Nothing here knows what time it is.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.session.state import (
    CARD_LEFT,
    PAUSE,
    REVEALED,
    Idle,
    OfficerSignedIn,
    Scene,
    Session,
    SignedIn,
    TakeCard,
    Trouble,
)

MS = timedelta(milliseconds=1)
LONGEST_PAUSE_MS = 2 * PAUSE // MS  # longer only under a clock that was put back meanwhile


def rests(until_ms: int, now_ms: int) -> bool:
    """Whether a password rests; never for long: a clock that ran ahead locks nobody out."""
    return now_ms < until_ms <= now_ms + LONGEST_PAUSE_MS


def set_right(session: Session) -> Session:
    """The same; what is counted from a time that is still to come is counted from now.

    Until the clock is where it was, nothing would cover the screen or try a draft again.
    """
    at, looks = session.at, session.looks
    session = replace(session, scene=_counted_from_now(session.scene, at))
    if looks.since is not None and looks.since > at:
        session = replace(session, looks=replace(looks, since=at))
    if session.revealed_until is not None and session.revealed_until > at + REVEALED:
        session = replace(session, revealed_until=at + REVEALED)
    if any(each.tried > at for each in session.pending):
        pending = tuple(replace(each, tried=min(each.tried, at)) for each in session.pending)
        session = replace(session, pending=pending)
    return session


def _counted_from_now(scene: Scene, at: datetime) -> Scene:
    match scene:
        case Idle() | Trouble():
            return scene
        case SignedIn(silent_since=silent, password_at=typed):
            return replace(scene, silent_since=min(silent, at), password_at=min(typed, at))
        case OfficerSignedIn(silent_since=silent):
            return replace(scene, silent_since=min(silent, at))
        case TakeCard(since=since, called=called) if since > at:
            return replace(scene, since=at - called * CARD_LEFT)
        case _:
            return replace(scene, since=min(scene.since, at))
