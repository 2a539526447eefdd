"""Charts of a comparison as SVG. Knows numbers and names; drawing is `matcher.telling.vector`'s.

Every view has fixed sizes and margins: how wide a font of this machine is changes no byte. What
a colour says, a number beside it says too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase

import altair as alt

from core.domain.points import Points
from matcher.files.problem import CountyCode
from matcher.telling.compare import Account, Comparison
from matcher.telling.names import Names
from matcher.telling.picture import Picture, shortened
from matcher.telling.plotting_text import PLOTTING, PlottingTexts
from matcher.telling.text import Language
from matcher.telling.today import flows_of_today
from matcher.telling.vector import INK, SERIES, SOFT, Caption, View, draw, shade, values

BUCKETS = ((1, 1), (2, 2), (3, 3), (4, 6), (7, 10), (11, 20), (21, 40), (41, None))
POSITIONS_SHOWN = 20
BIN = 500  # hundredths: cut-offs are counted in steps of five points
_CELL, _BAR, _ROW = 30, 17, 22
_TICKS = 6


def charts(comparison: Comparison, names: Names, lang: Language) -> Iterator[Picture]:
    """Ranks of all placements in one chart; flows and cut-offs of each placement in its own."""
    texts = PLOTTING[lang]
    letters = letters_of(comparison)
    yield _ranks(comparison, letters, texts)
    for letter, account in zip(letters, comparison.accounts, strict=True):
        if account.total:
            ending = f"-{letter.lower()}" if len(letters) > 1 else ""
            of = f"{letter}　" if len(letters) > 1 else ""
            yield _flows(account, names, texts, f"flows{ending}", of)
            yield _histogram(account, texts, f"cutoffs{ending}", of)
            yield _highest(account, names, texts, f"highest{ending}", of)


def letters_of(comparison: Comparison) -> Sequence[str]:
    """A, B, C… for the placements, which pictures have more room for than for names."""
    count = len(ascii_uppercase)
    return [
        (ascii_uppercase[n // count - 1] if n >= count else "") + ascii_uppercase[n % count]
        for n in range(len(comparison.accounts))
    ]


def buckets_of(ranks: Mapping[int, int]) -> Sequence[int]:
    """How many got a wish of each of `BUCKETS`."""
    return [
        sum(n for rank, n in ranks.items() if low <= rank and (high is None or rank <= high))
        for low, high in BUCKETS
    ]


def _ranks(comparison: Comparison, letters: Sequence[str], texts: PlottingTexts) -> Picture:
    alone = len(letters) == 1
    counts = [buckets_of(account.ranks) for account in comparison.accounts]
    last = max((n for n in range(len(BUCKETS)) if any(each[n] for each in counts)), default=0)
    labels = [texts.bucket(low, high) for low, high in BUCKETS[: last + 1]]
    counts = [counted[: last + 1] for counted in counts]
    rows = [
        {
            "bucket": label,
            "letter": letter,
            "moved": moved,
            "told": str(moved) if alone else f"{letter} {moved}",
            "colour": SERIES[place % len(SERIES)],
        }
        for place, (letter, counted) in enumerate(zip(letters, counts, strict=True))
        for label, moved in zip(labels, counted, strict=True)
    ]
    most = max(max(counted) for counted in counts)
    base = alt.Chart(values(rows)).encode(
        y=alt.Y("bucket:N", sort=labels, scale=alt.Scale(paddingInner=0.18)),
        yOffset=alt.YOffset("letter:N", sort=letters),
    )
    legend = [
        f"{letter}　{texts.legend(account)}" if not alone else texts.legend(account)
        for letter, account in zip(letters, comparison.accounts, strict=True)
    ]
    said = [
        texts.ranks_said(letter, account.label, zip(labels, counted, strict=True))
        for letter, account, counted in zip(letters, comparison.accounts, counts, strict=True)
    ]
    caption = Caption(
        file="ranks.svg",
        title=texts.ranks,
        lines=legend,
        description=" ".join(said),
    )
    return draw(
        _bars(base, "moved", most),
        caption,
        View(
            width=520,
            height=max(24, _BAR * len(letters) + 8) * len(labels),
            left=116,
            right=70,
            bottom=46,
            across=texts.people,
        ),
    )


def _bars(base: alt.Chart, field: str, most: int) -> tuple[alt.Chart, alt.Chart]:
    """Bars of whole numbers in the ``colour`` of their rows, with what is ``told`` beside each."""
    end = max(most, 1)
    x = alt.X(
        f"{field}:Q",
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(tickCount=min(end, _TICKS)),  # more would stand at parts of a person
    )
    label = base.mark_text(align="left", dx=5, fontSize=12, color=INK)
    bars = base.mark_bar().encode(x=x, color=alt.Color("colour:N", scale=None))
    return bars, label.encode(x=x, text="told:N")


def _flows(account: Account, names: Names, texts: PlottingTexts, file: str, of: str) -> Picture:
    flows = flows_of_today(account, names)
    short = {
        code: texts.short_county(names, code)
        for code in (CountyCode(county.code) for county in names.counties)
        if any(code in pair for pair in flows)
    }
    order = [*short.values(), texts.total]
    most = max(flows.values())
    cells = []
    sums = Counter({(texts.total, texts.total): account.total})
    for (left, entered), moved in sorted(flows.items()):
        row, column = short[left], short[entered]
        colour, ink = shade(moved / most)
        cells.append({"from": row, "to": column, "moved": moved, "colour": colour, "ink": ink})
        sums[row, texts.total] += moved
        sums[texts.total, column] += moved
    bold = [{"from": a, "to": b, "moved": moved} for (a, b), moved in sums.items()]
    top = alt.Axis(grid=True, tickBand="extent", labelAngle=0, orient="top")
    side = alt.Axis(grid=True, tickBand="extent")
    x = alt.X("to:N", axis=top, scale=alt.Scale(domain=order))
    y = alt.Y("from:N", axis=side, scale=alt.Scale(domain=order))
    numbers = alt.Chart(values(cells)).mark_text(fontSize=12)
    layers = (
        alt.Chart(values(cells))
        .mark_rect()
        .encode(x=x, y=y, color=alt.Color("colour:N", scale=None)),
        numbers.encode(x=x, y=y, text="moved:Q", color=alt.Color("ink:N", scale=None)),
        alt.Chart(values(bold))
        .mark_text(fontSize=12, fontWeight="bold", color=INK)
        .encode(x=x, y=y, text="moved:Q"),
    )
    said = "、".join(
        f"{names.county(left, texts.lang)}→{names.county(entered, texts.lang)} {moved}"
        for (left, entered), moved in sorted(flows.items(), key=lambda each: (-each[1], each[0]))
    )
    caption = Caption(
        file=f"{file}.svg",
        title=of + texts.flows,
        lines=[texts.flows_hint],
        description=said,
    )
    return draw(
        layers,
        caption,
        View(
            width=_CELL * len(order),
            height=_CELL * len(order),
            left=60,
            right=12,
            top=58,
            across=texts.entered,
            down=texts.left,
        ),
    )


def _histogram(account: Account, texts: PlottingTexts, file: str, of: str) -> Picture:
    counted = Counter(cutoff.lowest // BIN for cutoff in account.cutoffs)
    floors = range(min(counted), max(counted) + 1)
    labels = [texts.span(floor * BIN // 100, (floor + 1) * BIN // 100) for floor in floors]
    rows = [
        {
            "points": label,
            "positions": counted[floor],
            "told": str(counted[floor]),
            "colour": SERIES[0],
        }
        for floor, label in zip(floors, labels, strict=True)
    ]
    base = alt.Chart(values(rows)).encode(y=alt.Y("points:N", sort=labels))
    caption = Caption(
        file=f"{file}.svg",
        title=of + texts.cutoffs,
        lines=[texts.cutoffs_hint],
        description="、".join(f"{row['points']}: {row['told']}" for row in rows),
    )
    return draw(
        _bars(base, "positions", max(counted.values())),
        caption,
        View(
            width=520,
            height=max(_ROW * len(rows), 66),
            left=86,
            right=60,
            top=24,
            bottom=46,
            across=texts.positions,
            down=texts.lowest_points,
        ),
    )


def _highest(account: Account, names: Names, texts: PlottingTexts, file: str, of: str) -> Picture:
    shown = sorted(
        account.cutoffs,
        key=lambda each: (-each.lowest, each.position.school, each.position.subject),
    )[:POSITIONS_SHOWN]
    start = (shown[-1].lowest - 1) // BIN * BIN // 100
    labels = [
        f"{place}. {shortened(' '.join(names.position(each.position)))}"
        for place, each in enumerate(shown, start=1)
    ]
    rows = [
        {
            "position": label,
            "start": start,
            "lowest": each.lowest / 100,
            "highest": each.highest / 100,
            "told": texts.range_of(Points(each.lowest), Points(each.highest), each.moved),
        }
        for label, each in zip(labels, shown, strict=True)
    ]
    end = max(each.highest for each in shown) // BIN * BIN // 100 + BIN // 100
    base = alt.Chart(values(rows)).encode(y=alt.Y("position:N", sort=labels))
    scale = alt.Scale(domain=[start, end], nice=False)
    lowest, highest = alt.X("lowest:Q"), alt.X("highest:Q")  # all layers share the first's scale
    layers = (
        base.mark_rule(strokeWidth=1, color=SOFT, strokeDash=[1, 3]).encode(
            x=alt.X("start:Q", scale=scale), x2="lowest:Q"
        ),
        base.mark_rule(strokeWidth=3, color=SERIES[0]).encode(x=lowest, x2="highest:Q"),
        base.mark_point(filled=True, size=55, shape="diamond", color=SERIES[1], opacity=1).encode(
            x=highest
        ),
        base.mark_point(filled=True, size=70, shape="circle", color=SERIES[0], opacity=1).encode(
            x=lowest
        ),
        base.mark_text(align="left", dx=9, fontSize=12, color=INK).encode(x=highest, text="told:N"),
    )
    caption = Caption(
        file=f"{file}.svg",
        title=of + texts.highest(len(rows)),
        lines=[texts.highest_hint],
        description="；".join(f"{row['position']} {row['told']}" for row in rows),
    )
    return draw(
        layers,
        caption,
        View(
            width=340,
            height=max(_ROW * len(rows), 66),
            left=226,
            right=134,
            bottom=46,
            across=texts.points,
        ),
    )
