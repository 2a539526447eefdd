"""Sentences of 罕用字更正."""

from kiosk.text.fields.basics import READING

_TONES = {" ": "一聲", "6": "二聲", "3": "三聲", "4": "四聲", "7": "輕聲"}
_FAULTS = {
    "name_unfinished": "姓名還有沒填的字（□）。",
    "name_contradicts_card": (
        "健保卡上看得清楚的字不能更改，字數也要相同。姓名已經變更的，請先換發健保卡。"
    ),
    "reading_unknown": "找不到這個讀音的字，請重新輸入。",
    "input_missing": (
        "這台機器沒有注音輸入。請採用學校名冊的姓名，或請人事在「教師資料登錄」輸入。"
    ),
}
_STANDINGS = {
    "card": "（讀自健保卡）",
    "roster": "（學校名冊，人事已核對）",
    "different": "（學校名冊與健保卡不同，請洽人事）",
    "open": "（有缺字，按 F8 更正）",
    "proposed": "（罕用字更正，待人事確認）",
    "confirmed": "（罕用字更正，人事已確認）",
}


class NamesZh:
    """Part of `ZhHantTw`."""

    names_title = "罕用字更正"
    names_gap = "□ 是健保卡存不下的字"
    names_by_sound_only = "本機只能用注音找字，沒有筆畫或部首查詢；找不到時請洽人事。"
    names_after = "送出後由人事依身分證核對，確認前標示「待人事確認」。"
    names_after_officer = "請依教師的身分證選字；登錄後就是確認過的姓名。"
    label_card_name = "健保卡姓名"
    label_roster_name = "學校名冊"
    label_new_name = "更正後姓名"
    label_reading = READING.zh.label
    label_new_characters = "更正的字"
    roster_take = "採用名冊姓名"
    reading_hint = "按鍵盤上的注音，最後按聲調：一聲 空白鍵、二聲 6、三聲 3、四聲 4、輕聲 7"
    reading_choose = "按數字選字，0 看下一頁"
    name_incomplete = "卡片上的姓名有缺字（以 □ 代替），不影響申請；按 F8 罕用字更正。"
    name_from_roster = "卡片上的姓名有缺字，這是學校名冊登錄的姓名。不對時按 F8 更正。"
    case_name_waiting = "姓名與健保卡不同，待人事依身分證確認（勾選於「結論」）。"
    pledge_name = "已依身分證確認姓名"

    def tone(self, key: str) -> str:
        return _TONES.get(key, "")

    def names_page(self, number: int, of: int) -> str:
        return f"第 {number}/{of} 頁"

    def name_fault(self, code: str) -> str:
        return _FAULTS.get(code, f"目前無法查字（{code}），請稍候再試或洽人事。")

    def name_standing(self, code: str) -> str:
        return _STANDINGS[code]
