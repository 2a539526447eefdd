"""Sentences of the commands that keep the log."""

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "awaited": "還原後尚未補送",
        "heads_not_backed_up": "最新版本尚未備援",
        "receipts_without_entry": "有收據而無紀錄",
        "versions_without_receipt": "有紀錄而無收據",
        "altered": "備份檔已被更動",
        "checkpoint": "備份檔的簽章不屬於這個中心，或與內容不符",
        "cut_short": "備份檔不完整",
        "code_differs": "確認碼不符，資料已有變動，請先重新查看",
        "damaged": "備份中的紀錄未通過驗證",
        "database": "資料庫無法備份或還原",
        "database_exists": "這裡已經有資料庫，不會覆寫",
        "disk": "無法讀寫檔案",
        "log_differs": "備份後的紀錄與備份不符，可能有人更動了資料庫",
        "not_a_backup": "這不是備份檔",
        "other_database": "備份來自另一種資料庫",
        "programs_missing": "找不到與資料庫同版本的 pg_dump、pg_restore",
        "seal_key": "封存金鑰不符",
        "trailer": "備份檔後方有多餘的內容",
        "views_differ": "備份中的檢視與紀錄不符",
    }
)


def sentence(code: str) -> str:
    """For people."""
    return SENTENCES[code]
