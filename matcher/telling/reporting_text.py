"""Headings of the comparison page, in 正體中文 and in English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from matcher.telling.text import Language


class ReportingTexts(Protocol):
    """What stands over columns and sections."""

    tag: str
    title: str
    placement: str
    total: str
    mean: str
    median: str
    largest: str
    envious: str
    pairs: str
    wanted_empty: str
    complaints_hint: str
    counties: str
    county: str
    left: str
    entered: str
    net: str
    differences: str
    teacher: str
    in_words: str

    def stage(self, code: str) -> str:
        """A school stage."""

    def rules(self, name: str) -> str:
        """By which rule file."""


class Chinese:
    """正體中文."""

    tag = "zh-Hant-TW"
    title = "介聘結果比較"
    placement = "結果"
    total = "達成"
    mean = "平均志願"
    median = "中位數"
    largest = "最大一案"
    envious = "較優先而未取得"
    pairs = "對數"
    wanted_empty = "想去而有空缺"
    complaints_hint = (
        "「較優先而未取得」：有人去了她更想去的位置，而她在那裡的優先序在前。交換階段的人用自己的位置換來"
        "位置，這不一定是錯。「想去而有空缺」：她更想去的位置最後空著，例如規則不再開放遺缺。"
    )
    counties = "各縣市"
    county = "縣市"
    left = "調出"
    entered = "調入"
    net = "淨"
    differences = "結果不同的人"
    teacher = "教師"
    in_words = "圖的文字說明"
    _stages: Mapping[str, str] = MappingProxyType(
        {"junior": "國中", "elementary": "國小", "kindergarten": "幼兒園"}
    )

    def stage(self, code: str) -> str:
        """A school stage."""
        return self._stages[code]

    def rules(self, name: str) -> str:
        """By which rule file."""
        return f"規則檔 {name}。各結果的人相同；標明另一份問題檔的，規則或缺額不同。"


class English:
    """English."""

    tag = "en"
    title = "Placements compared,"
    placement = "placement"
    total = "moved"
    mean = "mean wish"
    median = "median"
    largest = "largest component"
    envious = "passed over"
    pairs = "pairs"
    wanted_empty = "wanting an empty seat"
    complaints_hint = (
        "Passed over: somebody went to a place she prefers although she has priority there. In an "
        "exchange people give a seat for the one they take, so that need not be wrong. Wanting an "
        "empty seat: a place she prefers stands empty, as when seats left behind are not offered."
    )
    counties = "Counties"
    county = "county"
    left = "left"
    entered = "entered"
    net = "net"
    differences = "Who gets something else"
    teacher = "teacher"
    in_words = "the picture in words"

    def stage(self, code: str) -> str:
        """A school stage."""
        return code

    def rules(self, name: str) -> str:
        """By which rule file."""
        return f"Rule file {name}. All placements are of the same people."


REPORTING: Mapping[Language, ReportingTexts] = MappingProxyType(
    {Language.ZH: Chinese(), Language.EN: English()}
)
