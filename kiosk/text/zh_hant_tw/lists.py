"""Sentences about versions sent, new lists, school marks, branches, what rests."""

from core.domain.past import PastResult
from core.domain.school import Mark
from kiosk.text.zh_hant_tw.dates import stamp

_MARKS = {
    Mark.REMOTE: "偏遠地區學校。三個等級中的第一級。",
    Mark.SPECIAL_REMOTE: "特殊偏遠地區學校。三個等級中的第二級。",
    Mark.VERY_REMOTE: "極度偏遠地區學校。三個等級中的第三級。",
    Mark.CORRECTIONAL: "中途學校或矯正學校。",
    Mark.INDIGENOUS: "原住民重點學校。申請原民調時，只用有這個註記的志願參加。",
}


class ListsZh:
    """Part of `ZhHantTw`."""

    both_counties = "全"
    both_counties_long = "兩縣市"
    township_hint = "選一個鄉鎮市區，可以快速找到那裡的學校。"
    own_school = "!現職學校"
    wishes_fill_here = "您選擇的志願學校將依序排列於此處。"
    resting_why = "不參加排序，改回縣市就恢復。"
    marks_title = "學校註記說明"
    marks_note = (
        "偏、特、極依「偏遠地區學校分級及認定標準」認定，每三年檢討；分校、分班各自認定。"
        "教師證有任教地區限制者，只能選有偏、特或極註記的學校"
        "（公立國民小學及國民中學教師介聘辦法第十三條）。註記以名單上的生效日為準。"
    )
    details = "學校資料與地圖"
    label_school_code = "代碼"
    label_main = "本校"
    label_branches = "分校"
    no_mark = "沒有註記（一般地區）。"
    past_caution = "過去結果不代表今年；志願請依自己真正的意願排序。"
    past_hint = "過去結果：按 F9 看（不代表今年）"
    history_title = "版本紀錄"
    history_hint = "移動游標看差異；空白鍵換比較的基準；Enter 把那一版放進草稿。"
    history_none = "還沒有送出過申請，只有草稿。"
    base_word = "基準"
    compared_with = "比較"
    nothing_to_compare = "送出之後，這裡可以比較各版本，也能放回草稿。"
    same_version = "這就是比較的基準，請移到另一版。"

    def mark_explained(self, mark: Mark) -> str:
        return _MARKS[mark]

    def past_result(self, result: PastResult, subject: str) -> str:
        people = "選填與調入人數不公布"
        if result.applicants is not None:
            moved = "人數不公布" if result.moved is None else f"{result.moved:,} 人"
            people = f"選填 {result.applicants:,} 人，調入 {moved}"
        lowest = "" if result.lowest is None else f"，調入最低 {result.lowest} 分"
        return f"{result.year} 年 {subject}：缺額 {result.vacancies:,}，{people}{lowest}。"

    def past_source(self, source: str, as_of: str) -> str:
        return f"資料來源：{source}，{stamp(as_of)}"

    def resting(self, county: str, count: int) -> str:
        return f"暫存 {county} {count} 所"

    def twice(self, ranks: str) -> str:
        return f"重複：第 {ranks} 志願和前面的志願是同一所學校。"

    def lists_hit(self, count: int, ranks: str, when: str) -> str:
        corrected = f" {when} 更正的" if when else ""
        return (
            f"! 您有 {count} 所志願，其中第 {ranks} 志願因{corrected}名單已不開放，不會採計。"
            "請開啟 5 查看。"
        )

    def sent_from(self, machine: str) -> str:
        return f"本機 {machine}" if machine else "另一台機器"

    def different_short(self, added: int, moved: int, removed: int, others: int) -> str:
        wishes = f"增{added} 調{moved} 刪{removed}"
        return f"{wishes} 其他{others}" if others else wishes

    def from_to_version(self, before: str, after: str) -> str:
        return f"從 {before} 到 {after}"
