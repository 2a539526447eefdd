"""積分算法, kind by kind: the same on the glass and in line mode (U-021, U-065)."""

from dataclasses import dataclass
from datetime import date

from core.domain.points import ZERO, Points
from core.rules.scale import Scale
from kiosk.session.reckoning import Reckoned, reckoned
from kiosk.session.record import Record, ReviewView
from kiosk.session.station import Station
from kiosk.text.catalogue import Texts
from kiosk.text.field import Rule
from kiosk.text.status import point_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of points: its name with the figure, then how it comes about."""

    title: str
    sentences: tuple[str, ...]


def kinds_of_points(record: Record, station: Station, texts: Texts) -> tuple[Kind, ...]:
    """Every kind of the form in its order, then how they are added up.

    The reason has one figure for each county and one rule for both.
    """
    *rows, first, second = point_rows(record, station, texts)
    kinds = reckoned(record, station)
    changes = {} if record.reviewed is None else dict(record.reviewed.changes)
    found = [
        Kind(
            title=f"{name}  {each.awarded or ZERO}",
            sentences=(
                *((texts.county_changed(changes[each.place]),) if each.place in changes else ()),
                *(_sentences(each, texts) if each.place != "reason_a" else _said(each, texts)),
            ),
        )
        for (name, _), each in zip(rows, kinds, strict=True)
    ]
    decision = record.decision
    remark = "" if decision is None or decision.points is None else decision.remark
    said = (texts.officer_says(remark),) if remark else ()
    waiting = () if record.points is not None else (texts.reckoning_waiting,)
    sums = (f"{name}  {Points(hundredths)}" for name, hundredths in (first, second))
    total = Kind(
        title=texts.list_comma.join(sums), sentences=(texts.reckoning_sum, *said, *waiting)
    )
    return (*found, total)


def line_reasons(record: Record, station: Station, texts: Texts) -> tuple[str, ...]:
    """Every line of points the officer gave a reason for: its name, both figures, the reason."""
    names = [name.strip() for name, _ in point_rows(record, station, texts)]
    kinds = reckoned(record, station)
    return tuple(
        f"{name}{texts.colon}{sentence}"
        for name, each in zip(names, kinds, strict=False)  # the totals come last
        for sentence in _said(each, texts)
    )


def decision_reasons(decision: ReviewView, texts: Texts) -> tuple[str, ...]:
    """The same of a decision alone, by the names an officer knows."""
    if decision.points is None:
        return ()
    return tuple(
        f"{texts.point_field(each.place)}{texts.colon}"
        + texts.points_because(
            Points(getattr(decision.points, each.place)),
            None if each.instead_of is None else Points(each.instead_of),
            each.reason,
            each.remark,
        )
        for each in decision.because
    )


def rule_of(scale: Scale, texts: Texts) -> Rule:
    """A line of the table as a rule with its source and dates."""
    words = texts.scale_words(scale)
    return Rule(
        text=words,
        english=words,
        source=scale.source,
        as_of=scale.as_of,
        checked_on=date.fromisoformat(scale.checked_on),
        settled=not scale.example,
    )


def _said(kind: Reckoned, texts: Texts) -> tuple[str, ...]:
    """What the officer said of this line alone."""
    because = kind.because
    if because is None or kind.by_officer is None:
        return ()
    before = None if because.instead_of is None else Points(because.instead_of)
    return (texts.points_because(kind.by_officer, before, because.reason, because.remark),)


def _sentences(kind: Reckoned, texts: Texts) -> tuple[str, ...]:
    said: list[str] = []
    if kind.worked_out is not None and kind.by is not None:
        said.append(texts.worked_out(kind.units, kind.by, kind.worked_out))
    said += _said(kind, texts)
    if kind.awarded is not None and kind.changed is not None and kind.because is None:
        said.append(texts.points_changed(kind.awarded, kind.changed))
    for scale in kind.scales:
        words, *_, source = texts.rule(rule_of(scale, texts))
        said += words, source
    if not kind.scales:
        said.append(texts.reckoning_none)
    if kind.papers:
        names = tuple(each.name for each in kind.papers)
        said.append(texts.points_papers(names, example=any(each.example for each in kind.papers)))
    return tuple(said)
