"""Sentences around every screen: header, steps, keys, states of the draft."""

from datetime import datetime, timedelta

from core.domain.roc import TAIPEI
from core.domain.school import Mark, Stage
from core.rules.calendar import PhaseName
from kiosk.session.page import Question, Task, TaskState
from kiosk.session.station import Link, LinkName
from kiosk.text.dates import short_minute
from kiosk.text.durations import DAY_S, HOUR_S, MINUTE_S
from kiosk.text.english.dates import bare_day, weekday

_KEYS = {
    "space": "Space",
    "enter": "Enter",
    "tab": "Tab",
    "escape": "Esc",
    "updown": "Up/Dn",
    "any": "Any key",
    "digits": "1-9",
    "pagedown": "PgDn",
    "card_back": "Card back",
    "card_away": "Card out",
}
# The letters are the list's own, whatever the language (UX 4.1); their names are translated.
_MARKS = {
    Mark.REMOTE: ("偏", "remote"),
    Mark.SPECIAL_REMOTE: ("特", "special remote"),
    Mark.VERY_REMOTE: ("極", "very remote"),
    Mark.CORRECTIONAL: ("矯", "correctional"),
    Mark.INDIGENOUS: ("原", "indigenous"),
}
_STAGES = {Stage.JUNIOR: "Junior", Stage.ELEMENTARY: "Elementary", Stage.KINDERGARTEN: "Kinderg."}
_TASKS = {
    Task.NOTICES: ("Notice", "Notices", "Read and accept notices"),
    Task.PASSWORD: ("Passw", "Password", "Set a password"),
    Task.BASICS: ("Basics", "Basic data", "Basic data"),
    Task.POSTS: ("Post", "Employment", "Employment data"),
    Task.WISHES: ("Wishes", "Wishes", "Counties and schools"),
    Task.CHECK: ("Check", "Check & send", "Check and send"),
    Task.REVIEW: ("Review", "School review", "Review by the school"),
    Task.STATUS: ("Status", "Status", "Status and receipt"),
}
_STATES = {
    TaskState.DONE: "done",
    TaskState.UNDER_WAY: "in progress",
    TaskState.NOT_STARTED: "not started",
    TaskState.BLOCKED: "cannot start yet",
    TaskState.ATTENTION: "needs attention",
    TaskState.WAITING: "waiting",
    TaskState.OPEN: "open",
}
_EXPLAINED = {
    Task.NOTICES: "Six notices; accept them on the last page to begin. They can be "
    "read again at any time.",
    Task.PASSWORD: "The password is set at the first use. If you forget it, press F7 "
    "on the sign-in "
    "screen; the personnel officer confirms who you are.",
    Task.BASICS: "Name, number, birth date and sex come from the card; please add "
    "telephone and mail.",
    Task.POSTS: "Five questions, one at a time:",
    Task.WISHES: "First choose counties A and B, then rank schools. Schools of both "
    "may be mixed freely.",
    Task.CHECK: "Check every answer, then send. Only what is sent counts; until the "
    "deadline you may "
    "change it and send again.",
    Task.REVIEW: "The personnel officer reviews your application at this machine. "
    "The outcome appears here.",
    Task.STATUS: "Versions sent, receipt, review, points and the result.",
}
_PHASES = {
    PhaseName.LISTS: "School lists entered",
    PhaseName.APPLY: "Applications",
    PhaseName.OFFICER_REVIEW: "School review",
    PhaseName.COUNTY_REVIEW: "County review",
    PhaseName.FREEZE: "Data frozen",
    PhaseName.RUN: "Matching",
    PhaseName.PUBLISH: "Results",
    PhaseName.COUNCIL: "School panels",
    PhaseName.CONFIRM: "Reporting",
    PhaseName.LIST_CORRECTION: "List corrections",
    PhaseName.DRAIN: "Late uploads",
    PhaseName.VACANCIES: "Vacancies entered",
}
_ALARMS = {
    "full": "The disk of this machine is full, nothing can be saved now. Please "
    "do not leave yet and call the "
    "personnel officer; what is on the screen is kept and tried again.",
    "locked": "The database is busy and the draft not saved yet; it is kept and tried again.",
    "damaged": "The database cannot be written. Please call the personnel officer; "
    "versions sent are safe.",
    "stopped": "This machine has stopped writing to protect its data; you can only look. "
    "Please call the personnel officer.",
    "reading": "This machine cannot write now: you can look, but not change or send.",
    "reading_over": "It works again. Take the card out and put it in again to change or send.",
    "conflict_open": "Another version stands against this one; please choose first.",
    "nothing_sent": "There is nothing to withdraw.",
    "case_conflict": "Two versions stand against each other; the teacher has to choose first.",
    "case_withdrawn": "The teacher has withdrawn this application; there is nothing to review.",
    "case_missing": "The content of this application is not on this machine.",
    "own_case": "You cannot review your own application; the headmaster names someone else.",
    "not_granted": "The county has not issued your certificate yet: you can read but not sign.",
    "case_changed": "A new version of this application has just arrived. Please open it again.",
    "closed": "The deadline is over. Versions already sent stay in force.",
    "card_missing": "Please put the health card back and try again.",
}


_LINKS = {
    LinkName.CLOSED: "[online, sealed]",
    LinkName.CLOCK: "[clock wrong]",
    LinkName.BLOCKED: "[not taken]",
    LinkName.FULL: "[disk full]",
    LinkName.UNENROLLED: "[no service]",
    LinkName.FORKED: "[stop: fork]",
    LinkName.SELF_ROLLBACK: "[stop: set back]",
    LinkName.REVOKED: "[stop: revoked]",
}


class FrameEn:
    """Part of `English`."""

    system_name = "Teacher Transfer Between Counties"
    system_wide = "Teacher Transfer"
    system_short = "Transfer"
    kiosk_name = "Transfer kiosk"
    bureau_name = "School review"
    practice = "[PRACTICE]"
    card_in = "[card v]"
    card_absent = "[no card]"
    officer_card_in = "[officer v]"
    back = "< Esc back"
    closed = "closed"
    not_yet_open = "not open yet"
    checking_step = "Check"
    more_below = "more below: PgDn or wheel"
    never_synced = "never synced"
    system_message = "Please note"
    applicant = "Applicant"
    applicant_new = "(nothing filled in yet)"
    colon = ": "
    list_comma = ", "

    go_on = "Continue"
    step_back = "Back"
    cancel = "Cancel"
    confirm = "Confirm"
    none = "none"
    not_given = "not given"
    loading = "Loading, please wait."
    working = "Working, please wait."
    crashed = (
        "The kiosk is unavailable for a moment; your draft is saved on this machine. "
        "Please take your card back; the kiosk restarts by itself."
    )

    def key_name(self, key: str) -> str:
        return _KEYS.get(key, key.upper())

    def too_small(self, columns: int, rows: int) -> str:
        return (
            f"Window too small: 80x24 is needed, this is {columns}x{rows}. Enlarge "
            "it or use a smaller font."
        )

    def link(self, link: Link) -> str:
        match link.name:
            case LinkName.ONLINE:
                return "[online]"
            case LinkName.OFFLINE:
                return f"[offline, {link.pending} wait]" if link.pending else "[offline]"
            case LinkName.WAITING:
                return f"[{link.pending} wait]"
            case LinkName.STALE:
                return f"[offline 3 days, {link.pending}]" if link.pending else "[offline 3 days]"
            case LinkName.UPLOADING:
                return f"[sending {link.pending}]"
            case _:
                return _LINKS[link.name]

    def today(self, moment: datetime) -> str:
        return bare_day(moment.astimezone(TAIPEI).date())

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
            return f"!{seconds // MINUTE_S:02}m{seconds % MINUTE_S:02}s left"
        if seconds < DAY_S:
            return f"{seconds // HOUR_S:02}h{seconds % HOUR_S // MINUTE_S:02}m left"
        return f"{seconds // DAY_S}d{seconds % DAY_S // HOUR_S:02}h left"

    def time_left_full(self, left: timedelta) -> str:
        seconds = int(left.total_seconds())
        if seconds < DAY_S:
            return self.time_left(left)
        days, rest = divmod(seconds, DAY_S)
        return f"{days}d{rest // HOUR_S:02}h{rest % HOUR_S // MINUTE_S:02}m left"

    def deadline(self, moment: datetime) -> str:
        local = moment.astimezone(TAIPEI)
        return f"until {weekday(local.date())} {local.month}/{local.day} {local:%H:%M}"

    def deadline_near(self, minutes: int) -> str:
        return (
            f"! Less than {minutes} min to the deadline. Send now what you want "
            "to send; a version already "
            "sent stays in force."
        )

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
        return f"Draft saved {at.astimezone(TAIPEI):%H:%M:%S}, not sent yet. "

    def draft_saving(self) -> str:
        return "Saving the draft. "

    def draft_equal(self, version: int) -> str:
        return f"The draft equals version {version} in force. "

    def draft_untouched(self) -> str:
        return "Nothing filled in yet. "

    def in_force(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f"{self.short_minute(at)} "
        return f"In force: {when}version {version}"

    def alarm(self, code: str) -> str:
        return _ALARMS.get(
            code,
            f"This is not possible now ({code}). The draft is kept on this machine; "
            "please try later.",
        )

    def counted(self, count: int) -> str:
        return f"{count} schools" if count != 1 else "1 school"
