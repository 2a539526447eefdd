"""What a county's own settings forbid in its register; each objection is a code and a place."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from matcher.rollcall.register import Applicant, Register
from matcher.rollcall.settings import Footing


class Forbidden(StrEnum):
    """Why a register is not called from."""

    NEVER_BOTH = "never_both"
    TOO_MANY_SUBJECTS = "too_many_subjects"
    NOT_DRAWN = "not_drawn"
    WRONG_FOOTING = "wrong_footing"
    FOOTING_NOT_CALLED = "footing_not_called"
    EXCLUSIVE_SUBJECT = "exclusive_subject"
    NO_EXCHANGE = "no_exchange"
    EXCHANGE_AT_HOME = "exchange_at_home"
    EXCHANGE_ELSEWHERE = "exchange_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing that is forbidden; ``path`` like ``$.applicants[3].exchange``."""

    path: str
    code: Forbidden
    detail: str = ""


def objections(register: Register) -> tuple[Objection, ...]:
    """Everything the settings forbid, in the order of the file; empty means the roll can begin."""
    return (*_about_seats(register), *_about_applicants(register))


def _about_seats(register: Register) -> Iterator[Objection]:
    for index, seats in enumerate(register.seats):
        subject = seats.position.subject
        if subject not in register.settings.subjects:
            yield Objection(
                path=f"$.seats[{index}].subject", code=Forbidden.NOT_DRAWN, detail=subject
            )


def _about_applicants(register: Register) -> Iterator[Objection]:
    settings = register.settings
    for index, applicant in enumerate(register.applicants):
        path = f"$.applicants[{index}]"
        for one, other in settings.never_both:
            if one in applicant.parts and other in applicant.parts:
                detail = f"{one} / {other}"
                yield Objection(path=f"{path}.parts", code=Forbidden.NEVER_BOTH, detail=detail)
        if len(applicant.applications) > settings.subjects_at_most:
            detail = f"{len(applicant.applications)} > {settings.subjects_at_most}"
            yield Objection(
                path=f"{path}.applications", code=Forbidden.TOO_MANY_SUBJECTS, detail=detail
            )
        yield from _about_applications(register, applicant, path)
        yield from _about_exchange(register, applicant, f"{path}.exchange")


def _about_applications(register: Register, applicant: Applicant, path: str) -> Iterator[Objection]:
    settings, own = register.settings, applicant.position.subject
    called = {
        footing
        for part in settings.parts
        if part.name in applicant.parts
        for footing in part.footings
    }
    for index, each in enumerate(applicant.applications):
        here = f"{path}.applications[{index}]"
        if each.subject not in settings.subjects:
            yield Objection(path=here, code=Forbidden.NOT_DRAWN, detail=each.subject)
        if (each.subject == own) != (each.footing is Footing.EMPLOYED):
            yield Objection(path=here, code=Forbidden.WRONG_FOOTING, detail=each.footing)
        elif each.footing not in called:
            yield Objection(path=here, code=Forbidden.FOOTING_NOT_CALLED, detail=each.footing)
        if each.subject != own and {each.subject, own} & set(settings.exclusive_subjects):
            yield Objection(path=here, code=Forbidden.EXCLUSIVE_SUBJECT, detail=each.subject)


def _about_exchange(register: Register, applicant: Applicant, path: str) -> Iterator[Objection]:
    rule, wish = register.settings.exchange, applicant.exchange
    if wish is None:
        return
    if rule is None or rule.part not in applicant.parts:
        yield Objection(path=path, code=Forbidden.NO_EXCHANGE)
        return
    if wish.school == applicant.position.school:
        yield Objection(path=path, code=Forbidden.EXCHANGE_AT_HOME, detail=wish.school)
    township = register.townships[wish.school]
    if rule.township and township != wish.township:
        yield Objection(
            path=path,
            code=Forbidden.EXCHANGE_ELSEWHERE,
            detail=f"{township} ≠ {wish.township}",
        )
