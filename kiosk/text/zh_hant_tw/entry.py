"""Sentences from the idle screen to the signed-in person, and when a session ends."""

# ruff: noqa: S105 - sentences about passwords, none of which is one

from datetime import datetime, timedelta

from core.domain.roc import ROC_EPOCH, TAIPEI, format_roc_deadline, format_roc_minute
from kiosk.session.state import TroubleCode
from kiosk.session.station import Service
from kiosk.text.durations import DAY_S, HOUR_S, MINUTE_S, SLOW_S
from kiosk.text.fields import entry as fields

_SERVICE = {
    Service.UNKNOWN: "檢查中",
    Service.FINE: "正常",
    Service.MISSING: "未偵測到",
    Service.FAILED: "未啟動",
}
_TROUBLE = {
    TroubleCode.UNREADABLE: (
        "讀不到這張卡片",
        "卡片已插入，但晶片沒有讀出資料，可能是晶片髒污或毀損。",
        "請取出卡片，用乾布輕擦晶片後再插一次。仍讀不到時，請改用另一張健保卡或洽人事。",
    ),
    TroubleCode.UNRESPONSIVE: (
        "未讀到晶片",
        "卡片沒有回應，通常是方向插反或沒有推到底。",
        "請取出卡片，晶片朝上、朝插槽方向推到底。",
    ),
    TroubleCode.FOREIGN: (
        "這不是健保卡",
        "插入的是其他種類的卡片。",
        "請取出，改插健保卡。本機沒有讀取或留下這張卡片的資料。",
    ),
    TroubleCode.PULLED: (
        "讀取時卡片被取出",
        "資料還沒讀完，卡片就離開了插槽。",
        "請再插一次，等畫面出現姓名後再放手。",
    ),
    TroubleCode.BUSY: (
        "讀卡機忙碌中",
        "另一個程式正在使用讀卡機。",
        "請取出卡片，過幾秒再插一次。",
    ),
    TroubleCode.UNREGISTERED: (
        "本校尚未登錄您的資料",
        "這張健保卡可以讀取，但不在本校的教師名冊裡，所以不能在這裡申請。",
        "請洽本校人事辦理「教師資料登錄」，完成後再插卡即可開始。",
    ),
    TroubleCode.WRONG_SCHEME: (
        "這裡辦理的是教師介聘",
        "您在本校登錄的身分不是正式教師。教保員、助理教保員及實習教師不適用本系統。",
        "契約進用教保員請改用教保員遷調系統；其他問題請洽本校人事。",
    ),
    TroubleCode.FIRST_USE_IMPOSSIBLE: (
        "離線時無法首次登入",
        "您是第一次使用，需要本校人事到場確認，但本機目前沒有可以確認的人事帳號。",
        "請洽人事；人事完成本機的帳號申請後，您就可以開始。",
    ),
    TroubleCode.NOT_ENROLLED: (
        "這台機器還沒有啟用",
        "本機尚未取得縣市核發的憑證或介聘資料。",
        "請通知人事或系統服務人員。",
    ),
    TroubleCode.STORE: (
        "目前無法讀寫本機資料",
        "本機的資料庫暫時不能使用。已送出的申請不受影響。",
        "請稍候再試，並通知人事。",
    ),
}
_NOTICES = {
    "printed": "已送到印表機，請取回文件。",
    "printed_reduced": "這台印表機沒有 A3：已縮印成 A4。要 A3 請放大 141%，或洽人事。",
    "no_printer": "這台機器沒有印表機，沒有印出。請人事從案件頁列印。",
    "printer_silent": "印表機沒有回應，沒有印出。請洽人事。",
    "print_failed": "無法列印，資料都還在。請洽人事。",
    "practice_no_paper": "練習模式不列印。",
    "ended": "作業已結束，草稿已保存。",
    "expired": "因久未操作，作業已結束，草稿已保存。",
    "card_out": "健保卡已取出，作業已結束，草稿已保存。",
    "locked": "密碼連續錯誤，作業已結束，草稿已保存。",
    "practice_ended": "練習結束，沒有留下任何資料。",
    "unsaved": "作業已結束，但草稿尚未寫入磁碟。請不要關機，並通知人事。",
}
_FAULTS = {
    "not_officer": "這張卡片不是本校人事的卡片，請改插人事的健保卡。",
    "same_person": "不能由本人確認自己，請由另一位人事人員確認。",
    "other_card": "這不是同一張健保卡，請插回原來的那一張。",
    "too_short": "密碼太短，請至少輸入 8 個字元。",
    "too_common": "這個密碼太常見，容易被猜到，請換一個。",
    "personal": "密碼不能是身分證號、生日或姓名，請換一個。",
    "differs": "兩次輸入的密碼不同，請重新輸入。",
    "stage_not_registered": "本校登錄您的階段別不是這一個，請改選或洽人事。",
    "code_missing": "請輸入縣市核發的一次性代碼，例如 7H2K-9QDM。",
    "full": "本機磁碟已滿，目前無法完成，請通知人事。",
    "damaged": "本機資料庫無法使用，請通知人事。",
    "not_granted": "縣市還沒有核發您的簽核憑證，目前可以查看，還不能簽核。",
    "own_case": "不能審查自己的申請，請由校長指定的人員初審。",
    "case_changed": "這件申請剛剛有了新版本，請重新開啟再審。",
    "closed": "已過期限，不能再辦理。已送出的版本仍然有效。",
    "card_missing": "請先插回健保卡再送出。",
    "password_wrong": "密碼不正確。",
    "no_officer": "本機目前沒有可以確認的人事帳號，請洽人事。",
    "locked": "本機資料庫忙碌中，請稍候再試。",
    "stopped": "本機已停止寫入以保護資料，請通知人事。",
    "not_enrolled": "這台機器還沒有啟用，請通知人事。",
}


class EntryZh:
    """Part of `ZhHantTw`."""

    insert_card = "請 插 入 健 保 卡 開 始"
    choose_virtual_card = "[虛擬卡] 按 F9 選卡（示範：Ctrl+Q 離開）"
    card_hint = ("晶片朝上、", "朝插槽方向推到底")
    card_chip = "[晶片]"
    card_word = "健保卡"
    checks = "讀卡檢測："
    check_service = "讀卡服務"
    check_reader = "讀卡機"
    check_card = "健保卡"
    card_waiting = "等待插入"
    card_reading = "讀取中"
    card_ready = "已插入"
    card_faulty = "無法讀取"
    bring = (
        "請準備：常用電子郵件、聯絡電話、現職服務證明或聘書。約需 15 分鐘，可"
        "分次填寫，離開前請取回健保卡。"
    )
    wrong_place = "不適用：契約進用教保員請改用教保員遷調系統；還有哪些人不能申請，按 F1。"
    what_now = "現在可以辦理："
    apply_now = "國小、國中、幼兒園 介聘他縣市 填報"
    no_calendar = "尚未收到本年度作業日程，連線後會自動取得。"
    supported_cards = "可使用的卡片"
    supported_card_list = "全民健康保險卡（新、舊版皆可）。自然人憑證、信用卡及悠遊卡不適用。"
    service_down = (
        "讀卡服務未啟動",
        "本機的讀卡服務沒有回應。恢復後不必重新開機，就能繼續。",
    )
    reader_down = (
        "未偵測到讀卡機",
        "請檢查讀卡機的連接線是否鬆脫，重新插上即會自動恢復。仍未恢復時，請通知人事。",
    )
    take_card_out_to_end = "取出卡片，本畫面就會結束。"
    found = "發現"
    what_to_do = "怎麼辦"
    whom_to_ask = "洽詢"

    identity_title = "確認身分"
    card_says = "這張健保卡的資料："
    label_name = "姓名"
    label_number = "身分證統一編號"
    label_birth = "生日"
    label_registered = "在職登錄"
    registered_done = "本校已登錄，首次使用已完成"
    reveal_hint = "（按 F5 顯示 5 秒）"
    label_stage = fields.STAGE.zh.label
    label_password = fields.PASSWORD.zh.label
    label_password_again = fields.PASSWORD_AGAIN.zh.label
    toggle_password = "F6 顯示/隱藏"
    password_rule = "（登入後顯示上次進度；密碼連續錯 5 次暫停 10 分鐘）"
    not_you = "不是您本人？請取出健保卡。"
    forgotten = "忘記密碼? 按 F7，請人事人員到場確認後重設，或這一次免密碼進入。"
    forgotten_link = "忘記密碼?"
    enter_once = "這次免密碼"
    enter_once_why = (
        "記不住密碼也可以不設：按 F8，這一次憑人事的確認進入；下次再請人事到場即可。"
        "進入的紀錄會載明由誰確認，並以電子郵件通知您。"
    )
    sign_in = "登入"

    first_use_title = "首次使用，請人事到場"
    reset_title = "忘記密碼? 請人事到場"
    witness_steps = (
        "1 取出您的健保卡，交人事核對本人",
        "2 人事插入自己的健保卡並輸入密碼",
        "3 人事確認後取出，再插回您的健保卡",
        "4 閱讀個資告知，設定密碼或這次免密碼",
    )
    witness_card_now = "現在請取出教師的健保卡，插入人事的健保卡。"
    witness_password_now = "人事請輸入密碼："
    witness_confirm = "我已核對健保卡與本人相符，且為本校在職教師。"
    witness_confirmed_button = "確認本人無誤"
    card_back_now = "確認完成。請取出人事的健保卡，插回教師的健保卡。"

    privacy_title = "個人資料告知事項"
    privacy_intro = "依個人資料保護法第 8 條告知您："
    privacy_points = (
        "蒐集機關：承辦縣市政府教育局（處）、您的服務學校及志願縣市。",
        "蒐集目的：辦理教師介聘申請、積分審查、媒合、公告及報到。",
        (
            "資料類別：健保卡上的姓名、身分證統一編號、生日、性別，以及您填寫的聯"
            "絡方式、服務資料與志願。"
        ),
        (
            "利用期間、地區、對象及方式：本年度介聘作業期間，於我國境內，由前述機"
            "關以電子及書面方式利用。本機的加密草稿於上傳後或 30 天後刪除。"
        ),
        "您的權利：得請求查詢、閱覽、複製、補充、更正、停止利用或刪除，請洽本校人事。",
        "不提供的影響：無法受理您的介聘申請。",
    )
    privacy_agree = "我已了解，繼續"
    choose_password_title = "設定密碼"
    choose_password_rule = (
        "至少 8 個字元，長度不限，可用中英文與符號。請避免生日、電話等容易猜到的內容。"
    )
    choose_password_later = "以後插入健保卡並輸入這個密碼，就能繼續填寫。忘記時可請人事到場重設。"
    set_password = "設定密碼"

    officer_title = "人事、服務人員"
    officer_card_now = "請插入人事人員的健保卡。"
    officer_waiting = "等候卡片中，按 Esc 返回。"
    officer_enrol_title = "人事人員首次使用"
    officer_enrol_intro = "請輸入縣市核發給您的一次性代碼，並設定簽核密碼。縣市核發憑證後即可簽核。"
    officer_has_password = "您已有教師密碼，請輸入同一個密碼。"
    label_code = fields.ONE_TIME_CODE.zh.label
    enrol = "申請簽核憑證"

    idle_question = "您還在使用嗎？"
    any_key = "按 任意鍵 繼續使用（需要更多時間可重複延長）。"
    still_here = "我還在使用"
    end_now = "結束"
    card_is_out = "健保卡已取出"
    card_back_leave = "要離開：不用做任何事。"
    take_card = "請取回健保卡"
    take_card_why = "健保卡還在讀卡機裡，請記得帶走。"

    def service(self, state: Service) -> str:
        return _SERVICE[state]

    def reading(self, seconds: int) -> str:
        return (
            "讀取中，請勿取出卡片。" if seconds < SLOW_S else f"讀取中 {seconds} 秒，請勿取出卡片。"
        )

    def season_dates(self, begins: datetime | None) -> str:
        if begins is None:
            return "本年度作業日程"
        year = begins.astimezone(TAIPEI).year
        return f"民國 {year - ROC_EPOCH} 年（{year}）作業日程"

    def deadline_line(self, deadline: datetime, left: str) -> str:
        return f"截止：{format_roc_deadline(deadline)}   {left}"

    def left_long(self, left: timedelta) -> str:
        seconds = int(left.total_seconds())
        if seconds < HOUR_S:
            return f"尚有 {seconds // MINUTE_S:02} 分 {seconds % MINUTE_S:02} 秒"
        if seconds < DAY_S:
            return f"尚有 {seconds // HOUR_S:02} 時 {seconds % HOUR_S // MINUTE_S:02} 分"
        rest = seconds % DAY_S
        return (
            f"尚有 {seconds // DAY_S} 天 {rest // HOUR_S:02} 時 {rest % HOUR_S // MINUTE_S:02} 分"
        )

    def opens_at(self, moment: datetime) -> str:
        return f"填報自 {format_roc_deadline(moment)}起開放。"

    def closed_at(self, moment: datetime) -> str:
        return f"填報已於 {format_roc_deadline(moment)}截止。可插卡查詢進度與結果。"

    def trouble(self, code: TroubleCode) -> tuple[str, str, str]:
        """Title, what was found, what to do."""
        return _TROUBLE[code]

    def trouble_detail(self, code: TroubleCode, detail: str) -> str:
        """What more is known: the kind of a foreign card."""
        return f"看起來是：{detail}。" if code is TroubleCode.FOREIGN and detail else ""

    def ask(self, contact: str) -> str:
        return contact or "本校人事室"

    def idle_notice(self, code: str) -> str:
        return _NOTICES.get(code, "")

    def hidden_birth(self, year: int) -> str:
        return f"民國 {year - ROC_EPOCH} 年 ** 月 ** 日（{year}）"

    def full_birth(self, year: int, month: int, day: int) -> str:
        return f"民國 {year - ROC_EPOCH} 年 {month} 月 {day} 日（{year}）"

    def password_wrong(self, tries_left: int) -> str:
        return f"密碼不正確，還可試 {tries_left} 次。"

    def password_locked(self, left: timedelta) -> str:
        seconds = max(0, int(left.total_seconds()))
        return f"密碼連續錯誤，暫停中，還要等 {seconds // MINUTE_S} 分 {seconds % MINUTE_S:02} 秒。"

    def fault(self, code: str) -> str:
        trouble = next((each for each in TroubleCode if each == code), None)
        if trouble is not None:
            return f"{_TROUBLE[trouble][0]}。{_TROUBLE[trouble][2]}"
        return _FAULTS.get(code, f"目前無法完成（{code}），請稍候再試或洽人事。")

    def witness_of(self, name: str) -> str:
        return f"確認的教師：{name}"

    def officer_is(self, name: str) -> str:
        return f"人事：{name}"

    def covered(self, saved: datetime | None) -> str:
        return (
            "畫面已遮蔽，草稿已保存。"
            if saved is None
            else f"畫面已遮蔽，草稿已保存（{self._saved_at(saved)}）。"
        )

    def _saved_at(self, saved: datetime) -> str:
        return format_roc_minute(saved).split()[-1]

    def covered_left(self, seconds: int) -> str:
        return f"剩下  {seconds}  秒會結束這次作業。"

    def cleared(self, saved: datetime | None) -> str:
        if saved is None:
            return "個人資料已從畫面清除。"
        return f"個人資料已從畫面清除，草稿已保存（{self._saved_at(saved)}）。"

    def back_within(self, seconds: int) -> str:
        return f"要繼續：請在  {seconds}  秒內插回同一張健保卡。"

    def back_at(self, number: int, step: str) -> str:
        return f"下次插卡並輸入密碼，就會回到「({number}) {step}」。"
