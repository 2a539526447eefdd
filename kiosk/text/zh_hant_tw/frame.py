"""Sentences around every screen: header, steps, keys, states of the draft."""

from datetime import datetime, timedelta

from core.domain.roc import TAIPEI, WEEKDAYS, format_roc
from core.domain.school import Mark, Stage
from core.rules.calendar import PhaseName
from kiosk.session.page import Question, Task, TaskState
from kiosk.session.station import Link, LinkName
from kiosk.text.dates import short_minute
from kiosk.text.durations import DAY_S, HOUR_S, MINUTE_S

_KEYS = {
    "space": "空白",
    "enter": "Enter",
    "tab": "Tab",
    "escape": "Esc",
    "updown": "上下",
    "any": "任意鍵",
    "digits": "數字",
    "pagedown": "PgDn",
    "card_back": "插回健保卡",
    "card_away": "取出健保卡",
}
_MARKS = {
    Mark.REMOTE: ("偏", "偏遠"),
    Mark.SPECIAL_REMOTE: ("特", "特偏"),
    Mark.VERY_REMOTE: ("極", "極偏"),
    Mark.CORRECTIONAL: ("矯", "中途或矯正"),
    Mark.INDIGENOUS: ("原", "原民校"),
}
_STAGES = {Stage.JUNIOR: "國中", Stage.ELEMENTARY: "國小", Stage.KINDERGARTEN: "幼兒園"}
_TASKS = {
    Task.NOTICES: ("注意", "注意事項", "閱讀並同意注意事項"),
    Task.PASSWORD: ("密碼", "設定密碼", "設定密碼"),
    Task.BASICS: ("基本", "基本資料", "基本資料"),
    Task.POSTS: ("應聘", "應聘資料", "應聘資料"),
    Task.WISHES: ("志願", "志願資料", "志願縣市與志願學校"),
    Task.CHECK: ("檢查", "檢查並送出", "檢查並送出"),
    Task.REVIEW: ("初審", "學校人事初審", "學校人事初審"),
    Task.STATUS: ("狀況", "查詢申請狀況", "查詢申請狀況、收據"),
}
_STATES = {
    TaskState.DONE: "已完成",
    TaskState.UNDER_WAY: "進行中",
    TaskState.NOT_STARTED: "未開始",
    TaskState.BLOCKED: "還不能開始",
    TaskState.ATTENTION: "需要處理",
    TaskState.WAITING: "等候中",
    TaskState.OPEN: "可查看",
}
_EXPLAINED = {
    Task.NOTICES: "六則注意事項，看完後按「我同意」才能開始填報。同意之後可以隨時再讀。",
    Task.PASSWORD: "密碼在第一次使用時設定。忘記時，請在登入畫面按 F7，由人事到場確認後重設。",
    Task.BASICS: "姓名、證號、生日、性別讀自健保卡；請填聯絡電話與電子郵件。",
    Task.POSTS: "五個問題，一次一題：",
    Task.WISHES: "先選甲、乙兩個縣市，再排學校的順序。兩縣市的學校可以交錯。",
    Task.CHECK: "逐項檢查後送出。送出後才成為有效版本，截止前可以再修改、再送出。",
    Task.REVIEW: "由本校人事在本機審查。結果會出現在這裡。",
    Task.STATUS: "送出的版本、收據、審查進度、積分與介聘結果。",
}
_PHASES = {
    PhaseName.LISTS: "登錄介聘學校名單",
    PhaseName.APPLY: "教師填報及選填志願",
    PhaseName.OFFICER_REVIEW: "學校人事初審",
    PhaseName.COUNTY_REVIEW: "縣市積分審查",
    PhaseName.FREEZE: "資料凍結",
    PhaseName.RUN: "介聘作業",
    PhaseName.PUBLISH: "公告結果",
    PhaseName.COUNCIL: "教評會審查",
    PhaseName.CONFIRM: "報到及確認",
    PhaseName.LIST_CORRECTION: "更正學校名單",
    PhaseName.DRAIN: "離線資料補傳",
    PhaseName.VACANCIES: "登錄單調缺額",
}
_ALARMS = {
    "full": "本機磁碟已滿，目前無法存檔。請先不要離開，並通知人事；畫面上的內容會保留並繼續重試。",
    "locked": "本機資料庫忙碌中，尚未存檔；畫面上的內容會保留並繼續重試。",
    "damaged": "本機資料庫無法寫入。請通知人事；先前送出的版本不受影響。",
    "stopped": "本機已停止寫入以保護資料，只能查詢。請通知人事；先前送出的版本不受影響。",
    "reading": "本機目前不能寫入，只能查詢，不能修改或送出。",
    "reading_over": "本機已恢復。請取出卡片再插一次，就可以修改與送出。",
    "conflict_open": "有另一個版本互相衝突，請先選擇要採用的版本。",
    "nothing_sent": "沒有可以撤回的申請。",
    "case_conflict": "這件申請有兩個版本互相衝突，請通知教師插卡選擇後再審。",
    "case_withdrawn": "教師已撤回這件申請，不需要審查。",
    "case_missing": "這件申請的內容不在這台機器。",
    "own_case": "不能審查自己的申請，請由校長指定的人員初審。",
    "not_granted": "縣市還沒有核發您的簽核憑證，目前可以查看，還不能簽核。",
    "case_changed": "這件申請剛剛有了新版本，請重新開啟再審。",
    "closed": "已過期限，不能再辦理。已送出的版本仍然有效。",
    "card_missing": "請先插回健保卡再試一次。",
}


_LINKS = {
    LinkName.CLOSED: "[連線 已封箱]",
    LinkName.CLOCK: "[時鐘不準]",
    LinkName.BLOCKED: "[上傳受阻]",
    LinkName.FULL: "[磁碟已滿]",
    LinkName.UNENROLLED: "[未啟用]",
    LinkName.FORKED: "[停用 紀錄分歧]",
    LinkName.SELF_ROLLBACK: "[停用 資料還原]",
    LinkName.REVOKED: "[停用 憑證撤銷]",
}


class FrameZh:
    """Part of `ZhHantTw`."""

    system_name = "公立國民中小學暨幼兒園教師介聘他縣市服務系統"
    system_wide = "教師介聘他縣市服務系統"
    system_short = "教師介聘"
    kiosk_name = "教師介聘自助服務站"
    bureau_name = "人事初審"
    practice = "【練習】"
    card_in = "[卡片v]"
    card_absent = "[無卡片]"
    officer_card_in = "[人事卡v]"
    back = "< Esc 返回"
    closed = "已截止"
    not_yet_open = "尚未開放"
    checking_step = "送出前檢查"
    more_below = "下面還有，按 PgDn 或滾輪"
    never_synced = "尚未同步"
    system_message = "系統訊息"
    applicant = "申請人"
    applicant_new = "（尚未開始填寫資料）"
    colon = "："
    list_comma = "、"

    go_on = "繼續"
    step_back = "上一步"
    cancel = "取消"
    confirm = "確定"
    none = "無"
    not_given = "未提供"
    loading = "資料讀取中，請稍候。"
    working = "處理中，請稍候。"
    crashed = "自助服務站暫時無法使用，您的草稿已保存在本機。請取回健保卡，稍候會自動重新啟動。"

    def key_name(self, key: str) -> str:
        return _KEYS.get(key, key.upper())

    def too_small(self, columns: int, rows: int) -> str:
        return f"畫面太小：需要 80x24，目前 {columns}x{rows}。請放大視窗或縮小字型。"

    def link(self, link: Link) -> str:
        match link.name:
            case LinkName.ONLINE:
                return "[連線]"
            case LinkName.OFFLINE:
                return f"[離線 {link.pending}件待送]" if link.pending else "[離線]"
            case LinkName.WAITING:
                return f"[待送 {link.pending}件]"
            case LinkName.STALE:
                return f"[離線逾3天 {link.pending}件]" if link.pending else "[離線逾3天]"
            case LinkName.UPLOADING:
                return f"[上傳中 {link.pending}]"
            case _:
                return _LINKS[link.name]

    def today(self, moment: datetime) -> str:
        return format_roc(moment.astimezone(TAIPEI).date())

    def short_minute(self, moment: datetime) -> str:
        return short_minute(moment)

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(TAIPEI):%H:%M}"

    def time_left(self, left: timedelta) -> str:
        """With minutes under a day, with seconds and ``!`` under an hour."""
        seconds = int(left.total_seconds())
        if seconds <= 0:
            return self.closed
        if seconds < HOUR_S:
            return f"!尚{seconds // MINUTE_S:02}分{seconds % MINUTE_S:02}秒"
        if seconds < DAY_S:
            return f"尚{seconds // HOUR_S:02}時{seconds % HOUR_S // MINUTE_S:02}分"
        return f"尚{seconds // DAY_S}天{seconds % DAY_S // HOUR_S:02}時"

    def time_left_full(self, left: timedelta) -> str:
        seconds = int(left.total_seconds())
        if seconds < DAY_S:
            return self.time_left(left)
        return f"{self.time_left(left)}{seconds % HOUR_S // MINUTE_S:02}分"

    def deadline(self, moment: datetime) -> str:
        local = moment.astimezone(TAIPEI)
        return f"截止 {local.month}/{local.day}({WEEKDAYS[local.weekday()]}){local:%H:%M}"

    def deadline_near(self, minutes: int) -> str:
        return f"! 距離填報截止不到 {minutes} 分鐘。要送出的請現在送出；已送出的版本仍然有效。"

    def stage(self, stage: Stage) -> str:
        return _STAGES[stage]

    def mark(self, mark: Mark) -> str:
        return _MARKS[mark][0]

    def mark_name(self, mark: Mark) -> str:
        return _MARKS[mark][1]

    def task_short(self, task: Task) -> str:
        return _TASKS[task][0]

    def task_step(self, task: Task) -> str:
        return _TASKS[task][1]

    def task(self, task: Task) -> str:
        return _TASKS[task][2]

    def task_explained(self, task: Task) -> str:
        return _EXPLAINED[task]

    def phase_name(self, phase: PhaseName) -> str:
        return _PHASES[phase]

    def task_state(self, state: TaskState) -> str:
        return _STATES[state]

    def question_of(self, question: Question) -> str:
        position = tuple(Question).index(question) + 1
        return f"{position}/{len(Question)}"

    def draft_saved(self, at: datetime) -> str:
        return f"草稿 {at.astimezone(TAIPEI):%H:%M:%S} 已存，尚未送出。"

    def draft_saving(self) -> str:
        return "草稿儲存中。"

    def draft_equal(self, version: int) -> str:
        return f"草稿與有效的第 {version} 版相同。"

    def draft_untouched(self) -> str:
        return "還沒有填寫任何資料。"

    def in_force(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f"{self.short_minute(at)} "
        return f"有效版本：{when}第 {version} 版"

    def alarm(self, code: str) -> str:
        return _ALARMS.get(code, f"目前無法完成（{code}）。草稿已保留在本機，請稍候再試或洽人事。")

    def counted(self, count: int) -> str:
        return f"{count} 所"
