"""Help behind F1, one text a screen, and the display settings behind F2."""

from datetime import datetime

from core.domain.roc import TAIPEI
from core.domain.school import Mark
from kiosk.text.dates import short_minute
from kiosk.text.english.dates import stamp
from kiosk.text.field import FieldPage, FieldWords, Rule
from kiosk.text.words import KeyWord

_KEY_WORDS = {
    KeyWord.BACK: "Back",
    KeyWord.BASE: "base",
    KeyWord.CANCEL: "Cancel",
    KeyWord.CHOOSE: "Choose",
    KeyWord.CLOSE: "Close",
    KeyWord.COMPARE: "Diff",
    KeyWord.CONFIRM: "Confirm",
    KeyWord.CONTINUE: "Continue",
    KeyWord.COUNTIES: "Counties",
    KeyWord.CHANGE: "Change",
    KeyWord.DISPLAY: "Display",
    KeyWord.DISPLAY_IDLE: "Display",
    KeyWord.DOWN: "Down",
    KeyWord.END: "End",
    KeyWord.END_CARD: "End, take card",
    KeyWord.ERASE: "Choose again",
    KeyWord.FILTER: "Filter",
    KeyWord.FORGOT: "Forgot",
    KeyWord.SEEN: "Seen",
    KeyWord.ONCE: "Just once",
    KeyWord.GO_ON: "Continue",
    KeyWord.HELP: "Help",
    KeyWord.JUMP: "Jump",
    KeyWord.LANGUAGE: "中文",
    KeyWord.LOGOUT: "Sign out",
    KeyWord.MAIL_CODE: "Mail code",
    KeyWord.MAIL_RECEIPT: "Mail",
    KeyWord.MAP: "Map",
    KeyWord.MENU: "Menu",
    KeyWord.NAME: "Name",
    KeyWord.NEXT_CASE: "Next case",
    KeyWord.NEXT_FIELD: "Next",
    KeyWord.NEXT_ITEM: "Next",
    KeyWord.NOTIFY: "Notices",
    KeyWord.OFFICERS: "Officers",
    KeyWord.OPEN: "Open",
    KeyWord.OTHER_PANE: "Pane",
    KeyWord.OTHER_VERSION: "Other",
    KeyWord.PAGE: "Page",
    KeyWord.PICK: "Pick",
    KeyWord.QUEUE: "Reload",
    KeyWord.RECEIPT: "Receipt",
    KeyWord.REDO: "Redo",
    KeyWord.REGISTER: "Register",
    KeyWord.RESOLVE: "Resolve",
    KeyWord.PRACTICE: "Practice",
    KeyWord.PRINT: "Print",
    KeyWord.ELIGIBILITY: "Check",
    KeyWord.POINTS: "Points",
    KeyWord.RESTORE: "Restore",
    KeyWord.REVEAL: "Show ID",
    KeyWord.REPORT: "Report",
    KeyWord.SCHOOLS: "Schools",
    KeyWord.STAGE: "Stage",
    KeyWord.SEAL: "Seal",
    KeyWord.ROSTER: "Teachers",
    KeyWord.ROSTER_NAME: "Register",
    KeyWord.SHOW_PASSWORD: "Show",
    KeyWord.SIGN: "Sign",
    KeyWord.SIGN_IN: "Sign in",
    KeyWord.STEPS: "Steps",
    KeyWord.SUBMIT: "Send",
    KeyWord.TABS: "Tabs",
    KeyWord.TICK: "Tick",
    KeyWord.TOGGLE: "Add",
    KeyWord.TOGGLE_LONG: "Add/remove",
    KeyWord.TOWNSHIP: "Town",
    KeyWord.UNDO: "Undo",
    KeyWord.UP: "Up",
    KeyWord.VERSIONS: "versions",
    KeyWord.VIRTUAL: "Cards",
    KeyWord.WHAT_IF: "What if",
    KeyWord.WITHDRAW: "Withdraw",
}
_THEMES = {"light": "light", "dark": "dark", "contrast": "high contrast"}
_HELP = {
    "idle": "Push your health card in, chip up, as far as it goes. Everything starts by itself.\n\n"
    "Three checks must say fine; if one does not, the screen says why and what to do.\n\n"
    "F2 changes colours and contrast, F3 the language. Officers press F9 (F8 with virtual cards).",
    "trouble": "This card cannot be used now. The screen says what was found, what "
    "to do and whom to ask.\n\n"
    "Taking it out leads back; nothing of the card is kept.",
    "incident": "When something is wrong with the machine, F6 on the first screen gives a "
    "number of six characters and keeps the state of the machine under it.\n\n"
    "Read the number out on the telephone. Nobody's data is kept.",
    "schools": "Look schools up without a card: type a code, a name, a township, or the "
    "first 注音 key of each character.\n\n"
    "F3 county, F4 stage, arrows or PgDn scroll, Esc goes back. Inserting your card begins.\n\n"
    "Marks: 偏 remote, 特 special remote, 極 very remote, 矯 correctional, 原 indigenous",
    "password": "The first use is confirmed by the personnel officer; afterwards "
    "the password is enough.\n\n"
    "F5 shows the ID number for 5 seconds, F6 the password.\n\n"
    "Five wrong passwords pause it for 10 minutes; it is never blocked for good. Forgotten: F7.",
    "witness": "A card proves the card, not the person: at the first use and for "
    "a new password an officer "
    "compares both, with the own card and password. Who confirmed and when is recorded.",
    "privacy": "The notice required by article 8 of the Personal Data Protection "
    "Act. F1 and F3 show it at any time.",
    "choose_password": "At least 8 characters, no upper limit. A long sentence is easier "
    "to remember and safer.\n\n"
    "F6 shows what you typed.",
    "tasks": "Work through the list; the state stands beside each task. F10 ends "
    "at any time, and you go on from "
    "here later.\n\nEvery change is saved as a draft; only what is sent counts.",
    "notices": "Six notices; accept them on the last page. They can be read again later.",
    "basics": "What comes from the card cannot be changed here.\n\n"
    "Telephone with area code and # for an extension: 07-1234567#89; mobile: 0900123456.\n\n"
    "Mail: your usual address, such as name@example.tw.",
    "name": "Cards keep names in Big5, which lacks characters such as 堃 or 喆: they read as □.\n\n"
    "Spell the character on the 注音 keys, end with the tone, choose by digit; 0 turns the page, "
    "F7 chooses again. F6 takes the name in the school's register.\n\n"
    "What the card shows cannot be changed. Nothing you type stays in the machine.",
    "self_check": "Works out article 5 and bound service from what you answer. Only for you and "
    "your officer: it is not sent, and stops nothing; what you leave open is not counted.\n\n"
    "Tab to the next item, Space picks, Enter when done.",
    "question": "One question at a time. Arrows move, Space picks, Enter continues, "
    "Esc goes back.\n\n"
    "Every choice is saved at once and can be changed until you send.",
    "counties": "One county each for A and B; the order does not rank.\n\n"
    "If you change a county, its wishes are put aside and return with it.",
    "wishes": "Schools on the left, your wishes on the right. Tab changes sides, "
    "Space adds or removes.\n\n"
    "Find: type a school code, name or township, or the first 注音 or Latin letter of each "
    "character (key 2 is ㄉ, q is ㄆ). F3 chooses township "
    "and marks. Left and right arrows change the "
    "county.\n\n"
    "F5 and F6 move a wish; or type a number and Enter. Enter opens all functions.\n\n"
    "F7 takes back, again and again; Down past the list and Enter shows every step. "
    "F8 tries out 原民調 and finds doubles.\n\n"
    "偏 remote  特 special remote  極 very remote  矯 correctional  原 indigenous",
    "check": "Check everything; 1 to 3 jump to a section. Tick the declaration, "
    "then send. F4 shows differences.\n\n"
    "Sending works off line too: the time signed by this machine counts.",
    "receipt": "Receipt number and check code are your proof: copy or scan them.\n\n"
    "The code holds neither name nor wishes. On a large screen it is the complete signed receipt.",
    "status": "Versions sent, the officer's review, points and the result.\n\n"
    "F4 compares draft and version, F5 shows how the points come about, with the rule of each "
    "kind; Space shows the receipt, F6 prints, F3 lists versions to compare the draft.\n\n"
    "If no message reached you, look at the announcements; the official letter decides.",
    "conflict": "Left and right are versions sent from different machines; a star marks what "
    "differs.\n\n1 and 2 take one of them on to checking and sending; 3 and 4 put it into your "
    "draft to be changed first.\n\nUntil you send, neither counts, and neither is lost.",
    "contact": "The code only proves that the mailbox takes letters; you can send without it. Type "
    "the six digits within 15 minutes, five tries. Have it mailed again, or change the address, "
    "whenever you like.\n\nLINE is linked with your own telephone only: scan the QR code and send "
    "the message as written. Never log in to LINE on this machine.\n\nNotices are reminders; the "
    "official letter decides.",
    "withdraw": "Withdrawing makes a version too: it has a receipt, and sending again before the "
    "deadline revives the application.\n\nEsc changes nothing.",
    "versions": "Every time you send, a version is kept with its time and machine; one is in force."
    "\n\nMove the cursor: what differs from the base to that version is shown. Space makes the "
    "version (or the draft) under the cursor the base, so any two can be compared. F4 shows all."
    "\n\nEnter puts a version into the draft; it counts only once sent. F7 takes it back.",
    "steps": "Every step can be taken back and redone, until you send.",
    "interruption": "This step is harder to take back, so we ask once. Esc cancels and "
    "changes nothing.",
    "covered": "The screen is covered after a silence; any key goes on.",
    "officer_card": "The personnel officer's own health card, please.",
    "officer_password": "The password you sign with.",
    "officer_enrol": "The county gives the one-time code by letter or telephone.\n\n"
    "This machine makes your key and asks the county for a certificate; "
    "until then you can read, not sign.",
    "queue": "Sorted by deadline and age. 1 to 5 filter, Enter opens.\n\n"
    "F5 shows the teachers. Your own application never appears.",
    "case": "Points are proposed by the scale and may be changed.\n\n"
    "To approve, tick both statements; to return, at least one reason. Your password signs.\n\n"
    "What is signed is the claim: later changes of wishes keep it valid, other changes do not."
    "\n\nF7 prints the teacher's forms.",
    "signed": "The signature code identifies this decision.",
    "roster": "F5 registers a teacher. Only registered teachers can apply here.",
    "register": "Insert the teacher's card: four fields fill themselves. Then choose "
    "title, stage, school and class.",
}

_MARKS = {
    Mark.REMOTE: "school in a remote area",
    Mark.SPECIAL_REMOTE: "school in a special remote area",
    Mark.VERY_REMOTE: "school in a very remote area",
    Mark.CORRECTIONAL: "halfway or correctional school",
    Mark.INDIGENOUS: "indigenous school, indigenous classes or key school; counts for 原民調",
}


class HelpEn:
    """Part of `English`."""

    help_title = "Help"
    help_keys = "Keys"
    help_privacy = "Privacy notice"
    help_contact = "Ask"
    help_close = "Esc closes"
    help_fold = "F1 folds"
    help_unfold = "F1 unfolds"
    help_screen = "This screen"
    help_example = "Such as"
    help_machine = "Machine"
    help_program = "program"
    site_label = "Announcements (介聘公告網站)"
    organiser_label = "Run by"
    stored_title = "What this machine stores, and until when"
    stored_points = (
        (
            "Drafts, encrypted: removed once the version is at the server; one that was not sent "
            "is removed after 30 days without a change."
        ),
        (
            "Versions sent and receipts, encrypted in this machine's log, the proof of when you "
            "sent: until the county retires or reinstalls the machine."
        ),
        (
            "The school's roster (name, ID number, birthday, title, class) and a check value of "
            "your password, encrypted, for as long. The password itself is never stored."
        ),
        (
            "Display settings (F2), here and at the server, for the kiosks of the schools that "
            "registered you; at the server they go with this year's data."
        ),
        (
            "Not stored: photographs, anything else of the card, what was on the screen. The log "
            "of use has times and codes, no names and no ID numbers."
        ),
    )
    checks_good = ("The card service runs", "A reader is connected", "A health card is in")
    checks_bad = (
        "The card service does not run",
        "No reader was found",
        "No health card is in, or it is the wrong way round",
    )
    checks_remedy = (
        "The system starts it again by itself; if not within a minute, tell the officer.",
        "Please look whether the reader is plugged in and its cable sits firmly.",
        "Chip up, as far as it goes; perhaps the chip is damaged.",
    )
    checks_fine = "With all three ticked you can sign in."
    marks_explained = "Marks of schools"
    display_title = "Display"
    display_theme = "Colours"
    display_now = "now"
    display_language = "Language"
    own_name = "English"
    display_more = "More"
    display_kept = (
        "Kept with you: back at your next card, and at your schools' other kiosks once on line."
    )
    display_ends = "Chosen before a card is in: ends when nobody is here."
    more_time = "I need more time (cover after 15 minutes)"
    large_letters = "Large letters (the content is the same)"
    quiet = "Quiet (no tones)"
    line_by_line = "Line by line (for Braille or speech)"
    large_text = "Large text: enlarge the terminal's font; 80x24 is the large layout."
    virtual_title = "Virtual cards"
    virtual_intro = "Which card goes into the virtual reader?"
    virtual_remove = "Take the card out"

    def key_word(self, word: KeyWord) -> str:
        return _KEY_WORDS[word]

    def help(self, page: str) -> str:
        return _HELP[page]

    def field(self, page: FieldPage) -> FieldWords:
        return page.en

    def rule(self, rule: Rule) -> tuple[str, ...]:
        """A summary, the words of the rule in Chinese, where they stand and how old they are."""
        dates = f"{stamp(rule.as_of)}, checked {stamp(rule.checked_on.isoformat())}"
        mark = "" if rule.settled else "; 範例: this year's announcement decides"
        return (
            f"Rule, summed up: {rule.english}",
            f"In its words: {rule.text}",
            f"Source: {rule.source}, {dates}{mark}.",
        )

    def help_report(self, machine: str, at: datetime) -> str:
        clock = f"{at.astimezone(TAIPEI):%H:%M}"
        return (
            f"Something wrong? Tell them machine {machine}, the time {clock} and the words you "
            "see; nothing personal is needed."
        )

    def last_contact(self, at: datetime) -> str:
        return f"last contact {short_minute(at)}"

    def mark_meaning(self, mark: Mark) -> str:
        return _MARKS[mark]

    def theme(self, name: str) -> str:
        return _THEMES[name]

    def switch(self, *, on: bool) -> str:
        return "on" if on else "off"
