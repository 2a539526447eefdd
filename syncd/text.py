"""Sentences of ``jiepin syncd`` for the person at the terminal, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from core.wire.client import ClientState
from syncd.store.fault import (
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreKeyError,
    StoreLocked,
    StoreNewer,
    StoreUnreachable,
)

NO_CODE = "請由標準輸入提供公文上的一次性代碼"
NOT_ENROLLED = "本機尚未註冊"

STATES: Mapping[ClientState, str] = MappingProxyType(
    {
        ClientState.UNENROLLED: "尚未註冊",
        ClientState.CURRENT: "已同步",
        ClientState.SENDING: "傳送中",
        ClientState.WAITING: "等待再送",
        ClientState.OFFLINE: "離線",
        ClientState.STALE: "離線超過三天",
        ClientState.CLOSED: "本季收件已截止",
        ClientState.FORKED: "紀錄出現分歧，已停止寫入",
        ClientState.SELF_ROLLBACK: "本機資料曾被還原，已停止寫入",
        ClientState.REVOKED: "本機憑證已撤銷",
    }
)

_STATION = MappingProxyType(
    {
        "settings": "不是服務站的設定檔",
        "root": "不是根金鑰檔",
        "threshold": "所列根金鑰少於所需簽署人數",
        "missing": "讀不到金鑰檔",
        "size": "金鑰檔的長度不對",
        "unwritable": "無法寫入此資料夾",
    }
)
_ENROLMENT = MappingProxyType(
    {
        "refused": "縣市沒有同意這份申請；請確認代碼與學校代碼",
        "enrolled_already": "本機先前已註冊完成",
        "offline": "連不上伺服器；恢復連線後以同一代碼再執行一次即可",
        "undecided": "縣市尚未核發；稍後以同一代碼再執行一次即可",
    }
)
_STORE: Mapping[type[StoreError], str] = MappingProxyType(
    {
        StoreKeyError: "金鑰打不開本機資料庫",
        StoreDamaged: "本機資料庫的內容與寫入時不同，請停用並聯絡縣市",
        StoreFull: "磁碟已滿；已存的資料都在，騰出空間後即可繼續",
        StoreLocked: "另一個程式正在使用本機資料庫，請稍後再試",
        StoreNewer: "本機資料庫由較新的版本寫入，請更新程式",
        StoreUnreachable: "無法讀寫本機資料庫檔案",
    }
)


def station_fault(code: str, path: object) -> str:
    """What is wrong with a station's folder."""
    return f"{path}：{_STATION[code]}"


def enrolment_fault(code: str) -> str:
    """Why there is no certificate; codes of the server and of checks are shown as they are."""
    return f"未能註冊：{_ENROLMENT.get(code, f'收到的回覆不能採用（{code}）')}"


def store_fault(error: StoreError) -> str:
    """What is wrong with the store."""
    return _STORE.get(type(error), f"本機資料庫無法使用（{type(error).__name__}）")


def already_running(path: object) -> str:
    """A second daemon on one station."""
    return f"{path}：同步程式已在執行"


def standing(name: str, state: ClientState, pending: int) -> str:
    """The first line of ``status``."""
    return f"{name}：{STATES[state]}，待送 {pending} 筆"


def attention(code: str) -> str:
    """The second line, when people have to act."""
    return f"需要處理：{code}"
