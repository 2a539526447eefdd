"""Sentences about versions in conflict, taking back, and how far a version has come."""

from collections.abc import Mapping
from datetime import datetime

from core.domain.roc import format_roc_deadline
from core.wire.rejection import Rejection
from kiosk.session.bureau import Standing
from kiosk.session.paper import Form
from kiosk.session.record import Delivery
from kiosk.text.afterwards import Rejected
from kiosk.text.dates import short_minute

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
_REJECTED_WHAT: Mapping[Rejected, str] = {
    "version": "中心沒有採用這一版",
    "review": "中心沒有採用這次審查",
    "registration": "中心沒有採用這筆登錄",
}
_REJECTED: Mapping[str, str] = {
    Rejection.PAYLOAD_SHAPE: "內容無法讀取。請再做一次並送出；若又出現，請人事回報機器問題。",
    Rejection.PART_HASH: "收到的內容與簽署的不符。請再送出一次；若又出現，請人事回報機器問題。",
    Rejection.ROLE: "不是由有權的人送出。請本人（申請）或人事（登錄、審查）登入後再做一次。",
    Rejection.SCOPE: (
        "學校不在人事或這台機器的範圍內。請由該校人事在該校的機器上再做一次；範圍有誤請洽縣市。"
    ),
    Rejection.COSIGNATURE: (
        "人事的簽章不成立。請人事重新登入，再審查並簽署一次；若又出現，請洽縣市。"
    ),
    Rejection.DECISION_DIFFERS: "簽署的內容與申請的版本不符。請人事重開案件，核對後再審查一次。",
    Rejection.OFFICER_REVOKED: (
        "人事的憑證當時已撤銷。請由持有效憑證的人事再做一次；需要憑證請洽縣市。"
    ),
    Rejection.REPLAY: "無法確認是這台機器先前的紀錄。請人事洽縣市，回執請留著。",
    Rejection.RULED_OUT: (
        "兩位承辦人查證製作時間後決定不採用。請人事重開案件再審查一次；有疑問請洽縣市。"
    ),
}
_REJECTED_ELSE = "原因是這台機器不認得的代碼。請人事洽縣市，並更新這台機器。"


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
        end = "截止" if until is None else f"{format_roc_deadline(until)}截止"
        return (
            "撤回之後，您就不參加今年的介聘，人事也不再審查這件申請。",
            "先前送出的版本與收據都會保留，草稿也不會刪除。",
            f"{end}前可以恢復：回到「檢查並送出」再送出一次就行。內容沒有改變時，原有的初審結果仍然有效。",
            "截止後就不能再恢復。",
        )

    def withdrawn_heading(self, delivery: Delivery) -> str:
        return f"申請已撤回（{_WITHDRAWN[delivery]}）"

    def withdrawn_version(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f" {short_minute(at)}"
        return f"申請已撤回：第 {version} 版{when}"

    def withdrawn_box(self, until: datetime | None, *, over: bool) -> str:
        if over:
            return "! 您已撤回申請，且填報已截止，不參加今年的介聘。"
        end = "截止" if until is None else f"{short_minute(until)} 截止"
        return f"! 您已撤回申請，目前不參加介聘。{end}前到「檢查並送出」再送出一次，就恢復申請。"

    def withdrawn_when(self, at: datetime) -> str:
        return f"{short_minute(at)} 撤回"

    def delivery_word(self, delivery: Delivery) -> str:
        return _WORDS[delivery]

    def rejected(self, what: Rejected, code: str) -> str:
        return f"{_REJECTED_WHAT[what]}：{_REJECTED.get(code, _REJECTED_ELSE)}"

    def log_index(self, index: int) -> str:
        return f"伺服器紀錄第 {index:,} 筆"

    def standing(self, standing: Standing) -> str:
        return _STANDINGS[standing]

    def form(self, form: Form) -> str:
        return _FORMS[form]
