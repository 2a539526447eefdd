"""Sentences of the wish list: counties, candidates, moving, what-if, steps back."""

from kiosk.session.draft import EditName
from kiosk.session.page import Doubt

_EDITS = {
    EditName.BASICS_TYPED: "changed basic data:",
    EditName.POST_ANSWERED: "answered:",
    EditName.COUNTY_CHANGED: "changed county to",
    EditName.WISH_ADDED: "added",
    EditName.WISH_REMOVED: "removed",
    EditName.WISH_MOVED: "moved",
    EditName.WISHES_CLEARED: "removed all wishes",
    EditName.CLOSED_REMOVED: "removed closed schools",
    EditName.VERSION_RESTORED: "restored a version sent earlier",
}
_SUBJECTS = {
    "phone1": "telephone 1",
    "phone2": "telephone 2",
    "teacher_name": "name",
    "email": "mail",
    "indigenous": "原民調",
    "area_limit": "area",
    "service_years": "years of service",
    "post": "present school",
    "subjects": "subject classes",
}
_TOASTS = {
    "mail_proved": "The mail address is proved.",
    "line_linked": "LINE is linked.",
    "line_off": "The centre sends notices by mail only.",
    "chosen": "It is in your draft. Check and send it: that replaces both versions.",
    "chosen_to_edit": "It is in your draft. Change it, then send it from 'Check and send'.",
    "version_arrived": "A version sent from another machine has just arrived. Please look again.",
    "reading": "This machine cannot write now; you can only look.",
    "nothing_to_withdraw": "There is nothing to withdraw.",
    "blocked": "This cannot be started yet; complete the tasks above first.",
    "password_kept": "The password is set. To change it, press F7 on the sign-in screen.",
    "closed": "The deadline is over, nothing can be changed. Versions sent stay in force.",
    "closed_removed": "Closed schools removed. F7 takes it back.",
    "county_changed": "County changed; wishes put aside return with their county.",
    "list_full": "The list is full.",
    "lists_hit": "The lists have just changed: wishes marked ! are closed and will not count.",
    "lists_back": "The lists have just changed: wishes that were closed count again.",
    "paste_cut": "Only the beginning of the first line was taken. Add schools one by one.",
    "lists_missing": "The school lists have not arrived yet.",
    "print_later": "Take your card first; it prints as soon as the card is out.",
    "printing": "Printing…",
    "printed": "Sent to the printer. Please take the paper with you.",
    "printed_reduced": "No A3 here: printed small on A4. Enlarge by 141%, or ask the officer.",
    "no_printer": "This machine has no printer. Print at another machine, or ask the officer.",
    "printer_silent": "The printer does not answer; nothing was printed. Check power and paper.",
    "print_failed": "Not printed; nothing is lost. Please try again, or ask the officer.",
    "nothing_to_print": "Nothing to print: submit first, or print at the machine that sent it.",
    "name_readable": "The card shows all of your name. If it is wrong, ask the officer.",
    "name_proposed": "Name corrected; after sending, the officer compares it with your ID card.",
    "practice_begun": "Practice: person and schools are invented. F10 ends it and nothing is kept.",
    "practice_no_paper": "Nothing is printed while practising; after a real application it is.",
    "no_step": "Nothing to take back or redo.",
    "not_granted": "The county has not issued your certificate: no registering or signing yet.",
    "restored": "The version is in your draft now, not sent.",
    "redone": "You are at the step you chose.",
    "undone": "One step taken back; press F7 again for more.",
    "version_elsewhere": "This version was sent from another machine, which keeps its content.",
    "wish_added": "Added. F7 takes it back.",
    "wish_moved": "Moved. F7 takes it back.",
    "wish_removed": "Removed. F7 takes it back.",
    "wishes_cleared": "All wishes removed. F7 takes it back.",
    "school_own": "This is your own school.",
    "school_not_delegated": "This school does not take part this year.",
    "school_outside_counties": "This school is in neither of your counties.",
    "school_unknown": "This school left the lists.",
    "school_wrong_stage": "This school is of another stage.",
}
_DOUBTS = {
    Doubt.INDIGENOUS_YES: "Please confirm: 原民調",
    Doubt.CHANGE_COUNTY: "Please confirm: another county",
    Doubt.CLEAR_WISHES: "Please confirm: remove all wishes",
    Doubt.REMOVE_CLOSED: "Please confirm: remove closed schools",
}


class WishesEn:
    """Part of `English`."""

    counties_title = "Choose two counties, then confirm them"
    counties_rule = "A and B are only names: they do not rank. Schools of both may be mixed freely."
    county_a = "A"
    county_b = "B"
    counties_confirm = "Confirm counties"
    not_chosen = "(not chosen)"
    candidates = "Schools"
    candidates_loading = (
        "The school lists have not arrived yet; they come with the next connection."
    )
    no_candidate = "No school fits. Press F3 for another township, or clear the filter."
    filter_label = "Find"
    filter_hint = "code/name/ㄅㄆㄇ"
    all_townships = "all towns"
    marks_label = "Marks"
    legend = "偏 remote  特 special remote  極 very remote  矯 correctional  原 indigenous"
    insertion_label = "Add at"
    insert_last = "end"
    insert_first = "top"
    insert_before = ("no.", "")
    insertion_mode = "Where schools are added"
    insertion_modes = ("at the end", "at the beginning", "before place N")
    insert_last_long = "at the end"
    insert_first_long = "at the top"
    insert_before_long = ("before no.", "")
    your_wishes = "Your wishes"
    your_wishes_long = "Your wishes"
    wishes_empty_hint = "No wishes yet. Tab to the left, Space adds a school."
    move_to = ("move to no.", "Enter")
    columns = ("no.", "mark", "School", "Township", "Co.", "Note")
    list_removed = "!left list"
    list_short = "!"
    draft_word = "draft"
    up = "Up"
    down = "Down"
    to_first = "First"
    to_last = "Last"
    remove = "Remove"
    map_link = "Map"
    move_up_long = "Move up"
    move_down_long = "Move down"
    move_first_long = "Move to the top"
    move_last_long = "Move to the end"
    move_rank_long = ("Move to number", "")
    map_long = "About the school; map as QR code"
    add_wish = "Add to my wishes"
    other_county = "Schools of the other county"
    not_open = "closed"
    clear_wishes = "Remove all wishes"
    change_counties = "Change counties"
    remove_closed = "Remove closed schools"
    what_if = "What if"
    what_if_title = "What would count"
    map_title = "Map"
    map_hint = "Scan it with your telephone; the map opens there."
    map_no_qr = "A QR code does not fit here; this is the address:"
    township_title = "Township"
    steps_title = "Steps taken"
    steps_hint = "Choose a step and press Enter: everything is as it was after it."
    step_zero = "as it was at first"
    step_now = "now"
    indigenous_no_use = "原民調: not applied for."
    no_vacancy_data = "Vacancies of this year: not published"

    def chosen_rank(self, rank: int) -> str:
        return f"wish {rank}"

    def chosen_rank_short(self, rank: int) -> str:
        return f"no.{rank:>3}"

    def shown_of(self, shown: int, total: int) -> str:
        return f"{shown} of {total}"

    def wish_title(self, rank: int, county: str, township: str, school: str) -> str:
        return f"Wish {rank}  {county}{township} {school}"

    def county_tab(self, slot: str, county: str) -> str:
        return f"{slot}{county}"

    def county_tab_long(self, slot: str, county: str, code: str) -> str:
        return f"{slot} {county}({code})"

    def county_coded(self, code: str) -> str:
        return f"(code {code})"

    def uses_ranks(self, ranks: str) -> str:
        return f"原民調 would use wishes {ranks}; once placed you leave the later stages."

    def wish_kinds(self, indigenous: int, others: int, closed: int) -> str:
        return f"原民校 {indigenous}   others {others}   closed {closed}"

    def problem_at(self, rank: int, sentence: str) -> str:
        return f"Wish {rank}: {sentence}"

    def no_problem(self) -> str:
        return "No double, closed or impossible wish found."

    def doubt_title(self, doubt: Doubt) -> str:
        return _DOUBTS[doubt]

    def doubt_indigenous(self) -> tuple[str, ...]:
        return (
            "Once you are placed by 原民調 you cannot take part in the next stage.",
            "提醒您，經達成具原住民族身分之教師單調介聘後，將不得參與下一階段介聘作業。",
            "Are you of indigenous status, and do you apply for it?",
        )

    def doubt_county(self, slot: str, old: str, new: str, count: int) -> tuple[str, ...]:
        return (
            (
                f"County {slot} changes from {old} to {new}: {count} wishes of {old}"
                " are put aside and not ranked."
            ),
            f"Nothing is deleted: they return to their places when you choose {old} again.",
        )

    def doubt_clear(self, count: int) -> tuple[str, ...]:
        return (
            f"All {count} wishes of the draft will be removed.",
            "F7 takes it back; versions sent are safe.",
        )

    def doubt_remove_closed(self, count: int) -> tuple[str, ...]:
        return (f"{count} wishes that left the lists will be removed.", "F7 takes it back.")

    def edit(self, name: EditName, subject: str) -> str:
        return f"{_EDITS[name]} {subject}".rstrip(" :")

    def subject_of_edit(self, subject: str) -> str:
        """What a step was about: a field or a question, by its code."""
        return _SUBJECTS.get(subject, "")

    def toast(self, code: str) -> str:
        return _TOASTS.get(code, f"Not possible now ({code}).")

    def slot(self, slot: str) -> str:
        return self.county_a if slot == "a" else self.county_b
