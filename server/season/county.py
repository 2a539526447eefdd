"""The county's review (積分審查) as an act: who may make which, and its entry in the centre's log.

Every review is bound to the claim and the school's decisions it was made on. Nobody reviews for
another county, or an application under the own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, select

from core.domain.application import Claim
from core.domain.roc import format_roc_minute
from core.rules.calendar import PhaseName, find_phase
from core.rules.county_review import CountySettings, load_county_settings, settings_of
from core.sealing import SigningKey
from core.season.county import KIND, CountyVerdict, next_number
from core.season.ruling import account_name
from core.wire.kind import CountyNotice, CountyReviewed
from core.wire.payload import CountyPayload, LineChanged, PointsAwarded
from server.audit import AuditCode, record
from server.barring import find_bars
from server.centre import CentreEntry, append_centre
from server.inbox import Notice, append_notices, copy_of, fresh_salt, kiosks_of
from server.lists import Season, day_of, moment, read_season, read_table
from server.notifying.queue import Told, queue
from server.notifying.text import Topic
from server.season.caseload import LINES, Case, Content, changed_lines, read_cases, read_content
from server.staff.account import Account
from server.store.settings import RESTORED_MS, read_number
from server.store.tables import county_review
from server.terminal import RefusedError

NOTICE = "inbox.county"
REASON_AT_LEAST = 2
OTHER_COUNTY = "只有申請人學校所在縣市的承辦人可以審查。"
LOST_AT_MOST = 1000
"""Numbers a county can have given after the backup a restored server began from (範例)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One review to be. ``mark`` is of the case as it was shown; ``changes`` reasons by line."""

    app: bytes
    mark: str
    verdict: CountyVerdict
    points: PointsAwarded | None
    changes: Mapping[str, str]
    seen: tuple[str, ...]
    reason: str


@cache
def all_settings() -> tuple[CountySettings, ...]:
    """The counties' own rules, of the package."""
    return load_county_settings(read_table("county_review.toml"))


def settings_for(county: str) -> CountySettings:
    """One county's own rules."""
    return settings_of(county, all_settings())


def why_not_now(season: Season, now: datetime) -> str:
    """Why nothing can be reviewed at this time, as a sentence; empty when it can.

    A demonstration may review early, and nobody late.
    """
    window = find_phase(season.calendar, PhaseName.COUNTY_REVIEW)
    if window is None:
        return "日程表沒有縣市積分審查的期間，不能審查。"
    if now >= window.closes:
        closed = format_roc_minute(window.closes)
        return f"縣市積分審查已於 {closed} 截止，不再受理補件，也不能再變更。"
    if now < window.opens and not season.demonstration:
        return f"縣市積分審查自 {format_roc_minute(window.opens)} 開始，現在只能檢視。"
    return ""


def check_review(
    connection: Connection, wanted: Wanted, account: Account, season: Season, now_ms: int
) -> Case:
    """The case a review is about, if this person may make exactly this review of it now.

    Raises:
        RefusedError: ``other_county``, ``closed``, ``not_there``, ``own``, ``changed``,
            ``supplement``, ``points``, ``reason``.
    """
    if account.county is None:
        raise RefusedError("other_county", OTHER_COUNTY)
    closed = why_not_now(season, moment(now_ms))
    if closed:
        raise RefusedError("closed", closed)
    case = next(iter(read_cases(connection, account.county, wanted.app)), None)
    content = None if case is None else read_content(connection, case)
    if case is None or content is None:
        raise RefusedError(
            "not_there", "這件申請不在貴縣市可審查之列：學校尚未審查通過，或內容已不在系統中。"
        )
    if is_own(account, content.claim):
        raise RefusedError("own", "申請人與您同名。自己的申請不能由自己審查，請由同仁審查。")
    if case.mark != wanted.mark:
        raise RefusedError(
            "changed", "畫面顯示之後，申請人的版本、學校的審查或縣市的審查已有變動，請重新檢視。"
        )
    _check_verdict(wanted, content.points, settings_for(case.county))
    return case


def is_own(account: Account, claim: Claim) -> bool:
    """Whether the application may be the reviewer's own: accounts hold no number of a person."""
    return "".join(account.name.split()) == "".join(claim.teacher_name.split())


def review(  # noqa: PLR0913 - who, when and under which key, each by name
    connection: Connection,
    wanted: Wanted,
    *,
    account: Account,
    season: Season,
    key: SigningKey,
    now_ms: int,
) -> str:
    """Write one review down, tell the kiosks and the teacher; the 電腦編號, or an empty text.

    Raises:
        RefusedError: As `check_review`.
    """
    case = check_review(connection, wanted, account, season, now_ms)
    passed = wanted.verdict is CountyVerdict.PASSED
    number = case.number or (_new_number(connection, case.county) if passed else "")
    body = CountyReviewed(
        app=case.app,
        claim=case.claim,
        decisions=case.decisions,
        earlier=() if case.last is None else (case.last.hash,),
        verdict=wanted.verdict.value,
        number=number,
        officer=account_name(account.login),
    )
    content = CountyPayload(
        salt=fresh_salt(),
        login=account.login,
        county=case.county,
        points=wanted.points,
        changes=tuple(
            LineChanged(line=line, reason=wanted.changes[line])
            for line in LINES
            if line in wanted.changes
        ),
        seen=wanted.seen,
        reasons=(wanted.reason,) if wanted.reason else (),
        remark="",
    )
    entry = CentreEntry(kind=KIND, body=body, payload=content)
    (link,) = append_centre(connection, [entry], key=key, now_ms=now_ms)
    told = CountyNotice(app=case.app, review=link.hash, verdict=wanted.verdict.value)
    copy = copy_of(link.frame)
    notices = [
        Notice(dev=dev, kind=NOTICE, body=told, content=copy)
        for dev in kiosks_of(connection, case.app)
    ]
    append_notices(connection, notices, now_ms, key)
    topic = Topic.COUNTY_PASSED if passed else Topic.COUNTY_OPEN
    queue(connection, [Told(topic, case.app, link.hash)], now_ms)
    record(
        connection,
        AuditCode.COUNTY_REVIEWED,
        account=account.login,
        target=f"application {case.app.hex()}",
        before=None if case.last is None else case.last.verdict.value,
        after=f"{wanted.verdict.value}, entry {link.hash.hex()[:16]}",
        now_ms=now_ms,
    )
    return number


def pass_waiting(
    connection: Connection, *, account: Account, key: SigningKey, now_ms: int
) -> tuple[int, int]:
    """Pass what waits for the account's county with the school's figures: how many, and not.

    Raises:
        RefusedError: ``other_county`` or ``closed``.
    """
    if account.county is None:
        raise RefusedError("other_county", OTHER_COUNTY)
    season = read_season(connection)
    closed = why_not_now(season, moment(now_ms))
    if closed:
        raise RefusedError("closed", closed)
    waiting = [
        (case, read_content(connection, case))
        for case in read_cases(connection, account.county)
        if case.verdict is None
    ]
    people = [content.claim.national_id for _, content in waiting if content is not None]
    bars = find_bars(connection, people, day_of(now_ms))
    done = 0
    for case, content in waiting:
        if content is None or content.claim.national_id in bars or is_own(account, content.claim):
            continue
        wanted = as_the_school(case, content)
        review(connection, wanted, account=account, season=season, key=key, now_ms=now_ms)
        done += 1
    return done, len(waiting) - done


def as_the_school(case: Case, content: Content) -> Wanted:
    """Passing a case with exactly the school's figures."""
    return Wanted(
        app=case.app,
        mark=case.mark,
        verdict=CountyVerdict.PASSED,
        points=content.points,
        changes={},
        seen=(),
        reason="",
    )


def _check_verdict(wanted: Wanted, given: PointsAwarded, settings: CountySettings) -> None:
    if wanted.verdict is CountyVerdict.RETURNED and not settings.supplement:
        raise RefusedError("supplement", "本縣市審查不另行提供補件，只能通過或駁回。")
    if wanted.verdict is not CountyVerdict.PASSED:
        if len(wanted.reason) < REASON_AT_LEAST:
            raise RefusedError("reason", "駁回或補件須寫明理由，教師會看到。")
        if wanted.points is not None or wanted.changes:
            raise RefusedError("points", "駁回或補件時不核定積分。")
        return
    if wanted.points is None:
        raise RefusedError("points", "通過時須核定各項積分。")
    differing = set(changed_lines(given, wanted.points))
    reasoned = {line for line, why in wanted.changes.items() if len(why) >= REASON_AT_LEAST}
    if differing - reasoned:
        raise RefusedError("reason", "更正的每一項積分都須寫明理由，教師會看到。")
    if set(wanted.changes) - differing:
        raise RefusedError("points", "沒有更正的項目不要寫更正理由。")


def _new_number(connection: Connection, county: str) -> str:
    """Never one that was given before, also where a restored server cannot know all of them."""
    rows = connection.execute(
        select(county_review.c.number, county_review.c.t_ms).where(
            county_review.c.number.startswith(county, autoescape=True)
        )
    ).all()
    newest = max((row.t_ms for row in rows), default=0)
    restored = read_number(connection, RESTORED_MS) > newest
    return next_number(county, (row.number for row in rows), skip=LOST_AT_MOST if restored else 0)
