"""Sentences about versions in conflict, taking back, and how far a version has come."""

from datetime import datetime

from core.domain.roc import TAIPEI, format_roc_minute
from kiosk.session.bureau import Standing
from kiosk.session.paper import Form
from kiosk.session.record import Delivery

_WORDS = {
    Delivery.STORED: "已存本機",
    Delivery.SENDING: "傳送中",
    Delivery.DELIVERED: "已送達",
    Delivery.BACKED_UP: "已備援",
    Delivery.ATTENTION: "需處理",
    Delivery.ELSEWHERE: "另一台機器送出",
}
_WITHDRAWN = {
    Delivery.STORED: "本機受理，待上傳",
    Delivery.SENDING: "本機受理，上傳中",
    Delivery.DELIVERED: "已送達伺服器",
    Delivery.BACKED_UP: "已送達並備份",
    Delivery.ATTENTION: "需要處理，請洽人事",
    Delivery.ELSEWHERE: "由另一台機器送出",
}
_STANDINGS = {
    Standing.IN_FORCE: "",
    Standing.CONFLICT: "版本衝突",
    Standing.WITHDRAWN: "已撤回",
}
_FORMS = {
    Form.PERSONAL: "個人資料表",
    Form.RECEIPT: "送出回執",
    Form.EVIDENCE: "應備文件檢核表",
    Form.COVER: "送件封面",
    Form.COUNTY_TRANSFER: "縣內介聘申請表（A3）",
    Form.COUNTY_SURPLUS: "超額介聘申請表（A3）",
}


class AfterwardsZh:
    """Part of `ZhHantTw`."""

    conflict_heading = "版本衝突：請選擇要採用的版本"
    conflict_intro = (
        "這兩個版本在不同機器送出，彼此不知道對方，目前都不生效。選好並送出後由新的一版取代；"
        "兩個版本都留在紀錄裡。"
    )
    conflict_closed = "填報已截止，不能再選擇；將依作業規則處理，請洽人事。"
    conflict_word = "版本衝突"
    left_word = "左"
    right_word = "右"
    take_left = "1 採用左邊"
    take_right = "2 採用右邊"
    edit_left = "3 修改左邊"
    edit_right = "4 修改右邊"
    sent_here = "本機送出"
    sent_elsewhere = "另一台機器送出"
    side_withdrawn = "這一邊是「撤回申請」"
    side_missing = "內容保存在另一台機器"
    wish_short = "志願"
    withdraw_title = "撤回申請"
    withdraw_button = "撤回申請"
    withdraw_not = "不撤回"
    withdrawn_word = "已撤回"
    revives = "申請目前已撤回；送出這一版後就恢復申請。"
    label_delivery = "傳送"
    label_log = "收據"
    attention_word = "請洽人事"
    server_receipt = "伺服器收據"
    device_receipt = "本機收據"
    print_title = "列印"

    def conflict_pair(self, left: int, right: int, of: int) -> str:
        return f"共 {of} 個版本，現在比較第 {left} 個與第 {right} 個"

    def same_answers(self, count: int, wishes: int) -> str:
        return f"其他 {count} 項資料兩邊相同；志願有 {wishes} 處不同（以 * 標示）。"

    def settles(self, versions: tuple[int, ...]) -> str:
        names = "、".join(f"第 {each} 版" for each in versions)
        return f"送出後，這一版會取代互相衝突的{names}。"

    def withdraw_meaning(self, until: datetime | None) -> tuple[str, ...]:
        end = "截止" if until is None else f"{format_roc_minute(until)} 截止"
        return (
            "撤回之後，您就不參加今年的介聘，人事也不再審查這件申請。",
            "先前送出的版本與收據都會保留，草稿也不會刪除。",
            f"{end}前可以恢復：回到「檢查並送出」再送出一次就行。內容沒有改變時，原有的初審結果仍然有效。",
            "截止後就不能再恢復。",
        )

    def withdrawn_heading(self, delivery: Delivery) -> str:
        return f"申請已撤回（{_WITHDRAWN[delivery]}）"

    def withdrawn_version(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f" {_moment(at)}"
        return f"申請已撤回：第 {version} 版{when}"

    def withdrawn_box(self, until: datetime | None, *, over: bool) -> str:
        if over:
            return "! 您已撤回申請，且填報已截止，不參加今年的介聘。"
        end = "截止" if until is None else f"{_moment(until)} 截止"
        return f"! 您已撤回申請，目前不參加介聘。{end}前到「檢查並送出」再送出一次，就恢復申請。"

    def withdrawn_when(self, at: datetime) -> str:
        return f"{_moment(at)} 撤回"

    def delivery_word(self, delivery: Delivery) -> str:
        return _WORDS[delivery]

    def log_index(self, index: int) -> str:
        return f"伺服器紀錄第 {index:,} 筆"

    def standing(self, standing: Standing) -> str:
        return _STANDINGS[standing]

    def form(self, form: Form) -> str:
        return _FORMS[form]


def _moment(at: datetime) -> str:
    local = at.astimezone(TAIPEI)
    return f"{local.month}/{local.day} {local:%H:%M}"
