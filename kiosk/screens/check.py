"""K06: every answer once more, the differences, the tick, and 送出."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget

from core.domain.refusal import Refusal
from kiosk.screens.difference_lines import difference_lines
from kiosk.screens.frame import Frame
from kiosk.screens.labels import mark_letters
from kiosk.screens.overlay import Sheet
from kiosk.session.contact import mail_state, masked_address
from kiosk.session.contacting import address_of
from kiosk.session.event import Declared, SubmitAsked, TaskOpened
from kiosk.session.form import phone_as_sent
from kiosk.session.listing import Wish, wishes
from kiosk.session.naming import county_name, school_label, school_name, subject_name
from kiosk.session.page import CheckPage, Task
from kiosk.session.person import Secret
from kiosk.session.state import SignedIn
from kiosk.session.tasks import change_since
from kiosk.text.doubts import finding_words
from kiosk.text.fields import entry, sent
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.controls import Push, Tick
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, PaintLines, Words
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph

SECTIONS = (("1", Task.BASICS), ("2", Task.POSTS), ("3", Task.WISHES))
ROWS_NARROW = 2
COLUMNS_WIDE = 3
TEMPORARY = frozenset({"not_declared", "nothing_changed", "card_missing", "conflict_open"})
"""Faults that are not about an answer; they show only after 送出 was pressed in vain."""


class CheckScreen(Frame):
    """K06."""

    HELP = "check"
    FIELDS = MappingProxyType(
        {
            "declare": sent.DECLARED,
            "password": entry.PASSWORD_TO_SEND,
        }
    )
    STEPS: ClassVar[bool] = True
    FIRST = "declare"

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    @property
    def page(self) -> CheckPage:
        """Faults and the tick."""
        page = None if self.scene is None else self.scene.page
        return page if isinstance(page, CheckPage) else CheckPage()

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._summary, id="summary")
        for number, task in SECTIONS:
            with Horizontal(classes="row"):
                yield Lines(self._section_title(task), classes="grow")
                yield Push(f"{texts.change} {number}", id=f"change-{number}")
            yield Lines(self._section(task), id=f"section-{number}")
        yield Lines(self._difference, id="difference")
        yield Lines(self._standing, id="standing")
        yield Tick(texts.declare, id="declare")
        with Horizontal(id="password-row", classes="row"):
            scene = self.session.scene
            witnessed = isinstance(scene, SignedIn) and scene.witness is not None
            yield Words(f" {texts.witness_again if witnessed else texts.password_again} ")
            yield Field(id="password", secret=True, classes="grow")
        yield Lines(self._waiting, id="waiting")
        with Horizontal(classes="buttons"):
            yield Push(texts.go_back, id="back")
            yield Push(texts.submit, id="submit")

    def show(self) -> None:
        page = self.page
        self.query_one("#declare", Tick).set_on(on=page.ticked)
        row = self.query_one("#password-row")
        if row.display != page.password_wanted:
            row.display = page.password_wanted
            if page.password_wanted:
                self.set_focus(self.query_one("#password"))

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("digits", KeyWord.CHANGE),
            self.hint("f4", KeyWord.COMPARE, self._show_difference),
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("space", KeyWord.TICK),
            self.hint("enter", KeyWord.SUBMIT, self._submit),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    def handle_unused(self, event: events.Key) -> None:
        """1 to 3 change a section."""
        for number, task in SECTIONS:
            if event.character == number:
                event.stop()
                self.tell(TaskOpened(at=self.now, task=task))
                return
        super().handle_unused(event)

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        name = message.push.id or ""
        if name == "back":
            self.go_back()
        elif name == "submit":
            self._submit()
        else:
            task = dict(SECTIONS)[name.removeprefix("change-")]
            self.tell(TaskOpened(at=self.now, task=task))

    @on(Tick.Toggled)
    def _ticked(self, message: Tick.Toggled) -> None:
        self.tell(Declared(at=self.now, ticked=message.on))
        if message.on:
            self.set_focus(self.query_one("#submit"))

    @on(Field.Entered)
    def _entered(self) -> None:
        self._submit()

    def _submit(self) -> None:
        box = self.query_one("#password", Field)
        wanted = self.page.password_wanted and box.value
        password = Secret.from_text(box.value) if wanted else None
        box.set_value("")
        self.tell(SubmitAsked(at=self.now, password=password))
        if self.is_current and self.page.asked:
            self.query_one("#body").scroll_home(animate=False)

    def _show_difference(self) -> None:
        self.app.push_screen(Sheet(self.texts.difference_title, self._difference_sheet))

    def side(self, width: int) -> Iterable[Line]:
        yield line(self.texts.difference_title, role=Role.TITLE)
        yield BLANK
        yield from self._difference_sheet(width)

    def _difference_sheet(self, width: int) -> Iterable[Line]:
        if self.scene is None:
            return
        record, texts = self.scene.record, self.texts
        compared = (record.current,) if record.current is not None else record.heads
        for version in compared:
            if record.in_conflict:
                yield from paragraph(f"{texts.version_name(version.version)}", width, Role.TITLE)
            change = change_since(self.scene, version)
            if change is None:
                words = texts.withdrawn_word if version.withdrawn else texts.content_elsewhere
                yield from paragraph(words, width)
            else:
                yield from difference_lines(change, self.station.reference, texts, width)
        if not compared:
            yield line(texts.first_version)

    # Drawing.

    def _summary(self, width: int) -> Iterable[Line]:
        page, texts = self.page, self.texts
        if not (page.asked and page.faults):
            yield line(f" {texts.check_intro}", role=Role.TITLE)
            yield BLANK
            return
        yield line(f" {texts.errors_to_fix(len(page.faults))}", role=Role.ERROR)
        for number, fault in enumerate(page.faults, start=1):
            yield from hanging(f"   {number} ", self._sentence(fault), width, Role.ERROR)
        yield self.rule(width)

    def _standing(self, width: int) -> Iterable[Line]:
        yield BLANK
        page = self.page
        if page.asked and page.faults:
            return
        for fault in self._standing_faults(page.faults):
            yield from hanging("  ! ", self._sentence(fault), width, Role.WARNING)
        if self.scene is not None:
            draft = self.scene.draft
            words, doubtful = finding_words(draft.check, draft.answers.service_years, self.texts)
            if doubtful:
                yield from hanging("  ! ", words, width, Role.WARNING)
        if self._standing_faults(page.faults):
            yield BLANK

    def _standing_faults(self, faults: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
        return tuple(each for each in faults if each.code not in TEMPORARY)

    def _sentence(self, fault: Refusal) -> str:
        texts, scene = self.texts, self.scene
        place = texts.place(fault.place)
        name, _, index = fault.place.partition(".")
        if name == "schools" and index and scene is not None:
            school = scene.draft.answers.wishes[int(index)]
            place = f"{place} {school_name(self.station.reference, school)}"
        sentence = (
            texts.gap(fault.place) if fault.code == "not_answered" else texts.refusal(fault.code)
        )
        return f"{place}{texts.colon}{sentence}" if place else sentence

    def _section_title(self, task: Task) -> PaintLines:
        def paint(width: int) -> Iterable[Line]:  # noqa: ARG001
            texts, scene = self.texts, self.scene
            title = Span(f"  {texts.task_step(task)}", Role.TITLE)
            if task is not Task.WISHES or scene is None:
                yield (title,)
                return
            answers, reference = scene.draft.answers, self.station.reference
            counties = texts.wishes_line(
                len(answers.wishes),
                county_name(reference, answers.county_a) or texts.none,
                county_name(reference, answers.county_b) or texts.none,
            )
            yield line(title, f"  {counties}")

        return paint

    def _section(self, task: Task) -> PaintLines:
        def paint(width: int) -> Iterable[Line]:
            if self.scene is None:
                return ()
            if task is Task.BASICS:
                return self._basics(self.scene)
            return (
                self._posts(self.scene) if task is Task.POSTS else self._wishes(self.scene, width)
            )

        return paint

    def _basics(self, scene: SignedIn) -> Iterable[Line]:
        texts, answers = self.texts, scene.draft.answers
        yield line(
            Span(f"    {texts.label_phone1} ", Role.DIM),
            fit(phone_as_sent(answers.phone1) or texts.none, 20),
            Span(f"{texts.place('phone2')} ", Role.DIM),
            phone_as_sent(answers.phone2) or texts.not_given,
        )
        address = address_of(scene)
        state = mail_state(scene.contact, address, self.session.at)
        mark = f"（{texts.mail_mark(state)}）" if answers.email else ""
        yield line(
            Span(f"    {texts.label_email} ", Role.DIM),
            f"{masked_address(address) or texts.none}{mark}",
        )

    def _posts(self, scene: SignedIn) -> Iterable[Line]:
        texts, answers, reference = self.texts, scene.draft.answers, self.station.reference
        applies = {True: texts.applies, False: texts.applies_not, None: texts.not_chosen}
        area = {"general": texts.area_words[0], "restricted": texts.area_words[1]}
        years = answers.service_years
        yield line(
            Span(f"    {texts.label_indigenous} ", Role.DIM),
            f"{applies[answers.indigenous]}   ",
            Span(f"{texts.label_area} ", Role.DIM),
            f"{area.get(answers.area_limit or '', texts.not_chosen)}   ",
            Span(f"{texts.label_years} ", Role.DIM),
            texts.not_chosen if years is None else texts.serves_years(years),
        )
        post = scene.post
        own = subject_name(reference, post.stage, post.subject)
        applied = (
            own,
            *(
                subject_name(reference, post.stage, code) if code else texts.none
                for code in (answers.subject2, answers.subject3)
            ),
        )
        numbered = " ".join(f"{at}.{name}" for at, name in enumerate(applied, start=1))
        yield line(
            Span(f"    {texts.label_current} ", Role.DIM),
            f"{school_name(reference, post.school)} {own}   ",
            Span(f"{texts.label_applied} ", Role.DIM),
            numbered,
        )

    def _wishes(self, scene: SignedIn, width: int) -> Iterable[Line]:
        reference = self.station.reference
        if reference is None:
            return
        found = wishes(reference, scene.post, scene.draft.answers)
        if self.wide:
            cell = (width - 6) // COLUMNS_WIDE
            for start in range(0, len(found), COLUMNS_WIDE):
                row = found[start : start + COLUMNS_WIDE]
                yield line(f"    {''.join(fit(self._wish(each, cell - 1), cell) for each in row)}")
            return
        yield from self._few_wishes(found, width - 5)

    def _few_wishes(self, found: tuple[Wish, ...], room: int) -> Iterable[Line]:
        """As many as two lines hold, and how many there are in all."""
        more = self.texts.and_more(len(found))
        rows: list[str] = [""]
        for at, each in enumerate(found):
            word = self._wish(each, room)
            last = len(rows) == ROWS_NARROW
            rest = cell_len(more) + 1 if last and at + 1 < len(found) else 0
            if cell_len(rows[-1]) + cell_len(word) + 1 + rest > room:
                if last:
                    rows[-1] = f"{rows[-1]}{more}"
                    break
                rows.append("")
            rows[-1] += f"{word} "
        yield from (line(f"    {row}") for row in rows if row)

    def _wish(self, wish: Wish, room: int) -> str:
        marks = "".join(mark_letters(wish.marks, self.texts.mark))
        name = wish.id if wish.school is None else school_label(wish.school)
        note = f"({marks})" if marks else ""
        warn = "" if wish.open else "!"
        return shorten(f"{wish.rank:03} {warn}{name}{note}", room)

    def _difference(self, width: int) -> Iterable[Line]:
        if self.scene is None:
            return
        texts, record = self.texts, self.scene.record
        current = record.current
        change = change_since(self.scene, current)
        if record.in_conflict:
            names = tuple(each.version for each in record.heads)
            yield from paragraph(f"  {texts.settles(names)}", width, Role.WARNING)
        elif record.withdrawn:
            yield from paragraph(f"  {texts.revives}", width, Role.WARNING)
        elif current is None:
            yield line(f"  {texts.first_version}", role=Role.DIM)
        elif change is None:
            yield from paragraph(f"  {texts.content_elsewhere}", width, Role.DIM)
        else:
            counts = texts.different(len(change.added), len(change.moved), len(change.removed))
            words = texts.difference_to(current.version, current.submitted)
            key = "" if self.wide else f"  {texts.difference_key}"
            yield line(Span(f"  {words}", Role.DIM), counts, Span(key, Role.DIM))

    def _waiting(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        page, scene = self.page, self.scene
        if scene is not None and scene.waiting is not None:
            yield line(f" {self.texts.working}", role=Role.DIM)
        elif page.password_wrong:
            yield line(f" x {self.texts.fault('password_wrong')}", role=Role.ERROR)
        else:
            yield BLANK
