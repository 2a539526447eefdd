"""The line above the keys: is the draft saved, is it sent, which version is in force (UX 4.10)."""

from datetime import datetime

from kiosk.session.state import SignedIn
from kiosk.session.station import Station
from kiosk.session.tasks import change_since
from kiosk.text.catalogue import Texts


def draft_words(scene: SignedIn, texts: Texts) -> str:
    """How the draft stands to the disk and to the version in force."""
    current = scene.record.current
    change = change_since(scene, current)
    if current is not None and change is not None and change.count == 0 and not scene.dirty:
        return texts.draft_equal(current.version)
    if scene.dirty:
        return texts.draft_saving()
    if scene.saved is None:
        return texts.draft_untouched()
    return texts.draft_saved(scene.saved)


def in_force_words(scene: SignedIn, texts: Texts) -> str:
    """The version in force, or nothing before the first."""
    current = scene.record.current
    if scene.record.in_conflict:
        return texts.conflict_word
    if current is None:
        return ""
    words = texts.withdrawn_version if current.withdrawn else texts.in_force
    return words(current.version, current.submitted)


def wishes_in(scene: SignedIn) -> int:
    """How many wishes the version in force has."""
    current = scene.record.current
    return 0 if current is None or current.wishes is None else len(current.wishes.schools)


def lists_age_hours(station: Station, at: datetime) -> int:
    """Age of the school lists in hours; 0 when unknown."""
    if station.reference_at is None:
        return 0
    return int((at - station.reference_at).total_seconds() // 3600)
