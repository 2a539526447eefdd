"""The sentences of the season (正體中文): why an application is left out, or in by exception."""

from types import MappingProxyType

from server.season.sift import Reason

REASONS = MappingProxyType(
    {
        Reason.NO_VERSION: "只有審查紀錄，沒有收到申請",
        Reason.REJECTED: "簽章或格式不合規定",
        Reason.LATE: "截止後才送出",
        Reason.DOUBTFUL: "是否準時無法確定，由兩位承辦人決定",
        Reason.WITHDRAWN: "教師已撤回",
        Reason.FLAGGED: "資料有待查明",
        Reason.NOT_REVIEWED: "學校尚未初審",
        Reason.REVIEW_LATE: "學校逾期初審",
        Reason.RETURNED: "學校已退回",
        Reason.INELIGIBLE: "學校審查為資格不符",
        Reason.CONTRADICTORY: "初審結果互相矛盾",
        Reason.CONFLICT_UNAPPROVED: "版本衝突，沒有任何一版通過初審",
        Reason.PAYLOAD_MISSING: "申請內容已不在系統中",
        Reason.OTHER_SEASON: "不是本年度的申請",
        Reason.SCHOOL_UNKNOWN: "現職學校不在名單中",
        Reason.SUBJECT_UNKNOWN: "科（類）別不在清單中",
        Reason.WISHES_REFUSED: "志願不符規定",
        Reason.CONFLICT_APPROVED: "版本衝突，採用唯一通過初審的一版",
        Reason.CONFLICT_LATER: "版本衝突，採用可證明較晚的一版",
        Reason.CONFLICT_FIRST_RECEIVED: "版本衝突，採用先收到的一版，提請委員會確認",
        Reason.NEWER_LATE: "另有逾期版本未採用",
        Reason.NEWER_DOUBTFUL: "另有時間存疑的版本未採用",
        Reason.SEALED: "離線封箱，截止後補傳",
    }
)
