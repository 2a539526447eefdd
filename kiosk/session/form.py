"""Answers as the application they become, and what keeps them from being sent."""

from collections.abc import Iterator
from dataclasses import replace

from core.domain.application import Claim, Reference, Wishes, check_application
from core.domain.contact import parse_email, parse_phone
from core.domain.ids import CountyCode, SchoolId, SubjectCode
from core.domain.name import UNSHOWABLE, decode_name
from core.domain.refusal import Refusal
from kiosk.session.draft import Answers, Draft
from kiosk.session.page import Question, Task
from kiosk.session.person import Person, Post
from kiosk.session.record import Agreement, Version

UNKNOWN = Agreement("", 0)
"""Agreed to, nobody asks when or to which text: for comparing what was answered."""
NO_SALT = bytes(16)
BASICS = frozenset({"phone1", "phone2", "email"})
COUNTIES = frozenset({"county_a", "county_b"})
LISTS_MISSING = Refusal(code="lists_missing", place="reference")
QUESTION_PLACES: dict[Question, frozenset[str]] = {
    Question.INDIGENOUS: frozenset({"indigenous"}),
    Question.AREA_LIMIT: frozenset({"area_limit"}),
    Question.SERVICE_YEARS: frozenset({"service_years"}),
    Question.POST: frozenset({"post", "school", "subject"}),
    Question.SUBJECTS: frozenset({"subject2", "subject3", "subjects"}),
}


def claim_of(  # noqa: PLR0913 - a claim is all of this
    person: Person, post: Post, answers: Answers, season: str, *, declared: bool, salt: bytes
) -> Claim:
    """The claim these answers make.

    What is not answered stands as the answer that asks for nothing.
    """
    return Claim(
        salt=salt,
        season=season,
        stage=post.stage,
        teacher_name=name_of(person, answers),
        national_id=person.national_id.text,
        birth=person.birth.isoformat(),
        sex=person.sex,
        card_name_raw=person.card_name_raw,
        phone1=phone_as_sent(answers.phone1),
        phone2=phone_as_sent(answers.phone2) or None,
        email=email_as_sent(answers.email),
        indigenous=answers.indigenous is True,
        language=answers.language,
        area_limit=answers.area_limit or "general",
        service_years=answers.service_years or 0,
        school=post.school,
        subject=post.subject,
        subjects=subjects_of(post, answers),
        declared=declared,
    )


def subjects_of(post: Post, answers: Answers) -> tuple[SubjectCode, ...]:
    """The subjects she applies for, her own first."""
    chosen = (post.subject, answers.subject2, answers.subject3)
    return tuple(SubjectCode(each) for each in chosen if each)


def name_of(person: Person, answers: Answers) -> str:
    """The name the application stands under: her correction, else the school's or the card's."""
    return answers.teacher_name or person.name


def _corrected(claim: Claim) -> str:
    """The name of a claim as an answer: empty where the card itself can show it."""
    _, damaged = decode_name(claim.card_name_raw)
    return claim.teacher_name if damaged and UNSHOWABLE not in claim.teacher_name else ""


def name_answer(person: Person, answers: Answers) -> str:
    """The same of a draft, so that both can be compared."""
    name = name_of(person, answers)
    return name if person.name_damaged and UNSHOWABLE not in name else ""


def differs(claim: Claim) -> bool:
    """Whether the claim's name is not the card's, so that an officer has to look at the ID card."""
    card, _ = decode_name(claim.card_name_raw)
    return bool(card) and card != claim.teacher_name


def wishes_of(answers: Answers, salt: bytes) -> Wishes:
    """The wishes part of these answers."""
    return Wishes(
        salt=salt,
        county_a=answers.county_a or "",
        county_b=answers.county_b or "",
        schools=answers.wishes,
    )


def answers_of(claim: Claim, wishes: Wishes, agreed: Agreement = UNKNOWN) -> Answers:
    """The answers a sent version was made of."""
    second, third = (*claim.subjects[1:], "", "")[:2]
    return Answers(
        notices_read=0,
        agreed_ms=agreed.at_ms,
        agreed_to=agreed.number,
        phone1=claim.phone1,
        phone2=claim.phone2 or "",
        email=claim.email,
        indigenous=claim.indigenous,
        language=claim.language,
        area_limit=claim.area_limit,
        service_years=claim.service_years,
        post_confirmed=True,
        subject2=SubjectCode(second),
        subject3=SubjectCode(third),
        county_a=CountyCode(wishes.county_a),
        county_b=CountyCode(wishes.county_b),
        wishes=tuple(SchoolId(each) for each in wishes.schools),
        teacher_name=_corrected(claim),
    )


def draft_after(draft: Draft, claim: Claim | None, wishes: Wishes | None) -> Draft:
    """The draft once it was sent (送出), or, without the parts of a version, taken back (撤回).

    Its steps are over. What no version holds stays: the notices seen, the wishes that rest, and
    資格檢核 for the officer, who reads it from here.
    """
    answers = draft.answers
    if claim is not None and wishes is not None:
        sent = answers_of(claim, wishes, agreement(answers, None, 0))
        answers = replace(sent, notices_read=answers.notices_read, aside=answers.aside)
    return Draft(answers=answers, bookmark=Task.STATUS, check=draft.check)


def agreement(answers: Answers, version: Version | None, at_ms: int) -> Agreement:
    """What the notices were agreed to by: the draft's word, else the version's.

    A version of an older program does not say which text it was; then it counts from ``at_ms``.
    """
    if answers.agreed_ms is not None:
        return Agreement(answers.agreed_to, answers.agreed_ms)
    if version is not None and version.agreed is not None:
        return version.agreed
    return Agreement("", at_ms)


def faults_of(  # noqa: PLR0913 - an application is all of this
    person: Person,
    post: Post,
    answers: Answers,
    season: str,
    reference: Reference | None,
    *,
    declared: bool,
) -> tuple[Refusal, ...]:
    """Everything that keeps the answers from being sent, in the order of the form."""
    gaps = tuple(_gaps(answers))
    if reference is None:
        return (*gaps, LISTS_MISSING)
    claim = claim_of(person, post, answers, season, declared=declared, salt=NO_SALT)
    return (*gaps, *check_application(claim, wishes_of(answers, NO_SALT), reference))


def at_places(faults: tuple[Refusal, ...], places: frozenset[str]) -> tuple[Refusal, ...]:
    """The faults of these fields; an item's place (``schools.3``) counts as its field's."""
    return tuple(each for each in faults if each.place.partition(".")[0] in places)


def _gaps(answers: Answers) -> Iterator[Refusal]:
    if answers.agreed_ms is None:
        yield Refusal(code="not_agreed", place="notices")
    for place in ("indigenous", "area_limit", "service_years"):
        if getattr(answers, place) is None:
            yield Refusal(code="not_answered", place=place)
    if not answers.post_confirmed:
        yield Refusal(code="not_answered", place="post")
    for place in ("subject2", "subject3"):
        if getattr(answers, place) is None:
            yield Refusal(code="not_answered", place=place)


def read_phone(text: str) -> str | None:
    """The number as it will be sent; None while it is none. Shown before going on (UX 4.6)."""
    try:
        return parse_phone(text)
    except ValueError:
        return None


def read_email(text: str) -> str | None:
    """The address as it will be sent; None while it is none."""
    try:
        return parse_email(text)
    except ValueError:
        return None


def phone_as_sent(text: str) -> str:
    """The number in the form in which it is signed; what was typed while it is none."""
    return read_phone(text) or text.strip()


def email_as_sent(text: str) -> str:
    """The address in the form in which it is signed; what was typed while it is none."""
    return read_email(text) or text.strip()
