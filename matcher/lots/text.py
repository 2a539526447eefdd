"""What is said about a draw of lots, in 正體中文 and in English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from matcher.lots.draw import Complaint, Flaw
from matcher.telling.text import Language


class LotTexts(Protocol):
    """What can be said."""

    accepted: str
    bad_secret: str

    def committed(self, people: int, commitment: str) -> str:
        """What was promised."""

    def drawn(self, people: int) -> str:
        """How many lots were drawn."""

    def complaint(self, complaint: Complaint) -> str:
        """What is wrong with a draw."""


class ZhHantTw:
    """正體中文."""

    accepted = "檢核通過：任何人用公布的密值重抽，都得到同樣的籤號。"
    bad_secret = "密值必須是 64 個十六進位數字（0-9、a-f），寫在檔案或標準輸入。"  # noqa: S105

    _flaws: Mapping[Flaw, str] = MappingProxyType(
        {
            Flaw.OTHER_COMMITMENT: "這不是這份承諾的抽籤結果。",
            Flaw.OTHER_SECRET: "密值與事先公布的承諾不符。",
            Flaw.STRANGER: "不在事先公布的名單內：",
            Flaw.WRONG_LOT: "籤號與重抽的結果不同：",
        }
    )

    def committed(self, people: int, commitment: str) -> str:
        """What was promised."""
        return f"已承諾 {people} 人的抽籤，請現在公布：{commitment}"

    def drawn(self, people: int) -> str:
        """How many lots were drawn."""
        return f"已抽出 {people} 個籤號。"

    def complaint(self, complaint: Complaint) -> str:
        """What is wrong with a draw."""
        return f"{self._flaws[complaint.flaw]}{complaint.detail}"


class English:
    """English."""

    accepted = "Accepted: anybody who draws again with the published secret gets these lots."
    bad_secret = (
        "The secret must be 64 hexadecimal digits (0-9, a-f), in a file or on standard input."  # noqa: S105
    )

    _flaws: Mapping[Flaw, str] = MappingProxyType(
        {
            Flaw.OTHER_COMMITMENT: "This is not the draw of that promise.",
            Flaw.OTHER_SECRET: "The secret is not the one that was promised.",
            Flaw.STRANGER: "Not in the list that was promised: ",
            Flaw.WRONG_LOT: "Not the lot that drawing again gives: ",
        }
    )

    def committed(self, people: int, commitment: str) -> str:
        """What was promised."""
        return f"Promised a draw among {people}; publish this now: {commitment}"

    def drawn(self, people: int) -> str:
        """How many lots were drawn."""
        return f"Drew {people} lots."

    def complaint(self, complaint: Complaint) -> str:
        """What is wrong with a draw."""
        return f"{self._flaws[complaint.flaw]}{complaint.detail}"


TEXTS: Mapping[Language, LotTexts] = MappingProxyType(
    {Language.ZH: ZhHantTw(), Language.EN: English()}
)
