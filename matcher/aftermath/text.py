"""What is said about a cascade, in 正體中文 and in English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from matcher.aftermath.cascade import Flaw, Objection, Voided
from matcher.aftermath.failures import Failure, Ground
from matcher.files.problem import Position, TeacherId
from matcher.telling.text import Language


class AftermathTexts(Protocol):
    """What can be said."""

    same: str
    differs: str

    def objection(self, objection: Objection) -> str:
        """Why there is no answer."""

    def failed(self, failure: Failure, origin: Position) -> str:
        """One who failed, and what her old school does."""

    def voided(self, voided: Voided) -> str:
        """A move that is void because of another."""

    def stand(self, moves: int) -> str:
        """How many moves are untouched."""

    def stands(self, teacher: TeacherId) -> str:
        """That the move of this teacher is not touched."""

    def free(self, position: Position, count: int) -> str:
        """Seats that are free again."""

    def unused(self, teacher: TeacherId) -> str:
        """A seat opened in vain."""


class ZhHantTw:
    """正體中文."""

    same = "檢核通過：公布的內容就是這份名單的結果。"
    differs = "與重算的結果不同。"

    _flaws: Mapping[Flaw, str] = MappingProxyType(
        {
            Flaw.OTHER_PROBLEM: "結果檔不是這個問題檔的結果。",
            Flaw.OTHER_PLACEMENT: "名單不是針對這份結果檔。",
            Flaw.DID_NOT_MOVE: "這位教師沒有達成介聘：",
            Flaw.MOVED_TWICE: "結果檔有誤，同一人調動兩次：",
            Flaw.NOT_LINKED: "結果檔有誤，缺額接不起來：",
        }
    )
    _grounds: Mapping[Ground, str] = MappingProxyType(
        {
            Ground.NOT_REPORTED: "未報到",
            Ground.NOT_APPOINTED: "聘任未獲通過",
            Ground.GAVE_UP: "放棄",
        }
    )

    def objection(self, objection: Objection) -> str:
        """Why there is no answer."""
        return f"{self._flaws[objection.flaw]}{objection.detail}"

    def failed(self, failure: Failure, origin: Position) -> str:
        """One who failed, and what her old school does."""
        head = f"{failure.teacher} {self._grounds[failure.ground]}，留在原校 {_zh(origin)}。"
        return f"{head}原校增開缺額，接她缺的人不受影響。" if failure.extra_seat else head

    def voided(self, voided: Voided) -> str:
        """A move that is void because of another."""
        move = voided.move
        return (
            f"{move.teacher} 介聘失效，留在原校 {_zh(move.origin)}："
            f"{_zh(move.destination)} 的缺由 {voided.kept_by} 留任，"
            f"起因是 {voided.failed}（往前第 {voided.steps} 位）。"
        )

    def stand(self, moves: int) -> str:
        """How many moves are untouched."""
        return f"其餘 {moves} 人的介聘維持有效。"

    def stands(self, teacher: TeacherId) -> str:
        """That the move of this teacher is not touched."""
        return f"{teacher} 的介聘不受影響，或原本就沒有達成。"

    def free(self, position: Position, count: int) -> str:
        """Seats that are free again."""
        return f"{_zh(position)} 空出 {count} 缺，不自動重新媒合。"

    def unused(self, teacher: TeacherId) -> str:
        """A seat opened in vain."""
        return f"{teacher} 原校增開的缺額沒有人需要。"


class English:
    """English."""

    same = "Accepted: this is what the case undoes."
    differs = "not what the case undoes"

    _flaws: Mapping[Flaw, str] = MappingProxyType(
        {
            Flaw.OTHER_PROBLEM: "The placement is not of this problem file.",
            Flaw.OTHER_PLACEMENT: "The case is about another placement.",
            Flaw.DID_NOT_MOVE: "This teacher did not move: ",
            Flaw.MOVED_TWICE: "The placement is wrong, one teacher moves twice: ",
            Flaw.NOT_LINKED: "The placement is wrong, the seats do not follow each other: ",
        }
    )
    _grounds: Mapping[Ground, str] = MappingProxyType(
        {
            Ground.NOT_REPORTED: "did not report",
            Ground.NOT_APPOINTED: "was not appointed",
            Ground.GAVE_UP: "gave up",
        }
    )

    def objection(self, objection: Objection) -> str:
        """Why there is no answer."""
        return f"{self._flaws[objection.flaw]}{objection.detail}"

    def failed(self, failure: Failure, origin: Position) -> str:
        """One who failed, and what her old school does."""
        head = f"{failure.teacher} {self._grounds[failure.ground]} and stays at {_en(origin)}."
        seat = " That school opens another seat, so whoever takes hers is not touched."
        return head + seat if failure.extra_seat else head

    def voided(self, voided: Voided) -> str:
        """A move that is void because of another."""
        move = voided.move
        return (
            f"{move.teacher}'s move is void, she stays at {_en(move.origin)}: "
            f"{voided.kept_by} stays in the seat at {_en(move.destination)}; "
            f"it began with {voided.failed}, {voided.steps} before her."
        )

    def stand(self, moves: int) -> str:
        """How many moves are untouched."""
        return f"The moves of the other {moves} stand."

    def stands(self, teacher: TeacherId) -> str:
        """That the move of this teacher is not touched."""
        return f"{teacher}'s move is not touched, or there was none."

    def free(self, position: Position, count: int) -> str:
        """Seats that are free again."""
        return f"Free again at {_en(position)}: {count}. Nobody is matched anew."

    def unused(self, teacher: TeacherId) -> str:
        """A seat opened in vain."""
        return f"Nobody needs the seat {teacher}'s old school opens."


def _zh(position: Position) -> str:
    return f"{position.school}（{position.subject}）"


def _en(position: Position) -> str:
    return f"{position.school} ({position.subject})"


TEXTS: Mapping[Language, AftermathTexts] = MappingProxyType(
    {Language.ZH: ZhHantTw(), Language.EN: English()}
)
