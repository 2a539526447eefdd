"""Line mode after sending: receipt, status, versions, result (K07, K11)."""

from collections.abc import Iterable

from core.domain.ids import SchoolId
from core.domain.points import Points
from kiosk.plain.prompt import Option, Prompt, Situation, say
from kiosk.session.gesture import Ended, VersionRestored, WentBack, WentOn
from kiosk.session.page import StatusPage
from kiosk.session.record import Record, Version
from kiosk.session.season import deadline, officers_deadline, publication
from kiosk.session.state import SignedIn


def receipt_prompt(now: Situation, version: Version) -> Prompt:
    """K07; a QR code cannot be spoken, the numbers can."""
    texts = now.texts
    calendar = now.session.station.calendar
    lines = (
        texts.receipt_heading(version.delivery),
        *version_lines(now, version),
        texts.next_review(officers_deadline(calendar)),
        texts.next_result(publication(calendar)),
        *texts.may_change,
        texts.counting_rule,
    )
    options = (
        Option(texts.status_title, say(WentOn)),
        Option(now.plain.end_and_card, say(Ended)),
    )
    return Prompt(lines=lines, options=options, back=_back(now))


def status_prompt(now: Situation, scene: SignedIn, page: StatusPage) -> Prompt:
    """K11: what counts, how far it has come, how it ended."""
    texts, record = now.texts, scene.record
    end = deadline(now.session.station.calendar)
    lines: list[str] = [texts.status_title]
    if end is not None:
        over = now.session.at >= end
        lines.append(texts.closed_at_long(end) if over else texts.open_until(end))
    if record.in_conflict:
        lines.append(texts.conflict_title)
    elif record.current is None:
        lines.append(texts.no_versions)
    else:
        lines += version_lines(now, record.current)
        lines.append(now.plain.value(texts.step_review, texts.review(record.review)))
    lines += _decision(now, record)
    lines += _result(now, record)
    if page.version is not None:
        lines += version_lines(now, page.version)
    options = tuple(
        Option(
            f"{texts.restore}{texts.colon}{texts.label_version} {each.version} {each.check_code}",
            say(VersionRestored, version=each.hash),
        )
        for each in record.versions
        if each.claim is not None
    )
    return Prompt(lines=tuple(lines), options=options, back=_back(now))


def version_lines(now: Situation, version: Version) -> tuple[str, ...]:
    """Number, check code, time, where it stands."""
    texts, value = now.texts, now.plain.value
    wishes = () if version.wishes is None else version.wishes.schools
    return (
        value(texts.label_receipt, version.number or texts.content_elsewhere),
        value(texts.label_check_code, version.check_code),
        value(texts.label_version, str(version.version)),
        *(
            ()
            if version.submitted is None
            else (value(texts.label_sent_at, texts.sent_at(version.submitted)),)
        ),
        texts.delivery(version.delivery),
        *wish_names(now, tuple(SchoolId(each) for each in wishes)),
    )


def wish_names(now: Situation, wishes: Iterable[SchoolId]) -> tuple[str, ...]:
    """One line per wish."""
    return tuple(
        now.plain.at_rank(rank, school_name(now, each)) for rank, each in enumerate(wishes, start=1)
    )


def school_name(now: Situation, school: SchoolId) -> str:
    """The name on the lists, or the code of a school that left them."""
    reference = now.session.station.reference
    found = None if reference is None else reference.schools.get(school)
    return school if found is None else found.name


def _decision(now: Situation, record: Record) -> tuple[str, ...]:
    texts, decision = now.texts, record.decision
    if decision is None:
        return ()
    points = decision.points
    lines = [texts.verdict(decision.verdict), *(texts.reason(each) for each in decision.reasons)]
    if decision.remark:
        lines.append(decision.remark)
    if points is not None:
        totals = (str(Points(points.total_a)), str(Points(points.total_b)))
        lines += [texts.points_title, texts.totals(*totals)]
    return tuple(lines)


def _result(now: Situation, record: Record) -> tuple[str, ...]:
    texts, result = now.texts, record.result
    if result is None:
        return ()
    if not result.moved:
        return (texts.stayed_title, *result.explanation, texts.official_rule)
    return (
        texts.moved_title,
        now.plain.value(texts.result_school, school_name(now, SchoolId(result.school))),
        texts.result_wish(result.wish, result.phase),
        *result.explanation,
        texts.official_rule,
    )


def _back(now: Situation) -> Option:
    return Option(now.plain.back, say(WentBack))
