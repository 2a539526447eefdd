"""Sentences about notifications, the mail code and LINE."""

from kiosk.session.contact import MailState, Telephone
from kiosk.text.fields import contact

_MARKS = {MailState.PROVED: "已確認"}
_STATES = {
    MailState.UNPROVED: "未確認。寄驗證碼到這個信箱，收到後在這裡輸入。現在或之後做都可以。",
    MailState.WAITING: "驗證碼等待連線後寄出。可以先繼續填寫，收到信再回來輸入。",
    MailState.EXPIRED: "驗證碼已超過 15 分鐘，請再寄一次。",
    MailState.SPENT: "輸入錯誤已達 5 次，這組驗證碼作廢，請再寄一次。",
    MailState.PROVED: "已確認，可以收到通知。",
}
_SHORT = {
    MailState.UNPROVED: "未確認，F6 寄驗證碼（也可以之後再做）",
    MailState.WAITING: "未確認，驗證碼連線後寄出（F6）",
    MailState.SENT: "未確認，驗證碼已寄出，F6 輸入",
    MailState.EXPIRED: "未確認，驗證碼已過期（F6）",
    MailState.SPENT: "未確認，驗證碼已作廢（F6）",
    MailState.REFUSED: "未確認，驗證碼寄不出去（F6）",
    MailState.PROVED: "已確認，可以收到通知",
}
_REFUSED = {
    "mail_off": "中心尚未設定寄信，請改由人事通知；不影響送出申請。",
    "line_off": "中心只以電子郵件通知。",
    "teacher_unknown": "中心還沒收到您的登錄資料，請幾分鐘後再試。",
    "too_soon": "剛寄出一封，請等一分鐘再試。",
    "too_many": "一小時內寄太多次，請稍後再試。",
    "email_wrong": "中心不接受這個電子郵件地址，請修改，例如 name@example.tw。",
    "address_refused": "收信端說沒有這個信箱，請檢查拼字。",
    "content_refused": "收信端不收這封信，請換一個信箱。",
    "expired": "沒有在時間內完成，請再試一次。",
}
_FAULTS = {
    "code_wrong": "驗證碼不正確。請對照信中的 6 個數字再輸入一次。",
    "code_form": "驗證碼是 6 個數字，例如 042137。",
    "code_expired": "驗證碼已超過 15 分鐘，請再寄一次。",
    "code_spent": "這組驗證碼已輸入錯誤 5 次而作廢，請再寄一次。",
    "code_not_asked": "還沒有寄驗證碼到這個信箱，請先寄驗證碼。",
    "code_not_sent": "驗證碼還沒寄出（目前離線），收到信後再輸入。",
    "code_too_soon": "剛寄出一封，請等一分鐘再寄。",
    "email_wrong": "請先填寫正確的電子郵件，例如 name@example.tw。",
    "line_offline": "目前離線，不能連結 LINE；請連線後再試。電子郵件通知不受影響。",
    "practice": "練習模式不寄信，也不連結 LINE。",
    "store": "本機目前不能寫入，沒有記下來；請稍後再試。",
}
_TELEPHONES = {
    Telephone.FREE: "未連結。用自己的手機掃描 QR 碼，就能用 LINE 收通知。",
    Telephone.ASKED: "正在準備 QR 碼。",
    Telephone.OPEN: "請用自己的手機掃描 QR 碼，並送出畫面上的訊息（15 分鐘內）。",
    Telephone.LINKED: "已連結，會用 LINE 通知您。",
    Telephone.OFF: "只以電子郵件通知（中心未使用 LINE）。",
}


class ContactZh:
    """Part of `ZhHantTw`."""

    contact_title = "通知設定"
    contact_code = contact.CODE.zh.label
    contact_try = "確認"
    contact_send = "寄驗證碼"
    contact_done = "返回"
    contact_no_address = "還沒有填寫電子郵件，請先在「基本資料」填寫。"
    line_title = "LINE"
    line_link = "連結 LINE"
    line_show = "顯示 QR 碼"
    line_unlink = "解除連結"
    line_scan: tuple[str, ...] = (
        "1 用手機相機掃描，開啟官方帳號",
        "2 送出已寫好的訊息",
        "請勿在這台機器登入 LINE。",
        "只保存 LINE 使用者代碼，可隨時解除。",
    )
    notices_sent_title = "會通知您的事"
    notices_sent: tuple[str, ...] = (
        "密碼設定或重設、學校初審通過或退回、介聘結果產生。",
        "通知不含姓名與證號；僅為提醒，最終正式結果以學校公文為準。",
        "沒有收到通知時，請到這台機器查詢。",
    )

    def mail_mark(self, state: MailState) -> str:
        return _MARKS.get(state, "未確認")

    def mail_state(self, state: MailState, detail: str, tries: int) -> str:
        if state is MailState.SENT:
            return f"驗證碼已寄出，請在 15 分鐘內輸入（還可試 {tries} 次）。"
        if state is MailState.REFUSED:
            return _refused(detail)
        return _STATES[state]

    def mail_short(self, state: MailState) -> str:
        return _SHORT[state]

    def telephone(self, state: Telephone, detail: str) -> str:
        return _refused(detail) if state is Telephone.REFUSED else _TELEPHONES[state]

    def contact_fault(self, code: str) -> str:
        return _FAULTS[code]

    def understood(self, text: str) -> str:
        return f"讀作 {text}"


def _refused(detail: str) -> str:
    return _REFUSED.get(detail, "中心無法處理，請洽人事；不影響送出申請。")
