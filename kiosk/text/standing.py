"""What is true on every page: the last contact with the server, and until when, day and hour.

The same on the glass and in line mode (U-012, U-014).
"""

from kiosk.session.season import deadline, officers_deadline
from kiosk.session.state import OfficerSignedIn, Session
from kiosk.text.catalogue import Texts


def standing_words(session: Session, texts: Texts) -> tuple[str, ...]:
    """Last contact, then the deadline with its weekday, the officer's own for an officer."""
    station = session.station
    seen = station.link.compared
    ends = (
        officers_deadline(station.calendar)
        if isinstance(session.scene, OfficerSignedIn)
        else deadline(station.calendar)
    )
    return (
        texts.never_synced if seen is None else texts.last_contact(seen),
        *(() if ends is None else (texts.deadline(ends),)),
    )
