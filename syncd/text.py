"""Sentences of ``jiepin syncd`` for the person at the terminal, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from core.wire.client import ClientState
from syncd.store.fault import (
    KeyChanged,
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
        "unwritable": "無法寫入，請確認磁碟可寫入、檔案屬於執行程式的帳號",
        "given": "金鑰由系統在開機時解密提供（CREDENTIALS_DIRECTORY），程式無法存回；"
        "請服務人員依 docs/drills.md 將金鑰解密到服務站資料夾後再執行一次",
        "unenrolled": "尚未註冊",
        "incomplete": "資料夾不是服務站；換過磁碟的機器請加上 --server --root --school --name",
    }
)
_ENROLMENT = MappingProxyType(
    {
        "refused": "縣市沒有同意這份申請；請確認代碼與學校代碼",
        "enrolled_already": "本機先前已註冊完成",
        "renewal_not_needed": "本機可以照常寫入，不需要換發憑證",
        "grant_other_device": "這組代碼不是給本機換發用的；請縣市以本機編號另發一組",
        "grant_renews": "這組代碼是換發用的；請改用 jiepin syncd renew，以同一代碼再執行一次",
        "grant_older": "縣市核發的憑證比本機現有的舊；請縣市以本機編號另發一組代碼",
        "offline": "連不上伺服器；恢復連線後以同一代碼再執行一次即可",
        "undecided": "縣市尚未核發；稍後以同一代碼再執行一次即可",
    }
)
_STORE: Mapping[type[StoreError], str] = MappingProxyType(
    {
        KeyChanged: "手上的簽章金鑰不是本機紀錄現用的那一把。剛更換過的，請重新啟動程式；"
        "重新啟動後仍如此，請放回原來的金鑰，或由縣市另發代碼換發（jiepin syncd status 說明步驟）",
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


def kiosk_runs(path: object) -> str:
    """A second kiosk on one station."""
    return f"{path}：填報程式已在執行"


def must_stop(path: object) -> str:
    """A program that holds the old key still runs."""
    return f"{path}：請先停止本機的填報程式與同步程式，再執行一次"


def renewed(inc: int, carried: int, left: int) -> str:
    """A machine goes on under a new certificate."""
    stay = f"；另有 {left} 筆太大，留在本機，請聯絡縣市" if left else ""
    return f"已換發憑證（本機第 {inc} 代），轉存未送達的紀錄 {carried} 筆{stay}。可以重新啟動程式。"


def key_changed(name: str) -> str:
    """The log goes on under another key."""
    return f"{name}：已更換簽章金鑰。可以重新啟動程式。"


def standing(name: str, state: ClientState, pending: int) -> str:
    """The first line of ``status``."""
    return f"{name}：{STATES[state]}，待送 {pending} 筆"


def how_to_go_on(device: str) -> str:
    """The last line, when the machine has stopped for good unless it is renewed."""
    return (
        f"本機編號 {device}。請勿刪除任何資料；由縣市以此編號另發一組代碼，"
        "停止兩個程式後執行 jiepin syncd renew。"
    )


def attention(code: str) -> str:
    """The second line, when people have to act."""
    return f"需要處理：{code}"
