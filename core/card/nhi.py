"""The public profile of an NHI card (健保卡): two commands, 57 bytes, no PIN (DOMAIN §5).

It identifies and does not authenticate: whoever holds the card can read it, and a revoked card
still reads.
"""

from dataclasses import dataclass, field
from datetime import date

from core.card.apdu import Command, Status
from core.card.dialogue import Dialogue, exchange
from core.domain.ids import NationalId
from core.domain.name import decode_name
from core.domain.roc import parse_card_date

SELECT_NHI = Command(bytes.fromhex("00A4040010D1580000010000000000000000001100"))
GET_PROFILE = Command(bytes.fromhex("00CA1100020000"))
PROFILE_BYTES = 57
TRIES = 2
"""A cold card sometimes answers the first read with an error (DOMAIN §5.2)."""
CARD_NUMBER = slice(0, 12)
NAME = slice(12, 32)
NATIONAL_ID = slice(32, 42)
BIRTH = slice(42, 49)
SEX = slice(49, 50)
ISSUED = slice(50, 57)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the chip says. Only ``national_id`` was checked; dates that make no sense are None.

    ``name_raw`` are the 20 bytes as stored; ``name_damaged`` says that ``name`` is not what its
    owner writes: bytes outside cp950, a character cut in the middle, or ``*`` for a rare one.
    """

    card_number: str = field(repr=False)
    name: str = field(repr=False)
    name_raw: bytes = field(repr=False)
    name_damaged: bool
    national_id: NationalId
    birth: date | None = field(repr=False)
    sex: str = field(repr=False)
    issued: date | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotAnNhiCard:
    """The card answered GET DATA with this status word: another kind of card."""

    status: int


@dataclass(frozen=True, slots=True)
class UnreadableProfile:
    """An NHI card whose content is no profile: ``length``, or the code of the ID number's fault."""

    reason: str


Reading = Profile | NotAnNhiCard | UnreadableProfile


def read_profile() -> Dialogue[Reading]:
    """SELECT, then GET DATA; the status of SELECT is ignored because newer cards refuse it."""
    found: Reading = UnreadableProfile("length")
    for _ in range(TRIES):
        yield from exchange(SELECT_NHI)
        response = yield from exchange(GET_PROFILE)
        found = (
            parse_profile(response.data)
            if response.status == Status.OK
            else NotAnNhiCard(response.status)
        )
        if isinstance(found, Profile):
            break
    return found


def parse_profile(data: bytes) -> Profile | UnreadableProfile:
    """The profile in 57 or more bytes; never fails on the name."""
    if len(data) < PROFILE_BYTES:
        return UnreadableProfile("length")
    try:
        number = NationalId.from_text(data[NATIONAL_ID].decode("ascii", "replace"))
    except ValueError as error:
        return UnreadableProfile(str(error.args[0]))
    name, damaged = decode_name(data[NAME])
    return Profile(
        card_number=data[CARD_NUMBER].decode("ascii", "replace").strip("\0 "),
        name=name,
        name_raw=data[NAME],
        name_damaged=damaged,
        national_id=number,
        birth=_date(data[BIRTH]),
        sex=data[SEX].decode("ascii", "replace"),
        issued=_date(data[ISSUED]),
    )


def _date(raw: bytes) -> date | None:
    try:
        return parse_card_date(raw.decode("ascii"))
    except ValueError:
        return None
