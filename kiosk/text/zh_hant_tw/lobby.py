"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""

from datetime import datetime

from core.domain.roc import TAIPEI


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
    published_title = "公告"

    def schools_found(self, count: int, shown: int) -> str:
        more = "" if count == shown else f"，先列 {shown} 所，請多輸入幾個字"
        return f"找到 {count} 所{more}"

    def uploads_queue(self, pending: int) -> str:
        return f"目前上傳較多，本機有 {pending} 件排隊中，會自動送達。"

    def machine_is(self, machine: str, version: str, compared: datetime | None) -> str:
        when = "尚未連線" if compared is None else f"{compared.astimezone(TAIPEI):%m/%d %H:%M}"
        return f"機號 {machine}  版本 {version}  最後連線 {when}"
