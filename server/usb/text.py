"""Sentences of ``jiepin server usb`` for the operator, by code."""

from collections.abc import Mapping
from types import MappingProxyType

NOTHING_FOUND = "沒有找到可匯入的檔案（TTX-….ttx）"

_PARCEL: Mapping[str, str] = MappingProxyType(
    {
        "device_unknown": "沒有這台機器的憑證",
        "signature": "簽章不是這台機器的",
        "usb_damaged": "檔案已損壞，請重新複製或再匯出一次",
        "usb_other_seal": "檔案封給另一把封存金鑰；請以 --seal-key 加上當時的金鑰檔",
        "usb_content": "內容與清單不符",
        "too_large": "檔案大於容許的上限",
        "magic": "不是本系統的檔案",
        "malformed": "檔案已損壞，請重新複製或再匯出一次",
        "name": "檔名不是本系統的，沒有讀取",
        "not_a_file": "不是一般檔案，沒有讀取",
        "gone": "讀不到檔案",
    }
)
_BATCH: Mapping[str, str] = MappingProxyType(
    {
        "gap": "還缺更早的紀錄；請機台再匯出一次",
        "fork": "與已收到的紀錄分歧，已封存為證據，請人員處理",
        "quota": "超過每日或全季收件上限，其餘請改日再匯入",
        "revoked": "這台機器的憑證已撤銷，沒有收件",
        "in_flight": "這台機器正在連線上傳，請稍後再匯入一次",
    }
)
_ANSWER: Mapping[str, str] = MappingProxyType(
    {
        "full": "空間不足",
        "read_only": "唯讀",
        "not_allowed": "沒有權限",
        "not_a_file": "有同名但不是一般檔案的項目",
        "occupied": "有同名但不是較早回覆的檔案，沒有覆蓋",
        "read_back": "讀回的內容與寫入的不同",
        "gone": "資料夾不見了",
    }
)
_KEY: Mapping[str, str] = MappingProxyType(
    {
        "missing": "讀不到封存金鑰檔",
        "open": "封存金鑰檔的權限必須是 0600，且是一般檔案",
        "size": "不是 32 位元組的封存金鑰",
    }
)


def refused(name: str, code: str) -> str:
    """Why a file was not taken in."""
    return f"{name}：未匯入，{_PARCEL.get(code, f'內容不合規定（{code}）')}"


def taken(name: str, added: int, through: int) -> str:
    """What a file brought."""
    return f"{name}：新收 {added} 筆，已收到第 {through} 筆為止"


def evidence(name: str) -> str:
    """A closed log was kept for people to judge."""
    return f"{name}：已封存為證據"


def not_whole(code: str) -> str:
    """Why not everything in a file was taken."""
    return f"　未全部收下：{_BATCH.get(code, f'紀錄不合規定（{code}）')}"


def answered(name: str) -> str:
    """An answer is on the stick and was read back."""
    return f"　回覆檔 {name} 已寫入並讀回核對無誤"


def not_answered(name: str, code: str) -> str:
    """An answer could not be written; taking the file in again writes it anew."""
    return f"　回覆檔 {name} 未寫入：{_ANSWER.get(code, code)}。再匯入一次會重新產生"


def key_fault(code: str, path: object) -> str:
    """What is wrong with a seal key file."""
    return f"{path}：{_KEY[code]}"
