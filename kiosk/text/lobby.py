"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""

from datetime import datetime
from typing import Protocol

from kiosk.session.station import Repair


class LobbyTexts(Protocol):
    """Sentences of the idle screen's other doors, in every language."""

    practice_start: str
    practice_receipt: str
    schools_title: str
    all_counties: str
    county_title: str
    school_closed: str
    before_now: str
    after_now: str
    receipt_counts: str
    county_busy: str
    published_title: str
    scheme_example: str
    incident_title: str
    incident_number: str
    incident_tell: str
    incident_failed: str
    incident_private: str
    machine_state: str
    readers_label: str

    def schools_found(self, count: int, shown: int) -> str: ...
    def uploads_queue(self, pending: int) -> str: ...
    def scheme_is(self, name: str, address: str) -> str: ...
    def mending(self, repair: Repair) -> str: ...
    def machine_is(self, machine: str, version: str, compared: datetime | None) -> str: ...
