"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""

from datetime import datetime

from kiosk.session.station import Mending, Repair
from kiosk.text.dates import short_minute

_MENDING = {
    None: "正在重新啟動讀卡服務（第 {} 次）。",
    Mending.RESTARTED: "已重新啟動讀卡服務 {} 次，等候恢復。",
    Mending.NOT_ALLOWED: "本機沒有重新啟動讀卡服務的權限，請通知人事。",
    Mending.ABSENT: "這台機器不能自動重新啟動讀卡服務，請通知人事。",
    Mending.FAILED: "重新啟動讀卡服務沒有成功（第 {} 次），請通知人事。",
}


class LobbyZh:
    """Part of `ZhHantTw`."""

    practice_start = "練習模式（虛構資料，不需要健保卡）"
    practice_receipt = "練習收據：沒有送出任何申請，結束後不會留下。"
    schools_title = "查詢學校名單"
    all_counties = "全部縣市"
    county_title = "選擇縣市"
    school_closed = "今年不參加"
    before_now = "現在可以：按 F4 練習、按 F5 查詢學校名單。"
    after_now = "現在可以：插卡查詢進度、列印；按 F4 練習、按 F5 查詢學校名單。"
    receipt_counts = "以按下送出的時間為準：本機簽章就算數，上傳排隊不影響。"
    county_busy = "現在很多學校同時上傳，可能要排隊；按下送出的時間算數，排隊不影響。"
    scheme_example = "（網址為範例，以當年度公告為準）"
    incident_title = "故障回報"
    incident_number = "回報編號"
    incident_tell = "請抄下編號，打電話告訴服務人員；機器狀態已記下，連線後會送到縣市。"
    incident_failed = "目前連回報都無法寫入。請直接通知服務人員，並告訴他們畫面下方的狀態。"
    incident_private = "記錄的只有機器狀態，沒有任何人的資料。"
    machine_state = "本機狀態"
    readers_label = "讀卡機"
    published_title = "公告"

    def schools_found(self, count: int, shown: int) -> str:
        more = "" if count == shown else f"，先列 {shown} 所，請多輸入幾個字"
        return f"找到 {count} 所{more}"

    def uploads_queue(self, pending: int) -> str:
        return f"目前上傳較多，本機有 {pending} 件排隊中，會自動送達。"

    def scheme_is(self, name: str, address: str) -> str:
        return f"請改到「{name}」：{address}"

    def mending(self, repair: Repair) -> str:
        return _MENDING[repair.outcome].format(repair.tries)

    def machine_is(self, machine: str, version: str, compared: datetime | None) -> str:
        when = "尚未連線" if compared is None else short_minute(compared)
        return f"機號 {machine}  版本 {version}  最後連線 {when}"
