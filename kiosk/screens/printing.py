"""Which form is printed, on every screen that shows what was sent."""

from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Chooser
from kiosk.session.bureau import CasePage
from kiosk.session.event import FormChosen
from kiosk.session.paper import Form
from kiosk.session.printing import case_forms, printable
from kiosk.session.state import OfficerSignedIn, SignedIn
from kiosk.widgets.menu import Item

WIDTH = 44


class Printing(Frame):
    """A screen with F6 列印."""

    def forms(self) -> tuple[Form, ...]:
        """The forms there is something to print on."""
        match self.session.scene:
            case SignedIn(record=record):
                return printable(record, self.session.station)
            case OfficerSignedIn(page=CasePage(case=case)):
                return case_forms(case, self.session.station)
            case _:
                return ()

    def choose_form(self) -> None:
        """Which of them; nothing happens where there is none."""
        forms = self.forms()
        if not forms:
            return
        items = tuple(Item(key=form.value, label=self.texts.form(form)) for form in forms)
        self.app.push_screen(Chooser(self.texts.print_title, items, width=WIDTH), self._print)

    def _print(self, answer: str | None) -> None:
        if answer:
            self.tell(FormChosen(at=self.now, form=Form(answer)))
