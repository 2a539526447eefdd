"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""

from datetime import datetime

from kiosk.session.station import Mending, Repair
from kiosk.text.dates import short_minute

_MENDING = {
    None: "The card service is being restarted (try {}).",
    Mending.RESTARTED: "The card service was restarted {} times; waiting for it.",
    Mending.NOT_ALLOWED: "This machine may not restart the card service: tell the officer.",
    Mending.ABSENT: "This machine cannot restart the card service: tell the officer.",
    Mending.FAILED: "Restarting the card service failed (try {}): tell the officer.",
}


class LobbyEn:
    """Part of `English`."""

    practice_start = "Practice (invented data, no card needed)"
    practice_receipt = "Practice receipt: nothing was sent, and nothing will be kept."
    schools_title = "Look up schools"
    all_counties = "All counties"
    county_title = "County"
    school_closed = "not this year"
    before_now = "Now you can practise (F4) and look up schools (F5)."
    after_now = "Insert your card to see and print; F4 practises, F5 looks up schools."
    receipt_counts = "The time you press send counts, however long uploads queue."
    county_busy = "Many schools send now, uploads may queue: the time you press send counts."
    scheme_example = "(an example address; the announcement of the year counts)"
    incident_title = "Report a problem"
    incident_number = "Number"
    incident_tell = (
        "Write the number down and phone it in: the machine's state is kept under it, "
        "and goes to the county as soon as there is a line."
    )
    incident_failed = "Not even this could be written. Please phone, and read out the state below."
    incident_private = "Only the state of the machine is kept, nobody's data."
    machine_state = "State"
    readers_label = "Readers"
    published_title = "Notices"

    def schools_found(self, count: int, shown: int) -> str:
        more = "" if count == shown else f", the first {shown}; type more"
        return f"{count} found{more}"

    def uploads_queue(self, pending: int) -> str:
        return f"Uploads are busy: {pending} of this machine wait and go by themselves."

    def scheme_is(self, name: str, address: str) -> str:
        return f"Apply here instead: {name}, {address}"

    def mending(self, repair: Repair) -> str:
        return _MENDING[repair.outcome].format(repair.tries)

    def machine_is(self, machine: str, version: str, compared: datetime | None) -> str:
        when = "never" if compared is None else short_minute(compared)
        return f"{machine}  version {version}  last contact {when}"
