"""Sentences of ``jiepin syncd usb`` for the person with the stick, by code."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from core.wire.client import ClientState
from core.wire.stick import Fault
from syncd.text import STATES

NO_STICK = "找不到隨身碟。請插入隨身碟，或以 --to、檔案路徑指定資料夾"
NOT_ENROLLED = "本機尚未註冊，沒有可攜出的紀錄"
LOST = "隨身碟不見了。請再插上同一支隨身碟，會接著寫完"
STILL_LOST = "等不到隨身碟。紀錄都還在本機；插上後再執行一次，會接著寫完"
MAY_REMOVE = "可以取下隨身碟"
KEEP_COPY = "這是副本：本機的紀錄全部保留，等伺服器回覆或連線後才算送達"
NO_ANSWERS = "隨身碟上沒有給本機的回覆檔（.tta）"
SAME_DISK = "注意：這個資料夾在本機的磁碟上，不是隨身碟"

_STICK: Mapping[Fault, str] = MappingProxyType(
    {
        "gone": "讀不到隨身碟，請確認已插好",
        "full": "隨身碟空間不足。沒有刪除任何檔案；請換一支，或自行清出空間後再執行一次",
        "read_only": "隨身碟是唯讀的。請打開防寫開關，或換一支",
        "not_allowed": "沒有權限寫入這支隨身碟",
        "not_a_file": "隨身碟上有同名但不是一般檔案的項目，沒有動它。請換一支，並通知縣市",
        "too_large": "檔案大於容許的上限，沒有讀取",
        "occupied": "隨身碟上有同一台機器、同一段編號但內容不同的紀錄，沒有覆蓋。"
        "請保留這支隨身碟並通知縣市",
        "read_back": "讀回的內容與寫入的不同，這支隨身碟不可靠。請換一支",
    }
)
_ANSWER: Mapping[str, str] = MappingProxyType(
    {
        "other_device": "這是給另一台機器的回覆",
        "signature": "不是中心簽發的回覆",
        "usb_damaged": "檔案已損壞，請重新複製",
        "usb_other_seal": "這份回覆是封給另一把金鑰的",
        "too_large": "檔案大於容許的上限",
        "magic": "不是本系統的檔案",
        "malformed": "檔案已損壞，請重新複製",
        "name": "檔名不是本系統的，沒有讀取",
        "not_a_file": "不是一般檔案，沒有讀取",
        "gone": "讀不到檔案",
    }
)
_LEFT: Mapping[str, str] = MappingProxyType(
    {
        "gap": "伺服器還缺更早的紀錄；請再匯出一次帶去",
        "fork": "伺服器上有另一份同編號的紀錄，本機已停止寫入，請聯絡縣市",
        "quota": "已達每日收件上限，其餘明天再帶一次即可",
        "revoked": "本機憑證已撤銷",
        "trust_refused": "附帶的金鑰清單不能採用",
        "reference_refused": "附帶的參考資料不能採用，沿用原有的",
        "reference_absent": "附帶的參考資料不完整，沿用原有的",
        "inbox_refused": "收件匣的內容接不上，沒有採用",
        "entry_not_carried": "有先前的紀錄太大，無法轉存，留在本機，請聯絡縣市",
    }
)


def stick_fault(code: Fault) -> str:
    """What is wrong with the stick, and what to do."""
    return _STICK[code]


def placed(name: str, first: int, last: int, *, fresh: bool) -> str:
    """One file that is on the stick."""
    done = "已寫入並讀回核對無誤" if fresh else "先前已寫入，核對無誤"
    return f"{name}：第 {first}～{last} 筆{done}"


def answer_fault(name: str, code: str) -> str:
    """Why a file was not taken in."""
    return f"{name}：{_ANSWER.get(code, f'不能採用（{code}）')}"


def arrived(name: str, through: int, inbox: int) -> str:
    """What an answer brought."""
    return f"{name}：伺服器已收到第 {through} 筆為止，新通知 {inbox} 則"


def known(name: str) -> str:
    """An answer that says nothing new."""
    return f"{name}：先前已讀入，沒有新的內容"


def reference(version: int) -> str:
    """New lists are in use."""
    return f"參考資料已更新為第 {version} 版"


def left(code: str) -> str:
    """What the answer left open."""
    return _LEFT.get(code, f"有紀錄未被採用（{code}）")


def state(client: ClientState) -> str:
    """How the machine stands, when that is news."""
    return f"本機狀態：{STATES[client]}"


def choose(paths: Sequence[object]) -> str:
    """More than one stick is plugged in."""
    return f"插了不只一支隨身碟，請以路徑指定其中一支：{'、'.join(map(str, paths))}"


def careless(path: object, missing: Sequence[str]) -> str:
    """A mount without the options it should have."""
    return f"注意：{path} 掛載時缺少 {'、'.join(missing)}"
