"""Sentences from the idle screen to the signed-in person, and when a session ends."""

# ruff: noqa: S105 - sentences about passwords, none of which is one

from datetime import datetime, timedelta

from core.domain.roc import ROC_EPOCH, TAIPEI
from kiosk.session.state import TroubleCode
from kiosk.session.station import Service
from kiosk.text.durations import DAY_S, HOUR_S, MINUTE_S, SLOW_S
from kiosk.text.english.dates import full_minute
from kiosk.text.fields import entry as fields

_SERVICE = {
    Service.UNKNOWN: "checking",
    Service.FINE: "fine",
    Service.MISSING: "not found",
    Service.FAILED: "not running",
}
_TROUBLE = {
    TroubleCode.UNREADABLE: (
        "This card cannot be read",
        "A card is in, but its chip gave no data; it may be dirty or damaged.",
        (
            "Take it out, wipe the chip with a dry cloth and try again. If that fails, "
            "ask the personnel officer."
        ),
    ),
    TroubleCode.UNRESPONSIVE: (
        "No chip found",
        "The card does not answer; usually it is the wrong way round or not pushed in fully.",
        "Take it out and push it in again, chip up, as far as it goes.",
    ),
    TroubleCode.FOREIGN: (
        "This is not a health card",
        "Another kind of card is in the reader.",
        "Please use your health card. Nothing was read from or kept of this card.",
    ),
    TroubleCode.PULLED: (
        "The card was taken out too early",
        "It left the reader before everything was read.",
        "Put it in again and let go once your name appears.",
    ),
    TroubleCode.BUSY: (
        "The reader is busy",
        "Another program is using the card reader.",
        "Take the card out and try again in a few seconds.",
    ),
    TroubleCode.UNREGISTERED: (
        "Your school has not registered you",
        "The card is fine, but its holder is not on the list of teachers of this school.",
        (
            "Please ask the personnel officer to register you (教師資料登錄), then "
            "put the card in again."
        ),
    ),
    TroubleCode.WRONG_SCHEME: (
        "This machine is for teachers",
        (
            "You are registered, but not as a regular teacher; educare staff and "
            "trainees are not covered."
        ),
        (
            "Educare staff use the educare transfer system; for anything else ask "
            "the personnel officer."
        ),
    ),
    TroubleCode.FIRST_USE_IMPOSSIBLE: (
        "A first sign-in is not possible now",
        (
            "The first use needs an officer of the school as a witness, and this "
            "machine knows none yet."
        ),
        "Please ask the personnel officer; once the officer's account exists here you can begin.",
    ),
    TroubleCode.NOT_ENROLLED: (
        "This machine is not in service yet",
        "It has no certificate or no lists from the county.",
        "Please tell the personnel officer or the service staff.",
    ),
    TroubleCode.STORE: (
        "The data of this machine cannot be used now",
        "Its database is unavailable. Applications already sent are safe.",
        "Please try again later and tell the personnel officer.",
    ),
}
_NOTICES = {
    "printed": "Printed. Please take your papers.",
    "printed_reduced": "No A3 here: printed small on A4. Enlarge by 141%, or ask the officer.",
    "no_printer": "This machine has no printer. The officer can print it from the case.",
    "printer_silent": "The printer does not answer; nothing was printed. Please ask the officer.",
    "print_failed": "Not printed; nothing is lost. Please ask the officer.",
    "practice_no_paper": "Nothing is printed while practising.",
    "ended": "Finished. The draft is saved.",
    "expired": "Ended after a long silence. The draft is saved.",
    "card_out": "The card was taken out. The draft is saved.",
    "locked": "Ended after too many wrong passwords. The draft is saved.",
    "practice_ended": "Practice is over. Nothing was kept.",
    "unsaved": "Ended, but the draft is not on the disk yet. Leave this machine on and "
    "call the officer.",
}
_FAULTS = {
    "not_officer": "This is not the card of an officer of this school. Please use the officer's "
    "health card.",
    "same_person": "Nobody can confirm himself. Another officer is needed.",
    "other_card": "This is another card. Please put the first one back.",
    "too_short": "Too short: at least 8 characters.",
    "too_common": "This password is too common. Please choose another.",
    "personal": "Not your number, birth date or name, please.",
    "differs": "The two entries differ. Please type them again.",
    "stage_not_registered": "Your school registered another stage. Choose it, or ask the officer.",
    "code_missing": "Please type the one-time code from the county, such as 7H2K-9QDM.",
    "full": "The disk of this machine is full. Please tell the personnel officer.",
    "damaged": "The database cannot be used. Please tell the personnel officer.",
    "not_granted": "The county has not issued your certificate yet: you can read but not sign.",
    "own_case": "You cannot review your own application.",
    "case_changed": "A new version has just arrived. Please open the case again.",
    "closed": "The deadline is over. Versions already sent stay in force.",
    "card_missing": "Please put your health card back first.",
    "password_wrong": "Wrong password.",
    "no_officer": "This machine knows no officer who could confirm. Please ask the personnel "
    "office.",
    "locked": "The database is busy. Please try again in a moment.",
    "stopped": "This machine has stopped writing to protect its data. Please tell the officer.",
    "not_enrolled": "This machine is not in service yet. Please tell the officer.",
}


class EntryEn:
    """Part of `English`."""

    insert_card = "Please insert your health card to begin"
    choose_virtual_card = "[virtual cards] F9 chooses one (Ctrl+Q leaves this demonstration)"
    card_hint = ("chip up,", "push it in fully")
    card_chip = "[chip]"
    card_word = "NHI card"
    checks = "Checks:"
    check_service = "Service"
    check_reader = "Reader"
    check_card = "Card"
    card_waiting = "waiting"
    card_reading = "reading"
    card_ready = "inserted"
    card_faulty = "unreadable"
    bring = (
        "Bring: mail address, telephone, proof of employment. About 15 minutes; "
        "you may stop and come back. Take your card when you leave."
    )
    wrong_place = "Not here: contract educare staff (another system). Who else cannot: F1."
    what_now = "Open now: "
    apply_now = "applications for elementary, junior high, kindergarten"
    no_calendar = "This year's calendar has not arrived yet; it comes with the next connection."
    supported_cards = "Cards"
    supported_card_list = (
        "National Health Insurance card, old or new. Citizen certificates, bank "
        "and transport cards do not work."
    )
    service_down = (
        "The card service does not run",
        "It does not answer; once it is back you can go on, without a restart.",
    )
    reader_down = (
        "No card reader found",
        (
            "Check the cable; once plugged in it is found by itself. Otherwise tell "
            "the personnel officer."
        ),
    )
    take_card_out_to_end = "Take the card out to leave this page."
    found = "Found"
    what_to_do = "Do this"
    whom_to_ask = "Ask"

    identity_title = "Who are you?"
    card_says = "This card says:"
    label_name = "Name"
    label_number = "ID number"
    label_birth = "Born"
    label_registered = "Registered"
    registered_done = "by this school, first use done"
    reveal_hint = "(F5 shows it for 5 seconds)"
    label_stage = fields.STAGE.en.label
    label_password = fields.PASSWORD.en.label
    label_password_again = fields.PASSWORD_AGAIN.en.label
    toggle_password = "F6 show/hide"
    password_rule = "(5 wrong passwords pause it for 10 minutes)"
    not_you = "Not you? Take the card out."
    forgotten = "Forgotten? F7: with the officer, a new password, or none this once."
    forgotten_link = "Forgotten?"
    enter_once = "No password, this once"
    enter_once_why = (
        "You need not remember one: F8 lets you in this once on the officer's word, and so the "
        "next time. The log says who confirmed it, and you are told by mail."
    )
    sign_in = "Sign in"

    first_use_title = "First use: please call the personnel officer"
    reset_title = "New password: please call the personnel officer"
    witness_steps = (
        "1 Take your card out and show it to the officer",
        "2 The officer inserts the own card and types the password",
        "3 After the confirmation, your card goes back in",
        "4 Read the privacy notice, choose a password",
    )
    witness_card_now = "Now: teacher's card out, officer's card in."
    witness_password_now = "Officer's password:"
    witness_confirm = "I have compared card and person; she or he teaches at this school."
    witness_confirmed_button = "Confirm identity"
    card_back_now = "Confirmed. Officer's card out, teacher's card in, please."

    privacy_title = "Privacy notice"
    privacy_intro = "Under article 8 of the Personal Data Protection Act (個人資料保護法):"
    privacy_points = (
        "Who collects: the host county's education bureau, your school, the counties you choose.",
        "What for: transfer applications, review of points, matching, publication, reporting.",
        (
            "Which data: name, ID number, birth date and sex from the card; contact, "
            "employment and wishes from you."
        ),
        (
            "When, where, who, how: during this year's transfer, within the country, "
            "by these offices, on paper and electronically. The encrypted draft here "
            "is deleted after upload or after 30 days."
        ),
        (
            "Your rights: to see, copy, add, correct, stop the use of or delete your "
            "data; ask the personnel office."
        ),
        "If you refuse: your application cannot be accepted.",
    )
    privacy_agree = "Understood, continue"
    choose_password_title = "Choose a password"
    choose_password_rule = (
        "At least 8 characters, no upper limit. Avoid birth dates and telephone numbers."
    )
    choose_password_later = (
        "From now on card and password let you continue. If forgotten, the officer can help."
    )
    set_password = "Set password"

    officer_title = "Personnel officer"
    officer_card_now = "Please insert the personnel officer's health card."
    officer_waiting = "Waiting for the card; Esc goes back."
    officer_enrol_title = "First use by an officer"
    officer_enrol_intro = (
        "Type the one-time code from the county and choose a password. You can "
        "sign once the county has issued your certificate."
    )
    officer_has_password = "You already have a teacher's password: use the same one."
    label_code = fields.ONE_TIME_CODE.en.label
    enrol = "Request certificate"

    idle_question = "Are you still there?"
    any_key = "Press any key to go on, as often as you need."
    still_here = "I am still here"
    end_now = "End"
    card_is_out = "The card is out"
    card_back_leave = "To leave: nothing to do."
    take_card = "Please take your card"
    take_card_why = "Your health card is still in the reader: please take it with you."

    def service(self, state: Service) -> str:
        return _SERVICE[state]

    def reading(self, seconds: int) -> str:
        return (
            "Reading, leave the card in."
            if seconds < SLOW_S
            else f"Reading for {seconds} s, leave the card in."
        )

    def season_dates(self, begins: datetime | None) -> str:
        if begins is None:
            return "Calendar of this year"
        year = begins.astimezone(TAIPEI).year
        return f"Calendar of {year - ROC_EPOCH} ({year})"

    def deadline_line(self, deadline: datetime, left: str) -> str:
        return f"Until {full_minute(deadline)}   {left}"

    def left_long(self, left: timedelta) -> str:
        seconds = int(left.total_seconds())
        if seconds < HOUR_S:
            return f"{seconds // MINUTE_S:02} min {seconds % MINUTE_S:02} s left"
        if seconds < DAY_S:
            return f"{seconds // HOUR_S} h {seconds % HOUR_S // MINUTE_S:02} min left"
        rest = seconds % DAY_S
        return f"{seconds // DAY_S} d {rest // HOUR_S:02} h {rest % HOUR_S // MINUTE_S:02} min left"

    def opens_at(self, moment: datetime) -> str:
        return f"Applications open {full_minute(moment)}."

    def closed_at(self, moment: datetime) -> str:
        return f"Applications closed {full_minute(moment)}. Insert your card for status and result."

    def trouble(self, code: TroubleCode) -> tuple[str, str, str]:
        """Title, what was found, what to do."""
        return _TROUBLE[code]

    def trouble_detail(self, code: TroubleCode, detail: str) -> str:
        """What more is known: the kind of a foreign card."""
        return f" It looks like: {detail}." if code is TroubleCode.FOREIGN and detail else ""

    def ask(self, contact: str) -> str:
        return contact or "the personnel office"

    def idle_notice(self, code: str) -> str:
        return _NOTICES.get(code, "")

    def hidden_birth(self, year: int) -> str:
        return f"{year - ROC_EPOCH}/**/** ({year})"

    def full_birth(self, year: int, month: int, day: int) -> str:
        return f"{year - ROC_EPOCH}/{month}/{day} ({year})"

    def password_wrong(self, tries_left: int) -> str:
        return f"Wrong password, {tries_left} tries left."

    def password_locked(self, left: timedelta) -> str:
        seconds = max(0, int(left.total_seconds()))
        return (
            f"Too many wrong passwords. Wait {seconds // MINUTE_S} min {seconds % MINUTE_S:02} s."
        )

    def fault(self, code: str) -> str:
        trouble = next((each for each in TroubleCode if each == code), None)
        if trouble is not None:
            return f"{_TROUBLE[trouble][0]}. {_TROUBLE[trouble][2]}"
        return _FAULTS.get(code, f"Not possible now ({code}). Try again or ask the officer.")

    def witness_of(self, name: str) -> str:
        return f"Teacher: {name}"

    def officer_is(self, name: str) -> str:
        return f"Officer: {name}"

    def covered(self, saved: datetime | None) -> str:
        when = "" if saved is None else f" ({saved.astimezone(TAIPEI):%H:%M})"
        return f"The screen is covered, the draft saved{when}."

    def covered_left(self, seconds: int) -> str:
        return f"This session ends in  {seconds}  seconds."

    def cleared(self, saved: datetime | None) -> str:
        if saved is None:
            return "Nothing personal is on the screen."
        return f"Nothing personal is on the screen; draft saved {saved.astimezone(TAIPEI):%H:%M}."

    def back_within(self, seconds: int) -> str:
        return f"To go on: put the same card back within  {seconds}  s."

    def back_at(self, number: int, step: str) -> str:
        return f"Next time you return to ({number}) {step}."
