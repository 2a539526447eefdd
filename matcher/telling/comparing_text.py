"""Sentences of a comparison, in 正體中文 and in English."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from matcher.telling.compare import (
    Account,
    Comparison,
    Difference,
    Got,
    Reason,
    Why,
)
from matcher.telling.complaints import Complaints
from matcher.telling.names import Names
from matcher.telling.text import TEXTS, Language
from matcher.telling.today import counties_of_today


class ComparingTexts(Protocol):
    """What can be said of placements side by side."""

    lang: Language

    def moved(self, account: Account) -> str:
        """How many move, by phase."""

    def ranks(self, account: Account) -> str:
        """Mean, median and the ranks themselves."""

    def components(self, account: Account) -> str:
        """How many chains and rings, and how large the largest is."""

    def complaints(self, complaints: Complaints) -> str:
        """Who could complain."""

    def other_problem(self) -> str:
        """That a placement was made from another problem file."""

    def county(self, name: str, left: int, entered: int) -> str:
        """What a county lost and gained."""

    def differing(self, comparison: Comparison) -> str:
        """How many people it matters to."""

    def got(self, got: Got | None, names: Names) -> str:
        """What somebody gets."""

    def why(self, reason: Reason) -> str:
        """Why she did not get the better place."""


def hundredths(value: int | None) -> str:
    """A rank in hundredths as ``2.31``; a dash for none."""
    return "—" if value is None else f"{value // 100}.{value % 100:02}"


def _counted(phases: Mapping[str, int], lang: Language) -> Iterator[str]:
    return (f"{TEXTS[lang].phase(name)} {count}" for name, count in phases.items())


class Chinese:
    """正體中文."""

    lang = Language.ZH
    _why: Mapping[Why, str] = MappingProxyType(
        {
            Why.NO_SEAT: "那裡沒有缺額，也沒有人調出",
            Why.SEAT_EMPTY: "那裡最後還有空缺，但沒有分發給她",
            Why.HIGHER_PRIORITY: "由較優先的 {} 人取得",
            Why.LOWER_PRIORITY: "由 {} 人取得，其中有人優先序在她之後",
        }
    )

    def moved(self, account: Account) -> str:
        """How many move, by phase."""
        phases = "、".join(_counted(account.moved, self.lang))
        return f"達成 {account.total}：{phases}"

    def ranks(self, account: Account) -> str:
        """Mean, median and the ranks themselves."""
        mean, median = hundredths(account.mean_rank), hundredths(account.median_rank)
        each = " ".join(f"{rank}:{count}" for rank, count in account.ranks.items())
        return f"志願序 平均 {mean}，中位數 {median}；{each}".rstrip("；")

    def components(self, account: Account) -> str:
        """How many chains and rings, and how large the largest is."""
        count = sum(account.sizes.values())
        largest = max((people for _, people in account.sizes), default=0)
        return f"共 {count} 案，最大一案 {largest} 人（一人未報到，同案都受影響）"

    def complaints(self, complaints: Complaints) -> str:
        """Who could complain."""
        phases = "、".join(
            f"{TEXTS[self.lang].phase(n)} {c}" for n, c in complaints.by_phase.items()
        )
        head = f"較優先而未取得：{complaints.teachers} 人（{complaints.pairs} 對）"
        rest = f"希望去而最後仍有空缺：{complaints.wanted_empty} 人"
        return f"{head}{'：' if phases else ''}{phases}；{rest}"

    def other_problem(self) -> str:
        """That a placement was made from another problem file."""
        return "（由另一份問題檔產生：規則或缺額不同）"

    def county(self, name: str, left: int, entered: int) -> str:
        """What a county lost and gained."""
        return f"{name} 調出 {left}、調入 {entered}、淨 {entered - left:+}"

    def differing(self, comparison: Comparison) -> str:
        """How many people it matters to."""
        return f"結果不同的有 {len(comparison.differences)} 人，共 {comparison.teachers} 人。"

    def got(self, got: Got | None, names: Names) -> str:
        """What somebody gets."""
        if got is None:
            return "留任原校"
        school, subject = names.position(got.move.destination)
        phase = TEXTS[self.lang].phase(got.phase)
        return f"第 {got.move.wish} 志願 {school}（{subject}），{phase}"

    def why(self, reason: Reason) -> str:
        """Why she did not get the better place."""
        return self._why[reason.code].format(reason.people)


class English:
    """English."""

    lang = Language.EN
    _why: Mapping[Why, str] = MappingProxyType(
        {
            Why.NO_SEAT: "no seat was open there and nobody left",
            Why.SEAT_EMPTY: "a seat stands empty there in the end, but was not given to her",
            Why.HIGHER_PRIORITY: "taken by {} with higher priority",
            Why.LOWER_PRIORITY: "taken by {}, somebody with lower priority among them",
        }
    )

    def moved(self, account: Account) -> str:
        """How many move, by phase."""
        phases = ", ".join(_counted(account.moved, self.lang))
        return f"moved {account.total}: {phases}"

    def ranks(self, account: Account) -> str:
        """Mean, median and the ranks themselves."""
        mean, median = hundredths(account.mean_rank), hundredths(account.median_rank)
        each = " ".join(f"{rank}:{count}" for rank, count in account.ranks.items())
        return f"wish rank: mean {mean}, median {median}; {each}".rstrip("; ")

    def components(self, account: Account) -> str:
        """How many chains and rings, and how large the largest is."""
        count = sum(account.sizes.values())
        largest = max((people for _, people in account.sizes), default=0)
        return f"{count} chains and rings, the largest of {largest} (one no-show touches them all)"

    def complaints(self, complaints: Complaints) -> str:
        """Who could complain."""
        phases = ", ".join(
            f"{TEXTS[self.lang].phase(n)} {c}" for n, c in complaints.by_phase.items()
        )
        head = f"passed over by lower priority: {complaints.teachers} ({complaints.pairs} pairs)"
        rest = f"wanting a seat that stands empty in the end: {complaints.wanted_empty}"
        return f"{head}{': ' if phases else ''}{phases}; {rest}"

    def other_problem(self) -> str:
        """That a placement was made from another problem file."""
        return "(made from another problem file: other rules or vacancies)"

    def county(self, name: str, left: int, entered: int) -> str:
        """What a county lost and gained."""
        return f"{name}: {left} left, {entered} entered, net {entered - left:+}"

    def differing(self, comparison: Comparison) -> str:
        """How many people it matters to."""
        differing = len(comparison.differences)
        return f"{differing} of {comparison.teachers} teachers get different results."

    def got(self, got: Got | None, names: Names) -> str:
        """What somebody gets."""
        if got is None:
            return "keeps her seat"
        school, subject = names.position(got.move.destination)
        return f"wish {got.move.wish}, {school} ({subject}), {TEXTS[self.lang].phase(got.phase)}"

    def why(self, reason: Reason) -> str:
        """Why she did not get the better place."""
        return self._why[reason.code].format(reason.people)


COMPARING: Mapping[Language, ComparingTexts] = MappingProxyType(
    {Language.ZH: Chinese(), Language.EN: English()}
)


def lines(comparison: Comparison, names: Names, lang: Language) -> Iterator[str]:
    """The whole comparison in words."""
    texts = COMPARING[lang]
    for account in comparison.accounts:
        yield f"{account.name}  {account.placement}"
        if not account.same_problem:
            yield f"  {texts.other_problem()}"
        yield f"  {texts.moved(account)}"
        yield f"  {texts.ranks(account)}"
        yield f"  {texts.components(account)}"
        yield f"  {texts.complaints(account.complaints)}"
        for code, each in counties_of_today(account, names).items():
            yield f"  {texts.county(names.county(code, lang), each.left, each.entered)}"
    if len(comparison.accounts) > 1:
        yield texts.differing(comparison)
    for difference in comparison.differences:
        yield from _difference_lines(comparison, difference, names, texts)


def _difference_lines(
    comparison: Comparison, difference: Difference, names: Names, texts: ComparingTexts
) -> Iterator[str]:
    wishes = " / ".join("-" if each is None else str(each.move.wish) for each in difference.got)
    yield f"{difference.teacher}\t{wishes}\t{'、'.join(difference.better)}"
    for account, got, why in zip(comparison.accounts, difference.got, difference.why, strict=True):
        told = (
            texts.got(got, names) if why is None else f"{texts.got(got, names)}; {texts.why(why)}"
        )
        yield f"  {account.name}: {told}"
