"""How a teacher can be reached: what is asked of the centre, and codes that are typed here.

The code is made up here and compared here, so it needs no line once the letter has arrived. Tries
are counted on disk before anybody is told.
"""

import hmac
from base64 import b32encode
from dataclasses import replace
from datetime import datetime

from core.domain.ids import TeacherId
from core.wire.errand import TOKEN_LETTERS, Progress, Task
from kiosk.desk.equipment import Equipment
from kiosk.desk.errands import new_errand
from kiosk.desk.records import time_of
from kiosk.session.answer import ContactChanged
from kiosk.session.contact import (
    CODE_DIGITS,
    CODE_TRIES,
    Contact,
    Mailing,
    MailState,
    Proof,
    Telephone,
    mail_state,
)
from kiosk.session.effect import ContactAct, Contacting
from syncd.store.errands import StoredErrand

TOKEN_BYTES = TOKEN_LETTERS * 5 // 8
SECOND_MS = 1000
MAILINGS = {
    None: Mailing.HERE,
    Progress.QUEUED: Mailing.QUEUED,
    Progress.OPEN: Mailing.QUEUED,
    Progress.DONE: Mailing.SENT,
    Progress.REFUSED: Mailing.REFUSED,
}
TELEPHONES = {
    None: Telephone.ASKED,
    Progress.QUEUED: Telephone.ASKED,
    Progress.OPEN: Telephone.OPEN,
    Progress.DONE: Telephone.LINKED,
    Progress.REFUSED: Telephone.REFUSED,
}
UNLINKED = frozenset({"unlinked", "expired"})


def contact(equipment: Equipment, effect: Contacting, now: datetime) -> ContactChanged:
    """Do it, and say how she can be reached then.

    Raises:
        StoreError: It could not be kept; nothing was done.
    """
    match effect.act:
        case ContactAct.MAIL_CODE:
            _ask(equipment, effect, Task.MAIL_CODE)
        case ContactAct.TRY_CODE:
            _try(equipment, effect, now)
        case ContactAct.LINE_LINK:
            _ask(equipment, effect, Task.LINE_LINK)
        case ContactAct.LINE_UNLINK:
            _ask(equipment, effect, Task.LINE_UNLINK)
    return ContactChanged(
        at=now, teacher=effect.teacher, contact=read_contact(equipment, effect.teacher)
    )


def read_contact(equipment: Equipment, teacher: TeacherId) -> Contact:
    """What this machine knows of how a teacher can be reached.

    Raises:
        StoreError: It cannot be read.
    """
    errands = equipment.store.errands
    mail, link = errands.find(teacher, Task.MAIL_CODE), errands.find(teacher, Task.LINE_LINK)
    channels = errands.channels()
    telephone, url, detail = Telephone.FREE, "", ""
    if channels is not None and "line" not in channels:
        telephone = Telephone.OFF
    elif link is not None and not _undone(equipment, teacher, link):
        telephone, url, detail = TELEPHONES[link.progress], link.url, link.detail
    return Contact(
        proof=None if mail is None else _proof(mail), telephone=telephone, url=url, detail=detail
    )


def _undone(equipment: Equipment, teacher: TeacherId, link: StoredErrand) -> bool:
    """Whether a link is no more: undone here later, or on the telephone."""
    unlink = equipment.store.errands.find(teacher, Task.LINE_UNLINK)
    later = unlink is not None and unlink.asked_ms >= link.asked_ms
    return later or (link.progress is Progress.REFUSED and link.detail in UNLINKED)


def _proof(mail: StoredErrand) -> Proof:
    taken = mail.taken_ms
    return Proof(
        address=mail.address or "",
        asked=time_of(mail.asked_ms),
        mailing=MAILINGS[mail.progress],
        detail=mail.detail,
        taken=None if taken is None else time_of(taken),
        tries_left=max(0, CODE_TRIES - mail.tries),
        proved=mail.proved_ms is not None,
    )


def _ask(equipment: Equipment, effect: Contacting, task: Task) -> None:
    mail, link = task is Task.MAIL_CODE, task is Task.LINE_LINK
    errand = replace(
        new_errand(equipment, effect.teacher, task),
        address=effect.address if mail else None,
        code=_code(equipment) if mail else None,
        token=_token(equipment) if link else None,
    )
    with equipment.store.transaction():
        equipment.store.errands.add(errand)


def _try(equipment: Equipment, effect: Contacting, now: datetime) -> None:
    found = equipment.store.errands.find(effect.teacher, Task.MAIL_CODE)
    if found is None or effect.code is None or found.code is None:
        return
    known = Contact(proof=_proof(found))
    if mail_state(known, found.address or "", now) is not MailState.SENT:
        return
    right = hmac.compare_digest(effect.code.typed, found.code.encode())
    proved_ms = equipment.clock.moment().wall_ms if right else None
    with equipment.store.transaction():
        equipment.store.errands.tried(found, proved_ms)
        if right:
            equipment.store.errands.add(_told(equipment, found))


def _told(equipment: Equipment, proved: StoredErrand) -> StoredErrand:
    """That the address is hers: from now on the centre sends receipts there (U-010)."""
    told = new_errand(equipment, proved.teacher, Task.MAIL_PROVED)
    return replace(told, address=proved.address)


def _code(equipment: Equipment) -> str:
    """Six digits, each as likely as any other: 2**64 is not a multiple, but by 1 in 10**13."""
    number = int.from_bytes(equipment.random_bytes(8), "big") % 10**CODE_DIGITS
    return f"{number:0{CODE_DIGITS}d}"


def _token(equipment: Equipment) -> str:
    return b32encode(equipment.random_bytes(TOKEN_BYTES)).decode("ascii").lower()
