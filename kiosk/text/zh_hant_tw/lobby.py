"""Sentences for whoever has no card in the slot: practice, what still helps out of season."""


class LobbyZh:
    """Part of `ZhHantTw`."""

    practice_start = "練習模式（虛構資料，不需要健保卡）"
    practice_receipt = "練習收據：沒有送出任何申請，結束後不會留下。"
