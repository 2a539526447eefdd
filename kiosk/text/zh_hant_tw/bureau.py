"""Sentences of the officer's side: queue, case, decision, roster, registration."""

# ruff: noqa: S105 - sentences about passwords, none of which is one

from datetime import datetime, timedelta

from kiosk.session.bureau import CertificateState, QueueFilter
from kiosk.text.dates import month_day, short_minute
from kiosk.text.durations import MINUTE_S, MINUTES_A_DAY
from kiosk.text.fields import bureau as fields

_FILTERS = {
    QueueFilter.WAITING: "待初審",
    QueueFilter.INCOMPLETE: "補件中",
    QueueFilter.REVIEWED: "已初審",
    QueueFilter.RETURNED: "退回",
    QueueFilter.ALL: "全部",
}
_CERTIFICATES = {
    CertificateState.WAITING: "簽核憑證申請中，縣市核發後才能簽核。",
    CertificateState.GRANTED: "簽核憑證有效。",
    CertificateState.REFUSED: "縣市未核發簽核憑證，請洽縣市承辦人。",
    CertificateState.REVOKED: "簽核憑證已廢止，請洽縣市承辦人。",
}
_TITLES = {
    "teacher": "教師",
    "homeroom": "導師",
    "section_chief": "組長",
    "director": "主任",
    "principal": "校長",
    "educare": "教保員",
}
_ROLES = {"officer": "人事", "personnel": "人事", "headmaster": "校長", "principal": "校長"}
_TABS = {"claim": "申請資料", "points": "積分", "wishes": "志願", "decision": "結論"}
_POINTS = {
    "reason_a": "原因積分（甲）",
    "reason_b": "原因積分（乙）",
    "service": "年資積分",
    "appraisal": "考績積分",
    "awards": "獎懲積分",
    "training": "研習積分",
    "special": "特殊積分",
}


class BureauZh:
    """Part of `ZhHantTw`."""

    columns_queue = ("受理編號", "姓名", "階段", "送出", "版本", "狀態", "等待")
    queue_own = "您本人的申請不會出現在這裡，將轉由校長指定之人員初審。"
    queue_empty = "目前沒有這一類的申請。"
    queue_reopened = "新版本"
    roster_title = "本單位教師帳號管理"
    roster_empty = "名冊還是空的。按 F5 登錄第一位教師。"
    columns_roster = ("姓名", "身分證統一編號", "職稱", "階段", "科別", "首次使用")
    first_use_done = "已完成"
    first_use_open = "未完成"
    register_title = "教師資料登錄"
    register_card_now = "請取出人事的健保卡，插入要登錄的教師的健保卡。"
    register_card_why = "姓名、身分證統一編號、生日、性別會自動帶入。"
    register_fix_name = "卡片上的姓名有無法顯示的字，請依身分證更正，或按 F8 用注音找字。"
    register_known = "這位教師已在名冊中，儲存後會更新資料。"
    register_trainee = "實習教師由師資培育機構管理，請不要在這裡登錄。"
    register_save = "登錄資料"
    label_title = fields.TITLE.zh.label
    label_school_short = fields.SCHOOL.zh.label
    case_points = "積分（依年度標準試算，範例）"
    case_preview = "教師會看到"
    case_no_verdict = "選擇結論後，這裡顯示教師會看到的內容。"
    case_verdict = fields.VERDICT.zh.label
    verdict_approve = "通過，送縣市審查"
    verdict_return = "退回補件"
    verdict_ineligible = "不符資格"
    case_reasons = "退回或不符的原因（可複選，教師會看到）"
    case_remark = fields.REMARK.zh.label
    pledge = (
        "切結：本校切結申請人無下列情形：(1)教師法第十六條不續聘 (2)教師法第三十條各款 "
        "(3)義務服務期間之公費生。現職學校相關人員不得隱瞞，違者究責。"
    )
    pledge_originals = fields.ORIGINALS.zh.label
    pledge_clean = fields.CLEAN.zh.label
    sign_password = "簽核密碼"
    sign = "簽核送出"
    next_case = "下一件"
    back_to_queue = "回待辦清單"
    signed_title = "簽核完成"
    label_signature = "簽章檢查碼"
    signed_explained = "這份簽核已存入本機並排入上傳，教師下次登入就會看到。"

    left_card_what_now = "健保卡若還沒有人領回，請保管並通知本人；F8 知道了。"
    left_card_seen = "知道了（健保卡遺留）"

    def bureau_header(self, name: str, role: str) -> str:
        return f"{name} {_ROLES.get(role, role)}"

    def queue_filter_count(self, number: int, which: QueueFilter, count: int) -> str:
        return f"{number} {_FILTERS[which]} {count}"

    def to_do(self, count: int) -> str:
        return f"待辦 {count} 件"

    def review_until(self, left: str) -> str:
        return f"初審期限{left}"

    def certificate(self, state: CertificateState) -> str:
        return _CERTIFICATES[state]

    def waited(self, since: timedelta) -> str:
        minutes = max(0, int(since.total_seconds()) // MINUTE_S)
        if minutes < MINUTE_S:
            return f"{minutes}分"
        if minutes < MINUTES_A_DAY:
            return f"{minutes // MINUTE_S}時{minutes % MINUTE_S:02}分"
        return f"{minutes // MINUTES_A_DAY}天{minutes % MINUTES_A_DAY // MINUTE_S:02}時"

    def case_tab(self, tab: str) -> str:
        return _TABS[tab]

    def title(self, code: str) -> str:
        return _TITLES.get(code, code)

    def point_field(self, place: str) -> str:
        return _POINTS[place]

    def case_name(self, number: str, name: str, stage: str, version: int) -> str:
        return f"{number} {name} {stage} 第 {version} 版"

    def totals(self, first: str, second: str) -> str:
        return f"總計   甲 {first}   乙 {second}"

    def decided_before(self, verdict: str, at: datetime) -> str:
        return f"先前的決定：{verdict}（{month_day(at)}）"

    def registered(self, name: str) -> str:
        return f"已登錄 {name}。可以繼續插入下一位教師的健保卡，或按 Esc 返回名冊。"

    def roster_count(self, count: int) -> str:
        return f"{count} 人"

    def left_card(self, left: datetime, taken: datetime | None, *, restarted: bool) -> str:
        begins = f"{short_minute(left)} 有健保卡留在讀卡機"
        if taken is None:
            return f"{begins}，{'本機重新啟動過，取出時間不明' if restarted else '還沒有取出'}。"
        if restarted:
            return f"{begins}，最遲 {short_minute(taken)} 取出（本機重新啟動過）。"
        return f"{begins}，{short_minute(taken)} 取出。"
