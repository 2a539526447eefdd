"""O02 and O03 in one.

What was sent, points, wishes, and the decision with the officer's signature.
"""

from collections.abc import Iterable
from types import MappingProxyType

from textual import events, on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from core.domain.name import masked_name
from core.domain.refusal import Refusal
from kiosk.screens.case_lines import claim_lines, wish_lines
from kiosk.screens.case_points import FIGURE, PointsTab
from kiosk.screens.printing import Printing
from kiosk.session.bureau import POINT_FIELDS, RETURN_REASONS, Verdict
from kiosk.session.decision import decision_faults
from kiosk.session.event import (
    DecisionSigned,
    PledgeTicked,
    ReasonToggled,
    RemarkTyped,
    VerdictChosen,
)
from kiosk.session.form import differs
from kiosk.session.person import Secret
from kiosk.session.progress import StageName
from kiosk.text.fields import bureau, entry
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Choice, Option, Push, Tick
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, KeyBar, Lines, Upright, Words
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph

TABS = ("claim", "points", "wishes", "decision")
VERDICTS: tuple[Verdict, ...] = ("approved", "returned", "ineligible")


class CaseScreen(PointsTab, Printing):
    """One case on four tabs.

    Which tab is in front is the screen's own, everything else the session's.
    """

    HELP = "case"
    FIELDS = MappingProxyType(
        {
            "points": bureau.POINTS,
            "why": bureau.BECAUSE,
            "said": bureau.BECAUSE,
            "verdict": bureau.VERDICT,
            "reason": bureau.REASONS,
            "remark": bureau.REMARK,
            "originals": bureau.ORIGINALS,
            "clean": bureau.CLEAN,
            "password": entry.OFFICER_PASSWORD,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self._tab = "claim"
        self._faults_shown: tuple[Refusal, ...] = ()

    def middle(self) -> Iterable[Widget]:
        with Horizontal(id="middle"):
            with Vertical(id="middle-column"):
                yield from self._tabs()
            yield Upright(id="divider")
            yield Lines(self._side, id="side")

    def _tabs(self) -> Iterable[Widget]:
        texts = self.texts
        with Vertical(id="list-column"):
            with Horizontal(classes="row"):
                for number, name in enumerate(TABS, start=1):
                    label = f"{number} {texts.case_tab(name)}"
                    yield Push(label, id=f"tab-{name}", tight=True, classes="gap")
            yield Lines(self._heading, id="heading")
            yield Lines(self._faults, id="faults")
            with VerticalScroll(id="pane-claim", classes="pane", can_focus=False):
                yield Lines(self._claim, id="claim-lines")
            with VerticalScroll(id="pane-points", classes="pane", can_focus=False):
                yield from self.points_form()
            with VerticalScroll(id="pane-wishes", classes="pane", can_focus=False):
                yield Lines(self._wishes, id="wish-lines")
            with VerticalScroll(id="pane-decision", classes="pane", can_focus=False):
                yield from self._decision_form()

    def side(self, width: int) -> Iterable[Line]:
        """What the teacher will read."""
        page, texts = self.page, self.texts
        yield line(texts.case_preview, role=Role.TITLE)
        yield BLANK
        if page is None or page.form.verdict is None:
            yield from paragraph(texts.case_no_verdict, width, Role.DIM)
            return
        form = page.form
        yield line(
            Span(f"{texts.step_name(StageName.REVIEW)}  ", Role.DIM),
            texts.verdict(page.form.verdict),
        )
        for reason in RETURN_REASONS:
            if reason in form.reasons:
                yield from hanging("- ", texts.reason(reason), width)
        if form.remark:
            yield from paragraph(form.remark, width)
        yield BLANK
        for place, text in zip(POINT_FIELDS, form.points, strict=True):
            yield line(Span(fit(texts.point_field(place), FIGURE), Role.DIM), text)
        yield from self.preview_reasons(page, width)
        yield BLANK
        yield from self.total_lines()

    def _decision_form(self) -> Iterable[Widget]:
        texts = self.texts
        words = (texts.verdict_approve, texts.verdict_return, texts.verdict_ineligible)
        options = tuple(
            Option(key=key, label=word) for key, word in zip(VERDICTS, words, strict=True)
        )
        yield Choice(options, id="verdict")
        yield Words(f" {texts.case_reasons}", Role.DIM)
        for start in range(0, len(RETURN_REASONS), 2):
            with Horizontal(classes="row"):
                for reason in RETURN_REASONS[start : start + 2]:
                    yield Tick(texts.reason(reason), id=f"reason-{reason}", classes="half")
        with Horizontal(classes="row"):
            yield Words(f" {texts.case_remark} ", Role.DIM)
            yield Field(id="remark", most=500, classes="grow", changed=self._remarked)
        yield Lines(lambda width: paragraph(f" {texts.pledge}", width), id="pledge")
        with Horizontal(classes="row"):
            yield Tick(texts.pledge_originals, id="originals", classes="half")
            yield Tick(texts.pledge_clean, id="clean", classes="half")
        if self.page is not None and differs(self.page.case.claim):
            with Horizontal(classes="row"):
                yield Tick(texts.pledge_name, id="name", classes="half")
                yield Words(f" {self.page.case.claim.teacher_name}", classes="half")
        with Horizontal(classes="row"):
            label = f" {texts.sign_password} "
            yield Words(label, Role.DIM)
            yield Field(id="password", secret=True, classes="grow")
            yield Push(texts.sign, id="sign")

    def on_mount(self) -> None:
        super().on_mount()
        self._show_tab(self._tab)

    def show(self) -> None:
        page = self.page
        if page is None:
            return
        form = page.form
        self.show_points(page)
        self.query_one("#verdict", Choice).set_chosen(form.verdict)
        for reason in RETURN_REASONS:
            self.query_one(f"#reason-{reason}", Tick).set_on(on=reason in form.reasons)
        self.query_one("#remark", Field).set_value(form.remark)
        self.query_one("#originals", Tick).set_on(on=form.originals)
        self.query_one("#clean", Tick).set_on(on=form.clean)
        for tick in self.query("#name").results(Tick):
            tick.set_on(on=form.name)
        if page.faults != self._faults_shown:
            self._faults_shown = page.faults
            if page.faults:
                self._tab = "points" if page.faults[0].place in POINT_FIELDS else "decision"
                self._show_tab(self._tab)

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("digits", KeyWord.TABS),
            self.hint("f6", KeyWord.TABS, self._next_tab, shown=False),
            self.hint("tab", KeyWord.NEXT_FIELD, shown=not self.forms()),
            self.hint("space", KeyWord.PICK),
            self.hint("enter", KeyWord.SIGN, self._ask_signature, shown=self._tab == "decision"),
            *((self.hint("f7", KeyWord.PRINT, self.choose_form),) if self.forms() else ()),
            *self.bureau_hints(),
            self.hint("escape", KeyWord.BACK, self.go_back),
        )

    def handle_unused(self, event: events.Key) -> None:
        """1 to 4 turn to a tab; page keys scroll the one in front."""
        if event.character is not None and event.character in "1234":
            event.stop()
            self._show_tab(TABS[int(event.character) - 1])
        elif event.key in {"pagedown", "pageup"}:
            pane = self.query_one(f"#pane-{self._tab}", VerticalScroll)
            (pane.scroll_page_down if event.key == "pagedown" else pane.scroll_page_up)(
                animate=False
            )

    def _next_tab(self) -> None:
        self._show_tab(TABS[(TABS.index(self._tab) + 1) % len(TABS)])

    def _show_tab(self, tab: str) -> None:
        self._tab = tab
        for name in TABS:
            self.query_one(f"#pane-{name}").display = name == tab
            self.query_one(f"#tab-{name}", Push).set_on(on=name == tab)
        self.query_one("#keys", KeyBar).repaint()
        first = {"points": f"points-{POINT_FIELDS[0]}", "decision": "verdict"}.get(
            tab, f"tab-{tab}"
        )
        self.set_focus(self.query_one(f"#{first}"))

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        name = message.push.id or ""
        if name == "sign":
            self._sign()
        elif name.startswith("why-"):
            self.choose_reason(name.removeprefix("why-"))
        else:
            self._show_tab(name.removeprefix("tab-"))

    def _remarked(self, text: str) -> None:
        self.tell(RemarkTyped(at=self.now, text=text))

    @on(Field.Entered)
    def _entered(self, message: Field.Entered) -> None:
        if message.field.id == "password":
            self._sign()
        else:
            self.focus_next()

    @on(Choice.Chosen)
    def _verdict_chosen(self, message: Choice.Chosen) -> None:
        verdict = next(each for each in VERDICTS if each == message.key)
        self.tell(VerdictChosen(at=self.now, verdict=verdict))

    @on(Tick.Toggled)
    def _ticked(self, message: Tick.Toggled) -> None:
        match message.tick.id:
            case "originals":
                self.tell(PledgeTicked(at=self.now, place="originals", ticked=message.on))
            case "clean":
                self.tell(PledgeTicked(at=self.now, place="clean", ticked=message.on))
            case "name":
                self.tell(PledgeTicked(at=self.now, place="name", ticked=message.on))
            case name:
                self.tell(ReasonToggled(at=self.now, reason=(name or "").removeprefix("reason-")))

    def _ask_signature(self) -> None:
        """Enter beside a tick: what is missing is named; else the password is asked for."""
        page, scene, box = self.page, self.scene, self.query_one("#password", Field)
        if page is None or scene is None:
            return
        if not box.value and not decision_faults(self.session, scene, page):
            self.set_focus(box)
        else:
            self._sign()

    def _sign(self) -> None:
        box = self.query_one("#password", Field)
        password = Secret.from_text(box.value)
        box.set_value("")
        self.tell(DecisionSigned(at=self.now, password=password))

    # Drawing.

    def _heading(self, width: int) -> Iterable[Line]:
        page, texts = self.page, self.texts
        if page is None:
            return
        row = page.case.row
        name = texts.case_name(
            row.number, masked_name(row.name), texts.stage(row.stage), row.version
        )
        yield line(f" {name}", role=Role.TITLE)
        yield self.rule(width)

    def _faults(self, width: int) -> Iterable[Line]:
        page, texts = self.page, self.texts
        if page is None:
            return
        for fault in page.faults:
            place = texts.point_field(fault.place) if fault.place in POINT_FIELDS else ""
            words = texts.refusal(fault.code)
            yield from hanging(
                " x ", f"{place}{texts.colon if place else ''}{words}", width, Role.ERROR
            )
        if page.password_wrong:
            yield line(f" x {texts.fault('password_wrong')}", role=Role.ERROR)

    def _claim(self, width: int) -> Iterable[Line]:
        if self.page is not None:
            yield from claim_lines(self.page.case, self.station, self.session.at, self.texts, width)

    def _wishes(self, width: int) -> Iterable[Line]:
        if self.page is not None:
            yield from wish_lines(self.page.case, self.station, self.texts, width)
