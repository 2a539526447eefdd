"""The rows an entry leaves in the views."""

from typing import Any

from core.wire.ack import Verdict
from core.wire.payload import RosterPayload
from server.views.finding import Decided, Finding, Present, Registered, Versioned
from server.views.judgement import NOT_JUDGED, Judgement


def verdict_row(finding: Finding, judgement: Judgement) -> dict[str, Any]:
    """Every judged entry has one."""
    teacher, officer = _rests_on(finding)
    return {
        "eh": finding.eh,
        "verdict": judgement.verdict.value,
        "code": judgement.code,
        "waits_for": judgement.waits_for,
        "teacher": teacher,
        "officer": officer,
    }


def unjudged_row(eh: bytes) -> dict[str, Any]:
    """An entry that was set aside, as judging it failed."""
    bare = {"waits_for": None, "teacher": None, "officer": None}
    return {"eh": eh, "verdict": Verdict.REVIEW.value, "code": NOT_JUDGED, **bare}


def roster_row(
    finding: Finding, teacher: bytes, entry: RosterPayload, judgement: Judgement
) -> dict[str, Any]:
    """A teacher as registered."""
    return {
        "eh": finding.eh,
        "teacher": teacher,
        "valid": judgement.verdict is Verdict.VALID,
        "national_id": _text(entry.national_id),
        "name": _text(entry.name),
        "birth": _text(entry.birth),
        "sex": _text(entry.sex),
        "title": _text(entry.title),
        "school": _text(entry.school),
        "stage": _text(entry.stage),
        "subject": _text(entry.subject),
        "officer": finding.actor,
    }


def revision_row(
    finding: Finding, said: Versioned, judgement: Judgement, recv_ms: int
) -> dict[str, Any]:
    """A version; a rejected one stays listed but has no effect."""
    fact, claim, wishes = said.fact, said.claim, said.wishes
    return {
        "eh": finding.eh,
        "app": fact.app,
        "version": fact.version,
        "parents": b"".join(fact.parents),
        "claim": fact.claim,
        "wishes": fact.wishes,
        "dev": fact.device,
        "inc": fact.inc,
        "seq": fact.seq,
        "claimed_ms": fact.claimed_ms,
        "recv_ms": recv_ms,
        "valid": not judgement.rejected,
        "teacher": finding.actor,
        "national_id": _text(claim.national_id) if claim else None,
        "name": _text(claim.teacher_name) if claim else None,
        "school": _text(claim.school) if claim else None,
        "stage": claim.stage.value if claim else None,
        "subject": _text(claim.subject) if claim else None,
        "county_a": _text(wishes.county_a) if wishes else None,
        "county_b": _text(wishes.county_b) if wishes else None,
        "wish_count": len(wishes.schools) if wishes else None,
    }


def decision_row(
    finding: Finding, said: Decided, judgement: Judgement, recv_ms: int
) -> dict[str, Any]:
    """A decision; it counts only while its judgement is valid."""
    fact, payload = said.fact, said.payload
    points = payload.points if payload else None
    return {
        "eh": finding.eh,
        "app": fact.app,
        "revision": fact.revision,
        "claim": fact.claim,
        "earlier": b"".join(fact.earlier),
        "approved": fact.approved,
        "officer": fact.officer,
        "claimed_ms": fact.claimed_ms,
        "recv_ms": recv_ms,
        "valid": judgement.verdict is Verdict.VALID,
        "verdict": payload.verdict if payload else None,
        "points_a": points.total_a if points else None,
        "points_b": points.total_b if points else None,
    }


def _rests_on(finding: Finding) -> tuple[bytes | None, bytes | None]:
    match finding.says:
        case Registered(teacher=teacher):
            return teacher, finding.actor
        case Present(teacher=teacher, witness=witness):
            return teacher, witness
        case Versioned():
            return finding.actor, None
        case Decided():
            return None, finding.actor
        case None:
            return None, None


def _text(hostile: str) -> str:
    """What both databases can hold: PostgreSQL has no place for a zero byte in text."""
    return hostile.replace("\0", "\ufffd")
