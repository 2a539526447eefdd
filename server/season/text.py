"""The sentences of the season (正體中文): why an application is left out, or in by exception."""

from types import MappingProxyType

from core.season.county import CountyRule, CountyVerdict
from core.season.deadline import Timeliness
from core.season.ruling import ConflictRule, DoubtfulRule, Ruling, Step
from server.season.sift import Reason

REASONS = MappingProxyType(
    {
        Reason.NO_VERSION: "只有審查紀錄，沒有收到申請",
        Reason.REJECTED: "簽章或格式不合規定",
        Reason.LATE: "截止後才送出",
        Reason.DOUBTFUL: "是否準時無法確定，兩位承辦人尚未決定",
        Reason.DOUBTFUL_REJECTED: "是否準時無法確定，兩位承辦人決定不採用",
        Reason.WITHDRAWN: "教師已撤回",
        Reason.FLAGGED: "資料有待查明",
        Reason.NOT_REVIEWED: "學校尚未初審",
        Reason.REVIEW_LATE: "學校逾期初審",
        Reason.RETURNED: "學校已退回",
        Reason.INELIGIBLE: "學校審查為資格不符",
        Reason.CONTRADICTORY: "初審結果互相矛盾",
        Reason.CONFLICT_UNAPPROVED: "版本衝突，沒有任何一版通過初審",
        Reason.CONFLICT_OPEN: "版本衝突，依本年度規則不採用，提請委員會處理",
        Reason.PAYLOAD_MISSING: "申請內容已不在系統中",
        Reason.OTHER_SEASON: "不是本年度的申請",
        Reason.SCHOOL_UNKNOWN: "現職學校不在名單中",
        Reason.SUBJECT_UNKNOWN: "科（類）別不在清單中",
        Reason.WISHES_REFUSED: "志願不符規定",
        Reason.COUNTY_MISSING: "縣市尚未審查（本年度須經縣市審查）",
        Reason.COUNTY_OUTDATED: "縣市審查之後，版本或學校審查已有變動，縣市尚未重審",
        Reason.COUNTY_REFUSED: "縣市審查駁回",
        Reason.COUNTY_RETURNED: "縣市審查要求補件，未完成",
        Reason.BARRED: "列於管制名單，縣市尚未審查通過",
        Reason.CONFLICT_APPROVED: "版本衝突，採用唯一通過初審的一版",
        Reason.CONFLICT_LATER: "版本衝突，採用可證明較晚的一版",
        Reason.CONFLICT_FIRST_RECEIVED: "版本衝突，採用先收到的一版，提請委員會確認",
        Reason.NEWER_LATE: "另有逾期版本未採用",
        Reason.NEWER_DOUBTFUL: "另有時間存疑的版本未採用",
        Reason.NEWER_REJECTED: "另有時間存疑的版本，兩位承辦人決定不採用",
        Reason.SEALED: "離線封箱，截止後補傳",
        Reason.DOUBTFUL_ACCEPTED: "是否準時無法確定，兩位承辦人決定採用",
        Reason.SCHOOLS_FIGURES: "縣市審查之後已有變動，採學校核定的積分",
    }
)
STEPS_TEXT = MappingProxyType(
    {
        Step.APPROVED: "只計通過學校初審的版本；同一位教師的撤回不需初審",
        Step.LATER: "能證明較晚送出者（最早可能時間不早於另一版的最晚可能時間）優先",
        Step.FIRST_RECEIVED: "仍無法分辨時，採伺服器最先收到的一版，並列冊提請委員會確認",
    }
)
CONFLICT_RULES = MappingProxyType(
    {
        ConflictRule.THREE_STEPS: "三步驟備位規則",
        ConflictRule.TWO_STEPS: "兩步驟備位規則，仍無法分辨者不列入，提請委員會處理",
        ConflictRule.LEAVE_OUT: "凍結時仍有版本衝突者一律不列入，提請委員會處理",
    }
)
DOUBTFUL_RULES = MappingProxyType(
    {
        DoubtfulRule.BLOCK: "時間存疑案件全部決定後才能凍結",
        DoubtfulRule.LEAVE_OUT: "凍結時尚未決定的時間存疑案件不列入",
    }
)
COUNTY_RULES = MappingProxyType(
    {
        CountyRule.OPTIONAL: "縣市審查過的採縣市核定的積分，其餘採學校核定的積分（範例）",
        CountyRule.REQUIRED: "須經縣市審查通過才列入媒合",
    }
)
COUNTY_VERDICTS = MappingProxyType(
    {
        CountyVerdict.PASSED: "通過",
        CountyVerdict.REFUSED: "駁回",
        CountyVerdict.RETURNED: "補件",
    }
)
TIMELINESS = MappingProxyType(
    {
        Timeliness.ON_TIME: "甲類　準時",
        Timeliness.LATE: "乙類　逾期",
        Timeliness.SEALED: "丙類　離線封箱",
        Timeliness.DOUBTFUL: "丁類　時間存疑",
    }
)
RULINGS = MappingProxyType({Ruling.ACCEPT: "採用", Ruling.REJECT: "不採用"})


def misheard(groups: tuple[int, ...]) -> str:
    """Which groups of a 封箱碼 to look at again."""
    if not groups:
        return "封箱碼是 20 個字，分四組、每組五個字。字數不對，請再看一次。"
    named = "、".join(f"第 {each} 組" for each in groups)
    return f"{named}有誤，請再核對一次：每組五個字，沒有字母 I、L、O、U。"
