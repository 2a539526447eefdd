"""Sentences about the machine itself: what is wrong with it, and the 封箱碼."""

from datetime import datetime

from core.domain.roc import TAIPEI

_KEPT = "仍可填寫與送出，資料先存在本機，送出時間以本機簽章為準。"
_AGAIN = (
    "教師請改用其他機器，急件請洽人事。人事請洽縣市承辦人辦理重新啟用；在那之前不要關機、"
    "不要重灌，資料都在本機。"
)
_TROUBLES = {
    "full": (
        "本機磁碟已滿，目前只能查詢",
        "資料庫沒有空間寫入。草稿與已送出的版本都完整保留。",
        "請通知人事或服務人員清出磁碟空間。有空間後會自動恢復，不必重新開機。",
    ),
    "unenrolled": (
        "這台機器還沒有啟用",
        "本機尚未取得縣市核發的憑證，不能受理申請。",
        "請人事以縣市公文上的一次性代碼辦理啟用，或洽縣市承辦人。",
    ),
    "forked": (
        "本機紀錄出現分歧，已停止受理",
        (
            "伺服器收到的本機紀錄與本機的不同，可能有人複製了這台機器。兩邊的紀錄都會保留，"
            "已送出的申請不會遺失。"
        ),
        _AGAIN,
    ),
    "self_rollback": (
        "本機資料曾被還原，已停止受理",
        "伺服器持有的本機紀錄比本機新，本機回到了較舊的狀態。已送達的申請不受影響。",
        _AGAIN,
    ),
    "revoked": (
        "本機憑證已撤銷，已停止受理",
        "縣市已撤銷這台機器的憑證，本機不能再受理或上傳。",
        "教師請改用其他機器，急件請洽人事。人事請洽縣市承辦人；尚未送達的紀錄可用隨身碟送交。",
    ),
    "stale": (
        "已超過三天沒有連上伺服器",
        f"學校名單與日程可能不是最新的。{_KEPT}",
        "請人事檢查網路；無法恢復時請用隨身碟送件，或洽縣市承辦人。",
    ),
    "clock": (
        "本機時鐘不準",
        "本機時鐘與伺服器相差超過 30 秒。畫面上的時間與期限已改用伺服器時間。",
        "請服務人員校正本機時鐘；填報與送出不受影響。",
    ),
    "format": (
        "伺服器看不懂本機的資料",
        f"程式版本可能不合，暫時無法上傳。{_KEPT}",
        "請人事通知服務人員更新程式，並洽縣市承辦人。",
    ),
    "upgrade": (
        "本機程式需要更新",
        f"伺服器要求較新的程式，更新前無法上傳。{_KEPT}",
        "請人事通知服務人員更新程式；更新後會自動上傳。",
    ),
    "quota": (
        "本機上傳量已達上限",
        f"伺服器暫不收本機的資料。{_KEPT}",
        "請人事洽縣市承辦人。",
    ),
    "unknown_device": (
        "伺服器不認得這台機器",
        f"伺服器找不到本機的憑證，暫時無法上傳。{_KEPT}",
        "請人事洽縣市承辦人確認本機的憑證。",
    ),
    "scope": (
        "本機憑證不適用",
        f"伺服器不接受本機憑證的學校或年度，暫時無法上傳。{_KEPT}",
        "請人事洽縣市承辦人確認本機的憑證。",
    ),
    "absent": (
        "伺服器沒有這項服務",
        f"網址可能不正確，暫時無法上傳。{_KEPT}",
        "請人事通知服務人員檢查本機設定。",
    ),
    "revoked_unproved": (
        "伺服器表示本機憑證已撤銷",
        f"還沒有收到縣市簽章的撤銷名單，不能確定是否屬實，暫時無法上傳。{_KEPT}",
        "請人事洽縣市承辦人確認。",
    ),
    "malformed": (
        "有一筆紀錄伺服器無法接收",
        f"這一筆以前的都已送達，這一筆以後的保留在本機。{_KEPT}",
        "請人事洽縣市承辦人；不要自行修改資料。",
    ),
    "too_large": (
        "有一筆紀錄太大，無法上傳",
        f"這一筆以前的都已送達，這一筆以後的保留在本機。{_KEPT}",
        "請人事洽縣市承辦人。",
    ),
}


class MachineZh:
    """Part of `ZhHantTw`."""

    seal_title = "封箱碼"
    seal_why = "封箱碼代表本機到那一刻的全部紀錄。報出之後，就能證明紀錄沒有再被增刪。"
    seal_how = (
        "請拍照、用手機掃描登記，或打電話報給縣市承辦人："
        "每 5 個字一組逐字唸，每組最後一字是檢查碼。"
    )
    seal_waiting = "本機寫入截止紀錄後，這裡會顯示封箱碼。"
    seal_witnessed = "已有外部見證：伺服器已收到"
    seal_unwitnessed = "尚無外部見證：請拍照或報給縣市"
    machine_readable = "可以插卡查詢，但不能修改或送出。"

    def seal_closed(self, at: datetime) -> str:
        return f"截止時 {_moment(at)}"

    def seal_later(self, at: datetime) -> str:
        return f"最後簽核 {_moment(at)}"

    def machine_trouble(self, code: str) -> tuple[str, str, str]:
        """Title, what happened, what to do."""
        unknown = (f"上傳受阻（{code}）", _KEPT, "請人事洽縣市承辦人。")
        return _TROUBLES.get(code, unknown)


def _moment(at: datetime) -> str:
    local = at.astimezone(TAIPEI)
    return f"{local.month}/{local.day} {local:%H:%M}"
