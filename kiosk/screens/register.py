"""教師資料登錄.

The teacher's card fills four fields, the officer chooses the rest (F-626 … F-633).
"""

from collections.abc import Iterable
from types import MappingProxyType

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from core.domain.school import Stage
from core.domain.subject import find_subject, subjects_of
from kiosk.screens.queue import BureauFrame
from kiosk.session.bureau import TITLES, RegisterPage, Registration
from kiosk.session.correction import NameStanding
from kiosk.session.event import NameOpened, RegisterAnswered, RegisterConfirmed
from kiosk.session.naming import school_name
from kiosk.text.fields import bureau
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Choice, Option, Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Words
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph
from kiosk.widgets.rows import Row, Rows

LABEL = 18


class RegisterScreen(BureauFrame):
    """Waiting for the teacher's card, then the form.

    The application makes a new one when the card comes.
    """

    HELP = "register"
    FIELDS = MappingProxyType(
        {
            "name": bureau.NAME,
            "title": bureau.TITLE,
            "stage": bureau.STAGE,
            "school": bureau.SCHOOL,
            "subject": bureau.SUBJECT,
        }
    )

    @property
    def page(self) -> RegisterPage:
        """Form, faults, what was done."""
        page = None if self.scene is None else self.scene.page
        return page if isinstance(page, RegisterPage) else RegisterPage()

    def body(self) -> Iterable[Widget]:
        texts, form = self.texts, self.page.form
        yield Lines(self._heading, id="heading")
        if form is None:
            return
        if self._name_is_open(form):
            with Horizontal(classes="row"):
                yield self._label(texts.label_name)
                yield Field(form.name, id="name", classes="w28", most=40, changed=self._named)
        choices = (
            ("title", texts.label_title, tuple((each, texts.title(each)) for each in TITLES)),
            ("stage", texts.label_stage, tuple((each, texts.stage(each)) for each in Stage)),
            (
                "school",
                texts.label_school_short,
                tuple(
                    (each, school_name(self.station.reference, each))
                    for each in self.station.schools
                ),
            ),
        )
        for place, label, options in choices:
            with Horizontal(classes="row"):
                yield self._label(label)
                yield Choice(
                    tuple(Option(key=key, label=word) for key, word in options),
                    id=place,
                    across=True,
                    gap=1,
                )
        with Horizontal(id="subject-box"):
            yield self._label(texts.place("subject"))
            with Vertical():
                yield Lines(self._subject_chosen, id="subject-chosen")
                yield Rows(
                    self._subject_row,
                    id="subject",
                    name_row=lambda row: self._subject_name(row.key),
                )
        yield Lines(self._faults, id="faults")
        with Horizontal(classes="buttons"):
            yield Push(texts.cancel, id="cancel")
            yield Push(texts.register_save, id="enter")

    def _name_is_open(self, form: Registration) -> bool:
        """The officer may type a name the card cannot show, or the register has otherwise."""
        person = form.person
        return person.name_damaged or person.name != person.card_name

    def _label(self, label: str) -> Words:
        return Words(f"   {fit(label, LABEL - 3)}", Role.DIM, classes="label19")

    def on_mount(self) -> None:
        super().on_mount()
        for widget in self.query("#name, #title"):
            self.set_focus(widget)
            break

    def show(self) -> None:
        form = self.page.form
        if form is None or not self.query("#title"):
            return
        self.query_one("#title", Choice).set_chosen(form.title)
        self.query_one("#stage", Choice).set_chosen(form.stage)
        self.query_one("#school", Choice).set_chosen(form.school)
        for field in self.query("#name").results(Field):
            field.set_value(form.name)
        reference = self.station.reference
        if reference is not None and form.stage is not None:
            rows = tuple(Row(each.code) for each in subjects_of(form.stage, reference.subjects))
            pane = self.query_one("#subject", Rows)
            if tuple(pane.rows) != rows:
                pane.set_rows(rows)
                if form.subject is not None:
                    pane.select(form.subject)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("space", KeyWord.PICK),
            self.hint("tab", KeyWord.NEXT_FIELD, shown=not self._name_hint()),
            self.hint("enter", KeyWord.CONFIRM),
            *self._name_hint(),
            *self.bureau_hints(),
            self.hint("escape", KeyWord.BACK, self.go_back),
        )

    def _name_hint(self) -> tuple[Hint, ...]:
        form = self.page.form
        damaged = form is not None and form.person.name_damaged
        return (self.hint("f8", KeyWord.NAME, self._correct_name),) if damaged else ()

    def _correct_name(self) -> None:
        self.tell(NameOpened(at=self.now))

    @on(Choice.Chosen)
    def _chosen(self, message: Choice.Chosen) -> None:
        match message.choice.id:
            case "title":
                self.tell(RegisterAnswered(at=self.now, place="title", value=message.key))
            case "stage":
                self.tell(RegisterAnswered(at=self.now, place="stage", value=message.key))
            case _:
                self.tell(RegisterAnswered(at=self.now, place="school", value=message.key))

    @on(Rows.Acted)
    def _subject_acted(self, message: Rows.Acted) -> None:
        self.tell(RegisterAnswered(at=self.now, place="subject", value=message.key))
        if message.how == "enter":
            self.set_focus(self.query_one("#enter"))

    def _named(self, text: str) -> None:
        self.tell(RegisterAnswered(at=self.now, place="name", value=text))

    @on(Field.Entered)
    def _entered(self) -> None:
        self.focus_next()

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "cancel":
            self.go_back()
        else:
            self.tell(RegisterConfirmed(at=self.now))

    # Drawing.

    def _heading(self, width: int) -> Iterable[Line]:
        page, texts = self.page, self.texts
        yield line(f" {texts.register_title}", role=Role.TITLE)
        if page.form is not None:
            yield from self._person(page.form, width)
            return
        yield BLANK
        if page.done is not None:
            yield from hanging(" v ", texts.registered(page.done), width, Role.GOOD)
            yield BLANK
        yield from paragraph(f"   {texts.register_card_now}", width, Role.WARNING)
        yield BLANK
        yield from paragraph(f"   {texts.register_card_why}", width)
        yield from paragraph(f"   {texts.register_trainee}", width)
        if page.trouble is not None:
            yield BLANK
            yield from hanging(" x ", texts.fault(page.trouble), width, Role.ERROR)

    def _person(self, form: Registration, width: int) -> Iterable[Line]:
        texts, person = self.texts, form.person
        if form.known:
            yield line(f"   {texts.register_known}", role=Role.WARNING)
        else:
            yield BLANK
        sex = texts.sexes[0 if person.sex == "M" else 1]
        birth = texts.full_birth(form.birth.year, form.birth.month, form.birth.day)
        rows = (
            (texts.label_name, form.name),
            (texts.label_number, f"{person.national_id.masked}  {sex}"),
            (texts.label_birth, birth),
        )
        for label, value in rows:
            yield line(Span(f"   {fit(label, LABEL - 2)}", Role.DIM), value)
        if person.name_damaged:
            yield from paragraph(f"   {texts.register_fix_name}", width, Role.WARNING)
        elif person.name != person.card_name:
            shown = f"{texts.label_card_name}{texts.colon}{person.card_name}"
            words = f"{shown} {texts.name_standing(NameStanding.DIFFERENT.value)}"
            yield from paragraph(f"   {words}", width, Role.WARNING)

    def _subject_chosen(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        form = self.page.form
        if form is None or form.stage is None or form.subject is None:
            yield line(self.texts.not_chosen, role=Role.DIM)
            return
        yield line(self._subject_name(form.subject), role=Role.TITLE)

    def _subject_name(self, code: str) -> str:
        form, reference = self.page.form, self.station.reference
        if form is None or form.stage is None or reference is None:
            return code
        found = find_subject(form.stage, code, reference.subjects)
        return code if found is None else found.name

    def _subject_row(self, row: Row, width: int) -> Line:  # noqa: ARG002
        form = self.page.form
        chosen = form is not None and form.subject == row.key
        return line(f" {'(o)' if chosen else '( )'} {self._subject_name(row.key)}")

    def _faults(self, width: int) -> Iterable[Line]:
        texts = self.texts
        for fault in self.page.faults:
            words = f"{texts.place(fault.place)}{texts.colon}{texts.refusal(fault.code)}"
            yield from hanging(" x ", words, width, Role.ERROR)
