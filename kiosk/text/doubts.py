"""Doubts about eligibility as sentences, for the teacher and for the officer."""

from datetime import date, datetime, timedelta

from core.domain.application import Claim
from core.domain.refusal import Refusal
from kiosk.session.person import Barred
from kiosk.session.self_check import Finding, SelfCheck, doubts, finding
from kiosk.text.catalogue import Texts


def barred_words(barred: Barred | None, at: datetime, texts: Texts) -> str:
    """Ground, article and until when, for the teacher; empty for who is free (U-003)."""
    if barred is None or not barred.holds_at(at):
        return ""
    return texts.barred(barred.clause, _last_day(barred))


def case_barred_words(barred: Barred | None, at: datetime, texts: Texts) -> str:
    """The same for the officer who reviews her."""
    if barred is None or not barred.holds_at(at):
        return ""
    return texts.case_barred(barred.clause, _last_day(barred))


def _last_day(barred: Barred) -> date | None:
    """People read the last day; the law counts up to the first free one."""
    return None if barred.until is None else barred.until - timedelta(days=1)


def doubt_sentences(check: SelfCheck, service_years: int | None, texts: Texts) -> tuple[str, ...]:
    """Each clause in doubt with its source, then what to do; nothing without a doubt."""
    found = doubts(check, service_years)
    return (*_clauses(found, texts), texts.self_check_next) if found else ()


def finding_words(check: SelfCheck, service_years: int | None, texts: Texts) -> tuple[str, bool]:
    """The answers in a sentence, and whether it asks for attention."""
    found = finding(check, service_years)
    return texts.finding(found), found is Finding.DOUBTFUL


def case_doubts(claim: Claim, check: SelfCheck, texts: Texts) -> tuple[str, ...]:
    """What the officer is asked to look at: a title, the clauses, what the teacher said of it."""
    found = doubts(check, claim.service_years)
    if not found:
        return ()
    said = _clauses(found, texts)
    if check.semesters is not None:
        said.append(texts.served_here(check.semesters, check.leave or 0))
    if check.bond is not None and check.bond != "none":
        said.append(texts.bound_by(check.bond, check.bond_years))
    return (texts.case_doubts, *said)


def _clauses(found: tuple[Refusal, ...], texts: Texts) -> list[str]:
    """Each clause in words, then where it stands."""
    return [
        sentence
        for each in found
        for sentence in (
            texts.doubt(each.code),
            *(() if each.cite is None else (texts.clause(each.cite),)),
        )
    ]
