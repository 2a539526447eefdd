"""Words in pictures, in 正體中文 and in English."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from core.domain.points import Points
from matcher.files.problem import CountyCode
from matcher.telling.compare import Account
from matcher.telling.comparing_text import hundredths
from matcher.telling.names import Names
from matcher.telling.text import Language

DASH = "\N{EN DASH}"
_TWINS = MappingProxyType({"新竹縣": "竹縣", "新竹市": "竹市", "嘉義縣": "嘉縣", "嘉義市": "嘉市"})
"""Counties whose first two characters are a city's as well, as people shorten them."""
_LETTERS = MappingProxyType(
    {
        "新北市": "NWT",
        "臺北市": "TPE",
        "桃園市": "TAO",
        "臺中市": "TXG",
        "臺南市": "TNN",
        "高雄市": "KHH",
        "宜蘭縣": "ILA",
        "新竹縣": "HSQ",
        "苗栗縣": "MIA",
        "彰化縣": "CHA",
        "南投縣": "NAN",
        "雲林縣": "YUN",
        "嘉義縣": "CYQ",
        "屏東縣": "PIF",
        "臺東縣": "TTT",
        "花蓮縣": "HUA",
        "澎湖縣": "PEN",
        "基隆市": "KEE",
        "新竹市": "HSZ",
        "嘉義市": "CYI",
        "金門縣": "KIN",
        "連江縣": "LIE",
    }
)
"""ISO 3166-2:TW."""


class PlottingTexts(Protocol):
    """What pictures say."""

    lang: Language
    people: str
    ranks: str
    flows: str
    flows_hint: str
    left: str
    entered: str
    total: str
    cutoffs: str
    cutoffs_hint: str
    lowest_points: str
    points: str
    positions: str
    highest_hint: str
    vacancy: str

    def bucket(self, low: int, high: int | None) -> str:
        """Some ranks."""

    def span(self, low: int, high: int) -> str:
        """Points from ``low`` up to, but not including, ``high``."""

    def legend(self, account: Account) -> str:
        """A placement with its two numbers."""

    def ranks_said(self, letter: str, name: str, counted: Iterable[tuple[str, int]]) -> str:
        """The chart of ranks in words."""

    def short_county(self, names: Names, code: CountyCode) -> str:
        """A county in the width of a cell."""

    def highest(self, shown: int) -> str:
        """The title of the positions with the highest cut-offs."""

    def range_of(self, lowest: Points, highest: Points, moved: int) -> str:
        """The points of those who got in."""

    def component(self, number: int, phase: str, people: int) -> str:
        """The title of a chain or ring."""

    def move(self, teacher: str, left: str, entered: str, wish: int, points: Points) -> str:
        """One move in words."""

    def label(self, wish: int, points: Points) -> str:
        """A move beside its arrow."""


class Chinese:
    """正體中文."""

    lang = Language.ZH
    people = "人數"
    ranks = "志願序分布"
    flows = "縣市流動"
    flows_hint = "列為調出，欄為調入；數字為人數，顏色越深人數越多"
    left = "調出"
    entered = "調入"
    total = "合計"
    cutoffs = "各校各科最低錄取積分分布"
    cutoffs_hint = "每一校一科計一次，取調入者中最低的積分"
    lowest_points = "最低積分"
    points = "積分"
    positions = "校科數"
    highest_hint = "圓點為調入者最低積分，菱形為最高積分"
    vacancy = "缺額"

    def bucket(self, low: int, high: int | None) -> str:
        """Some ranks."""
        if high is None:
            return f"第 {low} 志願以後"
        return f"第 {low} 志願" if low == high else f"第 {low}{DASH}{high} 志願"

    def span(self, low: int, high: int) -> str:
        """Points from ``low`` up to, but not including, ``high``."""
        return f"{low}{DASH}{high}"

    def legend(self, account: Account) -> str:
        """A placement with its two numbers."""
        return (
            f"{account.label}：達成 {account.total} 人，平均第 {hundredths(account.mean_rank)} 志願"
        )

    def ranks_said(self, letter: str, name: str, counted: Iterable[tuple[str, int]]) -> str:
        """The chart of ranks in words."""
        return f"{letter} {name}：{'、'.join(f'{label} {n} 人' for label, n in counted)}。"

    def short_county(self, names: Names, code: CountyCode) -> str:
        """A county in the width of a cell."""
        name = names.county(code, self.lang)
        return _TWINS.get(name, name[:2])

    def highest(self, shown: int) -> str:
        """The title of the positions with the highest cut-offs."""
        return f"最低錄取積分最高的 {shown} 個校科"

    def range_of(self, lowest: Points, highest: Points, moved: int) -> str:
        """The points of those who got in."""
        return f"{lowest} 分" if moved == 1 else f"{lowest}{DASH}{highest} 分（{moved} 人）"

    def component(self, number: int, phase: str, people: int) -> str:
        """The title of a chain or ring."""
        return f"第 {number} 案　{phase}　{people} 人"

    def move(self, teacher: str, left: str, entered: str, wish: int, points: Points) -> str:
        """One move in words."""
        return f"{teacher} 由 {left} 調至 {entered}（第 {wish} 志願，{points} 分）。"

    def label(self, wish: int, points: Points) -> str:
        """A move beside its arrow."""
        return f"第 {wish} 志願　{points} 分"


class English:
    """English."""

    lang = Language.EN
    people = "teachers"
    ranks = "Ranks of the wishes obtained"
    flows = "Moves between counties"
    flows_hint = "rows: county left; columns: county entered; the darker, the more people"
    left = "left"
    entered = "entered"
    total = "all"
    cutoffs = "Lowest points that got in"
    cutoffs_hint = "each school and subject once, by the lowest of those who moved there"
    lowest_points = "lowest points"
    points = "points"
    positions = "schools and subjects"
    highest_hint = "circle: lowest points that got in; diamond: highest"
    vacancy = "vacancy"

    def bucket(self, low: int, high: int | None) -> str:
        """Some ranks."""
        if high is None:
            return f"wish {low} and on"
        return f"wish {low}" if low == high else f"wishes {low}{DASH}{high}"

    def span(self, low: int, high: int) -> str:
        """Points from ``low`` up to, but not including, ``high``."""
        return f"{low}{DASH}{high}"

    def legend(self, account: Account) -> str:
        """A placement with its two numbers."""
        return f"{account.label}: {account.total} moved, mean wish {hundredths(account.mean_rank)}"

    def ranks_said(self, letter: str, name: str, counted: Iterable[tuple[str, int]]) -> str:
        """The chart of ranks in words."""
        return f"{letter} {name}: {', '.join(f'{label} {n}' for label, n in counted)}."

    def short_county(self, names: Names, code: CountyCode) -> str:
        """A county in the width of a cell."""
        return _LETTERS[names.county(code, Language.ZH)]

    def highest(self, shown: int) -> str:
        """The title of the positions with the highest cut-offs."""
        return f"The {shown} highest cut-offs"

    def range_of(self, lowest: Points, highest: Points, moved: int) -> str:
        """The points of those who got in."""
        return f"{lowest}" if moved == 1 else f"{lowest}{DASH}{highest} ({moved})"

    def component(self, number: int, phase: str, people: int) -> str:
        """The title of a chain or ring."""
        return f"No. {number}, {phase}, {people} people"

    def move(self, teacher: str, left: str, entered: str, wish: int, points: Points) -> str:
        """One move in words."""
        return f"{teacher} moves from {left} to {entered} (wish {wish}, {points} points)."

    def label(self, wish: int, points: Points) -> str:
        """A move beside its arrow."""
        return f"wish {wish}, {points} points"


PLOTTING: Mapping[Language, PlottingTexts] = MappingProxyType(
    {Language.ZH: Chinese(), Language.EN: English()}
)
