"""What is said in the hall, in 正體中文 and in English. Knows codes, decides nothing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from matcher.files.placement import Ring
from matcher.files.problem import Position
from matcher.rollcall.account import Called
from matcher.rollcall.exchange import Swap
from matcher.rollcall.log import LogFault, LogFlaw
from matcher.rollcall.objection import Forbidden, Objection
from matcher.rollcall.result import Line
from matcher.rollcall.settings import Footing
from matcher.rollcall.state import LATE, Illegal, Refused, Taken
from matcher.telling.text import Language


class RollTexts(Protocol):
    """What can be said."""

    over: str
    not_over: str
    mended: str

    def objection(self, objection: Objection) -> str:
        """What the county's settings forbid in a register."""

    def refused(self, refused: Refused) -> str:
        """Why a call is refused."""

    def fault(self, fault: LogFault) -> str:
        """Where a log stops being right."""

    def accepted(self, lines: int, head: str) -> str:
        """That a log is right, and by what it can be known again."""

    def called(self, called: Called) -> str:
        """Who is called now."""

    def choices(self, called: Called) -> str:
        """Where she could go."""

    def then(self, called: Called) -> str:
        """Who is called after her."""

    def taken(self, taken: Taken) -> str:
        """One who took a seat."""

    def seats(self, position: Position, count: int) -> str:
        """Seats that are open."""

    def line(self, line: Line) -> str:
        """People who depend on each other."""

    def swap(self, swap: Swap) -> str:
        """Two who change places."""


class ZhHantTw:
    """正體中文."""

    over = "唱名結束。"
    not_over = "唱名還沒結束，還有人要叫。"
    mended = "紀錄最後一行沒有寫完，那一步並未成立，已移除。"

    _forbidden: Mapping[Forbidden, str] = MappingProxyType(
        {
            Forbidden.NEVER_BOTH: "不得同時參加這兩種作業：",
            Forbidden.TOO_MANY_SUBJECTS: "申請科別超過上限：",
            Forbidden.NOT_DRAWN: "科別不在抽籤順序內：",
            Forbidden.WRONG_FOOTING: "應聘科別才是應聘，其他科別是非應聘：",
            Forbidden.FOOTING_NOT_CALLED: "她參加的作業不辦理這種資格：",
            Forbidden.EXCLUSIVE_SUBJECT: "這個科別只能與同科別介聘：",
            Forbidden.NO_EXCHANGE: "她參加的作業不辦理互調。",
            Forbidden.EXCHANGE_AT_HOME: "互調學校是現職學校：",
            Forbidden.EXCHANGE_ELSEWHERE: "互調學校不在戶籍所在的鄉鎮市區：",
        }
    )
    _illegal: Mapping[Illegal, str] = MappingProxyType(
        {
            Illegal.UNKNOWN_APPLICANT: "名冊裡沒有這位教師：",
            Illegal.MOVED_ALREADY: "已經選填，不得更改：",
            Illegal.GAVE_UP: "已經放棄權利：",
            Illegal.FINISHED: "唱名已經結束，不再受理：",
            Illegal.NOT_CALLED: "還沒輪到或已經過號，現在唱名：",
            Illegal.OWN_SCHOOL: "是她的現職學校：",
            Illegal.NOT_FOR_HER: "不是她可以選填的學校：",
            Illegal.NO_SEAT: "這個科別現在沒有缺額：",
            Illegal.NOTHING_TO_UNDO: "還沒有任何一步可以復原。",
            Illegal.BAD_REASON: "復原要寫理由，一到兩百字。",
        }
    )
    _flaws: Mapping[LogFlaw, str] = MappingProxyType(
        {
            LogFlaw.EMPTY: "紀錄是空的",
            LogFlaw.OTHER_REGISTER: "不是這份名冊的紀錄",
            LogFlaw.BAD_LINE: "看不懂這一行",
            LogFlaw.NOT_LINKED: "與前一行接不起來",
            LogFlaw.ILLEGAL_CALL: "這一步不合規定",
            LogFlaw.ALTERED: "內容被改過",
            LogFlaw.TORN: "最後一行沒有寫完",
        }
    )
    _groups: Mapping[str, str] = MappingProxyType(
        {
            Footing.EMPLOYED: "應聘",
            Footing.HALF: "非應聘（二分之一以上）",
            Footing.BELOW_HALF: "非應聘（二分之一以下）",
            Footing.NONE: "非應聘（無授課）",
            LATE: "改列最後",
        }
    )

    def objection(self, objection: Objection) -> str:
        """What the county's settings forbid in a register."""
        return f"{self._forbidden[objection.code]}{objection.detail}"

    def refused(self, refused: Refused) -> str:
        """Why a call is refused."""
        return f"{self._illegal[refused.code]}{refused.detail}"

    def fault(self, fault: LogFault) -> str:
        """Where a log stops being right."""
        return f"第 {fault.line} 行：{self._flaws[fault.flaw]} {fault.detail}".rstrip()

    def accepted(self, lines: int, head: str) -> str:
        """That a log is right, and by what it can be known again."""
        return f"檢核通過：紀錄共 {lines} 行，逐步重演相符，最後一行 {head}"

    def called(self, called: Called) -> str:
        """Who is called now."""
        group = self._groups[called.group]
        return f"現在唱名：{called.applicant}（{called.subject}，{group}，第 {called.round} 輪）"

    def choices(self, called: Called) -> str:
        """Where she could go."""
        return f"可選學校：{'、'.join(called.schools)}"

    def then(self, called: Called) -> str:
        """Who is called after her."""
        return f"接著：{'、'.join(called.then) or '（本輪最後一位）'}"

    def taken(self, taken: Taken) -> str:
        """One who took a seat."""
        origin, destination = taken.origin, taken.destination
        return (
            f"{taken.applicant} {origin.school}（{origin.subject}）"
            f"→ {destination.school}（{destination.subject}）"
        )

    def seats(self, position: Position, count: int) -> str:
        """Seats that are open."""
        return f"缺額：{position.school}（{position.subject}） {count}"

    def line(self, line: Line) -> str:
        """People who depend on each other."""
        people = [f"{m.teacher} {m.origin.school}（{m.origin.subject}）" for m in line.moves]
        if line.kind == Ring.kind:
            return f"互調：{' ↔ '.join(people)}"
        seat = line.moves[0].destination
        return f"缺額 {seat.school}（{seat.subject}） ← {' ← '.join(people)}"

    def swap(self, swap: Swap) -> str:
        """Two who change places."""
        return f"互調：{swap.first} ↔ {swap.second}"


class English:
    """English."""

    over = "The roll call is over."
    not_over = "The roll is not called to its end."
    mended = "The last line of the log was unfinished; that step did not count and was cut off."

    _forbidden: Mapping[Forbidden, str] = MappingProxyType(
        {
            Forbidden.NEVER_BOTH: "Nobody may be in both of these parts: ",
            Forbidden.TOO_MANY_SUBJECTS: "More subjects than allowed: ",
            Forbidden.NOT_DRAWN: "The subject is not in the drawn order: ",
            Forbidden.WRONG_FOOTING: "Employed is said of one's own subject and of no other: ",
            Forbidden.FOOTING_NOT_CALLED: "No part she is in calls this footing: ",
            Forbidden.EXCLUSIVE_SUBJECT: "This subject only meets itself: ",
            Forbidden.NO_EXCHANGE: "There is no exchange in the parts she is in.",
            Forbidden.EXCHANGE_AT_HOME: "The school named for exchange is her own: ",
            Forbidden.EXCHANGE_ELSEWHERE: "The school named is not in the township she lives in: ",
        }
    )
    _illegal: Mapping[Illegal, str] = MappingProxyType(
        {
            Illegal.UNKNOWN_APPLICANT: "Not in the register: ",
            Illegal.MOVED_ALREADY: "Took a seat already, which cannot be changed: ",
            Illegal.GAVE_UP: "Gave up the right to be called: ",
            Illegal.FINISHED: "The roll call is over; too late for ",
            Illegal.NOT_CALLED: "Not her turn; being called: ",
            Illegal.OWN_SCHOOL: "That is her own school: ",
            Illegal.NOT_FOR_HER: "Not a school she may take: ",
            Illegal.NO_SEAT: "No seat is open under this subject at ",
            Illegal.NOTHING_TO_UNDO: "There is no step to take back.",
            Illegal.BAD_REASON: "Taking back needs a reason of 1 to 200 characters.",
        }
    )
    _flaws: Mapping[LogFlaw, str] = MappingProxyType(
        {
            LogFlaw.EMPTY: "the log is empty",
            LogFlaw.OTHER_REGISTER: "the log of another register",
            LogFlaw.BAD_LINE: "not a line of a log",
            LogFlaw.NOT_LINKED: "does not follow the line before",
            LogFlaw.ILLEGAL_CALL: "a call that is not allowed",
            LogFlaw.ALTERED: "altered",
            LogFlaw.TORN: "not written to its end",
        }
    )
    _groups: Mapping[str, str] = MappingProxyType(
        {
            Footing.EMPLOYED: "employed",
            Footing.HALF: "taught half or more",
            Footing.BELOW_HALF: "taught less than half",
            Footing.NONE: "never taught",
            LATE: "put last",
        }
    )

    def objection(self, objection: Objection) -> str:
        """What the county's settings forbid in a register."""
        return f"{self._forbidden[objection.code]}{objection.detail}"

    def refused(self, refused: Refused) -> str:
        """Why a call is refused."""
        return f"{self._illegal[refused.code]}{refused.detail}"

    def fault(self, fault: LogFault) -> str:
        """Where a log stops being right."""
        return f"Line {fault.line}: {self._flaws[fault.flaw]} {fault.detail}".rstrip()

    def accepted(self, lines: int, head: str) -> str:
        """That a log is right, and by what it can be known again."""
        return f"Accepted: {lines} lines, called again with the same result; the last is {head}"

    def called(self, called: Called) -> str:
        """Who is called now."""
        group = self._groups[called.group]
        return f"Now: {called.applicant} ({called.subject}, {group}, round {called.round})"

    def choices(self, called: Called) -> str:
        """Where she could go."""
        return f"Open to her: {', '.join(called.schools)}"

    def then(self, called: Called) -> str:
        """Who is called after her."""
        return f"Then: {', '.join(called.then) or 'nobody in this round'}"

    def taken(self, taken: Taken) -> str:
        """One who took a seat."""
        origin, destination = taken.origin, taken.destination
        return (
            f"{taken.applicant}: {origin.school} ({origin.subject}) "
            f"to {destination.school} ({destination.subject})"
        )

    def seats(self, position: Position, count: int) -> str:
        """Seats that are open."""
        return f"Open: {position.school} ({position.subject}) {count}"

    def line(self, line: Line) -> str:
        """People who depend on each other."""
        people = [f"{m.teacher} {m.origin.school} ({m.origin.subject})" for m in line.moves]
        if line.kind == Ring.kind:
            return f"Exchange: {' ↔ '.join(people)}"
        seat = line.moves[0].destination
        return f"Seat {seat.school} ({seat.subject}) ← {' ← '.join(people)}"

    def swap(self, swap: Swap) -> str:
        """Two who change places."""
        return f"Exchange: {swap.first} and {swap.second}"


TEXTS: Mapping[Language, RollTexts] = MappingProxyType(
    {Language.ZH: ZhHantTw(), Language.EN: English()}
)
