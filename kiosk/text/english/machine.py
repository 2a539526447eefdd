"""Sentences about the machine itself: what is wrong with it, and the 封箱碼."""

from datetime import datetime

from kiosk.text.dates import short_minute

_KEPT = "You can fill in and send all the same: it is kept here, and the time signed here counts."
_AGAIN = (
    "Teachers use another machine, or ask the personnel officer. Officers ask the county to put it "
    "into service anew; until then do not switch off or reinstall: everything is on it."
)
_TROUBLES = {
    "full": (
        "The disk is full: reading only",
        "The database has no room to write. Drafts and versions sent are all there.",
        "Tell the officer or the service staff to make room; it then works again by itself.",
    ),
    "unenrolled": (
        "This machine is not in service yet",
        "It has no certificate from the county and takes no applications.",
        "Officers: use the one-time code from the county's letter, or ask the county.",
    ),
    "forked": (
        "The log has forked: nothing is accepted",
        (
            "The server holds another log under this machine's name; it may have been copied. Both "
            "are kept, nothing sent is lost."
        ),
        _AGAIN,
    ),
    "self_rollback": (
        "The data was set back: nothing is accepted",
        "The server holds more of this machine's log than the machine. What was delivered is safe.",
        _AGAIN,
    ),
    "revoked": (
        "The certificate is revoked: nothing is accepted",
        "The county has revoked this machine; it may neither accept nor upload.",
        (
            "Teachers use another machine. Officers ask the county; what was not delivered can be "
            "handed in on a USB stick."
        ),
    ),
    "stale": (
        "No contact with the server for three days",
        f"School lists and dates may be old. {_KEPT}",
        "Officers: check the line; if it stays down, use a USB stick or ask the county.",
    ),
    "clock": (
        "The clock of this machine is wrong",
        "It is more than 30 seconds off. Times and deadlines shown are the server's.",
        "Tell the service staff to set it; filling in and sending are not affected.",
    ),
    "format": (
        "The server does not understand this machine",
        f"The program may be of the wrong version; nothing is uploaded. {_KEPT}",
        "Officers: have the program updated and tell the county.",
    ),
    "upgrade": (
        "The program must be updated",
        f"The server wants a newer one; nothing is uploaded until then. {_KEPT}",
        "Officers: have the program updated; uploads then go on by themselves.",
    ),
    "quota": (
        "This machine has uploaded its share",
        f"The server takes no more for now. {_KEPT}",
        "Officers: ask the county.",
    ),
    "unknown_device": (
        "The server does not know this machine",
        f"It finds no certificate; nothing is uploaded. {_KEPT}",
        "Officers: ask the county about the certificate.",
    ),
    "scope": (
        "The certificate does not fit",
        f"School or season are not accepted; nothing is uploaded. {_KEPT}",
        "Officers: ask the county about the certificate.",
    ),
    "absent": (
        "The server lacks this service",
        f"Its address may be wrong; nothing is uploaded. {_KEPT}",
        "Officers: have the settings checked.",
    ),
    "revoked_unproved": (
        "The server says this machine is revoked",
        f"The county's signed list has not come, so it is not certain. {_KEPT}",
        "Officers: ask the county.",
    ),
    "malformed": (
        "One entry is not accepted",
        f"All before it was delivered; it and the rest stay here. {_KEPT}",
        "Officers: ask the county; do not change anything.",
    ),
    "too_large": (
        "One entry is too large",
        f"All before it was delivered; it and the rest stay here. {_KEPT}",
        "Officers: ask the county.",
    ),
}


class MachineEn:
    """Part of `English`."""

    seal_title = "封箱碼 (seal)"
    seal_why = "It stands for the whole log up to then. Once told, nothing can be added unseen."
    seal_how = (
        "Take a photo, scan it, or phone the county: four groups of five letters; the fifth "
        "checks its group."
    )
    seal_waiting = "Once this machine has closed its log, the seal stands here."
    seal_witnessed = "Witnessed: the server has it"
    seal_unwitnessed = "No witness yet: photo or phone"
    machine_readable = "Insert a card to look; nothing can be changed or sent."

    def seal_closed(self, at: datetime) -> str:
        return f"At the close {short_minute(at)}"

    def seal_later(self, at: datetime) -> str:
        return f"Last review {short_minute(at)}"

    def machine_trouble(self, code: str) -> tuple[str, str, str]:
        """Title, what happened, what to do."""
        unknown = (f"Uploads are not taken ({code})", _KEPT, "Officers: ask the county.")
        return _TROUBLES.get(code, unknown)
