"""The freeze: which applications go into the match, decided once from the log and written down."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert

from core.domain.application import Reference
from core.domain.place import load_counties
from core.domain.roc import TAIPEI, format_roc_minute
from core.domain.school import Stage
from core.domain.subject import load_subjects
from core.rules.calendar import PhaseName, deadline, find_phase
from core.season.ruling import DoubtfulRule, SeasonRules
from server.audit import AuditCode, record
from server.judging import is_behind, read_set_aside
from server.lists import (
    Season,
    moment,
    read_schools,
    read_season,
    read_seats,
    read_table,
    schools_by_id,
)
from server.season.candidate import Candidate, read_candidates
from server.season.county_share import Share, read_share, settle_points
from server.season.lot import alias_of, draw_lots
from server.season.merkle import merkle_root
from server.season.problem import Applicant, Market, build_problem, refusal_of
from server.season.ruling import read_rules_of_season
from server.season.sift import Reason
from server.store.events import last_index
from server.store.season_tables import freeze, freeze_entry, problem
from server.terminal import RefusedError

NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One application at the freeze; included if it has a lot, else ``reason`` says why not."""

    app: bytes
    stage: Stage | None
    school: str | None
    revision: bytes | None
    decision: bytes | None
    reason: Reason | None
    lot: int | None
    county: bytes | None = None

    @property
    def included(self) -> bool:
        """Whether it goes into the match."""
        return self.lot is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A doubtful entry that two officers have not decided about yet."""

    app: bytes
    entry: bytes
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePlan:
    """What a freeze of this moment is: every application, and the matcher's input by stage."""

    season: str
    rules: SeasonRules
    undecided: tuple[Undecided, ...]
    set_aside: tuple[int, ...]  # places in the log of what no server could judge
    log_index: int
    input_root: bytes
    entries: tuple[Entry, ...]
    problems: Mapping[Stage, bytes]

    @property
    def included(self) -> tuple[Entry, ...]:
        """Those that go into the match."""
        return tuple(each for each in self.entries if each.included)

    @property
    def left_out(self) -> tuple[Entry, ...]:
        """Those that do not."""
        return tuple(each for each in self.entries if not each.included)

    @property
    def blocked(self) -> bool:
        """Whether people have to decide first."""
        return self.rules.doubtful is DoubtfulRule.BLOCK and bool(self.undecided or self.set_aside)


def plan_freeze(connection: Connection, rules: Mapping[str, object]) -> FreezePlan:
    """The freeze as the log stands in this transaction; nothing is written.

    Raises:
        RefusedError: The calendar lacks a deadline.
    """
    season = read_season(connection)
    lists = read_reference(connection, season)
    named = read_rules_of_season(connection, season.name)
    candidates = read_candidates(connection, season, named.conflict)
    share = read_share(connection, candidates, named.county, lists.on)
    settled = [_settle(each, share, lists, season.name) for each in candidates]
    applicants: dict[Stage, list[Applicant]] = defaultdict(list)
    for _, applicant in settled:
        if applicant is not None:
            applicants[applicant.claim.stage].append(applicant)
    root = merkle_root(_frozen(candidates, settled))
    lots = {
        stage: draw_lots(root, [each.revision for each in applicants[stage]])
        for stage in sorted(applicants)
    }
    drawn = {revision: lot for group in lots.values() for revision, lot in group.items()}
    seats = tuple(read_seats(connection, season.name).values())
    return FreezePlan(
        season=season.name,
        rules=named,
        undecided=tuple(_undecided(candidates)),
        set_aside=read_set_aside(connection),
        log_index=last_index(connection),
        input_root=root,
        entries=tuple(
            _entry(candidate, reason, applicant, drawn)
            for candidate, (reason, applicant) in zip(candidates, settled, strict=True)
        ),
        problems={
            stage: build_problem(
                Market(season=season.name, stage=stage, rules=rules, lists=lists, vacancies=seats),
                applicants[stage],
                lots[stage],
            )
            for stage in lots
        },
    )


def write_freeze(
    connection: Connection, plan: FreezePlan, *, by: str, early: bool, now_ms: int
) -> int:
    """Write a plan made in the same transaction; the number of the freeze.

    Raises:
        RefusedError: ``nothing_to_freeze``, ``undecided``, ``set_aside``, ``unjudged``, or the
            freeze is ``too_early``.
    """
    season = read_season(connection)
    check_time(season, moment(now_ms), early=early)
    if is_behind(connection):
        raise RefusedError("unjudged", "還有剛收到的紀錄尚未核對完成，請稍候再凍結。")
    _check_decided(plan)
    if not plan.included:
        raise RefusedError("nothing_to_freeze", "沒有任何可進入媒合的申請，未凍結。")
    number: int = connection.execute(
        insert(freeze)
        .values(
            season=plan.season,
            frozen_ms=now_ms,
            by=by,
            early=is_early(season, moment(now_ms)),
            log_index=plan.log_index,
            input_root=plan.input_root,
            conflict_rule=plan.rules.conflict.value,
            doubtful_rule=plan.rules.doubtful.value,
            county_rule=plan.rules.county.value,
        )
        .returning(freeze.c.id)
    ).scalar_one()
    connection.execute(
        insert(freeze_entry),
        [
            {
                "freeze": number,
                "app": each.app,
                "stage": each.stage.value if each.stage else None,
                "revision": each.revision,
                "decision": each.decision,
                "county": each.county,
                "included": each.included,
                "reason": each.reason.value if each.reason else None,
                "alias": alias_of(each.lot) if each.lot is not None else None,
                "lot": each.lot,
            }
            for each in plan.entries
        ],
    )
    teachers = [each.stage for each in plan.included]
    connection.execute(
        insert(problem),
        [
            {
                "freeze": number,
                "stage": stage.value,
                "sha256": sha256(data).digest(),
                "teachers": teachers.count(stage),
                "data": data,
            }
            for stage, data in plan.problems.items()
        ],
    )
    record(
        connection,
        AuditCode.FREEZE_MADE,
        account=by,
        target=f"freeze {number}",
        after=f"included {len(plan.included)}, left out {len(plan.left_out)}, "
        f"rules {plan.rules.conflict.value} and {plan.rules.doubtful.value}, "
        f"county's review {plan.rules.county.value}, "
        f"root {plan.input_root.hex()}",
        now_ms=now_ms,
    )
    return number


def _check_decided(plan: FreezePlan) -> None:
    if not plan.blocked:
        return
    if plan.undecided:
        what = [each.entry.hex()[:16] for each in plan.undecided]
        raise RefusedError(
            "undecided",
            f"有 {len(what)} 筆時間存疑的紀錄還沒有兩位承辦人決定，不能凍結：{_named(what)}。",
        )
    raise RefusedError(
        "set_aside",
        f"有 {len(plan.set_aside)} 筆紀錄本版伺服器無法判讀，不能凍結："
        f"第 {_named([str(each) for each in plan.set_aside])} 筆。"
        "請更新伺服器並重新啟動，會自動重新判讀。",
    )


def _named(what: list[str]) -> str:
    more = len(what) - NAMED_AT_MOST
    return "、".join(what[:NAMED_AT_MOST]) + (f" 等，另 {more} 筆" if more > 0 else "")


def is_early(season: Season, now: datetime) -> bool:
    """Whether the calendar's time to freeze has not come."""
    window = find_phase(season.calendar, PhaseName.FREEZE)
    return window is None or now < window.opens


def check_time(season: Season, now: datetime, *, early: bool) -> None:
    """Refuse a freeze before its window opens, unless the calendar is a demonstration's.

    Raises:
        RefusedError: ``too_early`` or ``early_not_allowed``.
    """
    if not is_early(season, now):
        return
    if early and season.demonstration:
        return
    if early:
        raise RefusedError("early_not_allowed", "只有示範日程可以提前凍結。")
    window = find_phase(season.calendar, PhaseName.FREEZE)
    opens = format_roc_minute(window.opens) if window else "（日程未定）"
    raise RefusedError("too_early", f"凍結期間從 {opens} 開始，現在還不能凍結。")


def read_reference(connection: Connection, season: Season) -> Reference:
    """The lists applications are held against; school marks count as of the teachers' deadline."""
    ends = deadline(season.calendar)
    if ends is None:
        raise RefusedError("calendar_incomplete", "日程表缺少教師填報的期間。")
    return Reference(
        schools=schools_by_id(read_schools(connection)),
        subjects=load_subjects(read_table("subjects.toml")),
        counties=load_counties(read_table("counties.toml")),
        version=0,
        on=ends.astimezone(TAIPEI).date(),
    )


def _settle(
    candidate: Candidate, share: Share, lists: Reference, season: str
) -> tuple[Reason | None, Applicant | None]:
    """The reason to note, and the applicant if there is one."""
    choice, settled = candidate.choice, settle_points(candidate, share)
    if choice.revision is None or settled.points is None:
        return settled.reason, None
    if candidate.claim is None or candidate.wishes is None:
        return Reason.PAYLOAD_MISSING, None
    refusal = refusal_of(candidate.claim, candidate.wishes, lists, season)
    if refusal is not None:
        return refusal, None
    return settled.reason, Applicant(
        app=choice.app,
        revision=choice.revision.hash,
        claim=candidate.claim,
        wishes=candidate.wishes,
        points=settled.points,
        county=settled.review,
    )


def _undecided(candidates: tuple[Candidate, ...]) -> Iterator[Undecided]:
    """Doubtful entries of applications that are of this season, each by its hash."""
    for candidate in candidates:
        app = candidate.choice.app
        for version in candidate.versions:
            if version.undecided:
                yield Undecided(app=app, entry=version.fact.hash, kind="version")
        for decision in candidate.decisions:
            if decision.undecided:
                yield Undecided(app=app, entry=decision.fact.hash, kind="decision")


def _frozen(
    candidates: tuple[Candidate, ...], settled: list[tuple[Reason | None, Applicant | None]]
) -> list[bytes]:
    """Entry hashes under the input root: each version that goes in, and what gave its points."""
    return [
        each
        for candidate, (_, applicant) in zip(candidates, settled, strict=True)
        if applicant is not None and candidate.choice.decision is not None
        for each in (applicant.revision, candidate.choice.decision.fact.hash, applicant.county)
        if each is not None
    ]


def _entry(
    candidate: Candidate,
    reason: Reason | None,
    applicant: Applicant | None,
    drawn: Mapping[bytes, int],
) -> Entry:
    choice = candidate.choice
    revision = choice.revision.hash if choice.revision else None
    return Entry(
        app=choice.app,
        stage=candidate.stage,
        school=candidate.school,
        revision=revision,
        decision=choice.decision.fact.hash if choice.decision else None,
        reason=reason,
        lot=drawn.get(revision) if applicant and revision else None,
        county=applicant.county if applicant else None,
    )
