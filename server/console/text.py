"""The words of the console (正體中文): states, reasons, phases, acts. One place, one per code."""

from types import MappingProxyType

from core.domain.name import masked_name as name_masked
from core.domain.school import Mark, Stage
from core.rules.calendar import PhaseName
from server.audit import AuditCode

STAGES = MappingProxyType(
    {Stage.JUNIOR: "國中", Stage.ELEMENTARY: "國小", Stage.KINDERGARTEN: "幼兒園"}
)
MARKS = MappingProxyType(
    {
        Mark.REMOTE: "偏遠",
        Mark.SPECIAL_REMOTE: "特偏",
        Mark.VERY_REMOTE: "極偏",
        Mark.CORRECTIONAL: "矯正",
        Mark.INDIGENOUS: "原民",
    }
)
PHASES = MappingProxyType(
    {
        PhaseName.LISTS: "登錄名單",
        PhaseName.LIST_CORRECTION: "公告更正",
        PhaseName.APPLY: "教師填報",
        PhaseName.OFFICER_REVIEW: "學校初審",
        PhaseName.DRAIN: "封箱補傳",
        PhaseName.COUNTY_REVIEW: "縣市審查",
        PhaseName.VACANCIES: "單調缺額",
        PhaseName.FREEZE: "凍結",
        PhaseName.RUN: "媒合",
        PhaseName.PUBLISH: "公告結果",
        PhaseName.COUNCIL: "教評會",
        PhaseName.CONFIRM: "確認",
    }
)
POINTS = MappingProxyType(
    {
        "reason_a": "原因（甲）",
        "reason_b": "原因（乙）",
        "service": "年資",
        "appraisal": "考績",
        "awards": "獎懲",
        "training": "研習",
        "special": "特殊",
    }
)
RETURN_REASONS = MappingProxyType(
    {
        "service_table_not_original": "服務年資採計表未附正本",
        "household_older_than_month": "戶籍謄本超過一個月",
        "reinstatement_missing": "復職公文未附",
        "teaching_proof_not_stamped": "授課證明缺教務主任核章",
        "award_not_from_authority": "獎狀非所屬機關核給",
        "fact_counted_twice": "同一事實重複計算",
        "service_too_short": "服務年資未滿規定學期",
        "other": "其他",
    }
)
"""The officer's grounds for 退回補件; a ground of a newer machine shows as its code."""
POINTS_REASONS = MappingProxyType(
    {
        "originals": "依正本核計",
        "paper_missing": "證明文件不足或未附",
        "not_countable": "依規定不予採計",
        "outside_period": "不在採計期間",
        "below_unit": "未滿一個採計單位",
        "counted_twice": "同一事實重複計算",
        "other_item": "改列其他項目採計",
        "corrected": "更正先前的核計",
        "other": "其他",
    }
)
APPLICATION_STATES = MappingProxyType(
    {
        "waiting": "待初審",
        "approved": "初審通過",
        "returned": "已退回",
        "contradictory": "審查不一致",
        "flagged": "待查",
        "conflict": "版本衝突",
        "withdrawn": "已撤回",
        "unknown": "僅有審查",
    }
)
FLAGS = MappingProxyType(
    {
        "payload_missing": "內容尚未收到",
        "certificate_missing": "服務站先前的憑證尚未收到",
        "device_revoked": "服務站憑證已撤銷",
        "teacher_unregistered": "教師尚未在職登錄",
        "roster_differs": "與在職登錄不符",
        "scope": "不是該服務站的學校",
        "officer_unknown": "人事憑證尚未收到",
        "officer_revoked": "人事憑證已撤銷",
        "revision_unknown": "審查的版本尚未收到",
        "revision_unreadable": "審查的版本無法讀取",
        "not_judged": "系統無法判讀",
        "payload_shape": "內容無法讀取",
        "part_hash": "內容與簽署的雜湊不符",
        "role": "不是由有權的人送出",
        "cosignature": "人事簽章不成立",
        "decision_differs": "簽署的審查與版本不符",
        "replay_differs": "帶來的舊紀錄不是所指的那一筆",
        "replay_foreign": "帶來的舊紀錄不是這台的",
        "replayed": "來自有兩種說法的紀錄",
        "ruled_out": "兩位承辦人決定不採用",
    }
)
VERDICTS = MappingProxyType(
    {"approved": "通過", "returned": "退回", "ineligible": "資格不符", None: "內容未收到"}
)
RUN_STATES = MappingProxyType(
    {"running": "計算中", "failed": "失敗", "checked": "已檢核", "wrong": "檢核不符"}
)
COMPONENTS = MappingProxyType({"chain": "單調鏈", "ring": "循環"})
RUN_PHASES = MappingProxyType(
    {
        "indigenous": "原民調",
        "language": "語言優先",
        "single": "單調",
        "swap": "互調",
        "triangle": "三角調",
        "ring": "多角調",
        "ttc": "循環交換",
    }
)
WHY = MappingProxyType(
    {
        "no_seat": "較好的位置沒有缺額，也沒有人調出",
        "seat_empty": "較好的位置最後還有空缺，但沒有分發給她",
        "higher_priority": "較好的位置由較優先的人取得",
        "lower_priority": "較好的位置有優先序在後的人取得",
    }
)
AUDIT = MappingProxyType(
    {
        AuditCode.ACCOUNT_ADDED: "新增帳號",
        AuditCode.APPLICATIONS_EXPORTED: "匯出申請名冊",
        AuditCode.BACKUP_MADE: "備份",
        AuditCode.BACKUP_RESTORED: "由備份還原",
        AuditCode.BARRED_IMPORTED: "匯入管制名單",
        AuditCode.CALENDAR_IMPORTED: "匯入日程",
        AuditCode.CARD_CODE_ISSUED: "核發健保卡登記碼",
        AuditCode.CARD_ENROLLED: "登記健保卡",
        AuditCode.CARD_FORGOTTEN: "取消健保卡",
        AuditCode.CARD_RULE_SET: "設定須用健保卡的身分",
        AuditCode.CONTENT_ERASED: "依保存期限清除內容",
        AuditCode.COUNTY_REVIEWED: "縣市積分審查",
        AuditCode.DOUBT_RULED: "決定時間存疑案件",
        AuditCode.ENTRY_SET_ASIDE: "紀錄無法判讀，另置待查",
        AuditCode.EVIDENCE_TAKEN: "下載證據",
        AuditCode.HEAD_WITNESSED: "登錄封箱碼",
        AuditCode.FREEZE_MADE: "凍結",
        AuditCode.LOGIN_HALF_WAY: "密碼正確，等待健保卡",
        AuditCode.LOGIN_LOCKED: "登入失敗，帳號鎖定",
        AuditCode.LOGIN_REFUSED: "登入失敗",
        AuditCode.LOGGED_IN: "登入",
        AuditCode.LOGGED_OUT: "登出",
        AuditCode.NOTICE_IMPORTED: "匯入注意事項",
        AuditCode.PARCEL_IMPORTED: "匯入隨身碟檔案",
        AuditCode.PAST_RESULTS_IMPORTED: "匯入過去結果",
        AuditCode.PAST_RESULTS_SET: "設定是否提供過去結果",
        AuditCode.PERSON_REVEALED: "顯示個資",
        AuditCode.RESULT_APPROVED: "核可結果",
        AuditCode.RESULT_PUBLISHED: "公告結果",
        AuditCode.RULES_SET: "設定年度規則",
        AuditCode.RUN_CHECKED: "媒合並檢核",
        AuditCode.RUN_FAILED: "媒合失敗",
        AuditCode.SCHOOLS_IMPORTED: "匯入學校名單",
        AuditCode.VACANCIES_IMPORTED: "匯入缺額",
    }
)
POINT_LINES = MappingProxyType(
    {
        "reason_a": "原因積分（甲）",
        "reason_b": "原因積分（乙）",
        "appraisal": "考績積分",
        "service": "年資積分",
        "awards": "獎懲積分",
        "special": "特殊積分",
        "training": "研習積分",
    }
)
REVIEW_STATES = MappingProxyType(
    {
        "waiting": "待縣市審查",
        "outdated": "須重審",
        "returned": "補件",
        "passed": "通過",
        "refused": "駁回",
        "barred": "與管制名單相符",
    }
)
REVIEW_BADGES = MappingProxyType(
    {
        "waiting": "waiting",
        "outdated": "conflict",
        "returned": "waiting",
        "passed": "approved",
        "refused": "returned",
    }
)
HOLDS = MappingProxyType(
    {
        "holds": "有效",
        "other_claim": "申請人已送出新的版本，這次審查不再適用",
        "other_decision": "學校已另行審查，這次審查不再適用",
    }
)
GROUPS = MappingProxyType(
    {
        "basic": "基本資料",
        "service": "年資",
        "appraisal": "考績",
        "awards": "獎懲",
        "training": "研習",
    }
)
EVENTS = MappingProxyType(
    {
        "app.revise": "送出申請",
        "app.resolve": "解決版本衝突",
        "app.withdraw": "撤回申請",
        "officer.approve": "初審通過",
        "officer.return": "初審退回",
        "beacon": "伺服器時間",
        "beacon.carried": "伺服器時間（隨身碟）",
        "boot": "開機",
        "clock.step": "時鐘調整",
        "season.open": "年度開始",
        "season.close": "年度截止封箱",
        "teacher.register": "在職登錄",
        "teacher.present": "教師到場",
        "inbox.seen": "已收通知",
        "receipt.print": "列印收據",
        "server.epoch": "伺服器還原後",
        "key.rotate": "更換簽章金鑰",
        "device.retire": "停用",
        "device.renew": "重新啟用",
        "replay": "重新送出",
    }
)
FACTS = MappingProxyType(
    {
        "service": "讀卡服務",
        "device": "讀卡機",
        "readers": "讀卡機數",
        "repair": "自動修復",
        "card": "卡片",
        "link": "連線",
        "attention": "上傳",
        "pending": "待送",
        "drafts": "未存草稿",
        "software": "版本",
    }
)
_CHECKS = {"unknown": "還不知道", "fine": "正常", "missing": "沒有", "failed": "故障"}
_STOPS = {
    "forked": "紀錄分岔，已停用",
    "self_rollback": "資料被倒回，已停用",
    "revoked": "憑證已撤銷",
    "unenrolled": "尚未啟用",
}
_REPAIRS = {
    "restarted": "已重新啟動",
    "not_allowed": "不被允許",
    "absent": "沒有服務可啟動",
    "failed": "失敗",
}
_WORDS: dict[str, dict[str, str]] = {
    "service": _CHECKS,
    "device": _CHECKS,
    "repair": {
        f"{tries}{outcome}": f"第 {tries} 次{words}"
        for tries in range(1, 4)
        for outcome, words in {**_REPAIRS, "": "進行中"}.items()
    },
    "card": {
        "unreadable": "讀不到資料",
        "unresponsive": "沒有反應",
        "foreign": "不是健保卡",
        "pulled": "讀到一半被取出",
        "busy": "被別的程式占用",
        "unregistered": "未在職登錄",
        "wrong_scheme": "不適用這台",
        "first_use_impossible": "無人可見證首次使用",
        "not_enrolled": "機台未啟用",
        "store": "本機資料庫無法使用",
    },
    "link": {
        "online": "已連線",
        "waiting": "等候上傳",
        "offline": "離線",
        "stale": "離線已久",
        "uploading": "上傳中",
        "closed": "已截止",
        "clock": "時鐘不準",
        "blocked": "上傳受阻",
        "full": "磁碟已滿",
        **_STOPS,
    },
    "attention": {
        "format": "格式不被接受",
        "unknown_device": "伺服器不認得這台",
        "scope": "不是這台的學校",
        "absent": "網址不對",
        "revoked_unproved": "伺服器說已撤銷，未證實",
        "upgrade": "程式太舊",
        "malformed": "內容無法讀取",
        "too_large": "一筆太大",
        "status": "伺服器拒絕",
        "quota": "超過今日上限",
        **_STOPS,
    },
}
FACT_WORDS = MappingProxyType(
    {(name, code): words for name, codes in _WORDS.items() for code, words in codes.items()}
)
"""A code of `core.wire.incident` in words, by its fact; numbers stand for themselves."""
WITNESSED = MappingProxyType(
    {
        "phone": "電話告知",
        "paper": "傳真或紙本",
        "seen": "照片或當面看到",
        "page": "核驗頁輸入",
        "receipt": "核驗頁掃描收據",
        "named": "其他紀錄提到",
    }
)


def masked_name(name: str | None) -> str:
    """As every machine masks it; a dash where there is none."""
    return name_masked(name) if name else "—"


def masked_id(number: str | None) -> str:
    """Three characters at each end."""
    return f"{number[:3]}****{number[-3:]}" if number else "—"
