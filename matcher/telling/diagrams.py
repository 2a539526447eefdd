"""Chains and rings as pictures: a box for each seat, an arrow for each move.

Pure text, no drawing library: a diagram is not a chart. All positions are whole pixels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from xml.sax.saxutils import escape

from core.domain.points import Points
from matcher.files.placement import Chain, Component, Move, Placement
from matcher.files.problem import Position, Problem
from matcher.telling.names import Names
from matcher.telling.picture import Picture, cells, head, shortened
from matcher.telling.plotting_text import PLOTTING, PlottingTexts
from matcher.telling.text import TEXTS, Language

BOX_WIDTH, BOX_HEIGHT, GAP = 190, 48, 62
ROUND_UP_TO = 5  # larger rings are drawn as a column with a way back
_TITLE_ROOM, _MARGIN, _TIP = 44, 16, 9
_NAME_CELLS = 22
_INK, _SOFT, _LINE = "#17212b", "#52606d", "#0b4f6c"
_AXES = {3: (225, 118), 4: (245, 130), 5: (300, 175)}  # of the ellipse, by people

Spot = tuple[int, int]
"""The middle of a box or a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """A box; an ``open`` one is a vacancy."""

    name: str
    line: str
    open: bool
    spot: Spot


def components(
    problem: Problem, placement: Placement, names: Names, lang: Language
) -> Iterator[Picture]:
    """One picture for each chain and ring, in the order of the placement."""
    drawing = _Drawing(problem, names, PLOTTING[lang])
    for number, component in enumerate(placement.components, start=1):
        yield drawing.picture(number, component)


class _Drawing:
    def __init__(self, problem: Problem, names: Names, texts: PlottingTexts) -> None:
        self._names, self._texts = names, texts
        self._county = {school.id: school.county for school in problem.schools}
        self._points = {teacher.id: teacher.points for teacher in problem.teachers}

    def picture(self, number: int, component: Component) -> Picture:
        """The component with its number; its description has a sentence for each move."""
        phase = TEXTS[self._texts.lang].phase(component.phase)
        title = self._texts.component(number, phase, len(component.moves))
        description = " ".join(map(self._sentence, component.moves))
        width, height, parts = self._drawn(component)
        svg = "".join(
            (
                head(width=width, height=height, title=title, description=description),
                f'<rect width="{width}" height="{height}" fill="white"/>\n',
                _text((_MARGIN, 28), title, f'font-size="16" font-weight="bold" fill="{_INK}"'),
                *parts,
                "</svg>\n",
            )
        )
        return Picture(
            file=f"component-{number:04}.svg", title=title, description=description, svg=svg
        )

    def _drawn(self, component: Component) -> tuple[int, int, list[str]]:
        moves = component.moves
        if isinstance(component, Chain):
            return self._column(moves, [moves[0].destination, *(m.origin for m in moves)])
        if len(moves) == min(_AXES) - 1:
            return self._swap(moves)
        if len(moves) <= ROUND_UP_TO:
            return self._round(moves)
        # From below upwards each takes the seat above her; the first takes the lowest.
        return self._column(moves, [move.origin for move in moves], back=True)

    def _column(
        self, moves: Sequence[Move], seats: Sequence[Position], *, back: bool = False
    ) -> tuple[int, int, list[str]]:
        left = _MARGIN + (64 if back else 0)
        middle = left + BOX_WIDTH // 2
        spots = [
            (middle, _TITLE_ROOM + BOX_HEIGHT // 2 + n * (BOX_HEIGHT + GAP))
            for n in range(len(seats))
        ]
        width = left + BOX_WIDTH + 110
        height = spots[-1][1] + BOX_HEIGHT // 2 + _MARGIN
        boxes = [
            self._seat(seat, spot, is_open=not back and n == 0)
            for n, (seat, spot) in enumerate(zip(seats, spots, strict=True))
        ]
        if back:  # a ring: each move goes one box down, the last one back to the top
            pairs = list(zip(spots, [*spots[1:], spots[0]], strict=True))
        else:  # a chain: each move goes one box up
            pairs = list(zip(spots[1:], spots, strict=False))
        parts = []
        for move, (start, end) in zip(moves, pairs, strict=True):
            if back and end == spots[0]:
                parts.append(_way_back(start, end, left))
                label = (_MARGIN + 64, height + 6)
                height += 34
                parts.append(self._label(move, label, anchor="start"))
            else:
                parts.append(_arrow(start, end))
                label = (middle + 14, (start[1] + end[1]) // 2)
                parts.append(self._label(move, label, anchor="start"))
        return width, height, parts + boxes

    def _swap(self, moves: Sequence[Move]) -> tuple[int, int, list[str]]:
        reach = BOX_WIDTH // 2 + 46
        middle = _MARGIN + 150 + BOX_WIDTH // 4
        top = (middle, _TITLE_ROOM + BOX_HEIGHT // 2)
        bottom = (middle, top[1] + BOX_HEIGHT + GAP + 24)
        width, height = 2 * middle, bottom[1] + BOX_HEIGHT // 2 + _MARGIN
        side = BOX_WIDTH // 2
        level = (top[1] + bottom[1]) // 2
        parts = [
            _curve((middle + side, top[1]), (middle + side, bottom[1]), middle + reach),
            _curve((middle - side, bottom[1]), (middle - side, top[1]), middle - reach),
            self._label(moves[0], (middle + 12, level), anchor="start"),
            self._label(moves[1], (middle - 12, level), anchor="end"),
            self._seat(moves[0].origin, top),
            self._seat(moves[1].origin, bottom),
        ]
        return width, height, parts

    def _round(self, moves: Sequence[Move]) -> tuple[int, int, list[str]]:
        across, down = _AXES[len(moves)]
        middle = (
            _MARGIN + BOX_WIDTH // 2 + across,
            _TITLE_ROOM + BOX_HEIGHT // 2 + down,
        )
        spots = [
            (
                middle[0] + round(across * sin(2 * pi * n / len(moves))),
                middle[1] - round(down * cos(2 * pi * n / len(moves))),
            )
            for n in range(len(moves))
        ]
        lowest = max(y for _, y in spots)
        parts = []
        for move, start, end in zip(moves, spots, [*spots[1:], spots[0]], strict=True):
            parts.append(_arrow(start, end))
            label = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
            parts.append(self._label(move, label))
        boxes = [self._seat(m.origin, spot) for m, spot in zip(moves, spots, strict=True)]
        return 2 * middle[0], lowest + BOX_HEIGHT // 2 + _MARGIN + 8, parts + boxes

    def _seat(self, position: Position, spot: Spot, *, is_open: bool = False) -> str:
        school, subject = self._names.position(position)
        county = self._texts.short_county(self._names, self._county[position.school])
        line = f"{county}　{subject}" + (f"（{self._texts.vacancy}）" if is_open else "")
        x, y = spot[0] - BOX_WIDTH // 2, spot[1] - BOX_HEIGHT // 2
        look = 'fill="white" stroke-dasharray="5 3"' if is_open else 'fill="#e6eef4"'
        middle = 'text-anchor="middle"'
        return (
            f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" {look} '
            f'stroke="{_LINE}" stroke-width="1.5"/>\n'
            + _text(
                (spot[0], spot[1] - 4),
                shortened(school, _NAME_CELLS),
                f'font-size="14" font-weight="bold" {middle} fill="{_INK}"',
            )
            + _text(
                (spot[0], spot[1] + 15),
                shortened(line, _NAME_CELLS + 4),
                f'font-size="12" {middle} fill="{_SOFT}"',
            )
        )

    def _label(self, move: Move, spot: Spot, anchor: str = "middle") -> str:
        """Who moves and by which wish, on white so that no line runs through it."""
        words = self._texts.label(move.wish, self._points_of(move))
        width = max(cells(move.teacher) * 8, cells(words) * 6) + 10
        x = {"start": spot[0] - 5, "middle": spot[0] - width // 2, "end": spot[0] - width + 5}[
            anchor
        ]
        look = f'text-anchor="{anchor}" fill="{_INK}"'
        return (
            f'<rect x="{x}" y="{spot[1] - 18}" width="{width}" height="36" fill="white"/>\n'
            + _text(
                (spot[0], spot[1] - 3), move.teacher, f'font-size="13" font-weight="bold" {look}'
            )
            + _text((spot[0], spot[1] + 13), words, f'font-size="12" {look}')
        )

    def _sentence(self, move: Move) -> str:
        left, entered = (
            f"{school}（{subject}）" if self._texts.lang is Language.ZH else f"{school} ({subject})"
            for school, subject in map(self._names.position, (move.origin, move.destination))
        )
        return self._texts.move(move.teacher, left, entered, move.wish, self._points_of(move))

    def _points_of(self, move: Move) -> Points:
        return Points(self._points[move.teacher][self._county[move.destination.school]])


def _text(spot: Spot, words: str, look: str) -> str:
    return f'<text x="{spot[0]}" y="{spot[1]}" {look}>{escape(words)}</text>\n'


def _arrow(start: Spot, end: Spot) -> str:
    """A straight line from the edge of one box to the edge of another."""
    (x1, y1), (x2, y2) = _edge(start, end), _edge(end, start)
    return f'<path d="M{x1},{y1} L{x2},{y2}" {_STROKE}/>\n' + _tip((x2, y2), (x2 - x1, y2 - y1))


def _curve(start: Spot, end: Spot, bend: int) -> str:
    """A line out of one side of a box and into the same side of another."""
    (x1, y1), (x2, y2) = start, end
    inward = -1 if bend > x1 else 1
    return f'<path d="M{x1},{y1} C{bend},{y1} {bend},{y2} {x2},{y2}" {_STROKE}/>\n' + _tip(
        end, (inward, 0)
    )


def _way_back(start: Spot, end: Spot, left: int) -> str:
    """A line from the last box of a column to the first, along its left side."""
    path = f"M{left},{start[1]} H{_MARGIN + 24} V{end[1]} H{left}"
    return f'<path d="{path}" {_STROKE}/>\n' + _tip((left, end[1]), (1, 0))


_STROKE = f'fill="none" stroke="{_LINE}" stroke-width="2"'


def _edge(box: Spot, towards: Spot) -> Spot:
    """Where the line between two boxes leaves the first."""
    dx, dy = towards[0] - box[0], towards[1] - box[1]
    share = min(
        (BOX_WIDTH / 2 + 3) / abs(dx) if dx else 1.0,
        (BOX_HEIGHT / 2 + 3) / abs(dy) if dy else 1.0,
    )
    return box[0] + round(dx * share), box[1] + round(dy * share)


def _tip(end: Spot, direction: Spot) -> str:
    """An arrow head that ends at a point."""
    dx, dy = direction
    length = (dx * dx + dy * dy) ** 0.5
    back = (end[0] - dx / length * _TIP, end[1] - dy / length * _TIP)
    side = (-dy / length * _TIP / 2, dx / length * _TIP / 2)
    corners = (end, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1]))
    points = " ".join(f"{round(x)},{round(y)}" for x, y in corners)
    return f'<polygon points="{points}" fill="{_LINE}"/>\n'
