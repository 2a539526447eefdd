"""Sentences of the wish list: counties, candidates, moving, what-if, steps back."""

from kiosk.session.draft import EditName
from kiosk.session.page import Doubt

_EDITS = {
    EditName.BASICS_TYPED: "修改基本資料",
    EditName.POST_ANSWERED: "回答應聘資料",
    EditName.COUNTY_CHANGED: "更改志願縣市",
    EditName.WISH_ADDED: "加入",
    EditName.WISH_REMOVED: "刪除",
    EditName.WISH_MOVED: "移動",
    EditName.WISHES_CLEARED: "清空志願",
    EditName.CLOSED_REMOVED: "移除不開放的志願",
    EditName.VERSION_RESTORED: "回復先前送出的版本",
}
_SUBJECTS = {
    "phone1": "聯絡電話1",
    "phone2": "聯絡電話2",
    "teacher_name": "姓名",
    "email": "電子郵件",
    "indigenous": "原民調",
    "area_limit": "任教地區限制",
    "service_years": "服務年資",
    "post": "現任學校與科別",
    "subjects": "申請科別",
}
_TOASTS = {
    "mail_proved": "電子郵件已確認。",
    "line_linked": "已連結 LINE。",
    "line_off": "中心只以電子郵件通知。",
    "chosen": "已放進草稿。請檢查後送出，才會取代兩個版本。",
    "chosen_to_edit": "已放進草稿。修改後請到「檢查並送出」送出。",
    "version_arrived": "另一台機器送出的版本剛剛送到，請再檢查一次。",
    "reading": "本機目前不能寫入，只能查詢。",
    "nothing_to_withdraw": "沒有可以撤回的申請。",
    "blocked": "這一項還不能開始，請先完成前面的項目。",
    "password_kept": "密碼已設定。要更換時，請在登入畫面按 F7。",
    "closed": "填報已截止，不能再修改。已送出的版本仍然有效。",
    "closed_removed": "已移除不開放的志願，按 F7 可復原。",
    "county_changed": "已更改志願縣市；移到暫存區的志願，改回時會恢復。",
    "list_full": "志願已達上限，不能再加入。",
    "lists_hit": "學校名單剛剛更正：您有志願不再開放，該志願前已標「!」，不會採計。",
    "lists_back": "學校名單剛剛更正：您先前不開放的志願又可以採計了。",
    "paste_cut": "貼上的內容太長、有多行或控制字元：只取第一行的前面。志願請逐一加入。",
    "lists_missing": "還沒有收到學校名單，連線後會自動取得。",
    "print_later": "請先取回健保卡，取出後就會印出。",
    "printing": "列印中，請稍候…",
    "printed": "已送到印表機，請取回文件。",
    "printed_reduced": "這台印表機沒有 A3：已縮印成 A4。要 A3 請放大 141%，或洽人事。",
    "no_printer": "這台機器沒有印表機。請在辦公室的機器列印，或洽人事。",
    "printer_silent": "印表機沒有回應，這次沒有印出。請確認電源與紙張後再試一次，或洽人事。",
    "print_failed": "無法列印，資料都還在。請再試一次，或洽人事。",
    "nothing_to_print": "沒有可以列印的內容：請先送出申請；別台機器送出的請到那台列印。",
    "name_readable": "健保卡上的姓名沒有缺字，不需要更正。姓名有誤請洽人事。",
    "name_proposed": "已更正姓名，送出後由人事依身分證確認。",
    "practice_begun": "練習開始：人物與學校都是虛構的。按 F10 結束，不會留下任何資料。",
    "practice_no_paper": "練習模式不列印。實際送出申請後，可以在這裡印出。",
    "no_step": "沒有可以復原或重做的步驟。",
    "not_granted": "縣市還沒有核發您的簽核憑證，目前不能登錄或簽核。",
    "restored": "已把送出的版本放進草稿，尚未送出。",
    "redone": "已到選擇的步驟。",
    "undone": "已復原一步，可以再按 F7。",
    "version_elsewhere": "這一版在另一台機器送出，內容保存在那台機器。",
    "wish_added": "已加入志願。按 F7 可復原。",
    "wish_moved": "已移動。按 F7 可復原。",
    "wish_removed": "已刪除。按 F7 可復原。",
    "wishes_cleared": "已清空志願。按 F7 可復原。",
    "school_own": "這是您現任的學校，不能當志願。",
    "school_not_delegated": "這所學校今年不參加介聘，不能加入。",
    "school_outside_counties": "這所學校不在甲、乙兩個志願縣市內。",
    "school_unknown": "這所學校已不在名單內。",
    "school_wrong_stage": "這所學校的階段別與您不同。",
}


class WishesZh:
    """Part of `ZhHantTw`."""

    counties_title = "選擇志願縣市"
    counties_rule = (
        "選擇志願縣市之後按下確定。註：志願縣市不影響排序；甲、乙只是代號，"
        "兩縣市的學校可以交錯排列。"
    )
    county_a = "甲"
    county_b = "乙"
    counties_confirm = "確定志願縣市"
    not_chosen = "（未選）"
    candidates = "待選學校"
    candidates_loading = "尚未收到學校名單，連線後會自動取得。"
    no_candidate = "沒有符合的學校。按 F3 換鄉鎮，或清除過濾文字。"
    filter_label = "過濾"
    filter_hint = "代碼/校名/注音"
    all_townships = "不分區"
    marks_label = "註記"
    legend = "註記：偏=偏遠 特=特偏 極=極偏 矯=中途或矯正 原=原民校"
    insertion_label = "加入位置"
    insert_last = "最後"
    insert_first = "最前"
    insert_before = ("第", "前")
    insertion_mode = "志願插入模式"
    insertion_modes = ("從最後插入志願", "從最前插入志願", "從第 N 位前面插入志願")
    insert_last_long = "從最後插入"
    insert_first_long = "從最前插入"
    insert_before_long = ("從第", "位前插入")
    your_wishes = "您的志願"
    your_wishes_long = "您選擇的志願學校"
    wishes_empty_hint = "請從左邊學校待選區選擇您的志願學校：按 Tab 到左邊，空白鍵加入。"
    move_to = ("移到第", "位 Enter")
    columns = ("順", "註記", "學校", "鄉鎮市區", "縣市", "提醒")
    list_removed = "!已移出名單"
    list_short = "!"
    draft_word = "草稿"
    up = "上移"
    down = "下移"
    to_first = "第一位"
    to_last = "最後一位"
    remove = "刪除"
    map_link = "地圖"
    move_up_long = "往前移動"
    move_down_long = "往後移動"
    move_first_long = "移動到第一位"
    move_last_long = "移動到最後一位"
    move_rank_long = ("移動到第", "位")
    map_long = "學校資料與地圖位置 QR"
    add_wish = "加入志願"
    other_county = "換另一個縣市的學校"
    not_open = "不開放"
    clear_wishes = "清空志願"
    change_counties = "修改志願縣市"
    remove_closed = "移除不開放的志願"
    what_if = "試算"
    what_if_title = "試算結果"
    map_title = "地圖位置"
    map_hint = "用手機掃描，在手機上開啟地圖。"
    map_no_qr = "這個終端機無法顯示 QR，地址如下："
    township_title = "選擇鄉鎮市區"
    steps_title = "修改紀錄"
    steps_hint = "選一個步驟按 Enter，就回到那一步之後的樣子。"
    step_zero = "最初的樣子"
    step_now = "目前"
    indigenous_no_use = "原民調：未申請。"
    no_vacancy_data = "今年公告單調缺 未公布"

    def chosen_rank(self, rank: int) -> str:
        return f"第 {rank} 志願"

    def chosen_rank_short(self, rank: int) -> str:
        return f"第{rank:>3}"

    def shown_of(self, shown: int, total: int) -> str:
        return f"顯示 {shown} / {total} 所"

    def wish_title(self, rank: int, county: str, township: str, school: str) -> str:
        return f"第 {rank} 志願  {county}{township} {school}"

    def county_tab(self, slot: str, county: str) -> str:
        return f"{slot}{county}"

    def county_tab_long(self, slot: str, county: str, code: str) -> str:
        return f"{slot} {county}({code})"

    def county_coded(self, code: str) -> str:
        return f"(代碼：{code})"

    def uses_ranks(self, ranks: str) -> str:
        return f"原民調：會用第 {ranks} 志願參加；成功後不再參加下階段。"

    def wish_kinds(self, indigenous: int, others: int, closed: int) -> str:
        return f"原民校 {indigenous} 所   一般 {others} 所   不可選 {closed} 所"

    def problem_at(self, rank: int, sentence: str) -> str:
        return f"第 {rank} 志願：{sentence}"

    def no_problem(self) -> str:
        return "沒有發現重複、不開放或不能選的志願。"

    def doubt_title(self, doubt: Doubt) -> str:
        return {
            Doubt.INDIGENOUS_YES: "請確認原民調申請",
            Doubt.CHANGE_COUNTY: "請確認更改志願縣市",
            Doubt.CLEAR_WISHES: "請確認清空志願",
            Doubt.REMOVE_CLOSED: "請確認移除不開放的志願",
        }[doubt]

    def doubt_indigenous(self) -> tuple[str, ...]:
        return (
            "提醒您，經達成具原住民族身分之教師單調介聘後，將不得參與下一階段介聘作業。",
            "您是否具原住民族身分並申請優先辦理具原住民族身分之教師單調介聘作業？",
        )

    def doubt_county(self, slot: str, old: str, new: str, count: int) -> tuple[str, ...]:
        return (
            (
                f"志願縣市{slot}由 {old} 改為 {new} 後，{old} 的 {count} 所志願會移"
                "到暫存區，不參加排序。"
            ),
            f"不會刪除：改回 {old} 時，這些志願會回到原來的位置。",
        )

    def doubt_clear(self, count: int) -> tuple[str, ...]:
        return (f"將清空草稿裡的 {count} 所志願。", "清空後可以按 F7 復原；已送出的版本不受影響。")

    def doubt_remove_closed(self, count: int) -> tuple[str, ...]:
        return (f"將移除 {count} 所已不開放的志願。", "移除後可以按 F7 復原。")

    def edit(self, name: EditName, subject: str) -> str:
        return f"{_EDITS[name]} {subject}".rstrip()

    def subject_of_edit(self, subject: str) -> str:
        """What a step was about: a field or a question, by its code."""
        return _SUBJECTS.get(subject, "")

    def toast(self, code: str) -> str:
        return _TOASTS.get(code, f"目前無法完成（{code}）。")

    def slot(self, slot: str) -> str:
        return self.county_a if slot == "a" else self.county_b
