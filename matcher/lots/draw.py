"""The draw itself (`jiepin-lots/1`): the secret, published, and the lots it gives.

Whoever has the promise and this file can draw again; `check` does, and says what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.season.lot import SEED_BYTES, draw_lots
from matcher.files import canon
from matcher.files.reader import opened
from matcher.files.refusal import FaultCode
from matcher.lots.promise import IDS_AT_MOST, Commitment

FORMAT = "jiepin-lots/1"

_KEYS = frozenset({"format", "commitment", "secret", "lots"})
_PLACES = range(1, IDS_AT_MOST + 1)
_DIGITS = frozenset("0123456789abcdef")


class Flaw(StrEnum):
    """What can be wrong with a draw."""

    OTHER_COMMITMENT = "other_commitment"
    OTHER_SECRET = "other_secret"  # noqa: S105  # a code, not a secret
    STRANGER = "stranger"
    WRONG_LOT = "wrong_lot"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong; ``detail`` is the id it is about, if any."""

    flaw: Flaw
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """``commitment``: identity of the promise kept; ``lots`` by id, of those who took part."""

    commitment: str
    secret: bytes
    lots: Mapping[str, int]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {
            "format": FORMAT,
            "commitment": self.commitment,
            "secret": self.secret.hex(),
            "lots": dict(self.lots),
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())


def reveal(
    promised: Commitment, secret: bytes, taking_part: tuple[str, ...]
) -> Draw | tuple[Complaint, ...]:
    """The draw among ``taking_part``, or why the promise does not allow it.

    Who was promised and left the list since changes nobody's order among the rest.

    Raises:
        ValueError: The secret has not 32 bytes.
    """
    if not promised.is_of(secret):
        return (Complaint(Flaw.OTHER_SECRET),)
    if complaints := _strangers(promised, taking_part):
        return complaints
    return Draw(
        commitment=promised.identity(), secret=secret, lots=_lots_among(secret, taking_part)
    )


def check(promised: Commitment, draw: Draw) -> tuple[Complaint, ...]:
    """Everything that is wrong with a published draw; empty when anybody would get the same."""
    found = []
    if draw.commitment != promised.identity():
        found.append(Complaint(Flaw.OTHER_COMMITMENT))
    if not promised.is_of(draw.secret):
        found.append(Complaint(Flaw.OTHER_SECRET))
    right = _lots_among(draw.secret, tuple(draw.lots))
    wrong = sorted(each for each, lot in draw.lots.items() if lot != right[each])
    return (
        *found,
        *_strangers(promised, tuple(draw.lots)),
        *(Complaint(Flaw.WRONG_LOT, each) for each in wrong),
    )


def _strangers(promised: Commitment, ids: tuple[str, ...]) -> tuple[Complaint, ...]:
    return tuple(Complaint(Flaw.STRANGER, each) for each in sorted(set(ids) - set(promised.ids)))


def _lots_among(secret: bytes, ids: tuple[str, ...]) -> dict[str, int]:
    drawn = draw_lots(secret, (each.encode() for each in ids))
    return {each.decode(): lot for each, lot in drawn.items()}


def parse_draw(data: bytes, file: str) -> Draw:
    """The draw in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    reader, record = opened(data, file, _KEYS, FORMAT)
    commitment = reader.identity(record, "commitment", "$")
    lots = {
        each: reader.integer_at(lot, f"$.lots.{each}", _PLACES)
        for each, lot in reader.mapping(record, "lots", "$").items()
    }
    secret = parse_secret(reader.text(record, "secret", "$"))
    if secret is None and "secret" in record:
        reader.refuse("$.secret", FaultCode.BAD_TEXT, f"{2 * SEED_BYTES} hex digits")
    reader.finish()
    return Draw(commitment=commitment, secret=secret or b"", lots=lots)


def parse_secret(text: str) -> bytes | None:
    """The secret written as 64 small hexadecimal digits; None if it is not written so."""
    if len(text) != 2 * SEED_BYTES or not _DIGITS.issuperset(text):
        return None
    return bytes.fromhex(text)
