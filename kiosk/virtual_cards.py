"""Virtual cards described in JSON, for demonstrations and the robot; they answer real commands."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from core.domain.ids import NationalId
from kiosk.adapters.virtual_reader import CardFault, VirtualCard, nhi_card

FILE = "virtual_cards.json"
CITIZEN_ATR = bytes.fromhex("3B8B80010031C1640840213000900057")
"""What a foreign card among them says of itself: 自然人憑證."""


class CardText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the chip holds, as text; dates are ISO."""

    card_number: str
    name: str
    national_id: str
    birth: date
    sex: str
    issued: date

    def card(self) -> VirtualCard:
        """The card.

        Raises:
            ValueError: The number's checksum does not hold.
        """
        return nhi_card(
            card_number=self.card_number,
            name=self.name,
            national_id=NationalId.from_text(self.national_id),
            birth=self.birth,
            sex=self.sex,
            issued=self.issued,
        )


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    label: str
    profile: CardText | None = None
    fault: CardFault | None = None


def read_cards(path: Path) -> Mapping[str, VirtualCard]:
    """The cards of a file by label, in its order; none when there is no file.

    Raises:
        ValueError: Malformed.
    """
    if not path.exists():
        return {}
    rows = msgspec.json.decode(path.read_bytes(), type=list[_Row])
    return {row.label: _card(row) for row in rows}


def _card(row: _Row) -> VirtualCard:
    if row.profile is not None:
        return row.profile.card()
    return VirtualCard(fault=row.fault or CardFault.UNREADABLE, atr=CITIZEN_ATR)
