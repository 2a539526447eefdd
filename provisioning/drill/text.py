"""What a drill says, by code."""

from collections.abc import Mapping
from types import MappingProxyType

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "lost-kiosk": "遺失一台填報機：撤銷、停止、找回後換發",
        "clone": "磁碟被複製：兩台同名機器都寫入，伺服器分辨並停止兩者，其中一台換發",
        "rollback": "磁碟被還原成舊的：本機發現、停止、換發，已收到的一筆不少",
        "disk": "更換磁碟：以原編號換發",
        "log-key": "填報機更換簽章金鑰，紀錄接續",
        "server-keys": "伺服器金鑰遺失：以根金鑰簽發新信任文件，填報機跟上",
        "root-keys": "更換根金鑰兩次，關機中的填報機開機後逐步跟上",
        "server-restore": "伺服器由備份還原：填報機補送，收據全部有據",
    }
)
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "running": "伺服器、縣市櫃台與填報機已在暫設環境啟動",
        "delivered": "紀錄已送達",
        "copied": "已複製整台機器",
        "both_wrote": "兩台都寫入並同步",
        "forked": "伺服器回覆分歧，兩台都停止寫入",
        "quarantined": "伺服器隔離該紀錄並保存證據",
        "put_back": "已把磁碟換回先前的備份",
        "rolled_back": "本機發現自己較舊，停止寫入",
        "renewed": "以縣市代碼換發憑證，未送達的紀錄已轉存",
        "works_again": "換發後恢復收送",
        "copy_dead": "另一台副本不能再使用",
        "nothing_lost": "繼續使用的磁碟上，分歧前後的每一筆伺服器都有",
        "acknowledged_kept": "先前已收到的每一筆，伺服器都有",
        "revoked_published": "已撤銷並公布撤銷名單",
        "refused": "伺服器拒收撤銷後的紀錄，機器顯示已撤銷",
        "disk_gone": "已換上空白磁碟",
        "same_name": "新磁碟以原編號繼續",
        "key_changed": "已更換填報機的簽章金鑰",
        "accepted": "伺服器接受新金鑰簽署的紀錄",
        "verified": "伺服器整份紀錄重新驗證無誤",
        "keys_gone": "伺服器的兩支金鑰已刪除",
        "trust_issued": "兩支根金鑰簽發新的信任文件，伺服器重新啟動",
        "followed": "填報機接受新金鑰，繼續收送",
        "roots_changed": "根金鑰已更換兩次，這段期間填報機關機",
        "backed_up": "已備份並驗證",
        "more": "備份之後又收到新的紀錄",
        "database_gone": "伺服器資料庫已刪除，並由備份還原",
        "sent_again": "填報機自動補送",
        "reconciled": "收據、紀錄與備份核對無缺",
    }
)


def step(code: str, *, done: bool) -> str:
    """One line of a drill."""
    return f"{'✓' if done else '✗'} {STEPS[code]}"


def title(name: str) -> str:
    """The first line of a drill."""
    return f"演練：{TITLES[name]}"


def ended(name: str, seconds: int, *, good: bool) -> str:
    """The last line."""
    return f"{'演練完成' if good else '演練失敗'}（{name}，{seconds} 秒）"
