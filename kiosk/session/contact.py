"""How a teacher can be reached, as far as this machine knows: address proved, LINE linked.

Nothing of it keeps her from sending: a machine off line could never prove an address.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

CODE_DIGITS = 6
CODE_TRIES = 5
CODE_LIVES = timedelta(minutes=15)  # UX K10
RESEND_AFTER = timedelta(seconds=60)  # UX K10


class Mailing(StrEnum):
    """How far the letter with the code has come.

    Not handed over yet; with the centre; sent; refused.
    """

    HERE = "here"
    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A code that was asked for ``address``. ``taken`` is when the centre took it on.

    ``detail`` is the code of a refusal.
    """

    address: str = field(repr=False)
    asked: datetime
    mailing: Mailing
    detail: str = ""
    taken: datetime | None = None
    tries_left: int = CODE_TRIES
    proved: bool = False


class Telephone(StrEnum):
    """LINE on the teacher's own telephone: not linked, asked for, waiting for her, linked.

    Or the centre would not, or it does not send by LINE at all.
    """

    FREE = "free"
    ASKED = "asked"
    OPEN = "open"
    LINKED = "linked"
    REFUSED = "refused"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """``url`` is what the QR holds while the link is open; ``detail`` the code of a refusal."""

    proof: Proof | None = None
    telephone: Telephone = Telephone.FREE
    detail: str = ""
    url: str = field(default="", repr=False)


class MailState(StrEnum):
    """What is said beside an address."""

    UNPROVED = "unproved"
    WAITING = "waiting"
    SENT = "sent"
    EXPIRED = "expired"
    SPENT = "spent"
    REFUSED = "refused"
    PROVED = "proved"


def mail_state(contact: Contact, address: str, now: datetime) -> MailState:
    """How this very address stands; another one that was proved says nothing about it."""
    proof = contact.proof
    if proof is None or proof.address != address:
        return MailState.UNPROVED
    if proof.proved:
        return MailState.PROVED
    if proof.mailing is Mailing.REFUSED:
        return MailState.REFUSED
    if proof.tries_left <= 0:
        return MailState.SPENT
    if proof.taken is None:
        return MailState.WAITING
    return MailState.EXPIRED if now - proof.taken >= CODE_LIVES else MailState.SENT


def masked_address(address: str) -> str:
    """``m***@example.tw``: enough to see which of one's addresses it is, not to write to it."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}" if address else ""
