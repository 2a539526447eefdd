"""版本衝突: two versions that did not know of each other, side by side, and the choice.

Differences are marked by a star, not by colour alone.
"""

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.session.conflict import Pair, pair_of, shown_heads
from kiosk.session.difference import FIELDS
from kiosk.session.draft import Answers
from kiosk.session.event import HeadChosen, HeadTurned
from kiosk.session.naming import school_name
from kiosk.session.page import ConflictPage
from kiosk.session.record import Delivery, Version
from kiosk.session.season import window_at
from kiosk.session.state import SignedIn
from kiosk.text.answers import answer_words
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph

LABEL_GAP = 2
MARK = 2
PAIR = 2
CHOICES = {"1": (0, False), "2": (1, False), "3": (0, True), "4": (1, True)}
"""Key → side, and whether it is changed before it is sent."""


class ConflictScreen(Frame):
    """Left and right; the buttons stay in view however long the lists are."""

    HELP = "conflict"
    STEPS: ClassVar[bool] = True
    SIDE: ClassVar[bool] = False
    FIRST = "take-1"

    def middle(self) -> Iterable[Widget]:
        texts = self.texts
        labels = (texts.take_left, texts.take_right, texts.edit_left, texts.edit_right)
        with Vertical(id="middle-column"):
            yield Lines(self._heading, id="heading")
            with VerticalScroll(id="body", can_focus=False):
                yield Lines(self._content, id="content")
            with Horizontal(classes="buttons"):
                for number, label in zip(CHOICES, labels, strict=True):
                    yield Push(label, id=f"take-{number}")

    @property
    def sides(self) -> tuple[Version, Version] | None:
        """What stands left and right."""
        scene = self.session.scene
        if not isinstance(scene, SignedIn) or not isinstance(scene.page, ConflictPage):
            return None
        return shown_heads(scene.record, scene.page) if scene.record.in_conflict else None

    @property
    def _count(self) -> int:
        scene = self.session.scene
        return len(scene.record.heads) if isinstance(scene, SignedIn) else 0

    def hints(self) -> tuple[Hint, ...]:
        more = self._count > PAIR
        return (
            self.hint("digits", KeyWord.CHOOSE),
            *((self.hint("f3", KeyWord.OTHER_VERSION, self._turn),) if more else ()),
            self.hint("pagedown", KeyWord.PAGE, shown=self.wide),
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("enter", KeyWord.CONFIRM),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    def handle_unused(self, event: events.Key) -> None:
        """1 to 4 choose."""
        if event.character in CHOICES:
            event.stop()
            self._choose(event.character)
            return
        super().handle_unused(event)

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        self._choose((message.push.id or "").removeprefix("take-"))

    def _choose(self, number: str) -> None:
        side, edit = CHOICES[number]
        if self.sides is not None:
            self.tell(HeadChosen(at=self.now, version=self.sides[side].hash, edit=edit))

    def _turn(self) -> None:
        self.tell(HeadTurned(at=self.now))

    # Drawing.

    def _heading(self, width: int) -> Iterable[Line]:
        sides, scene = self.sides, self.session.scene
        if sides is None or not isinstance(scene, SignedIn):
            return
        texts = self.texts
        yield line(f" {texts.conflict_heading}", role=Role.ERROR)
        if window_at(self.station, self.session.at).editable:
            yield from paragraph(f" {texts.conflict_intro}", width - 1)
        else:
            yield from paragraph(f" {texts.conflict_closed}", width - 1, Role.WARNING)
        if self._count > PAIR:
            right = scene.record.heads.index(sides[1]) + 1
            yield line(f" {texts.conflict_pair(1, right, self._count)}", role=Role.WARNING)
        yield BLANK
        names = (texts.left_word, texts.right_word)
        heads = tuple(
            f"{name} {texts.version_name(version.version)} {self._when(version)}"
            for name, version in zip(names, sides, strict=True)
        )
        yield self._cells("", heads, width, Role.TITLE)
        places = tuple(
            texts.sent_elsewhere if each.delivery is Delivery.ELSEWHERE else texts.sent_here
            for each in sides
        )
        yield self._cells("", places, width, Role.DIM)

    def _when(self, version: Version) -> str:
        if version.submitted is None:
            return ""
        words = self.texts.withdrawn_when if version.withdrawn else self.texts.sent_when
        return words(version.submitted)

    def _content(self, width: int) -> Iterable[Line]:
        sides = self.sides
        if sides is None:
            return
        pair, texts = pair_of(*sides), self.texts
        gaps = tuple(self._gap(version) for version in sides)
        if any(gaps):
            yield self._cells("", gaps, width, Role.WARNING)
        for place in pair.fields:
            values = (self._value(place, pair.left), self._value(place, pair.right))
            yield self._cells(texts.place(place), values, width, Role.WARNING, mark="*")
        if pair.left is not None and pair.right is not None:
            same = len(FIELDS) - len(pair.fields)
            wishes = sum(left != right for left, right in pair.wishes)
            yield line(f" {texts.same_answers(same, wishes)}", role=Role.DIM)
        yield from self._wishes(pair, width)

    def _gap(self, version: Version) -> str:
        if version.withdrawn:
            return self.texts.side_withdrawn
        return "" if version.complete else self.texts.side_missing

    def _value(self, place: str, answers: Answers | None) -> str:
        scene = self.session.scene
        if answers is None or not isinstance(scene, SignedIn):
            return ""
        return answer_words(place, answers, scene.post, self.station.reference, self.texts)

    def _wishes(self, pair: Pair, width: int) -> Iterable[Line]:
        texts, reference = self.texts, self.station.reference
        both = pair.left is not None and pair.right is not None
        counts = tuple(
            "" if each is None else texts.counted(len(each.wishes))
            for each in (pair.left, pair.right)
        )
        yield self._cells(texts.your_wishes, counts, width, Role.DIM)
        for rank, schools in enumerate(pair.wishes, start=1):
            names = tuple("" if each is None else school_name(reference, each) for each in schools)
            differs = both and schools[0] != schools[1]
            role = Role.WARNING if differs else Role.TEXT
            label = f"{texts.wish_short} {rank:03}"
            yield self._cells(label, names, width, role, mark="*" if differs else "")

    def _cells(
        self, label: str, cells: tuple[str, ...], width: int, role: Role, *, mark: str = ""
    ) -> Line:
        """A label and the two sides, with a line between them."""
        first = max(cell_len(self.texts.place(each)) for each in FIELDS) + LABEL_GAP
        room = (width - first - MARK - 3) // PAIR
        left, right = (shorten(each, room - 1) for each in cells)
        bar = self.host.glyphs.vertical
        head = f" {shorten(label, first - 1)}"
        return line(
            Span(fit(head, first) if cell_len(head) <= first else head, Role.DIM),
            Span(fit(mark, MARK), role),
            Span(fit(left, room), role),
            Span(f"{bar} ", Role.RULE),
            Span(fit(right, room), role),
        )
