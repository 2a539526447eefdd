"""Sentences about how points come about."""

from core.domain.points import ZERO, Points
from core.rules.scale import Scale


class ReckoningZh:
    """Part of `ZhHantTw`."""

    reckoning_title = "積分算法"
    reckoning_none = "規則檔沒有這一項：本年度積分審查原則尚未公開，依人事與縣市核定。"
    reckoning_waiting = "人事初審後顯示核定的積分；核定前為 0.0。"
    reckoning_sum = "總計：原因積分（甲或乙）加上其他各項。志願學校在哪個縣市，就用那個縣市的總計。"
    reckoning_key = "F5 看算法"

    def scale_words(self, scale: Scale) -> str:
        cap = "沒有上限" if scale.cap is None else f"上限 {scale.cap}"
        return f"{scale.place}，每{scale.unit_name} {scale.unit} 分，{cap}"

    def worked_out(self, units: int, scale: Scale, points: Points) -> str:
        return f"試算：您填的年資 {units} 年，每年 {scale.unit} 分，共 {points} 分。"

    def points_changed(self, awarded: Points, difference: Points) -> str:
        sign = "多" if difference > ZERO else "少"
        size = max(difference, -difference)
        return f"人事核定 {awarded} 分，比試算{sign} {size} 分；原因見人事說明或洽人事。"

    def points_papers(self, names: tuple[str, ...], *, example: bool) -> str:
        return f"佐證：{'、'.join(names)}{'（範例）' if example else ''}"

    def officer_says(self, remark: str) -> str:
        return f"人事說明：{remark}"
