"""Sentences about who may apply."""

from datetime import date

from core.domain.refusal import Citation
from kiosk.session.self_check import Finding
from kiosk.text.english.dates import full_day, stamp

_HARDSHIPS = {
    "none": "none",
    "serious_illness": "serious illness",
    "marriage": "marriage",
    "living": "hardship",
}
_BONDS = {
    "none": "none",
    "outlying_island": "island post",
    "remote_selection": "remote selection",
    "public_funded": "publicly funded",
}
_FINDINGS = {
    Finding.UNANSWERED: "Eligibility check (optional): not finished. The officer checks papers.",
    Finding.CLEAR: "Eligibility check: nothing against it in your answers; papers are checked.",
    Finding.DOUBTFUL: "Eligibility check: something for the officer to look at. You can go on "
    "and send.",
}
_DOUBTS = {
    "service_too_short": "Fewer semesters in the present school than asked: six; four on marriage "
    "or proven hardship; none on serious illness. At most two semesters of childcare or military "
    "leave count.",
    "bound": "Less than six years of bound service: until then no move away (island to main "
    "island, remote school to another).",
    "on_leave": "On leave without pay: be reinstated before 1 August and bring the letter.",
}


class SelfCheckEn:
    """Part of `English`."""

    self_check_title = "Eligibility check (optional)"
    self_check_intro = (
        "For you and your officer only: not part of the application, and no answer stops it."
    )
    self_check_button = "Eligibility F6"
    self_check_done = "Done"
    self_check_next = (
        "What to do: bring the papers to the officer; for an exception also the proof and the "
        "school's consent."
    )
    label_semesters = "Served in present school"
    semesters_unit = "semesters (no leave, to 7/31)"
    label_leave = "Childcare, military leave"
    leave_unit = "semesters (two count at most)"
    hardship_title = "Grounds for fewer than six semesters"
    bond_title = "Bound service"
    label_bond_years = "Served where I am bound"
    bond_years_unit = "years"
    on_leave_question = "On leave without pay, and not back before 1 August"
    who_not_title = "Who cannot apply here this year, and what to do"
    who_not: tuple[str, ...] = (
        "Contract educare staff (教保員): another system; the card shows its address.",
        "Trainee teachers: their university manages them; they cannot transfer.",
        (
            "Under six semesters in the present school: exceptions for serious illness, marriage, "
            "hardship (transfer regulation, art. 5); ask the officer first."
        ),
        (
            "Bound service under six years: first post on an island (art. 12-1 of its act), special"
            " selection or funds for a remote school (art. 5 of its act); apply afterwards."
        ),
        "On leave without pay: be reinstated before 1 August, with the letter.",
        (
            "On the list of barred persons (not reported or gave up, ten years; art. 11): ask the "
            "county's education office."
        ),
        "A procedure under articles 16 or 30 of the Teachers' Act (art. 6): ask your officer.",
        (
            "Surplus teachers may take part here too (Keelung 2022; counties differ on their own "
            "rounds). Who moves in from another county counts as surplus from the next "
            "school year on."
        ),
    )
    case_doubts = "Please check (worked out, and what the teacher said here; not in the claim)"

    def hardship(self, code: str) -> str:
        return _HARDSHIPS[code]

    def bond(self, code: str) -> str:
        return _BONDS[code]

    def finding(self, finding: Finding) -> str:
        return _FINDINGS[finding]

    def doubt(self, code: str) -> str:
        return _DOUBTS[code]

    def barred(self, clause: str, last: date | None) -> str:
        return (
            f"The county says that you are on the control list by {clause}: no application "
            f"{_until(last)}. Nothing is blocked here, the county decides; ask the officer or "
            "the county's education bureau."
        )

    def case_barred(self, clause: str, last: date | None) -> str:
        return (
            f"On the control list by {clause}: no application {_until(last)}. Ask the county "
            "before you sign."
        )

    def clause(self, cite: Citation) -> str:
        dated = f", {stamp(cite.as_of)}" if cite.as_of else ""
        return f"Source: {cite.law} {cite.article}{dated}"

    def served_here(self, semesters: int, leave: int) -> str:
        more = f", and {leave} of leave" if leave else ""
        return f"She says: {semesters} semesters in the present school{more}"

    def bound_by(self, bond: str, years: int | None) -> str:
        served = "" if years is None else f", {years} years served"
        return f"She says: bound service, {_BONDS[bond]}{served}"


def _until(last: date | None) -> str:
    return "as long as the county says" if last is None else f"up to {full_day(last)}"
