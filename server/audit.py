"""The audit trail of staff: a closed list of acts, one row each, written in the act's transaction.

`docs/audit-events.md` explains every code; a test compares the two.
"""

from enum import StrEnum

from sqlalchemy import Connection, insert

from server.store.season_tables import audit

SYSTEM = "system"


class AuditCode(StrEnum):
    """What was done."""

    ACCOUNT_ADDED = "account_added"
    APPLICATIONS_EXPORTED = "applications_exported"
    BACKUP_MADE = "backup_made"
    BACKUP_RESTORED = "backup_restored"
    BARRED_IMPORTED = "barred_imported"
    CALENDAR_IMPORTED = "calendar_imported"
    CARD_CODE_ISSUED = "card_code_issued"
    CARD_ENROLLED = "card_enrolled"
    CARD_FORGOTTEN = "card_forgotten"
    CARD_RULE_SET = "card_rule_set"
    CONTENT_ERASED = "content_erased"
    COUNTY_REVIEWED = "county_reviewed"
    DOUBT_RULED = "doubt_ruled"
    ENTRY_SET_ASIDE = "entry_set_aside"
    EVIDENCE_TAKEN = "evidence_taken"
    HEAD_WITNESSED = "head_witnessed"
    FREEZE_MADE = "freeze_made"
    LOGIN_HALF_WAY = "login_half_way"
    LOGIN_LOCKED = "login_locked"
    LOGIN_REFUSED = "login_refused"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    NOTICE_IMPORTED = "notice_imported"
    PARCEL_IMPORTED = "parcel_imported"
    PAST_RESULTS_IMPORTED = "past_results_imported"
    PAST_RESULTS_SET = "past_results_set"
    PERSON_REVEALED = "person_revealed"
    RESULT_APPROVED = "result_approved"
    RESULT_PUBLISHED = "result_published"
    RULES_SET = "rules_set"
    RUN_CHECKED = "run_checked"
    RUN_FAILED = "run_failed"
    SCHOOLS_IMPORTED = "schools_imported"
    VACANCIES_IMPORTED = "vacancies_imported"


def record(  # noqa: PLR0913 - the columns of a row, each by name
    connection: Connection,
    code: AuditCode,
    *,
    account: str,
    target: str,
    now_ms: int,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    """Append one row. Never a name, a number of a person or a secret in any column."""
    connection.execute(
        insert(audit).values(
            t_ms=now_ms,
            account=account,
            code=code.value,
            target=target,
            before=before,
            after=after,
            reason=reason,
        )
    )
