"""Where a finger lands: on a target, or on the blank beside the one it meant (U-034).

A target is at least two rows high and six cells wide for a finger. One that is painted smaller
takes the blank next to it, never what belongs to another target.
"""

from collections.abc import Iterable

from textual.events import MouseEvent
from textual.geometry import Offset, Region
from textual.screen import Screen
from textual.widget import Widget

from kiosk.widgets.painted import Painted

LEAST_ROWS, LEAST_CELLS = 2, 6


def targets(screen: Screen[object]) -> tuple[Region, ...]:
    """Everything on the screen that acts when it is touched, as painted and as far as in view."""
    found = []
    for widget in screen.query(Painted):
        if not shown(widget):
            continue
        geometry = screen.find_widget(widget)
        for zone in widget.zones_of_touch():
            seen = zone.translate(geometry.region.offset).intersection(geometry.visible_region)
            if seen.area:
                found.append(seen)
    return tuple(found)


def shown(widget: Widget) -> bool:
    """Whether it and everything around it is displayed."""
    return all(each.display for each in widget.ancestors_with_self if isinstance(each, Widget))


def grown(painted: Iterable[Region], screen: Region) -> tuple[Region, ...]:
    """Each target with the blank it takes, in the order given.

    A row above or below and cells left or right, where neither another target nor the edge is.
    """
    found = list(painted)
    for at in range(len(found)):
        others = [each for index, each in enumerate(found) if index != at]
        while wider := next((each for each in _larger(found[at], others, screen)), None):
            found[at] = wider
    return tuple(found)


def meant(point: Offset, screen: Screen[object]) -> Offset:
    """The same point, or that of the target whose blank it is in."""
    painted = targets(screen)
    if any(zone.contains_point(point) for zone in painted):
        return point
    for zone, own in zip(grown(painted, screen.region), painted, strict=True):
        if zone.contains_point(point):
            return Offset(
                min(max(point.x, own.x), own.right - 1), min(max(point.y, own.y), own.bottom - 1)
            )
    return point


def moved(event: MouseEvent, to: Offset) -> MouseEvent:
    """The event as if it had happened there."""
    return type(event)(
        event.widget,
        x=to.x,
        y=to.y,
        delta_x=event.delta_x,
        delta_y=event.delta_y,
        button=event.button,
        shift=event.shift,
        meta=event.meta,
        ctrl=event.ctrl,
        screen_x=to.x,
        screen_y=to.y,
        style=event.style,
    )


def _larger(zone: Region, others: Iterable[Region], screen: Region) -> Iterable[Region]:
    """One step larger where it is too small and the step is free."""
    x, y, width, height = zone
    steps: list[Region] = []
    if height < LEAST_ROWS:
        steps += Region(x, y - 1, width, height + 1), Region(x, y, width, height + 1)
    if width < LEAST_CELLS:
        steps += Region(x, y, width + 1, height), Region(x - 1, y, width + 1, height)
    for each in steps:
        if screen.contains_region(each) and not any(each.overlaps(other) for other in others):
            yield each
