"""K03: everything there is to do, with its state; where every sign-in arrives."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType

from rich.cells import cell_len
from textual import events, on
from textual.containers import Vertical
from textual.widget import Widget

from kiosk.screens.draft_state import draft_words, in_force_words, lists_age_hours, wishes_in
from kiosk.screens.frame import Frame
from kiosk.screens.labels import instant
from kiosk.session.event import TaskOpened, WithdrawAsked
from kiosk.session.naming import county_name
from kiosk.session.page import QUESTIONS, Task, TasksPage, TaskState
from kiosk.session.season import Window, deadline, window_at
from kiosk.session.state import Session, SignedIn
from kiosk.session.station import LinkName
from kiosk.session.tasks import TaskLine, first_open, may_withdraw, task_lines
from kiosk.session.wishing import closed_wishes
from kiosk.text.doubts import barred_words
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten, wrap
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, between, hanging, line, paragraph
from kiosk.widgets.rows import Row, Rows

NUMBER = 5
GAP_NARROW, GAP_WIDE = 6, 2
"""Cells between the columns; what is left is the explanation's."""
TYPICAL_WISHES = 99
OLD_LISTS_HOURS = 24
TODAY = timedelta(hours=24)
ROLES = {
    TaskState.DONE: Role.GOOD,
    TaskState.ATTENTION: Role.ERROR,
    TaskState.BLOCKED: Role.DISABLED,
}


class TasksScreen(Frame):
    """K03."""

    HELP = "tasks"
    FIRST = "tasks"

    _judged: Session | None = None
    _found: Mapping[Task, TaskLine] = MappingProxyType({})
    """The lines of that session, for all rows together: each looks at every answer."""

    def middle(self) -> Iterable[Widget]:
        yield from super().middle()

    def body(self) -> Iterable[Widget]:
        with Vertical(id="list"):
            yield Lines(self._heading, id="heading")
            yield Rows(self._row, id="tasks")
            yield Lines(self._box, id="box")

    def on_mount(self) -> None:
        super().on_mount()
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            lines = task_lines(scene, self.station, self.session.at)
            resumed = scene.page.resumed if isinstance(scene.page, TasksPage) else None
            self.query_one("#tasks", Rows).select(resumed or first_open(lines))

    def show(self) -> None:
        self.query_one("#tasks", Rows).set_rows(tuple(Row(task.value) for task in Task))

    def hints(self) -> tuple[Hint, ...]:
        scene = self.session.scene
        takes_back = isinstance(scene, SignedIn) and may_withdraw(
            scene, self.station, self.session.at
        )
        return (
            self.hint("enter", KeyWord.OPEN),
            self.hint("updown", KeyWord.CHOOSE),
            *((self.hint("f8", KeyWord.WITHDRAW, self._withdraw),) if takes_back else ()),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display),
            *self.virtual_hint(),
            self.hint("f10", KeyWord.END_CARD, self.end),
        )

    @on(Rows.Acted)
    def _opened(self, message: Rows.Acted) -> None:
        self.tell(TaskOpened(at=self.now, task=Task(message.key)))

    @on(Rows.Moved)
    def _moved(self) -> None:
        for side in self.query("#side").results(Lines):
            side.repaint()

    def handle_unused(self, event: events.Key) -> None:
        """A digit opens its row."""
        if event.character is not None and event.character.isdecimal():
            number = int(event.character)
            if 1 <= number <= len(Task):
                event.stop()
                self.tell(TaskOpened(at=self.now, task=tuple(Task)[number - 1]))
                return
        super().handle_unused(event)

    def _withdraw(self) -> None:
        self.tell(WithdrawAsked(at=self.now))

    @property
    def _name_width(self) -> int:
        return max(cell_len(self.texts.task(task)) for task in Task) + self._gap

    @property
    def _state_width(self) -> int:
        words = [self.texts.task_state(state) for state in TaskState]
        words.append(self.texts.wishes_filled(TYPICAL_WISHES))
        return max(cell_len(word) for word in words) + self._gap

    @property
    def _gap(self) -> int:
        return GAP_WIDE if self.wide else GAP_NARROW

    def _heading(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return
        texts = self.texts
        words = self._standing(scene)
        title = (Span(f" {texts.your_application}", Role.TITLE),)
        yield between(title, (Span(f"{words}  "),), width)
        yield BLANK
        names = (
            fit(texts.column_task, self._name_width),
            fit(texts.column_state, self._state_width),
            texts.column_note,
        )
        yield line(f"{' ' * NUMBER}{''.join(names)}", role=Role.DIM)

    def _standing(self, scene: SignedIn) -> str:
        """What stands of the application, at the right end of the title."""
        texts, current = self.texts, scene.record.current
        if scene.record.in_conflict:
            return texts.conflict_word
        if current is None:
            return texts.never_sent
        if current.withdrawn:
            return texts.withdrawn_version(current.version, current.submitted)
        return texts.sent_version(current.version, current.submitted, wishes_in(scene))

    def _row(self, row: Row, width: int) -> Line:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return ()
        task = Task(row.key)
        found = self._lines(scene)[task]
        texts = self.texts
        number = tuple(Task).index(task) + 1
        state = texts.task_state(found.state)
        if task is Task.WISHES and found.count:
            state = texts.wishes_filled(found.count)
        name = self._name_width
        room = max(2, width - NUMBER - name - self._state_width)
        note = shorten(self._note(scene, found), room)
        return line(
            Span(fit(f"   {number}", NUMBER)),
            Span(fit(texts.task(task), name)),
            Span(fit(state, self._state_width), ROLES.get(found.state, Role.TEXT)),
            Span(note, Role.DIM),
        )

    def _lines(self, scene: SignedIn) -> Mapping[Task, TaskLine]:
        if self._judged is not self.session:
            self._judged = self.session
            lines = task_lines(scene, self.station, self.session.at)
            self._found = {each.task: each for each in lines}
        return self._found

    def _note(self, scene: SignedIn, found: TaskLine) -> str:  # noqa: PLR0911 - a table
        texts, answers, station = self.texts, scene.draft.answers, self.station
        match found.task:
            case Task.NOTICES if answers.agreed_ms is not None:
                return texts.agreed_at(instant(answers.agreed_ms, self.session.at))
            case Task.POSTS if found.state is TaskState.UNDER_WAY and found.count:
                return texts.changing(found.count)
            case Task.WISHES if answers.county_a and answers.county_b:
                first = county_name(station.reference, answers.county_a)
                return texts.counties_note(first, county_name(station.reference, answers.county_b))
            case Task.CHECK if found.state is TaskState.BLOCKED:
                missing = self._first_missing(scene)
                return texts.first_do(missing) if missing else ""
            case Task.CHECK | Task.REVIEW if scene.record.in_conflict:
                return texts.conflict_word
            case Task.REVIEW if scene.record.withdrawn:
                return texts.withdrawn_word
            case Task.REVIEW if scene.record.current is not None:
                if found.state is TaskState.WAITING:
                    return texts.review_waiting(scene.record.current.version)
                return texts.review(scene.record.review)
            case _ if found.state is TaskState.BLOCKED:
                return texts.first_do(1) if answers.agreed_ms is None else ""
            case _:
                return texts.task_note(found.task)

    def _first_missing(self, scene: SignedIn) -> int:
        lines = self._lines(scene)
        order = (Task.NOTICES, Task.BASICS, Task.POSTS, Task.WISHES)
        open_ones = (each for each in order if lines[each].state is not TaskState.DONE)
        task = next(open_ones, None)
        return 0 if task is None else tuple(Task).index(task) + 1

    def _box(self, width: int) -> Iterable[Line]:
        """One notice at most: the most urgent (UX K03)."""
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return
        text, role, framed = self._most_urgent(scene)
        yield BLANK
        resumed = scene.page.resumed if isinstance(scene.page, TasksPage) else None
        for word in (
            self.texts.recovered if scene.recovered else "",
            "" if resumed is None else self.texts.resumed(self.texts.task(resumed)),
        ):
            if word:
                yield line(f"   {word}", role=Role.GOOD)
        barred = barred_words(scene.post.barred, self.session.at, self.texts)
        if barred:
            yield from hanging("   ! ", barred, width - 3, Role.WARNING)
        if not text:
            return
        if not framed:
            yield from paragraph(f"   {text}", width - 3, role)
            return
        yield from self._framed(text, width, role)

    def _framed(self, text: str, width: int, role: Role) -> Iterable[Line]:
        glyphs, inner = self.host.glyphs, width - 8
        bar = glyphs.horizontal * (inner + 2)
        yield line(f"   {glyphs.top_left}{bar}{glyphs.top_right}", role=Role.RULE)
        for each in wrap(text, inner):
            yield line(
                Span(f"   {glyphs.vertical} ", Role.RULE),
                Span(fit(each, inner), role),
                Span(f" {glyphs.vertical}", Role.RULE),
            )
        yield line(f"   {glyphs.bottom_left}{bar}{glyphs.bottom_right}", role=Role.RULE)

    def _most_urgent(  # noqa: PLR0911 - in the order of urgency
        self, scene: SignedIn
    ) -> tuple[str, Role, bool]:
        texts, station, record = self.texts, self.station, scene.record
        closed = (
            closed_wishes(scene.draft.answers, station.reference)
            if station.reference is not None
            else ()
        )
        over = window_at(station, self.session.at) is Window.AFTER
        if record.in_conflict:
            return texts.conflict_closed if over else texts.conflict_box, Role.ERROR, True
        if record.withdrawn:
            words = texts.withdrawn_box(deadline(station.calendar), over=over)
            return words, Role.WARNING, False
        if station.link.name.stops_writing:
            return self._trouble(station.link.name.value), Role.ERROR, False
        if closed:
            wishes = scene.draft.answers.wishes
            ranks = tuple(rank for rank, each in enumerate(wishes, start=1) if each in closed)
            at = station.reference_at
            when = "" if at is None else texts.short_minute(at)
            words = texts.lists_hit(len(wishes), texts.ranks(ranks), when)
            return words, Role.WARNING, False
        if record.decision is not None and record.decision.verdict != "approved":
            reasons = texts.list_comma.join(texts.reason(each) for each in record.decision.reasons)
            return texts.returned_box(reasons or record.decision.remark), Role.ERROR, False
        left = self.deadline_in()
        if left is not None and timedelta(0) < left < TODAY:
            return texts.deadline_box(texts.left_long(left)), Role.WARNING, False
        if station.link.trouble is not None:
            return self._trouble(station.link.trouble), Role.WARNING, False
        if station.link.name is LinkName.OFFLINE:
            return texts.offline_box, Role.TEXT, True
        hours = lists_age_hours(station, self.session.at)
        if hours >= OLD_LISTS_HOURS:
            return texts.lists_old(hours), Role.WARNING, False
        return "", Role.TEXT, False

    def _trouble(self, code: str) -> str:
        title, found, _ = self.texts.machine_trouble(code)
        return f"! {title}{self.texts.colon}{found}"

    def side(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return
        texts = self.texts
        selected = self.query_one("#tasks", Rows).selected or Task.NOTICES.value
        task = Task(selected)
        yield line(texts.task(task), role=Role.TITLE)
        yield BLANK
        yield from paragraph(texts.task_explained(task), width)
        if task is Task.POSTS:
            yield BLANK
            for number, question in enumerate(QUESTIONS, start=1):
                yield line(shorten(f"{number} {texts.question(question)}", width))
        yield BLANK
        yield line(texts.draft_word, role=Role.TITLE)
        yield BLANK
        yield from paragraph(draft_words(scene, texts), width)
        yield from paragraph(in_force_words(scene, texts), width)
