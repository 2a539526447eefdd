"""The words of the public page (正體中文): what a receipt or a 封箱碼 is worth, for anybody."""

from types import MappingProxyType

from server.public.look import Brought, Standing
from server.season.text import misheard

HEADLINES = MappingProxyType(
    {
        Standing.DELIVERED: "已送達",
        Standing.MOVED: "已送達",
        Standing.WAITING: "尚未送達",
        Standing.AWAITED: "等待重新送達",
        Standing.DIFFERENT: "不符",
        Standing.DISPLACED: "不符",
        Standing.DISPUTED: "查核中",
        Standing.NOT_OURS: "不是本系統的收據",
        Standing.UNREADABLE: "無法辨識",
        Standing.MISHEARD: "封箱碼有誤",
    }
)
BROUGHT = MappingProxyType(
    {
        Brought.DEVICE_RECEIPT: "服務站收據",
        Brought.SERVER_RECEIPT: "送達收據",
        Brought.SEAL_CODE: "封箱碼",
        Brought.SHORT_RECEIPT: "收據短碼",
        Brought.SOMETHING: "輸入的內容",
    }
)
SENTENCES = MappingProxyType(
    {
        (
            Brought.DEVICE_RECEIPT,
            Standing.DELIVERED,
        ): "收據是真的，這筆資料已送達中央伺服器，內容與收據相符。",
        (
            Brought.DEVICE_RECEIPT,
            Standing.WAITING,
        ): "收據是真的。資料已存妥於學校的服務站，但服務站還沒有上傳到這一筆。"
        "資料不會遺失，請保留收據，之後再查一次。",
        (
            Brought.DEVICE_RECEIPT,
            Standing.DIFFERENT,
        ): "收據是真的，但伺服器在同一個序號收到的是另一筆資料。"
        "請保留收據，立即聯絡縣市承辦人查明。",
        (
            Brought.DEVICE_RECEIPT,
            Standing.DISPUTED,
        ): "收據是真的，但這台服務站的紀錄出現兩種版本，縣市正在查明。請保留收據，它就是證據。",
        (
            Brought.SERVER_RECEIPT,
            Standing.DELIVERED,
        ): "收據是真的，這筆資料在伺服器的紀錄中，位置與收據相符。",
        (
            Brought.SERVER_RECEIPT,
            Standing.MOVED,
        ): "收據是真的，這筆資料在伺服器的紀錄中，內容相符，收據仍然有效。"
        "伺服器曾由備份回復，服務站重新上傳後，紀錄的總序號重新編排，所以與收據上的不同。",
        (
            Brought.SERVER_RECEIPT,
            Standing.DISPLACED,
        ): "收據是真的，這筆資料也在伺服器的紀錄中，但位置與收據不符。"
        "請保留收據，立即聯絡縣市承辦人查明。",
        (
            Brought.SERVER_RECEIPT,
            Standing.AWAITED,
        ): "收據是真的。伺服器曾由備份回復，服務站會自動重新上傳，這一筆還沒有再送到。"
        "請保留收據，之後再查一次；服務站連線後仍如此，請聯絡縣市承辦人，收據就是證據。",
        (
            Brought.SERVER_RECEIPT,
            Standing.DIFFERENT,
        ): "收據是真的，但伺服器目前的紀錄中沒有這一筆。請保留收據，立即聯絡縣市承辦人查明。",
        (
            Brought.SHORT_RECEIPT,
            Standing.DELIVERED,
        ): "伺服器的紀錄中有這一筆，受理編號與檢查碼都相符。"
        "短碼沒有簽章，要證明收據真偽請用列印的收據。",
        (
            Brought.SHORT_RECEIPT,
            Standing.WAITING,
        ): "伺服器還沒有受理編號與檢查碼都相符的紀錄；可能尚未上傳，也可能輸入有誤。"
        "請保留收據，之後再查一次。",
        (
            Brought.SEAL_CODE,
            Standing.DELIVERED,
        ): "這是一台服務站紀錄的雜湊，伺服器已收到這一筆與之前的全部紀錄。",
        (
            Brought.SEAL_CODE,
            Standing.WAITING,
        ): "封箱碼正確，伺服器還沒有收到以它為結尾的紀錄。服務站上傳後會自動比對。",
    }
)
NOT_OURS = "簽章不符：這不是本系統發出的收據，或內容已被更動。請改用原始的收據再掃描一次。"
UNREADABLE = "看不出是收據或封箱碼。請掃描收據上的 QR 碼，或輸入 20 個字的封箱碼。"
SYMBOLS = MappingProxyType(
    {
        Standing.DELIVERED: "✓",
        Standing.MOVED: "✓",
        Standing.WAITING: "…",
        Standing.AWAITED: "…",
        Standing.DIFFERENT: "✕",
        Standing.DISPLACED: "✕",
        Standing.DISPUTED: "!",
        Standing.NOT_OURS: "✕",
        Standing.UNREADABLE: "?",
        Standing.MISHEARD: "?",
    }
)
BUSY = "查詢的人太多，請等一分鐘再試。資料不受影響。"
STORE_DOWN = "系統暫時無法查詢，請稍候再試。已送達的資料不受影響。"


def sentence(brought: Brought, standing: Standing, groups: tuple[int, ...]) -> str:
    """What an answer means, in one or two sentences."""
    match standing:
        case Standing.MISHEARD:
            return misheard(groups)
        case Standing.NOT_OURS:
            return NOT_OURS
        case Standing.UNREADABLE:
            return UNREADABLE
        case _:
            return SENTENCES[brought, standing]
