"""Sentences of task list, notices, 基本資料 and 應聘資料, and what is refused in them."""

from datetime import datetime

from kiosk.session.page import Question, Task
from kiosk.text.dates import short_minute
from kiosk.text.fields import basics, posts
from kiosk.text.ranks import runs

# The law is Chinese: each notice is summed up in English and the binding text follows.
_NOTICES = (
    (
        "This system serves regular teachers of elementary schools, junior high "
        "schools and kindergartens who ask for a transfer to another county, "
        "by this year's calendar (作業日程表).\n\n"
        "Contract educare staff are not covered: 「幼兒園契約進用人員之進用考"
        "核及待遇辦法」."
    ),
    (
        "Schools for indigenous peoples, indigenous classes and key schools are "
        "called 原民校 here; the transfer reserved for teachers of indigenous "
        "status (作業要點第十三點) is called 原民調."
    ),
    (
        "There are six steps: notices, password, basic data, employment data, wishes, status.\n\n"
        "The system leads you through them and says in words what is done, in progress or not "
        "started."
    ),
    (
        "Wishes must be entered within the period. After the deadline nothing "
        "can be changed, added or removed; you are responsible for wrong or missing "
        "wishes (作業要點第十點)."
    ),
    (
        "Counties may correct their school lists during the period. If that hits "
        "one of your wishes, this machine says which; please change it before "
        "the deadline."
    ),
    (
        "Until the deadline you can go back to basic data, employment data and "
        "wishes at any time.\n\n"
        "Every change is saved as a draft; only sending makes a new version. "
        "Until then the version sent before stays in force."
    ),
)
_QUESTIONS = {
    Question.INDIGENOUS: posts.INDIGENOUS.en.label,
    Question.AREA_LIMIT: posts.AREA_LIMIT.en.label,
    Question.SERVICE_YEARS: posts.SERVICE_YEARS.en.label,
    Question.POST: posts.POST.en.label,
    Question.SUBJECTS: "Subject classes you apply for",
}
_EXPLAINED = {
    Question.INDIGENOUS: "Teachers of indigenous status may ask to be placed first, in a stage "
    "of its own （國民中小學校長主任教師甄選儲訓及介聘辦法第11條）.",
    Question.AREA_LIMIT: "If the certificate is limited to certain areas, you may apply elsewhere "
    "only after serving the required time. See 「備註」 on its back.",
    Question.SERVICE_YEARS: "Full years in public schools and kindergartens, counted to 31 July. "
    "Digits only.",
    Question.POST: "This is what your school registered. If it is wrong, ask the personnel "
    "officer; it changes here.",
    Question.SUBJECTS: "Class 1 is your present one and fixed. Classes 2 and 3 are optional; "
    "you need a certificate for each.",
}
_TASK_NOTES = {
    Task.BASICS: "telephone, mail",
    Task.POSTS: "five questions",
    Task.REVIEW: "by the officer",
    Task.STATUS: "points, result",
}
_REFUSALS = {
    "county_missing": "Choose a county for A and one for B.",
    "county_own": "Not the county of your own school; transfers inside it are another scheme.",
    "county_unknown": "No such county; choose from the list.",
    "counties_same": "A and B are the same; choose two counties.",
    "date_form": "The birth date cannot be read; ask the officer.",
    "email_missing": "Type your usual mail address, such as name@example.tw",
    "email_wrong": "Incomplete mail address; it looks like name@example.tw",
    "id_checksum": "The ID number fails its check digit; ask the officer.",
    "id_digits": "The ID number should be a letter and digits; ask the officer.",
    "id_kind": "The second character of the ID number is wrong; ask the officer.",
    "id_length": "The ID number should have 10 characters; ask the officer.",
    "id_letter": "The ID number should begin with a letter; ask the officer.",
    "name_missing": "There is no name; ask the officer.",
    "name_contradicts_card": "What the card shows cannot be changed, nor the number of characters.",
    "name_unconfirmed": "The name is not the card's: compare the ID card and tick that you did.",
    "not_declared": "Please tick the declaration first.",
    "phone_missing": "Type a telephone number, such as 07-1234567#89 or 0900123456",
    "phone_wrong": "Not a valid number. With area code 07-1234567#89, or mobile 0900123456",
    "school_not_delegated": "This school does not take part this year and will not count.",
    "school_outside_area": "Your certificate is limited to remote areas: only remote schools.",
    "school_outside_counties": "This school is in neither of your two counties.",
    "school_own": "This is your own school.",
    "school_twice": "The same school twice.",
    "school_unknown": "This school left the lists and will not count.",
    "school_wrong_stage": "This school is of another stage.",
    "service_years_wrong": "Type a whole number from 0 to 50, such as 5",
    "subject_first_not_own": "Class 1 must be your present one.",
    "subject_twice": "The same class twice.",
    "subject_unknown": "No such class; choose from the list.",
    "subjects_empty": "Apply for at least one class.",
    "subjects_too_many": "Three classes at most.",
    "wishes_empty": "No wishes yet; choose at least one school.",
    "not_answered": "Not answered yet; please choose.",
    "not_agreed": "The notices are not accepted yet.",
    "conflict_open": "Another version stands against this one; please choose first.",
    "nothing_changed": "Nothing differs from the version in force; there is nothing to send.",
    "card_missing": "Your health card must be in the reader when you send.",
    "lists_missing": "School lists or calendar have not arrived yet; they come with the next "
    "connection.",
    "closed": "Outside the period; signing is not possible.",
    "not_granted": "The county has not issued your certificate; you cannot sign yet.",
    "pledge_missing": "Tick both statements before you approve.",
    "reason_missing": "Tick at least one reason; the teacher will see it.",
    "points_form": "Type a number with at most two decimals, such as 18.5",
    "points_unexplained": "Not the figure worked out: choose a reason; the teacher reads it.",
    "verdict_missing": "Choose a conclusion.",
    "remark_missing": 'For "other" please add a remark.',
    "title_missing": "Choose a title.",
    "stage_missing": "Choose a stage.",
}
_PLACES = {
    "phone1": "Telephone 1",
    "phone2": "Telephone 2",
    "email": "Mail",
    "national_id": "ID number",
    "birth": "Born",
    "teacher_name": "Name",
    "name": "Name",
    "service_years": "Years of service",
    "indigenous": "原民調",
    "language": "Language",
    "area_limit": "Area",
    "subject": "Subject class",
    "subjects": "Classes applied for",
    "subject2": "Class 2",
    "subject3": "Class 3",
    "school": "Present school",
    "post": "Present school",
    "county_a": "County A",
    "county_b": "County B",
    "schools": "Wishes",
    "declared": "Declaration",
    "title": "Title",
    "stage": "Stage",
    "verdict": "Conclusion",
    "reasons": "Reasons",
    "remark": "Remark",
    "originals": "Statement",
    "clean": "Statement",
    "notices": "Notices",
    "reference": "School lists",
    "card": "Health card",
    "application": "",
    "officer": "Certificate",
    "window": "Period",
}
_GAPS = {
    "indigenous": "Choose yes or no. No choice would count as no, so please choose.",
    "area_limit": "Choose what your certificate says.",
    "service_years": "Type your years of service, such as 5",
    "post": "Confirm your school and class.",
    "subject2": "Choose class 2, or none.",
    "subject3": "Choose class 3, or none.",
}


class FormEn:
    """Part of `English`."""

    your_application = "Your application"
    column_task = "Task"
    column_state = "State"
    column_note = "Note"
    never_sent = "never sent yet"
    offline_box = (
        "Off line now: go on and send as usual. Everything is kept here and uploaded later."
    )
    conflict_box = (
        "You sent a version from each of two machines, so none is in force. Open "
        "Check and send, and choose the one that counts."
    )
    recovered = "The last session did not end in order; your draft was recovered."

    notices_title = "Please read the following"
    notices_agree = "I accept these notices and begin"

    basics_title = "Basic data"
    from_card = "(from the card)"
    label_sex = "Sex"
    label_phone1 = basics.PHONE1.en.label
    label_phone2 = basics.PHONE2.en.label
    label_email = basics.EMAIL.en.label
    phone_hint = "07-1234567#89, or mobile 0900123456"
    email_hint = "your usual address, for receipt and notices"
    sexes = ("male", "female")

    yes_apply = "Yes, I apply for it"
    no_apply = "No"
    unanswered_is_no = "(no choice counts as no)"
    yes_outcome = 'What "yes" means for your present wishes:'
    yes_no_school = (
        'None of your wishes is a 原民校, so "yes" has no effect yet; you may add some later.'
    )
    language_question = posts.LANGUAGE.en.label
    area_general = "No limit (一般地區)"
    area_restricted = "Limited to remote or special areas (by the certificate)"
    area_consequence = "With a limit, only remote schools can be wishes."
    years_unit = "years"
    label_school = "School"
    label_own_subject = "Subject class"
    label_subject1 = "Class 1"
    label_subject2 = posts.SUBJECT2.en.label
    label_subject3 = posts.SUBJECT3.en.label
    same_as_own = "the present one, fixed"
    own_subject_too = "It also becomes the first class you apply for."
    years_before = "In public schools for"

    def sent_version(self, version: int, at: datetime | None, count: int) -> str:
        when = "" if at is None else f" sent {short_minute(at)}"
        return f"In force: version {version}{when} ({count} schools)"

    def task_note(self, task: Task) -> str:
        return _TASK_NOTES.get(task, "")

    def agreed_at(self, at: datetime) -> str:
        return f"accepted {short_minute(at)}"

    def first_do(self, number: int) -> str:
        return f"first complete {number}"

    def counties_note(self, first: str, second: str) -> str:
        return f"A {first} / B {second}"

    def changing(self, question: int) -> str:
        return f"question {question} is open"

    def review_waiting(self, version: int) -> str:
        return f"version {version} waits"

    def wishes_filled(self, count: int) -> str:
        return f"{count} chosen"

    def lists_old(self, hours: int) -> str:
        return (
            f"! The school lists are {hours} hours old; they are renewed with the next connection."
        )

    def resumed(self, task: str) -> str:
        return f'You were at "{task}": Enter goes on.'

    def returned_box(self, reasons: str) -> str:
        return f"! Returned by the officer: {reasons}. Please change and send again."

    def deadline_box(self, left: str) -> str:
        return f"! {left}. Only what is sent counts."

    def notice_number(self, number: int, of: int) -> str:
        return f"{number} of {of}"

    def notice(self, index: int) -> str:
        return _NOTICES[index]

    def errors_to_fix(self, count: int) -> str:
        return f"{count} things to correct" if count != 1 else "One thing to correct"

    def refusal(self, code: str) -> str:
        return _REFUSALS.get(code, f"Please correct this ({code}).")

    def gap(self, place: str) -> str:
        """What a question without an answer asks for."""
        return _GAPS.get(place, _REFUSALS["not_answered"])

    def place(self, place: str) -> str:
        """The name of the field a refusal is about; items of lists are counted from one."""
        name, _, index = place.partition(".")
        if name == "schools" and index:
            return f"Wish {int(index) + 1}"
        if name == "subjects" and index:
            return f"Class {int(index) + 1}"
        return _PLACES.get(name, name)

    def question(self, question: Question) -> str:
        return _QUESTIONS[question]

    def question_explained(self, question: Question) -> str:
        return _EXPLAINED[question]

    def yes_uses(self, ranks: str) -> str:
        return f"Only wishes {ranks} (原民校) take part in that stage."

    def yes_drops(self, ranks: str) -> str:
        return f"Once placed there you leave the later stages: no transfer to wishes {ranks}."

    def yes_all(self) -> str:
        return "Once placed there you leave the later stages."

    def ranks(self, ranks: tuple[int, ...]) -> str:
        """``6, 7, 8``; runs of three and more as ``1-5``."""
        return ", ".join(runs(ranks))

    def serves_years(self, years: int) -> str:
        return f"{years} years"
