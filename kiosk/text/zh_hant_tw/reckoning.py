"""Sentences about how points come about."""

from core.domain.points import ZERO, Points
from core.rules.scale import Scale

_BECAUSE = {
    "originals": "依正本核計",
    "paper_missing": "證明文件不足或未附",
    "not_countable": "依規定不予採計",
    "outside_period": "不在採計期間",
    "below_unit": "未滿一個採計單位",
    "counted_twice": "同一事實重複計算",
    "other_item": "改列其他項目採計",
    "corrected": "更正先前的核計",
    "other": "其他（請寫說明）",
}


class ReckoningZh:
    """Part of `ZhHantTw`."""

    reckoning_title = "積分算法"
    reckoning_none = "規則檔沒有這一項：本年度積分審查原則尚未公開，依人事與縣市核定。"
    reckoning_waiting = "人事初審後顯示核定的積分；核定前為 0.0。"
    reckoning_sum = "總計：原因積分（甲或乙）加上其他各項。志願學校在哪個縣市，就用那個縣市的總計。"
    reckoning_key = "F5 看算法"
    because_choose = "選理由"
    because_title = "理由"
    because_intro = "每一項與試算不同的積分，都要有自己的理由；\n教師會逐項看到兩個分數和理由。"
    because_none = "（不寫理由）"
    because_remark = "說明"
    because_word = "理由"

    def scale_words(self, scale: Scale) -> str:
        cap = "沒有上限" if scale.cap is None else f"上限 {scale.cap}"
        return f"{scale.place}，每{scale.unit_name} {scale.unit} 分，{cap}"

    def worked_out(self, units: int, scale: Scale, points: Points) -> str:
        return f"試算：您填的年資 {units} 年，每年 {scale.unit} 分，共 {points} 分。"

    def points_changed(self, awarded: Points, difference: Points) -> str:
        sign = "多" if difference > ZERO else "少"
        size = max(difference, -difference)
        return f"核定 {awarded} 分，比試算{sign} {size} 分；原因見人事或縣市的說明，或洽人事。"

    def held_against(self, points: Points) -> str:
        return f"原列 {points}"

    def because(self, code: str) -> str:
        return _BECAUSE.get(code, code)

    def points_because(
        self, awarded: Points, instead_of: Points | None, reason: str, remark: str
    ) -> str:
        was = "核定 " if instead_of is None else f"由 {instead_of} 分改核 "
        why = "其他" if reason == "other" else self.because(reason)
        return f"{was}{awarded} 分。理由：{why}{'；' if remark else ''}{remark}"

    def points_papers(self, names: tuple[str, ...], *, example: bool) -> str:
        return f"佐證：{'、'.join(names)}{'（範例）' if example else ''}"

    def county_changed(self, reason: str) -> str:
        return f"縣市更正：{reason}"

    def officer_says(self, remark: str) -> str:
        return f"人事說明：{remark}"
