"""The sentences for everything the importer finds (正體中文). One place, one per code."""

from types import MappingProxyType

from server.imports.fault import Fault, Severity

REASONS = MappingProxyType(
    {
        "file_empty": "檔案沒有內容。",
        "file_too_large": "檔案超過 64 MB。",
        "file_not_csv": "這是試算表檔，不是 CSV。",
        "encoding_unknown": "文字編碼無法辨識（接受 UTF-8 與 Big5）。",
        "encoding_damaged": "這一格有無法解讀的位元組，檔案可能受損。",
        "control_character": "這一格含有看不見的控制字元。",
        "quote_wrong": "引號沒有成對，從這一列起無法讀取。",
        "column_twice": "欄位名稱重複。",
        "column_missing": "缺少必要欄位。",
        "header_unknown": "欄位名稱不符合任何已知的名單。",
        "row_truncated": "欄數不足，這一列可能被截斷。",
        "row_too_long": "欄數太多，內容可能含有未加引號的逗號。",
        "row_repeated": "與另一列完全相同，只採用一次。",
        "row_contradicts": "與另一列代碼相同、內容不同，兩列都不採用。",
        "code_missing": "沒有填代碼。",
        "code_letter": "代碼含有像數字的英文字母。",
        "code_zero_lost": "代碼少了開頭的零。",
        "code_form": "代碼格式不對（六碼，分班可加「-01」）。",
        "name_missing": "沒有填學校名稱。",
        "name_too_long": "學校名稱超過 60 字。",
        "name_damaged": "校名有缺字（來源以 ? 代替），請另以自訂名單更正。",
        "name_differs": "同一學年度的兩份名單校名不同，採用名錄的校名。",
        "owner_unknown": "公/私立 只能是「公立」或「私立」。",
        "county_missing": "沒有填縣市。",
        "county_unknown": "沒有這個縣市。",
        "county_contradiction": "縣市代碼與縣市名稱不一致。",
        "county_not_of_code": "學校代碼不屬於這個縣市。",
        "township_missing": "沒有任何名單說明這所學校的鄉鎮市區。",
        "township_unknown": "這個縣市沒有這個鄉鎮市區。",
        "stage_unknown": "階段別只能是國中、國小或幼兒園。",
        "school_year_form": "學年度不是民國年。",
        "grade_unknown": "地區屬性只能空白，或偏遠、特偏、極偏。",
        "mark_unknown": "註記只能是偏、特、極、矯、原。",
        "mark_twice": "同一註記寫了兩次。",
        "mark_grades": "偏、特、極只能擇一。",
        "mark_date": "註記的起訖日期無法解讀。",
        "yes_or_no": "請填「是」或「否」。",
        "seats_missing": "沒有填人數。",
        "seats_form": "不是整數。",
        "seats_too_many": "人數超過 99，請確認。",
        "people_too_many": "人數超過 9,999，請確認。",
        "moved_more": "調入人數多於選填人數。",
        "points_form": "積分不是數字（最多兩位小數）。",
        "subject_missing": "沒有填科別。",
        "subject_unknown": "這個階段別沒有這個科別。",
        "school_unknown": "學校名單中沒有這個代碼。",
        "school_unlisted": "只有這份名單提到這所學校，請一併匯入學校名錄。",
        "school_gone": "較新的名錄已無這所學校，不採用。",
        "school_not_delegated": "這所學校今年未委託介聘。",
        "no_classes": "各年級都沒有班級，列為未委託。",
        "person_form": "身分證統一編號不正確。",
        "ground_unknown": "依據不在管制事由之列。",
        "day_form": "日期無法解讀（例：115/8/1）。",
        "day_ahead": "起日還沒有到。",
        "until_missing": "這個事由沒有法定年限，請填迄日（最後受管制日）。",
        "until_before": "迄日早於起日。",
        "source_missing": "沒有填來源（公文日期文號）。",
        "source_too_long": "來源超過 120 字。",
    }
)
SEVERITIES = MappingProxyType({Severity.NOTE: "提醒", Severity.ROW: "有錯", Severity.FILE: "檔案"})
OTHER_LINE = frozenset({"row_repeated", "row_contradicts"})


def reason(fault: Fault) -> str:
    """What is wrong, as one sentence."""
    return REASONS[fault.code]


def proposal(fault: Fault) -> str:
    """What to do about it; empty when there is nothing to propose."""
    if not fault.proposal:
        return ""
    if fault.code in OTHER_LINE:
        return f"比對 {fault.proposal}"
    if fault.code in {"row_truncated", "row_too_long"}:
        return f"應有 {fault.proposal} 欄，讀到 {fault.value} 欄"
    if fault.code == "header_unknown":
        return f"可匯入：{fault.proposal}"
    if fault.severity is Severity.NOTE:
        return fault.proposal
    return f"是否為 {fault.proposal}？"


def place(fault: Fault) -> str:
    """File, line and column as far as they are known."""
    parts = [fault.file]
    if fault.line:
        parts.append(f"第 {fault.line} 列")
    if fault.column:
        parts.append(f"「{fault.column}」")
    return " ".join(parts)
