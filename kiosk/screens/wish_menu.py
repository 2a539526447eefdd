"""Two boxes with a memory of their own.

The functions of one wish, and townships with marks to tick.
"""

from textual import events

from core.domain.school import Mark
from kiosk.screens.overlay import Chooser
from kiosk.widgets.menu import Item, Menu

MARK = "mark:"
RANK_DIGITS = 3


class WishMenu(Chooser):
    """The seven functions.

    Digits typed here are the rank to move to, Home and End the first and the last.
    """

    def __init__(self, title: str, items: tuple[Item, ...]) -> None:
        super().__init__(title, items)
        self._digits = ""

    def box(self) -> Menu:
        menu = super().box()
        menu.ends = False  # they move the wish
        return menu

    def on_mount(self) -> None:
        self._write_rank()

    def _write_rank(self) -> None:
        before, after = self.texts.move_rank_long
        menu = self.query_one(Menu)
        menu.set_items(
            tuple(
                Item(
                    key=each.key,
                    label=f"{before} [{self._digits:_<{RANK_DIGITS}}] {after}",
                    note=each.note,
                )
                if each.key == "rank"
                else each
                for each in menu.items
            )
        )

    def other_key(self, event: events.Key) -> None:
        shortcut = {"f5": "up", "f6": "down", "home": "first", "end": "last", "delete": "remove"}
        if event.key in shortcut:
            self.dismiss(shortcut[event.key])
        elif event.key == "backspace":
            self._digits = self._digits[:-1]
            self._write_rank()
        elif event.character is not None and event.character.isdecimal():
            # full-width digits count too
            self._digits = f"{self._digits}{int(event.character)}"[:RANK_DIGITS]
            self.query_one(Menu).select("rank")
            self._write_rank()

    def chosen(self, message: Menu.Chosen) -> None:
        if message.key == "rank":
            self.dismiss(f"rank:{self._digits}")
        else:
            super().chosen(message)


class TownshipChooser(Chooser):
    """Townships end the box; marks are ticked and the box stays."""

    def __init__(
        self,
        title: str,
        items: tuple[Item, ...],
        *,
        marks: frozenset[Mark],
        selected: str,
        intro: str = "",
    ) -> None:
        super().__init__(title, items, selected=selected, intro=intro)
        self.marks = marks

    def on_mount(self) -> None:
        self._tick()

    def _tick(self) -> None:
        menu = self.query_one(Menu)
        menu.set_items(tuple(self._ticked(each) for each in menu.items))

    def _ticked(self, item: Item) -> Item:
        if not item.key.startswith(MARK):
            return item
        on = Mark(item.key.removeprefix(MARK)) in self.marks
        name = item.label.removeprefix("[v] ").removeprefix("[ ] ")
        return Item(key=item.key, label=f"[{'v' if on else ' '}] {name}")

    def chosen(self, message: Menu.Chosen) -> None:
        if not message.key.startswith(MARK):
            super().chosen(message)
            return
        mark = Mark(message.key.removeprefix(MARK))
        self.marks = self.marks - {mark} if mark in self.marks else self.marks | {mark}
        self._tick()
