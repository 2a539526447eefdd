"""Who a card belongs to, and what that person may do here."""

import hmac
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from core.card.nhi import Profile
from core.domain.ids import NationalId, TeacherId
from core.season.pseudonym import teacher_id
from core.wire.errand import Task
from kiosk.desk.equipment import Equipment
from kiosk.desk.errands import new_errand
from kiosk.desk.passwords import lock_of
from kiosk.session.answer import CardKnown, CardUseless
from kiosk.session.bureau import CertificateState, Officer
from kiosk.session.display import Display, decode_display, encode_display
from kiosk.session.effect import Identify, SaveDisplay
from kiosk.session.person import Barred, Person, Post
from kiosk.session.record import Version
from kiosk.session.state import TroubleCode
from syncd.store.accounts import Account
from syncd.store.identity import Identity
from syncd.store.requests import RequestState
from syncd.store.roster import RosterEntry

OTHER_SCHEME = frozenset({"educare"})
"""契約進用教保員.

Registered so that the card is explained, but moved under another scheme (F-041).
"""


def identify(equipment: Equipment, effect: Identify, now: datetime) -> CardKnown | CardUseless:
    """Whose card it is."""
    store, profile = equipment.store, effect.profile
    identity = store.identity.read()
    if identity is None:
        return CardUseless(ticket=effect.ticket, at=now, code=TroubleCode.NOT_ENROLLED)
    teacher = teacher_id(identity.season_secret, profile.national_id)
    entry, account = store.roster.find(teacher), store.accounts.find(teacher)
    birth = profile.birth or (None if entry is None else entry.birth)
    if birth is None:
        return CardUseless(ticket=effect.ticket, at=now, code=TroubleCode.UNREADABLE)
    person = _person(identity, profile, entry, teacher=teacher, birth=birth)
    return CardKnown(
        ticket=effect.ticket,
        at=now,
        person=person,
        post=None if entry is None else post_of(entry),
        has_password=account is not None,
        lock=lock_of(account, now),
        officer=officer_of(equipment, person, account),
        wrong_scheme=entry is not None and entry.title in OTHER_SCHEME,
        display=display_of(equipment, teacher),
    )


def display_of(equipment: Equipment, teacher: TeacherId) -> Display | None:
    """The display settings this person kept; None when there are none to be understood."""
    content = equipment.store.displays.find(teacher)
    if content is None:
        return None
    try:
        return decode_display(content)
    except ValueError:
        return None


def save_display(equipment: Equipment, effect: SaveDisplay) -> None:
    """Keep the display settings with the person, here and for the other kiosks of her schools."""
    settings = encode_display(effect.display)
    errand = replace(new_errand(equipment, effect.teacher, Task.DISPLAY), display=settings)
    with equipment.store.transaction():
        equipment.store.displays.save(effect.teacher, settings)
        equipment.store.errands.add(errand)


def title_of(equipment: Equipment, version: Version) -> str:
    """職稱 by the roster, a code; empty when the roster does not know who sent this version."""
    identity, claim = equipment.store.identity.read(), version.claim
    if identity is None or claim is None:
        return ""
    holder = teacher_id(identity.season_secret, NationalId.from_text(claim.national_id))
    entry = equipment.store.roster.find(holder)
    return "" if entry is None else entry.title


def post_of(entry: RosterEntry) -> Post:
    """Where the roster says a teacher works."""
    return Post(
        school=entry.school,
        subject=entry.subject,
        stage=entry.stage,
        title=entry.title,
        barred=barred_of(entry),
    )


def barred_of(entry: RosterEntry | None) -> Barred | None:
    """What the control list says of a teacher, as the centre told it last (U-003)."""
    found = None if entry is None else entry.barred
    return None if found is None else Barred(found.clause, found.until)


def officer_of(equipment: Equipment, person: Person, account: Account | None) -> Officer | None:
    """The officer this person is here: with an own key, waiting for the certificate or not.

    After a refusal the person is none, so that another letter's code can be tried.
    """
    if account is None or account.wrapped_key is None:
        return None
    known = equipment.store.officers.of_holder(person.teacher)
    if account.certificate is None:
        request = equipment.store.requests.of_holder(person.teacher)
        if request is not None and request.state is RequestState.REFUSED:
            return None
        return Officer(
            person=person, state=CertificateState.WAITING, certificate=None, role="personnel"
        )
    if known is None or known.document != account.certificate:
        # Only the revocation list takes a certificate away.
        return Officer(
            person=person, state=CertificateState.REVOKED, certificate=None, role="personnel"
        )
    return Officer(
        person=person,
        state=CertificateState.GRANTED,
        certificate=known.id,
        role=known.certificate.role,
    )


def _person(
    identity: Identity,
    profile: Profile,
    entry: RosterEntry | None,
    *,
    teacher: TeacherId,
    birth: date,
) -> Person:
    return Person(
        teacher=teacher,
        national_id=profile.national_id,
        name=profile.name if entry is None else entry.name,
        card_name=profile.name,
        card_name_raw=profile.name_raw,
        name_damaged=profile.name_damaged,
        birth=birth,
        sex=_sex(profile) if entry is None else entry.sex,
        card=_card_hash(identity, profile),
    )


def _sex(profile: Profile) -> Literal["M", "F"]:
    """The card's own field, or the number's where the field makes no sense."""
    if profile.sex == "M":
        return "M"
    return "F" if profile.sex == "F" else profile.national_id.sex


def _card_hash(identity: Identity, profile: Profile) -> bytes:
    """32 bytes that stand for this very card among the kiosks of the season."""
    content = "\x1f".join(
        (
            profile.card_number,
            profile.name_raw.hex(),
            profile.national_id.text,
            str(profile.issued),
        )
    )
    return hmac.digest(identity.season_secret, b"card\x1f" + content.encode(), "sha256")
