"""Sentences of checking, sending, the receipt, the state of an application and its result."""

# ruff: noqa: S105 - sentences about passwords, none of which is one

from datetime import datetime

from core.domain.roc import TAIPEI, format_roc_deadline
from core.season.county import CountyVerdict
from core.season.merge import Review
from kiosk.session.progress import Audit, StageName, StageState
from kiosk.session.record import Delivery
from kiosk.text.dates import month_day, short_minute
from kiosk.text.fields import sent
from kiosk.text.zh_hant_tw.dates import full_second

_DELIVERY = {
    Delivery.STORED: "本機受理，待上傳",
    Delivery.SENDING: "本機受理，上傳中",
    Delivery.DELIVERED: "已送達伺服器",
    Delivery.BACKED_UP: "已送達並備份",
    Delivery.ATTENTION: "需要處理，請洽人事",
    Delivery.ELSEWHERE: "由另一台機器送出",
}
_REVIEWS = {
    Review.WAITING: "待初審",
    Review.APPROVED: "通過",
    Review.RETURNED: "退回",
    Review.CONTRADICTORY: "意見不一，人事處理中",
}
_VERDICTS = {"approved": "通過", "returned": "退回補件", "ineligible": "不符資格"}
_COUNTY = {
    CountyVerdict.PASSED: "通過",
    CountyVerdict.REFUSED: "駁回",
    CountyVerdict.RETURNED: "補件",
}
_REASONS = {
    "service_table_not_original": "服務年資採計表未附正本",
    "household_older_than_month": "戶籍謄本超過一個月",
    "reinstatement_missing": "復職公文未附",
    "teaching_proof_not_stamped": "授課證明缺教務主任核章",
    "award_not_from_authority": "獎狀非所屬機關核給",
    "fact_counted_twice": "同一事實重複計算",
    "service_too_short": "服務年資未滿規定學期",
    "other": "其他（見補充說明）",
}
_PHASES = {
    "indigenous": "原民調",
    "language": "語言認證優先",
    "single": "單調",
    "swap": "互調",
    "triangle": "三角調",
    "ring": "多角調",
}


_STEPS = {
    StageName.SENT: "送出",
    StageName.REVIEW: "人事初審",
    StageName.COUNTY: "縣市積分審查",
    StageName.RESULT: "結果公告",
    StageName.COUNCIL: "教評會審查",
    StageName.REPORT: "報到",
}
_STEP_NOTES = {
    StageName.COUNTY: "請攜正本",
    StageName.RESULT: "以公文為準",
    StageName.COUNCIL: "由介聘學校辦理",
    StageName.REPORT: "依公文通知",
}
_STAGE_STATES = {
    StageState.DONE: "完成",
    StageState.NOW: "待審",
    StageState.AHEAD: "尚未開始",
    StageState.REFUSED: "未通過",
    StageState.AWAITED: "等候公文",
    StageState.NOT_NEEDED: "不需辦理",
}
_AUDITS = {
    Audit.NOTHING: "沒有申請",
    Audit.WAITING: "尚未審核通過",
    Audit.SCHOOL_PASSED: "尚未審核通過（人事初審通過）",
    Audit.PASSED: "審核通過",
    Audit.COUNTY_PASSED: "審核通過（縣市）",
    Audit.REFUSED: "駁回（學校）",
    Audit.COUNTY_REFUSED: "駁回（縣市）",
    Audit.COUNTY_RETURNED: "尚未審核通過（縣市請補件）",
}
_WHY: dict[str, str] = {}
_DONE = "申請已送出"


class SentZh:
    """Part of `ZhHantTw`."""

    check_intro = "請檢查您的答案。按「送出申請」後才算完成。"
    change = "修改"
    label_indigenous = "原民調"
    label_area = "任教地區限制"
    label_language = "語言認證"
    in_force_word = "有效版本"
    label_years = "服務年資"
    label_current = "現任"
    label_applied = "申請科別"
    applies = "申請"
    applies_not = "不申請"
    area_words = ("一般地區(無限制)", "限註記地區")
    declare = sent.DECLARED.zh.label
    submit = "送出申請"
    go_back = "返回"
    first_version = "第一次送出，尚無有效版本。"
    no_difference = "與有效版本沒有差異。"
    difference_title = "與有效版本的差異"
    difference_key = "[ F4 看 ]"
    added = "新增"
    removed = "刪除"
    moved = "調動"
    changed_answers = "修改的資料"
    witness_again = "這次沒有用密碼：送出前請確認您的人事再輸入一次人事密碼："
    password_again = "距離上次輸入密碼超過 10 分鐘，請再輸入一次密碼："

    label_receipt = "受理編號"
    label_check_code = "檢查碼"
    label_version = "版本"
    label_sent_at = "送出時間"
    label_clock = "時鐘"
    next_title = "接下來："
    may_change = ("截止前可再修改，但須重新送出。", "修改期間，本版仍然有效。")
    scan = "掃描可核對本收據。"
    receipt_unmailed = "電子郵件未確認，收據不會寄到信箱；確認後會自動寄出。"
    qr_unavailable = "此終端機無法顯示 QR，請抄下受理編號與檢查碼。"
    counting_rule = "送出時間以本機簽章時間為準；未連線時送出同樣有效。"
    clock_never = "尚未與伺服器核對"
    receipt_title = "收據"

    status_title = "作業狀況"
    points_title = "積分（學校初核，待縣市審查）"
    points_county = "積分（縣市核定）"
    county_again = "須重審"
    points_none = "積分（人事初審後顯示，審查前為 0.0）"
    reason_points = "原因積分"
    service_points = "年資積分"
    appraisal_points = "考績積分"
    award_points = "獎懲積分"
    training_points = "研習積分"
    special_points = "特殊積分"
    total_points = "積分總計"
    versions_title = "送出紀錄"
    restore = "放進草稿"
    label_audit = "審核狀態"
    applied_title = "申請資料"
    wishes_title = "志願學校"
    label_computer_number = "電腦編號"
    number_pending = "(待審)"
    number_given = "以縣市通知為準"
    effective_rule = "外縣市介聘調入教師自 8 月 1 日生效，次學年度始得列為超額教師。"
    moved_title = "介聘成功"
    stayed_title = "本次未能介聘"
    result_school = "介聘學校"
    result_subject = "科別"
    why_title = "說明"
    no_versions = "還沒有送出過申請。"
    content_elsewhere = "這一版在另一台機器送出，內容保存在那台機器。"
    official_rule = "LINE服務僅為通知性質，最終正式公告結果以學校公文為主。"

    def different(self, added: int, moved: int, removed: int) -> str:
        return f"新增 {added} 所、調動 {moved} 所、刪除 {removed} 所"

    def difference_to(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f"{month_day(at)} "
        return f"與有效版本({when}第{version}版)的差異："

    def wishes_line(self, count: int, first: str, second: str) -> str:
        return f"{count} 所  甲 {first} 乙 {second}"

    def and_more(self, count: int) -> str:
        return f"...共 {count} 所"

    def from_to(self, old: int, new: int) -> str:
        return f"第 {old} 位改為第 {new} 位"

    def delivery(self, delivery: Delivery) -> str:
        return _DELIVERY[delivery]

    def receipt_heading(self, delivery: Delivery) -> str:
        return f"{_DONE}（{self.delivery(delivery)}）"

    def version_replaces(self, version: int, before: int | None, at: datetime | None) -> str:
        if before is None:
            return f"第 {version} 版"
        when = "" if at is None else f"{month_day(at)} "
        return f"第 {version} 版，取代 {when}第 {before} 版"

    def receipt_mailed(self, address: str) -> str:
        return f"送達伺服器後，收據會寄到 {address}。"

    def sent_at(self, at: datetime) -> str:
        return full_second(at)

    def clock_compared(self, at: datetime, offset_ms: int) -> str:
        tenths = abs(offset_ms) // 100
        clock = f"{at.astimezone(TAIPEI):%H:%M}"
        return f"{clock} 與伺服器核對，差 {tenths // 10}.{tenths % 10} 秒"

    def next_review(self, until: datetime | None) -> str:
        when = "" if until is None else f"{month_day(until)} 前，"
        return f"1. 人事初審：{when}請攜正本"

    def next_county(self, at: datetime | None) -> str:
        return "2. 縣市積分審查" + ("" if at is None else f"：{short_minute(at)}")

    def next_result(self, at: datetime | None) -> str:
        when = "" if at is None else f"{month_day(at)}"
        return f"3. 結果公告：{when}（以公文為準）"

    def questions_to(self, contact: str) -> str:
        return f"有問題請洽 {contact}"

    def closed_at_long(self, at: datetime) -> str:
        return f"填報已於 {format_roc_deadline(at)}截止，不能再修改。"

    def open_until(self, at: datetime) -> str:
        return f"填報到 {format_roc_deadline(at)}截止，在那之前可以修改並重新送出。"

    def draft_differs(self, changes: int, *, over: bool) -> str:
        end = "不採計" if over else "送出後才算數"
        return f"有 {changes} 處修改未送出，{end}（F4 看差異）"

    def review(self, review: Review) -> str:
        return _REVIEWS[review]

    def verdict(self, verdict: str) -> str:
        return _VERDICTS[verdict]

    def county_verdict(self, verdict: CountyVerdict) -> str:
        return _COUNTY[verdict]

    def reason(self, code: str) -> str:
        return _REASONS.get(code, code)

    def result_wish(self, wish: int, phase: str) -> str:
        return f"第 {wish} 志願（{_PHASES.get(phase, phase)}）"

    def sent_when(self, at: datetime) -> str:
        return f"{short_minute(at)} 送出"

    def explanation(self, text: str) -> str:
        """One line of the matcher's reasons; codes become sentences, sentences stay."""
        code, _, detail = text.partition(":")
        sentence = _WHY.get(code)
        return text if sentence is None else sentence.format(detail.strip())

    def audit(self, audit: Audit) -> str:
        return _AUDITS[audit]

    def step_name(self, name: StageName) -> str:
        return _STEPS[name]

    def step_note(self, name: StageName) -> str:
        return _STEP_NOTES.get(name, "")

    def stage_state(self, state: StageState) -> str:
        return _STAGE_STATES[state]

    def stage_time(self, at: datetime, *, planned: bool) -> str:
        return f"預定 {month_day(at)}" if planned else short_minute(at)

    def version_name(self, version: int) -> str:
        return f"第 {version} 版"
