"""Acts of the centre's officers, as entries of its log: rulings on doubt, rules of the season."""

from sqlalchemy import Connection, select

from core.sealing import SigningKey
from core.season.county import CountyRule
from core.season.ruling import (
    ConflictRule,
    DoubtfulRule,
    Ruling,
    SeasonRules,
    account_name,
)
from core.wire.canon import typed
from core.wire.event import decode_frame, read_event
from core.wire.kind import EntryRuled, RulesSet
from server.audit import AuditCode, record
from server.centre import CentreEntry, append_centre
from server.directory import Directory
from server.notices import Stamp, announce
from server.store.centre import find_centre_key
from server.store.tables import event
from server.terminal import RefusedError
from server.views.fold import judge_ruled
from server.views.rulings import read_rulings

REASON_AT_LEAST = 4
REASON_AT_MOST = 300


def rule_on(  # noqa: PLR0913 - the fields of one act
    connection: Connection,
    entry: bytes,
    ruling: Ruling,
    *,
    login: str,
    reason: str,
    directory: Directory,
    key: SigningKey,
    now_ms: int,
) -> Ruling | None:
    """Write down what one officer holds of a doubtful entry; the ruling, if that made two.

    Who changes their mind says so again; only the last word of each counts. A school's decision is
    judged again with it, and its machine is told.

    Raises:
        RefusedError: ``reason_missing``.
    """
    _check_reason(reason)
    before = read_rulings(connection, [entry]).get(entry)
    body = EntryRuled(entry=entry, ruling=ruling.value, officer=account_name(login))
    act = CentreEntry(kind="centre.decide", body=body, login=login, reason=reason[:REASON_AT_MOST])
    append_centre(connection, [act], key=key, now_ms=now_ms)
    after = read_rulings(connection, [entry]).get(entry)
    if after is not before:
        folded = judge_ruled(connection, [entry], directory)
        announce(connection, folded, {}, Stamp(now_ms=now_ms, key=key))
    record(
        connection,
        AuditCode.DOUBT_RULED,
        account=login,
        target=f"entry {entry.hex()[:16]}",
        before=before.value if before else None,
        after=f"{ruling.value}; {after.value if after else 'open'}",
        now_ms=now_ms,
    )
    return after


def read_rules_of_season(connection: Connection, season: str) -> SeasonRules:
    """The rules in force: the last that were set for this season, else the default ones."""
    rows = connection.execute(
        select(event.c.frame)
        .where(event.c.kind == "centre.rules")
        .order_by(event.c.log_index.desc())
    ).scalars()
    for frame in rows:
        entry = read_event(decode_frame(frame))
        said = typed(entry.body, RulesSet)
        if said.season == season and find_centre_key(connection, entry.dev) is not None:
            return SeasonRules(
                conflict=ConflictRule(said.conflict),
                doubtful=DoubtfulRule(said.doubtful),
                county=CountyRule(said.county),
            )
    return SeasonRules()


def set_rules(  # noqa: PLR0913 - the fields of one act
    connection: Connection,
    season: str,
    rules: SeasonRules,
    *,
    login: str,
    reason: str,
    key: SigningKey,
    now_ms: int,
) -> None:
    """Set the rules of a season; freezes made before keep theirs.

    Raises:
        RefusedError: ``reason_missing``.
    """
    _check_reason(reason)
    before = read_rules_of_season(connection, season)
    body = RulesSet(
        season=season,
        conflict=rules.conflict.value,
        doubtful=rules.doubtful.value,
        officer=account_name(login),
        county=rules.county.value,
    )
    act = CentreEntry(kind="centre.rules", body=body, login=login, reason=reason[:REASON_AT_MOST])
    append_centre(connection, [act], key=key, now_ms=now_ms)
    record(
        connection,
        AuditCode.RULES_SET,
        account=login,
        target=f"season {season}",
        before=_named(before),
        after=_named(rules),
        now_ms=now_ms,
    )


def _named(rules: SeasonRules) -> str:
    return f"{rules.conflict.value}, {rules.doubtful.value}, county {rules.county.value}"


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_AT_LEAST:
        raise RefusedError("reason_missing", f"請填寫理由，至少 {REASON_AT_LEAST} 個字。")
