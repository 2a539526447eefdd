"""May this teacher ask for a transfer? One function per clause, each with its article.

公立國民小學及國民中學教師介聘辦法 (2023-12-18), and the acts it meets. Only what a record of
service can answer is decided here; whether papers are true is for people.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.refusal import Citation, Refusal

LAW = "公立國民小學及國民中學教師介聘辦法"
LAW_AS_OF = "2023-12-18"
SEMESTERS_REQUIRED = 6  # 第五條第一項
SEMESTERS_REQUIRED_IN_HARDSHIP = 4  # 第五條第四項第二款
LEAVE_COUNTED_AT_MOST = 2  # 第五條第二項但書
YEARS_ON_AN_OUTLYING_ISLAND = 6  # 離島建設條例第十二條之一
YEARS_IN_A_REMOTE_SCHOOL = 6  # 偏遠地區學校教育發展條例第五條
YEARS_BARRED = 10  # 第十一條
YEARS_OF_LEAVE_IN_A_REMOTE_SCHOOL = 2  # 偏遠地區學校教育發展條例施行細則第二條


class Hardship(StrEnum):
    """Grounds that shorten or lift the time of service (第五條第四項), for other counties only."""

    SERIOUS_ILLNESS = "serious_illness"
    MARRIAGE = "marriage"
    LIVING = "living"


class Bond(StrEnum):
    """Duties that hold a teacher where she was first hired."""

    OUTLYING_ISLAND = "outlying_island"
    REMOTE_SELECTION = "remote_selection"
    PUBLIC_FUNDED = "public_funded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """What the school certifies of one teacher.

    Semesters are whole ones in the present school, leave not among them; ``leave_semesters`` are
    those of childcare or compulsory military leave; ``merged_semesters`` those of a school she was
    moved from without having asked. Years count in the bound place. ``barred_since`` is the day of
    a failure to report.
    """

    semesters_served: int
    leave_semesters: int = 0
    merged_semesters: int = 0
    hardships: frozenset[Hardship] = frozenset()
    bond: Bond | None = None
    bond_years_served: int = 0
    bond_leave_years: int = 0
    leaves_the_bound_place: bool = True
    under_procedure: bool = False
    barred_since: date | None = None
    on_leave_without_return: bool = False
    today: date = date.min


Clause = Callable[[ServiceRecord], Refusal | None]


def refusals(record: ServiceRecord) -> tuple[Refusal, ...]:
    """Every unmet clause, in the order of the regulation; empty means eligible."""
    found = (clause(record) for clause in CLAUSES)
    return tuple(each for each in found if each is not None)


def served_long_enough_to_leave_the_county(record: ServiceRecord) -> Refusal | None:
    """Six semesters; four on marriage or hardship; none on serious illness."""
    if Hardship.SERIOUS_ILLNESS in record.hardships:
        return None
    leave = min(record.leave_semesters, LEAVE_COUNTED_AT_MOST)
    counted = record.semesters_served + record.merged_semesters + leave
    required = SEMESTERS_REQUIRED_IN_HARDSHIP if record.hardships else SEMESTERS_REQUIRED
    if counted >= required:
        return None
    return _refusal("service_too_short", LAW, "第五條")


def is_under_no_procedure(record: ServiceRecord) -> Refusal | None:
    """No dismissal or suspension is pending (教師法 第十六條、第三十條), and none is concealed."""
    return _refusal("under_procedure", LAW, "第六條") if record.under_procedure else None


def has_served_the_public_funds(record: ServiceRecord) -> Refusal | None:
    """A 公費生 hired since 2003 serves the years of duty first."""
    if record.bond is not Bond.PUBLIC_FUNDED or not record.leaves_the_bound_place:
        return None
    # 公費 to a remote school: six years there, leave deducted, two of childcare or military added.
    return _bond(record, YEARS_IN_A_REMOTE_SCHOOL, LAW, "第六條")


def is_not_barred(record: ServiceRecord) -> Refusal | None:
    """Ten years after a failure to report or a renunciation."""
    since = record.barred_since
    if since is None or record.today >= years_later(since, YEARS_BARRED):
        return None
    return _refusal("barred", LAW, "第十一條")


def has_served_on_the_island(record: ServiceRecord) -> Refusal | None:
    """Six years on the outlying island of the first post before moving to the main island."""
    if record.bond is not Bond.OUTLYING_ISLAND or not record.leaves_the_bound_place:
        return None
    return _bond(record, YEARS_ON_AN_OUTLYING_ISLAND, "離島建設條例", "第十二條之一")


def has_served_the_remote_school(record: ServiceRecord) -> Refusal | None:
    """Special selection for a remote school: six years in that very school."""
    if record.bond is not Bond.REMOTE_SELECTION or not record.leaves_the_bound_place:
        return None
    return _bond(record, YEARS_IN_A_REMOTE_SCHOOL, "偏遠地區學校教育發展條例", "第五條")


def is_back_from_leave(record: ServiceRecord) -> Refusal | None:
    """On leave without pay: reinstated before 8/1, with the official letter."""
    if not record.on_leave_without_return:
        return None
    return _refusal("on_leave", "彰化縣 113 年介聘簡報", "留職停薪", as_of="2024")


CLAUSES: tuple[Clause, ...] = (
    served_long_enough_to_leave_the_county,
    is_under_no_procedure,
    has_served_the_public_funds,
    is_not_barred,
    has_served_on_the_island,
    has_served_the_remote_school,
    is_back_from_leave,
)


def _bond(record: ServiceRecord, years: int, law: str, article: str) -> Refusal | None:
    leave = min(record.bond_leave_years, YEARS_OF_LEAVE_IN_A_REMOTE_SCHOOL)
    if record.bond_years_served + leave >= years:
        return None
    return _refusal("bound", law, article)


def years_later(day: date, years: int) -> date:
    """The same day so many years on; of 29 February, the day after where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _refusal(code: str, law: str, article: str, *, as_of: str = "") -> Refusal:
    """``as_of`` is the text's version; of the acts met on the way it was not noted."""
    version = LAW_AS_OF if law == LAW else as_of
    return Refusal(code=code, place="", cite=Citation(law=law, article=article, as_of=version))
