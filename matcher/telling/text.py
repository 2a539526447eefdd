"""Every sentence of the matcher, in 正體中文 and in English. Knows codes, decides nothing."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, assert_never

from core.domain.points import Points
from matcher.checking.verdict import Finding
from matcher.deciding.options import Struck
from matcher.files.refusal import Fault
from matcher.telling.answer import Answer, Because, Comparison, Outcome, Reason
from matcher.telling.wording import FAULTS_EN, FAULTS_ZH, WRONG_EN, WRONG_ZH


class Language(StrEnum):
    """The languages there are sentences in."""

    ZH = "zh"
    EN = "en"


class Texts(Protocol):
    """What can be said."""

    accepted: str
    accepted_what_if: str
    nobody: str

    def fault(self, fault: Fault) -> str:
        """Why a file was refused."""

    def finding(self, finding: Finding) -> str:
        """What is wrong with a placement."""

    def phase(self, name: str) -> str:
        """What people call a phase."""

    def moved(self, phase: str, school: str, subject: str, wish: int) -> str:
        """What she got."""

    def stays(self) -> str:
        """That she got nothing."""

    def answer(self, answer: Answer) -> str:
        """What became of one wish."""

    def reason(self, reason: Reason) -> str:
        """Why a phase did not give it."""


def _points(hundredths: int) -> str:
    return str(Points(hundredths))


class ZhHantTw:
    """正體中文."""

    accepted = "檢核通過：結果就是規則規定的結果。"
    accepted_what_if = "檢核通過：所附的證明成立。這是試算，不是規則規定的結果。"
    nobody = "問題檔裡沒有這位教師。"

    _struck: Mapping[Struck | None, str] = MappingProxyType(
        {
            Struck.OWN_SCHOOL: "是現職學校",
            Struck.CLOSED_SCHOOL: "這所學校今年未委託",
            Struck.EXCLUSIVE_SUBJECT: "這個科別只能與同科別介聘",
            Struck.EXCLUDED: "經審查排除",
        }
    )
    _phases: Mapping[str, str] = MappingProxyType(
        {
            "indigenous": "原民調",
            "language": "語言認證優先",
            "single": "單調",
            "swap": "互調",
            "triangle": "三角調",
            "ring": "多角調",
            "ttc": "循環交換（試算）",
            "teacher_optimal_block_exchange": "雙方皆優交換（試算）",
            "maximum": "最多人達成（試算）",
            "failure_aware": "預防未報到（試算）",
        }
    )
    _deciders: Mapping[str, str] = MappingProxyType(
        {
            "points": "積分",
            "older": "年齡",
            "service": "服務年資",
            "appraisal": "考績積分",
            "awards": "獎懲積分",
            "training": "研習積分",
            "lot": "公開抽籤號",
            "wish": "志願序",
            "subject": "科別序",
            "length": "人數",
        }
    )

    def fault(self, fault: Fault) -> str:
        """Why a file was refused."""
        return f"{FAULTS_ZH[fault.code]} {fault.detail}".rstrip()

    def finding(self, finding: Finding) -> str:
        """What is wrong with a placement."""
        return f"{WRONG_ZH[finding.code]} {finding.detail}".rstrip()

    def phase(self, name: str) -> str:
        """What people call a phase."""
        return self._phases.get(name, name)

    def moved(self, phase: str, school: str, subject: str, wish: int) -> str:
        """What she got."""
        return f"{self.phase(phase)}達成：{school}（{subject}），第 {wish} 志願。"

    def stays(self) -> str:
        """That she got nothing."""
        return "未達成介聘，留任原校。"

    def answer(self, answer: Answer) -> str:
        """What became of one wish."""
        entry = answer.entry
        position = f"{entry.position.school}（{entry.position.subject}）"
        head = f"第 {entry.wish} 志願 {position} {_points(answer.points)} 分"
        match answer.outcome:
            case Outcome.OBTAINED:
                return f"{head}：達成。"
            case Outcome.MISSED:
                return f"{head}：未達成。"
            case Outcome.STRUCK:
                why = self._struck[entry.struck]
                code = f"（{entry.reason}）" if entry.reason else ""
                return f"{head}：不列入，{why}{code}。"
            case _:
                assert_never(answer.outcome)

    def reason(self, reason: Reason) -> str:
        """Why a phase did not give it."""
        return f"{self.phase(reason.phase)}：{self._because(reason)}"

    def _because(self, reason: Reason) -> str:
        simple = {
            Because.NO_SEAT: "這個學校和科別沒有開出缺額。",
            Because.OPENED_LATER: "缺額到您達成以後的輪次才空出來。",
            Because.NOBODY_LEAVES: "這個階段裡，沒有人以這個學校和科別參加交換。",
            Because.NO_RING: "有人申請調出，但排不出能讓每個人都如願的環。",
            Because.NOT_LEFT: "這個學校和科別沒有人調出。",
            Because.NOT_GIVEN: "有缺，但這種機制沒有把它給任何人。",
            Because.SCHOOL_NOT_IN_PHASE: "這個階段不辦理這所學校。",
            Because.NOT_FOR_HER: "您的資格不在這個階段。",
            Because.MOVED_ALREADY: "已經達成，不再參加後面的階段。",
        }
        if reason.comparison is None:
            return simple[reason.code]
        shown = self._comparison(reason.comparison)
        if reason.code is Because.TAKEN:
            return f"由較優先的 {reason.comparison.people} 人取得。最後一人{shown}"
        if reason.code is Because.EARLIER_TURN:
            return f"逐筆走訪先走到您達成的志願：那裡{shown}"
        if reason.code is Because.GIVEN:
            people = reason.comparison.people
            return f"這種機制給了另外 {people} 人（不只看積分）。其中最後一人{shown}"
        people, place = reason.comparison.people, reason.comparison.place
        return f"排得出的環輸給較優先的 {people} 人環。比到第 {place} 順位，對方{shown}"

    def _comparison(self, comparison: Comparison) -> str:
        theirs, mine = _points(comparison.points), _points(comparison.against)
        if comparison.decided_by == "points":
            return f" {theirs} 分，這邊 {mine} 分。"
        return f"同為 {theirs} 分，以{self._deciders[comparison.decided_by]}決定。"


class English:
    """English."""

    accepted = "Accepted: this is the result the rules prescribe."
    accepted_what_if = "Accepted: the certificate holds. A what-if, not what the rules prescribe."
    nobody = "The problem file knows no such teacher."

    _struck: Mapping[Struck | None, str] = MappingProxyType(
        {
            Struck.OWN_SCHOOL: "her own school",
            Struck.CLOSED_SCHOOL: "the school takes no part this year",
            Struck.EXCLUSIVE_SUBJECT: "this subject only meets itself",
            Struck.EXCLUDED: "excluded in the review",
        }
    )
    _phases: Mapping[str, str] = MappingProxyType(
        {
            "indigenous": "indigenous priority",
            "language": "language priority",
            "single": "vacancies",
            "swap": "swaps",
            "triangle": "triangles",
            "ring": "longer rings",
            "ttc": "trading cycles (what if)",
            "teacher_optimal_block_exchange": "exchange good for both sides (what if)",
            "maximum": "most moves (what if)",
            "failure_aware": "safe against no-shows (what if)",
        }
    )
    _deciders: Mapping[str, str] = MappingProxyType(
        {
            "points": "points",
            "older": "age",
            "service": "years of service",
            "appraisal": "appraisal points",
            "awards": "award points",
            "training": "training points",
            "lot": "public lot",
            "wish": "wish rank",
            "subject": "subject rank",
            "length": "number of people",
        }
    )

    def fault(self, fault: Fault) -> str:
        """Why a file was refused."""
        return f"{FAULTS_EN[fault.code]} {fault.detail}".rstrip()

    def finding(self, finding: Finding) -> str:
        """What is wrong with a placement."""
        return f"{WRONG_EN[finding.code]} {finding.detail}".rstrip()

    def phase(self, name: str) -> str:
        """What people call a phase."""
        return self._phases.get(name, name)

    def moved(self, phase: str, school: str, subject: str, wish: int) -> str:
        """What she got."""
        return f"Moved by {self.phase(phase)}: {school} ({subject}), wish {wish}."

    def stays(self) -> str:
        """That she got nothing."""
        return "No move: she keeps her seat."

    def answer(self, answer: Answer) -> str:
        """What became of one wish."""
        entry = answer.entry
        position = f"{entry.position.school} ({entry.position.subject})"
        head = f"Wish {entry.wish} {position}, {_points(answer.points)} points"
        match answer.outcome:
            case Outcome.OBTAINED:
                return f"{head}: obtained."
            case Outcome.MISSED:
                return f"{head}: not obtained."
            case Outcome.STRUCK:
                why = self._struck[entry.struck]
                code = f" ({entry.reason})" if entry.reason else ""
                return f"{head}: not considered, {why}{code}."
            case _:
                assert_never(answer.outcome)

    def reason(self, reason: Reason) -> str:
        """Why a phase did not give it."""
        return f"{self.phase(reason.phase)}: {self._because(reason)}"

    def _because(self, reason: Reason) -> str:
        simple = {
            Because.NO_SEAT: "no seat was open there.",
            Because.OPENED_LATER: "a seat came free only after the round she moved in.",
            Because.NOBODY_LEAVES: "nobody in this phase holds such a seat.",
            Because.NO_RING: "somebody would leave, but no ring suits all its members.",
            Because.NOT_LEFT: "nobody who holds such a seat left.",
            Because.NOT_GIVEN: "a seat was free, but the mechanism gave it to nobody.",
            Because.SCHOOL_NOT_IN_PHASE: "this phase is not for that school.",
            Because.NOT_FOR_HER: "this phase is not for her.",
            Because.MOVED_ALREADY: "she had moved and took no part in later phases.",
        }
        if reason.comparison is None:
            return simple[reason.code]
        shown = self._comparison(reason.comparison)
        if reason.code is Because.TAKEN:
            return f"taken by {reason.comparison.people} with higher priority; the last {shown}"
        if reason.code is Because.EARLIER_TURN:
            return f"the walk came first to the wish she got; there she {shown}"
        if reason.code is Because.GIVEN:
            people = reason.comparison.people
            return f"the mechanism gave it to {people}, not by points alone; the last {shown}"
        return (
            f"the rings with it lost to a better one of {reason.comparison.people}; "
            f"member {reason.comparison.place} there {shown}"
        )

    def _comparison(self, comparison: Comparison) -> str:
        theirs, mine = _points(comparison.points), _points(comparison.against)
        if comparison.decided_by == "points":
            return f"has {theirs} points against {mine}."
        return f"has {theirs} points too; {self._deciders[comparison.decided_by]} decided."


TEXTS: Mapping[Language, Texts] = MappingProxyType(
    {Language.ZH: ZhHantTw(), Language.EN: English()}
)
